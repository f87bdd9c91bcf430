/**
 * Opens the database: the one that DATABASE_URL names, or an embedded one. Either way the schema is brought
 * up to date under a lock, and the API gets a role that can SELECT and nothing else.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { MIGRATION_LOCK } from '../../jobs/locks.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../embedded-postgres/embedded-postgres.js';
import { runningEmbeddedPostgres } from '../embedded-postgres/running.js';
import { describeError, SchoolGraphError } from '../errors.js';
import type { Settings } from '../settings.js';
import { createDataSource } from './data-source.js';

const OLDEST_POSTGRES = 140_000;
const EMBEDDED_DATABASE = 'schoolgraph';
const READER_ROLE = 'schoolgraph_reader';
const WRITER_CONNECTIONS = 5;
/**
 * What Postgres lets any role make: tables of a session, and large objects. In a database of its own nobody needs them; of
 * somebody else's database it is theirs to say (docs/access.md).
 */
const TAKEN_FROM_ANYBODY = `REVOKE TEMPORARY ON DATABASE ${EMBEDDED_DATABASE} FROM PUBLIC;
  REVOKE EXECUTE ON FUNCTION lo_creat(integer), lo_create(oid), lo_from_bytea(oid, bytea) FROM PUBLIC`;

// Numbers that JavaScript can hold come as numbers: bigint counts here are far below 2^53.
pg.types.setTypeParser(pg.types.builtins.INT8, (text) =>
  Number.isSafeInteger(Number(text)) ? Number(text) : text,
);

export interface Database {
  writerUrl: string;
  readerUrl: string;
  /** Start-up options for the reader's connections that its rights need. */
  readerOptions: string;
  embedded: EmbeddedPostgres | null;
  close: () => Promise<void>;
}

/** `attach`: use the embedded database of a SchoolGraph that runs in the same folder, rather than refuse. */
export async function openDatabase(
  settings: Settings,
  report: (line: string) => void,
  { attach = false } = {},
): Promise<Database> {
  if (settings.databaseUrl) {
    const readerOptions = await prepare(settings.databaseUrl, settings.databaseReaderUrl, report);
    return {
      writerUrl: settings.databaseUrl,
      readerUrl: settings.databaseReaderUrl ?? settings.databaseUrl,
      readerOptions,
      embedded: null,
      close: async () => {},
    };
  }
  const directory = join(settings.dataDirectory, 'postgres');
  const running = attach ? await runningEmbeddedPostgres(directory) : null;
  if (running) {
    const writerUrl = withDatabase(running, EMBEDDED_DATABASE);
    const readerOptions = await prepare(writerUrl, null, report);
    return { writerUrl, readerUrl: writerUrl, readerOptions, embedded: null, close: async () => {} };
  }
  const embedded = await startEmbeddedPostgres({ directory, report });
  try {
    const writerUrl = withDatabase(embedded.url, EMBEDDED_DATABASE);
    await createDatabase(embedded.url);
    // A new password for every start, known to nobody but this process and its children.
    const password = randomBytes(24).toString('hex');
    await withClient(writerUrl, async (client) => {
      await ensureRole(client);
      await client.query(`ALTER ROLE ${READER_ROLE} LOGIN PASSWORD '${password}'`);
      await client.query(TAKEN_FROM_ANYBODY);
    });
    const readerUrl = withUser(writerUrl, READER_ROLE, password);
    await prepare(writerUrl, readerUrl, report);
    return { writerUrl, readerUrl, readerOptions: '', embedded, close: () => embedded.stop() };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}

export function openWriterPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: WRITER_CONNECTIONS,
    options: '-c search_path=schoolgraph',
    application_name: 'schoolgraph-jobs',
  });
  // An idle connection that breaks is replaced when the next one is asked for.
  pool.on('error', () => {});
  return pool;
}

/** Migrations and grants; returns the start-up options with which the reader is held to its rights. */
async function prepare(
  url: string,
  readerUrl: string | null,
  report: (line: string) => void,
): Promise<string> {
  await withClient(url, async (client) => {
    const { rows } = await client.query('SHOW server_version_num');
    if (Number(rows[0].server_version_num) < OLDEST_POSTGRES) {
      throw new SchoolGraphError(
        'DATABASE_UNAVAILABLE',
        'DATABASE_URL names a PostgreSQL older than 14: 14 or newer is needed',
      );
    }
    // TypeORM's migrations take no lock of their own; two starting processes would both run them.
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query('CREATE SCHEMA IF NOT EXISTS schoolgraph');
    await client.query('CREATE SCHEMA IF NOT EXISTS tidy');
    await client.query('COMMIT');
    await client.query('BEGIN');
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await migrate(url);
    await client.query('COMMIT');
  });
  return withClient(url, (client) => grantReader(client, readerUrl, report));
}

async function migrate(url: string): Promise<void> {
  const dataSource = createDataSource({ url, connections: 1 });
  await dataSource.initialize();
  try {
    await dataSource.runMigrations();
  } finally {
    await dataSource.destroy();
  }
}

async function grantReader(
  client: pg.Client,
  readerUrl: string | null,
  report: (line: string) => void,
): Promise<string> {
  let role = readerUrl ? decodeURIComponent(new URL(readerUrl).username) : READER_ROLE;
  if (!readerUrl) {
    try {
      await ensureRole(client);
      await client.query(`GRANT ${READER_ROLE} TO CURRENT_USER`);
    } catch (error) {
      if ((error as { code?: string }).code !== '42501') throw error;
      report(
        'The user of DATABASE_URL may not create roles: the API reads with that user, in read-only sessions. Set DATABASE_READER_URL for a user of its own.',
      );
      return '-c default_transaction_read_only=on';
    }
  }
  role = client.escapeIdentifier(role);
  for (const schema of ['schoolgraph', 'tidy']) {
    await client.query(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
    await client.query(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
    await client.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${role}`);
  }
  // The one thing that it may add: what the function lets it.
  await client.query(`GRANT EXECUTE ON FUNCTION schoolgraph.save_query TO ${role}`);
  // The one thing that it may know of API keys.
  await client.query(`GRANT EXECUTE ON FUNCTION schoolgraph.api_key_of(bytea) TO ${role}`);
  return readerUrl ? '' : `-c role=${READER_ROLE}`;
}

async function ensureRole(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [READER_ROLE]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${READER_ROLE} NOLOGIN`);
}

async function createDatabase(url: string): Promise<void> {
  await withClient(url, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [
      EMBEDDED_DATABASE,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${EMBEDDED_DATABASE}`);
  });
}

async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
  } catch (error) {
    throw new SchoolGraphError(
      'DATABASE_UNAVAILABLE',
      `The database cannot be reached: ${describeError(error)}`,
      { cause: error },
    );
  }
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

function withUser(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}
