/** IndicatorCoverage: on each level, how many places and periods have a figure, and how old the newest is. */
import { Ctx, Field, FieldResolver, Float, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import type { Context } from '../context.js';
import { describedEnum } from '../enum-of.js';
import { CoveredPeriod, Indicator } from '../indicator/indicator.js';
import { Moves } from '../select/field-sql.js';
import { inTenths, OLD_AFTER_YEARS, warningOf, yearsSince } from './age.js';
import type { CoveredLevel, LevelFigures } from './figures-covered.js';

const LEVELS: Record<CoveredLevel, string> = {
  NATIONAL: 'England.',
  REGIONAL: 'Regions, and Inner and Outer London.',
  LOCAL_AUTHORITY: 'Local authorities, of today and abolished.',
  SCHOOL: 'Schools, published under a URN or a LAESTAB.',
};

export const GeographicLevel = describedEnum(
  'GeographicLevel',
  'What kind of place a published row is about.',
  LEVELS,
);

@ObjectType({
  description:
    'Which places and periods of a level have a figure, as the data stand now: published rows, of the total or of any breakdown.',
})
export class LevelCoverage {
  @Field(() => GeographicLevel, { description: 'What kind of place.' })
  level!: string;

  @Field(() => Int, {
    description:
      'Places that have a number for some period. A school that was published under a LAESTAB and later under its URN is two.',
  })
  places!: number;

  @Field(() => Int, { description: 'Periods for which some place has a number.' })
  periods!: number;

  @Field(() => Int, { description: 'Rows that have a number: places by periods by breakdowns.' })
  figures!: number;

  @Field(() => Int, { description: 'Rows that have a symbol in place of a number.' })
  symbols!: number;

  @Field(() => CoveredPeriod, {
    nullable: true,
    description: 'The oldest period for which some place has a number. Null where none has.',
  })
  oldest!: CoveredPeriod | null;

  @Field(() => CoveredPeriod, {
    nullable: true,
    description: 'The newest period for which some place has a number. Null where none has.',
  })
  newest!: CoveredPeriod | null;
}

@ObjectType({ description: 'How far the figures of an indicator reach.' })
export class IndicatorCoverage {
  @Field(() => Indicator, { description: 'The indicator.' })
  indicator!: CataloguedIndicator;
}

@Resolver(() => IndicatorCoverage)
export class IndicatorCoverageFields {
  @FieldResolver(() => [LevelCoverage], {
    description: 'The levels on which it has rows; empty where nothing is loaded.',
  })
  levels(@Root() { indicator }: IndicatorCoverage, @Ctx() { covered }: Context): Promise<LevelFigures[]> {
    return covered.ofIndicator.load(indicator.id);
  }
}

@Resolver(() => LevelCoverage)
export class LevelCoverageFields {
  @Moves()
  @FieldResolver(() => Float, {
    nullable: true,
    description: 'Years, in tenths, since the newest period ended. Null where no place has a figure.',
  })
  ageInYears(@Root() { newest }: LevelFigures): number | null {
    return newest && inTenths(yearsSince(newest.endsOn, new Date()));
  }

  @Moves()
  @FieldResolver(() => String, {
    nullable: true,
    description: `A sentence where the newest period ended more than ${OLD_AFTER_YEARS} years ago, or where there are symbols only. Null otherwise.`,
  })
  warning(@Root() { newest }: LevelFigures): string | null {
    return warningOf(newest, new Date());
  }
}
