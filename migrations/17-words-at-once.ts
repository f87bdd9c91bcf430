/**
 * The words of names are put into their index all at once, at the end of the statement that brings many names, and no longer
 * one by one: jobs/search-names.ts sees to it that none is left over when it is done, so that a search never looks through what waits.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WordsAtOnce17 implements MigrationInterface {
  readonly name = 'WordsAtOnce1700000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER INDEX search_name_by_word SET (fastupdate = on)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      "SELECT gin_clean_pending_list('search_name_by_word'); ALTER INDEX search_name_by_word SET (fastupdate = off)",
    );
  }
}
