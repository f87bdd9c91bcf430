/** Of every school and data set the row of its newest period is kept as it stands; a school in parts has none. */
import { describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { openTables } from '../graph/tables.js';

/** Every row of a school's newest period, by sorting them all. */
const BY_SORTING = `
  SELECT urn, data_set_number, period_id, edition, values, raw FROM (
    SELECT sp.urn, o.*, rank() OVER (PARTITION BY sp.urn, o.data_set_number ORDER BY p.starts_on DESC) AS age
    FROM observation o JOIN period p ON p.id = o.period_id
    JOIN school_place sp ON sp.place_id = o.place_id AND p.census_on BETWEEN sp.first_census AND sp.last_census
    WHERE o.to_release IS NULL AND o.breakdown_id IN (SELECT 0 UNION ALL SELECT id FROM breakdown WHERE school_part)
  ) every
  WHERE age = 1 AND (data_set_number, urn) NOT IN (SELECT data_set_number, urn FROM school_in_parts)`;

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('the %s data', (which) => {
  it('keep the newest row of each school, and of no other', async () => {
    const tables = await openTables(loadedDatabase(which));
    const [found] = await tables.rows(`
      WITH sorted AS (${BY_SORTING}), kept AS (SELECT urn, data_set_number, period_id, edition, values, raw FROM school_newest)
      SELECT (SELECT count(*)::int FROM kept) AS kept,
        (SELECT count(*)::int FROM (SELECT * FROM kept EXCEPT SELECT * FROM sorted) x) AS wrong,
        (SELECT count(*)::int FROM (SELECT urn, data_set_number FROM sorted EXCEPT SELECT urn, data_set_number FROM kept) x) AS missing`);
    await tables.close();
    expect(found).toMatchObject({ wrong: 0, missing: 0 });
    expect(found.kept).toBeGreaterThan(100);
  });
});
