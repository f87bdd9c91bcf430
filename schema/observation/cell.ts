/**
 * Cell: SQL for one published cell, a position of observation.values. A cell without a value is a symbol, and what
 * the symbol means is a constant of the statement.
 */

import type { Stored } from '../select/select.js';
import { Constant, raw, type Sql, sql } from '../select/sql.js';

export interface Cell {
  value: Sql;
  /** The text in the file; null where the file lacks the column. */
  raw: Sql;
  status: Sql;
  /** The value, or the least or most that the symbol in its place can stand for. */
  lower: Sql;
  upper: Sql;
}

const NO_MEANINGS = new Constant('{}');

export function cellAt(observation: Sql, { meanings }: Stored, position: number): Cell {
  const value = sql`${observation}.values[${position}::int]`;
  const text = sql`${observation}.raw ->> ${String(position)}::text`;
  const meant = (what: 'status' | 'lower' | 'upper') =>
    sql`(${meanings[position] ?? NO_MEANINGS}::jsonb #>> ARRAY[${observation}.edition, ${text}, ${raw(`'${what}'`)}])`;
  return {
    value,
    raw: sql`coalesce(${text}, ${value}::text)`,
    status: sql`CASE WHEN ${value} IS NOT NULL THEN 'ACTUAL' ELSE coalesce(${meant('status')}, 'NOT_AVAILABLE') END`,
    lower: sql`coalesce(${value}, ${meant('lower')}::float8)`,
    upper: sql`coalesce(${value}, ${meant('upper')}::float8)`,
  };
}

/** Whether the file has the column at all. */
export const isPresent = (observation: Sql, position: number): Sql =>
  sql`(${observation}.values[${position}::int] IS NOT NULL OR ${observation}.raw ? ${String(position)}::text)`;

/** A bound of a withheld value: its own symbol's, or for a rate what its numerator's comes to over its base. */
export function boundOf(which: 'lower' | 'upper', observation: Sql, stored: Stored): Sql {
  const own = cellAt(observation, stored, stored.position);
  if (stored.numerator === null || stored.denominator === null) {
    return sql`CASE WHEN ${own.value} IS NULL THEN ${own[which]} END`;
  }
  const counted = cellAt(observation, stored, stored.numerator)[which];
  const base = cellAt(observation, stored, stored.denominator).value;
  return sql`CASE WHEN ${own.value} IS NULL THEN coalesce(${own[which]}, ${counted} / nullif(${base}, 0) * ${stored.multiplier}::float8) END`;
}
