/**
 * Shown: a figure as it is to be printed. Rounding is for the reader alone: nothing is ever worked out from what is shown. A
 * half is rounded away from zero, as printed tables have it, and of the number as it is written: 2.675 is 2.68, though a
 * computer keeps a little less.
 */
import { type Sql, sql } from '../select/sql.js';

/** What the description of every field that is shown says of it. */
export const AS_SHOWN =
  'as it is to be printed: rounded to indicator.decimals, a half away from zero, never in an exponent or with a separator of thousands';

/** A number with as many decimals as its indicator is printed with; null where it is not known. */
export const rounded = (value: Sql, decimals: number): Sql =>
  sql`round((${value})::numeric, ${decimals}::int)::text`;

/** The number; without one what it lies between, else what is known of it, in words. */
export function shown(
  figure: (column: 'value' | 'lower' | 'upper' | 'status') => Sql,
  decimals: number,
): Sql {
  const [value, lower, upper] = (['value', 'lower', 'upper'] as const).map((column) =>
    rounded(figure(column), decimals),
  );
  return sql`coalesce(${value}, ${lower} || ' to ' || ${upper}, lower(replace(${figure('status')}, '_', ' ')))`;
}
