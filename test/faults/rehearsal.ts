/**
 * A fault, rehearsed: a publisher on loopback, the real jobs on a database of the test's own, the graph over HTTP.
 * What a fault has to prove is written here once. Of a refused one: what is refused, that nothing was written and the
 * figures asked before are answered after, that the operator is told in one line what happened and what to do, and that
 * the next good edition is loaded.
 */
import { expect } from 'vitest';
import type { DataSet } from '../../jobs/declaration.js';
import type { RunResult } from '../../jobs/run.js';
import type { OwnDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from '../loading/loading.js';
import { ESTABLISHMENTS, PLANS, REFERENCE, SmallMirror } from '../loading/small-mirror.js';
import { MirrorServer, type Replacement } from '../mirror-server.js';

export type Kind = 'list' | 'register' | 'statistics';

/** One file of each kind: how an edition is told apart in it, and the question whose answer shows the edition. */
const FILES = {
  list: {
    id: 'local-authority-codes',
    question: '{ localAuthority(code: "805") { name } }',
    edit: (lines: string[], edition: number) =>
      lines.map((line) => line.replace(/,Hartlepool[^,]*,/, `,Hartlepool ${edition},`)),
    edition: (data: { localAuthority: { name: string } }) => Number(data.localAuthority.name.slice(11)),
  },
  register: {
    id: 'gias-establishments',
    question: '{ school(urn: 900001) { name capacity } schools { totalCount } }',
    edit: (lines: string[], edition: number) => withCell(lines, 'SchoolCapacity', String(edition)),
    edition: (data: { school: { capacity: number } }) => data.school.capacity,
  },
  statistics: {
    id: 'ehc-plans-timeliness',
    question: `{
      england { indicator(id: "ehc-plans-within-20-weeks-rate") { series { period { label } value denominator } } }
      localAuthority(code: "891") { indicator(id: "ehc-plans-within-20-weeks-rate") { series { period { label } value } } }
    }`,
    edit: (lines: string[], edition: number) => withCell(lines, 'plans_issued_den', String(edition)),
    edition: (data: { england: { indicator: { series: { denominator: number }[] } } }) =>
      data.england.indicator.series[0]!.denominator,
  },
} as const;

/** The first row's cell in a column. */
function withCell(lines: string[], column: string, value: string): string[] {
  const at = lines[0]!.replaceAll('"', '').split(',').indexOf(column);
  return lines.with(1, lines[1]!.split(',').with(at, value).join(','));
}

export interface Refused {
  outcome: 'REFUSED' | 'UNAVAILABLE' | 'FAILED';
  /** What happened, as the operator reads it. */
  says: RegExp;
  /** What there is to do, as the operator reads it. */
  toDo: RegExp;
}

/** The one line of what happened and what to do. */
export function expectOneLineWithToDo(message: string, { says, toDo }: Pick<Refused, 'says' | 'toDo'>): void {
  expect(message).not.toMatch(/[\n\r]/);
  expect(message.length).toBeLessThan(1_000);
  const [what, action, ...more] = message.split('. To do: ');
  expect(more).toEqual([]);
  expect(what).toMatch(says);
  expect(action, `there is something to do in: ${message}`).toMatch(toDo);
}

export class Rehearsal {
  private edition = 100;
  /** Settings of the loads, where they are not those of the rehearsal. */
  environment: NodeJS.ProcessEnv = {};

  private constructor(
    readonly mirror: SmallMirror,
    readonly server: MirrorServer,
    readonly loading: Loading,
    readonly graph: RunningGraph,
    private readonly urls: Record<Kind, string>,
  ) {}

  /** Loads what is named and what its answers need, so that there is something to lose. */
  static async open(kinds: readonly Kind[], onServer?: OwnDatabase): Promise<Rehearsal> {
    const mirror = await SmallMirror.make();
    const server = await MirrorServer.start(mirror.folder);
    const loading = await Loading.open('empty', { SOURCE_MIRROR: server.address }, onServer);
    const graph = await startGraph(loading.database.url);
    const rehearsal = new Rehearsal(mirror, server, loading, graph, {
      list: `${REFERENCE}/las.csv`,
      register: ESTABLISHMENTS,
      statistics: (await mirror.release(PLANS)).fileUrl(/20 weeks/),
    });
    const ids = new Set(['local-authority-codes', ...kinds.map((kind) => FILES[kind].id)]);
    const results = await loading.load([...ids]);
    expect(results.filter(({ outcome }) => outcome !== 'LOADED')).toEqual([]);
    for (const kind of kinds) await rehearsal.heals(kind);
    return rehearsal;
  }

  idOf(kind: Kind): string {
    return FILES[kind].id;
  }

  urlOf(kind: Kind): string {
    return this.urls[kind];
  }

  /** The lines of the file as it stands at the publisher; the header is the first. */
  async linesOf(kind: Kind): Promise<string[]> {
    return (await this.mirror.text(this.urls[kind])).trimEnd().split(/\r?\n/);
  }

  /** Bytes of a file of this kind, in its publisher's encoding. */
  bytesOf(kind: Kind, text: string): Buffer {
    return Buffer.from(text, kind === 'register' ? 'latin1' : 'utf8');
  }

  whole(kind: Kind, lines: string[]): Buffer {
    return this.bytesOf(kind, `${lines.join('\r\n')}\r\n`);
  }

  /** The next good edition, as bytes. */
  async nextEdition(kind: Kind): Promise<Buffer> {
    this.edition += 1;
    return this.whole(kind, FILES[kind].edit(await this.linesOf(kind), this.edition));
  }

  /** What the graph answers now. */
  async answer(kind: Kind): Promise<unknown> {
    const { data, errors } = await this.graph.ask(FILES[kind].question);
    expect(errors).toBeUndefined();
    return data;
  }

  /** The edition that the graph answers from. */
  async standing(kind: Kind): Promise<number> {
    // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the question's
    return FILES[kind].edition((await this.answer(kind)) as any);
  }

  /** A fault that refuses a load, from what is served to the healing. */
  async refuses(
    kind: Kind,
    fault: Refused,
    { answers = [], dataSet }: { answers?: Replacement[]; dataSet?: DataSet } = {},
  ): Promise<string> {
    if (answers.length > 0) this.server.replace(this.urls[kind], ...answers);
    const message = await this.changesNothing(kind, fault, () =>
      this.loading.loads(this.environment).load([dataSet ?? this.loading.dataSet(FILES[kind].id)]),
    );
    await this.heals(kind);
    return message;
  }

  /** A load that must come to nothing; returns what the operator reads. */
  async changesNothing(
    kind: Kind,
    fault: Refused,
    load: () => Promise<RunResult[]>,
    { recorded = true } = {},
  ): Promise<string> {
    const before = { tables: await this.loading.standing(), answer: await this.answer(kind) };
    const [result] = await load();
    const { outcome, message } = result!;
    expect({ outcome, message }).toEqual({ outcome: fault.outcome, message: expect.any(String) });
    expectOneLineWithToDo(message, fault);
    expect(this.loading.said.at(-1)).toContain(message);
    if (recorded) {
      expect(await this.loading.lastRun(FILES[kind].id)).toMatchObject({
        outcome,
        message,
        release_id: null,
      });
    }
    expect(await this.loading.standing()).toEqual(before.tables);
    expect(await this.answer(kind)).toEqual(before.answer);
    return message;
  }

  /** A later good run: the publisher's next edition is loaded, and the graph answers from it. */
  async heals(kind: Kind): Promise<void> {
    this.server.restore();
    this.loading.patience = {};
    await this.publish(kind);
    await this.isLoaded(kind);
  }

  /** The publisher has a next good edition; nobody has looked yet. */
  async publish(kind: Kind): Promise<number> {
    const bytes = await this.nextEdition(kind);
    await this.mirror.write(this.urls[kind], bytes.toString(kind === 'register' ? 'latin1' : 'utf8'));
    return this.edition;
  }

  /** Something odd that a load gets through: the next edition is served in this way, and is loaded. */
  async getsThrough(kind: Kind, answers: (edition: Buffer) => Replacement[]): Promise<void> {
    this.server.replace(this.urls[kind], ...answers(await this.nextEdition(kind)));
    await this.isLoaded(kind);
  }

  private async isLoaded(kind: Kind): Promise<void> {
    const { outcome, message } = await this.loading.loadOne(FILES[kind].id, this.environment);
    expect({ outcome, message }).toEqual({ outcome: 'LOADED', message: expect.any(String) });
    expect(await this.standing(kind)).toBe(this.edition);
  }

  async close(): Promise<void> {
    await this.graph.close();
    await this.loading.close();
    await this.server.close();
    await this.mirror.remove();
  }
}
