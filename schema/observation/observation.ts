/** Observation: a value with everything that must be known to use it. Never a bare number, never a silent null. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Ctx, Field, FieldResolver, Float, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { OBSERVATION_STATUSES } from '../../jobs/observation-status.js';
import { PERIOD_KINDS } from '../../jobs/period.js';
import type { Context } from '../context.js';
import { Release } from '../data-set/release.js';
import { describedEnum } from '../enum-of.js';
import { Needs, SqlField } from '../select/field-sql.js';
import { type Sql, sql } from '../select/sql.js';
import type { FigureColumn } from './figures.js';
import { AS_SHOWN, shown } from './shown.js';

export const ObservationStatus = describedEnum(
  'ObservationStatus',
  'What is known of a value.',
  OBSERVATION_STATUSES,
);

export const PeriodKind = describedEnum('PeriodKind', 'What kind of time a period is.', PERIOD_KINDS);

export type SpelledColumn = 'code' | 'label' | 'identifier';

/** What the fields of a period are read from: how a file spells it, and its days. */
export interface PeriodRow {
  spelled: (column: SpelledColumn) => Sql;
  period: (column: 'kind' | 'starts_on' | 'ends_on') => Sql;
}

/** What the fields of an observation are read from. */
export interface ObservationRow extends PeriodRow {
  figure: (column: FigureColumn | 'held') => Sql;
  /** How many decimals it is printed with. */
  decimals: number;
  breakdown: BreakdownRow;
  /** Id of the release that it is cited to. */
  release: () => Sql;
}

const figure = (column: FigureColumn | 'held') => SqlField((row: ObservationRow) => row.figure(column));

const spelled = (column: SpelledColumn) => SqlField((row: PeriodRow) => row.spelled(column));

@ObjectType({ description: 'A period of time, as a file names it and as days.' })
export class Period {
  @Field(() => String, { description: 'Code as published: 201617, 2024.' })
  @spelled('code')
  code!: string;

  @Field(() => String, { description: 'For a person: 2016/17, January 2025, 2024.' })
  @spelled('label')
  label!: string;

  @Field(() => String, { description: 'Time identifier as published: Academic year, Calendar year.' })
  @spelled('identifier')
  identifier!: string;

  @Field(() => PeriodKind, { description: 'What kind of time it is.' })
  @SqlField(({ period }: PeriodRow) => period('kind'))
  kind!: string;

  @Field(() => GraphQLLocalDate, { description: 'First day.' })
  @SqlField(({ period }: PeriodRow) => period('starts_on'))
  startsOn!: string;

  @Field(() => GraphQLLocalDate, { description: 'Last day.' })
  @SqlField(({ period }: PeriodRow) => period('ends_on'))
  endsOn!: string;
}

export interface BreakdownRow {
  code: Sql;
  label: Sql;
}

@ObjectType({
  description: 'The part of the whole that a figure is about: total, or a phase, an age, an ethnic group …',
})
export class Breakdown {
  @Field(() => String, { description: 'Stable code to ask with; "total" for all.' })
  @SqlField(({ code }: BreakdownRow) => code)
  code!: string;

  @Field(() => String, { description: 'As published.' })
  @SqlField(({ label }: BreakdownRow) => label)
  label!: string;
}

@ObjectType({ description: 'A published or derived value with its status, period and source.' })
export class Observation {
  @Field(() => Float, {
    nullable: true,
    description: 'The value, unrounded as published. Null unless it is known: see status, lower and upper.',
  })
  @figure('value')
  value?: number;

  @Field(() => String, {
    description: `The value ${AS_SHOWN}. Where it is withheld, what it lies between, if that is known: 1 to 2. Else its status in words: suppressed, not applicable, not available. Never null, and nothing to calculate with.`,
  })
  @SqlField(({ figure, decimals }: ObservationRow) => shown(figure, decimals))
  shown!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'The least that a withheld value can be, where that is known.',
  })
  @figure('lower')
  lower?: number;

  @Field(() => Float, {
    nullable: true,
    description: 'The most that a withheld value can be, where that is known.',
  })
  @figure('upper')
  upper?: number;

  @Field(() => ObservationStatus, { description: 'What is known of the value.' })
  @figure('status')
  status!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The text in the file, symbols included. Null for a derived figure.',
  })
  @figure('raw')
  raw?: string;

  @Field(() => Float, {
    nullable: true,
    description:
      'For a rate: what is counted. Null for a count, and where it is withheld. As published: England and regions are rounded to 5 in releases until 2016/17, so that their rates are not exactly numerator over denominator.',
  })
  @figure('numerator')
  numerator?: number;

  @Field(() => Float, { nullable: true, description: 'For a rate: out of what.' })
  @figure('denominator')
  denominator?: number;

  @Field(() => Period, { description: 'The period that the value is about.' })
  @SqlField((row: ObservationRow, _args, select) => select.object(row))
  period!: Period;

  @Field(() => Breakdown, { description: 'The part of the whole that the value is about.' })
  @SqlField(({ breakdown }: ObservationRow, _args, select) => select.object(breakdown))
  breakdown!: Breakdown;

  @Field(() => Boolean, {
    description:
      'True when no file publishes the figure: it was worked out as the sum of numerators over the sum of denominators.',
  })
  @figure('is_derived')
  isDerived!: boolean;

  @Field(() => Int, {
    nullable: true,
    description:
      'For a trust: the schools that had figures and went into this one. Null where the figure is not pooled over schools.',
  })
  @SqlField(
    (row: ObservationRow) => sql`CASE WHEN ${row.figure('held')} IS NOT NULL THEN ${row.figure('parts')} END`,
  )
  schoolsWithFigures?: number;

  @Field(() => Int, {
    nullable: true,
    description: 'For a trust: the schools that it holds. Null where the figure is not pooled over schools.',
  })
  @figure('held')
  schools?: number;
}

/** What an observation keeps for its resolvers below. */
interface ObservationSource {
  '#release': number;
  '#isDerived': boolean;
}

const SOURCE = {
  '#release': (row: ObservationRow) => row.release(),
  '#isDerived': (row: ObservationRow) => row.figure('is_derived'),
};

@Resolver(() => Observation)
export class ObservationReleases {
  @FieldResolver(() => Release, {
    nullable: true,
    description: 'The published file that the figure stands in. Null for a derived figure: see releases.',
  })
  @Needs(SOURCE)
  release(
    @Root() { '#release': release, '#isDerived': isDerived }: ObservationSource,
    @Ctx() { loaders }: Context,
  ): Promise<Release> | null {
    return isDerived ? null : loaders.release.load(release);
  }

  @FieldResolver(() => [Release], { description: 'Every published release that went into the figure.' })
  @Needs(SOURCE)
  async releases(
    @Root() { '#release': release }: ObservationSource,
    @Ctx() { loaders }: Context,
  ): Promise<Release[]> {
    return [await loaders.release.load(release)];
  }
}
