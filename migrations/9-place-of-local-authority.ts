/** The place under which files publish a local authority, beside the authority: its figures are one way down one index. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PlaceOfLocalAuthority9 implements MigrationInterface {
  readonly name = 'PlaceOfLocalAuthority1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
INSERT INTO place (id, level, code)
SELECT (SELECT coalesce(max(id), 0) FROM place) + row_number() OVER (ORDER BY a.code), 'LOCAL_AUTHORITY', a.code FROM local_authority a
WHERE NOT EXISTS (SELECT FROM place p WHERE p.level = 'LOCAL_AUTHORITY' AND p.code = a.code);
ALTER TABLE local_authority ADD COLUMN place_id integer;
UPDATE local_authority a SET place_id = p.id FROM place p WHERE p.level = 'LOCAL_AUTHORITY' AND p.code = a.code;
ALTER TABLE local_authority ALTER COLUMN place_id SET NOT NULL;
COMMENT ON COLUMN local_authority.place_id IS 'The place of this 3-digit code, whether or not a file has published anything for it yet.';`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE local_authority DROP COLUMN place_id');
  }
}
