/** The year before: of a period the one of the same kind and length that begins a year earlier, which it is compared with. */
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import type { Wanted } from './figures.js';

/** Whether one row of period is the year before another. */
export const isYearBefore = (before: string, now: string): string =>
  `${before}.kind = ${now}.kind AND ${before}.starts_on = (${now}.starts_on - interval '1 year')::date
    AND ${before}.ends_on = (${now}.ends_on - interval '1 year')::date`;

/** The id of the year before a period: of a data set it is known before the question is asked. */
export function yearBefore({ indicator }: Wanted, periodId: Sql, select: Select): Sql {
  if (indicator.series) {
    return sql`(SELECT b.id FROM period n JOIN period b ON ${raw(isYearBefore('b', 'n'))} WHERE n.id = ${periodId})`;
  }
  const { id, yearBefore: before } = select.known.periodValues(indicator.dataSet.id);
  return sql`(${before}::smallint[])[array_position(${id}::smallint[], ${periodId})]`;
}
