/**
 * The words of names are put into their index many at once, and no longer one by one: jobs/search-names.ts sees to it that none
 * is left over when it is done, so that a search never looks through what waits. What waits takes room in an index that it never gives
 * back: a megabyte is enough for that of words and that of groups, which are small themselves.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class WordsAtOnce17 implements MigrationInterface {
  readonly name = 'WordsAtOnce1700000000017';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER INDEX search_name_by_word SET (fastupdate = on, gin_pending_list_limit = 1024)',
    );
    // Not there without pg_trgm.
    await runner.query(
      'ALTER INDEX IF EXISTS establishment_group_name_parts SET (gin_pending_list_limit = 1024)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      "SELECT gin_clean_pending_list('search_name_by_word'); ALTER INDEX search_name_by_word SET (fastupdate = off); ALTER INDEX search_name_by_word RESET (gin_pending_list_limit); ALTER INDEX IF EXISTS establishment_group_name_parts RESET (gin_pending_list_limit)",
    );
  }
}
