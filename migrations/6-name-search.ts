/**
 * Finding names by a part of them, in whatever case: trigram indexes. The extension comes with Postgres; where the
 * user of the database may not create it, or a host has left it out, the same questions are answered without, slower.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class NameSearch6 implements MigrationInterface {
  readonly name = 'NameSearch1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
DO $$
DECLARE home text;
BEGIN
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
  EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN
    RAISE NOTICE 'no pg_trgm: names are searched without an index';
  END;
  SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  IF home IS NOT NULL THEN
    EXECUTE format('CREATE INDEX school_name_parts ON school USING gin (lower(name) %I.gin_trgm_ops) WHERE to_release IS NULL', home);
    EXECUTE format('CREATE INDEX establishment_group_name_parts ON establishment_group USING gin (lower(name) %I.gin_trgm_ops) WHERE to_release IS NULL', home);
  END IF;
END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX IF EXISTS school_name_parts, establishment_group_name_parts');
  }
}
