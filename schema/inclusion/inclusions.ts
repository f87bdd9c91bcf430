/** The question that leads to a trust's inclusion profile, and which rates it has. */
import { Arg, Ctx, FieldResolver, ID, Int, Resolver, Root } from 'type-graphql';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { entryOf, refused, refuseOutside } from '../../src/refused.js';
import type { Context } from '../context.js';
import { Indicator } from '../indicator/indicator.js';
import { type SchoolsWanted, schoolPeriods, schoolsWanted } from '../school/school-period.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { noteAsOf } from '../select/as-of.js';
import { Needs, SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, sql } from '../select/sql.js';
import { Trust } from '../trust/trust.js';
import { HeldSchools } from './held-schools.js';
import { TrustInclusion } from './inclusion.js';

/** What a profile has when nobody says: exclusion, and whom its schools take. */
const PROFILE = [
  'suspension-rate',
  'pupils-suspended-rate',
  'permanent-exclusion-rate',
  'pupils-with-ehc-plan-rate',
  'pupils-with-sen-support-rate',
];
const MOST_INDICATORS = 10;
const DEFAULT_YEARS = 3;
const MOST_YEARS = 20;

interface Question {
  indicators?: string[] | null;
  period?: string | null;
  years: number;
}

/** The rates that are asked for, each with its year; of the profile those that schools have figures of. */
function wantedOf({ indicators, period }: Question, select: Select): SchoolsWanted[] {
  if (indicators && (indicators.length === 0 || indicators.length > MOST_INDICATORS)) {
    throw refused('indicators', `between 1 and ${MOST_INDICATORS} of them`);
  }
  const ids = indicators ?? PROFILE.filter((id) => hasSchools(id, period, select));
  if (ids.length === 0) {
    const there = PROFILE.map(
      (id) =>
        `${id}: ${
          periodsOf(id, select)
            .map(({ code }) => code)
            .join(', ') || 'none'
        }`,
    );
    throw refused(
      'period',
      `no rate of the profile has figures of schools${typeof period === 'string' ? ' for it' : ''}. There are: ${there.join('; ')}`,
    );
  }
  return ids.map((indicator, at) => {
    const where = entryOf('indicators', at, ids.length);
    const wanted = schoolsWanted({ indicator, period: period ?? null }, select, where);
    if (wanted.indicator.rate) return wanted;
    throw refused(
      where,
      `${wanted.indicator.id} is no rate with a published count and base, which is what can be held against an expected one. Of schools there are: ${ratesOfSchools(select).join(', ')}`,
      'NOT_ADDITIVE',
    );
  });
}

const periodsOf = (id: string, select: Select) => {
  const indicator = select.known.indicators.get(id);
  return indicator ? schoolPeriods(indicator.dataSet.id, select) : [];
};
const hasSchools = (id: string, period: string | null | undefined, select: Select): boolean =>
  periodsOf(id, select).some(
    ({ code, label }) => typeof period !== 'string' || code === period || label === period,
  );
const ratesOfSchools = (select: Select): string[] =>
  [...select.known.indicators.values()]
    .filter(({ id, rate }) => rate && hasSchools(id, null, select))
    .map(({ id }) => id);

@Resolver(() => Trust)
export class Inclusions {
  @WorkOf(1_500)
  @FieldResolver(() => [TrustInclusion], {
    description: `Inclusion profile: rates over the schools that the trust ran on the census day of a year, beside the rates expected from each school’s own local authority and phase, and before and after each school joined (docs/methods/trust-inclusion.md). Not the trust’s indicator(id), which is of the schools that it holds today. Left out, indicators are those of ${PROFILE.join(', ')} that schools have figures of.`,
  })
  @SqlField(({ alias }: TableRow, question: Question, select) => {
    const { years } = question;
    refuseOutside('years', years, 1, MOST_YEARS);
    for (const register of ['gias-group-links', 'gias-establishments']) noteAsOf(select, register);
    const looksBack = select.children.some(({ name }) => name === 'joined');
    const profile = wantedOf(question, select).map((wanted) => {
      const schools = new HeldSchools(
        { uid: sql`${alias}.uid`, wanted, years: looksBack ? years : null },
        select,
      );
      const object = select.object(schools);
      return sql`(${schools.tables} SELECT ${object})`;
    });
    return sql`json_build_array(${join(profile)})`;
  })
  inclusion(
    @Arg('indicators', () => [ID], {
      nullable: true,
      description: 'Ids of rates that are published for schools.',
    })
    _indicators?: string[],
    @Arg('period', () => String, {
      nullable: true,
      description:
        'Code or label as published: 201617, 2016/17. Left out: of each rate the newest that schools have.',
    })
    _period?: string,
    @Arg('years', () => Int, {
      defaultValue: DEFAULT_YEARS,
      description: 'For joined: how many years at most on each side of the day of joining.',
    })
    _years?: number,
  ): TrustInclusion[] {
    return answeredBySql();
  }
}

@Resolver(() => TrustInclusion)
export class InclusionIndicator {
  @FieldResolver(() => Indicator, { description: 'The rate.' })
  @Needs({ '#indicator': ({ wanted }: HeldSchools) => sql`${wanted.indicator.id}::text` })
  indicator(
    @Root() { '#indicator': id }: { '#indicator': string },
    @Ctx() { known }: Context,
  ): CataloguedIndicator {
    return known.indicators.get(id)!;
  }
}
