/**
 * API keys, as hashes, where the reader cannot look: they have a schema of their own, of which the reader is granted nothing. It may
 * ask whether one hash is a key's, and what that key may spend.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ApiKeys13 implements MigrationInterface {
  readonly name = 'ApiKeys1700000000013';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE SCHEMA IF NOT EXISTS schoolgraph_access;
CREATE TABLE schoolgraph_access.api_key (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  hash bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  rate_limit integer CHECK (rate_limit >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
COMMENT ON TABLE schoolgraph_access.api_key IS 'Keys of those who use the API: the SHA-256 of each, never the key. rate_limit: points a minute, null for what an address has, 0 for as many as it likes.';
CREATE FUNCTION schoolgraph.api_key_of(bytea) RETURNS TABLE (id integer, rate_limit integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = schoolgraph_access, pg_temp
  AS 'SELECT k.id, k.rate_limit FROM api_key k WHERE k.hash = $1 AND k.revoked_at IS NULL';
REVOKE ALL ON FUNCTION schoolgraph.api_key_of(bytea) FROM PUBLIC;
COMMENT ON FUNCTION schoolgraph.api_key_of(bytea) IS 'The key that has this hash; no row where none has, or it was revoked.';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION schoolgraph.api_key_of(bytea); DROP SCHEMA schoolgraph_access CASCADE');
  }
}
