/**
 * How probable a difference is by chance, as SQL: the two-sided p-value of a standard normal deviate, and the control of
 * false discoveries where many are looked at (Benjamini and Hochberg, "Controlling the False Discovery Rate", J. R. Statist.
 * Soc. B 57, 1995). Postgres has erfc only since 16: this is the approximation of Press et al., "Numerical Recipes in C", 2nd
 * edition, section 6.2 (erfcc), whose relative error is below 1.2e-7 everywhere. docs/methods/changes.md
 */
import { raw, type Sql, sql } from '../select/sql.js';

/** Beyond this many standard errors the probability is less than a float8 can tell from 0. */
const FURTHEST = 36;

const COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

/** Of a deviate in standard errors, a float8; null of null. */
export function pValue(z: Sql): Sql {
  const furthest = raw(`${FURTHEST}::float8`);
  // Not least(), which passes over a null.
  const x = sql`(CASE WHEN abs(${z}) > ${furthest} THEN ${furthest} ELSE abs(${z}) END / sqrt(2::float8))`;
  const t = sql`(1 / (1 + 0.5::float8 * ${x}))`;
  const polynomial = COEFFICIENTS.reduceRight<Sql | null>(
    (inner, coefficient) =>
      inner === null ? raw(`(${coefficient})`) : sql`(${raw(String(coefficient))} + ${t} * ${inner})`,
    null,
  )!;
  return sql`(${t} * exp(-${x} * ${x} + ${polynomial}))`;
}

/** The p-values of a query with the false discoveries among them controlled: the column `adjusted`, beside all of `tests`. */
export const controlled = (tests: Sql, p: Sql): Sql => sql`
  SELECT r.*, least(min(${sql`r.${p}`} * r.tests / r.place) OVER (ORDER BY r.${p} DESC), 1) AS adjusted
  FROM (SELECT t.*, count(*) OVER () AS tests, row_number() OVER (ORDER BY t.${p}) AS place FROM ${tests} t) r`;
