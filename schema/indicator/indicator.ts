/** Indicator: what is measured, as the catalogue declares it, and where the database has it. */

import { GraphQLLocalDate } from 'graphql-scalars';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { type CataloguedIndicator, SAME_AS } from '../../jobs/catalogue.js';
import type { Polarity as DeclaredPolarity, Unit as DeclaredUnit } from '../../jobs/declaration.js';
import { refused } from '../../src/refused.js';
import type { Context } from '../context.js';
import { DataSet } from '../data-set/data-set.js';
import { describedEnum } from '../enum-of.js';
import { Catalogue } from '../search/catalogue.js';
import { refuseLongText } from '../select/conditions.js';
import { WorkOf } from '../select/field-sql.js';
import { CataloguePage, refusePage } from './catalogue-page.js';

const POLARITIES: Record<DeclaredPolarity, string> = {
  HIGH: 'A high value is good.',
  LOW: 'A low value is good.',
  NONE: 'Neither: no ranking by it makes sense.',
};
const UNITS: Record<DeclaredUnit, string> = {
  PUPILS: 'Pupils.',
  COUNT: 'Times that something happened.',
  PLANS: 'EHC plans.',
  PERCENT: 'Per cent.',
  PER_100_PUPILS: 'For every 100 pupils.',
  SESSIONS: 'Half days of school.',
  PLACES: 'School places.',
  POUNDS: 'Pounds sterling.',
  SHARE: 'A part of 1: 0.05 is 5 in a hundred. Negative where something shrank or was underestimated.',
  PER_1_000: 'For every 1,000: of whom, unitLabel says.',
  PER_10_000: 'For every 10,000: of whom, unitLabel says.',
  PER_100_000: 'For every 100,000: of whom, unitLabel says.',
  NUMBER: 'A number: of what, unitLabel says.',
  SCORE: 'Points of a score.',
  OTHER: 'See unitLabel.',
};
export const Polarity = describedEnum('Polarity', 'Which way is good.', POLARITIES);
export const Unit = describedEnum('Unit', 'What a value counts.', UNITS);

@ObjectType({
  description:
    'Where a series is not comparable: from a day on, with what was before; or between two days, with what was before and after.',
})
export class ComparabilityBreak {
  @Field(() => String, {
    description: 'First day of the new way of counting, or of the years that stand apart (YYYY-MM-DD).',
  })
  from!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Last day of the years that stand apart (YYYY-MM-DD); null where the new way of counting goes on.',
  })
  to?: string | null;

  @Field(() => String, { description: 'What changed.' })
  note!: string;
}

@ObjectType({ description: 'A period for which some place has a figure.' })
export class CoveredPeriod {
  @Field(() => String, { description: 'Code as published.' })
  code!: string;

  @Field(() => String, { description: 'For a person: 2016/17.' })
  label!: string;
}

@ObjectType({ description: 'A part of the whole that an indicator is published for.' })
export class AvailableBreakdown {
  @Field(() => String, { description: 'Code to ask with.' })
  code!: string;

  @Field(() => String, { description: 'As published.' })
  label!: string;
}

@ObjectType({ description: 'Something that is measured: its definition, unit and source.' })
export class Indicator {
  @Field(() => ID, { description: 'Stable and readable: suspension-rate.' })
  id!: string;

  @Field(() => String, { description: 'For a person.' })
  name!: string;

  @Field(() => String, { description: 'Definition, for a person.' })
  description!: string;

  @Field(() => String, { description: 'What it is about: EHC plans. The first of topics.' })
  topic!: string;

  @Field(() => [String], { description: 'Every topic under which it stands.' })
  topics!: string[];

  @Field(() => Unit, { description: 'What a value counts.' })
  unit!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What a value counts, in the publisher’s words: % of referrals.',
  })
  unitLabel!: string | null;

  @Field(() => Int, {
    description: 'Decimals that its figures are printed with, as shown has them. Numbers come unrounded.',
  })
  decimals!: number;

  @Field(() => Polarity, { description: 'Which way is good.' })
  polarity!: string;

  @Field(() => [ComparabilityBreak], {
    description: 'Where the series is not comparable with what was before or after, the earliest first.',
  })
  breaks?: ComparabilityBreak[];

  @Field(() => String, { nullable: true, description: 'How it is worked out, as its publisher says.' })
  methodology!: string | null;

  @Field(() => [String], { description: 'Where its publisher says that it comes from.' })
  links!: string[];

  @Field(() => String, {
    nullable: true,
    description: 'Whose data they are, where the data set gathers them.',
  })
  dataOwner!: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'When it was last updated in the data set.' })
  lastUpdate!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the publisher says in place of that day: New data.',
  })
  lastUpdateNote!: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'When it is next due.' })
  nextUpdate!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the publisher says in place of that day: TBC, Discontinued.',
  })
  nextUpdateNote!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Which kind of year its years are, as published: Academic Year.',
  })
  timing!: string | null;

  @Field(() => Boolean, {
    description: 'False where the publisher says that the values lie too close together for quartile bands.',
  })
  hasQuartileBands!: boolean;
}

/** Refuses a name that none of the catalogue has, naming those that there are. */
function refuseUnknown(
  argument: string,
  what: string,
  name: string | undefined | null,
  there: string[],
): void {
  const names = [...new Set(there)];
  if (!name || names.includes(name)) return;
  throw refused(argument, `there is no such ${what}. There are: ${names.join(', ')}`);
}

@Resolver(() => Indicator)
export class IndicatorQueries {
  @Query(() => Indicator, {
    nullable: true,
    description: 'One indicator, by its id. Null when there is none.',
  })
  indicator(
    @Arg('id', () => ID, { description: 'Its id: suspension-rate.' }) id: string,
    @Ctx() { known }: Context,
  ): CataloguedIndicator | null {
    return known.indicators.get(id) ?? null;
  }

  @WorkOf(300)
  @Query(() => [Indicator], {
    description:
      'The catalogue of indicators, or those that a search, a topic or a data set picks: those of the Department’s own publications first, then by topic and name. Of a search the likest first.',
  })
  indicators(
    @Ctx() { known }: Context,
    @Args(() => CataloguePage) page: CataloguePage,
    @Arg('search', () => String, {
      nullable: true,
      description:
        'Words that the name, id or definition has, or begin words that it has, in any order, typing errors forgiven as in search.',
    })
    search?: string,
    @Arg('topic', () => String, {
      nullable: true,
      description: 'A topic, exactly as indicator.topics gives it.',
    })
    topic?: string,
    @Arg('dataSet', () => ID, { nullable: true, description: 'Id of a data set: lait.' })
    dataSet?: string,
  ): CataloguedIndicator[] {
    refusePage(page);
    const all = [...known.indicators.values()];
    refuseUnknown(
      'topic',
      'topic',
      topic,
      all.flatMap(({ topics }) => topics),
    );
    refuseUnknown(
      'dataSet',
      'data set with indicators',
      dataSet,
      all.map((indicator) => indicator.dataSet.id),
    );
    refuseLongText('search', search ?? '');
    const found = search?.trim()
      ? Catalogue.of(known.indicators)
          .indicatorsWith(search)
          .map((id) => known.indicators.get(id)!)
      : all;
    return found
      .filter(
        (indicator) =>
          (!topic || indicator.topics.includes(topic)) && (!dataSet || indicator.dataSet.id === dataSet),
      )
      .slice(page.skip, page.skip + page.first);
  }

  @FieldResolver(() => [Indicator], {
    description: 'Indicators that measure the same in another publication. Their figures need not agree.',
  })
  sameAs(@Root() { id }: CataloguedIndicator, @Ctx() { known }: Context): CataloguedIndicator[] {
    return (SAME_AS.get(id) ?? []).flatMap((other) => known.indicators.get(other) ?? []);
  }

  @FieldResolver(() => [ComparabilityBreak])
  breaks(@Root() { breaks }: CataloguedIndicator): ComparabilityBreak[] {
    return breaks ?? [];
  }

  @FieldResolver(() => DataSet, { description: 'The data set that publishes it.' })
  dataSet(@Root() { dataSet }: CataloguedIndicator, @Ctx() { loaders }: Context): Promise<DataSet> {
    return loaders.dataSet.load(dataSet.id);
  }

  @FieldResolver(() => String, { nullable: true, description: 'For a rate: what is counted, in words.' })
  numerator(@Root() { rateWords }: CataloguedIndicator): string | null {
    return rateWords?.numerator ?? null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'For a rate: out of what, in words.' })
  denominator(@Root() { rateWords }: CataloguedIndicator): string | null {
    return rateWords?.denominator ?? null;
  }

  @FieldResolver(() => [CoveredPeriod], { description: 'The periods that are loaded, oldest first.' })
  async periods(
    @Root() { dataSet, series }: CataloguedIndicator,
    @Ctx() { loaders }: Context,
  ): Promise<CoveredPeriod[]> {
    return series?.periods ?? loaders.periods.load(dataSet.id);
  }

  @FieldResolver(() => [AvailableBreakdown], {
    description: 'The parts that can be asked for with breakdown, besides the total.',
  })
  breakdowns(
    @Root() { dataSet }: CataloguedIndicator,
    @Ctx() { loaders }: Context,
  ): Promise<AvailableBreakdown[]> {
    return loaders.breakdowns.load(dataSet.id);
  }
}
