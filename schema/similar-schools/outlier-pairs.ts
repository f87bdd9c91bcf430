/**
 * Outlier pairs: two mainstream schools of a local authority and a phase with a like intake, and shares of pupils with EHC
 * plans that differ by more than chance. It tells where to ask why, not why. docs/methods/similar-schools.md
 */

import { Args, ArgsType, Field, Float, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import { refused } from '../../src/refused.js';
import { codeOf } from '../local-authority/local-authorities.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Period } from '../observation/observation.js';
import { periodOf } from '../observation/period-row.js';
import { isAuthorityCode, notAnAuthority } from '../place/codes.js';
import { School } from '../school/school.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import type { Asked } from '../select/asked.js';
import { joinsOf, LooksUpBy, rowOf, SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { Z998 } from '../statistics/interval.js';
import { ratio, ratioInterval } from '../statistics/two-rates.js';
import { CharacteristicDifference, listOf } from './characteristics.js';
import { Characteristic, type CharacteristicName, type Compared, readIntake } from './intake.js';
import { type PairTables, rates, withPairs } from './pairs.js';

/** What schools decide or apply for themselves is no intake: SEN support is left out where nothing is said. */
const DEFAULT_ON: CharacteristicName[] = ['SIZE', 'FSM', 'EAL'];
const PLANS = 'pupils-with-ehc-plan-rate';
/** What Works Clearinghouse, Standards Handbook: groups further apart than this are not equivalent. */
const LIKE = 0.25;
const DIFFERENCE = 2;
interface PairRow {
  compared: Compared[];
  pair: Sql;
  row: TableRow;
}
const ofPair = (make: (pair: Sql) => Sql) => SqlField(({ pair }: PairRow) => make(pair));
const schoolOf = (which: 'a' | 'b') =>
  SqlField(({ pair, row }: PairRow, _args, select) =>
    select.toOne(
      row,
      raw('school'),
      'urn',
      (school) => sql`${school}.urn = ${pair}.${raw(`urn_${which}`)} AND ${select.valid(school)}`,
    ),
  );
const shareOf = (which: 'a' | 'b') =>
  ofPair((pair) => sql`100 * ${pair}.${raw(`plans_${which}`)} / ${pair}.${raw(`pupils_${which}`)}`);
const limitOf = (which: 'lower' | 'upper') =>
  ofPair((pair) => {
    const { higher, lower } = rates(pair);
    return ratioInterval('PEOPLE', higher, lower)![which];
  });

@ObjectType({ description: 'Two schools with a like intake and different shares of pupils with EHC plans.' })
export class OutlierPair {
  @Field(() => School, { description: 'The school with the higher share.' })
  @schoolOf('a')
  higher!: School;

  @Field(() => School, { description: 'The school with the lower share.' })
  @schoolOf('b')
  lower!: School;

  @Field(() => Float, { description: 'Pupils with an EHC plan per 100 on roll in the one, unrounded.' })
  @shareOf('a')
  higherShare!: number;

  @Field(() => Float, { description: 'The same in the other.' })
  @shareOf('b')
  lowerShare!: number;

  @Field(() => Int, { description: 'Pupils with an EHC plan in the one.' })
  @ofPair((pair) => sql`${pair}.plans_a::int`)
  higherPlans!: number;

  @Field(() => Int, { description: 'Pupils with an EHC plan in the other.' })
  @ofPair((pair) => sql`${pair}.plans_b::int`)
  lowerPlans!: number;

  @Field(() => Float, { description: 'The one share less the other, in percentage points.' })
  @ofPair((pair) => sql`${pair}.points`)
  difference!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'How many times the one share is the other. Null where no pupil of the other has a plan.',
  })
  @ofPair((pair) => {
    const { higher, lower } = rates(pair);
    return ratio(higher, lower);
  })
  ratio!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Lower limit of its 95 per cent interval. docs/methods/chance.md',
  })
  @limitOf('lower')
  ratioLower!: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper limit of its 95 per cent interval.' })
  @limitOf('upper')
  ratioUpper!: number | null;

  @Field(() => Float, {
    description:
      'The difference in standard errors, by the test of two shares with the pooled one: beyond 1.96 is more than chance makes of two equal shares in 95 of 100 pairs.',
  })
  @ofPair((pair) => sql`${pair}.z`)
  z!: number;

  @Field(() => Boolean, {
    description:
      'Whether it is beyond 3.09 too, the limits of 99.8 per cent: where many pairs are looked at, some are beyond those of 95 by chance alone.',
  })
  @ofPair((pair) => sql`${pair}.z > ${raw(String(Z998))}`)
  isBeyond998!: boolean;

  @Field(() => Float, {
    description:
      'Distance of the intakes: the root of the mean square of the differences, in standard deviations.',
  })
  @ofPair((pair) => sql`${pair}.distance`)
  distance!: number;

  @Field(() => [CharacteristicDifference], {
    description: 'What the distance is made of, in the order asked.',
  })
  @SqlField(({ compared, pair }: PairRow, _args, select) => listOf(compared, pair, select))
  characteristics!: CharacteristicDifference[];
}

/** What the answer is read from: tables of the statement. */
interface PairsRow {
  compared: Compared[];
  plans: Compared['asked'];
  authority: TableRow;
  counts: Sql;
  found: Sql;
  first: number;
}
const count = (name: string) => SqlField(({ counts }: PairsRow) => sql`${counts}.${raw(name)}`);

@ObjectType({
  description:
    'Pairs of schools of a local authority with a like intake and different shares of pupils with EHC plans.',
})
export class OutlierPairs {
  @Field(() => LocalAuthority, { description: 'The local authority.' })
  @SqlField(({ authority }: PairsRow, _args, select) => select.object(authority))
  localAuthority!: LocalAuthority;

  @Field(() => Period, { description: 'The period of the shares: the newest that schools have.' })
  @SqlField(({ plans }: PairsRow, _args, select) => select.object(periodOf(plans, select)))
  period!: Period;

  @Field(() => Int, { description: 'Its open mainstream state-funded schools.' })
  @count('schools')
  schools!: number;

  @Field(() => Int, {
    description: 'Those of them that have every characteristic and the share: the others are in no pair.',
  })
  @count('judged')
  schoolsCompared!: number;

  @Field(() => Int, {
    description: 'Pairs of them, of the same phase, whose intake is alike: maximumDistance or less.',
  })
  @count('alike')
  pairsAlike!: number;

  @Field(() => Int, {
    description:
      'Pairs of those with too few pupils to judge: were the shares equal, fewer than 5 plans, or fewer than 5 pupils without one, would be expected in one of the schools.',
  })
  @count('small')
  pairsTooSmall!: number;

  @Field(() => Int, {
    description:
      'Pairs alike whose shares differ beyond chance, by less than minimumDifference too: of those that are large enough chance alone would make 5 in 100.',
  })
  @count('beyond')
  pairsBeyondChance!: number;

  @Field(() => [OutlierPair], {
    description:
      'The pairs beyond chance that differ by minimumDifference or more, the most different first.',
  })
  @SqlField(({ compared, found, first }: PairsRow, _args, select) => {
    const pair = select.alias('n');
    const row = rowOf(pair);
    const object = select.forEach(first).object({ compared, pair, row } satisfies PairRow);
    const order = sql`points DESC, distance, urn_a, urn_b`;
    return sql`(SELECT coalesce(json_agg(${object} ORDER BY ${pair}.place), '[]')
      FROM (SELECT *, row_number() OVER (ORDER BY ${order}) AS place FROM ${found} WHERE is_found ORDER BY ${order} LIMIT ${first}) ${pair} ${joinsOf(row)})`;
  })
  pairs!: OutlierPair[];
}

@ArgsType()
export class OutlierPairsArgs {
  @Field(() => String, { description: '3-digit code (891) or GSS code (E10000024).' })
  localAuthority!: string;

  @Field(() => [Characteristic], {
    defaultValue: DEFAULT_ON,
    description: 'What the intake is, each with the same weight. Not EHC_PLANS: that is what is compared.',
  })
  on!: CharacteristicName[];

  @Field(() => Float, {
    defaultValue: LIKE,
    description: 'How far apart two intakes may be to be alike, in standard deviations.',
  })
  maximumDistance!: number;

  @Field(() => Float, {
    defaultValue: DIFFERENCE,
    description: 'By how many percentage points the shares differ at least.',
  })
  minimumDifference!: number;

  @Field(() => Int, { defaultValue: 20, description: `How many pairs at most: up to ${MAXIMUM_PAGE_SIZE}.` })
  first!: number;
}

/** The arguments, as the SQL gets them. */
type WithinAuthority = Omit<OutlierPairsArgs, 'localAuthority'> & { localAuthority: Asked<string> };

@Resolver(() => OutlierPairs)
export class OutlierPairsQueries {
  @WorkOf(14_000)
  @Query(() => OutlierPairs, {
    nullable: true,
    description:
      'Pairs of mainstream schools of a local authority and a phase that have a like intake, and shares of pupils with EHC plans that differ by more than chance: where to ask why. Null when there is no such local authority. docs/methods/similar-schools.md',
  })
  @LooksUpBy('localAuthority')
  @SqlField((_row, args: WithinAuthority, select) => {
    const { localAuthority, on, maximumDistance, minimumDifference, first } = args;
    if (!localAuthority.is(isAuthorityCode)) throw notAnAuthority('localAuthority');
    if (first < 0 || first > MAXIMUM_PAGE_SIZE || maximumDistance < 0 || minimumDifference < 0) {
      throw refused(
        'first, maximumDistance, minimumDifference',
        `0 or more, and of first no more than ${MAXIMUM_PAGE_SIZE}`,
      );
    }
    const intake = readIntake(on, select, 'EHC_PLANS');
    const { compared } = intake;
    const plans = intake.figureOf(PLANS);
    const authority = rowOf(select.alias('t'));
    const tables: PairTables = {
      schools: select.alias('schools'),
      sums: select.alias('sums'),
      ours: select.alias('ours'),
      pairs: select.alias('pairs'),
      found: select.alias('found'),
      counts: select.alias('counts'),
    };
    const object = select.object({
      compared,
      plans: plans.asked,
      authority,
      counts: tables.counts,
      found: tables.found,
      first,
    } satisfies PairsRow);
    const code = sql`(SELECT code FROM local_authority la WHERE ${codeOf(raw('la'), localAuthority)})`;
    return sql`(${withPairs(tables, { intake, plans: plans.observed.row, code, maximumDistance, minimumDifference })}
      SELECT ${object} FROM ${tables.counts}, local_authority ${authority.alias} ${joinsOf(authority)}
      WHERE ${codeOf(authority.alias, localAuthority)} LIMIT 1)`;
  })
  outlierPairs(@Args(() => OutlierPairsArgs) _args: OutlierPairsArgs, @AsOf() _asOf?: string): OutlierPairs {
    return answeredBySql();
  }
}
