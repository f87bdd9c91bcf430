/**
 * Funnel limits with overdispersion, as SQL. Places differ by more than chance for reasons that nobody has measured; limits
 * of chance alone would flag most large ones. As the Care Quality Commission and, on another scale, NHS England's Summary
 * Hospital-level Mortality Indicator do: z-scores on a scale where the variance is stable, winsorised at 10 per cent, and
 * what they scatter beyond chance added to the variance of every place (random effects). Spiegelhalter, "Funnel plots for
 * comparing institutional performance", Statistics in Medicine 24 (2005), 1185-1202; Spiegelhalter et al., "Statistical
 * methods for healthcare regulation", Journal of the Royal Statistical Society A 175 (2012), 1-47. docs/methods/outliers.md
 */
import type { Counted } from '../../jobs/declaration.js';
import { raw, type Sql, sql } from '../select/sql.js';

/** What chance is fairly judged by. */
export type Judged = Exclude<Counted, 'OTHER'>;

/** Fewer expected, and a normal distribution is no good likeness of chance. */
export const MINIMUM_EXPECTED = 5;

/** The share of the z-scores on either side that is drawn in to the last one within. */
const WINSORISED = 0.1;

/** A count, what it is out of, and what it would be at the rate of all: float8, above zero where they have to be. */
export interface Expectation {
  count: Sql;
  base: Sql;
  expected: Sql;
}

/** Whether enough is expected: of people, also of those who are not counted. */
export const isEnough = (counts: Judged, { base, expected }: Omit<Expectation, 'count'>): Sql => {
  const least = counts === 'EVENTS' ? expected : sql`least(${expected}, ${base} - ${expected})`;
  return sql`(${least} >= ${raw(String(MINIMUM_EXPECTED))})`;
};

/** How far a place lies from what is expected: of events √(O/E) − 1, of people arcsin √(O/n) − arcsin √(E/n). */
export const deviation = (counts: Judged, { count, base, expected }: Expectation): Sql =>
  counts === 'EVENTS'
    ? sql`(sqrt(${count} / ${expected}) - 1)`
    : sql`(asin(sqrt(least(1, ${count} / ${base}))) - asin(sqrt(${expected} / ${base})))`;

/** The variance that chance alone gives it. */
export const variance = (counts: Judged, { base, expected }: Omit<Expectation, 'count'>): Sql =>
  sql`(1 / (4 * ${counts === 'EVENTS' ? expected : base}))`;

/** The rate, of one, that lies `z` standard deviations from what is expected. */
export function limit(counts: Judged, { base, expected }: Omit<Expectation, 'count'>, deviate: Sql): Sql {
  if (counts === 'EVENTS') return sql`(greatest(0, 1 + ${deviate}) ^ 2 * ${expected} / ${base})`;
  return sql`(sin(greatest(0, least(pi() / 2, asin(sqrt(${expected} / ${base})) + ${deviate}))) ^ 2)`;
}

/**
 * Of deviations and their variances (columns d and v of `table`, grouped by `group`): places k; phi, the mean of the
 * squares of winsorised z-scores; tau2, the variance between places (DerSimonian and Laird), zero where k·phi is no more than k − 1.
 */
export const dispersion = (table: Sql, group: Sql): Sql => {
  const z = sql`s.d / sqrt(s.v)`;
  return sql`SELECT g, k, phi, CASE WHEN k > 1 AND k * phi > k - 1 THEN greatest(0, (k * phi - (k - 1)) / (w - w2 / w)) ELSE 0 END AS tau2
    FROM (
      SELECT s.${group} AS g, count(*) AS k, avg(greatest(q.ends[1], least(q.ends[2], ${z})) ^ 2) AS phi, sum(1 / s.v) AS w, sum(1 / s.v ^ 2) AS w2
      FROM ${table} s
      JOIN (SELECT s.${group} AS g, percentile_cont(ARRAY[${raw(`${WINSORISED}, ${1 - WINSORISED}`)}]) WITHIN GROUP (ORDER BY ${z}) AS ends
        FROM ${table} s GROUP BY 1) q ON q.g = s.${group}
      GROUP BY 1) x`;
};
