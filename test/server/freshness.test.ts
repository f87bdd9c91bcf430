/**
 * What is asked with GET can be held by any cache: an answer that stands while the data do says by what it is known, and
 * whoever has it is told so in few bytes. What moves meanwhile, or failed, is held by nobody.
 */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

let database: OwnDatabase;
let graph: RunningGraph;
let writer: Tables;
beforeAll(async () => {
  database = await ownDatabase('sample');
  writer = await openTables(database.url);
  // Long enough ago for a time of whole seconds to tell.
  await writer.rows("UPDATE data_version SET changed_at = now() - interval '1 hour'");
  graph = await startGraph(database.url, { ANSWER_CACHE_MB: '16' });
});
afterAll(async () => {
  await graph.close();
  await writer.close();
  await database.drop();
});

const MEANT = { 'Apollo-Require-Preflight': 'true' };
async function get(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(`${graph.address}${path}`, { method, headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
const REGIONS = '{ regions { code name } }';
const asking = (path: string, query: string, more = '') =>
  `${path}?query=${encodeURIComponent(query)}${more}`;

/** However long it then takes to be asked, it was a moment ago. */
const publish = async () => {
  await writer.rows("UPDATE data_version SET version = version + 1, changed_at = now() + interval '1 hour'");
};

describe.each([
  ['an answer', asking('/graphql', REGIONS), MEANT],
  ['an answer by a plain link', asking('/graphql.json', REGIONS), {}],
  ['a file', asking('/graphql', REGIONS), { Accept: 'text/csv' }],
  ['a file by a plain link', asking('/graphql.csv', REGIONS), {}],
  ['a feed', '/changes.atom?localAuthority=301', {}],
])('%s', (what, path, headers) => {
  it('is known by its ETag, and by when the data changed', async () => {
    const first = await get(path, headers);
    expect(first.status).toBe(200);
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^W\/"[\w-]+"$/);
    expect((await get(path, headers)).headers.get('etag')).toBe(etag);
    const again = await get(path, { ...headers, 'If-None-Match': `"other", ${etag}` });
    expect([again.status, again.text, again.headers.get('etag')]).toEqual([304, '', etag]);
    // What a cache must know of the answer it has is told again.
    for (const name of ['cache-control', 'vary', 'last-modified'])
      expect(again.headers.get(name), name).toBe(first.headers.get(name));
    expect((await get(path, { ...headers, 'If-None-Match': '*' })).status).toBe(304);
    expect((await get(path, { ...headers, 'If-None-Match': '"other"' })).status).toBe(200);
    if (what === 'a feed') return;
    expect(first.headers.get('cache-control')).toMatch(/^public, max-age=\d+/);
    const since = first.headers.get('last-modified')!;
    const [{ changed }] = await writer.rows('SELECT changed_at AS changed FROM data_version');
    expect(since).toBe(changed.toUTCString());
    const unmodified = await get(path, { ...headers, 'If-Modified-Since': since });
    expect([unmodified.status, unmodified.text]).toEqual([304, '']);
    // An ETag says more than a time does.
    const both = { ...headers, 'If-Modified-Since': since, 'If-None-Match': '"other"' };
    expect((await get(path, both)).status).toBe(200);
  });
});

it('another question, format, or option has another ETag', async () => {
  const paths = [
    asking('/graphql.json', REGIONS),
    asking('/graphql.csv', REGIONS),
    asking('/graphql.csv', REGIONS, '&bom=1'),
    asking('/graphql.csv', '{ regions { name code } }'),
    asking('/graphql.csv', REGIONS, '&asOf=2026-01-01'),
  ];
  const etags = await Promise.all(paths.map(async (path) => (await get(path)).headers.get('etag')));
  expect(new Set(etags).size).toBe(paths.length);
  expect(etags).not.toContain(null);
});

it('one address that answers by its Accept header says so to caches', async () => {
  expect((await get(asking('/graphql', REGIONS), MEANT)).headers.get('vary')).toBe('Accept');
  expect((await get(asking('/graphql.csv', REGIONS))).headers.get('vary')).toBeNull();
});

it('of what there is no answer to, "*" is none', async () => {
  const headers = { 'If-None-Match': '*' };
  expect((await get(asking('/graphql.json', '{ nothing }'), headers)).status).toBe(400);
  expect((await get('/q/1111111111', headers)).status).toBe(404);
});

it('HEAD tells what GET does', async () => {
  for (const path of [
    asking('/graphql.csv', REGIONS),
    asking('/graphql.json', REGIONS),
    asking('/graphql', REGIONS),
    '/data',
    '/changes.atom?localAuthority=301',
  ]) {
    const [head, whole] = [await get(path, MEANT, 'HEAD'), await get(path, MEANT)];
    expect([head.status, head.text]).toEqual([200, '']);
    for (const name of ['etag', 'content-type', 'content-disposition', 'cache-control'])
      expect(head.headers.get(name)).toBe(whole.headers.get(name));
  }
});

it('a publication makes the ETag another', async () => {
  const path = asking('/graphql.json', '{ england { indicator(id: "suspensions") { latest { value } } } }');
  const { headers, text } = await get(path);
  const etag = headers.get('etag')!;
  await writer.rows(
    `UPDATE observation o SET values = (SELECT array_agg(x + 1) FROM unnest(o.values) x)
     FROM place p WHERE p.id = o.place_id AND p.level = 'NATIONAL'`,
  );
  await publish();
  await expect
    .poll(async () => (await get(path, { 'If-None-Match': etag })).status, { timeout: 20_000 })
    .toBe(200);
  const now = await get(path, { 'If-None-Match': etag });
  expect(now.headers.get('etag')).not.toBe(etag);
  // Too soon for a time of whole seconds to tell it from the next.
  expect(now.headers.get('last-modified')).toBeNull();
  const figureOf = (json: string) => JSON.parse(json).data.england.indicator.latest.value;
  expect(figureOf(now.text)).toBe(figureOf(text) + 1);
});

it.each([
  ['runs', '{ dataSets { id lastRun { message } } }'],
  ['a wrong question', '{ regions { nome } }'],
  ['an answer in part', '{ regions { name } school(urn: 1) { name } }'],
])('%s: held by nobody', async (_what, query) => {
  const path = asking('/graphql.json', query);
  for (let time = 0; time < 3; time += 1) {
    const { headers } = await get(path);
    expect(headers.get('etag')).toBeNull();
    expect(headers.get('last-modified')).toBeNull();
    expect(headers.get('cache-control')).toBe('no-store');
  }
});

it('an answer to GET is kept, and stays refused to a page that has not asked first', async () => {
  const path = asking('/graphql', '{ england { name } }');
  const first = await get(path, MEANT);
  await get(asking('/graphql', REGIONS), MEANT);
  await get(asking('/graphql.csv', REGIONS));
  // Without the table that it is made from, of which the fault is logged.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await writer.rows('ALTER TABLE region RENAME TO region_away');
  try {
    const listed = asking('/graphql.json', '{ regions { code } }');
    expect(JSON.parse((await get(listed)).text).errors).toHaveLength(1);
    expect((await get(asking('/graphql', REGIONS), MEANT)).status).toBe(200);
    expect((await get(asking('/graphql.csv', REGIONS))).status).toBe(200);
  } finally {
    await writer.rows('ALTER TABLE region_away RENAME TO region');
    vi.restoreAllMocks();
  }
  const etag = first.headers.get('etag')!;
  expect((await get(path)).status).toBe(400);
  expect((await get(path, { 'If-None-Match': etag })).status).toBe(400);
});

describe('a question that is asked by its hash', () => {
  const query = 'query Persisted($code: String!) { region(code: $code) { name } }';
  const sha256Hash = createHash('sha256').update(query).digest('hex');
  const extensions = { persistedQuery: { version: 1, sha256Hash } };
  const byHash = (variables: unknown) =>
    `/graphql?extensions=${encodeURIComponent(JSON.stringify(extensions))}&variables=${encodeURIComponent(JSON.stringify(variables))}`;
  const code = { code: 'E12000001' };

  it('is sent once, and then has a short address that any cache can hold', async () => {
    const unknown = JSON.parse((await get(byHash(code), MEANT)).text);
    expect(unknown.errors[0]).toMatchObject({
      message: 'PersistedQueryNotFound',
      extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' },
    });
    const sent = await fetch(`${graph.address}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables: code, extensions }),
    });
    const { data } = (await sent.json()) as { data: unknown };
    for (let time = 0; time < 3; time += 1) {
      const answer = await get(byHash(code), MEANT);
      expect(JSON.parse(answer.text).data).toEqual(data);
      expect(answer.headers.get('etag')).toMatch(/^W/);
    }
    const other = JSON.parse((await get(byHash({ code: 'E12000009' }), MEANT)).text);
    expect(other.data.region).not.toEqual((data as { region: unknown }).region);
  });

  it('must have the hash that it is said to have', async () => {
    const wrong = { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } };
    const path = `/graphql?query=${encodeURIComponent(query)}&extensions=${encodeURIComponent(JSON.stringify(wrong))}`;
    expect(JSON.parse((await get(path, MEANT)).text).errors[0].extensions.code).toBe('BAD_REQUEST');
  });
});
