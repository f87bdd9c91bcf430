/** What is told of the local authorities that were found, of those that could not be judged, and of what they were found by. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, Float, ID, Int, ObjectType } from 'type-graphql';
import { soundFrom } from '../composition/sound-from.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { ObservationStatus, Period } from '../observation/observation.js';
import { periodOf } from '../observation/period-row.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import type { Criterion } from './criteria.js';

/** What a criterion is read from: `row` is the local authority’s, or that of the counts. */
interface CriterionRow {
  criterion: Criterion;
  row: Sql;
}
const column = (name: string) =>
  SqlField(({ criterion, row }: CriterionRow) => sql`${row}.${raw(`${name}_${criterion.number}`)}`);

export const listOf = (criteria: Criterion[], row: Sql, select: Select): Sql =>
  sql`json_build_array(${join(criteria.map((criterion) => select.object({ criterion, row } satisfies CriterionRow)))})`;

@ObjectType({ description: 'A criterion that local authorities were found by, as it was understood.' })
export class AppliedCriterion {
  @Field(() => Int, { description: 'Its place in by, from 1.' })
  @SqlField(({ criterion }: CriterionRow) => raw(`${criterion.number}`))
  number!: number;

  @Field(() => ID, { nullable: true, description: 'Id of the indicator; null for academies.' })
  @SqlField(({ criterion }: CriterionRow) => sql`${criterion.indicator ?? null}::text`)
  indicator!: string | null;

  @Field(() => Period, { nullable: true, description: 'Of an indicator: the period that was read.' })
  @SqlField(({ criterion: { asked } }: CriterionRow, _args, select) =>
    asked ? select.object(periodOf(asked, select)) : sql`NULL::json`,
  )
  period!: Period | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'Of academies: the day. Null for a day later than the newest extract, of which nothing is known.',
  })
  @SqlField(({ criterion: { day } }: CriterionRow) => (day ? sql`(${day})` : sql`NULL::date`))
  asAt!: string | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'Of academies: the first day from which shares are sound, as Composition.soundFrom.',
  })
  @SqlField(({ criterion: { day } }: CriterionRow, _args, select) =>
    day ? soundFrom(select) : sql`NULL::date`,
  )
  soundFrom!: string | null;

  @Field(() => Int, { description: 'Of the local authorities considered, those that have a value.' })
  @column('known')
  known!: number;

  @Field(() => Float, { nullable: true, description: 'The least value among those considered.' })
  @column('least')
  least!: number | null;

  @Field(() => Float, { nullable: true, description: 'The greatest value among those considered.' })
  @column('greatest')
  greatest!: number | null;

  @Field(() => [Int], {
    description:
      'How many of those listed are in each quarter of the matching ones by this value, the lowest quarter first: how balanced they are.',
  })
  @column('listed')
  listedByQuarter!: number[];
}

@ObjectType({ description: 'The value of a local authority by one criterion.' })
export class ProfileValue {
  @Field(() => Int, { description: 'Which criterion: its place in by, from 1.' })
  @SqlField(({ criterion }: CriterionRow) => raw(`${criterion.number}`))
  criterion!: number;

  @Field(() => Float, { nullable: true, description: 'The value, unrounded. Null where it is not known.' })
  @column('value')
  value!: number | null;

  @Field(() => ObservationStatus, {
    nullable: true,
    description: 'Of an indicator: what is known of the figure. Null where the period has no row.',
  })
  @column('status')
  status!: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'Percentile among the matching ones, from 0 (the lowest) to 100. Null for one that could not be judged.',
  })
  @SqlField(({ criterion, row }: CriterionRow) => sql`${row}.${raw(`place_${criterion.number}`)} * 100`)
  percentile!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Quarter among the matching ones, from 1 (the lowest) to 4. Null for one that could not be judged.',
  })
  @column('quarter')
  quarter!: number | null;
}

/** What a local authority is read from: `row` has the values of the criteria. */
export interface FoundRow {
  criteria: Criterion[];
  row: Sql;
  authority: TableRow;
}

@ObjectType({ description: 'A local authority with the values that it was found by.' })
export class FoundLocalAuthority {
  @Field(() => LocalAuthority, { description: 'The local authority.' })
  @SqlField(({ authority }: FoundRow, _args, select) => select.object(authority))
  localAuthority!: LocalAuthority;

  @Field(() => [ProfileValue], { description: 'Its value by each criterion, in the order asked.' })
  @SqlField(({ criteria, row }: FoundRow, _args, select) => listOf(criteria, row, select))
  profile!: ProfileValue[];
}
