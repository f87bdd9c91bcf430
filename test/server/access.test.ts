/** Who may ask: anybody, or whoever has a key, as the operator says. Keys are kept as hashes, where the reader cannot look. */
import { createHash } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { hashOf, keyIn, newKey } from '../../src/access/keys.js';
import { keys } from '../../src/commands/keys.js';
import { openDatabase } from '../../src/database/database.js';
import { readSettings } from '../../src/settings.js';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

let database: OwnDatabase;
let tables: Tables;
beforeAll(async () => {
  database = await ownDatabase('sample');
  tables = await openTables(database.url);
  // Brings the tables up to date.
  await (await openDatabase(readSettings({ DATABASE_URL: database.url }), () => {})).close();
});
afterAll(async () => {
  await tables.close();
  await database.drop();
});

/** What the command says; its settings are the process's. */
async function command(positionals: string[], options: Parameters<typeof keys>[1] = {}): Promise<string> {
  vi.stubEnv('DATABASE_URL', database.url);
  const said = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    expect(await keys(positionals, options)).toBe(0);
    return said.mock.calls.flat().join('\n');
  } finally {
    said.mockRestore();
    vi.unstubAllEnvs();
  }
}
async function create(name: string, rateLimit?: string): Promise<{ id: number; key: string }> {
  const said = await command(['create'], { name, ...(rateLimit ? { 'rate-limit': rateLimit } : {}) });
  return { id: Number(/^Key (\d+),/m.exec(said)![1]), key: /^sg_.*$/m.exec(said)![0] };
}

const ask = (graph: RunningGraph, headers: Record<string, string> = {}, query = '{ england { name } }') =>
  fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

describe('a key', () => {
  it('has 256 random bits, and is told from its text alone to be one', () => {
    const made = new Set(Array.from({ length: 100 }, newKey));
    expect(made.size).toBe(100);
    for (const key of made) {
      expect(key).toMatch(/^sg_[\w-]{43}$/);
      expect(Buffer.from(key.slice(3), 'base64url')).toHaveLength(32);
    }
  });

  it('is sent as a bearer token or as X-API-Key, and nothing else is one', () => {
    expect(keyIn({ authorization: 'Bearer sg_a' })).toBe('sg_a');
    expect(keyIn({ authorization: 'bearer  sg_a ' })).toBe('sg_a');
    expect(keyIn({ 'x-api-key': 'sg_a' })).toBe('sg_a');
    expect(keyIn({ authorization: 'Basic c2c6YQ==' })).toBeNull();
    expect(keyIn({})).toBeNull();
  });

  it('is shown once, and kept as a hash', async () => {
    const { id, key } = await create('Borough of Examples');
    const [row] = await tables.rows('SELECT * FROM schoolgraph_access.api_key WHERE id = $1', [id]);
    expect(row).toMatchObject({ name: 'Borough of Examples', rate_limit: null, revoked_at: null });
    expect(row.hash).toEqual(createHash('sha256').update(key).digest());
    expect(row.hash).toEqual(hashOf(key));
    const listed = await command(['list']);
    expect(listed).toMatch(new RegExp(`^${id} {2}Borough of Examples {2}as an address {2}made \\d{4}-`, 'm'));
    expect(listed).not.toContain(key);
  });

  it.each([
    [['create'], {}, /whose key/],
    [['create'], { name: ' ' }, /whose key/],
    [['create'], { name: 'a', 'rate-limit': 'many' }, /whole number/],
    [['create'], { name: 'a', 'rate-limit': '99999999999' }, /whole number/],
    [['revoke'], {}, /by its number/],
    [['revoke', 'x'], {}, /by its number/],
    [['revoke', '999999'], {}, /no key 999999/],
    [['forget'], {}, /create, list, revoke/],
    [[], {}, /create, list, revoke/],
  ])('%j %j is a mistake that is told', async (positionals, options, message) => {
    await expect(command(positionals, options)).rejects.toMatchObject({
      code: 'BAD_COMMAND',
      message: expect.stringMatching(message),
    });
  });
});

describe('where keys are required', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(database.url, { REQUIRE_API_KEY: '1', RATE_LIMIT: '1000' });
  });
  afterAll(() => graph.close());

  it('nobody is answered without one, with one that is none, or with one that was revoked', async () => {
    const { id, key } = await create('Somebody');
    expect((await ask(graph, bearer(key))).status).toBe(200);
    expect((await ask(graph, { 'X-API-Key': key })).status).toBe(200);
    const before = await create('Somebody else');
    await command(['revoke', String(before.id)]);
    const wrong: Record<string, string>[] = [
      {},
      bearer('sg_wrong'),
      bearer(newKey()),
      bearer(before.key),
      { 'X-API-Key': '' },
    ];
    for (const headers of wrong) {
      const refused = await ask(graph, headers);
      expect(refused.status).toBe(401);
      expect(refused.headers.get('www-authenticate')).toBe('Bearer');
      const text = await refused.text();
      expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      // What was sent is not said again.
      for (const sent of Object.values(headers)) if (sent) expect(text).not.toContain(sent.slice(7));
    }
    // One that has just been good is so for a few seconds more, and then no longer.
    await command(['revoke', String(id)]);
    await expect
      .poll(async () => (await ask(graph, bearer(key))).status, { timeout: 20_000, interval: 250 })
      .toBe(401);
  });

  it('health is told, the page is shown, and a browser may ask first', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect((await fetch(`${graph.address}${path}`)).status).toBe(200);
    expect((await fetch(`${graph.address}/graphql`, { headers: { Accept: 'text/html' } })).status).toBe(200);
    const preflight = await fetch(`${graph.address}/graphql`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it('links and the feed ask for one too, and no cache on the way may hold an answer', async () => {
    const { key } = await create('Links');
    const paths = [
      '/changes.atom?localAuthority=891',
      `/graphql.json?query=${encodeURIComponent('{ england { name } }')}`,
    ];
    for (const path of paths) expect((await fetch(`${graph.address}${path}`)).status).toBe(401);
    const answer = await fetch(`${graph.address}${paths[1]}`, { headers: bearer(key) });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toMatch(/^private/);
  });

  it('whoever tries keys is stopped, and others with them for no longer than a minute', async () => {
    // A try comes back every second: how many it takes in all is the machine's matter.
    let refused: Response | undefined;
    while (!refused) {
      const tries = Array.from({ length: 80 }, () => ask(graph, bearer(newKey())));
      refused = (await Promise.all(tries)).find(({ status }) => status === 429);
    }
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });
});

describe('where they are not', () => {
  it('anybody is answered, and a key that is none is told all the same', async () => {
    const graph = await startGraph(database.url);
    try {
      expect((await ask(graph)).status).toBe(200);
      expect((await ask(graph, bearer('sg_wrong'))).status).toBe(401);
      expect((await ask(graph, { Authorization: 'Basic c2c6YQ==' })).status).toBe(200);
    } finally {
      await graph.close();
    }
  });

  it('a key has a limit of its own, whatever its address has left', async () => {
    const graph = await startGraph(database.url, { RATE_LIMIT: '40' });
    try {
      const [large, own, free] = [
        await create('Large', '500000'),
        await create('As an address'),
        await create('Free', '0'),
      ];
      await (await ask(graph, {}, '{ trusts(first: 100) { nodes { name schools { totalCount } } } }')).text();
      expect((await ask(graph)).status).toBe(429);
      const answer = await ask(graph, bearer(large.key));
      expect([answer.status, answer.headers.get('ratelimit-limit')]).toEqual([200, '500000']);
      expect((await ask(graph, bearer(own.key))).headers.get('ratelimit-limit')).toBe('40');
      expect((await ask(graph, bearer(free.key))).headers.get('ratelimit-limit')).toBeNull();
    } finally {
      await graph.close();
    }
  });
});

it('the reader sees no key, and can ask only for one whose hash it has', async () => {
  const { key } = await create('Unseen');
  const { readerUrl, readerOptions } = await openDatabase(
    readSettings({ DATABASE_URL: database.url }),
    () => {},
  );
  const client = new pg.Client({
    connectionString: readerUrl,
    options: `-c search_path=schoolgraph ${readerOptions}`,
  });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT * FROM api_key_of($1)', [hashOf(key)]);
    expect(rows).toEqual([{ id: expect.any(Number), rate_limit: null }]);
    for (const statement of [
      'SELECT * FROM schoolgraph_access.api_key',
      "INSERT INTO schoolgraph_access.api_key (name, hash) VALUES ('mine', decode(repeat('00', 32), 'hex'))",
      'UPDATE schoolgraph_access.api_key SET revoked_at = NULL',
    ])
      await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' });
  } finally {
    await client.end();
  }
});
