/** However long a list is and however slowly it is read: memory stays, and half a file is never taken for a whole one. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { setTimeout as after } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { bytesInUse } from './bytes-in-use.js';
import { take } from './taking.js';

const SCHOOLS = 20_000;
const NAME = 'A long name, '.repeat(20);
/** Some 12,000 characters a row: far more than all buffers on the way can hold. */
const LARGE = `query ($first: Int) { schools(first: $first, filter: { nameContains: "A long name" }) { nodes { urn ${[...Array(45).keys()].map((n) => `a${n}: name`).join(' ')} } } }`;

/** Some six batches of rows, which are a tenth of the list. */
const MOST_BYTES = 24_000_000;
const LOOK_BYTES = 20_000_000;

let database: OwnDatabase;
let tables: Tables;
let graph: RunningGraph;
beforeAll(async () => {
  database = await ownDatabase('sample');
  tables = await openTables(database.url);
  await tables.rows(
    `INSERT INTO school SELECT made.*
     FROM (SELECT * FROM school WHERE to_release IS NULL ORDER BY urn LIMIT 1) s, generate_series(2000000, 1999999 + $2::int) n,
       jsonb_populate_record(NULL::school, to_jsonb(s) || jsonb_build_object('urn', n, 'name', $1::text)) made`,
    [NAME, SCHOOLS],
  );
  await tables.rows('ANALYZE school');
  graph = await startGraph(database.url, { READER_CONNECTIONS: '2', STATEMENT_TIMEOUT_MS: '3000' });
});
afterAll(async () => {
  await graph.close();
  await tables.close();
  await database.drop();
});

/** Begins to take a list away, and reads nothing of it. */
async function begin(accept: string, first?: number): Promise<IncomingMessage> {
  const asked = request(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: accept },
  });
  asked.end(JSON.stringify({ query: LARGE, variables: { first } }));
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  response.pause();
  expect(response.statusCode).toBe(200);
  return response;
}

/** Reads it to the end, and tells its size and the most memory that was in use meanwhile, looked at a dozen times. */
async function read(response: IncomingMessage) {
  let [bytes, lines, memory, looked] = [0, 0, 0, 0];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines += 1;
    if (bytes < looked + LOOK_BYTES) continue;
    looked = bytes;
    memory = Math.max(memory, bytesInUse());
  }
  return { bytes, lines, memory };
}

/** The connections by which lists are being taken away. */
const held = () =>
  tables.rows(
    `SELECT pid, state FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
     AND xact_start IS NOT NULL AND query LIKE 'FETCH%'`,
  );

const untilIdle = (): Promise<number> =>
  vi.waitFor(
    async () => {
      const [one] = await held();
      expect(one?.state).toBe('idle in transaction');
      return one.pid;
    },
    { timeout: 20_000 },
  );

describe.each(['text/csv', 'application/jsonl'])('as %s', (accept) => {
  it('memory does not grow with the list, and the database waits for a slow reader', async () => {
    // What is made once is there.
    await read(await begin(accept, 100));
    const before = bytesInUse();
    const response = await begin(accept);
    // Longer than a statement may take: it is not the statement that is slow.
    await after(3_500);
    expect(await untilIdle()).toBeGreaterThan(0);
    expect(bytesInUse() - before).toBeLessThan(MOST_BYTES);
    const { bytes, lines, memory } = await read(response);
    expect(lines).toBe(SCHOOLS + (accept === 'text/csv' ? 1 : 0));
    expect(bytes).toBeGreaterThan(230_000_000);
    expect(memory).toBeGreaterThan(0);
    expect(memory - before).toBeLessThan(MOST_BYTES);
    await vi.waitFor(async () => expect(await held()).toEqual([]), { timeout: 20_000 });
  });

  it('a reader who goes away ends the transaction and frees the connection', async () => {
    for (let times = 0; times < 4; times += 1) {
      const response = await begin(accept);
      await untilIdle();
      response.destroy();
      await vi.waitFor(async () => expect(await held()).toEqual([]), { timeout: 20_000 });
    }
    expect((await take(graph, accept, '{ regions { code } }')).status).toBe(200);
  });

  it('a database that breaks off midway breaks the transfer off, which is logged', async () => {
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
    try {
      const response = await begin(accept);
      const pid = await untilIdle();
      await tables.rows('SELECT pg_terminate_backend($1)', [pid]);
      // Though nobody reads.
      await vi.waitFor(
        () => expect(logged.mock.calls.flat().join('\n')).toMatch(/broke off: .*(terminat|Connection)/),
        { timeout: 20_000 },
      );
      await expect(
        (async () => {
          for await (const _ of response);
        })(),
      ).rejects.toThrow(/aborted/);
      expect(response.complete).toBe(false);
    } finally {
      logged.mockRestore();
    }
    expect((await take(graph, accept, '{ regions { code } }')).status).toBe(200);
  });
});

it('a list that is waited for does not keep questions waiting', async () => {
  const response = await begin('text/csv');
  await untilIdle();
  expect((await graph.ask('{ regions { name } }')).data.regions).toHaveLength(9);
  response.destroy();
  await vi.waitFor(async () => expect(await held()).toEqual([]), { timeout: 20_000 });
});

it('what takes too long before the first byte is told as an error', async () => {
  const other = await openTables(database.url);
  try {
    await other.rows('BEGIN');
    await other.rows('LOCK TABLE school IN ACCESS EXCLUSIVE MODE');
    const { error, status } = await take(graph, 'text/csv', '{ schools { nodes { urn } } }');
    expect([status, error!.extensions.code]).toEqual([503, 'TIMED_OUT']);
    const whole = await fetch(`${graph.address}/data/gias-establishments.csv`);
    const { errors } = (await whole.json()) as { errors: { extensions: { code: string } }[] };
    expect([whole.status, errors[0]!.extensions.code]).toEqual([503, 'TIMED_OUT']);
  } finally {
    await other.close();
  }
  expect((await take(graph, 'text/csv', '{ schools(first: 1) { nodes { urn } } }')).status).toBe(200);
});

it('data that have been replaced a moment ago are those of the file', async () => {
  await graph.ask('{ regions { name } }');
  const synthetic = (await take(graph, 'text/csv', '{ regions { name } }')).headers.get('x-schoolgraph-data');
  expect(synthetic).toBe('synthetic');
  await tables.rows('UPDATE data_version SET version = version + 1, synthetic = false');
  const { headers } = await take(graph, 'text/csv', '{ regions { name } }');
  expect(headers.get('x-schoolgraph-data')).toBeNull();
});
