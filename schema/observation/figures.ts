/**
 * Figures: where the values of an indicator for one place are, a row per period. Four kinds of place:
 * - published: the file has a row for the place itself;
 * - school: the file's row for the school; the few that are known to have several (a middle school may have one for each
 *   phase) are their sum;
 * - trust: nothing is published; the figure is pooled from the rows of the trust's schools;
 * - region: the published row, else pooled from its local authorities.
 * A row of observation holds all measures of its file, so that the indicators of one data set are read in one pass
 * (passes.ts). Which rows these are is said in rows.ts, what a cell of them says in cell.ts, several cells in pooled.ts.
 */

import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import type { Findable } from '../select/asked.js';
import { Columns } from '../select/columns.js';
import type { Holds } from '../select/field-sql.js';
import type { Stored } from '../select/known.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';
import { refuseUnlessAdditive } from './additive.js';
import { asPublished, published } from './as-published.js';
import { either, grouped } from './combined.js';
import { regional } from './regional.js';
import { authorityRows, schoolRows } from './rows.js';
import { seriesFigures } from './series-figures.js';

export type FigureSource =
  /** `place`: its id. */
  | { kind: 'published'; level: 'NATIONAL' | 'LOCAL_AUTHORITY'; place: Sql }
  /** `known`: the URN, where the question names it. `mayBe`: see TableRow. */
  | { kind: 'school'; urn: Sql; known?: Findable<number> | undefined; mayBe?: Holds | undefined }
  /** `schools`: a query of urns; `held`: how many schools there are to ask. */
  | { kind: 'trust'; schools: Sql; held: Sql }
  /** Published where it is, else pooled from its local authorities. `known`: its code, where the question leads to one alone. */
  | { kind: 'region'; code: Sql; known?: Findable<string> | undefined }
  /** The rows of places that stand for this one, period by period: a single row as published, several as their sum. */
  | { kind: 'rows'; level: 'SCHOOL' | 'LOCAL_AUTHORITY'; where: (observation: Sql) => Sql };

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
  /** The id of the breakdown, where it differs from row to row: `breakdown` is then any of them. */
  breakdownId?: Sql;
  /** Published codes of periods; null for all. */
  periods: string[] | null;
  /** The id of the one period, where only the statement itself finds out which: `periods` then says nothing. */
  periodId?: Sql;
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
  /** Of the figures of many places: which one a row is of. */
  key?: Sql;
  /** The release that the figure is cited to, where it is not the newest that covers its level and period. */
  release?: Sql;
}

export function figures(source: FigureSource, wanted: Wanted, select: Select): Figures {
  const { indicator } = wanted;
  if (indicator.series) return seriesFigures(source, wanted, select);
  switch (source.kind) {
    case 'published':
      return published(source.level, source.place, wanted, select);
    case 'school':
      return ofSchool(source, wanted, select);
    case 'trust':
      return ofSchools(sql`sp.urn IN (${source.schools})`, source.held, wanted, select);
    case 'region':
      return regional(source, wanted, select);
    case 'rows':
      return ofRows(source, wanted, select);
  }
}

/** Figures that can be read in one pass have the same name. Refuses an indicator that the place cannot have. */
export function passOf({ kind }: FigureSource, { indicator, breakdown, periods, periodId }: Wanted): string {
  if (kind === 'trust') refuseUnlessAdditive(indicator, 'a trust');
  // Whether a region's local authorities can be added up differs from indicator to indicator.
  const isAlone = indicator.series || !indicator.inEveryEdition || kind === 'region';
  return JSON.stringify([isAlone ? indicator.id : indicator.dataSet.id, breakdown, periodId ?? periods]);
}

/** One school: its published cells, but where a period has several rows of it, their sum. */
function ofSchool(
  { urn, known, mayBe }: Extract<FigureSource, { kind: 'school' }>,
  wanted: Wanted,
  select: Select,
): Figures {
  const inParts = select.known.schoolsInParts(wanted.indicator.dataSet.id);
  const isOurs = sql`sp.urn = ${urn}`;
  // What has several rows is known of the rows that stand.
  if (select.asOf) return ofSchools(isOurs, null, wanted, select);
  const isInParts =
    known === undefined
      ? inParts.length > 0 && mayBe?.(inParts) !== false
      : known.is((one) => inParts.includes(one));
  if (!isInParts || wanted.breakdown !== null) {
    return ofRowsOfSchool(urn, isOurs, wanted, select);
  }
  if (known !== undefined) return ofSchools(isOurs, null, wanted, select);
  const whole = sql`${isOurs} AND ${urn} <> ALL(${inParts}::int[])`;
  const summed = ofSchools(sql`${isOurs} AND ${urn} = ANY(${inParts}::int[])`, null, wanted, select);
  return either(ofRowsOfSchool(urn, whole, wanted, select), summed, wanted, select);
}

/**
 * The published cells of a school that has one row for a period. That of the newest period is marked beside the school
 * (jobs/school-rows.ts): it holds for every indicator that each edition of the file has.
 */
function ofRowsOfSchool(urn: Sql, where: Sql, wanted: Wanted, select: Select): Figures {
  const place = schoolRows(where, wanted, select);
  const made = asPublished(place, wanted, select);
  const { breakdown, breakdownId, periods, periodId, indicator } = wanted;
  const isNewestOfAll = breakdown === null && !breakdownId && periods === null && !periodId;
  if (!isNewestOfAll || !indicator.inEveryEdition) return made;
  const { observation } = place;
  const newest = sql`FROM school_observation ${observation} WHERE ${observation}.urn = ${urn}
    AND ${observation}.data_set_number = ${wanted.stored.dataSetNumber}::smallint AND ${observation}.is_newest`;
  return { ...made, from: (which) => (which === 'newest' ? newest : made.from(which)) };
}

/** Schools, pooled. `held`: for a trust, how many schools it has; null for one school, which keeps its own single cell. */
function ofSchools(urns: Sql, held: Sql | null, wanted: Wanted, select: Select): Figures {
  const pool = { cells: new Columns(select.alias('c')), part: sql`sp.urn`, singleAsPublished: held === null };
  return grouped(schoolRows(urns, wanted, select), pool, held ?? sql`NULL::int`, wanted, select);
}

/** Rows of a level that a condition keeps, summed where a period has several. */
function ofRows(
  { level, where }: Extract<FigureSource, { kind: 'rows' }>,
  wanted: Wanted,
  select: Select,
): Figures {
  const place = level === 'SCHOOL' ? schoolRows(sql`true`, wanted, select) : authorityRows(select);
  const part = level === 'SCHOOL' ? sql`sp.urn` : sql`${place.observation}.place_id`;
  const pool = { cells: new Columns(select.alias('c')), part, singleAsPublished: true };
  const kept = { ...place, where: sql`${place.where} AND ${where(place.observation)}` };
  return grouped(kept, pool, sql`NULL::int`, wanted, select);
}
