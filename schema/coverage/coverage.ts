/** coverage: what there is, before anybody asks for it — fields of the registers, places and periods of every indicator. */
import { Arg, Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { MAXIMUM_CATALOGUE } from '../../src/limits.js';
import { entryOf, refuseLonger } from '../../src/refused.js';
import type { Context } from '../context.js';
import { CataloguePage, refusePage } from '../indicator/catalogue-page.js';
import { Indicator } from '../indicator/indicator.js';
import { knownIndicator } from '../place/place.js';
import type { RegisterRows } from './covered.js';
import type { CoveredLevel } from './figures-covered.js';
import { GeographicLevel, IndicatorCoverage } from './indicator-coverage.js';
import { RegisterCoverage } from './register-coverage.js';

@ObjectType({ description: 'What there is, as the data stand now, and where it is old or missing.' })
export class Coverage {}

@Resolver(() => Coverage)
export class CoverageFields {
  @Query(() => Coverage, {
    description:
      'What there is, as the data stand now, and where it is old or missing: by field of a register, by indicator and level.',
  })
  coverage(): Coverage {
    return {};
  }

  @FieldResolver(() => [RegisterCoverage], {
    description: 'Every register, in the order in which they are loaded.',
  })
  registers(@Ctx() { covered }: Context): Promise<RegisterRows[]> {
    return covered.registers();
  }

  @FieldResolver(() => [IndicatorCoverage], {
    description:
      'Indicators, in the order of the catalogue or of the ids. The first question after a publication takes a second or two.',
  })
  indicators(
    @Ctx() context: Context,
    @Args(() => CataloguePage) page: CataloguePage,
    @Arg('ids', () => [ID], {
      nullable: true,
      description: `Ids of indicators, ${MAXIMUM_CATALOGUE} at most. Left out: all.`,
    })
    ids?: string[],
  ): IndicatorCoverage[] {
    refusePage(page);
    if (ids) refuseLonger('ids', ids, MAXIMUM_CATALOGUE);
    const indicators = ids?.map((id, at) => knownIndicator(context, id, entryOf('ids', at, ids.length))) ?? [
      ...context.known.indicators.values(),
    ];
    return indicators.slice(page.skip, page.skip + page.first).map((indicator) => ({ indicator }));
  }
}

@Resolver(() => Indicator)
export class IndicatorReach {
  @FieldResolver(() => [GeographicLevel], {
    description:
      'The kinds of place that its data set publishes; which of them have a figure, coverage says.',
  })
  levels(@Root() { id }: CataloguedIndicator, @Ctx() { covered }: Context): Promise<CoveredLevel[]> {
    return covered.levelsOfIndicator.load(id);
  }

  @FieldResolver(() => IndicatorCoverage, {
    description: 'Which places and periods have a figure, level by level.',
  })
  coverage(@Root() indicator: CataloguedIndicator): IndicatorCoverage {
    return { indicator };
  }
}
