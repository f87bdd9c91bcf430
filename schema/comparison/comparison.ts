/**
 * Comparison: where a local authority stands among its neighbours, in its region and in England on one indicator, in one
 * period, by the definitions of the local authority interactive tool (LAIT). Nothing is rounded, and a value that is not
 * known is never taken for zero: it is left out, and counted. docs/methods/comparison.md
 */
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../enum-of.js';
import { NeighbourKind, type NeighbourQuestion } from '../neighbour/kinds.js';
import { Observation, Period } from '../observation/observation.js';
import { AS_SHOWN, rounded } from '../observation/shown.js';
import { LeftOut } from '../place/left-out.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import { type Sql, sql } from '../select/sql.js';
import { bandOf, quartilesOf } from '../statistics/quartile-band.js';
import { ChangeRow, ComparisonChange } from './change.js';
import type { Compared } from './compared.js';
import { ComparedNeighbour, neighboursOf, observationOf } from './compared-neighbour.js';
import { notesOf } from './notes.js';

export const QuartileBand = describedEnum(
  'QuartileBand',
  'A quarter of all local authorities by their values.',
  {
    A: { description: 'The best quarter.' },
    B: { description: 'The second quarter, up to the middle.' },
    C: { description: 'The third quarter, from the middle on.' },
    D: { description: 'The last quarter.' },
  },
);

export const AverageMethod = describedEnum('AverageMethod', 'How an average is made.', {
  RATIO_OF_SUMS: {
    description: 'The sum of numerators over the sum of denominators: large ones count for more.',
  },
  PLAIN_MEAN: { description: 'The mean of values, each of which counts the same.' },
});

/** What a comparison is read from. */
export interface ComparisonRow {
  compared: Compared;
  authority: TableRow;
  neighbours: NeighbourQuestion;
  edition: string | null;
  /** The change since the period before, joined once. */
  change: () => ChangeRow;
}

/** How many have a value: of it and its neighbours, or of all. */
const counted = (compared: Compared, among: 'neighbours' | 'all'): Sql => {
  const value = compared.published('value');
  const known = compared.overall(among, 'known', () => sql`count(${value})::int`);
  if (among === 'all') return known;
  return sql`(${known} + CASE WHEN ${compared.own().row.figure('value')} IS NULL THEN 0 ELSE 1 END)`;
};

/** What is said only where one way is good. */
const ifPolar = ({ indicator }: Compared, what: () => Sql): Sql =>
  indicator.polarity === 'NONE' ? sql`NULL::int` : what();

const ofNeighbours = (compared: Compared): Sql =>
  compared.overall('neighbours', 'average', () => compared.average.average);

const quartiles = (compared: Compared): Sql => {
  const value = compared.published('value');
  return compared.overall('all', 'quartiles', () => quartilesOf(value));
};

@ObjectType({
  description:
    'A local authority beside its neighbours, its region and England, on one indicator and in one period.',
})
export class Comparison {
  @Field(() => NeighbourKind, { description: 'Which neighbours.' })
  @SqlField(({ neighbours: { kind } }: ComparisonRow) => sql`${kind}::text`)
  against!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The edition of the neighbours. Null for REGION and CUSTOM, which have none.',
  })
  @SqlField(({ edition }: ComparisonRow) => sql`${edition}::text`)
  edition!: string | null;

  @Field(() => Period, {
    nullable: true,
    description:
      'The period that is compared: as asked; else the newest in which it and all its neighbours have a figure, or if there is none, the newest of those in which most have, which notes then say. Null where none of them has a figure.',
  })
  @SqlField(
    ({ compared: { hasPeriod, period } }: ComparisonRow, _args, select) =>
      sql`CASE WHEN ${hasPeriod} THEN ${select.object(period)} END`,
  )
  period!: Period | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many years older the period is than the newest that the indicator has for any place: 0 for the newest.',
  })
  @SqlField(({ compared }: ComparisonRow) => compared.ageInYears)
  periodAgeYears!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The value of the local authority, unrounded. Null where it is not known: see observation.',
  })
  @SqlField(({ compared }: ComparisonRow) => compared.own().row.figure('value'))
  value!: number | null;

  @Field(() => String, {
    nullable: true,
    description: `value ${AS_SHOWN}. Null where that is null: observation.shown says why.`,
  })
  @SqlField(({ compared }: ComparisonRow) =>
    rounded(compared.own().row.figure('value'), compared.indicator.decimals),
  )
  valueShown!: string | null;

  @Field(() => Observation, {
    nullable: true,
    description: 'The figure with all that is known of it. Null where the period has no row for it.',
  })
  @SqlField(({ compared }: ComparisonRow, _args, select) => observationOf(compared.own(), select))
  observation!: Observation | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Its rank among itself and its neighbours: 1 is the best by the indicator’s polarity; equal values share the smaller rank. Null where its value is not known or no neighbour’s is, and where neither way is good.',
  })
  @SqlField(({ compared }: ComparisonRow) =>
    ifPolar(
      compared,
      () => sql`CASE WHEN ${counted(compared, 'neighbours')} > 1 THEN ${compared.ownRank('neighbours')} END`,
    ),
  )
  rank!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How many of them are ranked: those whose value is known, itself included. Null where nothing is ranked, because neither way is good.',
  })
  @SqlField(({ compared }: ComparisonRow) => ifPolar(compared, () => counted(compared, 'neighbours')))
  of!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Its rank in the same way among all local authorities that have a value in the period.',
  })
  @SqlField(({ compared }: ComparisonRow) => compared.ownRank('all'))
  nationalRank!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many local authorities are ranked. Null where neither way is good.',
  })
  @SqlField(({ compared }: ComparisonRow) => ifPolar(compared, () => counted(compared, 'all')))
  nationalOf!: number | null;

  @Field(() => [LeftOut], {
    description:
      'Local authorities without a value in the period, which nationalRank, band and quartiles leave out, by why: those that exist today, those that the period has a row for, and the neighbours.',
  })
  @SqlField(({ compared }: ComparisonRow, _args, select) => compared.leftOut('all', select))
  nationalLeftOut!: LeftOut[];

  @Field(() => QuartileBand, {
    nullable: true,
    description:
      'The quarter of all local authorities’ unrounded values in the period that its value lies in: A is the best. A value on a limit belongs to the band of the lower values. Null where its value is not known, where neither way is good, and where the publisher says that the values lie too close together (hasQuartileBands).',
  })
  @SqlField(({ compared }: ComparisonRow) => {
    const { polarity, hasQuartileBands } = compared.indicator;
    if (polarity === 'NONE' || !hasQuartileBands) return sql`NULL::text`;
    return bandOf(compared.own().row.figure('value'), quartiles(compared), polarity);
  })
  band!: string | null;

  @Field(() => [Float], {
    nullable: true,
    description:
      'The lower quartile, the median and the upper quartile of all local authorities’ values in the period, by linear interpolation (type 7, percentile_cont): the limits of the bands. Null where none has a value.',
  })
  @SqlField(({ compared }: ComparisonRow) => quartiles(compared))
  quartiles!: number[] | null;

  @Field(() => [ComparedNeighbour], {
    description: 'Every neighbour, those without a value too: statistical ones by closeness, others by name.',
  })
  @SqlField(({ compared }: ComparisonRow, _args, select) => neighboursOf(compared, select))
  neighbours!: ComparedNeighbour[];

  @Field(() => Float, {
    nullable: true,
    description:
      'The average of its neighbours, itself not among them: of those whose value is known, by averageMethod. Null where none is.',
  })
  @SqlField(({ compared }: ComparisonRow) => ofNeighbours(compared))
  neighbourAverage!: number | null;

  @Field(() => String, {
    nullable: true,
    description: `neighbourAverage ${AS_SHOWN}. Null where that is null.`,
  })
  @SqlField(({ compared }: ComparisonRow) => rounded(ofNeighbours(compared), compared.indicator.decimals))
  neighbourAverageShown!: string | null;

  @Field(() => AverageMethod, {
    nullable: true,
    description:
      'How neighbourAverage is made: RATIO_OF_SUMS where numerator and denominator of all that go in are published, else PLAIN_MEAN.',
  })
  @SqlField(({ compared }: ComparisonRow) =>
    compared.overall('neighbours', 'average_method', () => compared.average.method),
  )
  averageMethod!: string | null;

  @Field(() => Int, { description: 'Neighbours whose value is known, and which went into the average.' })
  @SqlField(({ compared }: ComparisonRow) =>
    compared.overall('neighbours', 'averaged', () => compared.average.used),
  )
  neighboursAveraged!: number;

  @Field(() => Int, {
    description:
      'Neighbours without a value in the period, which are left out of average and ranks: leftOut says why, and notes name them.',
  })
  @SqlField(
    ({ compared }: ComparisonRow) =>
      sql`(SELECT count(*)::int FROM ${compared.neighbours}) - ${compared.overall('neighbours', 'averaged', () => compared.average.used)}`,
  )
  neighboursLeftOut!: number;

  @Field(() => [LeftOut], { description: 'Those of neighboursLeftOut, by why.' })
  @SqlField(({ compared }: ComparisonRow, _args, select) => compared.leftOut('neighbours', select))
  leftOut!: LeftOut[];

  @Field(() => Float, {
    nullable: true,
    description: 'The value of its region, unrounded. Null where it is not known or published.',
  })
  @SqlField(({ compared }: ComparisonRow) => compared.ofRegion.row.figure('value'))
  regionValue!: number | null;

  @Field(() => String, { nullable: true, description: `regionValue ${AS_SHOWN}. Null where that is null.` })
  @SqlField(({ compared }: ComparisonRow) =>
    rounded(compared.ofRegion.row.figure('value'), compared.indicator.decimals),
  )
  regionValueShown!: string | null;

  @Field(() => Observation, {
    nullable: true,
    description: 'The figure of its region, with all that is known of it.',
  })
  @SqlField(({ compared }: ComparisonRow, _args, select) => observationOf(compared.ofRegion, select))
  regionObservation!: Observation | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The value of England, unrounded. Null where it is not known or published.',
  })
  @SqlField(({ compared }: ComparisonRow) => compared.ofEngland.row.figure('value'))
  nationalValue!: number | null;

  @Field(() => String, { nullable: true, description: `nationalValue ${AS_SHOWN}. Null where that is null.` })
  @SqlField(({ compared }: ComparisonRow) =>
    rounded(compared.ofEngland.row.figure('value'), compared.indicator.decimals),
  )
  nationalValueShown!: string | null;

  @Field(() => Observation, {
    nullable: true,
    description: 'The figure of England, with all that is known of it.',
  })
  @SqlField(({ compared }: ComparisonRow, _args, select) => observationOf(compared.ofEngland, select))
  nationalObservation!: Observation | null;

  @Field(() => ComparisonChange, {
    nullable: true,
    description:
      'The change since the period before. Null where that is not the year right before, where a value is not known, and across a break of the series (indicator.breaks): notes say which.',
  })
  @SqlField(({ change }: ComparisonRow, _args, select) => {
    const row = change();
    return sql`CASE WHEN ${row.whyNone} IS NULL THEN ${select.object(row)} END`;
  })
  change!: ComparisonChange | null;

  @Field(() => [String], {
    description:
      'What was left out, and why something is null, in sentences. Empty where there is nothing to say.',
  })
  @SqlField((row: ComparisonRow, _args, select) => notesOf(row, select))
  notes!: string[];
}
