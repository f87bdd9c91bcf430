/** XLSX: what another program reads out of it is what the graph answers, each cell of its own type. */
import readExcel from 'read-excel-file/node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const NAMES = [
  '=HYPERLINK("http://x","y")',
  '-1+2',
  '@SUM(A1)',
  '<b>&amp;</b> "quoted" ]]>',
  'Sainte-Thérèse’s 学校 🎓',
  '007',
  'Line\nbreak',
  '_x0041_',
];

let database: OwnDatabase;
let tables: Tables;
let graph: RunningGraph;
let urns: number[];
beforeAll(async () => {
  database = await ownDatabase('sample');
  tables = await openTables(database.url);
  const rows = await tables.rows('SELECT urn FROM school WHERE to_release IS NULL ORDER BY urn LIMIT $1', [
    NAMES.length,
  ]);
  urns = rows.map(({ urn }) => urn);
  for (const [at, name] of NAMES.entries())
    await tables.rows('UPDATE school SET name = $1, number_of_pupils = $3, opened_on = $4 WHERE urn = $2', [
      name,
      urns[at],
      at === 0 ? -7 : at,
      at === 1 ? '1869-10-01' : at === 2 ? null : '1998-09-01',
    ]);
  graph = await startGraph(database.url, { READER_CONNECTIONS: '2' });
});
afterAll(async () => {
  await graph.close();
  await tables.close();
  await database.drop();
});

async function sheetsOf(query: string, variables?: unknown) {
  const response = await fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: XLSX },
    body: JSON.stringify({ query, variables }),
  });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(XLSX);
  const file = Buffer.from(await response.arrayBuffer());
  const sheets = await readExcel(file);
  return { file, headers: response.headers, sheets, names: sheets.map(({ sheet }) => sheet) };
}

it('has numbers as numbers, days as days, and every text as it is', async () => {
  const { sheets, headers } = await sheetsOf(
    `{ schools(urns: [${urns.join(', ')}]) { nodes { urn name localAuthority { code } numberOfPupils openedOn } } }`,
  );
  const [header, ...rows] = sheets[0]!.data;
  expect(header).toEqual(['urn', 'name', 'localAuthority.code', 'numberOfPupils', 'openedOn']);
  expect(rows).toHaveLength(NAMES.length);
  for (const [at, [urn, name, code, pupils, opened]] of rows.entries()) {
    expect(urn).toBe(urns[at]);
    // The reader leaves what ECMA-376 writes for "_" before such a text.
    expect(String(name).replace('_x005F_', '_')).toBe(NAMES[at]);
    expect(code).toMatch(/^\d{3}$/);
    expect(pupils).toBe(at === 0 ? -7 : at);
    if (at === 1) expect(opened).toBe('1869-10-01');
    else if (at === 2) expect(opened).toBeNull();
    else expect(opened).toEqual(new Date('1998-09-01T00:00:00Z'));
  }
  expect(headers.get('content-disposition')).toMatch(/filename="schoolgraph-schools-[\d-]+\.xlsx"/);
});

it('says beside it where it is from, that it is made up, and what its columns mean', async () => {
  const query =
    '{ regions { code indicator(id: "suspension-rate") { latest { value status period { label } } } } }';
  const { sheets, names } = await sheetsOf(query);
  expect(names).toEqual(['SYNTHETIC data', 'Sources and notes', 'Columns']);
  const text = JSON.stringify(sheets[1]!.data);
  const { data } = await graph.ask(
    '{ england { indicator(id: "suspension-rate") { latest { release { title files { url sha256 } dataSet { publisher licence } } } } } }',
  );
  const { title, files, dataSet } = data.england.indicator.latest.release;
  const told = files.flatMap(({ url, sha256 }: Record<string, string>) => [url, sha256]);
  for (const one of [title, ...told, dataSet.publisher, dataSet.licence, 'SYNTHETIC'])
    expect(text).toContain(one);
  const columns = sheets[2]!.data;
  expect(columns.map(([name]) => name)).toContain('indicator.latest.value');
  expect(columns.some(([, type, , value]) => type === 'ObservationStatus' && value === 'SUPPRESSED')).toBe(
    true,
  );
});

it('holds yes and no, moments and lists of texts, and nothing but a header for no entry', async () => {
  const query = '{ localAuthorityReorganisations { on from canBeRebuilt } }';
  const { data } = await graph.ask(query);
  const { sheets } = await sheetsOf(query);
  expect(sheets[0]!.data.slice(1)).toEqual(
    // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
    data.localAuthorityReorganisations.map(({ on, from, canBeRebuilt }: any) => [
      new Date(`${on}T00:00:00Z`),
      from.join('; '),
      canBeRebuilt,
    ]),
  );
  const none = await sheetsOf(
    '{ schools(filter: { nameContains: "no school has this name" }) { nodes { urn name } } }',
  );
  expect(none.sheets[0]!.data).toEqual([['urn', 'name']]);
});

it('is the same file again, byte for byte', async () => {
  const query = '{ regions { code name } }';
  expect((await sheetsOf(query)).file.equals((await sheetsOf(query)).file)).toBe(true);
});
