/**
 * Pairs: SQL for every two mainstream schools of a local authority and a phase, how far their intakes are apart, and whether
 * their shares of pupils with EHC plans differ beyond chance. Of each pair `a` is the school with the higher share.
 */
import { isMainstream } from '../composition/state-funded.js';
import type { ObservationRow } from '../observation/observation.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { Z95 } from '../statistics/interval.js';
import { type Rate, zOfDifference } from '../statistics/two-rates.js';
import { distanceOf, each, type Intake, inDeviations, sumsOf } from './intake.js';

/** Fewer pupils with a plan than this would be expected: the normal test of two shares is not to be trusted (Cochran). */
const LEAST_EXPECTED = 5;

/** Of a row of a table of pairs. */
export const rates = (pair: Sql): { higher: Rate; lower: Rate } => ({
  higher: { count: sql`${pair}.plans_a`, base: sql`${pair}.pupils_a` },
  lower: { count: sql`${pair}.plans_b`, base: sql`${pair}.pupils_b` },
});

export type PairTables = Record<'schools' | 'sums' | 'ours' | 'pairs' | 'found' | 'counts', Sql>;

/** The tables that the answer is read from. */
export function withPairs(
  { schools, sums, ours, pairs, found, counts }: PairTables,
  {
    intake: { compared, from, school },
    plans,
    code,
    maximumDistance,
    minimumDifference,
  }: {
    intake: Intake;
    plans: ObservationRow;
    code: Sql;
    maximumDistance: number;
    minimumDifference: number;
  },
): Sql {
  const isCounted = (row: Sql) => sql`${row}.status IN ('OPEN', 'PROPOSED_TO_CLOSE') AND ${isMainstream()}`;
  const { higher, lower } = rates(raw('p'));
  const expected = sql`(p.plans_a + p.plans_b) / (p.pupils_a + p.pupils_b)`;
  return sql`WITH ${schools} AS MATERIALIZED (
      SELECT ${school}.urn, ${school}.la_code, ${school}.phase AS peers, ${plans.figure('numerator')} AS plans, ${plans.figure('denominator')} AS pupils,
        ${each(compared, (n, { value }) => sql`${value} AS value${n}`)} ${from(isCounted)}),
    ${sums} AS MATERIALIZED (SELECT peers, ${sumsOf(compared)} FROM ${schools} GROUP BY peers),
    ${ours} AS MATERIALIZED (
      SELECT s.*, s.plans / nullif(s.pupils, 0) AS share, ${each(compared, (n) => sql`${inDeviations(sql`s.value${n}`, sql`u.deviation${n}`)} AS scaled${n}`)},
        s.plans / nullif(s.pupils, 0) <= 1 AND ${each(compared, (n) => sql`s.value${n} IS NOT NULL`, ' AND ')} AS is_judged
      FROM ${schools} s JOIN ${sums} u USING (peers) WHERE s.la_code = ${code}),
    ${pairs} AS (
      SELECT a.urn AS urn_a, b.urn AS urn_b, a.plans AS plans_a, b.plans AS plans_b, a.pupils AS pupils_a, b.pupils AS pupils_b,
        ${each(compared, (n) => sql`a.value${n} AS own${n}, b.value${n}, b.scaled${n} - a.scaled${n} AS difference${n}`)}
      FROM ${ours} a JOIN ${ours} b ON b.peers = a.peers AND (a.share > b.share OR (a.share = b.share AND a.urn < b.urn))
      WHERE a.is_judged AND b.is_judged OFFSET 0),
    ${found} AS MATERIALIZED (
      SELECT f.*, NOT is_small AND z > ${raw(String(Z95))} AS is_beyond,
        NOT is_small AND z > ${raw(String(Z95))} AND points >= ${minimumDifference}::float8 AS is_found
      FROM (
        SELECT p.*, 100 * (p.plans_a / p.pupils_a - p.plans_b / p.pupils_b) AS points, ${zOfDifference('PEOPLE', higher, lower)!} AS z,
          least(${expected}, 1 - ${expected}) * least(p.pupils_a, p.pupils_b) < ${raw(String(LEAST_EXPECTED))} AS is_small
        FROM (SELECT *, ${distanceOf(compared)} AS distance FROM ${pairs} OFFSET 0) p
        WHERE p.distance <= ${maximumDistance}::float8 OFFSET 0) f),
    ${counts} AS MATERIALIZED (
      SELECT (SELECT count(*)::int FROM ${ours}) AS schools, (SELECT count(*)::int FROM ${ours} WHERE is_judged) AS judged,
        count(*)::int AS alike, (count(*) FILTER (WHERE is_small))::int AS small, (count(*) FILTER (WHERE is_beyond))::int AS beyond
      FROM ${found})`;
}
