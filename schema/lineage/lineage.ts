/**
 * Where a school came from and what became of it: the schools that it followed and that followed it, and the whole chain
 * in order. A school that became an academy is two URNs, and so two schools here, linked by this.
 */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, FieldResolver, Int, ObjectType, Resolver } from 'type-graphql';
import { LINEAGE_EVENTS } from '../../jobs/lineage.js';
import { describedEnum } from '../enum-of.js';
import { School } from '../school/school.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { Entries, SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

export const LineageEvent = describedEnum(
  'LineageEvent',
  'How one school came out of another.',
  LINEAGE_EVENTS,
);

export const LineageKind = describedEnum(
  'LineageKind',
  'On which side of the school asked about a step of its lineage lies.',
  {
    PREDECESSOR: { description: 'It led to the school.' },
    SUCCESSOR: { description: 'It led on from the school.' },
  },
);

/** Steps that a walk of the lineage may have, so that a question cannot be made endless: the longest known has 4. */
const LONGEST_WALK = 50;

/** Edges of the lineage on one side of a URN, each at the fewest steps from it, with its far and its near end. */
const walk = (urn: Sql, kind: 'PREDECESSOR' | 'SUCCESSOR', name: Sql): Sql => {
  const [far, near] =
    kind === 'PREDECESSOR'
      ? [raw('predecessor_urn'), raw('successor_urn')]
      : [raw('successor_urn'), raw('predecessor_urn')];
  return sql`(WITH RECURSIVE ${name} AS (
      SELECT l.*, 1 AS generation FROM school_lineage l WHERE l.${near} = ${urn}
      UNION
      SELECT l.*, w.generation + 1 FROM ${name} w JOIN school_lineage l ON l.${near} = w.${far} WHERE w.generation < ${LONGEST_WALK}
    )
    SELECT DISTINCT ON (predecessor_urn, successor_urn) ${kind}::text AS kind, generation, ${far} AS urn, ${near} AS via,
      event, event_is_inferred, happened_on, on_is_inferred
    FROM ${name} ORDER BY predecessor_urn, successor_urn, generation)`;
};

const toSchool = (step: TableRow, select: Select): Sql =>
  select.toOne(
    step,
    raw('school'),
    'urn',
    (school) => sql`${school}.urn = ${step.alias}.urn AND ${select.valid(school)}`,
  );

@ObjectType({ description: 'A step of the lineage of a school: one school came out of another.' })
export class LineageStep {
  @Field(() => LineageKind, { description: 'Whether it led to the school or on from it.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.kind`)
  kind!: string;

  @Field(() => Int, { description: 'How many steps from the school: 1 is direct.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.generation`)
  generation!: number;

  @Field(() => Int, { description: 'The URN at the far end.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.urn`)
  urn!: number;

  @Field(() => School, {
    nullable: true,
    description: 'The school at the far end. Null for a URN that is not in the register.',
  })
  @SqlField((step: TableRow, _args, select) => toSchool(step, select))
  school!: School | null;

  @Field(() => Int, { description: 'The URN at the near end: the school itself, or one between.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.via`)
  via!: number;

  @Field(() => LineageEvent, { description: 'What happened.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.event`)
  event!: string;

  @Field(() => Boolean, {
    description:
      'True where the register says only that one came after the other, and dates, types and number of schools told what happened.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.event_is_inferred`)
  eventIsInferred!: boolean;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'When. Null where no date is registered or could be inferred.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.happened_on`)
  on!: string | null;

  @Field(() => Boolean, {
    description:
      'True where the register gives no date: it is that of the successor’s opening or the predecessor’s closing.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.on_is_inferred`)
  onIsInferred!: boolean;
}

const byName = (school: Sql): Sql => sql`${school}.name, ${school}.urn`;

/** The schools are found before anything is joined to them: IN would be one join among many, and could come last. */
@Resolver(() => School)
export class SchoolLineage {
  @Entries(1)
  @FieldResolver(() => [School], {
    description: 'The schools that it followed directly and that are in the register, by name.',
  })
  // As an array: joined, it would come after the figures that are asked of each school, and those be read for all schools.
  @SqlField(({ alias }: TableRow, _args, select) =>
    select.list(
      raw('school'),
      (school) => sql`${select.valid(school)}
        AND ${school}.urn = ANY(ARRAY(SELECT l.predecessor_urn FROM school_lineage l WHERE l.successor_urn = ${alias}.urn))`,
      byName,
    ),
  )
  predecessors(): School[] {
    return answeredBySql();
  }

  @Entries(1)
  @FieldResolver(() => [School], {
    description: 'The schools that followed it directly and that are in the register, by name.',
  })
  @SqlField(({ alias }: TableRow, _args, select) =>
    select.list(
      raw('school'),
      (school) => sql`${select.valid(school)}
        AND ${school}.urn = ANY(ARRAY(SELECT l.successor_urn FROM school_lineage l WHERE l.predecessor_urn = ${alias}.urn))`,
      byName,
    ),
  )
  successors(): School[] {
    return answeredBySql();
  }

  @FieldResolver(() => [LineageStep], {
    description:
      'The whole chain, the oldest step first: everything that led to the school, then everything that led on from it.',
  })
  @SqlField(({ alias }: TableRow, _args, select) =>
    select.list(
      sql`(SELECT * FROM ${walk(sql`${alias}.urn`, 'PREDECESSOR', select.alias('w'))} back
        UNION ALL SELECT * FROM ${walk(sql`${alias}.urn`, 'SUCCESSOR', select.alias('w'))} forth)`,
      () => sql`true`,
      (
        step,
      ) => sql`${step}.kind, CASE ${step}.kind WHEN 'PREDECESSOR' THEN -${step}.generation ELSE ${step}.generation END,
        ${step}.happened_on NULLS FIRST, ${step}.urn`,
    ),
  )
  lineage(): LineageStep[] {
    return answeredBySql();
  }
}
