/**
 * How far chance alone may have moved a count or a rate, as SQL: 95 per cent confidence intervals by the methods of Public
 * Health England's "Technical Guide: Confidence Intervals" (2018). Of counts of events Byar's approximation, exact limits
 * below 10; of people Wilson's score interval. docs/methods/chance.md
 */
import type { Counted } from '../../jobs/declaration.js';
import { raw, type Sql, sql } from '../select/sql.js';

/** The standard normal quantiles of two-sided limits that hold 95 and 99.8 per cent. */
export const Z95 = 1.959963984540054;
export const Z998 = 3.090232306167813;

export interface Interval {
  lower: Sql;
  upper: Sql;
}

/** Exact Poisson limits (95 per cent) of the counts 0 to 9: half the quantiles of chi-square with 2O and 2O + 2 degrees of freedom. */
const EXACT: readonly (readonly [number, number])[] = [
  [0, 3.688879],
  [0.025318, 5.571643],
  [0.242209, 7.224688],
  [0.618672, 8.767273],
  [1.089865, 10.241589],
  [1.623486, 11.668332],
  [2.201894, 13.059474],
  [2.814363, 14.422675],
  [3.453832, 15.763189],
  [4.115373, 17.084803],
];
const limits = (which: 0 | 1) => raw(`'{${EXACT.map((pair) => pair[which]).join(',')}}'::float8[]`);

/** Of a count of events that may be a fraction, where one is an estimate: float8 in, float8 out. */
export function ofEvents(count: Sql): Interval {
  const z = raw(String(Z95));
  const byar = (about: Sql, sign: Sql) =>
    sql`${about} * (1 - 1 / (9 * ${about}) ${sign} ${z} / (3 * sqrt(${about}))) ^ 3`;
  const limit = (which: 0 | 1, approximate: Sql) =>
    sql`CASE WHEN ${count} >= 0 THEN CASE WHEN ${count} < 10 THEN (${limits(which)})[floor(${count})::int + 1] ELSE ${approximate} END END`;
  return {
    lower: limit(0, byar(count, raw('-'))),
    upper: limit(1, byar(sql`(${count} + 1)`, raw('+'))),
  };
}

/** Of the share that `count` is of `base`: both float8, the share from 0 to 1. Null where count is more than base. */
export function ofPeople(count: Sql, base: Sql): Interval {
  const z = raw(String(Z95));
  const squared = raw(String(Z95 ** 2));
  const limit = (sign: Sql) => sql`CASE WHEN ${base} > 0 AND ${count} BETWEEN 0 AND ${base} THEN
    (2 * ${count} + ${squared} ${sign} ${z} * sqrt(${squared} + 4 * ${count} * (1 - ${count} / ${base}))) / (2 * (${base} + ${squared})) END`;
  return { lower: limit(raw('-')), upper: limit(raw('+')) };
}

/** Of a rate, in the rate's own unit; null where its counts follow no model that chance is fairly judged by. */
export function ofRate(
  { counts, per }: { counts: Counted; per: number },
  count: Sql,
  base: Sql,
): Interval | null {
  if (counts === 'OTHER') return null;
  const times = raw(`${per}::float8`);
  if (counts === 'PEOPLE') {
    const { lower, upper } = ofPeople(count, base);
    return { lower: sql`${times} * ${lower}`, upper: sql`${times} * ${upper}` };
  }
  const { lower, upper } = ofEvents(count);
  const rate = (limit: Sql) => sql`${times} * ${limit} / nullif(${base}, 0)`;
  return { lower: rate(lower), upper: rate(upper) };
}
