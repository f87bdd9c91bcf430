/**
 * Of every school its rows are kept as they stand, with its kind, that of its newest period marked; of a school in parts none
 * is. Each kind is kept once, with how many schools are of it.
 */
import { describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { openTables } from '../graph/tables.js';
import { EVERY_KIND, EVERY_ROW_OF_SCHOOLS, KEPT_KINDS, KEPT_OF_SCHOOLS } from './rows-of-schools.js';

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('the %s data', (which) => {
  it('keep the rows of each school, and no other', async () => {
    const tables = await openTables(loadedDatabase(which));
    const [found] = await tables.rows(`
      WITH stands AS (${EVERY_ROW_OF_SCHOOLS}), kept AS (${KEPT_OF_SCHOOLS})
      SELECT (SELECT count(*)::int FROM kept) AS kept, (SELECT count(*)::int FROM stands) AS stand,
        (SELECT count(*)::int FROM (SELECT * FROM kept EXCEPT SELECT * FROM stands) x) AS wrong,
        (SELECT count(*)::int FROM (SELECT * FROM stands EXCEPT SELECT * FROM kept) x) AS missing,
        (SELECT count(*)::int FROM kept WHERE is_newest) AS newest`);
    const [kinds] = await tables.rows(`
      SELECT (SELECT count(*)::int FROM school_kind) AS kept,
        (SELECT count(*)::int FROM (SELECT * FROM (${KEPT_KINDS}) k EXCEPT SELECT * FROM (${EVERY_KIND}) e) x) AS wrong,
        (SELECT count(*)::int FROM (SELECT * FROM (${EVERY_KIND}) e EXCEPT SELECT * FROM (${KEPT_KINDS}) k) x) AS missing`);
    await tables.close();
    expect(kinds).toMatchObject({ wrong: 0, missing: 0 });
    expect(kinds.kept).toBeGreaterThan(10);
    expect(found).toMatchObject({ wrong: 0, missing: 0, stand: found.kept });
    expect(found.newest).toBeGreaterThan(100);
  });
});
