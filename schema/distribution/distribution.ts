/**
 * Distribution: how the values of one indicator lie over the places of a level in one period, ready for a chart. Every place
 * counts once, large or small; a place whose value is not known is in no statistic, and is counted beside them.
 * docs/methods/distribution.md
 */

import { createHash } from 'node:crypto';
import { Arg, Args, Field, Float, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { MAXIMUM_BINS, MAXIMUM_PERCENTILES } from '../../src/limits.js';
import { refused } from '../../src/refused.js';
import { Observation, Period } from '../observation/observation.js';
import { newestRow } from '../observation/passes.js';
import { periodOf } from '../observation/period-row.js';
import { WITHHELD } from '../observation/pooled.js';
import { figuresOfLevel } from '../place/filtered-level.js';
import { LeftOut, leftOut } from '../place/left-out.js';
import { LevelArgs, workOfLevel } from '../place/level-args.js';
import type { LevelFigure } from '../place/level-figures.js';
import { placeIndicator } from '../place/place.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { Columns } from '../select/columns.js';
import { joinsOf, rowOf, SqlField, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { empty, raw, type Sql, sql } from '../select/sql.js';

const PERCENTILES = [5, 10, 25, 50, 75, 90, 95];
const BINS = 20;

/** What the fields of a distribution are read from. */
interface DistributionRow {
  asked: LevelFigure['asked'];
  /** A column of the places, a row each: what they are counted by. */
  of: (what: keyof typeof OF_PLACE) => Sql;
  /** An aggregate over the places. */
  over: (name: string, aggregate: () => Sql) => Sql;
  /** The table of the places, for what is no aggregate. */
  places: Sql;
}

const OF_PLACE = {
  value: ({ row }: LevelFigure['observed']) => row.figure('value'),
  status: ({ row }: LevelFigure['observed']) => row.figure('status'),
  is_there: ({ isThere }: LevelFigure['observed']) => isThere,
};

@ObjectType({ description: 'A percentile.' })
export class Percentile {
  @Field(() => Float, { description: 'Which, from 0 to 100: 50 is the median.' })
  @SqlField(({ alias }: { alias: Sql }) => sql`${alias}.at`)
  at!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'The value that so many of 100 places do not exceed, interpolated between the two nearest (type 7 of Hyndman and Fan, Postgres’s percentile_cont). Null where no value is known.',
  })
  @SqlField(({ alias }: { alias: Sql }) => sql`${alias}.value`)
  value!: number | null;
}

@ObjectType({ description: 'A bar of a histogram.' })
export class Bin {
  @Field(() => Float, { description: 'The least value that it counts.' })
  @SqlField(({ alias }: { alias: Sql }) => sql`${alias}.least`)
  from!: number;

  @Field(() => Float, { description: 'Where it ends: the next bin counts this value, the last one itself.' })
  @SqlField(({ alias }: { alias: Sql }) => sql`${alias}.most`)
  to!: number;

  @Field(() => Int, { description: 'Places whose value lies in it.' })
  @SqlField(({ alias }: { alias: Sql }) => sql`${alias}.places`)
  count!: number;
}

const counted = (name: string, where: (row: DistributionRow) => Sql) =>
  SqlField((row: DistributionRow) => row.over(name, () => sql`(count(*) FILTER (WHERE ${where(row)}))::int`));
const unknown = ({ of }: DistributionRow) => sql`${of('is_there')} AND ${of('value')} IS NULL`;
const aggregate = (name: string, make: (value: Sql) => Sql) =>
  SqlField(({ of, over }: DistributionRow) => over(name, () => make(of('value'))));

@ObjectType({ description: 'How the values of an indicator lie over the places of a level, in one period.' })
export class Distribution {
  @Field(() => Period, { description: 'The period.' })
  @SqlField(({ asked }: DistributionRow, _args, select) => select.object(periodOf(asked, select)))
  period!: Period;

  @Field(() => Int, { description: 'Places that the question is about: those below, added up.' })
  @counted('places', () => sql`true`)
  places!: number;

  @Field(() => Int, { description: 'Places whose value is known: those that every statistic is of.' })
  @counted('with_value', ({ of }) => sql`${of('value')} IS NOT NULL`)
  withValue!: number;

  @Field(() => Int, { description: 'Places whose value is withheld (SUPPRESSED, LOW, UNRELIABLE).' })
  @counted('withheld', (row) => sql`${unknown(row)} AND ${row.of('status')} IN ${WITHHELD}`)
  withheld!: number;

  @Field(() => Int, {
    description:
      'Places with a row whose value is not there for another reason (NOT_APPLICABLE, NOT_AVAILABLE).',
  })
  @counted('without_value', (row) => sql`${unknown(row)} AND ${row.of('status')} NOT IN ${WITHHELD}`)
  withoutValue!: number;

  @Field(() => Int, { description: 'Places that the period has no row for.' })
  @counted('without_row', ({ of }) => sql`NOT ${of('is_there')}`)
  withoutRow!: number;

  @Field(() => [LeftOut], {
    description:
      'Places that no statistic is of, by why: withheld, withoutValue and withoutRow, one status at a time.',
  })
  @SqlField(({ of, over }: DistributionRow, _args, select) =>
    leftOut(
      (name, condition) => over(name, () => sql`(count(*) FILTER (WHERE ${condition}))::int`),
      { isThere: of('is_there'), value: of('value'), status: of('status') },
      select,
    ),
  )
  leftOut!: LeftOut[];

  @Field(() => Float, { nullable: true, description: 'The least value. Null where none is known.' })
  @aggregate('min', (value) => sql`min(${value})`)
  min!: number | null;

  @Field(() => Float, { nullable: true, description: 'The greatest value.' })
  @aggregate('max', (value) => sql`max(${value})`)
  max!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The plain mean of the values, every place counting the same: it is not England’s figure, in which large places weigh more.',
  })
  @aggregate('mean', (value) => sql`avg(${value})`)
  mean!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Standard deviation of the values (of a sample: n − 1). Null where fewer than two are known.',
  })
  @aggregate('deviation', (value) => sql`stddev_samp(${value})`)
  standardDeviation!: number | null;

  @Field(() => [Percentile], { description: 'Percentiles of the values, in the order asked for.' })
  @SqlField(({ of, over }: DistributionRow, { at }: { at: number[] }, select) => {
    if (at.length > MAXIMUM_PERCENTILES || at.some((one) => one < 0 || one > 100)) {
      throw refused(
        'at',
        `percentiles from 0 to 100, such as ${PERCENTILES.join(', ')}, and ${MAXIMUM_PERCENTILES} at most`,
      );
    }
    // Two fields that ask for the same percentiles share them. A list of them is too long for a name in SQL.
    const values = over(
      `percentiles_${createHash('sha256').update(at.join()).digest('hex').slice(0, 32)}`,
      () =>
        sql`percentile_cont(${at.map((one) => one / 100)}::float8[]) WITHIN GROUP (ORDER BY ${of('value')})`,
    );
    const alias = select.alias('p');
    return sql`(SELECT coalesce(json_agg(${select.object({ alias })} ORDER BY ${alias}.n), '[]')
      FROM (SELECT n, (${at}::float8[])[n] AS at, (${values})[n] AS value FROM generate_series(1, ${at.length}::int) n) ${alias})`;
  })
  percentiles(
    @Arg('at', () => [Float], { defaultValue: PERCENTILES, description: 'Which, from 0 to 100.' })
    _at: number[],
  ): Percentile[] {
    return answeredBySql();
  }

  @Field(() => [Bin], {
    description: `Bars of equal width. Without from and to they reach from the least value to the greatest; values beyond from or to are in no bar. Empty where no value is known.`,
  })
  @SqlField((row: DistributionRow, { bins, from, to }: HistogramArgs, select) => {
    if (bins < 1 || bins > MAXIMUM_BINS || (isGiven(from) && isGiven(to) && from >= to)) {
      throw refused('bins, from, to', `1 to ${MAXIMUM_BINS} bins, and a from that is less than to`);
    }
    return histogram(row, { bins, from, to }, select);
  })
  histogram(
    @Arg('bins', () => Int, { defaultValue: BINS, description: `How many bars: 1 to ${MAXIMUM_BINS}.` })
    _bins: number,
    @Arg('from', () => Float, { nullable: true, description: 'Where the first begins.' }) _from?: number,
    @Arg('to', () => Float, { nullable: true, description: 'Where the last ends.' }) _to?: number,
  ): Bin[] {
    return answeredBySql();
  }

  @Field(() => Observation, {
    nullable: true,
    description: 'England’s figure of the same period and part. Null where none is published for it.',
  })
  @SqlField(({ asked: { indicator, breakdown, periods } }: DistributionRow, _args, select) => {
    const row = rowOf(select.alias('t'));
    const england = placeIndicator({ row, type: select.typeNamed('England') }, select, {
      id: indicator.id,
      breakdown,
      periods,
    });
    const { isThere, row: observed } = newestRow(england, select);
    const object = select.object(observed);
    return sql`(SELECT CASE WHEN ${isThere} THEN ${object} END FROM (SELECT) ${row.alias} ${joinsOf(row)})`;
  })
  england!: Observation | null;
}

interface HistogramArgs {
  bins: number;
  from?: number | null | undefined;
  to?: number | null | undefined;
}
const isGiven = (value: number | null | undefined): value is number => value !== undefined && value !== null;

function histogram(
  { of, over, places }: DistributionRow,
  { bins, from, to }: HistogramArgs,
  select: Select,
): Sql {
  const value = of('value');
  const least = isGiven(from) ? sql`${from}::float8` : over('min', () => sql`min(${value})`);
  const most = isGiven(to) ? sql`${to}::float8` : over('max', () => sql`max(${value})`);
  const [bin, edges] = [select.alias('b'), select.alias('w')];
  const edge = (n: Sql) => sql`${edges}.least + (${edges}.most - ${edges}.least) * (${n}) / ${bins}::float8`;
  // The greatest value belongs to the last bin; where all are the same there is one.
  const place = sql`CASE WHEN ${value} = ${edges}.most THEN ${bins}::int WHEN ${edges}.most > ${edges}.least
    THEN width_bucket(${value}, ${edges}.least, ${edges}.most, ${bins}::int) END`;
  return sql`(SELECT coalesce(json_agg(${select.object({ alias: bin })} ORDER BY ${bin}.n), '[]') FROM (
    SELECT n, ${edge(sql`n - 1`)} AS least, CASE WHEN n = ${bins}::int THEN ${edges}.most ELSE ${edge(raw('n'))} END AS most, coalesce(c.places, 0) AS places
    FROM (SELECT ${least} AS least, ${most} AS most) ${edges}
    CROSS JOIN generate_series(CASE WHEN ${edges}.most > ${edges}.least THEN 1 ELSE ${bins}::int END, ${bins}::int) n
    LEFT JOIN (SELECT ${place} AS n, count(*)::int AS places FROM ${places}, (SELECT ${least} AS least, ${most} AS most) ${edges}
      WHERE ${value} BETWEEN ${edges}.least AND ${edges}.most GROUP BY 1) c USING (n)
    WHERE ${edges}.least <= ${edges}.most) ${bin})`;
}

@Resolver(() => Distribution)
export class Distributions {
  @WorkOf(workOfLevel)
  @Query(() => Distribution, {
    nullable: true,
    description:
      'How the values of one indicator lie over the places of a level in one period: percentiles and a histogram ready for a chart, every place counting once. docs/methods/distribution.md',
  })
  @SqlField((_row, question: LevelArgs, select) => {
    const { asked, observed, from } = figuresOfLevel(question, select);
    const [places, sums] = [select.alias('d'), select.alias('s')];
    const ofPlaces = new Columns(places);
    const ofSums = new Columns(sums);
    const object = select.object({
      asked,
      places,
      of: (what) => ofPlaces.of(what, () => OF_PLACE[what](observed)),
      over: (name, aggregate) => ofSums.of(name, aggregate),
    } satisfies DistributionRow);
    const columns = ofSums.size === 0 ? empty : ofSums.list((column) => column);
    // An aggregate without columns has a row all the same.
    const read = ofPlaces.size === 0 ? sql`NULL` : ofPlaces.list((column) => column);
    return sql`(WITH ${places} AS MATERIALIZED (SELECT ${read} ${from()}),
      ${sums} AS MATERIALIZED (SELECT ${columns} FROM ${places} HAVING true) SELECT ${object} FROM ${sums})`;
  })
  distribution(@Args(() => LevelArgs) _args: LevelArgs, @AsOf() _asOf?: string): Distribution {
    return answeredBySql();
  }
}
