/** Figures as they are published: one row of observation for a period, and what its cells say. */
import type { Stored } from '../select/known.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { boundOf, cellAt } from './cell.js';
import type { FigureColumn, Figures, Wanted } from './figures.js';
import { inTime, type Place, rowsOf, singly } from './rows.js';

/** The published cells of one place. */
export const published = (level: Place['level'], place: Sql, wanted: Wanted, select: Select): Figures => {
  const observation = select.alias('o');
  const from = sql`observation ${observation}`;
  const where = sql`${observation}.place_id = ${place}`;
  return asPublished({ observation, level, from, where }, wanted, select);
};

/** The published cells of rows that are one for a period. */
export function asPublished(place: Place, wanted: Wanted, select: Select): Figures {
  const { observation, level } = place;
  const rows = rowsOf(place, wanted, select);
  const periodId = sql`${observation}.period_id`;
  return {
    from: (which) => singly(which, rows, place, wanted, select),
    periodId,
    order: inTime(periodId, wanted, select),
    column: (column, stored) => publishedColumn(observation, stored, column),
    held: sql`NULL::int`,
    level: raw(`'${level}'`),
  };
}

export function publishedColumn(observation: Sql, stored: Stored, column: FigureColumn): Sql {
  const { numerator, denominator } = stored;
  const isRate = numerator !== null && denominator !== null;
  const valueAt = (position: number) => cellAt(observation, stored, position).value;
  switch (column) {
    case 'value':
    case 'raw':
    case 'status':
      return cellAt(observation, stored, stored.position)[column];
    case 'lower':
    case 'upper':
      return boundOf(column, observation, stored);
    case 'numerator':
      // A count over an unknown base is no rate's numerator.
      return isRate
        ? sql`CASE WHEN ${valueAt(denominator)} IS NOT NULL THEN ${valueAt(numerator)} END`
        : sql`NULL::float8`;
    case 'denominator':
      return isRate ? valueAt(denominator) : sql`NULL::float8`;
    case 'is_derived':
      return sql`false`;
    case 'parts':
      return sql`1`;
  }
}
