/** The API reads under a role that can SELECT and nothing else. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { readSettings } from '../../src/settings.js';
import { type OwnDatabase, onServer, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { BECOMING, refusals } from './forbidden.js';

let database: OwnDatabase;
let tables: Tables;
beforeAll(async () => {
  database = await ownDatabase('sample');
  tables = await openTables(database.url);
});
afterAll(async () => {
  await tables.close();
  await database.drop();
});

describe('without DATABASE_READER_URL', () => {
  it('the reader’s connections can select, and nothing else', async () => {
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
      expect((await client.query('SELECT count(*)::int AS n FROM region')).rows[0].n).toBe(11);
      expect(
        (await client.query('SELECT 1 FROM tidy.suspensions_and_permanent_exclusions LIMIT 1')).rowCount,
      ).toBe(1);
      expect(await refusals(client)).toEqual([]);
    } finally {
      await client.end();
    }
  });

  it('and the API does read through them', async () => {
    const graph = await startGraph(database.url);
    try {
      expect((await graph.ask('{ regions { name } }')).errors).toBeUndefined();
      // What is refused to the reader is a fault of ours, and logged as one.
      vi.spyOn(console, 'error').mockImplementation(() => {});
      await tables.rows('REVOKE SELECT ON region FROM schoolgraph_reader');
      expect((await graph.ask('{ regions { code } }')).errors![0]!.extensions.code).toBe('INTERNAL');
    } finally {
      vi.restoreAllMocks();
      await tables.rows('GRANT SELECT ON region TO schoolgraph_reader');
      await graph.close();
    }
  });
});

describe('with a DATABASE_READER_URL', () => {
  const role = `schoolgraph_test_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  let graph: RunningGraph;
  let readerUrl: string;
  beforeAll(async () => {
    await onServer(inject('server'), `CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
    const url = new URL(database.url);
    url.username = role;
    url.password = password;
    readerUrl = url.href;
    graph = await startGraph(database.url, { DATABASE_READER_URL: readerUrl });
  });
  afterAll(async () => {
    await graph?.close();
    await tables.rows(`DROP OWNED BY ${role}`);
    await onServer(inject('server'), `DROP ROLE ${role}`);
  });

  it('the API works under that user', async () => {
    const { data, errors } = await graph.ask(
      '{ schools(first: 1) { totalCount } england { indicator(id: "headcount") { latest { value release { dataSet { publisher } } } } } dataStatus { dataSets { lastRun { outcome } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.schools.totalCount).toBeGreaterThan(1_000);
    // Whoever brought the tables up to date, or asked before, may be just about gone.
    const users = () =>
      tables.rows(
        "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
      );
    await expect.poll(users, { timeout: 20_000 }).toEqual([{ usename: role }]);
  });

  it('the user is granted SELECT and nothing else', async () => {
    const granted = await tables.rows(
      'SELECT DISTINCT table_schema, privilege_type FROM information_schema.role_table_grants WHERE grantee = $1 ORDER BY 1',
      [role],
    );
    expect(granted).toEqual([
      { table_schema: 'schoolgraph', privilege_type: 'SELECT' },
      { table_schema: 'tidy', privilege_type: 'SELECT' },
    ]);
    const client = new pg.Client({ connectionString: readerUrl, options: '-c search_path=schoolgraph' });
    await client.connect();
    try {
      expect(await refusals(client)).toEqual([]);
      expect(await refusals(client, BECOMING)).toEqual([]);
    } finally {
      await client.end();
    }
  });

  it('what is made later can be read too', async () => {
    await tables.rows('CREATE TABLE schoolgraph.later (x int)');
    const client = new pg.Client({ connectionString: readerUrl });
    await client.connect();
    try {
      expect((await client.query('SELECT * FROM schoolgraph.later')).rows).toEqual([]);
    } finally {
      await client.end();
      await tables.rows('DROP TABLE schoolgraph.later');
    }
  });
});
