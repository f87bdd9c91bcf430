/** The first day since which a composition is sound: the register has a type for nearly all schools that were open. */
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';

/** Of 100 schools open in England, how many may lack a type where a composition is still sound. */
export const UNCLASSIFIED_PER_100 = 5;

/**
 * The day on which the last time ended at which more lacked one; null where it has not ended. Before the first closing
 * on record the register has not kept what closed, so that it is not earlier.
 */
export const soundFrom = (select: Select): Sql => {
  const isKnown = sql`${select.valid(sql`s`)} AND status <> 'PROPOSED_TO_OPEN'`;
  return sql`(
  SELECT CASE WHEN NOT bool_or(is_unsound AND until IS NULL)
    THEN greatest(max(until) FILTER (WHERE is_unsound), min(day) FILTER (WHERE closed > 0)) END
  FROM (
    SELECT day, closed, lead(day) OVER in_turn AS until,
      sum(untyped) OVER in_turn * 100 > sum(schools) OVER in_turn * ${UNCLASSIFIED_PER_100}::int AS is_unsound
    FROM (
      SELECT day, sum(schools) AS schools, sum(untyped) AS untyped, sum(closed) AS closed FROM (
        SELECT opened_on AS day, count(*) AS schools, count(*) FILTER (WHERE type_code IS NULL) AS untyped, 0 AS closed
        FROM school s WHERE ${isKnown} AND (status <> 'CLOSED' OR closed_on IS NOT NULL) GROUP BY opened_on
        UNION ALL
        SELECT closed_on, -count(*), -count(*) FILTER (WHERE type_code IS NULL), count(*)
        FROM school s WHERE ${isKnown} AND closed_on IS NOT NULL GROUP BY closed_on
      ) e GROUP BY day
    ) f WINDOW in_turn AS (ORDER BY day NULLS FIRST)
  ) d)`;
};

/** Why a composition of a day is not sound, as SQL text; null where it is. `sound`: a table of the one day since which they are. */
export const unsoundNote = (day: Sql, sound: Sql): Sql => sql`(
  SELECT CASE WHEN f.day IS NULL THEN ${`Not sound: of more than ${UNCLASSIFIED_PER_100} in 100 schools open in England the register does not have the type, on any day up to its newest.`}::text
    WHEN ${day} < f.day THEN ${`Not sound: so long ago the register cannot know what was there. It lacks the type of more than ${UNCLASSIFIED_PER_100} in 100 schools open in England, or what had closed by then; it is sound from `}::text || f.day || '.' END
  FROM ${sound} f)`;
