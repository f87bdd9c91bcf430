/**
 * The figures of every school, or of every trust, in one period, read in one scan: where a level has thousands of places,
 * looking each up on its own takes several times as long. Each row says by `key` which place it is of: a URN, a Group UID.
 */
import { Columns } from '../select/columns.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { refuseUnlessAdditive } from './additive.js';
import { asPublished } from './as-published.js';
import { either, grouped } from './combined.js';
import { type FigureSource, type Figures, type Wanted } from './figures.js';
import { type RowsOfSchools, rowsOfEverySchool } from './rows.js';

export function figuresOfEach({ kind }: FigureSource, wanted: Wanted, select: Select): Figures {
  switch (kind) {
    case 'school':
      return ofEachSchool(wanted, select);
    case 'trust':
      return ofEachTrust(wanted, select);
    default:
      throw new Error(`the places of kind ${kind} are few: each is looked up`);
  }
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
