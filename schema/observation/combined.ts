/** Figures that are made of several rows of a period, and figures of which a place has one kind or another. */
import type { Stored } from '../select/known.js';
import type { Select } from '../select/select.js';
import { empty, join, raw, type Sql, sql } from '../select/sql.js';
import type { FigureColumn, Figures, Wanted } from './figures.js';
import { type Pool, pooledColumn } from './pooled.js';
import { inTime, type Place, rowsOf, together } from './rows.js';

/** Cells of several rows of observation, grouped by period, and of many places by `key`, a column of `cells`. */
export function grouped(
  place: Place,
  pool: Omit<Pool, 'observation'>,
  held: Sql,
  wanted: Wanted,
  select: Select,
  key?: Sql,
): Figures {
  const { observation, level } = place;
  const { cells } = pool;
  const rows = rowsOf(place, wanted, select);
  const periodId = sql`${cells.alias}.period_id`;
  return {
    from: (which) => {
      const columns = cells.size === 0 ? empty : sql`, ${cells.list((cell) => cell)}`;
      // OFFSET keeps Postgres from working a cell out anew wherever a sum mentions it.
      return sql`FROM (SELECT ${observation}.period_id${columns} ${together(which, rows, place, wanted, select)} OFFSET 0)
        ${cells.alias} GROUP BY ${periodId}${key ? sql`, ${key}` : empty}`;
    },
    ...(key && { key }),
    periodId,
    order: inTime(periodId, wanted, select),
    column: (column, stored) => pooledColumn({ ...pool, observation }, stored)(column),
    held,
    level: raw(`'${level}'`),
  };
}

/** Columns that are asked of a union, so that each of its parts can select them. */
export function unionOf(alias: Sql) {
  const asked = new Map<string, { column: FigureColumn; stored: Stored }>();
  return {
    column: (column: FigureColumn, stored: Stored) => {
      const name = `${column}_${stored.position}`;
      asked.set(name, { column, stored });
      return sql`${alias}.${raw(name)}`;
    },
    columnsOf: ({ periodId, level, key, column: of }: Figures) =>
      join([
        sql`${periodId} AS period_id, ${level} AS level, ${key ?? raw('NULL')} AS key`,
        ...[...asked].map(([name, { column, stored }]) => sql`${of(column, stored)} AS ${raw(name)}`),
      ]),
  };
}

/** Figures of one or the other, of which only one has any. */
export function either(one: Figures, other: Figures, wanted: Wanted, select: Select): Figures {
  const alias = select.alias('e');
  const { column, columnsOf } = unionOf(alias);
  return {
    from: (which) => {
      const [first, second] = [columnsOf(one), columnsOf(other)];
      const newest = which === 'newest' ? sql`ORDER BY ${other.order} DESC LIMIT 1` : empty;
      const summed = sql`${other.from('all')} ${newest}`;
      return sql`FROM ((SELECT ${first} ${one.from(which)}) UNION ALL (SELECT ${second} ${summed})) ${alias}`;
    },
    periodId: sql`${alias}.period_id`,
    order: inTime(sql`${alias}.period_id`, wanted, select),
    column,
    held: one.held,
    level: sql`${alias}.level`,
    ...(one.key && { key: sql`${alias}.key` }),
  };
}
