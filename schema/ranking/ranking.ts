/**
 * Ranking: the places of a level in the order of one indicator, in one period, as the local authority interactive tool
 * (LAIT) ranks: 1 is the best by the indicator's polarity, places with the same value share a rank, and the ranks after
 * them are left out (1, 2, 2, 4). Where neither way is good nothing is ranked, and the highest comes first. A place
 * whose value is not known has no rank and stands last: it is never left out.
 */

import { Arg, Field, Float, ID, Int, ObjectType, Query, Resolver, registerEnumType } from 'type-graphql';
import { SchoolGraphError } from '../../src/errors.js';
import { MAXIMUM_RANKED } from '../../src/limits.js';
import { enumOf } from '../enum-of.js';
import type { Wanted } from '../observation/figures.js';
import { Observation } from '../observation/observation.js';
import { newestRow } from '../observation/passes.js';
import { newestOf } from '../observation/rows.js';
import { Place, placeIndicator } from '../place/place.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { joinsOf, rowOf, SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

interface Level {
  description: string;
  type: string;
  table: Sql;
  /** As the coverage of a data set names it. */
  name: string;
  /** Places that exist today: they are listed even without a figure. */
  exists: (row: Sql) => Sql;
}

const LEVELS: Record<string, Level> = {
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
};
export const RankedLevel = enumOf(Object.keys(LEVELS));
registerEnumType(RankedLevel, {
  name: 'RankedLevel',
  description: 'Which places are ranked among each other.',
  valuesConfig: Object.fromEntries(
    Object.entries(LEVELS).map(([level, { description }]) => [level, { description }]),
  ),
});

/** What a ranked place is read from. */
interface RankedRow {
  level: Level;
  place: TableRow;
  value: Sql;
  rank: Sql;
  observation: (select: Select) => Sql;
}

@ObjectType({ description: 'A place with its rank among the places of its level.' })
export class RankedPlace {
  @Field(() => Int, {
    nullable: true,
    description:
      '1 is the best by the indicator’s polarity; equal values share a rank. Null where the value is not known, and where neither way is good.',
  })
  @SqlField(({ rank }: RankedRow) => rank)
  rank!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The value, unrounded. Null where it is not known: see observation.',
  })
  @SqlField(({ value }: RankedRow) => value)
  value!: number | null;

  @Field(() => Observation, {
    nullable: true,
    description: 'The figure with all that is known of it. Null where the period has no row for the place.',
  })
  @SqlField(({ observation }: RankedRow, _args, select) => observation(select))
  observation!: Observation | null;

  @Field(() => Place, { description: 'The place.' })
  @SqlField(({ level, place }: RankedRow, _args, select) =>
    select.as(select.typeNamed(level.type)).object(place),
  )
  place!: Place;
}

/** Code of the newest period that the level has. */
function newestPeriod({ indicator }: Wanted, level: Level, select: Select): string {
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

@Resolver(() => RankedPlace)
export class Rankings {
  @Query(() => [RankedPlace], {
    nullable: true,
    description:
      'The places of a level in the order of one indicator, the best first, or the highest where neither way is good; those without a known value come last, by name.',
  })
  @SqlField(
    (_row, args: { indicator: string; period?: string; level: string; breakdown?: string }, select) => {
      const level = LEVELS[args.level]!;
      const place = rowOf(select.alias('t'));
      const { indicator: id, breakdown, period } = args;
      const every = placeIndicator({ row: place, type: select.typeNamed(level.type) }, select, {
        id,
        breakdown,
        periods: period ? [period] : null,
      });
      const asked = { ...every, periods: every.periods ?? [newestPeriod(every, level, select)] };
      const observed = newestRow(asked, select);
      const value = observed.row.figure('value');
      const direction = raw(every.indicator.polarity === 'LOW' ? 'ASC' : 'DESC');
      const rank =
        every.indicator.polarity === 'NONE'
          ? sql`NULL::int`
          : sql`CASE WHEN ${value} IS NOT NULL THEN rank() OVER (ORDER BY ${value} ${direction} NULLS LAST) END`;
      const entry = select.forEach(MAXIMUM_RANKED).object({
        level,
        place,
        value,
        rank,
        observation: (below) => sql`CASE WHEN ${observed.isThere} THEN ${below.object(observed.row)} END`,
      } satisfies RankedRow);
      const { alias } = place;
      return sql`(SELECT coalesce(json_agg(e.entry ORDER BY e.value ${direction} NULLS LAST, e.name, e.code), '[]') FROM (
      SELECT ${entry} AS entry, ${value} AS value, ${alias}.name, ${alias}.code
      FROM ${level.table} ${alias} ${joinsOf(place)} WHERE ${level.exists(alias)} OR ${observed.isThere}) e)`;
    },
  )
  ranking(
    @Arg('indicator', () => ID, { description: 'Id of the indicator: suspension-rate.' }) _indicator: string,
    @Arg('level', () => RankedLevel, { description: 'Which places.' }) _level: string,
    @Arg('period', () => String, {
      nullable: true,
      description: 'Code or label as published: 201617, 2016/17. Left out: the newest that the level has.',
    })
    _period?: string,
    @Arg('breakdown', () => String, {
      nullable: true,
      description: 'A part of the whole, by a code of indicator.breakdowns. Left out: the total over all.',
    })
    _breakdown?: string,
    @AsOf() _asOf?: string,
  ): RankedPlace[] {
    return answeredBySql();
  }
}
