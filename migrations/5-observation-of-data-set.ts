/**
 * The rows of one data set lie close together, as each release is written in one go: a few kilobytes that say in which
 * pages a data set is spare whoever reads all of it (coverage, and every load) the pages of all the others.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ObservationOfDataSet5 implements MigrationInterface {
  readonly name = 'ObservationOfDataSet1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE INDEX observation_of_data_set ON observation USING brin (data_set_number) WITH (pages_per_range = 16, autosummarize = on)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX observation_of_data_set');
  }
}
