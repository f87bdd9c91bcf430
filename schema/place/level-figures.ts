/**
 * The levels, and the figure of one indicator in one period that each place of a level has: what rankings, comparisons and
 * the order of lists are made of. No place is left out for want of a figure.
 */
import { refused } from '../../src/refused.js';
import { describedEnum } from '../enum-of.js';
import { isAdditive } from '../observation/additive.js';
import { type Wanted } from '../observation/figures.js';
import { canReadAreas } from '../observation/figures-of-each.js';
import type { ObservationRow } from '../observation/observation.js';
import { newestRow, type PlaceIndicatorRow, rowOfEach } from '../observation/passes.js';
import { noteAsOf } from '../select/as-of.js';
import { allOf } from '../select/conditions.js';
import { joinsOf, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { TRUST_TYPE_CODES } from '../trust/trust.js';
import type { LevelFilter } from './level-filter.js';
import { placeIndicator, type Where } from './place.js';

export interface Level {
  description: string;
  /** The object type of its places. */
  type: string;
  table: Sql;
  /** As the coverage of a data set names it. */
  name: string;
  /** The level whose figures are added up where its own are not published. */
  pooledFrom?: string;
  /** Places that exist today: they are listed even without a figure. */
  exists: (row: Sql) => Sql;
  /** Of a table that has more than that: which rows are places of the level. */
  isPlace?: (row: Sql, select: Select) => Sql;
  /** A level of thousands: its figures are read all at once, and found by this column. */
  key?: string;
  /** The register of its places, where it is versioned. */
  register?: string;
}

export const LEVELS = {
  LOCAL_AUTHORITY: {
    description: 'Local authorities: those that exist today, and those that the period has a figure for.',
    type: 'LocalAuthority',
    table: raw('local_authority'),
    name: 'LOCAL_AUTHORITY',
    exists: (row) => sql`${row}.closed_on IS NULL`,
  },
  REGION: {
    description: 'The nine regions.',
    type: 'Region',
    table: raw('(SELECT * FROM region WHERE parent_code IS NULL)'),
    name: 'REGIONAL',
    pooledFrom: 'LOCAL_AUTHORITY',
    exists: () => sql`true`,
  },
  TRUST: {
    description:
      'Academy trusts: those that are open, and those that the period has a figure for, each pooled from the schools that it holds today.',
    type: 'Trust',
    table: raw('establishment_group'),
    name: 'SCHOOL',
    exists: (row) => sql`${row}.status = 'OPEN'`,
    isPlace: (row, select) => sql`${select.valid(row)} AND ${row}.type_code IN ${TRUST_TYPE_CODES}`,
    key: 'uid',
    register: 'gias-groups',
  },
  SCHOOL: {
    description:
      'Schools: those of the register that are open or proposed to close, and those that the period has a figure for.',
    type: 'School',
    table: raw('school'),
    name: 'SCHOOL',
    exists: (row) => sql`${row}.status IN ('OPEN', 'PROPOSED_TO_CLOSE')`,
    isPlace: (row, select) => select.valid(row),
    key: 'urn',
    register: 'gias-establishments',
  },
} satisfies Record<string, Level>;
export type LevelName = keyof typeof LEVELS;

export const PlaceLevel = describedEnum('PlaceLevel', 'Which places are set beside each other.', LEVELS);

/** Which figures. `period`: code or label as published; left out, the newest that the level has. */
export interface LevelQuestion {
  indicator: string;
  level: LevelName;
  period?: string | null;
  breakdown?: string | null;
  filter?: LevelFilter | null;
}

/** A figure of each place, read beside its row. */
export interface LevelFigure {
  /** The indicator, and the one period. */
  asked: PlaceIndicatorRow & { periods: [string] };
  /** What the figure is read from, and whether the period has a row for the place. */
  observed: { isThere: Sql; row: ObservationRow };
}

/**
 * One figure of the places that `place` is a row of; a place can have several. `few`: of a level of thousands only some
 * are asked, and each is looked up.
 */
export function figureOfLevel(
  { indicator: id, level: name, period, breakdown, where = {} }: LevelQuestion & { where?: Where },
  place: TableRow,
  select: Select,
  few = false,
): LevelFigure {
  const level: Level = LEVELS[name];
  if (level.register) noteAsOf(select, level.register);
  const every = placeIndicator({ row: place, type: select.typeNamed(level.type) }, select, {
    id,
    breakdown,
    period,
    where,
  });
  const asked = { ...every, periods: [periodOf(every, level, where, select)] as [string] };
  const column = few ? null : foundBy(level, asked, select);
  const observed = column
    ? rowOfEach(asked, sql`${place.alias}.${column}`, select)
    : newestRow(asked, select);
  return { asked, observed };
}

/** The column by which figures that are read all at once are found; null where each place is looked up. */
function foundBy({ key, name }: Level, asked: PlaceIndicatorRow, select: Select): Sql | null {
  if (key) return raw(key);
  return name === LEVELS.LOCAL_AUTHORITY.name && canReadAreas(asked, select) ? raw('place_id') : null;
}

/**
 * FROM … WHERE of the places of a level, when all of their figures have been asked for. `isKept`: by columns of the place
 * alone; `isListed`: by figures too. CASE keeps a full join one (rowOfEach): a plain condition would show Postgres that a
 * LEFT JOIN does.
 */
export function placesOfLevel(
  level: Level,
  place: TableRow,
  { isKept, isListed }: { isKept: Sql; isListed: Sql },
  select: Select,
): Sql {
  const { alias } = place;
  return sql`FROM (SELECT * FROM ${level.table} ${alias} WHERE ${allOf([level.isPlace?.(alias, select), isKept])}) ${alias}
    ${joinsOf(place)} WHERE CASE WHEN ${alias}.name IS NOT NULL THEN ${isListed} ELSE false END`;
}

/** What of a level says which periods it has. */
type PublishedLevel = Pick<Level, 'name' | 'pooledFrom' | 'key'>;

/** Code of the newest period that the level has. Refuses an indicator that is not published for it. */
export const newestPeriod = (
  { indicator }: Pick<Wanted, 'indicator'>,
  level: PublishedLevel,
  select: Select,
  where: Where = {},
): string => periodOf({ indicator, periods: null }, level, where, select);

/** Code of the period that is asked for, or of the newest that the level has. Refuses one that the level does not have. */
function periodOf(
  { indicator, periods }: Pick<Wanted, 'indicator' | 'periods'>,
  level: PublishedLevel,
  where: Where,
  select: Select,
): string {
  const known = select.known.periods(indicator.dataSet.id);
  const publishedFor = (name: string) =>
    known
      .filter(({ covered }) => covered.some((one) => one.level === name && select.isReleased(one.release)))
      .map(({ code }) => code);
  let codes: string[];
  if (indicator.series) codes = level.key ? [] : indicator.series.periods.map(({ code }) => code);
  else {
    codes = publishedFor(level.name);
    if (codes.length === 0 && level.pooledFrom && isAdditive(indicator))
      codes = publishedFor(level.pooledFrom);
  }
  const [asked] = periods ?? [];
  const found = asked === undefined ? codes.at(-1) : codes.find((code) => code === asked);
  if (found !== undefined) return found;
  const by = select.asOf ? ' by the day of asOf' : '';
  if (codes.length > 0) {
    throw refused(
      where.period ?? 'period',
      `${indicator.id} is not published for this level in this period${by}. Periods that the level has: ${codes.join(', ')}`,
    );
  }
  const levels = new Set(known.flatMap(({ covered }) => covered.map((one) => one.level)));
  const has = indicator.series?.periods.length
    ? 'NATIONAL, REGIONAL, LOCAL_AUTHORITY'
    : [...levels].join(', ');
  throw refused(
    where.id ?? 'level',
    `${indicator.id} is not published for this level${by}. Levels that it has: ${has || 'none yet'}`,
  );
}
