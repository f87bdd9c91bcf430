/**
 * The key of observation, in the order in which questions look: a place, a data set, a period, and then whichever
 * breakdown. One figure of a place is one way down the index, and a school that is known by its phase is found without
 * knowing which.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ObservationByPeriod7 implements MigrationInterface {
  readonly name = 'ObservationByPeriod1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE observation DROP CONSTRAINT observation_pkey,
      ADD PRIMARY KEY (place_id, data_set_number, period_id, breakdown_id, from_release)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE observation DROP CONSTRAINT observation_pkey,
      ADD PRIMARY KEY (place_id, data_set_number, breakdown_id, period_id, from_release)`);
  }
}
