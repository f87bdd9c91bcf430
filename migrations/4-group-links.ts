/**
 * group_link: every member that every group of the register has or had, closed groups too. And how many rows a run left out,
 * because only examples of them are kept as issues.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class GroupLinks4 implements MigrationInterface {
  readonly name = 'GroupLinks1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE TABLE group_link (
  urn integer NOT NULL,
  group_uid text NOT NULL,
  joined_on date,
  group_type_code text NOT NULL,
  group_name text NOT NULL,
  group_status text NOT NULL,
  group_opened_on date,
  group_incorporated_on date,
  group_closed_on date,
  -- What a release brought goes with it, where the synthetic sample gives way to real data.
  from_release integer NOT NULL REFERENCES release ON DELETE CASCADE,
  to_release integer,
  row_hash bigint NOT NULL,
  PRIMARY KEY (urn, group_uid, row_hash, from_release)
);
CREATE INDEX group_link_of_school_now ON group_link (urn) WHERE to_release IS NULL;
CREATE INDEX group_link_of_group_now ON group_link (group_uid, urn) WHERE to_release IS NULL;
COMMENT ON TABLE group_link IS 'Members of all groups, open and closed. A school may have joined the same group more than once; the register gives no day of leaving.';

ALTER TABLE run ADD COLUMN rows_left_out integer NOT NULL DEFAULT 0;
COMMENT ON COLUMN run.rows_left_out IS 'Rows that are sound, but not what the data set is for: all of them, where issue keeps only examples.';
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE group_link; ALTER TABLE run DROP COLUMN rows_left_out;');
  }
}
