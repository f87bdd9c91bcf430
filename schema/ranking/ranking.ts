/**
 * Ranking: the places of a level in the order of one indicator, in one period, as the local authority interactive tool
 * (LAIT) ranks: 1 is the best by the indicator's polarity, places with the same value share a rank, and the ranks after
 * them are left out (1, 2, 2, 4). Where neither way is good nothing is ranked, and the highest comes first. A place
 * whose value is not known has no rank and stands last: it is never left out.
 */

import { Arg, Field, Float, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { MAXIMUM_RANKED } from '../../src/limits.js';
import { Observation } from '../observation/observation.js';
import { figuresOfLevel, type Level, type LevelQuestion, PlaceLevel } from '../place/level-figures.js';
import { Place } from '../place/place.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

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

@Resolver(() => RankedPlace)
export class Rankings {
  @Query(() => [RankedPlace], {
    nullable: true,
    description:
      'The places of a level in the order of one indicator, the best first, or the highest where neither way is good; those without a known value come last, by name.',
  })
  @SqlField((_row, question: LevelQuestion, select) => {
    const { asked, level, place, observed, from } = figuresOfLevel(question, select);
    const { polarity } = asked.indicator;
    const value = observed.row.figure('value');
    const direction = raw(polarity === 'LOW' ? 'ASC' : 'DESC');
    const rank =
      polarity === 'NONE'
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
      SELECT ${entry} AS entry, ${value} AS value, ${alias}.name, ${alias}.code ${from()}) e)`;
  })
  ranking(
    @Arg('indicator', () => ID, { description: 'Id of the indicator: suspension-rate.' }) _indicator: string,
    @Arg('level', () => PlaceLevel, { description: 'Which places.' }) _level: string,
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
