/**
 * Passes: how the figures of a place join its row. Everything that is asked of one data set, breakdown and choice of
 * periods is read in one pass, a LATERAL join of the place's row: the newest period, or all of them. Only an indicator
 * whose newest period can be another than its data set's, because an edition lacks its column, has a pass of its own.
 */

import { Columns } from '../select/columns.js';
import type { TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { empty, raw, type Sql, sql } from '../select/sql.js';
import { type FigureSource, type Figures, figures, passOf, type Wanted } from './figures.js';
import { figuresOfEach } from './figures-of-each.js';
import type { ObservationRow, PeriodRow } from './observation.js';
import { knownPeriod } from './period-row.js';

/** An indicator of a place: what the fields of PlaceIndicator are read from. */
export interface PlaceIndicatorRow extends Wanted {
  row: TableRow;
  source: FigureSource;
}

/** A pass: figures, a row per period, and the columns that are read of them. */
export interface Pass {
  figures: Figures;
  columns: Columns;
}

/** The newest figure, or null. */
export function newest(asked: PlaceIndicatorRow, select: Select): Sql {
  const { isThere, row } = newestRow(asked, select);
  const object = select.object(row);
  return sql`CASE WHEN ${isThere} THEN ${object} END`;
}

/** What the newest figure is read from, whether there is one, and of which period. */
export function newestRow(
  asked: PlaceIndicatorRow,
  select: Select,
): { isThere: Sql; row: ObservationRow; periodId: Sql } {
  const pass = shared(asked, `newest ${passOf(asked.source, asked)}`, () => {
    const made = begin(asked, select);
    asked.row.joins.push(
      () => sql`LEFT JOIN LATERAL (${selected(made, 'newest')}) ${made.columns.alias} ON true`,
    );
    return made;
  });
  const periodId = sql`${pass.columns.alias}.period_id`;
  return { isThere: sql`${periodId} IS NOT NULL`, row: observationRow(pass, asked, select), periodId };
}

/**
 * The figure of each of many places in one period, all read at once: they are found by `key`, a column of their rows. A
 * FULL JOIN, because Postgres expects one figure where there are thousands, and would go through all of them for every
 * place: a full join it can only hash or merge. A row without a place is for who reads it to drop. `isFew`: whether few places have
 * turned out to be asked, when all has been: each of published figures is looked up then.
 */
export function rowOfEach(
  asked: PlaceIndicatorRow,
  key: Sql,
  select: Select,
  isFew = () => false,
): { isThere: Sql; row: ObservationRow } {
  const pass = shared(asked, `each ${passOf(asked.source, asked)}`, () => {
    const made = {
      figures: figuresOfEach(asked.source, asked, select),
      columns: new Columns(select.alias('f')),
    };
    const { alias } = made.columns;
    asked.row.joins.push(() =>
      isFew()
        ? sql`LEFT JOIN LATERAL (${selected(made, 'newest')}) ${alias} ON true`
        : sql`FULL JOIN (${selected(made, 'all')}) ${alias} ON ${alias}.key = ${key}`,
    );
    return made;
  });
  const ofPlace = pass.columns.of('key', () => pass.figures.key!);
  return { isThere: sql`${ofPlace} IS NOT NULL`, row: observationRow(pass, asked, select) };
}

/** All figures in an array, the oldest first. */
export function all(asked: PlaceIndicatorRow, select: Select): Sql {
  const { pass, arrays } = shared(asked, `all ${passOf(asked.source, asked)}`, () => {
    const made = begin(asked, select);
    const arrays = new Columns(select.alias('l'));
    asked.row.joins.push(() => {
      const order = made.columns.of('in_time', () => made.figures.order);
      const lists = arrays.list((array) => sql`json_agg(${array} ORDER BY ${order})`);
      return sql`LEFT JOIN LATERAL (SELECT ${lists} FROM (${selected(made, 'all')}) ${made.columns.alias}) ${arrays.alias} ON true`;
    });
    return { pass: made, arrays };
  });
  const object = select.object(observationRow(pass, asked, select));
  return sql`coalesce(${arrays.of(`array_${arrays.size + 1}`, () => object)}, '[]')`;
}

/** Figures for a list of one's own, a row for each period: what is read of them, and the rows, when all has been asked. */
export function figuresByPeriod(
  asked: PlaceIndicatorRow,
  select: Select,
): { alias: Sql; row: ObservationRow; rows: () => Sql } {
  const pass = begin(asked, select);
  return {
    alias: pass.columns.alias,
    row: observationRow(pass, asked, select),
    rows: () => selected(pass, 'all'),
  };
}

function shared<T>({ row }: PlaceIndicatorRow, name: string, make: () => T): T {
  const known = row.shared.get(name) as T | undefined;
  if (known) return known;
  const made = make();
  row.shared.set(name, made);
  return made;
}

export const begin = (asked: Pick<PlaceIndicatorRow, 'source' | keyof Wanted>, select: Select): Pass => ({
  figures: figures(asked.source, asked, select),
  columns: new Columns(select.alias('f')),
});

/** A row per period: its id, and the columns that were asked for. */
export const selected = ({ figures: { periodId, from }, columns }: Pass, which: 'newest' | 'all'): Sql =>
  sql`SELECT ${periodId} AS period_id${columns.size === 0 ? empty : sql`, ${columns.list((column) => column)}`} ${from(which)}`;

/** What the fields of an observation read of a pass. */
export function observationRow(
  pass: Pass,
  { stored, indicator, breakdown }: Wanted,
  select: Select,
): ObservationRow {
  const { figures: made, columns } = pass;
  const periodId = sql`${columns.alias}.period_id`;
  const { dataSetNumber } = stored;
  const known = knownPeriod(indicator, periodId, select);
  const period: PeriodRow['period'] = (column) =>
    made.spelling
      ? sql`(SELECT p.${raw(column)} FROM period p WHERE p.id = ${periodId})`
      : known.period(column);
  return {
    figure: (column) =>
      column === 'held'
        ? columns.of(column, () => made.held)
        : columns.of(`${column}_${stored.position}`, () => made.column(column, stored)),
    decimals: indicator.decimals,
    spelled: made.spelling ? (column) => columns.of(column, () => made.spelling!(column)) : known.spelled,
    period,
    breakdown: {
      code: sql`${breakdown ?? 'total'}::text`,
      label: sql`${labelOf(indicator.dataSet.id, breakdown, select)}::text`,
    },
    release: () =>
      made.release
        ? columns.of('release', () => made.release!)
        : sql`(SELECT max(c.release_id) FROM coverage c WHERE c.data_set_number = ${dataSetNumber}::smallint
            AND c.period_id = ${periodId} AND c.level = ${columns.of('level', () => made.level)} AND ${select.released(sql`c.release_id`)})`,
  };
}

/** What the file calls a breakdown. */
export const labelOf = (dataSetId: string, breakdown: string | null, select: Select): string | undefined =>
  breakdown === null
    ? 'Total'
    : select.known.breakdowns(dataSetId).find(({ code }) => code === breakdown)?.label;
