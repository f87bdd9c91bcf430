/**
 * Rows: where the rows of observation that a figure is made of are looked for. What is known before the question is asked
 * — the data set, its breakdowns and periods, how its rows name a school — is a parameter, so that only rows that are
 * wanted are read; the newest period is looked for first where nearly every place has it.
 */

import type { KnownPeriod } from '../select/known.js';
import type { Select } from '../select/select.js';
import { empty, join, raw, Sql, sql } from '../select/sql.js';
import { isPresent } from './cell.js';
import type { Wanted } from './figures.js';

/** The id of a place as published. */
export const placeId = (level: string, code: Sql): Sql =>
  sql`(SELECT id FROM place WHERE level = ${raw(`'${level}'`)} AND code = ${code})`;

/** FROM and WHERE of rows of observation, of the periods that `of` names: known ones, or what SQL says is one. */
type Rows = (of: KnownPeriod[] | Sql) => Sql;

/** Where rows of observation are looked for. */
export interface Place {
  observation: Sql;
  from: Sql;
  where: Sql;
  /** Of rows of schools, by the day on which those of their period are counted. */
  onCensus?: (censusOn: Sql) => Sql;
  level: 'NATIONAL' | 'REGIONAL' | 'LOCAL_AUTHORITY' | 'SCHOOL';
  /**
   * Most rows of a period are wanted, of many places. What is known stands in the text then, so that Postgres plans for as many rows as
   * there are: of a parameter it supposes a few, and goes through them once for each school.
   */
  isWhole?: true;
  /** Only rows that stand, of the whole, are there. */
  isStanding?: true;
}

/** The current rows of a data set and breakdown. */
export function rowsOf(
  { observation, from, where, onCensus, level, isWhole, isStanding }: Place,
  wanted: Wanted,
  select: Select,
): Rows {
  const known = (value: number) => (isWhole ? raw(String(value)) : sql`${value}`);
  const { indicator, stored, breakdown, breakdownId } = wanted;
  const breakdowns = select.known.breakdowns(indicator.dataSet.id);
  const parts =
    breakdown !== null
      ? breakdowns.filter(({ code }) => code === breakdown)
      : level === 'SCHOOL'
        ? breakdowns.filter(({ isSchoolPart }) => isSchoolPart)
        : [];
  const ids = parts.map(({ id }) => id);
  if (breakdown === null) ids.push(TOTAL);
  const ofBreakdown = breakdownId
    ? sql`${observation}.breakdown_id = ${breakdownId}`
    : ids.length === 1
      ? sql`${observation}.breakdown_id = ${ids[0] === TOTAL ? TOTAL_TEXT : sql`${known(ids[0]!)}::int`}`
      : isWhole
        ? sql`${observation}.breakdown_id IN (${join(ids.map(known))})`
        : sql`${observation}.breakdown_id = ANY(${ids}::int[])`;
  const base =
    stored.numerator !== null && stored.denominator !== null
      ? sql`OR (${observation}.values[${stored.numerator}::int] IS NOT NULL AND ${observation}.values[${stored.denominator}::int] IS NOT NULL)`
      : empty;
  // A file without the column has no figure: that is no row, and no cell that is not available.
  const present = indicator.inEveryEdition
    ? empty
    : sql`AND (${isPresent(observation, stored.position)} ${base})`;
  return (of) => {
    const single = of instanceof Sql ? null : of.length === 1 ? of[0]! : null;
    const ofPeriod =
      of instanceof Sql
        ? sql`= ${of}`
        : single
          ? sql`= ${known(single.id)}::smallint`
          : isWhole
            ? sql`IN (${join(of.map((one) => known(one.id)))})`
            : sql`= ANY(${of.map(({ id }) => id)}::smallint[])`;
    const { id, censusOn } = select.known.periodValues(indicator.dataSet.id);
    const censusDay = single
      ? sql`${isWhole ? raw(`'${single.censusOn}'`) : single.censusOn}::date`
      : sql`(${censusOn}::date[])[array_position(${id}::smallint[], ${observation}.period_id)]`;
    return sql`FROM ${from} WHERE ${where} AND ${observation}.data_set_number = ${known(stored.dataSetNumber)}::smallint
      AND ${observation}.period_id ${ofPeriod} ${isStanding ? empty : sql`AND ${ofBreakdown} AND ${select.valid(observation)}`}
      ${onCensus ? sql`AND ${onCensus(censusDay)}` : empty} ${present}`;
  };
}

/** The newest period that a level has. Nearly every place is in it. */
export const newestOf = (periods: KnownPeriod[], level: string, select: Select): KnownPeriod | undefined =>
  periods.findLast(({ covered }) =>
    covered.some((one) => one.level === level && select.isReleased(one.release)),
  );

/** Of rows that are one for a period, all or the newest: looked for where it most likely is, and only then among all. */
export function singly(
  which: 'newest' | 'all',
  rows: Rows,
  { observation, level }: Place,
  wanted: Wanted,
  select: Select,
): Sql {
  if (wanted.periodId) return sql`${rows(wanted.periodId)} LIMIT 1`;
  const periods = periodsOf(wanted, select);
  if (which === 'all') return rows(periods);
  if (periods.length === 1) return sql`${rows(periods)} LIMIT 1`;
  const every = sql`SELECT ${observation}.* ${rows(periods)} ORDER BY ${inTime(sql`${observation}.period_id`, wanted, select)} DESC LIMIT 1`;
  const newest = newestOf(periods, level, select);
  const likely = newest ? sql`SELECT ${observation}.* ${rows([newest])} UNION ALL ` : empty;
  return sql`FROM (${likely}(${every})) ${observation} LIMIT 1`;
}

/** The rows of all periods, or all of the newest. */
export function together(
  which: 'newest' | 'all',
  rows: Rows,
  { observation, level }: Place,
  wanted: Wanted,
  select: Select,
): Sql {
  if (wanted.periodId) return rows(wanted.periodId);
  const periods = periodsOf(wanted, select);
  if (which === 'all' || periods.length === 1) return rows(periods);
  const periodId = sql`${observation}.period_id`;
  const found = sql`(SELECT ${periodId} ${rows(periods)} ORDER BY ${inTime(periodId, wanted, select)} DESC LIMIT 1)`;
  const newest = newestOf(periods, level, select);
  if (!newest) return rows(found);
  return rows(
    sql`coalesce((SELECT ${newest.id}::smallint WHERE EXISTS (SELECT ${rows([newest])})), ${found})`,
  );
}

/** The periods that are wanted, oldest first. */
export const periodsOf = ({ indicator, periods }: Wanted, select: Select): KnownPeriod[] =>
  select.known.periods(indicator.dataSet.id).filter(({ code }) => !periods || periods.includes(code));

/** The id of breakdown that stands for all. */
export const TOTAL = 0;
/** Stands in the text: the rows of totals have an index of their own, and of a parameter Postgres could not know that it is they. */
const TOTAL_TEXT = raw(String(TOTAL));

/** Periods in the order in which they begin. */
export const inTime = (periodId: Sql, { indicator }: Wanted, select: Select): Sql =>
  sql`array_position(${select.known.periodValues(indicator.dataSet.id).id}::smallint[], ${periodId})`;

/** Keeps to the places that the rows of a data set can be under: by URN, by LAESTAB, or both. Before now, either. */
function asNamed({ indicator }: Wanted, select: Select): Sql {
  const { urn, laEstab } = select.known.schoolCodes(indicator.dataSet.id);
  if (select.asOf || urn === laEstab) return empty;
  return raw(` AND sp.route ${urn ? '=' : '<>'} 'PUBLISHED_URN'`);
}

/** Rows of schools: published under a URN, or under a LAESTAB that meant the school on census day. */
export function schoolRows(where: Sql, wanted: Wanted, select: Select): Place {
  const observation = select.alias('o');
  const from = sql`school_place sp JOIN observation ${observation} ON ${observation}.place_id = sp.place_id`;
  return {
    observation,
    level: 'SCHOOL',
    from,
    where: sql`${where}${asNamed(wanted, select)}`,
    onCensus: (day) => sql`${day} BETWEEN sp.first_census AND sp.last_census`,
  };
}

/** Rows of every school: its URN, and whether the school is known to be the sum of several rows. */
export interface RowsOfSchools extends Place {
  urn: Sql;
  isInParts: Sql;
}

/**
 * Rows of every school. Those that stand, of the whole, are kept together by period (jobs/school-rows.ts); as
 * of a day, or of a breakdown, they are looked for in all that is published.
 */
export function rowsOfEverySchool(wanted: Wanted, select: Select): RowsOfSchools {
  if (select.asOf || wanted.breakdown !== null) {
    const urn = raw('sp.urn');
    const inParts = select.known.schoolsInParts(wanted.indicator.dataSet.id);
    return { ...schoolRows(sql`true`, wanted, select), urn, isInParts: sql`${urn} = ANY(${inParts}::int[])` };
  }
  const observation = select.alias('o');
  return {
    observation,
    level: 'SCHOOL',
    from: sql`school_observation ${observation}`,
    where: sql`true`,
    urn: sql`${observation}.urn`,
    isInParts: sql`${observation}.is_in_parts`,
    isWhole: true,
    isStanding: true,
  };
}

/** Rows of every area that stand for the whole of it: of a period they are read in one go. */
export function totalsOfAreas(select: Select): Place {
  const observation = select.alias('o');
  return { observation, level: 'LOCAL_AUTHORITY', from: sql`observation ${observation}`, where: sql`true` };
}

/** Rows of local authorities, with their codes. */
export function authorityRows(select: Select): Place {
  const observation = select.alias('o');
  const from = sql`place lp JOIN observation ${observation} ON ${observation}.place_id = lp.id`;
  return { observation, level: 'LOCAL_AUTHORITY', from, where: sql`lp.level = 'LOCAL_AUTHORITY'` };
}
