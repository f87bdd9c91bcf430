/** Every data set can be had whole: as CSV and as Parquet, which say the same, with a dictionary that says what it means. */
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { rowsOf } from '../export/taking.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

let graph: RunningGraph;
let tables: Tables;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
  tables = await openTables(loadedDatabase('sample'));
});
afterAll(async () => {
  await graph.close();
  await tables.close();
});

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${graph.address}${path}`, { headers });
  const bytes = Buffer.from(await response.arrayBuffer());
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the file's
  const read = (): any => JSON.parse(bytes.toString());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString(), read };
}

/** A row of Parquet as CSV has it. */
const cells = (row: Record<string, unknown>): string[] =>
  Object.values(row).map((value) => {
    if (value === null || value === undefined) return '';
    if (value instanceof Date) return value.toISOString().slice(0, 10);
    return String(value);
  });
/** A text of CSV as it was before it was made fit for a spreadsheet. */
const plain = (row: string[]) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, ''));

const SUSPENSIONS = 'suspensions-and-permanent-exclusions-by-reason';

it('all of them are listed, with their files, for programs and for people', async () => {
  const { headers, read } = await get('/data');
  const { dataSets } = read();
  const loaded = await tables.rows(
    'SELECT DISTINCT d.id FROM data_set d JOIN release r ON r.data_set_number = d.number',
  );
  expect(dataSets.map(({ id }: { id: string }) => id).sort()).toEqual(loaded.map(({ id }) => id).sort());
  expect(headers.get('vary')).toBe('Accept');
  const page = await get('/data', { Accept: 'text/html' });
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  for (const { csv, parquet, dictionaryCsv } of dataSets)
    for (const path of [csv, parquet, dictionaryCsv]) expect(page.text).toContain(`href="${path}"`);
  expect(page.text).not.toMatch(/<script|https?:\/\//);
  const etag = headers.get('etag')!;
  expect((await get('/data', { 'If-None-Match': etag })).status).toBe(304);
  expect((await get('/data', { 'If-None-Match': etag, Accept: 'text/html' })).status).toBe(200);
});

it('every one that is loaded can be had, with its dictionary', async () => {
  const { dataSets } = (await get('/data')).read();
  expect(dataSets.length).toBeGreaterThan(25);
  for (const { csv, dictionary } of dataSets) {
    for (const path of [csv, dictionary]) {
      // HEAD begins a file and reads no more of it than its first rows.
      const { status } = await fetch(`${graph.address}${path}`, { method: 'HEAD' });
      expect([path, status]).toEqual([path, 200]);
    }
  }
});

it.each([
  'gias-groups',
  'statistical-neighbours',
  'ehc-annual-reviews',
  SUSPENSIONS,
  'lait-dictionary',
])('%s has as many rows as stand, by its columns, and Parquet says what CSV says', async (id) => {
  const [{ n }] = await tables.rows(`SELECT count(*)::int AS n FROM tidy."${id.replaceAll('-', '_')}"`);
  const [header, ...rows] = rowsOf((await get(`/data/${id}.csv`)).text);
  expect(rows.length).toBe(n);
  expect(n).toBeGreaterThan(10);
  const { columns } = (await get(`/data/${id}.dictionary.json`)).read();
  expect(header).toEqual(columns.map(({ name }: { name: string }) => name));
  for (const { name, meaning } of columns) expect([name, meaning.length > 10]).toEqual([name, true]);
  const { bytes } = await get(`/data/${id}.parquet`);
  const read = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
  expect(Object.keys(read[0]!)).toEqual(header);
  const differs = read.findIndex((row, at) => cells(row).join('\n') !== plain(rows[at]!).join('\n'));
  expect([read.length, differs]).toEqual([n, -1]);
});

it('the figures of a series are had as they are published, one to a row', async () => {
  const [header, ...rows] = rowsOf((await get('/data/lait.csv')).text);
  const [{ n }] = await tables.rows('SELECT count(*)::int AS n FROM tidy.lait');
  expect(rows.length).toBe(n);
  const at = (name: string) => header!.indexOf(name);
  const indicator = rows.find((row) => row[at('level')] === 'LOCAL_AUTHORITY')![at('indicator')];
  const { data } = await graph.ask(
    `{ localAuthority(code: "301") { indicator(id: "${indicator}") { series { value status period { code } } } } }`,
  );
  const own = rows.filter(
    (row) => row[at('indicator')] === indicator && row[at('place_code')] === '301' && row[at('value')] !== '',
  );
  expect(own.length).toBeGreaterThan(0);
  const { series } = data.localAuthority.indicator;
  for (const row of own)
    expect(series).toContainEqual({
      value: Number(row[at('value')]),
      status: row[at('value_status')],
      period: { code: row[at('period')] },
    });
});

it('has the published figure of a place, what is known of it, and the release that it is cited to', async () => {
  const id = 'suspensions-and-permanent-exclusions';
  const [header, ...rows] = rowsOf((await get(`/data/${id}.csv`)).text);
  const at = (name: string) => header!.indexOf(name);
  const { data } = await graph.ask(
    '{ localAuthority(code: "301") { name indicator(id: "suspensions") { series { value status period { code } release { id } } } } }',
  );
  const { name, indicator } = data.localAuthority;
  const own = rows.filter(
    (row) =>
      row[at('level')] === 'LOCAL_AUTHORITY' &&
      row[at('place_code')] === '301' &&
      row[at('breakdown')] === 'total',
  );
  expect(own.length).toBeGreaterThan(0);
  expect(own.map((row) => row[at('place_name')])).toEqual(own.map(() => name));
  const byPeriod = new Map(own.map((row) => [row[at('period')], row]));
  for (const { value, status, period, release } of indicator.series) {
    const row = byPeriod.get(period.code)!;
    expect([row[at('suspensions')], row[at('suspensions_status')], row[at('release_id')]]).toEqual([
      value === null ? '' : String(value),
      status,
      String(release.id),
    ]);
  }
  // A withheld figure is none, and says why.
  const withheld = rows.find((row) => row[at('suspensions_status')] === 'SUPPRESSED');
  if (withheld) {
    expect(withheld[at('suspensions')]).toBe('');
    expect(withheld[at('suspensions_symbol')]).not.toBe('');
  }
});

it('the dictionary says what statuses, symbols and breakdowns mean, as CSV too', async () => {
  const { read, headers } = await get(`/data/${SUSPENSIONS}.dictionary.json`);
  const { dataSet, columns, symbols, breakdowns, periods, releases, sources } = read();
  expect(dataSet).toMatchObject({ id: SUSPENSIONS, publisher: 'Department for Education' });
  expect(columns.find(({ type }: { type: string }) => type === 'ObservationStatus').values).toHaveProperty(
    'SUPPRESSED',
  );
  for (const list of [symbols, breakdowns, periods, releases, sources])
    expect(list.length).toBeGreaterThan(0);
  expect(headers.get('etag')).not.toBeNull();
  const [header, ...rows] = rowsOf((await get(`/data/${SUSPENSIONS}.dictionary.csv`)).text);
  expect(header).toEqual(['column', 'type', 'meaning', 'value', 'value_meaning']);
  for (const { name } of columns) expect(rows.map(([column]) => column)).toContain(name);
  for (const { code } of breakdowns)
    expect(
      rows.some(([column, , , value]) => column === 'breakdown' && value?.replace(/^'/, '') === code),
    ).toBe(true);
});

it('of every release it says what became of the rows of its files, and why some are left out', async () => {
  const [{ id }] = await tables.rows(
    'SELECT d.id FROM run u JOIN data_set d ON d.number = u.data_set_number WHERE u.rows_left_out > 0 ORDER BY u.rows_left_out DESC LIMIT 1',
  );
  const { releases } = (await get(`/data/${id}.dictionary.json`)).read();
  const { rowsRead, rowsLeftOut, rowsRejected, warnings, files } = releases.at(-1);
  const [{ n }] = await tables.rows(`SELECT count(*)::int AS n FROM tidy."${id.replaceAll('-', '_')}"`);
  expect(rowsLeftOut).toBeGreaterThan(0);
  expect(rowsRead - rowsLeftOut - rowsRejected).toBe(n);
  expect(warnings.join()).toContain('left out');
  expect(files[0]).toMatchObject({
    url: expect.stringContaining('https://'),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const { dataSets } = (await get('/data')).read();
  expect(dataSets.find((one: { id: string }) => one.id === id).release).toMatchObject({
    rows: rowsRead,
    rowsNotIncluded: rowsLeftOut + rowsRejected,
  });
});

describe('as of a day', () => {
  it('a file is what had been published by then, and says by which address it is had again', async () => {
    const path = `/data/${SUSPENSIONS}.csv`;
    const now = await get(path);
    const day = now.headers.get('x-schoolgraph-as-of')!;
    expect(now.headers.get('link')).toContain(`<${path}?asOf=${day}>; rel="cite-as"`);
    const then = await get(`${path}?asOf=${day}`);
    expect(then.text).toBe(now.text);
    expect(then.headers.get('content-disposition')).toContain(`schoolgraph-${SUSPENSIONS}-${day}.csv`);
    const before = await get(`${path}?asOf=1990-01-01`);
    expect([before.status, before.read().errors[0].extensions.code]).toEqual([404, 'BAD_USER_INPUT']);
    expect(before.read().errors[0].message).toContain('by the day of asOf');
  });

  it.each(['yesterday', '2022-02-30', "2022-01-01' OR 1=1"])('%s is none', async (asOf) => {
    const { status, read } = await get(`/data/${SUSPENSIONS}.csv?${new URLSearchParams({ asOf })}`);
    expect([status, read().errors[0].extensions.code]).toEqual([400, 'BAD_USER_INPUT']);
  });
});

it('its sources are a table beside it', async () => {
  const { headers } = await get(`/data/${SUSPENSIONS}.parquet`);
  const [, path] = /<([^>]*)>; rel="describedby"/.exec(headers.get('link')!)!;
  const sources = await get(path!.replace('.parquet', '.csv'));
  expect(rowsOf(sources.text)[0]).toContain('sha256');
  expect(rowsOf(sources.text)[1]).toContain(SUSPENSIONS);
});

it.each([
  '/data/none.csv',
  `/data/${SUSPENSIONS}.pdf`,
  `/data/${SUSPENSIONS}`,
  '/data/',
  '/data/../package.json',
  '/data/gias-establishments.dictionary.parquet',
  '/data/constructor.csv',
  "/data/lait';--.csv",
])('%s is not there', async (path) => {
  const { status, read } = await get(path);
  expect([status, read().errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
});

it('a list of the graph can be had as Parquet too, with its types', async () => {
  const query = '{ localAuthorityReorganisations { on canBeRebuilt note } }';
  const { data } = await graph.ask(query);
  const { bytes } = await get(`/graphql.parquet?${new URLSearchParams({ query })}`);
  const read = await parquetReadObjects({ file: Uint8Array.from(bytes).buffer });
  expect(read).toEqual(
    data.localAuthorityReorganisations.map(({ on, ...rest }: { on: string }) => ({
      on: new Date(`${on}T00:00:00Z`),
      ...rest,
    })),
  );
  const empty = await get(
    `/graphql.parquet?${new URLSearchParams({ query: '{ schools(filter: {nameContains: "no such name"}) { nodes { urn } } }' })}`,
  );
  expect(await parquetReadObjects({ file: Uint8Array.from(empty.bytes).buffer })).toEqual([]);
});
