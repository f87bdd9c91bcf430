/** Which trusts ran a school and when: from the extracts in whatever order they came, with what is inferred marked so. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from '../loading/loading.js';
import { ESTABLISHMENTS, GROUP_LINKS, GROUPS, SmallMirror } from '../loading/small-mirror.js';

const DAYS = ['2026-06-01', '2026-07-01', '2026-08-01'] as const;
const [MOVED, REGISTERED_ANEW, LEFT, CAME_BACK] = [900_159, 900_160, 900_161, 900_163];

const HISTORY = '{ uid from fromIsInferred to toIsInferred toBasis trust { name } }';

/** uid, from, to and what the end is inferred from; "~" before a beginning that is inferred. */
// biome-ignore lint/suspicious/noExplicitAny: the answer of a question
const short = (history: any[]) =>
  history.map(({ uid, from, fromIsInferred, to, toBasis }) =>
    [uid, `${fromIsInferred ? '~' : ''}${from}`, to, toBasis].join(' '),
  );

describe.each([
  ['the first first', [0, 1, 2]],
  ['the last first', [2, 1, 0]],
  ['the middle last', [0, 2, 1]],
] as const)('three extracts of group links, %s', (_order, order) => {
  let mirror: SmallMirror;
  let loading: Loading;
  let graph: RunningGraph;

  beforeAll(async () => {
    mirror = await SmallMirror.make();
    const [header, ...lines] = (await mirror.text(GROUP_LINKS)).trimEnd().split('\r\n');
    /** The lines with the trust of some schools changed: to another and its day of joining, or to none. */
    const extract = (trusts: Record<number, [uid: string, joined: string] | null>) => [
      header,
      ...lines.flatMap((line) => {
        const cells = line.split(',');
        const urn = Number(cells[0]);
        if (!(urn in trusts) || cells[4] === '"School sponsor"') return [line];
        const trust = trusts[urn];
        return trust ? [cells.with(1, trust[0]).with(12, `"${trust[1]}"`).join(',')] : [];
      }),
    ];
    const extracts = [
      extract({}),
      extract({
        [MOVED]: ['90001', '15-06-2026'],
        [REGISTERED_ANEW]: ['90002', '01-02-2012'],
        [LEFT]: null,
        [CAME_BACK]: null,
      }),
      extract({
        [MOVED]: ['90001', '15-06-2026'],
        [REGISTERED_ANEW]: ['90002', '01-02-2012'],
        [LEFT]: null,
        [CAME_BACK]: ['90006', '20-07-2026'],
      }),
    ];
    for (const [at, day] of DAYS.entries()) {
      const url = GROUP_LINKS.replace('20260901', day.replaceAll('-', ''));
      await mirror.write(url, `${extracts[at]!.join('\r\n')}\r\n`);
    }
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    // Schools and trusts are known from before the first of them.
    for (const url of [ESTABLISHMENTS, GROUPS]) {
      await mirror.write(url.replace('20260901', '20260501'), await mirror.text(url));
    }
    await loading.load(['gias-establishments', 'gias-groups'], { GIAS_DATE: '2026-05-01' });
    for (const at of order) {
      const { outcome, message } = await loading.loadOne('gias-group-links', { GIAS_DATE: DAYS[at] });
      expect({ outcome, message }).toMatchObject({ outcome: 'LOADED' });
    }
    graph = await startGraph(loading.database.url);
  });
  afterAll(async () => {
    await graph.close();
    await loading.close();
    await mirror.remove();
  });

  it('a move ends one membership on the day on which the next begins', async () => {
    const { data } = await graph.ask(`{ school(urn: ${MOVED}) { trustHistory ${HISTORY} } }`);
    expect(short(data.school.trustHistory)).toEqual([
      '90004 2011-04-01 2026-06-15 NEXT_TRUST',
      '90001 2026-06-15  ',
    ]);
    expect(data.school.trustHistory[0]).toMatchObject({ toIsInferred: true, trust: { name: /./ } });
    expect(data.school.trustHistory[1]).toMatchObject({ toIsInferred: false, to: null });
  });

  it('a day of joining before an extract that shows the school in another trust is not believed', async () => {
    const { data } = await graph.ask(`{ school(urn: ${REGISTERED_ANEW}) { trustHistory ${HISTORY} } }`);
    expect(short(data.school.trustHistory)).toEqual([
      '90001 2012-02-01 2026-07-01 NOT_IN_EXTRACT',
      '90002 ~2026-07-01  ',
    ]);
  });

  it('cites every extract that it is made of, and the trust of today the newest alone', async () => {
    const cited = async (query: string) =>
      (await graph.citations(query, (dataSet) => dataSet === 'gias-group-links')).map(
        ({ publishedOn }) => publishedOn,
      );
    expect(await cited(`{ school(urn: ${MOVED}) { trustHistory { uid } } }`)).toEqual([...DAYS]);
    expect(await cited(`{ school(urn: ${MOVED}) { trust(asAt: "2026-06-10") { uid } } }`)).toEqual([...DAYS]);
    expect(await cited(`{ school(urn: ${MOVED}) { trust { uid } } }`)).toEqual([DAYS[2]]);
    expect(await cited(`{ school(urn: ${MOVED}, asOf: "2026-07-10") { trustHistory { uid } } }`)).toEqual(
      DAYS.slice(0, 2),
    );
  });

  it('an end that is only an absence is the day of the first extract without it', async () => {
    const { data } = await graph.ask(`{ school(urn: ${LEFT}) { trust { uid } trustHistory ${HISTORY} } }`);
    expect(data.school.trust).toBeNull();
    expect(short(data.school.trustHistory)).toEqual(['90004 2016-03-01 2026-07-01 NOT_IN_EXTRACT']);
  });

  it('leaving and coming back is two memberships', async () => {
    const { data } = await graph.ask(`{ school(urn: ${CAME_BACK}) { trustHistory ${HISTORY} } }`);
    expect(short(data.school.trustHistory).map((line) => line.replace(/^90006 \S+ /, ''))).toEqual([
      '2026-07-01 NOT_IN_EXTRACT',
      ' ',
    ]);
    expect(data.school.trustHistory.at(-1).from).toBe('2026-07-20');
  });

  it.each([
    ['2010-01-01', null],
    ['2011-04-01', '90004'],
    ['2026-06-14', '90004'],
    ['2026-06-15', '90001'],
    ['2026-09-01', '90001'],
  ])('at %s the school that moved was in %s', async (asAt, uid) => {
    const { data } = await graph.ask(
      `query ($asAt: LocalDate!) {
        school(urn: ${MOVED}) { trust(asAt: $asAt) { uid schools(asAt: $asAt) { nodes { urn } } } }
        old: trust(uid: "90004") { schools(asAt: $asAt, first: 100) { nodes { urn } } }
      }`,
      { asAt },
    );
    expect(data.school.trust?.uid ?? null).toBe(uid);
    const has = (schools: { nodes: { urn: number }[] }) => schools.nodes.some(({ urn }) => urn === MOVED);
    if (uid) expect(has(data.school.trust.schools)).toBe(true);
    expect(has(data.old.schools)).toBe(uid === '90004');
  });

  it('as of a day, the history is what the extracts published by then say', async () => {
    const historyAsOf = async (asOf: string) => {
      const { data } = await graph.ask(
        `{ school(urn: ${MOVED}, asOf: "${asOf}") { trust { uid } trustHistory ${HISTORY} } }`,
      );
      return data.school;
    };
    expect(await historyAsOf('2026-06-30')).toMatchObject({
      trust: { uid: '90004' },
      trustHistory: [{ uid: '90004', from: '2011-04-01', to: null, toIsInferred: false }],
    });
    expect(await historyAsOf('2026-07-01')).toMatchObject({
      trust: { uid: '90001' },
      trustHistory: [
        { uid: '90004', to: '2026-06-15' },
        { uid: '90001', to: null },
      ],
    });
  });
});

describe.skipIf(!hasRealFiles())('the extracts of 2020 and 2022', () => {
  let loading: Loading;
  let graph: RunningGraph;
  const LINKS = ['gias-groups', 'gias-group-links'];
  beforeAll(async () => {
    loading = await Loading.open('empty', { SOURCE_MIRROR: inject('mirror')!, GIAS_DATE: '2022-09-01' });
    const earlier = { SOURCE_MIRROR: `${inject('mirror')}-earlier`, GIAS_DATE: '2020-10-21' };
    for (const { outcome, message } of await loading.load(LINKS, earlier)) {
      expect({ outcome, message }).toMatchObject({ outcome: 'LOADED' });
    }
    await loading.load([...LINKS, 'gias-establishments']);
    graph = await startGraph(loading.database.url);
  });
  afterAll(async () => {
    await graph.close();
    await loading.close();
  });

  it('St Anne’s (135313) went from Middleton Academy to Cranmer on 1 March 2021', async () => {
    const { data } = await graph.ask(`{ school(urn: 135313) { trustHistory ${HISTORY} } }`);
    expect(short(data.school.trustHistory)).toEqual([
      '3906 2007-09-01 2021-03-01 NEXT_TRUST',
      '5666 2021-03-01  ',
    ]);
  });

  it('Wren Academy (135507), whose trust was registered anew, did not leave it in 2008', async () => {
    const { data } = await graph.ask(`{ school(urn: 135507) { trustHistory ${HISTORY} } }`);
    expect(short(data.school.trustHistory)).toEqual([
      '5416 2008-09-01 2020-09-01 TRUST_CLOSED',
      '17446 ~2020-09-01  ',
    ]);
  });

  it('a day of joining that is later than that of the trust before is believed (135587: 1 September 2020)', async () => {
    const { data } = await graph.ask(`{ school(urn: 135587) { trustHistory ${HISTORY} } }`);
    expect(short(data.school.trustHistory)).toEqual([
      '2706 2008-09-01 2020-09-01 NEXT_TRUST',
      '2705 2020-09-01  ',
    ]);
  });

  it('Advance Trust (2079) is open as of 2021, and now it is closed since 5 October 2021', async () => {
    const { data } = await graph.ask(
      `{ earlier: trust(uid: "2079", asOf: "2021-01-01") { status closedOn } now: trust(uid: "2079") { status closedOn } }`,
    );
    expect(data).toEqual({
      earlier: { status: 'OPEN', closedOn: null },
      now: { status: 'CLOSED', closedOn: '2021-10-05' },
    });
  });
});
