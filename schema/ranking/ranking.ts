/**
 * Ranking: the places of a level in the order of one indicator, in one period, as the local authority interactive tool
 * (LAIT) ranks: 1 is the best by the indicator's polarity, places with the same value share a rank, and the ranks after
 * them are left out (1, 2, 2, 4). Where neither way is good nothing is ranked, and the highest comes first. A place
 * whose value is not known has no rank and stands last: it is never left out.
 */

import { Args, ArgsType, Field, Float, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { MAXIMUM_RANKED } from '../../src/limits.js';
import { refused } from '../../src/refused.js';
import { Observation } from '../observation/observation.js';
import { newestRow } from '../observation/passes.js';
import { AS_SHOWN, rounded } from '../observation/shown.js';
import { figuresOfLevel } from '../place/filtered-level.js';
import { LeftOut, leftOut } from '../place/left-out.js';
import { LevelArgs, workOfLevel } from '../place/level-args.js';
import type { Level } from '../place/level-figures.js';
import { Place, placeIndicator } from '../place/place.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { Columns } from '../select/columns.js';
import { joinsOf, rowOf, SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { empty, raw, type Sql, sql } from '../select/sql.js';

/** What a ranked place is read from. */
interface RankedRow {
  level: Level;
  place: TableRow;
  decimals: number;
  /** Of the place among all: worked out where it is asked for. */
  ranked: (what: 'value' | 'rank' | 'percentile' | 'of') => Sql;
  observation: (select: Select) => Sql;
  /** Of all places, those without a value, by why. */
  leftOut: (select: Select) => Sql;
}

@ArgsType()
export class RankingArgs extends LevelArgs {
  @Field(() => Int, {
    defaultValue: MAXIMUM_RANKED,
    description: `How many places to list: up to ${MAXIMUM_RANKED}, more than there are local authorities. Ranks are among all, whatever is listed. A ranking that is taken away has all of them, unless this is given.`,
  })
  first!: number;

  @Field(() => Int, {
    defaultValue: 0,
    description:
      'How many places to pass over, in the order of the ranking, before the first that is listed.',
  })
  skip!: number;
}

@ObjectType({ description: 'A place with its rank among the places of its level.' })
export class RankedPlace {
  @Field(() => Int, {
    nullable: true,
    description:
      '1 is the best by the indicator’s polarity; equal values share a rank. Null where the value is not known, and where neither way is good.',
  })
  @SqlField(({ ranked }: RankedRow) => ranked('rank'))
  rank!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The value, unrounded. Null where it is not known: see observation.',
  })
  @SqlField(({ ranked }: RankedRow) => ranked('value'))
  value!: number | null;

  @Field(() => String, {
    nullable: true,
    description: `value ${AS_SHOWN}. Null where it is not known: observation.shown says why.`,
  })
  @SqlField(({ ranked, decimals }: RankedRow) => rounded(ranked('value'), decimals))
  valueShown!: string | null;

  @Field(() => Int, {
    description: 'How many places have a known value: those among which it is ranked.',
  })
  @SqlField(({ ranked }: RankedRow) => ranked('of'))
  of!: number;

  @Field(() => [LeftOut], {
    description:
      'How many places have no known value, and so no rank, by why; the same for every place of the ranking. With of they are all places.',
  })
  @SqlField(({ leftOut }: RankedRow, _args, select) => leftOut(select))
  leftOut!: LeftOut[];

  @Field(() => Float, {
    nullable: true,
    description:
      'Percentile of the value, from 0 (the lowest) to 100 (the highest), whatever way is good: lower values per 100 of the other places that have one (percent_rank), so that percentiles(at:) of the distribution gives the value back. Null where the value is not known.',
  })
  @SqlField(({ ranked }: RankedRow) => ranked('percentile'))
  percentile!: number | null;

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
  @WorkOf(workOfLevel)
  @Query(() => [RankedPlace], {
    nullable: true,
    description:
      'The places of a level in the order of one indicator, the best first, or the highest where neither way is good; those without a known value come last. Equal values, and places without one, stand by name, then by code, URN or UID. Schools and trusts come as a page (first, skip), with ranks among all of them. docs/methods/distribution.md',
  })
  @SqlField((_row, { first, skip, ...question }: RankingArgs, select) => {
    if (first < 0 || first > MAXIMUM_RANKED || skip < 0) {
      throw refused(
        'first, skip',
        `0 or more, and of first no more than ${MAXIMUM_RANKED}: take the rest with skip`,
      );
    }
    // A ranking that is taken away is the whole one, unless the question says how many.
    const isWhole = select.isTaken && !select.says('first');
    const { asked, level, place: counted, observed, from } = figuresOfLevel(question, select);
    const { polarity } = asked.indicator;
    const direction = raw(polarity === 'LOW' ? 'ASC' : 'DESC');
    const value = observed.row.figure('value');
    const known = (what: Sql) => sql`CASE WHEN ${value} IS NOT NULL THEN ${what} END`;
    const among = sql`PARTITION BY ${value} IS NULL ORDER BY ${value}`;
    const worked = {
      value,
      rank: polarity === 'NONE' ? sql`NULL::int` : known(sql`rank() OVER (${among} ${direction})`),
      percentile: known(
        sql`CASE WHEN count(*) OVER (PARTITION BY ${value} IS NULL) > 1 THEN percent_rank() OVER (${among}) * 100 END`,
      ),
      of: sql`(count(${value}) OVER ())::int`,
    };
    const place = rowOf(select.alias('t'));
    const columns = new Columns(place.alias);
    const entry = select.forEach(isWhole ? 1 : first).object({
      level,
      place,
      decimals: asked.indicator.decimals,
      leftOut: (below) =>
        leftOut(
          (name, condition) =>
            columns.of(name, () => sql`(count(*) FILTER (WHERE ${condition}) OVER ())::int`),
          { isThere: observed.isThere, value, status: observed.row.figure('status') },
          below,
        ),
      ranked: (what) => columns.of(`ranked_${what}`, () => worked[what]),
      // Of the places that are listed alone, however many there are.
      observation: (below) => {
        const { indicator, breakdown, periods } = asked;
        const own = placeIndicator({ row: place, type: select.typeNamed(level.type) }, select, {
          id: indicator.id,
          breakdown,
          periods,
        });
        const { isThere, row } = newestRow(own, below);
        return sql`CASE WHEN ${isThere} THEN ${below.object(row)} END`;
      },
    } satisfies RankedRow);
    columns.of('ranked_value', () => worked.value);
    const key = raw(level.key ?? 'code');
    const order = (row: Sql, ordered: Sql) =>
      sql`${ordered} ${direction} NULLS LAST, ${row}.name, ${row}.${key}`;
    const { alias } = counted;
    const limit = isWhole ? empty : sql`LIMIT ${first}`;
    const listed = sql`FROM (
      SELECT ${alias}.*, ${columns.list((column) => column)} ${from()} ORDER BY ${order(alias, value)} ${limit} OFFSET ${skip}
    ) ${place.alias} ${joinsOf(place)}`;
    const inOrder = sql`ORDER BY ${order(place.alias, sql`${place.alias}.ranked_value`)}`;
    if (select.isTaken) return select.take(entry, sql`${listed} ${inOrder}`);
    return sql`(SELECT coalesce(json_agg(${entry} ${inOrder}), '[]') ${listed})`;
  })
  ranking(@Args(() => RankingArgs) _args: RankingArgs, @AsOf() _asOf?: string): RankedPlace[] {
    return answeredBySql();
  }
}
