/** p-values agree with the normal distribution's tables, far out too; and false discoveries are controlled step by step. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { raw, sql } from '../../schema/select/sql.js';
import { controlled, pValue } from '../../schema/statistics/p-value.js';
import { loadedDatabase } from '../database.js';
import { openTables, type Tables } from './tables.js';

let tables: Tables;
beforeAll(async () => {
  tables = await openTables(loadedDatabase('sample'));
});
afterAll(() => tables.close());

it.each([
  [0, 1],
  [0.6744897501960817, 0.5],
  [-1.959963984540054, 0.05],
  [2.5758293035489004, 0.01],
  [5, 5.733031437583869e-7],
  [-10, 1.523970604832105e-23],
  [30, 9.813427854297e-198],
])('of %d standard errors it is %d', async (z, p) => {
  const { text, values } = sql`SELECT ${pValue(sql`${z}::float8`)} AS p`.statement;
  const [row] = await tables.rows(text, values);
  expect(row.p / p).toBeCloseTo(1, 6);
});

it('is null of null, and never underflows', async () => {
  const { text, values } =
    sql`SELECT ${pValue(sql`NULL::float8`)} AS none, ${pValue(sql`1e6::float8`)} AS far`.statement;
  const [row] = await tables.rows(text, values);
  expect(row.none).toBeNull();
  expect(row.far).toBeGreaterThan(0);
});

/** The fifteen p-values of Benjamini and Hochberg's own example (1995, section 4.1), of which four are discoveries. */
it('controls the example of the paper', async () => {
  const published = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ];
  const tests = sql`(SELECT p FROM unnest(${published}::float8[]) p)`;
  const { text, values } = sql`${controlled(tests, raw('p'))} ORDER BY p`.statement;
  const rows = await tables.rows(text, values);
  expect(rows.filter(({ adjusted }) => adjusted <= 0.05)).toHaveLength(4);
  expect(rows[3].adjusted).toBeCloseTo((0.0095 * 15) / 4, 12);
  // A step up: the seventh is adjusted by the better of its own and of those after it.
  expect(rows[5].adjusted).toBeCloseTo(Math.min((0.0278 * 15) / 6, (0.0298 * 15) / 7), 12);
});
