/** Figures of a series: one row of a measure and place holds every period, in the positions of series_period. */

import type { Select } from '../select/select.js';
import { empty, raw, type Sql, sql } from '../select/sql.js';
import type { FigureColumn, FigureSource, Figures, Wanted } from './figures.js';
import { placeId } from './rows.js';

export function seriesFigures(source: FigureSource, wanted: Wanted, select: Select): Figures {
  switch (source.kind) {
    case 'published':
      return ofPlace(source.level, source.place, wanted, select);
    case 'region':
      return ofPlace('REGIONAL', placeId('REGIONAL', source.code), wanted, select);
    case 'school':
      return ofPlace('SCHOOL', placeId('SCHOOL', sql`${source.urn}::text`), wanted, select);
    case 'trust':
    case 'rows':
      throw new Error('a series does not add up');
  }
}

/** The figures of every place that has the series, found by its id; `newest` is that of the one place. */
export function seriesOfEach(place: Sql, wanted: Wanted, select: Select): Figures {
  return ofPlace('LOCAL_AUTHORITY', place, wanted, select, true);
}

function ofPlace(
  level: string,
  place: Sql,
  { stored, periods, periodId }: Wanted,
  select: Select,
  isEach = false,
): Figures {
  const { dataSetNumber, seriesMeasure } = stored;
  const single = periods?.length === 1 ? periods[0] : undefined;
  const [series, period, cell] = ['s', 'sp', 'c'].map((name) => select.alias(name)) as [Sql, Sql, Sql];
  const meant = (
    what: Sql,
  ) => sql`(SELECT ${what} FROM symbol y WHERE y.data_set_number = ${dataSetNumber}::int
    AND y.edition = (SELECT id FROM data_set WHERE number = ${dataSetNumber}::int) AND y.position = 0 AND y.symbol = ${cell}.raw)`;
  const columns: Record<FigureColumn, Sql> = {
    value: sql`${cell}.value`,
    lower: sql`CASE WHEN ${cell}.value IS NULL THEN ${meant(sql`y.lower`)} END`,
    upper: sql`CASE WHEN ${cell}.value IS NULL THEN ${meant(sql`y.upper`)} END`,
    status: sql`CASE WHEN ${cell}.value IS NOT NULL THEN 'ACTUAL' ELSE coalesce(${meant(sql`y.status`)}, 'NOT_AVAILABLE') END`,
    raw: sql`coalesce(${cell}.raw, ${cell}.value::text)`,
    numerator: sql`NULL::float8`,
    denominator: sql`NULL::float8`,
    is_derived: sql`false`,
    parts: sql`1`,
  };
  const order = sql`(SELECT p.starts_on FROM period p WHERE p.id = ${period}.period_id)`;
  return {
    from: (which) => sql`FROM series ${series}
      JOIN series_period ${period} ON ${period}.measure = ${series}.measure AND ${select.valid(period)}
      CROSS JOIN LATERAL (SELECT ${series}.values[${period}.position] AS value, ${series}.raw ->> ${period}.position::text AS raw) ${cell}
      WHERE ${series}.measure = ${seriesMeasure}::smallint AND ${select.valid(series)}
        ${isEach && which === 'all' ? empty : sql`AND ${series}.place_id = ${place}`}
        ${periodId ? sql`AND ${period}.period_id = ${periodId}` : periods ? sql`AND ${period}.code ${single === undefined ? sql`= ANY(${periods}::text[])` : sql`= ${single}`}` : empty}
        AND (${cell}.value IS NOT NULL OR ${cell}.raw IS NOT NULL)
      ${which === 'newest' ? sql`${periodId || single !== undefined ? empty : sql`ORDER BY ${order} DESC`} LIMIT 1` : empty}`,
    periodId: sql`${period}.period_id`,
    order,
    column: (column) => columns[column],
    held: sql`NULL::int`,
    level: raw(`'${level}'`),
    ...(isEach && { key: sql`${series}.place_id` }),
    spelling: (column) => sql`${period}.${raw(column)}`,
    release: sql`(SELECT max(r.id) FROM release r WHERE r.data_set_number = ${dataSetNumber}::int AND r.id <= ${period}.last_release
      AND ${select.released(sql`r.id`)})`,
  };
}
