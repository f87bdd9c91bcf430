/** `npm start` from an empty folder to Ctrl-C, and again: at once an answer, at the end nothing left. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ALL_LOADED, ALL_UNCHANGED } from '../data-sets.js';
import { beginWith, publishedFiles } from './prepared.js';
import { GIAS_DATE, Publisher } from './publisher.js';
import {
  endEverything,
  freePort,
  leavesNothing,
  processesOf,
  type RunningCommand,
  runCommand,
  startCommand,
  temporaryFolder,
  until,
} from './running-command.js';

let folder: string;
let publisher: Publisher;

beforeEach(async () => {
  folder = await temporaryFolder();
  publisher = await Publisher.of(await publishedFiles());
});

afterEach(async () => {
  publisher.close();
  await endEverything();
});

/** A start that is making its database; where it was made before it could be seen, another in another folder. */
async function startMaking(): Promise<RunningCommand> {
  for (;;) {
    const start = await startCommand(['start'], folder, publisher.settings);
    const isMaking = () => processesOf(folder).some((line) => line.includes('initdb'));
    const isMade = () => existsSync(join(folder, 'data/postgres/cluster'));
    const seen = await until('initdb', () => (isMaking() ? 'making' : isMade() && 'made'));
    if (seen === 'making') return start;
    folder = await temporaryFolder();
  }
}

/** Figures of several data sets: what must be the same after every start. */
const FIGURES = `{
  schools(first: 100) { totalCount nodes { urn name } }
  trusts { totalCount nodes { uid name schools(first: 3) { nodes { urn localAuthority { name } } } } }
  england { indicators(ids: ["suspensions", "ehc-plans", "headcount"]) { indicator { id } series { period { code } value } } }
  dataStatus { synthetic dataSets { id release { id sha256 } } } }`;

describe('start', () => {
  it('answers before loading has ended, loads everything, and Ctrl-C leaves nothing behind', async () => {
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, publisher.settings);
    await start.ready();
    await publisher.isAsked();
    expect((await start.ask('{ schools { totalCount } }')).data).toEqual({ schools: { totalCount: 0 } });
    expect((await start.ask('{ regions { name } }')).data.regions).toHaveLength(9);

    publisher.letGo();
    await start.says(ALL_LOADED);
    const { data, errors, headers } = await start.ask(FIGURES);
    expect(errors).toBeUndefined();
    expect(headers.get('X-SchoolGraph-Data')).toBeNull();
    expect(data.dataStatus.synthetic).toBe(false);
    expect(data.schools.totalCount).toBeGreaterThan(60);
    expect(
      data.trusts.nodes.some(({ schools }: { schools: { nodes: unknown[] } }) => schools.nodes.length > 0),
    ).toBe(true);
    for (const { series } of data.england.indicators) expect(series.length).toBeGreaterThan(0);
    expect(start.output).toContain(`API: http://localhost:${new URL(start.address).port}/graphql`);

    expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);
  });

  it('ends cleanly on SIGINT, SIGTERM and SIGHUP to itself alone, and each next start finds everything again', async () => {
    await beginWith('everything', folder);
    const first = await startCommand(['start'], folder, publisher.settings);
    await first.says(ALL_UNCHANGED);
    const figures = (await first.ask(FIGURES)).data;
    expect(figures.schools.totalCount).toBeGreaterThan(60);
    expect(processesOf(folder).length).toBeGreaterThan(2);
    expect(await first.end('SIGINT')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, first);

    publisher.hold(/./);
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
      const again = await startCommand(['start'], folder, publisher.settings);
      expect((await again.ask(FIGURES)).data).toEqual(figures);
      expect(await again.end(signal)).toEqual({ code: 0, signal: null });
      await leavesNothing(folder, again);
      expect(again.output, 'nothing was due').not.toMatch(/: loaded|UNAVAILABLE|FAILED/);
    }
  });

  it('ends cleanly while a file is being fetched', async () => {
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, publisher.settings);
    await publisher.isAsked();
    expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);
  });

  it('ends cleanly while its database is being made', async () => {
    const start = await startMaking();
    expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);
    const again = await startCommand(['start'], folder, publisher.settings);
    await again.says(/Data sets: .* 0 not to be had now/);
  });

  it('refuses a port that is taken, says what to do, and starts nothing', async () => {
    const port = await freePort();
    const other = createServer();
    await new Promise<void>((listening) => other.listen(port, () => listening()));
    try {
      for (const name of ['start', 'serve', 'sample']) {
        const { code, output } = await runCommand([name], folder, { ...publisher.settings, PORT: `${port}` });
        expect(code).toBe(1);
        expect(output).toContain(`Port ${port} is taken by another program`);
        expect(output).toContain(`PORT=${port + 1}`);
        await leavesNothing(folder);
      }
    } finally {
      other.close();
    }
  });

  it('refuses a folder that another start uses, which goes on', async () => {
    const first = await startCommand(['start'], folder, publisher.settings);
    await first.ready();
    const second = await runCommand(['start'], folder, publisher.settings);
    expect(second.code).toBe(1);
    expect(second.output).toContain(join(folder, 'data', 'postgres'));
    expect(second.output).toContain(`in use by the running process ${first.pid}`);
    expect(second.output).not.toMatch(/^\s+at .*\d+:\d+/m);
    expect(await first.status('/readyz')).toBe(200);
  });

  it('takes the newest register of the week before the day that it is given', async () => {
    const later = { ...publisher.settings, GIAS_DATE: '2026-09-04' };
    const start = await startCommand(['start'], folder, later);
    await start.says(`gias-establishments: loaded (Extract of ${GIAS_DATE}`);
  });
});
