/** What a table of a list is: its header, its rows, its cells. */
import { stringify } from 'csv-stringify/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { cellOf, rowsOf, take, takeCsv, takeLines } from './taking.js';

/** Names as no register should have them, and as some have. */
const NAMES = [
  'Sainte-Thérèse’s École, “Señor” Ω 学校 🎓',
  'Comma, Quote " and "" both',
  'Line\nbreak\r\nand tab\t',
  '=HYPERLINK("http://x","y")',
  '+44 20',
  '-1+2',
  '@SUM(A1)',
  '\tTab first',
  '＝wide',
  ' ',
  "'already",
  'a;b',
];

let database: OwnDatabase;
let tables: Tables;
let graph: RunningGraph;
let urns: number[];
beforeAll(async () => {
  database = await ownDatabase('sample');
  tables = await openTables(database.url);
  urns = (
    await tables.rows('SELECT urn FROM school WHERE to_release IS NULL ORDER BY urn LIMIT $1', [NAMES.length])
  ).map(({ urn }) => urn);
  for (const [at, name] of NAMES.entries())
    await tables.rows('UPDATE school SET name = $1, number_of_pupils = $3 WHERE urn = $2', [
      name,
      urns[at],
      at === 0 ? -7 : at,
    ]);
  graph = await startGraph(database.url);
});
afterAll(async () => {
  await graph.close();
  await tables.close();
  await database.drop();
});

const NAMED = () => `schools(urns: [${urns.join(', ')}])`;

describe('a cell', () => {
  it('holds every text as it is, but for an apostrophe before what a spreadsheet takes for a formula', async () => {
    const [, ...rows] = await takeCsv(graph, `{ ${NAMED()} { nodes { name } } }`);
    expect(rows.map(([name]) => name)).toEqual(
      NAMES.map((name) => (/^[=+\-@\t＝]/.test(name) ? `'${name}` : name)),
    );
  });

  it('is written as csv-stringify writes it', async () => {
    const { text } = await take(graph, 'text/csv', `{ ${NAMED()} { nodes { name numberOfPupils } } }`);
    const rows = NAMES.map((name, at) => [name, at === 0 ? -7 : at]);
    expect(text).toBe(
      stringify([['name', 'numberOfPupils'], ...rows], { record_delimiter: '\r\n', escape_formulas: true }),
    );
    expect(text).toContain(',-7\r\n');
  });

  it('holds a text of JSON lines on its one line', async () => {
    expect(await takeLines(graph, `{ ${NAMED()} { nodes { name } } }`)).toEqual(
      NAMES.map((name) => ({ name })),
    );
  });

  it('is empty for null, true or false for a yes or no, and has all of a list of texts', async () => {
    const query = '{ localAuthorityReorganisations { on from to canBeRebuilt note } }';
    const { data } = await graph.ask(query);
    const expected = data.localAuthorityReorganisations;
    const [, ...rows] = await takeCsv(graph, query);
    expect(expected.some(({ from }: { from: string[] }) => from.length > 1)).toBe(true);
    expect(rows).toEqual(
      // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
      expected.map(({ on, from, to, canBeRebuilt, note }: any) => [
        on,
        from.join('; '),
        to.join('; '),
        canBeRebuilt ? 'true' : 'false',
        cellOf(note),
      ]),
    );
  });

  it('is never touched by the formats of another', async () => {
    expect((await take(graph, 'text/csv', '{ regions { code } }')).text).toMatch(/^code\r\nE12/);
    const marked = await take(graph, 'text/csv', '{ regions { code } }', { path: '/graphql?bom=1' });
    expect(marked.text).toMatch(/^\ufeffcode\r\nE12/);
    const { text } = await take(graph, 'application/jsonl', '{ regions { code } }', {
      path: '/graphql?bom=1',
    });
    expect(text.startsWith('{')).toBe(true);
  });
});

describe('the header', () => {
  const headerOf = async (query: string) => (await takeCsv(graph, query))[0];

  it('is the way to each field by its name in the answer, in the order asked', async () => {
    expect(
      await headerOf(`query ($no: Boolean = false) { schools(first: 1) { totalCount nodes { name la: localAuthority { code } ...more phase @include(if: $no) } pageInfo { endCursor } } }
        fragment more on School { number: urn localAuthority { name } }`),
    ).toEqual(['name', 'la.code', 'number', 'localAuthority.name']);
  });

  it('has a group of columns for each of several indicators, by its id', async () => {
    expect(
      await headerOf(
        '{ regions { code indicators(ids: ["suspension-rate", "headcount", "headcount"]) { latest { value period { label } } } } }',
      ),
    ).toEqual([
      'code',
      'indicators.suspension-rate.latest.value',
      'indicators.suspension-rate.latest.period.label',
      'indicators.headcount.latest.value',
      'indicators.headcount.latest.period.label',
    ]);
  });

  it('leaves out what all columns begin with, and no more', async () => {
    expect(await headerOf('{ england { regions { name } } }')).toEqual(['name']);
    expect(await headerOf('{ england { name regions { name } } }')).toEqual(['name', 'regions.name']);
    expect(await headerOf('{ england { e: name } regions { name } }')).toEqual(['england.e', 'regions.name']);
  });

  it('is there where no entry is', async () => {
    const query =
      '{ schools(filter: { nameContains: "no school has this name" }) { nodes { urn localAuthority { name } } } }';
    expect(await takeCsv(graph, query)).toEqual([['urn', 'localAuthority.name']]);
    expect((await take(graph, 'application/jsonl', query)).text).toBe('');
  });

  it('is there where the place above is not, and a note says so', async () => {
    const query = '{ localAuthority(code: "999") { name schools { nodes { urn } } } }';
    const { text, headers } = await take(graph, 'text/csv', query);
    expect(rowsOf(text)).toEqual([['name', 'schools.urn']]);
    const notes = decodeURIComponent(headers.get('x-schoolgraph-notes')!);
    expect(notes).toContain('localAuthority(code:): no local authority has this code.');
    expect(notes).toContain('localAuthority is null: the file has no entries.');
  });
});

describe('the rows', () => {
  it('repeat what stands above the list', async () => {
    const query = '{ england { name regions { name } } }';
    const { data } = await graph.ask(query);
    expect((await takeCsv(graph, query)).slice(1)).toEqual(
      data.england.regions.map(({ name }: { name: string }) => ['England', name]),
    );
  });

  it('are the entries of the innermost list, and one for an entry that has none', async () => {
    const query =
      '{ regions { name subRegions { name indicator(id: "suspension-rate") { series { value period { code } } } } } }';
    const { data } = await graph.ask(query);
    const expected: string[][] = [];
    for (const { name, subRegions } of data.regions) {
      if (subRegions.length === 0) expected.push([name, '', '', '']);
      for (const sub of subRegions) {
        const { series } = sub.indicator;
        if (series.length === 0) expected.push([name, sub.name, '', '']);
        for (const { value, period } of series) expected.push([name, sub.name, cellOf(value), period.code]);
      }
    }
    expect(expected.length).toBeGreaterThan(8);
    const [header, ...rows] = await takeCsv(graph, query);
    expect(header).toEqual([
      'name',
      'subRegions.name',
      'subRegions.indicator.series.value',
      'subRegions.indicator.series.period.code',
    ]);
    expect(rows).toEqual(expected);
  });

  it('come from pages within entries too, by nodes or by edges', async () => {
    const of = (page: string) => `{ trusts(first: 5) { nodes { uid schools(first: 100) { ${page} } } } }`;
    const byNodes = await takeCsv(graph, of('nodes { urn }'));
    expect(byNodes[0]).toEqual(['uid', 'schools.urn']);
    expect(byNodes.length).toBeGreaterThan(5);
    expect(await takeCsv(graph, of('totalCount edges { cursor node { urn } }'))).toEqual(byNodes);
  });
});
