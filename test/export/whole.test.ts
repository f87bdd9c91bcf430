/** A list is taken away whole and as it stands in the tables, in whatever format, of whatever length. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { cellOf, take, takeCsv, takeLines } from './taking.js';

const FIELDS =
  'urn name status phase typeGroup town postcode numberOfPupils isOpen: status openedOn localAuthority { code name }';
const ROWS = `SELECT s.urn, s.name, s.status, s.phase, s.type_group, s.town, s.postcode, s.number_of_pupils,
  s.status AS is_open, s.opened_on::text, a.code, a.name AS authority
  FROM school s LEFT JOIN local_authority a ON a.code = s.la_code WHERE s.to_release IS NULL ORDER BY s.urn`;

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  it('every school equals its row, as CSV', async () => {
    const expected = await tables.rows(ROWS);
    if (which === 'real') expect(expected.length).toBeGreaterThan(25_000);
    const [header, ...rows] = await takeCsv(graph, `{ schools { nodes { ${FIELDS} } } }`);
    expect(header).toEqual([
      ...['urn', 'name', 'status', 'phase', 'typeGroup', 'town', 'postcode', 'numberOfPupils', 'isOpen'],
      ...['openedOn', 'localAuthority.code', 'localAuthority.name'],
    ]);
    expect(rows).toHaveLength(expected.length);
    expected.forEach((row, at) => {
      const cells = Object.values(row).map(cellOf);
      if (cells.join('\0') !== rows[at]!.join('\0')) expect(rows[at]).toEqual(cells);
    });
  });

  it('every school equals its row, as JSON lines', async () => {
    const expected = await tables.rows(ROWS);
    const lines = await takeLines(graph, `{ schools { nodes { ${FIELDS} } } }`);
    expect(lines).toHaveLength(expected.length);
    expected.forEach(({ code, authority, ...row }, at) => {
      const { localAuthority, ...school } = lines[at] as Record<string, unknown>;
      expect(Object.values(school)).toEqual(Object.values(row));
      expect(localAuthority).toEqual(code === null ? null : { code, name: authority });
    });
  });

  it('the pages of an answer, put together, are the lines', async () => {
    const asked = (page: string) =>
      `{ trusts${page} { nodes { uid name indicators(ids: ["suspension-rate", "headcount"]) { latest { value status period { label } } }
        schools(first: 3, orderBy: { field: NAME }) { nodes { urn name } } } pageInfo { endCursor hasNextPage } } }`;
    const pages: unknown[] = [];
    let after = '';
    for (let page = 0; page < 5; page += 1) {
      const { data } = await graph.ask(asked(`(first: 100${after})`));
      pages.push(...data.trusts.nodes);
      if (!data.trusts.pageInfo.hasNextPage) break;
      after = `, after: "${data.trusts.pageInfo.endCursor}"`;
    }
    expect(pages.length).toBeGreaterThan(5);
    const lines = await takeLines(graph, asked(''));
    expect(lines.slice(0, pages.length)).toEqual(pages);
    const total = (await graph.ask('{ trusts(first: 0) { totalCount } }')).data.trusts.totalCount;
    expect(lines).toHaveLength(total);
  });

  it('as of a day, it is what the answer as of that day is', async () => {
    for (const asOf of ['2022-10-01', '2000-01-01']) {
      const query = `{ schools(asOf: "${asOf}", filter: { nameContains: "school" }, first: 50) { nodes { urn name indicator(id: "suspension-rate") { latest { value } } } } }`;
      const { data, extensions } = await graph.ask(query);
      expect(await takeLines(graph, query)).toEqual(data.schools.nodes);
      const { headers } = await take(graph, 'text/csv', query);
      expect(headers.get('content-disposition')).toBe(
        `attachment; filename="schoolgraph-schools-${asOf}.csv"`,
      );
      const notes = (headers.get('x-schoolgraph-notes') ?? '')
        .split(', ')
        .filter(Boolean)
        .map(decodeURIComponent);
      expect(notes).toEqual((extensions?.notes ?? []).map(({ message }) => message));
      if (asOf < '2001') expect(notes.length).toBeGreaterThan(0);
    }
  });

  it('first and after are kept, beyond what a page may have', async () => {
    const all = await takeLines(graph, '{ schools { nodes { urn } } }');
    const first = await takeLines(graph, '{ schools(first: 150) { nodes { urn } } }');
    expect(first).toEqual(all.slice(0, 150));
    const { data } = await graph.ask('{ schools(first: 3) { pageInfo { endCursor } } }');
    const { endCursor } = data.schools.pageInfo;
    expect(
      await takeLines(graph, `{ schools(after: "${endCursor}") { edges { cursor node { urn } } } }`),
    ).toEqual(all.slice(3));
  });

  /** Every kind of list that an object leads to: with an order of its own, below a guard, made in SQL of its own. */
  const PLACE = which === 'real' ? { authority: '891', school: 136205, trust: '5143' } : null;
  it.each([
    [
      'regions',
      (data: Data) => data.regions,
      '{ regions { name code indicator(id: "suspension-rate") { latest { value } } } }',
    ],
    ['the regions of England', (data: Data) => data.england.regions, '{ england { name regions { name } } }'],
    [
      'local authorities of England',
      (data: Data) => data.england.localAuthorities.nodes,
      '{ england { localAuthorities(first: 100) { nodes { code region { name } } } } }',
    ],
    [
      'a ranking',
      (data: Data) => data.ranking,
      '{ ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY) { rank value place { __typename name ... on LocalAuthority { code } } } }',
    ],
    ['editions', (data: Data) => data.neighbourEditions, '{ neighbourEditions { kind edition title } }'],
    [
      'reorganisations',
      (data: Data) => data.localAuthorityReorganisations,
      '{ localAuthorityReorganisations { on from to kind note } }',
    ],
    [
      'sub-regions, of which there are none',
      (data: Data) => data.region.localAuthorities ?? [],
      '{ region(code: "E13000001") { localAuthorities { nodes { name } } } }',
    ],
    [
      'London’s sub-regions',
      (data: Data) => data.region.subRegions,
      '{ region(code: "E12000007") { name subRegions { name code } } }',
    ],
  ] as const)('%s: the lines are the entries of the answer', async (_what, entriesOf, query) => {
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    expect(await takeLines(graph, query)).toEqual(entriesOf(data));
  });

  it.skipIf(!PLACE)('a list below a place is the one of its answer, however far down', async () => {
    const { authority, school } = PLACE!;
    const questions: [string, (data: Data) => unknown][] = [
      [
        `{ localAuthority(code: "${authority}") { name schools(first: 100) { nodes { urn name trust { name } } } } }`,
        (data) => data.localAuthority.schools.nodes,
      ],
      [
        `{ localAuthority(code: "${authority}") { name region { schools(first: 100) { edges { node { urn } } } } } }`,
        (data) => data.localAuthority.region.schools.edges.map(({ node }: Data) => node),
      ],
      [
        `{ school(urn: ${school}) { name trust { name schools(first: 100, orderBy: { field: NAME, direction: DESC }) { nodes { urn name localAuthority { name } } } } } }`,
        (data) => data.school.trust.schools.nodes,
      ],
      [
        `{ school(urn: ${school}) { trust { localAuthority: schools(first: 100) { nodes { urn } } } } }`,
        (data) => data.school.trust.localAuthority.nodes,
      ],
      [`{ school(urn: ${school}) { lineage { event urn school { name } } } }`, (data) => data.school.lineage],
      [
        `{ school(urn: ${school}) { trustHistory { from to trust { name } } } }`,
        (data) => data.school.trustHistory,
      ],
      [
        `{ localAuthority(code: "${authority}") { neighbours(kind: STATISTICAL) { rank localAuthority { name } } } }`,
        (data) => data.localAuthority.neighbours,
      ],
      [
        `{ localAuthority(code: "${authority}") { indicator(id: "suspension-rate") { series { value period { label } } } } }`,
        (data) => data.localAuthority.indicator.series,
      ],
    ];
    for (const [query, entriesOf] of questions) {
      const { data, errors } = await graph.ask(query);
      expect(errors, query).toBeUndefined();
      expect(await takeLines(graph, query), query).toEqual(entriesOf(data));
    }
  });
});

// biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
type Data = any;
