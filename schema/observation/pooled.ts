/**
 * Pooled: SQL for a figure that is made of several cells of a period, those of a trust's schools, of a region's local
 * authorities, or of a middle school's two phases. A pooled rate is the sum of numerators over the sum of
 * denominators, never a mean of rates. A withheld cell is not nothing: the sum then has no value, only bounds. A cell
 * that is not applicable or not available says nothing about the sum: it is left out and not counted in `parts`.
 */

import type { Columns } from '../select/columns.js';
import type { Stored } from '../select/known.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { boundOf, type Cell, cellAt } from './cell.js';
import type { FigureColumn } from './figures.js';

/** Statuses that leave a number unknown, but there: a sum over them has bounds and no value. */
export const WITHHELD = raw("('SUPPRESSED', 'LOW', 'UNRELIABLE')");

export interface Pool {
  /** The cells that are pooled, a row each, of the period that is grouped by. */
  cells: Columns;
  /** The row of observation that a cell stands in. */
  observation: Sql;
  /** What a part is, to count them. */
  part: Sql;
  /** A period with one cell keeps that cell's own published value. */
  singleAsPublished: boolean;
  /** Parts that have no row, where they are among the cells: which these are, and whether a group has some. */
  without?: { isOne: Sql; some: Sql };
}

/** What a row brings to a sum: columns of `cells`. */
export interface Terms {
  /** What is counted: the numerator of a rate, or the count itself. */
  counted: (what: keyof Cell) => Sql;
  /** Out of what; null for a count. */
  base: Sql | null;
  /** It says something about the sum: a number, or one that is withheld. */
  takesPart: Sql;
  /** Of a row that takes part: all of it is known. */
  isKnown: Sql;
}

export function termsOf({ cells, observation }: Pick<Pool, 'cells' | 'observation'>, stored: Stored): Terms {
  const { position, numerator, denominator } = stored;
  const isRate = numerator !== null && denominator !== null;
  const cell = (at: number, what: keyof Cell) =>
    cells.of(`${what}_${at}`, () => cellAt(observation, stored, at)[what]);
  const counted = (what: keyof Cell) => cell(numerator ?? position, what);
  const base = isRate ? cell(denominator, 'value') : null;
  const takesPart = cells.of(`takes_part_${position}`, () => {
    const isThere = (at: number) => {
      const { value, status } = cellAt(observation, stored, at);
      return sql`(${value} IS NOT NULL OR ${status} IN ${WITHHELD})`;
    };
    return isRate ? sql`(${isThere(denominator)} AND ${isThere(numerator)})` : isThere(position);
  });
  const isKnown = base
    ? sql`${counted('value')} IS NOT NULL AND ${base} IS NOT NULL`
    : sql`${counted('value')} IS NOT NULL`;
  return { counted, base, takesPart, isKnown };
}

/** An aggregate for every column of a figure. */
export function pooledColumn(
  { cells, observation, part, singleAsPublished, without }: Pool,
  stored: Stored,
): (column: FigureColumn) => Sql {
  const { position, multiplier } = stored;
  const { counted, base, takesPart, isKnown } = termsOf({ cells, observation }, stored);
  const published = (what: keyof Cell) =>
    cells.of(`${what}_${position}`, () => cellAt(observation, stored, position)[what]);
  // A sum with an unknown term is unknown, where SQL's sum() would pass over it.
  const sumOf = (term: Sql) =>
    sql`CASE WHEN bool_and(${term} IS NOT NULL) FILTER (WHERE ${takesPart}) THEN sum(${term}) FILTER (WHERE ${takesPart}) END`;
  const scaled = (term: Sql) =>
    base ? sql`(${sumOf(term)}) / nullif(${sumOf(base)}, 0) * ${multiplier}::float8` : sumOf(term);
  const complete = sql`bool_and(${isKnown}) FILTER (WHERE ${takesPart})`;
  /** `single`: what a period with a single cell has; `summed`: what a sum has. */
  const unlessSingle = (single: () => Sql, summed: Sql) =>
    singleAsPublished ? sql`CASE WHEN count(*) = 1 THEN min(${single()}) ELSE ${summed} END` : summed;
  const bound = (which: 'lower' | 'upper', term: Sql) =>
    unlessSingle(
      () => cells.of(`${which}_bound_${position}`, () => boundOf(which, observation, stored)),
      sql`CASE WHEN NOT coalesce(${complete}, true) THEN ${scaled(term)} END`,
    );

  /** Of a sum without a number: what its cells say of themselves. */
  const unknown = () => {
    const isUnknown = sql`${counted('status')} <> 'ACTUAL'`;
    return without
      ? sql`least(min(${counted('status')}) FILTER (WHERE ${isUnknown} AND NOT ${without.isOne}), CASE WHEN ${without.some} THEN 'NOT_AVAILABLE' END)`
      : sql`min(${counted('status')}) FILTER (WHERE ${isUnknown})`;
  };

  return (column) => {
    switch (column) {
      case 'value':
        return unlessSingle(() => published('value'), scaled(counted('value')));
      case 'lower':
        return bound('lower', sql`coalesce(${counted('lower')}, 0)`);
      case 'upper':
        return bound('upper', counted('upper'));
      case 'status':
        return unlessSingle(
          () => published('status'),
          sql`CASE WHEN count(*) FILTER (WHERE ${takesPart}) = 0
              THEN coalesce(${unknown()}, 'NOT_AVAILABLE')
            WHEN NOT ${complete} THEN 'SUPPRESSED'
            ${base ? sql`WHEN (${sumOf(base)}) = 0 THEN 'NOT_APPLICABLE'` : sql``} ELSE 'ACTUAL' END`,
        );
      case 'raw':
        return singleAsPublished
          ? sql`CASE WHEN count(*) = 1 THEN min(${published('raw')}) END`
          : sql`NULL::text`;
      case 'numerator':
        return base ? sumOf(counted('value')) : sql`NULL::float8`;
      case 'denominator':
        return base ? sumOf(base) : sql`NULL::float8`;
      case 'is_derived':
        return singleAsPublished ? sql`count(*) <> 1` : sql`true`;
      case 'parts':
        return sql`(count(DISTINCT ${cells.of('part', () => part)}) FILTER (WHERE ${takesPart}))::int`;
    }
  };
}
