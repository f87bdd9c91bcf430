/** What the API's role may not do, tried statement by statement. */
import type pg from 'pg';

export const FORBIDDEN = [
  "INSERT INTO region VALUES ('E12999999', 'Nowhere')",
  "UPDATE region SET name = 'Nowhere'",
  'DELETE FROM region',
  'TRUNCATE region',
  'DROP TABLE region',
  'DROP SCHEMA schoolgraph CASCADE',
  'ALTER TABLE region ADD COLUMN x int',
  'CREATE TABLE schoolgraph.mine (x int)',
  'CREATE TABLE tidy.mine (x int)',
  'CREATE SCHEMA mine',
  "CREATE FUNCTION schoolgraph.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  'CREATE INDEX ON region (name)',
  'SELECT * FROM region FOR UPDATE',
  "SELECT setval('run_id_seq', 1)",
  "SELECT nextval('run_id_seq')",
  'LOCK TABLE region IN EXCLUSIVE MODE',
  "COPY region TO '/tmp/schoolgraph-leak'",
  "COPY region FROM PROGRAM 'echo'",
  "SELECT pg_read_file('/etc/passwd')",
  'CREATE ROLE mine',
];

/** Those that were not refused for want of a right. */
export async function refusals(client: pg.Client, statements = FORBIDDEN): Promise<string[]> {
  const allowed: string[] = [];
  for (const statement of statements) {
    await client.query('BEGIN');
    const code = await client.query(statement).then(
      () => null,
      (error: { code: string }) => error.code,
    );
    await client.query('ROLLBACK');
    // insufficient_privilege, or read_only_sql_transaction.
    if (code !== '42501' && code !== '25006') allowed.push(`${statement} → ${code ?? 'done'}`);
  }
  return allowed;
}

/** What Postgres lets anybody make, and nobody may in a database of our own. */
export const MAKING = [
  'CREATE TEMPORARY TABLE mine (x int)',
  'CREATE TEMPORARY VIEW mine AS SELECT 1',
  "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
  'SELECT lo_create(0)',
  'SELECT lo_creat(-1)',
  "SELECT lo_from_bytea(0, 'text')",
  'CREATE TABLE public.mine (x int)',
  'CREATE EXTENSION dblink',
];

/** What a login of its own may not do either: become another, whom the rights are. */
export const BECOMING = [
  'SET ROLE postgres',
  'SET SESSION AUTHORIZATION postgres',
  'SET ROLE pg_execute_server_program',
  "COPY (SELECT 1) TO PROGRAM 'cat'",
  "SELECT lo_import('/etc/passwd')",
  "SELECT pg_ls_dir('.')",
  'SELECT * FROM pg_authid',
  'SELECT * FROM schoolgraph_access.api_key',
  'CHECKPOINT',
  "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE c AS 'libc', 'system'",
];
