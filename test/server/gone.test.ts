/** Whoever goes away stops costing: what the database does for them is stopped, and its connection serves the next. */
import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

const PATIENCE = { timeout: 20_000 };

let database: OwnDatabase;
let tables: Tables;
let watching: Tables;
beforeAll(async () => {
  database = await ownDatabase('sample');
  tables = await openTables(database.url);
  watching = await openTables(database.url);
});
afterAll(async () => {
  await tables.close();
  await watching.close();
  await database.drop();
});

/** How many connections wait for the table that is locked. */
const waiting = async () =>
  (
    await watching.rows(
      "SELECT count(*)::int AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND l.relation = 'region'::regclass AND NOT l.granted",
    )
  )[0].n;

const whileLocked = async (use: () => Promise<void>) => {
  await tables.rows('BEGIN');
  await tables.rows('LOCK TABLE region IN ACCESS EXCLUSIVE MODE');
  try {
    await use();
  } finally {
    await tables.rows('ROLLBACK');
  }
};

function begin(graph: RunningGraph, query: string, headers: Record<string, string> = {}): ClientRequest {
  const sent = request(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  sent.on('error', () => {});
  sent.end(JSON.stringify({ query }));
  return sent;
}

describe('a question', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    // One connection, and a statement may take far longer than the test.
    graph = await startGraph(database.url, {
      READER_CONNECTIONS: '1',
      STATEMENT_TIMEOUT_MS: '600000',
      REQUEST_DEADLINE_MS: '600000',
    });
  });
  afterAll(() => graph.close());

  it.each([
    ['in one statement, by Apollo', '{ regions { name } }', {}],
    ['straight from Postgres', '{ regions { name } }', {}],
    ['in a snapshot', '{ regions { name indicator(id: "headcount") { latest { release { id } } } } }', {}],
    ['as a file', '{ regions { name } }', { Accept: 'text/csv' }],
  ])('%s is stopped', async (_how, query, headers) => {
    // Known from the second time on: by then it goes straight.
    await graph.ask('{ regions { name } }');
    await whileLocked(async () => {
      const sent = begin(graph, query, headers as Record<string, string>);
      await expect.poll(waiting, PATIENCE).toBe(1);
      sent.destroy();
      await expect.poll(waiting, PATIENCE).toBe(0);
      // The table is locked still: it is another that is answered, on the same connection.
      expect(
        (await graph.ask('{ localAuthorities { totalCount } }')).data.localAuthorities.totalCount,
      ).toBeGreaterThan(0);
    });
    expect((await graph.ask('{ regions { name } }')).data.regions).toHaveLength(9);
  });

  it('that waits for a connection is not asked at all', async () => {
    await whileLocked(async () => {
      const first = begin(graph, '{ regions { name } }');
      await expect.poll(waiting, PATIENCE).toBe(1);
      const others = Array.from({ length: 5 }, () => begin(graph, '{ regions { code } }'));
      await Promise.all(others.map((one) => once(one, 'finish')));
      for (const other of others) other.destroy();
      first.destroy();
      await expect.poll(waiting, PATIENCE).toBe(0);
      const { data } = await graph.ask('{ localAuthorities { totalCount } }');
      expect(data.localAuthorities.totalCount).toBeGreaterThan(0);
    });
  });
});

it('a question that is not answered within the deadline is told so, and stopped', async () => {
  const graph = await startGraph(database.url, {
    // Within a third of it the headers must have come, and within all of it the next question must be answered.
    REQUEST_DEADLINE_MS: '3000',
    STATEMENT_TIMEOUT_MS: '600000',
  });
  try {
    await whileLocked(async () => {
      const response = await fetch(`${graph.address}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"query":"{ regions { name } }"}',
      });
      expect(response.status).toBe(503);
      expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await response.json()).toMatchObject({
        errors: [{ message: expect.stringContaining('in time'), extensions: { code: 'TIMED_OUT' } }],
      });
      await expect.poll(waiting, PATIENCE).toBe(0);
    });
    expect((await graph.ask('{ regions { name } }')).data.regions).toHaveLength(9);
  } finally {
    await graph.close();
  }
});
