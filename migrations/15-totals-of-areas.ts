/**
 * The rows that stand for the whole of an area, by period: a few in a hundred of all rows, and those that places are ranked
 * and compared by. All areas of a period are read in one go, where each would be looked up under its place.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class TotalsOfAreas15 implements MigrationInterface {
  readonly name = 'TotalsOfAreas1700000000015';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX observation_totals ON observation (data_set_number, period_id) WHERE breakdown_id = 0 AND to_release IS NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX observation_totals');
  }
}
