/**
 * Two rates beside each other, as SQL: how many times the one is the other, with a 95 per cent interval, and whether their
 * difference is more than chance would make. Rothman, Greenland and Lash, "Modern Epidemiology", 3rd edition, chapter 14:
 * the ratio on the log scale, the difference by a normal test with the pooled rate. docs/methods/chance.md
 * The interval of a difference is put together from those of the two rates: Newcombe, Statistics in Medicine 17 (1998),
 * 873-890, method 10, and for any two rates Zou and Donner, Statistics in Medicine 27 (2008), 1693-1702.
 */
import type { Counted } from '../../jobs/declaration.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { type Interval, ofRate, Z95 } from './interval.js';

/** A count and what it is out of, both float8. */
export interface Rate {
  count: Sql;
  base: Sql;
}

/** The rate of `one` over that of `other`. Null where a count or a base is zero or unknown. */
export const ratio = (one: Rate, other: Rate): Sql =>
  sql`(${one.count} / nullif(${one.base}, 0)) / nullif(${other.count} / nullif(${other.base}, 0), 0)`;

/** The variance of the logarithm of the ratio; null where a count is zero or, of people, all, and where no model is fair. */
export function varianceOfLogRatio(counts: Counted, one: Rate, other: Rate): Sql | null {
  if (counts === 'OTHER') return null;
  const [variance, isSome] =
    counts === 'EVENTS'
      ? [sql`1 / ${one.count} + 1 / ${other.count}`, sql`${one.base} > 0 AND ${other.base} > 0`]
      : [
          sql`1 / ${one.count} - 1 / ${one.base} + 1 / ${other.count} - 1 / ${other.base}`,
          sql`${one.count} < ${one.base} AND ${other.count} < ${other.base}`,
        ];
  return sql`CASE WHEN ${one.count} > 0 AND ${other.count} > 0 AND ${isSome} THEN ${variance} END`;
}

/** The 95 per cent interval of the ratio; null where a count is zero or, of people, all, and where no model is fair. */
export function ratioInterval(counts: Counted, one: Rate, other: Rate): Interval | null {
  const variance = varianceOfLogRatio(counts, one, other);
  if (variance === null) return null;
  // The guard again: ln() refuses what the variance is null of.
  const limit = (sign: Sql) => sql`CASE WHEN ${one.count} > 0 AND ${other.count} > 0 THEN
    exp(ln(${ratio(one, other)}) ${sign} ${raw(String(Z95))} * sqrt(${variance})) END`;
  return { lower: limit(raw('-')), upper: limit(raw('+')) };
}

/** The 95 per cent interval of the difference in the rates' own unit; null where no model is fair. Zero counts have one. */
export function differenceInterval(
  rate: { counts: Counted; per: number },
  one: Rate,
  other: Rate,
): Interval | null {
  const [ofOne, ofOther] = [one, other].map(({ count, base }) => ofRate(rate, count, base));
  if (!ofOne || !ofOther) return null;
  const value = ({ count, base }: Rate) =>
    sql`(${raw(`${rate.per}::float8`)} * ${count} / nullif(${base}, 0))`;
  const [first, second] = [value(one), value(other)];
  const away = (a: Sql, b: Sql, c: Sql, d: Sql) => sql`sqrt((${a} - ${b}) ^ 2 + (${c} - ${d}) ^ 2)`;
  return {
    lower: sql`${first} - ${second} - ${away(first, ofOne.lower, ofOther.upper, second)}`,
    upper: sql`${first} - ${second} + ${away(ofOne.upper, first, second, ofOther.lower)}`,
  };
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
