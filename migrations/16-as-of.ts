/** The schools of a local authority and of a trust as they stood on a day: the indexes of rows without an end lead to those of today alone. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AsOf16 implements MigrationInterface {
  readonly name = 'AsOf1700000000016';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
CREATE INDEX school_of_la ON school (la_code);
CREATE INDEX membership_of_group ON group_membership (group_uid);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX school_of_la, membership_of_group');
  }
}
