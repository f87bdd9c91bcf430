/** The one period that figures are asked of, as their indicator spells it: told without a figure to read it from. */
import type { Select } from '../select/select.js';
import { raw, sql } from '../select/sql.js';
import type { Wanted } from './figures.js';
import type { PeriodRow } from './observation.js';

/** Of figures of one period. */
export function periodOf({ indicator, stored, periods }: Wanted, select: Select): PeriodRow {
  const code = periods![0]!;
  const known = select.known.periods(indicator.dataSet.id).find((one) => one.code === code);
  if (!indicator.series && known) {
    return {
      spelled: (column) => sql`${known[column]}::text`,
      period: (column) =>
        column === 'kind'
          ? sql`${known.kind}::text`
          : sql`${column === 'starts_on' ? known.startsOn : known.endsOn}::date`,
    };
  }
  const own = (
    column: string,
  ) => sql`(SELECT ${raw(column)} FROM series_period sp JOIN period p ON p.id = sp.period_id
    WHERE sp.measure = ${stored.seriesMeasure}::smallint AND sp.code = ${code} AND ${select.valid(raw('sp'))} LIMIT 1)`;
  return { spelled: (column) => own(`sp.${column}`), period: (column) => own(`p.${column}`) };
}
