/**
 * Two rates beside each other, as SQL: how many times the one is the other, with a 95 per cent interval, and whether their
 * difference is more than chance would make. Rothman, Greenland and Lash, "Modern Epidemiology", 3rd edition, chapter 14:
 * the ratio on the log scale, the difference by a normal test with the pooled rate. docs/methods/chance.md
 */
import type { Counted } from '../../jobs/declaration.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { type Interval, Z95 } from './interval.js';

/** A count and what it is out of, both float8. */
export interface Rate {
  count: Sql;
  base: Sql;
}

/** The rate of `one` over that of `other`. Null where a count or a base is zero or unknown. */
export const ratio = (one: Rate, other: Rate): Sql =>
  sql`(${one.count} / nullif(${one.base}, 0)) / nullif(${other.count} / nullif(${other.base}, 0), 0)`;

/** The 95 per cent interval of the ratio; null where a count is zero, and where no model is fair. */
export function ratioInterval(counts: Counted, one: Rate, other: Rate): Interval | null {
  if (counts === 'OTHER') return null;
  const variance =
    counts === 'EVENTS'
      ? sql`1 / ${one.count} + 1 / ${other.count}`
      : sql`1 / ${one.count} - 1 / ${one.base} + 1 / ${other.count} - 1 / ${other.base}`;
  const limit = (
    sign: Sql,
  ) => sql`CASE WHEN ${one.count} > 0 AND ${other.count} > 0 AND ${one.base} > 0 AND ${other.base} > 0 THEN
    exp(ln(${ratio(one, other)}) ${sign} ${raw(String(Z95))} * sqrt(greatest(${variance}, 0))) END`;
  return { lower: limit(raw('-')), upper: limit(raw('+')) };
}

/**
 * The difference of two rates in standard errors, under the assumption that both are one: beyond ±1.96 it is more than
 * chance makes in 95 of 100 cases. Null where a base is zero or anything is unknown, and where nothing happened at all.
 */
export function zOfDifference(counts: Counted, one: Rate, other: Rate): Sql | null {
  if (counts === 'OTHER') return null;
  const pooled = sql`((${one.count} + ${other.count}) / nullif(${one.base} + ${other.base}, 0))`;
  const spread = counts === 'EVENTS' ? pooled : sql`greatest(${pooled} * (1 - ${pooled}), 0)`;
  return sql`(${one.count} / nullif(${one.base}, 0) - ${other.count} / nullif(${other.base}, 0))
    / nullif(sqrt(${spread} * (1 / nullif(${one.base}, 0) + 1 / nullif(${other.base}, 0))), 0)`;
}

/** Whether the difference of two rates is beyond chance, at 95 per cent. Null where that cannot be judged. */
export function isBeyondChance(counts: Counted, one: Rate, other: Rate): Sql {
  const z = zOfDifference(counts, one, other);
  return z === null ? sql`NULL::boolean` : sql`abs(${z}) > ${raw(String(Z95))}`;
}
