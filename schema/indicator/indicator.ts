/** Indicator: what is measured, as the catalogue declares it, and where the database has it. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
  registerEnumType,
} from 'type-graphql';
import { type CataloguedIndicator, INDICATORS } from '../../jobs/catalogue.js';
import type { Polarity as DeclaredPolarity, Unit as DeclaredUnit } from '../../jobs/declaration.js';
import { SchoolGraphError } from '../../src/errors.js';
import type { Context } from '../context.js';
import { DataSet } from '../data-set/data-set.js';
import { enumOf } from '../enum-of.js';

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
};
const words = (list: Record<string, string>) =>
  Object.fromEntries(Object.entries(list).map(([value, description]) => [value, { description }]));

export const Polarity = enumOf(Object.keys(POLARITIES));
registerEnumType(Polarity, {
  name: 'Polarity',
  description: 'Which way is good.',
  valuesConfig: words(POLARITIES),
});
export const Unit = enumOf(Object.keys(UNITS));
registerEnumType(Unit, { name: 'Unit', description: 'What a value counts.', valuesConfig: words(UNITS) });

@ObjectType({ description: 'A point from which on a series is not comparable with what was before.' })
export class ComparabilityBreak {
  @Field(() => String, { description: 'First day of the new way of counting (YYYY-MM-DD).' })
  from!: string;

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

  @Field(() => String, { description: 'What it is about: EHC plans.' })
  topic!: string;

  @Field(() => Unit, { description: 'What a value counts.' })
  unit!: string;

  @Field(() => Int, { description: 'Decimals to show. Figures come unrounded.' })
  decimals!: number;

  @Field(() => Polarity, { description: 'Which way is good.' })
  polarity!: string;

  @Field(() => [ComparabilityBreak], {
    description: 'Where the series is not comparable with what was before.',
  })
  breaks?: ComparabilityBreak[];
}

@Resolver(() => Indicator)
export class IndicatorQueries {
  @Query(() => Indicator, {
    nullable: true,
    description: 'One indicator, by its id. Null when there is none.',
  })
  indicator(
    @Arg('id', () => ID, { description: 'Its id: suspension-rate.' }) id: string,
  ): CataloguedIndicator | null {
    return INDICATORS.get(id) ?? null;
  }

  @Query(() => [Indicator], {
    description: 'The catalogue of indicators, or those that a search or a topic picks.',
  })
  indicators(
    @Arg('search', () => String, {
      nullable: true,
      description: 'Words that the name, id or definition has, in any order.',
    })
    search?: string,
    @Arg('topic', () => String, {
      nullable: true,
      description: 'A topic, exactly as indicator.topic gives it.',
    })
    topic?: string,
  ): CataloguedIndicator[] {
    const topics = [...new Set([...INDICATORS.values()].map((indicator) => indicator.topic))];
    if (topic && !topics.includes(topic)) {
      throw new SchoolGraphError(
        'BAD_USER_INPUT',
        `There is no topic "${topic.slice(0, 80)}". There are: ${topics.join(', ')}`,
      );
    }
    const wanted = (search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    return [...INDICATORS.values()].filter(({ id, name, description, topic: own }) => {
      const text = `${id} ${name} ${description}`.toLowerCase();
      return (!topic || own === topic) && wanted.every((word) => text.includes(word));
    });
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
  numerator(@Root() { rate, dataSet }: CataloguedIndicator): string | null {
    return rate ? dataSet.measures[rate.numerator]!.description : null;
  }

  @FieldResolver(() => String, { nullable: true, description: 'For a rate: out of what, in words.' })
  denominator(@Root() { rate, dataSet }: CataloguedIndicator): string | null {
    return rate ? dataSet.measures[rate.denominator]!.description : null;
  }

  @FieldResolver(() => [CoveredPeriod], { description: 'The periods that are loaded, oldest first.' })
  periods(@Root() { dataSet }: CataloguedIndicator, @Ctx() { loaders }: Context): Promise<CoveredPeriod[]> {
    return loaders.periods.load(dataSet.id);
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
