/**
 * The places of a level, each with its figure of one indicator in one period: what rankings and comparisons are made of.
 * No place is left out for want of a figure.
 */
import { registerEnumType } from 'type-graphql';
import { SchoolGraphError } from '../../src/errors.js';
import { enumOf } from '../enum-of.js';
import type { Wanted } from '../observation/figures.js';
import type { ObservationRow } from '../observation/observation.js';
import { newestRow, type PlaceIndicatorRow } from '../observation/passes.js';
import { newestOf } from '../observation/rows.js';
import { joinsOf, rowOf, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { placeIndicator } from './place.js';

export interface Level {
  description: string;
  /** The object type of its places. */
  type: string;
  table: Sql;
  /** As the coverage of a data set names it. */
  name: string;
  /** Places that exist today: they are listed even without a figure. */
  exists: (row: Sql) => Sql;
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
    exists: () => sql`true`,
  },
} satisfies Record<string, Level>;
export type LevelName = keyof typeof LEVELS;

export const PlaceLevel = enumOf(Object.keys(LEVELS));
registerEnumType(PlaceLevel, {
  name: 'PlaceLevel',
  description: 'Which places are set beside each other.',
  valuesConfig: Object.fromEntries(
    Object.entries(LEVELS).map(([level, { description }]) => [level, { description }]),
  ),
});

/** Which figures. `period`: code or label as published; left out, the newest that the level has. */
export interface LevelQuestion {
  indicator: string;
  level: LevelName;
  period?: string | null;
  breakdown?: string | null;
}

export interface LevelFigures {
  level: Level;
  /** The indicator, and the one period. */
  asked: PlaceIndicatorRow;
  place: TableRow;
  /** What its figure is read from, and whether the period has a row for the place. */
  observed: { isThere: Sql; row: ObservationRow };
  /** FROM … WHERE, a row for each place: to be taken when every column has been asked for. */
  from: () => Sql;
}

export function figuresOfLevel(question: LevelQuestion, select: Select): LevelFigures {
  const level: Level = LEVELS[question.level];
  const place = rowOf(select.alias('t'));
  const { indicator: id, breakdown, period } = question;
  const every = placeIndicator({ row: place, type: select.typeNamed(level.type) }, select, {
    id,
    breakdown,
    periods: period ? [period] : null,
  });
  const asked = { ...every, periods: every.periods ?? [newestPeriod(every, level, select)] };
  const observed = newestRow(asked, select);
  const { alias } = place;
  return {
    level,
    asked,
    place,
    observed,
    from: () =>
      sql`FROM ${level.table} ${alias} ${joinsOf(place)} WHERE (${level.exists(alias)} OR ${observed.isThere})`,
  };
}

/** Code of the newest period that the level has. Refuses an indicator that the level has not. */
export function newestPeriod(
  { indicator }: Pick<Wanted, 'indicator'>,
  level: Pick<Level, 'name'>,
  select: Select,
): string {
  const newest = indicator.series
    ? indicator.series.periods.at(-1)
    : newestOf(select.known.periods(indicator.dataSet.id), level.name, select);
  if (newest) return newest.code;
  const levels = new Set(
    select.known.periods(indicator.dataSet.id).flatMap(({ covered }) => covered.map((one) => one.level)),
  );
  throw new SchoolGraphError(
    'BAD_USER_INPUT',
    `level: ${indicator.id} is not published for this level${select.asOf ? ` by ${select.asOf}` : ''}. Levels that it has: ${[...levels].join(', ') || 'none yet'}`,
  );
}
