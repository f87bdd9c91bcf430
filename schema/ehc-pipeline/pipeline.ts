import { Field, Float, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../enum-of.js';
import { Observation } from '../observation/observation.js';
import { newest, newestRow } from '../observation/passes.js';
import { SqlField } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, type Sql, sql } from '../select/sql.js';
import { type Interval, ofRate } from '../statistics/interval.js';
import type { Rate } from '../statistics/two-rates.js';
import { EhcNeighbourRate, neighbourRate } from './neighbour-rate.js';
import { notesOf } from './notes.js';
import {
  askedOf,
  breaksBetween,
  indicatorOf,
  type PipelineRow,
  periodOf,
  RATES,
  type RateName,
  rateOf,
  type Stage,
} from './stages.js';

const stage = (name: Stage) =>
  SqlField((row: PipelineRow, _args, select) => {
    const asked = askedOf(name, row, select);
    return asked ? newest(asked, select) : sql`NULL::json`;
  });

/** The two counts of a rate; null where a period is not published, or a break lies between the two. */
function countsOf(name: RateName, row: PipelineRow, select: Select): Rate | null {
  const { numerator, denominator } = rateOf(name);
  const [one, other] = [numerator, denominator].map((each) => periodOf(each, row.year, select));
  if (!one || !other || breaksBetween(indicatorOf(numerator, select).breaks ?? [], one, other).length > 0)
    return null;
  const value = (each: Stage) => newestRow(askedOf(each, row, select)!, select).row.figure('value');
  return { count: value(numerator), base: value(denominator) };
}

interface StageRateRow {
  pipeline: PipelineRow;
  name: RateName;
  counts: Rate | null;
}

const NOTHING = sql`NULL::float8`;
const bound = (which: keyof Interval) =>
  SqlField(({ name, counts }: StageRateRow) => {
    if (!counts) return NOTHING;
    return ofRate({ counts: rateOf(name).counts, per: 100 }, counts.count, counts.base)?.[which] ?? NOTHING;
  });

export const EhcRate = describedEnum(
  'EhcRate',
  'A rate between two stages of the way to an EHC plan.',
  RATES,
);

@ObjectType({ description: 'A rate between two stages of the way to an EHC plan, per 100.' })
export class EhcStageRate {
  @Field(() => EhcRate, { description: 'Which.' })
  @SqlField(({ name }: StageRateRow) => sql`${name}::text`)
  rate!: string;

  @Field(() => String, { description: 'Out of what: the denominator in words.' })
  @SqlField(({ name }: StageRateRow) => sql`${rateOf(name).of}::text`)
  of!: string;

  @Field(() => Float, {
    nullable: true,
    description: '100 times numerator over denominator, unrounded. Null unless both are published.',
  })
  @SqlField(({ counts }: StageRateRow) =>
    counts ? sql`100 * ${counts.count} / nullif(${counts.base}, 0)` : NOTHING,
  )
  value!: number | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Lower limit of the 95 per cent confidence interval: Wilson’s score interval of a share, Byar’s approximation for CEASED.',
  })
  @bound('lower')
  lower!: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper limit of the same interval.' })
  @bound('upper')
  upper!: number | null;

  @Field(() => Float, { nullable: true, description: 'What is counted. Null where it is not published.' })
  @SqlField(({ counts }: StageRateRow) => counts?.count ?? NOTHING)
  numerator!: number | null;

  @Field(() => Float, { nullable: true, description: 'What it is out of. Null where it is not published.' })
  @SqlField(({ counts }: StageRateRow) => counts?.base ?? NOTHING)
  denominator!: number | null;

  @Field(() => EhcNeighbourRate, {
    nullable: true,
    description:
      'The same rate of its statistical neighbours together. Null for a region and England, and where the edition names none.',
  })
  @SqlField(({ pipeline, name, counts }: StageRateRow, _args, select) =>
    neighbourRate(pipeline, name, counts, select),
  )
  neighbours!: EhcNeighbourRate | null;
}

const PUBLISHED = 'As published; null where the file has no such year or no row for the place.';

@ObjectType({
  description:
    'The way to an EHC plan in one calendar year, from the request to the plan and to its end. Each figure is as published. Stages count different people: an assessment of the year can follow a request of the year before.',
})
export class EhcPipeline {
  @Field(() => Int, { description: 'The calendar year of everything but the caseload.' })
  @SqlField(({ year }: PipelineRow) => sql`${year}::int`)
  year!: number;

  @Field(() => Observation, {
    nullable: true,
    description: `Requests for an assessment received in the calendar year. ${PUBLISHED}`,
  })
  @stage('requests')
  requests!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Requests after which it was decided not to assess. ${PUBLISHED}`,
  })
  @stage('refused')
  refused!: Observation | null;

  @Field(() => Observation, { nullable: true, description: `Assessments of the calendar year. ${PUBLISHED}` })
  @stage('assessed')
  assessed!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Assessments of the calendar year after which a plan was issued: what the share of assessments is made of. ${PUBLISHED}`,
  })
  @stage('assessedWithPlan')
  assessedWithPlan!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `New plans that started in the calendar year: the publication’s own number of plans issued, a little less than assessedWithPlan in England. ${PUBLISHED}`,
  })
  @stage('plansIssued')
  plansIssued!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Plans issued in the calendar year within 20 weeks of the request, those included that had an exception. ${PUBLISHED}`,
  })
  @stage('within20Weeks')
  within20Weeks!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Plans that ceased in the calendar year, for whatever reason, a move to another local authority among them. ${PUBLISHED}`,
  })
  @stage('ceased')
  ceased!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Plans in place on the January count day that begins the year. ${PUBLISHED}`,
  })
  @stage('caseloadBefore')
  caseloadBefore!: Observation | null;

  @Field(() => Observation, {
    nullable: true,
    description: `Plans in place on the January count day after the year. ${PUBLISHED}`,
  })
  @stage('caseload')
  caseload!: Observation | null;

  @Field(() => [EhcStageRate], { description: 'The rates between the stages, in their order.' })
  @SqlField((row: PipelineRow, _args, select) => {
    const names = Object.keys(RATES) as RateName[];
    const objects = names.map((name) =>
      select.object({ pipeline: row, name, counts: countsOf(name, row, select) } satisfies StageRateRow),
    );
    return sql`json_build_array(${join(objects)})`;
  })
  rates!: EhcStageRate[];

  @Field(() => [String], {
    description: 'What is to be known of these figures: years that are missing, breaks, faults of the files.',
  })
  @SqlField((row: PipelineRow, _args, select): Sql => notesOf(row, select))
  notes!: string[];
}
