/**
 * History does not depend on when a release was loaded: in every order the rows, their beginnings and their ends are
 * the same, and as of a day the graph answers with what was published by then.
 */
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from './loading.js';
import { EES, ESTABLISHMENTS, PLANS, SmallMirror } from './small-mirror.js';

const ORDERS = [
  [0, 1, 2, 3],
  [3, 2, 1, 0],
  [1, 3, 0, 2],
  [2, 0, 3, 1],
  [3, 0, 2, 1],
  [0, 3, 1, 2],
];

describe('four extracts of the register', () => {
  const ID = 'gias-establishments';
  const DAYS = ['2026-08-03', '2026-08-10', '2026-08-17', '2026-08-24'];
  const [GOES, COMES, RENAMED] = [900_003, 900_004, 900_005];
  const histories: unknown[] = [];
  let mirror: SmallMirror;
  let loading: Loading;
  let graph: RunningGraph;

  beforeAll(async () => {
    mirror = await SmallMirror.make();
    const original = await mirror.text(ESTABLISHMENTS);
    const lines = original.trimEnd().split('\r\n');
    const without = (all: string[], urn: number) => all.filter((line) => !line.startsWith(`${urn},`));
    const named = (all: string[], name: string) =>
      all.map((line) =>
        line.startsWith(`${RENAMED},`) ? line.replace(/"Sample [^"]*"/, `"Sample ${name}"`) : line,
      );
    const extracts = [
      named(without(lines, COMES), 'First Name'),
      named(lines, 'Second Name'),
      named(without(lines, GOES), 'First Name'),
      named(lines, 'First Name'),
    ];
    for (const [at, day] of DAYS.entries()) {
      const url = ESTABLISHMENTS.replace('20260901', day.replaceAll('-', ''));
      await mirror.write(url, `${extracts[at]!.join('\r\n')}\r\n`);
    }
    for (const order of ORDERS) {
      await loading?.close();
      loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
      for (const at of order) {
        const { outcome, message } = await loading.loadOne(ID, { GIAS_DATE: DAYS[at]! });
        expect({ outcome, message }).toMatchObject({ outcome: 'LOADED' });
      }
      histories.push(
        await loading.rows(`
          SELECT s.urn, s.name, f.published_on::text AS "from", t.published_on::text AS "to"
          FROM school s JOIN release f ON f.id = s.from_release LEFT JOIN release t ON t.id = s.to_release
          ORDER BY s.urn, s.from_release`),
      );
    }
    graph = await startGraph(loading.database.url);
  });
  afterAll(async () => {
    await graph.close();
    await loading.close();
    await mirror.remove();
  });

  it('make one history in whatever order they are loaded, with one row for what stays the same', () => {
    const [inOrder, ...others] = histories as Record<string, unknown>[][];
    for (const other of others) expect(other).toEqual(inOrder);
    const of = (urn: number) =>
      inOrder!.filter((row) => row.urn === urn).map(({ name, from, to }) => [name, from, to]);
    const [first, second, third, fourth] = DAYS;
    expect(of(RENAMED)).toEqual([
      ['Sample First Name', first, second],
      ['Sample Second Name', second, third],
      ['Sample First Name', third, null],
    ]);
    expect(of(GOES).map(([, from, to]) => [from, to])).toEqual([
      [first, third],
      [fourth, null],
    ]);
    expect(of(COMES).map(([, from, to]) => [from, to])).toEqual([[second, null]]);
    expect(of(900_010).map(([, from, to]) => [from, to])).toEqual([[first, null]]);
  });

  it.each([
    ['2026-08-02', null, false, false],
    ['2026-08-03', 'Sample First Name', true, false],
    ['2026-08-09', 'Sample First Name', true, false],
    ['2026-08-10', 'Sample Second Name', true, true],
    ['2026-08-17', 'Sample First Name', false, true],
    ['2026-08-24', 'Sample First Name', true, true],
    ['2030-01-01', 'Sample First Name', true, true],
    ['9999-12-31', 'Sample First Name', true, true],
    ['0001-01-01', null, false, false],
  ])('as of %s, a school and a list are what had been published by then', async (asOf, name, goes, comes) => {
    const { data, errors } = await graph.ask(
      `query ($asOf: LocalDate!) {
        renamed: school(urn: ${RENAMED}, asOf: $asOf) { name }
        list: schools(urns: [${GOES}, ${COMES}, ${RENAMED}], asOf: $asOf) { totalCount nodes { urn } }
        now: school(urn: ${RENAMED}) { name }
      }`,
      { asOf },
    );
    expect(errors).toBeUndefined();
    expect(data.renamed).toEqual(name === null ? null : { name });
    const listed = [goes && GOES, comes && COMES, name !== null && RENAMED].filter(Boolean);
    expect(data.list).toEqual({ totalCount: listed.length, nodes: listed.map((urn) => ({ urn })) });
    expect(data.now).toEqual({ name: 'Sample First Name' });
  });

  it('as of a day before the first, the answer says that nothing was known then', async () => {
    const { data, extensions } = await graph.ask(`{ school(urn: ${RENAMED}, asOf: "2020-01-01") { name } }`);
    expect(data.school).toBeNull();
    expect(extensions?.notes).toContainEqual({
      message: expect.stringMatching(
        /nothing that was published by the day of asOf is loaded; the earliest release with a known day is of 2026-08-03/,
      ),
    });
  });

  it.each(['2026-13-01', '1 August 2026', '20260801'])('as of %s is refused', async (asOf) => {
    const { errors } = await graph.ask(`{ school(urn: ${RENAMED}, asOf: "${asOf}") { name } }`);
    expect(errors).toHaveLength(1);
    expect(errors![0]!.message).toContain('LocalDate');
  });

  it('read again from the kept files, the history is the same; without a file, nothing is read again', async () => {
    const before = await loading.standing();
    const again = () => loading.loads().reread([loading.dataSet(ID)]);
    expect(await again()).toMatchObject([
      { outcome: 'LOADED', message: '4 releases read again from the kept files' },
    ]);
    const after = await loading.standing();
    expect({ ...after, data_version: null }).toEqual({ ...before, data_version: null });

    const [{ sha256 }] = await loading.rows('SELECT sha256 FROM release_file LIMIT 1');
    await rm(join(loading.keptFiles, sha256));
    expect(await again()).toMatchObject([{ outcome: 'UNAVAILABLE' }]);
    expect(await loading.standing()).toEqual(after);
  });
});

describe('three releases of a statistics file, one of which begins later', () => {
  const ID = 'ehc-plans-caseload';
  const DAYS = ['2024-06-27', '2025-06-26', '2026-06-25'];
  const LA = '301';
  const histories: unknown[] = [];
  let mirror: SmallMirror;
  let loading: Loading;
  let graph: RunningGraph;
  let periods: string[];

  beforeAll(async () => {
    mirror = await SmallMirror.make();
    const release = await mirror.release(PLANS);
    const url = release.fileUrl(/as at january/i);
    const original = await mirror.text(url);
    const [header, ...rows] = original.trimEnd().split('\r\n');
    const columns = header!.replace('\uFEFF', '').split(',');
    const [period, level, la, plans] = ['time_period', 'geographic_level', 'old_la_code', 'ehcplans'].map(
      (column) => columns.indexOf(column),
    ) as [number, number, number, number];
    const cells = rows.map((row) => row.split(','));
    periods = [...new Set(cells.map((row) => row[period]!))].sort();
    /** The figures of one LA in the newest period but one are `n`; periods before `from` are not in the file. */
    const edition = (n: number, from: string) =>
      [
        header,
        ...cells
          .filter((row) => row[period]! >= from)
          .map((row) =>
            row[la] === LA && row[level] === 'Local authority' && row[period] === periods.at(-2)
              ? row.with(plans, String(n)).join(',')
              : row.join(','),
          ),
      ].join('\r\n');
    const editions = [edition(11, ''), edition(22, periods[2]!), edition(33, '')];
    const folderOf = (id: string) => `${EES}/releases/${id}`;
    const { releaseVersionId } = release.content;
    for (const [at, text] of editions.entries()) {
      await cp(mirror.path(folderOf(releaseVersionId)), mirror.path(folderOf(`edition-${at}`)), {
        recursive: true,
      });
      await mirror.write(url.replace(releaseVersionId, `edition-${at}`), `${text}\r\n`);
    }
    await mirror.edit(release.contentUrl, (text) => text.replaceAll(/"numDataFileRows": ?\d+,?/g, ''));
    const version = JSON.parse(await mirror.text(release.versionUrl));
    const publish = (at: number) =>
      mirror.write(
        release.versionUrl,
        JSON.stringify({
          ...version,
          id: `edition-${at}`,
          published: `${DAYS[at]}T09:30:00+01:00`,
          title: `Edition ${at}`,
        }),
      );
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 2, 0],
      [2, 0, 1],
      [1, 0, 2],
    ]) {
      await loading?.close();
      loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
      for (const at of order) {
        await publish(at);
        const { outcome, message } = await loading.loadOne(ID);
        expect({ outcome, message }).toMatchObject({ outcome: 'LOADED' });
      }
      histories.push(
        await loading.rows(`
          SELECT p.code, dp.code AS period, b.code AS breakdown, o.values, f.title AS "from", t.title AS "to"
          FROM observation o JOIN place p ON p.id = o.place_id JOIN breakdown b ON b.id = o.breakdown_id
          JOIN data_set_period dp ON dp.data_set_number = o.data_set_number AND dp.period_id = o.period_id
          JOIN release f ON f.id = o.from_release LEFT JOIN release t ON t.id = o.to_release
          ORDER BY 1, 2, 3, o.from_release`),
      );
    }
    await loading.load(['local-authority-codes']);
    graph = await startGraph(loading.database.url);
  });
  afterAll(async () => {
    await graph.close();
    await loading.close();
    await mirror.remove();
  });

  it('make one history in whatever order they are loaded', () => {
    const [inOrder, ...others] = histories as Record<string, unknown>[][];
    for (const other of others) expect(other).toEqual(inOrder);
    const changed = inOrder!.filter(
      ({ code, period, breakdown }) => code === LA && period === periods.at(-2) && breakdown === 'total',
    );
    expect(changed.map(({ values, from, to }) => [(values as number[])[0], from, to])).toEqual([
      [11, 'Edition 0', 'Edition 1'],
      [22, 'Edition 1', 'Edition 2'],
      [33, 'Edition 2', null],
    ]);
    const before = inOrder!.filter(({ period }) => period === periods[0]);
    expect(before.length).toBeGreaterThan(100);
    expect(before.every(({ from, to }) => from === 'Edition 0' && to === null)).toBe(true);
  });

  it.each([
    ['2024-06-26', null, null],
    ['2024-06-27', 11, 'Edition 0'],
    ['2025-06-25', 11, 'Edition 0'],
    ['2025-06-26', 22, 'Edition 1'],
    ['2026-06-25', 33, 'Edition 2'],
  ])('as of %s the figure is %s, cited to its release', async (asOf, value, title) => {
    const { data, errors } = await graph.ask(
      `query ($asOf: LocalDate!, $period: String!) {
        localAuthority(code: "${LA}", asOf: $asOf) { indicator(id: "ehc-plans") {
          observation(period: $period) { value release { title publishedOn } }
          series { value release { title } } } } }`,
      { asOf, period: periods.at(-2)! },
    );
    expect(errors).toBeUndefined();
    const { observation, series } = data.localAuthority.indicator;
    expect(observation?.value ?? null).toBe(value);
    expect(observation?.release.title ?? null).toBe(title);
    expect(series).toHaveLength(value === null ? 0 : periods.length);
    // What Edition 1 does not cover is still cited to Edition 0.
    if (title === 'Edition 1') expect(series[0].release.title).toBe('Edition 0');
  });

  it('revisions cite the releases that they compare, a figure of today the newest alone', async () => {
    const cited = async (query: string) =>
      (await graph.citations(query, (dataSet) => dataSet.startsWith('ehc-'))).map(({ release }) => release);
    expect(await cited(`{ revisions(indicator: "ehc-plans", place: "${LA}") { newValue } }`)).toEqual([
      'Edition 0',
      'Edition 1',
      'Edition 2',
    ]);
    expect(
      await cited(`{ localAuthority(code: "${LA}") { indicator(id: "ehc-plans") { latest { value } } } }`),
    ).toEqual(['Edition 2']);
  });

  it('revisions tell old value, new value and the release that brought it', async () => {
    const { data, errors } = await graph.ask(
      `{ all: revisions(indicator: "ehc-plans", place: "${LA}") { breakdown { code } }
        none: revisions(indicator: "ehc-plans", place: "302") { newValue }
        revisions(indicator: "ehc-plans", place: "${LA}", breakdown: "total") { period { code } breakdown { code } oldValue oldStatus newValue newStatus release { title publishedOn } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.none).toEqual([]);
    expect(
      new Set(data.all.map(({ breakdown }: { breakdown: { code: string } }) => breakdown.code)).size,
    ).toBeGreaterThan(5);
    expect(
      data.revisions.map(
        ({ period, oldValue, newValue, release }: Record<string, { code: string; title: string }>) => [
          period!.code,
          oldValue,
          newValue,
          release!.title,
        ],
      ),
    ).toEqual([
      [periods.at(-2), 11, 22, 'Edition 1'],
      [periods.at(-2), 22, 33, 'Edition 2'],
    ]);
  });
});
