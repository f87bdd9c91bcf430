/** A question is saved under a short id, and asked again by it: as it stands now, as of a day, as JSON and as a file. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { readSettings } from '../../src/settings.js';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

let database: OwnDatabase;
let tables: Tables;
let graph: RunningGraph;
beforeAll(async () => {
  database = await ownDatabase('sample');
  graph = await startGraph(database.url, { ANSWER_CACHE_MB: '8' });
  tables = await openTables(database.url);
});
afterAll(async () => {
  await graph.close();
  await tables.close();
  await database.drop();
});

const JSON_TYPE = { 'Content-Type': 'application/json' };
async function send(path: string, request: RequestInit = {}) {
  const response = await fetch(`${graph.address}${path}`, request);
  const text = await response.text();
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
  const read = (): any => JSON.parse(text);
  return { status: response.status, headers: response.headers, text, read };
}
const save = (body: unknown, headers: Record<string, string> = JSON_TYPE) =>
  send('/q', { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const count = async () => (await tables.rows('SELECT count(*)::int AS n FROM saved_query'))[0].n;

const query = 'query Of($code: String!) { region(code: $code) { name subRegions { code name } } }';
const variables = { code: 'E12000007' };

it('answers at its id as the question itself does', async () => {
  const saved = await save({ query, variables });
  expect(saved.status).toBe(201);
  const { id, url, savedAt, asOf, asSaved } = saved.read();
  expect(id).toMatch(/^[1-9A-HJ-NP-Za-km-z]{10}$/);
  expect([url, saved.headers.get('location'), asSaved]).toEqual([`/q/${id}`, url, `${url}?asOf=saved`]);
  expect([Number.isNaN(Date.parse(savedAt)), asOf]).toEqual([false, '2026-09-01']);
  const answer = await graph.ask(query, variables);
  for (const headers of [{}, { Accept: 'text/html,*/*;q=0.8' }] as Record<string, string>[]) {
    for (const path of [url, `${url}.json`]) {
      const found = await send(path, { headers });
      expect(found.status).toBe(200);
      expect(found.read()).toEqual(answer);
      expect(found.headers.get('etag')).toMatch(/^W/);
    }
  }
  const csv = await send(`${url}.csv`);
  expect(csv.text).toMatch(/^name,subRegions.code,subRegions.name\r\nLondon,/);
  expect((await send(url, { headers: { Accept: 'text/csv' } })).text).toBe(csv.text);
  expect((await send(`${url}.xlsx`)).headers.get('content-disposition')).toContain('.xlsx"');
  const [line] = (await send(`${url}.jsonl`)).text.split('\n');
  expect(JSON.parse(line!)).toEqual(answer.data.region.subRegions[0]);
  const { citations } = (await send(`${url}.json?cite=1`)).read().extensions;
  expect(citations.length).toBeGreaterThan(0);
  const etag = csv.headers.get('etag')!;
  expect((await send(`${url}.csv`, { headers: { 'If-None-Match': etag } })).status).toBe(304);
});

it('has the same id when it is saved again, and another for another question', async () => {
  const idOf = async (body: unknown) => (await save(body)).read().id;
  const id = await idOf({ query, variables });
  const before = await count();
  expect(await idOf({ variables, query, operationName: null, extensions: {} })).toBe(id);
  expect(await count()).toBe(before);
  const others = [
    { query, variables: { code: 'E12000001' } },
    { query: `${query} `, variables },
    { query, variables, operationName: 'Of' },
  ];
  const ids = await Promise.all(others.map(idOf));
  expect(new Set([id, ...ids]).size).toBe(4);
  expect((await send(`/q/${ids[0]}`)).read().data.region.name).toBe('North East');
});

it('is answered as of a day, or of the day on which it was saved', async () => {
  const schools = '{ schools(first: 2, orderBy: { field: NAME }) { nodes { urn name } } }';
  const { url, asOf } = (await save({ query: schools })).read();
  const then = await send(`${url}.csv`);
  // A later register.
  await tables.rows(
    `INSERT INTO release SELECT (jsonb_populate_record(NULL::release, to_jsonb(r) || '{"id": 2000000000, "published_on": "2027-01-05"}')).*
     FROM release r JOIN data_set d ON d.number = r.data_set_number WHERE d.id = 'gias-establishments'`,
  );
  await tables.rows(
    `INSERT INTO school SELECT made.*
     FROM school s, jsonb_populate_record(s, jsonb_build_object('from_release', 2000000000, 'name', 'Renamed ' || s.name)) made
     WHERE s.to_release IS NULL`,
  );
  await tables.rows(
    'UPDATE school SET to_release = 2000000000 WHERE to_release IS NULL AND from_release < 2000000000',
  );
  await tables.rows('UPDATE data_version SET version = version + 1, changed_at = clock_timestamp()');
  await expect.poll(async () => (await send(`${url}.csv`)).text, { timeout: 20_000 }).toContain('Renamed');
  expect((await send(`${url}.csv?asOf=saved`)).text).toBe(then.text);
  expect((await send(`${url}.csv?asOf=${asOf}`)).text).toBe(then.text);
  expect((await send(`${url}.csv?asOf=2020-01-01`)).text).toBe('urn,name\r\n');
  // As of the day on which it was saved first.
  expect((await save({ query: schools })).read().asOf).toBe(asOf);
});

describe('what is not saved:', () => {
  it.each([
    ['no JSON', '{', 400, 'BAD_REQUEST'],
    ['no question', '{}', 400, 'BAD_REQUEST'],
    ['a list', `[{"query": "{ england { name } }"}]`, 400, 'BAD_REQUEST'],
    ['what cannot be parsed', { query: '{ england {' }, 400, 'GRAPHQL_PARSE_FAILED'],
    ['a field that there is not', { query: '{ england { nome } }' }, 400, 'GRAPHQL_VALIDATION_FAILED'],
    ['a mutation', { query: 'mutation { a }' }, 400, 'BAD_REQUEST'],
    ['a variable without a value', { query }, 400, 'BAD_USER_INPUT'],
    [
      'no operation of that name',
      { query, variables, operationName: 'No' },
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'U+0000',
      '{"query": "{ schools(filter: {nameContains: \\"\\u0000\\"}) { totalCount } }"}',
      400,
      'BAD_USER_INPUT',
    ],
    ['too much', { query: `{ england { name } } #${'x'.repeat(16_384)}` }, 413, 'QUERY_TOO_LARGE'],
    ['far too much', { query: `{ england { name } } #${'x'.repeat(200_000)}` }, 413, 'QUERY_TOO_LARGE'],
  ])('%s', async (_what, body, status, code) => {
    const before = await count();
    const refused = await save(body);
    expect(refused.status).toBe(status);
    const [error] = refused.read().errors;
    expect(error.extensions).toEqual({ code });
    expect(error.message.length).toBeGreaterThan(20);
    expect(await count()).toBe(before);
  });

  it('what a foreign page could send without asking first', async () => {
    expect((await save({ query, variables }, { 'Content-Type': 'text/plain' })).status).toBe(415);
  });
});

describe('the bounds are the database’s own:', () => {
  let reader: pg.Client;
  beforeAll(async () => {
    const { readerUrl, readerOptions } = await openDatabase(
      readSettings({ DATABASE_URL: database.url }),
      () => {},
    );
    reader = new pg.Client({
      connectionString: readerUrl,
      options: `-c search_path=schoolgraph ${readerOptions}`,
    });
    await reader.connect();
  });
  afterAll(() => reader.end());

  it('the API’s role can neither write, change nor take away a saved question', async () => {
    for (const statement of [
      "INSERT INTO saved_query VALUES ('AAAAAAAAAA', 'x', NULL, '{}', now(), NULL, 1)",
      "UPDATE saved_query SET query = 'x'",
      'DELETE FROM saved_query',
      'TRUNCATE saved_query',
    ])
      await expect(reader.query(statement)).rejects.toMatchObject({ code: '42501' });
  });

  it('an id is never of another question', async () => {
    const { id } = (await save({ query, variables })).read();
    await tables.rows('UPDATE saved_query SET query = $2 WHERE id = $1', [id, '{ england { code } }']);
    await expect(
      reader.query('SELECT * FROM save_query($1, NULL, $2)', [query, variables]),
    ).rejects.toMatchObject({ code: 'SG409' });
    await tables.rows('UPDATE saved_query SET query = $2 WHERE id = $1', [id, query]);
  });

  it('a day has so many, and what is saved already stays', async () => {
    const { url, id } = (await save({ query, variables })).read();
    await tables.rows(
      "INSERT INTO saved_query SELECT 'many' || n, 'x', NULL, '{}', now(), NULL, 1 FROM generate_series(1, 1000) n",
    );
    const refused = await save({ query: '{ england { code } }' });
    expect([refused.status, refused.read().errors[0].extensions.code]).toEqual([503, 'BUSY']);
    expect((await save({ query, variables })).read().id).toBe(id);
    expect((await send(url)).status).toBe(200);
    await tables.rows("UPDATE saved_query SET saved_at = now() - interval '25 hours' WHERE id LIKE 'many%'");
    expect((await save({ query: '{ england { code } }' })).status).toBe(201);
    await tables.rows("DELETE FROM saved_query WHERE id LIKE 'many%'");
  });
});

it.each([
  '/q/AAAAAAAAAA',
  '/q/',
  '/q/short',
  "/q/1';DROP--",
  '/q/%00AAAAAAAAA',
  '/q/AAAAAAAAAA.pdf',
  '/q/a/b',
])('%s is not there', async (path) => {
  const { status, read } = await send(path);
  expect([status, read().errors[0].extensions.code]).toEqual([404, 'NOT_FOUND']);
});

it('is saved with POST and asked with GET, and another page may do both', async () => {
  for (const [path, method, allowed] of [
    ['/q', 'GET', 'POST, OPTIONS'],
    ['/q/AAAAAAAAAA', 'POST', 'GET, HEAD, OPTIONS'],
  ] as const) {
    const { status, headers } = await send(path, { method });
    expect([status, headers.get('allow')]).toEqual([405, allowed]);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect((await send(path, { method: 'OPTIONS' })).status).toBe(204);
  }
});
