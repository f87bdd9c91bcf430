/**
 * The figures of every place of a level in one period, read in one scan: looking each up on its own takes several times as
 * long. Each row says by `key` which place it is of: a URN, a Group UID, the id of an area.
 */
import { Columns } from '../select/columns.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { refuseUnlessAdditive } from './additive.js';
import { asPublished } from './as-published.js';
import { either, grouped } from './combined.js';
import { type FigureSource, type Figures, type Wanted } from './figures.js';
import { periodsOf, type RowsOfSchools, rowsOf, rowsOfEverySchool, totalsOfAreas } from './rows.js';
import { seriesOfEach } from './series-figures.js';

/** `all` of them; where a few are enough after all, `newest` is the one of the place that the source names. */
export function figuresOfEach(source: FigureSource, wanted: Wanted, select: Select): Figures {
  switch (source.kind) {
    case 'school':
      return ofEachSchool(wanted, select);
    case 'trust':
      return ofEachTrust(wanted, select);
    case 'published':
      return ofEachArea(source.place, wanted, select);
    default:
      throw new Error(`the places of kind ${source.kind} are few: each is looked up`);
  }
}

/**
 * Whether the figures of all areas can be read in one go: those of a series, and rows for the whole that stand, where schools have no
 * such rows, among which those of areas would be a few.
 */
export function canReadAreas({ indicator, breakdown }: Wanted, select: Select): boolean {
  if (indicator.series) return true;
  if (select.asOf || breakdown !== null) return false;
  const { known } = select;
  const { id } = indicator.dataSet;
  const hasSchools = known.periods(id).some(({ covered }) => covered.some(({ level }) => level === 'SCHOOL'));
  return !hasSchools || known.breakdowns(id).some(({ isSchoolPart }) => isSchoolPart);
}

/** The published cells of every area. */
function ofEachArea(place: Sql, wanted: Wanted, select: Select): Figures {
  if (wanted.indicator.series) return seriesOfEach(place, wanted, select);
  const totals = totalsOfAreas(select);
  const key = sql`${totals.observation}.place_id`;
  const rows = rowsOf(totals, wanted, select);
  const one = asPublished({ ...totals, where: sql`${key} = ${place}` }, wanted, select);
  const all = () => rows(wanted.periodId ?? periodsOf(wanted, select));
  return { ...one, from: (which) => (which === 'all' ? all() : one.from(which)), key };
}

/** As the figure of one school (figures.ts): its published cells, and the sum of its rows for the few that have several. */
function ofEachSchool(wanted: Wanted, select: Select): Figures {
  const inParts = select.known.schoolsInParts(wanted.indicator.dataSet.id);
  const placesWhere = (isKept: (place: RowsOfSchools) => Sql) => {
    const place = rowsOfEverySchool(wanted, select);
    return { ...place, where: sql`${place.where} AND ${isKept(place)}` };
  };
  const whole = (isKept: (place: RowsOfSchools) => Sql): Figures => {
    const place = placesWhere(isKept);
    return { ...asPublished(place, wanted, select), key: place.urn };
  };
  const summed = (isKept: (place: RowsOfSchools) => Sql): Figures => {
    const place = placesWhere(isKept);
    const cells = new Columns(select.alias('c'));
    const pool = { cells, part: place.urn, singleAsPublished: true };
    const urn = cells.of('urn', () => place.urn);
    return grouped(place, pool, sql`NULL::int`, wanted, select, urn);
  };
  const all = () => sql`true`;
  // What has several rows is known of the rows that stand.
  if (select.asOf) return summed(all);
  if (inParts.length === 0 || wanted.breakdown !== null) return whole(all);
  return either(
    whole(({ isInParts }) => sql`NOT ${isInParts}`),
    summed(({ isInParts }) => isInParts),
    wanted,
    select,
  );
}

/** Pooled over the schools that each holds, as the figure of one trust is. */
function ofEachTrust(wanted: Wanted, select: Select): Figures {
  refuseUnlessAdditive(wanted.indicator, 'a trust');
  const schools = rowsOfEverySchool(wanted, select);
  const place = {
    ...schools,
    from: sql`group_membership m JOIN ${schools.from} ON ${schools.urn} = m.urn`,
    where: sql`${schools.where} AND ${select.valid(raw('m'))}`,
  };
  const cells = new Columns(select.alias('c'));
  const uid = cells.of('group_uid', () => raw('m.group_uid'));
  const held = sql`(SELECT count(*)::int FROM group_membership h WHERE h.group_uid = ${uid} AND ${select.valid(raw('h'))})`;
  const pool = { cells, part: schools.urn, singleAsPublished: false };
  return grouped(place, pool, held, wanted, select, uid);
}
