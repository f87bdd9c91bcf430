/**
 * Quartile bands, as SQL: where a value lies among others, as the local authority interactive tool (LAIT) of the
 * Department for Education works it out (calculate_quartile_band in its R/fn_analysis.R): limits by linear interpolation,
 * type 7 of Hyndman and Fan (1996), which is percentile_cont; a value that is a limit belongs to the band of the lower
 * values. A is the best quarter.
 */
import { raw, type Sql, sql } from '../select/sql.js';

/** An aggregate: the lower quartile, the median and the upper quartile; null without a value. */
export const quartilesOf = (value: Sql): Sql =>
  sql`percentile_cont(ARRAY[0.25, 0.5, 0.75]::float8[]) WITHIN GROUP (ORDER BY ${value})`;

/** From the lowest values to the highest. */
const BANDS = { LOW: ['A', 'B', 'C', 'D'], HIGH: ['D', 'C', 'B', 'A'] } as const;

export function bandOf(value: Sql, quartiles: Sql, polarity: keyof typeof BANDS): Sql {
  const [first, second, third, last] = BANDS[polarity].map((band) => raw(`'${band}'`));
  return sql`CASE WHEN ${value} <= (${quartiles})[1] THEN ${first} WHEN ${value} <= (${quartiles})[2] THEN ${second}
    WHEN ${value} <= (${quartiles})[3] THEN ${third} WHEN ${value} > (${quartiles})[3] THEN ${last} END`;
}
