/**
 * Points of a series that is followed over places which came after one another: for every period the places whose published
 * figures it is made of, or a gap and why. What lies between a point and the one before is said, not smoothed over.
 * docs/methods/series.md
 */

import type { ObservationRow, PeriodRow } from '../observation/observation.js';
import type { PlaceIndicatorRow } from '../observation/passes.js';
import { figuresByPeriod } from '../observation/passes.js';
import { periodRow } from '../observation/period-row.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';

/** What a series is followed over: queries of a WITH, and the name of the one that has a row for each period. */
export interface Followed {
  /** `name AS (…), …`, recursive where they are. */
  queries: Sql;
  /** Columns: period_id; parts, the places as an array; gap, why there is no figure, or null. */
  periods: Sql;
  /** Where the figures of the kept periods are. */
  source: PlaceIndicatorRow['source'];
  /** What changed between the places of the point before and these, as SQL text. */
  change: (before: Sql, now: Sql) => Sql;
}

/** What a point is read from. */
export interface PointRow {
  parts: Sql;
  period: PeriodRow;
  observed: { isThere: Sql; row: ObservationRow };
  startsAnew: Sql;
  note: Sql;
}

/** JSON array of the points, the oldest first. */
export function pointsOf(asked: PlaceIndicatorRow, followed: Followed, select: Select): Sql {
  const { indicator } = asked;
  const figures = figuresByPeriod({ ...asked, source: followed.source }, select);
  const point = select.alias('p');
  const periodId = sql`${point}.period_id`;
  const period = periodRow(asked, periodId, select);
  const isThere = sql`${figures.alias}.period_id IS NOT NULL`;
  const changed = sql`${point}.parts <> ${point}.parts_before`;
  const broken = brokenBetween(indicator.breaks ?? [], sql`${point}.starts_before`, sql`${point}.starts_on`);
  const object = select.object({
    parts: sql`${point}.parts`,
    period,
    observed: { isThere, row: figures.row },
    startsAnew: sql`coalesce(${changed}, false) OR ${broken} IS NOT NULL`,
    note: sql`nullif(concat_ws(' ', ${point}.gap, CASE WHEN ${changed} THEN ${followed.change(sql`${point}.parts_before`, sql`${point}.parts`)} END, ${broken}), '')`,
  } satisfies PointRow);
  return sql`(WITH RECURSIVE ${followed.queries}
    SELECT coalesce(json_agg(${object} ORDER BY ${point}.starts_on, ${periodId}), '[]') FROM (
      SELECT f.*, y.starts_on, lag(f.parts) OVER in_time AS parts_before, lag(y.starts_on) OVER in_time AS starts_before
      FROM ${followed.periods} f JOIN period y ON y.id = f.period_id WINDOW in_time AS (ORDER BY y.starts_on, f.period_id)) ${point}
    LEFT JOIN (${figures.rows()}) ${figures.alias} ON ${figures.alias}.period_id = ${periodId} AND ${point}.gap IS NULL)`;
}

/** What of an indicator's breaks lies between the beginnings of two periods, in words; null where nothing does. */
function brokenBetween(
  breaks: NonNullable<PlaceIndicatorRow['indicator']['breaks']>,
  one: Sql,
  other: Sql,
): Sql {
  if (breaks.length === 0) return sql`NULL::text`;
  const within = (day: Sql) => sql`${day} BETWEEN b."from" AND coalesce(b."to", 'infinity')`;
  return sql`(SELECT string_agg(b.note, ' ' ORDER BY b."from") FROM jsonb_to_recordset(${JSON.stringify(breaks)}::jsonb) AS b("from" date, "to" date, note text)
    WHERE ${one} IS NOT NULL AND (${within(one)}) <> (${within(other)}))`;
}

/** Why a sum of several places is none: in words, as SQL text, or null where it is one. */
export const unlessAdditive = (isAdditive: boolean, places: string): Sql =>
  isAdditive
    ? sql`NULL::text`
    : sql`${`Several ${places} stand for it, and the published values of this indicator cannot be added up.`}::text`;
