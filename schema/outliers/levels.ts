/**
 * The levels that are judged: which places there are in a part of England, and the counts of all of them in some periods at
 * once, a row for each place and period. Counts of a trust are those of the schools that it holds, as its figures are.
 */
import { refused } from '../../src/refused.js';
import { describedEnum } from '../enum-of.js';
import { editionOf } from '../neighbour/kinds.js';
import type { Wanted } from '../observation/figures.js';
import { pooledColumn, WITHHELD } from '../observation/pooled.js';
import { type Place, rowsOf, rowsOfEverySchool } from '../observation/rows.js';
import { authoritiesIn, isAuthorityCode, isRegionCode, regionsIn } from '../place/codes.js';
import { Columns } from '../select/columns.js';
import { inList } from '../select/conditions.js';
import type { KnownPeriod } from '../select/known.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { TRUST_TYPE_CODES } from '../trust/trust.js';

export type OutlierLevelName = 'LOCAL_AUTHORITY' | 'SCHOOL' | 'TRUST';

interface OutlierLevelOf {
  description: string;
  /** The object type of its places, their table and its key. */
  type: string;
  table: Sql;
  key: Sql;
  /** The register that says which places there are; null where that is not versioned. */
  register: string | null;
  /** As the coverage of a data set names where its figures come from. */
  published: string;
  /** Rows of the table that are places of the level at all. */
  isPlace: (row: Sql, select: Select) => Sql;
  /** Those that there are today: they are counted even without a figure. */
  exists: (row: Sql) => Sql;
  /** Code of the local authority that it lies in; null where it has none. */
  authority: ((row: Sql) => Sql) | null;
  /** Rows of observation, and the key of the place that each is of. */
  rows: (wanted: Wanted, select: Select) => RowsOfLevel;
}

/** `isAlone`: the row is the only one of its place and period, where that is known. */
interface RowsOfLevel {
  place: Place;
  key: Sql;
  isAlone?: Sql;
}

export const OUTLIER_LEVELS: Record<OutlierLevelName, OutlierLevelOf> = {
  LOCAL_AUTHORITY: {
    description: 'Local authorities.',
    type: 'LocalAuthority',
    table: raw('local_authority'),
    key: raw('code'),
    register: null,
    published: 'LOCAL_AUTHORITY',
    isPlace: () => sql`true`,
    exists: (row) => sql`${row}.closed_on IS NULL`,
    authority: (row) => sql`${row}.code`,
    rows: (_wanted, select) => {
      const [observation, place] = [select.alias('o'), select.alias('q')];
      return {
        place: {
          observation,
          level: 'LOCAL_AUTHORITY',
          from: sql`place ${place} JOIN observation ${observation} ON ${observation}.place_id = ${place}.id`,
          where: sql`${place}.level = 'LOCAL_AUTHORITY'`,
        },
        key: sql`${place}.code`,
      };
    },
  },
  SCHOOL: {
    description: 'Schools.',
    type: 'School',
    table: raw('school'),
    key: raw('urn'),
    register: 'gias-establishments',
    published: 'SCHOOL',
    isPlace: (row, select) => select.valid(row),
    exists: (row) => sql`${row}.status IN ('OPEN', 'PROPOSED_TO_CLOSE')`,
    authority: (row) => sql`${row}.la_code`,
    rows: (wanted, select) => {
      const place = rowsOfEverySchool(wanted, select);
      return { place, key: place.urn, ...(place.isStanding && { isAlone: sql`NOT ${place.isInParts}` }) };
    },
  },
  TRUST: {
    description: 'Academy trusts, each the sum of the schools that it holds now, as Trust.indicator has it.',
    type: 'Trust',
    table: raw('establishment_group'),
    key: raw('uid'),
    register: 'gias-groups',
    published: 'SCHOOL',
    isPlace: (row, select) => sql`${select.valid(row)} AND ${row}.type_code IN ${TRUST_TYPE_CODES}`,
    exists: (row) => sql`${row}.status = 'OPEN'`,
    authority: null,
    rows: (wanted, select) => {
      const rows = rowsOfEverySchool(wanted, select);
      const member = select.alias('m');
      const from = sql`${rows.from} JOIN group_membership ${member} ON ${member}.urn = ${rows.urn} AND ${select.valid(member)}`;
      return { place: { ...rows, from }, key: sql`${member}.group_uid` };
    },
  },
};

export const OutlierLevel = describedEnum('OutlierLevel', 'Which places are judged.', OUTLIER_LEVELS);

/** Which part of England is judged, and against itself. */
export interface Scope {
  level: OutlierLevelName;
  within?: string | null;
  neighboursOf?: string | null;
  phase?: string[] | null;
}

const CODES = 'a GSS code of a region (E12000004) or a code of a local authority (891, E10000024)';

/** The condition that keeps the places of the scope. Refuses one that does not fit the level. */
export function scopeOf({ level, within, neighboursOf, phase }: Scope, select: Select): (row: Sql) => Sql {
  const { authority } = OUTLIER_LEVELS[level];
  const isGiven = (value: string | null | undefined) => typeof value === 'string';
  if (isGiven(within) && isGiven(neighboursOf)) {
    throw refused('within, neighboursOf', 'ask for one of them, or none for England');
  }
  if ((isGiven(within) || isGiven(neighboursOf)) && !authority) {
    throw refused(
      isGiven(within) ? 'within' : 'neighboursOf',
      'a trust lies in no one place; trusts are judged in England as a whole',
    );
  }
  if (phase && level !== 'SCHOOL') {
    throw refused('phase', 'only schools have a phase. For the figures of a phase ask for a breakdown');
  }
  const isRegion = isRegionCode(within ?? '');
  if (isGiven(within) && !isRegion && !isAuthorityCode(within!)) {
    throw refused('within', `${CODES}. Left out: England`);
  }
  if (isGiven(within) && !isRegion && level === 'LOCAL_AUTHORITY') {
    throw refused(
      'within',
      'a local authority is judged among others: those of a region by its GSS code, those of neighboursOf, or all',
    );
  }
  const codeOf = (argument: string, given: string) => authoritiesIn(argument, [given], select.known)[0];
  const edition = editionOf({ kind: 'STATISTICAL' }, select);
  const among = () => {
    if (typeof within === 'string') {
      if (!isRegion) return sql`SELECT ${codeOf('within', within)}::text`;
      return sql`SELECT a.code FROM local_authority a WHERE a.region_code = ${regionsIn('within', [within], select.known)[0]}`;
    }
    if (typeof neighboursOf !== 'string') return null;
    const code = codeOf('neighboursOf', neighboursOf);
    return sql`SELECT ${code}::text UNION ALL SELECT n.neighbour_code FROM statistical_neighbour n
      WHERE n.to_release IS NULL AND n.edition = ${edition}::text AND n.la_code = ${code}`;
  };
  const authorities = among();
  return (row) => {
    const there = authorities ? sql`${authority!(row)} IN (${authorities})` : sql`true`;
    return phase ? sql`${there} AND ${inList(sql`${row}.phase`, raw('text'), 'phase', phase)}` : there;
  };
}

/**
 * Counts of the places of a level (key in `places`): key, period_id, count, base (null where not known), status, is_withheld,
 * lower and upper of the count. Rows that are alone and have both numbers are taken as they are; the others are summed, and
 * what their symbols mean is looked up. `periods`: the first is judged; of the others only what is known need be there.
 */
export function countsOfLevel(
  level: OutlierLevelName,
  places: Sql,
  wanted: Wanted,
  periods: KnownPeriod[],
  select: Select,
): Sql {
  const { place: anywhere, key, isAlone } = OUTLIER_LEVELS[level].rows(wanted, select);
  const { observation } = anywhere;
  const { numerator, denominator, multiplier } = wanted.stored;
  const rowsThat = (condition: Sql) => {
    const where = sql`${anywhere.where} AND ${key} IN (SELECT key FROM ${places}) AND ${condition}`;
    return rowsOf({ ...anywhere, where }, wanted, select)(periods);
  };
  const cells = new Columns(select.alias('c'));
  const column = pooledColumn({ cells, observation, part: key, singleAsPublished: false }, wanted.stored);
  const bound = (which: 'lower' | 'upper') =>
    sql`${column(which)} * ${column('denominator')} / ${multiplier}::float8`;
  const made = sql`${column('numerator')} AS count, ${column('denominator')} AS base,
    ${column('status')} AS status, ${column('status')} IN ${WITHHELD} AS is_withheld, ${bound('lower')} AS lower, ${bound('upper')} AS upper`;
  const { alias } = cells;
  const summed = (condition: Sql) => sql`SELECT ${alias}.key, ${alias}.period_id, ${made}
    FROM (SELECT ${key} AS key, ${observation}.period_id, ${cells.list((cell) => cell)} ${rowsThat(condition)} OFFSET 0) ${alias}
    GROUP BY ${alias}.key, ${alias}.period_id`;
  if (!isAlone || numerator === null || denominator === null) return summed(sql`true`);
  const valueAt = (position: number) => sql`${observation}.values[${position}::int]`;
  const isPlain = sql`(${isAlone} AND ${valueAt(numerator)} IS NOT NULL AND ${valueAt(denominator)} IS NOT NULL)`;
  return sql`SELECT ${key} AS key, ${observation}.period_id, ${valueAt(numerator)} AS count, ${valueAt(denominator)} AS base,
      CASE WHEN ${valueAt(denominator)} = 0 THEN 'NOT_APPLICABLE' ELSE 'ACTUAL' END AS status, false AS is_withheld, NULL::float8 AS lower, NULL::float8 AS upper ${rowsThat(isPlain)}
    UNION ALL ${summed(sql`(${observation}.period_id = ${periods[0]!.id}::smallint OR NOT (${isAlone})) AND NOT ${isPlain}`)}`;
}
