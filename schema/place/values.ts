/**
 * Values of indicators by which lists of places are filtered and ordered: of each place its figure in one period. A place
 * whose value is not known — no row, or withheld — is in no range, and stands last in an order.
 */
import { Field, Float, ID, InputType, Int } from 'type-graphql';
import { MAXIMUM_VALUES } from '../../src/limits.js';
import { entryOf, refuseLonger } from '../../src/refused.js';
import { allOf } from '../select/conditions.js';
import { joinsOf, rowOf, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { BREAKDOWN, PERIOD } from './figure-arguments.js';
import {
  figureOfLevel,
  LEVELS,
  type Level,
  type LevelName,
  newestPeriod,
  placesOfLevel,
} from './level-figures.js';
import { knownIndicator, whereOf } from './place.js';

@InputType({ description: 'The value that each place of a list has of an indicator, in one period.' })
export class IndicatorValue {
  @Field(() => ID, { description: 'Id of the indicator: suspension-rate.' })
  id!: string;

  @Field(() => String, PERIOD)
  period?: string | null;

  @Field(() => String, BREAKDOWN)
  breakdown?: string | null;
}

@InputType({
  description:
    'Keeps places whose value of an indicator lies within bounds. One whose value is not known, or is withheld, is not kept.',
})
export class IndicatorRange extends IndicatorValue {
  @Field(() => Float, { nullable: true, description: 'This or more, in the unit of the indicator.' })
  min?: number | null;

  @Field(() => Float, { nullable: true, description: 'This or less.' })
  max?: number | null;

  @Field(() => Float, { nullable: true, description: 'More than this.' })
  over?: number | null;

  @Field(() => Float, { nullable: true, description: 'Less than this.' })
  under?: number | null;
}

@InputType({ description: 'Whole numbers within bounds. What is not known is not within them.' })
export class IntRange {
  @Field(() => Int, { nullable: true, description: 'This or more.' })
  min?: number | null;

  @Field(() => Int, { nullable: true, description: 'This or less.' })
  max?: number | null;
}

/** The condition that a number is within bounds; that it is known, where there are none. */
export const isWithin = (number: Sql, { min, max }: IntRange): Sql =>
  allOf([
    sql`${number} IS NOT NULL`,
    isGiven(min) && sql`${number} >= ${min}::int`,
    isGiven(max) && sql`${number} <= ${max}::int`,
  ]);

/**
 * The condition that the values of a place of a level are within the ranges. `few`: the list has few places, whose figures
 * are looked up; of any other list those of all places are read at once.
 */
export function valuesWithin(
  level: LevelName,
  place: Sql,
  ranges: IndicatorRange[],
  few: boolean,
  select: Select,
): Sql {
  refuseLonger('filter.indicator', ranges, MAXIMUM_VALUES);
  const row = rowOf(few ? place : select.alias('t'));
  const isListed = allOf(
    ranges.map((range, at) => {
      const where = entryOf('filter.indicator', at, ranges.length);
      return isBetween(figureValue(level, { value: range, where }, row, few, select), range);
    }),
  );
  if (few) return sql`EXISTS (SELECT FROM (SELECT) ${select.alias('k')} ${joinsOf(row)} WHERE ${isListed})`;
  const key = keyOf(level);
  const kept = placesOfLevel(LEVELS[level], row, { isKept: sql`true`, isListed }, select);
  // IS TRUE: looked up in a table of hashes, and not joined. Postgres would expect one place where there are thousands.
  return sql`(${place}.${key} IN (SELECT ${row.alias}.${key} ${kept})) IS TRUE`;
}

const isBetween = (value: Sql, { min, max, over, under }: IndicatorRange): Sql =>
  allOf([
    sql`${value} IS NOT NULL`,
    isGiven(min) && sql`${value} >= ${min}::float8`,
    isGiven(max) && sql`${value} <= ${max}::float8`,
    isGiven(over) && sql`${value} > ${over}::float8`,
    isGiven(under) && sql`${value} < ${under}::float8`,
  ]);

/** A query of the places of a level that hold a condition, with values beside them: columns value_1, value_2 … */
export function withValues(
  level: LevelName,
  values: readonly ValueAsked[],
  { condition, few }: { condition: (place: Sql) => Sql; few: boolean },
  select: Select,
): Sql {
  const row = rowOf(select.alias('t'));
  const { alias } = row;
  const columns = values.map(
    (value, at) => sql`, ${figureValue(level, value, row, few, select)}::float8 AS ${valueColumn(at)}`,
  );
  const kept = { isKept: condition(alias), isListed: sql`true` };
  return sql`SELECT ${alias}.*${join(columns, '')} ${placesOfLevel(LEVELS[level], row, kept, select)}`;
}

/** The name of a value beside a place, counted from 0. */
export const valueColumn = (at: number): Sql => raw(`value_${at + 1}`);

/** A value that is asked for, and where in the question. */
interface ValueAsked {
  value: IndicatorValue;
  where: string;
}

function figureValue(
  level: LevelName,
  { value: { id, period, breakdown }, where }: ValueAsked,
  place: TableRow,
  few: boolean,
  select: Select,
): Sql {
  const { row } = figureOfLevel(
    {
      indicator: id,
      level,
      period: period ?? null,
      breakdown: breakdown ?? null,
      where: whereOf(where),
    },
    place,
    select,
    few,
  ).observed;
  return row.figure('value');
}

/** The period of a value: as it is asked for, or the code of the newest. */
export const periodOf = (
  level: LevelName,
  { value: { id, period }, where }: ValueAsked,
  select: Select,
): string => {
  const parts = whereOf(where);
  return (
    period ?? newestPeriod({ indicator: knownIndicator(select, id, parts.id) }, LEVELS[level], select, parts)
  );
};

const keyOf = (level: LevelName): Sql => raw((LEVELS[level] as Level).key ?? 'code');

const isGiven = (bound: number | null | undefined): bound is number => bound !== undefined && bound !== null;
