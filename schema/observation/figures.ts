/**
 * Figures: where the values of an indicator for one place are, a row per period. Four kinds of place:
 * - published: the file has a row for the place itself;
 * - school: the file's rows for the school, nearly always one (a middle school may have a row for each phase);
 * - trust: nothing is published; the figure is pooled from the rows of the trust's schools;
 * - region: the published row, else pooled from its local authorities.
 * A row of observation holds all measures of its file, so that the indicators of one data set are read in one pass.
 */

import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { SchoolGraphError } from '../../src/errors.js';
import { Columns } from '../select/columns.js';
import type { KnownPeriod, Select, Stored } from '../select/select.js';
import { empty, join, raw, Sql, sql } from '../select/sql.js';
import { boundOf, cellAt, isPresent } from './cell.js';
import { type Pool, pooledColumn } from './pooled.js';
import { seriesFigures } from './series-figures.js';

export type FigureSource =
  | { kind: 'published'; level: 'NATIONAL' | 'LOCAL_AUTHORITY'; code: Sql }
  /** `known`: the URN, where the question names it. */
  | { kind: 'school'; urn: Sql; known?: number | undefined }
  /** `schools`: a query of urns; `held`: how many schools there are to ask. */
  | { kind: 'trust'; schools: Sql; held: Sql }
  /** Published where it is, else pooled from its local authorities. */
  | { kind: 'region'; code: Sql };

/** What a figure can be asked for, beside its period. `parts`: schools or local authorities that went in. */
export type FigureColumn =
  | 'value'
  | 'lower'
  | 'upper'
  | 'status'
  | 'raw'
  | 'numerator'
  | 'denominator'
  | 'is_derived'
  | 'parts';

/** Which figures: of one indicator, a part of the whole, and perhaps of some periods only. */
export interface Wanted {
  indicator: CataloguedIndicator;
  stored: Stored;
  /** Code of a breakdown; null for the total. */
  breakdown: string | null;
  /** Published codes of periods; null for all. */
  periods: string[] | null;
}

/** Figures of a place, a row for each period: what a subquery selects from, and what it can select. */
export interface Figures {
  /** FROM and what follows, of all periods or the newest: to be taken when every column has been asked for. */
  from: (which: 'newest' | 'all') => Sql;
  periodId: Sql;
  /** What rises from period to period. */
  order: Sql;
  column: (column: FigureColumn, stored: Stored) => Sql;
  /** How many schools could have gone in; null where the figure is not pooled over schools. */
  held: Sql;
  /** The level of the rows that the figure is made of. */
  level: Sql;
  /** How the file spells the period, where that is not what all of its data set do. */
  spelling?: (column: 'code' | 'label' | 'identifier') => Sql;
  /** The release that the figure is cited to, where it is not the newest that covers its level and period. */
  release?: Sql;
}

export function figures(source: FigureSource, wanted: Wanted, select: Select): Figures {
  const { indicator } = wanted;
  if (source.kind === 'trust') refuseUnlessAdditive(indicator, 'a trust');
  if (indicator.series) return seriesFigures(source, wanted, select);
  switch (source.kind) {
    case 'published':
      return published(source.level, source.code, wanted, select);
    case 'school':
      return ofSchool(source.urn, source.known, wanted, select);
    case 'trust':
      return ofSchools(sql`sp.urn IN (${source.schools})`, source.held, wanted, select);
    case 'region':
      return regional(source.code, wanted, select);
  }
}

/** Figures that can be read in one pass have the same name. */
export function passOf({ indicator, breakdown, periods }: Wanted): string {
  const alone = indicator.series || !indicator.inEveryEdition ? indicator.id : indicator.dataSet.id;
  return JSON.stringify([alone, breakdown, periods]);
}

/** The id of a place as published. */
export const placeId = (level: string, code: Sql): Sql =>
  sql`(SELECT id FROM place WHERE level = ${raw(`'${level}'`)} AND code = ${code})`;

/** FROM and WHERE of rows of observation, of the periods that `of` names: known ones, or what SQL says is one. */
type Rows = (of: KnownPeriod[] | Sql) => Sql;

/** Where rows of observation are looked for. */
interface Place {
  observation: Sql;
  from: Sql;
  where: Sql;
  level: 'NATIONAL' | 'REGIONAL' | 'LOCAL_AUTHORITY' | 'SCHOOL';
}

/** The current rows of a data set and breakdown. */
function rowsOf({ observation, from, where, level }: Place, wanted: Wanted, select: Select): Rows {
  const { indicator, stored, breakdown } = wanted;
  const known = select.known.breakdowns(indicator.dataSet.id);
  const parts =
    breakdown !== null
      ? known.filter(({ code }) => code === breakdown)
      : level === 'SCHOOL'
        ? known.filter(({ isSchoolPart }) => isSchoolPart)
        : [];
  const ids = parts.map(({ id }) => id);
  if (breakdown === null) ids.push(TOTAL);
  const ofBreakdown =
    ids.length === 1
      ? sql`${observation}.breakdown_id = ${ids[0]}::int`
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
          ? sql`= ${single.id}::smallint`
          : sql`= ANY(${of.map(({ id }) => id)}::smallint[])`;
    const { id, censusOn } = select.known.periodValues(indicator.dataSet.id);
    const censusDay = single
      ? sql`${single.censusOn}::date`
      : sql`(${censusOn}::date[])[array_position(${id}::smallint[], ${observation}.period_id)]`;
    return sql`FROM ${from} WHERE ${where} AND ${observation}.data_set_number = ${stored.dataSetNumber}::smallint
      AND ${observation}.period_id ${ofPeriod} AND ${ofBreakdown} AND ${select.valid(observation)}
      ${level === 'SCHOOL' ? sql`AND ${censusDay} BETWEEN sp.first_census AND sp.last_census` : empty} ${present}`;
  };
}

/** The newest period that a level has. Nearly every place is in it. */
const newestOf = (periods: KnownPeriod[], level: string, select: Select): KnownPeriod | undefined =>
  periods.findLast(({ covered }) =>
    covered.some((one) => one.level === level && select.isReleased(one.release)),
  );

/** Of rows that are one for a period, all or the newest: looked for where it most likely is, and only then among all. */
function singly(
  which: 'newest' | 'all',
  rows: Rows,
  { observation, level }: Place,
  wanted: Wanted,
  select: Select,
): Sql {
  const periods = periodsOf(wanted, select);
  if (which === 'all') return rows(periods);
  if (periods.length === 1) return sql`${rows(periods)} LIMIT 1`;
  const every = sql`SELECT ${observation}.* ${rows(periods)} ORDER BY ${inTime(sql`${observation}.period_id`, wanted, select)} DESC LIMIT 1`;
  const newest = newestOf(periods, level, select);
  const likely = newest ? sql`SELECT ${observation}.* ${rows([newest])} UNION ALL ` : empty;
  return sql`FROM (${likely}(${every})) ${observation} LIMIT 1`;
}

/** The rows of all periods, or all of the newest. */
function together(
  which: 'newest' | 'all',
  rows: Rows,
  { observation, level }: Place,
  wanted: Wanted,
  select: Select,
): Sql {
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
const periodsOf = ({ indicator, periods }: Wanted, select: Select): KnownPeriod[] =>
  select.known.periods(indicator.dataSet.id).filter(({ code }) => !periods || periods.includes(code));

/** The id of breakdown that stands for all. */
const TOTAL = 0;

/** Periods in the order in which they begin. */
const inTime = (periodId: Sql, { indicator }: Wanted, select: Select): Sql =>
  sql`array_position(${select.known.periodValues(indicator.dataSet.id).id}::smallint[], ${periodId})`;

/** The published cells of one place. */
const published = (level: Place['level'], code: Sql, wanted: Wanted, select: Select): Figures => {
  const observation = select.alias('o');
  const from = sql`observation ${observation}`;
  const where = sql`${observation}.place_id = ${placeId(level, code)}`;
  return asPublished({ observation, level, from, where }, wanted, select);
};

/** The published cells of rows that are one for a period. */
function asPublished(place: Place, wanted: Wanted, select: Select): Figures {
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

function publishedColumn(observation: Sql, stored: Stored, column: FigureColumn): Sql {
  const valueAt = (position: number | null) =>
    position === null ? sql`NULL::float8` : cellAt(observation, stored, position).value;
  switch (column) {
    case 'value':
    case 'raw':
    case 'status':
      return cellAt(observation, stored, stored.position)[column];
    case 'lower':
    case 'upper':
      return boundOf(column, observation, stored);
    case 'numerator':
    case 'denominator':
      return valueAt(stored[column]);
    case 'is_derived':
      return sql`false`;
    case 'parts':
      return sql`1`;
  }
}

/** Cells of several rows of observation, grouped by period. */
function grouped(
  place: Place,
  pool: Omit<Pool, 'observation'>,
  held: Sql,
  wanted: Wanted,
  select: Select,
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
        ${cells.alias} GROUP BY ${periodId}`;
    },
    periodId,
    order: inTime(periodId, wanted, select),
    column: (column, stored) => pooledColumn({ ...pool, observation }, stored)(column),
    held,
    level: raw(`'${level}'`),
  };
}

/** Keeps to the places that the rows of a data set can be under: by URN, by LAESTAB, or both. Before now, either. */
function asNamed({ indicator }: Wanted, select: Select): Sql {
  const { urn, laEstab } = select.known.schoolCodes(indicator.dataSet.id);
  if (select.asOf || urn === laEstab) return empty;
  return raw(` AND sp.route ${urn ? '=' : '<>'} 'PUBLISHED_URN'`);
}

/** Rows of schools: published under a URN, or under a LAESTAB that meant the school on census day. */
function schoolRows(where: Sql, wanted: Wanted, select: Select): Place {
  const observation = select.alias('o');
  const from = sql`school_place sp JOIN observation ${observation} ON ${observation}.place_id = sp.place_id`;
  return { observation, level: 'SCHOOL', from, where: sql`${where}${asNamed(wanted, select)}` };
}

/** One school: its published cells, but where a period has several rows of it, their sum. */
function ofSchool(urn: Sql, known: number | undefined, wanted: Wanted, select: Select): Figures {
  const inParts = select.known.schoolsInParts(wanted.indicator.dataSet.id);
  const isOurs = sql`sp.urn = ${urn}`;
  // What has several rows is known of the rows that stand.
  if (select.asOf) return ofSchools(isOurs, null, wanted, select);
  const isInParts = known === undefined ? inParts.length > 0 : inParts.includes(known);
  if (!isInParts || wanted.breakdown !== null) {
    return asPublished(schoolRows(isOurs, wanted, select), wanted, select);
  }
  if (known !== undefined) return ofSchools(isOurs, null, wanted, select);
  const whole = schoolRows(sql`${isOurs} AND ${urn} <> ALL(${inParts}::int[])`, wanted, select);
  const summed = ofSchools(sql`${isOurs} AND ${urn} = ANY(${inParts}::int[])`, null, wanted, select);
  return either(asPublished(whole, wanted, select), summed, wanted, select);
}

/** Schools, pooled. `held`: for a trust, how many schools it has; null for one school, which keeps its own single cell. */
function ofSchools(urns: Sql, held: Sql | null, wanted: Wanted, select: Select): Figures {
  const pool = { cells: new Columns(select.alias('c')), part: sql`sp.urn`, singleAsPublished: held === null };
  return grouped(schoolRows(urns, wanted, select), pool, held ?? sql`NULL::int`, wanted, select);
}

/** Figures of one or the other, of which only one has any. */
function either(one: Figures, other: Figures, wanted: Wanted, select: Select): Figures {
  const asked = new Map<string, { column: FigureColumn; stored: Stored }>();
  const alias = select.alias('e');
  const columns = ({ periodId, column: of }: Figures) =>
    join([
      sql`${periodId} AS period_id`,
      ...[...asked].map(([name, { column, stored }]) => sql`${of(column, stored)} AS ${raw(name)}`),
    ]);
  return {
    from: (which) => {
      const [first, second] = [columns(one), columns(other)];
      const newest = which === 'newest' ? sql`ORDER BY ${other.order} DESC LIMIT 1` : empty;
      const summed = sql`${other.from('all')} ${newest}`;
      return sql`FROM ((SELECT ${first} ${one.from(which)}) UNION ALL (SELECT ${second} ${summed})) ${alias}`;
    },
    periodId: sql`${alias}.period_id`,
    order: inTime(sql`${alias}.period_id`, wanted, select),
    column: (column, stored) => {
      const name = `${column}_${stored.position}`;
      asked.set(name, { column, stored });
      return sql`${alias}.${raw(name)}`;
    },
    held: one.held,
    level: one.level,
  };
}

/**
 * The region's own rows, and for periods without one the sum of its LAs' (London, where only Inner and Outer London
 * are published: those are rounded, LAs are not). Only where every LA that exists has a total in the
 * period, or for a part of the whole any row: an LA without a secondary school has none for it.
 */
function regional(code: Sql, wanted: Wanted, select: Select): Figures {
  const { indicator, stored, breakdown } = wanted;
  const own = published('REGIONAL', code, wanted, select);
  if (!isAdditive(indicator)) return own;
  const authorities = sql`SELECT p.id FROM place p JOIN local_authority a ON a.code = p.code
    WHERE p.level = 'LOCAL_AUTHORITY' AND a.region_code = ${code} AND a.closed_on IS NULL`;
  const observation = select.alias('o');
  const place: Place = {
    observation,
    level: 'LOCAL_AUTHORITY',
    from: sql`observation ${observation}`,
    where: sql`${observation}.place_id IN (${authorities})`,
  };
  const pool = {
    cells: new Columns(select.alias('c')),
    part: sql`${observation}.place_id`,
    singleAsPublished: false,
  };
  const made = grouped(place, pool, sql`NULL::int`, wanted, select);
  const complete = sql`(SELECT count(DISTINCT t.place_id) FROM observation t
      WHERE t.place_id IN (${authorities}) AND t.period_id = y.period_id AND ${select.valid(sql`t`)}
        ${breakdown === null ? sql`AND t.breakdown_id = ${TOTAL}::int` : empty} AND t.data_set_number = ${stored.dataSetNumber}::smallint)
    = (SELECT count(*) FROM local_authority WHERE region_code = ${code} AND closed_on IS NULL)`;
  const asked = new Map<FigureColumn, Stored>();
  const region = select.alias('r');
  const order = inTime(sql`${region}.period_id`, wanted, select);
  const columns = (of: Figures) =>
    sql`${of.periodId} AS period_id, ${of.level} AS level ${[...asked].reduce((list, [column, where]) => sql`${list}, ${of.column(column, where)} AS ${raw(column)}`, empty)}`;
  return {
    from: (which) => {
      const [owned, summed] = [columns(own), columns(made)];
      return sql`FROM (WITH own AS (SELECT ${owned} ${own.from('all')}) SELECT * FROM own
        UNION ALL SELECT * FROM (SELECT ${summed} ${made.from('all')}) y
        WHERE NOT EXISTS (SELECT FROM own WHERE own.period_id = y.period_id) AND ${complete}) ${region}
        ${which === 'newest' ? sql`ORDER BY ${order} DESC LIMIT 1` : empty}`;
    },
    periodId: sql`${region}.period_id`,
    order,
    column: (column) => {
      asked.set(column, stored);
      return sql`${region}.${raw(column)}`;
    },
    held: sql`NULL::int`,
    level: sql`${region}.level`,
  };
}

const isAdditive = ({ additive, rate }: CataloguedIndicator) => additive || rate !== undefined;

function refuseUnlessAdditive(indicator: CataloguedIndicator, where: string): void {
  if (!isAdditive(indicator)) {
    throw new SchoolGraphError(
      'NOT_ADDITIVE',
      `${indicator.id} has no figure for ${where}: its published values cannot be added up, and no count and base are published to work it out from`,
    );
  }
}
