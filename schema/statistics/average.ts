/**
 * The average of several places, as SQL aggregates. Of a rate whose counts are published it is the sum of numerators over
 * the sum of denominators, so that a large place counts for more than a small one; else the plain mean, as the local
 * authority interactive tool (LAIT) takes it. A place without a value does not go in. docs/methods/comparison.md
 */
import { type Sql, sql } from '../select/sql.js';

/** Of each place: its value, and for a rate the counts that it is made of, null where they are not published. */
export interface Averaged {
  value: Sql;
  numerator: Sql;
  denominator: Sql;
  /** What numerator over denominator is multiplied by; null for what is no rate. */
  multiplier: number | null;
  /** In which order values are added: the last digit of a sum of fractions depends on it. */
  inOrder: Sql;
}

export interface Average {
  average: Sql;
  /** RATIO_OF_SUMS or PLAIN_MEAN; null without a value. */
  method: Sql;
  /** How many went in. */
  used: Sql;
}

export function averageOf({ value, numerator, denominator, multiplier, inOrder }: Averaged): Average {
  const filter = sql`FILTER (WHERE ${value} IS NOT NULL)`;
  const mean = sql`avg(${value} ORDER BY ${inOrder}) ${filter}`;
  const used = sql`(count(*) ${filter})::int`;
  if (multiplier === null) {
    return { average: mean, method: sql`CASE WHEN ${used} > 0 THEN 'PLAIN_MEAN' END`, used };
  }
  const isRatio = sql`(bool_and(${numerator} IS NOT NULL AND ${denominator} IS NOT NULL) ${filter} AND sum(${denominator}) ${filter} > 0)`;
  return {
    average: sql`CASE WHEN ${isRatio} THEN ${multiplier}::float8 * (sum(${numerator}) ${filter}) / (sum(${denominator}) ${filter}) ELSE ${mean} END`,
    method: sql`CASE WHEN ${isRatio} THEN 'RATIO_OF_SUMS' WHEN ${used} > 0 THEN 'PLAIN_MEAN' END`,
    used,
  };
}
