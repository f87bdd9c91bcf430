/** Inclusion school: a school that a trust held in the year, beside what is expected of it. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Observation } from '../observation/observation.js';
import { SqlField } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { boundsOf, type HeldSchools } from './held-schools.js';
import { InclusionOutcome, limit, over } from './inclusion-rate.js';

/** What a school of the trust is read from. */
export interface SchoolRow {
  schools: HeldSchools;
  /** A row of held. */
  held: Sql;
}
const column = (name: string) => SqlField(({ schools: { row } }: SchoolRow) => sql`${row}.${raw(name)}`);

@ObjectType({ description: 'A school that the trust held in the year, beside what is expected of it.' })
export class InclusionSchool {
  @Field(() => Int, { description: 'Its URN.' })
  @SqlField(({ held }: SchoolRow) => sql`${held}.urn`)
  urn!: number;

  @Field(() => String, { nullable: true, description: 'Its name as registered.' })
  @SqlField(({ held }: SchoolRow) => sql`${held}.name`)
  name!: string | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'Day of joining the trust. Null where the register does not say: it is taken to have been there always.',
  })
  @SqlField(({ held }: SchoolRow) => sql`${held}.began_on`)
  joinedOn!: string | null;

  @Field(() => Boolean, {
    description: 'True where that day is inferred: see TrustMembership.fromIsInferred.',
  })
  @SqlField(({ held }: SchoolRow) => sql`${held}.began_inferred`)
  joinedIsInferred!: boolean;

  @Field(() => String, {
    nullable: true,
    description: '3-digit code of its local authority, whose rate it is held against.',
  })
  @SqlField(({ held }: SchoolRow) => sql`${held}.la_code`)
  localAuthorityCode!: string | null;

  @Field(() => InclusionOutcome, { description: 'Whether it is compared, or why not.' })
  @SqlField(({ schools: { row } }: SchoolRow) => sql`coalesce(${row}.outcome, 'NO_ROW')`)
  outcome!: string;

  @Field(() => Observation, {
    nullable: true,
    description:
      'Its figure as published; its breakdown is the phase that it is published under. Null without a row.',
  })
  @SqlField(({ schools }: SchoolRow, _args, select) => {
    const object = select.object(schools.asPublished());
    return sql`CASE WHEN ${schools.row}.school IS NOT NULL THEN ${object} END`;
  })
  observation!: Observation | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The rate of its local authority for its phase, in the indicator’s unit.',
  })
  @SqlField(
    ({ schools: { row, wanted } }: SchoolRow) => sql`${row}.reference * ${wanted.stored.multiplier}::float8`,
  )
  referenceRate!: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether that rate is published, or pooled from the schools there.',
  })
  @column('reference_is_published')
  referenceIsPublished!: boolean | null;

  @Field(() => Float, { nullable: true, description: 'What that rate comes to on its base.' })
  @column('expected')
  expected!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Observed over expected. Null where the number is withheld.',
  })
  @SqlField(({ schools: { row, terms } }: SchoolRow) => over(boundsOf(terms).value, sql`${row}.expected`))
  ratio!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Lower limit of its 95 per cent interval: see InclusionRate.',
  })
  @SqlField(({ schools }: SchoolRow) =>
    limit({ schools }, 'lower', boundsOf(schools.terms).lower, sql`${schools.row}.expected`),
  )
  lower!: number | null;

  @Field(() => Float, { nullable: true, description: 'Upper limit.' })
  @SqlField(({ schools }: SchoolRow) =>
    limit({ schools }, 'upper', boundsOf(schools.terms).upper, sql`${schools.row}.expected`),
  )
  upper!: number | null;
}
