/** Periods by their id: what is known of them before the question is asked, or for a series what its file says. */
import type { PeriodValues } from '../select/known.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { isPresent } from './cell.js';
import type { Wanted } from './figures.js';
import type { PeriodRow } from './observation.js';

/** A period of a data set, of which all is known that there are. */
export function knownPeriod({ dataSet }: Wanted['indicator'], periodId: Sql, select: Select): PeriodRow {
  const known = select.known.periodValues(dataSet.id);
  const fact = (name: keyof PeriodValues, type: 'text' | 'date') =>
    sql`(${known[name]}::${raw(type)}[])[array_position(${known.id}::smallint[], ${periodId})]`;
  return {
    spelled: (column) => fact(column, 'text'),
    period: (column) =>
      column === 'kind' ? fact('kind', 'text') : fact(column === 'starts_on' ? 'startsOn' : 'endsOn', 'date'),
  };
}

/** A period of an indicator, wherever its figures are. */
export function periodRow({ indicator, stored }: Wanted, periodId: Sql, select: Select): PeriodRow {
  if (!indicator.series) return knownPeriod(indicator, periodId, select);
  return {
    spelled: (
      column,
    ) => sql`(SELECT sp.${raw(column)} FROM series_period sp WHERE sp.measure = ${stored.seriesMeasure}::smallint
      AND sp.period_id = ${periodId} AND ${select.valid(sql`sp`)} LIMIT 1)`,
    period: (column) => sql`(SELECT p.${raw(column)} FROM period p WHERE p.id = ${periodId})`,
  };
}

/** The one period that figures are asked of by its code, told without a figure to read it from. */
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

/** The last day of the newest period that an indicator has for any place. */
export function newestDay({ indicator, stored }: Wanted, select: Select): Sql {
  if (indicator.series) {
    return sql`(SELECT max(p.ends_on) FROM series_period sp JOIN period p ON p.id = sp.period_id
      WHERE sp.measure = ${stored.seriesMeasure}::smallint AND ${select.valid(sql`sp`)})`;
  }
  const newest = select.known
    .periods(indicator.dataSet.id)
    .findLast(({ covered }) => covered.some(({ release }) => select.isReleased(release)));
  const ofAll = sql`${newest?.endsOn ?? null}::date`;
  if (indicator.inEveryEdition) return ofAll;
  // An edition that lacks its column may be the newest: then England tells.
  return sql`coalesce((SELECT max(p.ends_on) FROM observation o JOIN period p ON p.id = o.period_id
    WHERE o.place_id = (SELECT id FROM place WHERE level = 'NATIONAL' LIMIT 1) AND o.data_set_number = ${stored.dataSetNumber}::smallint
      AND ${select.valid(sql`o`)} AND ${isPresent(sql`o`, stored.position)}), ${ofAll})`;
}
