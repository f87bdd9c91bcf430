/**
 * Inclusion rate: a rate of some schools together beside the one that is expected of them, and why a school is not compared.
 * Observed over expected is an indirectly standardised ratio; its interval is Byar's. docs/methods/trust-inclusion.md
 */
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../enum-of.js';
import { Observation } from '../observation/observation.js';
import { labelOf } from '../observation/passes.js';
import type { Columns } from '../select/columns.js';
import { SqlField } from '../select/field-sql.js';
import { type Sql, sql } from '../select/sql.js';
import { ofEvents } from '../statistics/interval.js';
import { boundsOf, type HeldSchools } from './held-schools.js';

const OUTCOMES = {
  COMPARED: 'It is in observed and expected.',
  NO_ROW: 'The file has no row of the school for the year.',
  NOT_AVAILABLE: 'The row has no number: not available or not applicable.',
  WITHHELD: 'A number is withheld, and nothing says how high it can be.',
  NO_REFERENCE:
    'The rate of its local authority for its phase is not known, or its local authority or phase is not.',
} as const;
export const InclusionOutcome = describedEnum(
  'InclusionOutcome',
  'Whether a school is compared with what is expected of it, or why not.',
  OUTCOMES,
);

/** What the fields of a rate are read from: rows of schools put together. */
export interface RateRow {
  schools: HeldSchools;
  aggregates: Columns;
}

const COMPARED = sql`outcome = 'COMPARED'`;

/** Sums over the rows that are compared. */
function sums({ schools: { row, terms }, aggregates }: RateRow) {
  const over = (name: string, term: Sql) =>
    aggregates.of(name, () => sql`sum(${term}) FILTER (WHERE ${row}.${COMPARED})`);
  const { value, lower, upper } = boundsOf(terms);
  return {
    observed: aggregates.of(
      'observed',
      () =>
        sql`CASE WHEN bool_and(${value} IS NOT NULL) FILTER (WHERE ${row}.${COMPARED}) THEN sum(${value}) FILTER (WHERE ${row}.${COMPARED}) END`,
    ),
    least: over('least', lower),
    most: over('most', upper),
    expected: over('expected', sql`${row}.expected`),
    base: over('compared_base', terms.base!),
  };
}
type Sums = ReturnType<typeof sums>;
const summed = (of: (all: Sums, row: RateRow) => Sql) => SqlField((row: RateRow) => of(sums(row), row));
export const over = (count: Sql, expected: Sql): Sql => sql`${count} / nullif(${expected}, 0)`;

/** The 95 per cent limit of a ratio: null where no model of its counts is fair. */
export const limit = (
  { schools }: { schools: HeldSchools },
  which: 'lower' | 'upper',
  count: Sql,
  expected: Sql,
): Sql =>
  schools.wanted.indicator.rate?.counts === 'OTHER'
    ? sql`NULL::float8`
    : over(ofEvents(count)[which], expected);

const rows = (outcome: keyof typeof OUTCOMES) =>
  SqlField(({ schools: { row }, aggregates }: RateRow) =>
    aggregates.of(
      `rows_${outcome.toLowerCase()}`,
      () =>
        sql`(count(DISTINCT (${row}.school, ${row}.period_id)) FILTER (WHERE ${row}.outcome = ${outcome}::text))::int`,
    ),
  );

@ObjectType({
  description:
    'The rate of some schools together, beside the one that the rates of their own local authorities for their phases would lead one to expect.',
})
export class InclusionRate {
  @Field(() => Observation, {
    description:
      'The pooled rate, over every school with figures, compared or not: the sum of numerators over the sum of denominators, with bounds where a number is withheld. Of several years its period is the last.',
  })
  @SqlField(({ schools, aggregates }: RateRow, _args, select) => {
    const { indicator } = schools.wanted;
    const label = labelOf(indicator.dataSet.id, null, select);
    const counted = aggregates.of('schools', () => sql`count(DISTINCT ${schools.row}.school)::int`);
    return select.object(
      schools.pooled(aggregates, counted, { code: sql`'total'::text`, label: sql`${label}::text` }),
    );
  })
  observation!: Observation;

  @Field(() => Int, { description: 'Schools that are compared; of several years, each school in each year.' })
  @rows('COMPARED')
  compared!: number;

  @Field(() => Int, { description: 'Left out: their row has no number.' })
  @rows('NOT_AVAILABLE')
  notAvailable!: number;

  @Field(() => Int, {
    description: 'Left out: a number is withheld, and nothing says how high it can be.',
  })
  @rows('WITHHELD')
  withheld!: number;

  @Field(() => Int, {
    description: 'Left out: the rate of their local authority for their phase is not known.',
  })
  @rows('NO_REFERENCE')
  withoutReference!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'What was counted in the schools that are compared. Null where a number is withheld: it is then between observedLeast and observedMost.',
  })
  @summed(({ observed }) => observed)
  observed!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The least that it can be. Null where nothing is compared.',
  })
  @summed(({ least }) => least)
  observedLeast!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The most that it can be. Null where nothing is compared.',
  })
  @summed(({ most }) => most)
  observedMost!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'What would have been counted if each school had had the rate of its local authority for its phase in its year: the sum of rate times base. Null where nothing is compared.',
  })
  @summed(({ expected }) => expected)
  expected!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The same as a rate over the schools that are compared, in the indicator’s unit.',
  })
  @summed(
    ({ expected, base }, { schools }) =>
      sql`${over(expected, base)} * ${schools.wanted.stored.multiplier}::float8`,
  )
  expectedRate!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Observed over expected: 1 is as expected. Null where observed is, and where nothing is expected.',
  })
  @summed(({ observed, expected }) => over(observed, expected))
  ratio!: number | null;

  @Field(() => Float, { nullable: true, description: 'The least that it can be, by what is withheld.' })
  @summed(({ least, expected }) => over(least, expected))
  ratioLeast!: number | null;

  @Field(() => Float, { nullable: true, description: 'The most that it can be, by what is withheld.' })
  @summed(({ most, expected }) => over(most, expected))
  ratioMost!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Lower limit of the 95 per cent interval of the ratio: Byar’s method on what was observed (exact below 10), on its least where it is withheld. Null where no model of the counts is fair.',
  })
  @summed(({ least, expected }, row) => limit(row, 'lower', least, expected))
  lower!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Upper limit, on the most that can have been observed. See lower.',
  })
  @summed(({ most, expected }, row) => limit(row, 'upper', most, expected))
  upper!: number | null;
}
