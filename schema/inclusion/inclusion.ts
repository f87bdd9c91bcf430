/**
 * Inclusion: rates of a trust over the schools that it held in a year, beside what their own local authorities' rates for their
 * phases would lead one to expect: indirect standardisation, with the ratio of observed to expected and its 95 per
 * cent interval by Byar's method. docs/methods/trust-inclusion.md
 */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg, Field, ID, Int, ObjectType } from 'type-graphql';
import { MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import { refuseOutside } from '../../src/refused.js';
import { Period } from '../observation/observation.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { Columns } from '../select/columns.js';
import { SqlField } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { alsoColumns, boundsOf, type HeldSchools, type Side } from './held-schools.js';
import { InclusionRate, type RateRow } from './inclusion-rate.js';
import { InclusionSchool, type SchoolRow } from './inclusion-school.js';

const rate =
  (side: Side) =>
  (schools: HeldSchools, select: Select): Sql => {
    const aggregates = new Columns(select.alias('g'));
    const object = select.object({ schools, aggregates } satisfies RateRow);
    return sql`(SELECT ${object} FROM (SELECT count(*) AS rows${alsoColumns(aggregates)} ${schools.from(side)}) ${aggregates.alias})`;
  };
const Rate = (side: Side) => SqlField((schools: HeldSchools, _args, select) => rate(side)(schools, select));

const ofHeld = (count: (held: Sql, schools: HeldSchools) => Sql) =>
  SqlField(
    (schools: HeldSchools) =>
      sql`(SELECT count(*)::int FROM ${schools.held} h WHERE ${count(sql`h`, schools)})`,
  );
const paired = ({ figures }: HeldSchools, held: Sql): Sql =>
  sql`EXISTS (SELECT FROM ${figures} f WHERE f.school = ${held}.urn AND f.is_paired)`;

@ObjectType({
  description:
    'Schools before and after they joined the trust: the same schools on both sides, in the years nearest to the day of joining.',
})
export class InclusionJoined {
  @Field(() => Int, { description: 'Schools with figures of at least one year on each side.' })
  @ofHeld((held, schools) => paired(schools, held))
  schools!: number;

  @Field(() => Int, {
    description:
      'Schools that the trust held in the year and that are not here: without figures on one side, new, formed of several, or without a day of joining.',
  })
  @ofHeld((held, schools) => sql`NOT ${paired(schools, held)}`)
  leftOut!: number;

  @Field(() => InclusionRate, { description: 'In the years whose census day was before the day of joining.' })
  @Rate('BEFORE')
  before!: InclusionRate;

  @Field(() => InclusionRate, { description: 'In the years whose census day was on it or after.' })
  @Rate('SINCE')
  since!: InclusionRate;
}

@ObjectType({
  description:
    'One rate of a trust, over the schools that it held in a year, beside what is expected of them.',
})
export class TrustInclusion {
  @Field(() => ID, {
    description: 'Id of the rate: which one it is, where the profile is taken away as a table.',
  })
  @SqlField(({ wanted }: HeldSchools) => sql`${wanted.indicator.id}::text`)
  indicatorId!: string;

  @Field(() => Period, { description: 'The year.' })
  @SqlField(({ wanted: { period } }: HeldSchools, _args, select) =>
    select.object({
      spelled: (what: 'code' | 'label' | 'identifier') => sql`${period[what]}::text`,
      period: (what: 'kind' | 'starts_on' | 'ends_on') =>
        what === 'kind'
          ? sql`${period.kind}::text`
          : sql`${what === 'starts_on' ? period.startsOn : period.endsOn}::date`,
    }),
  )
  period!: Period;

  @Field(() => GraphQLLocalDate, {
    description: 'The census day of the year: the schools are those that the trust ran on it.',
  })
  @SqlField(({ day }: HeldSchools) => day)
  heldOn!: string;

  @Field(() => Int, { description: 'Schools that it ran on that day.' })
  @ofHeld(() => sql`true`)
  schools!: number;

  @Field(() => Int, { description: 'Those of which the file has no row for the year: in no figure.' })
  @ofHeld(
    (held, { figures }) =>
      sql`NOT EXISTS (SELECT FROM ${figures} f WHERE f.school = ${held}.urn AND f.is_asked)`,
  )
  schoolsWithoutRow!: number;

  @Field(() => Int, {
    description: 'Those whose day of joining is not registered: taken to have been there always.',
  })
  @ofHeld((held) => sql`${held}.began_on IS NULL`)
  joinedUnknown!: number;

  @Field(() => Int, { description: 'Those whose day of joining is inferred.' })
  @ofHeld((held) => sql`${held}.began_inferred`)
  joinedInferred!: number;

  @Field(() => String, {
    nullable: true,
    description: 'What the extracts that are loaded cannot tell of the year. Null where there is nothing.',
  })
  @SqlField(({ day }: HeldSchools, _args, select) => {
    const extract = (which: 'min' | 'max') =>
      sql`(SELECT ${raw(which)}(coalesce(r.published_on, r.retrieved_at::date)) FROM release r
        JOIN data_set d ON d.number = r.data_set_number AND d.id = 'gias-group-links' WHERE ${select.released(sql`r.id`)})`;
    return sql`CASE WHEN ${day} < ${extract('min')} THEN 'The first extract of memberships is of ' || ${extract('min')}
        || ': schools that the trust ran on ' || ${day} || ' and no longer had by then are missing.'
      WHEN ${day} > ${extract('max')} THEN 'The newest extract of memberships is of ' || ${extract('max')}
        || ': schools that joined or left between that day and ' || ${day} || ' are not known.' END`;
  })
  note!: string | null;

  @Field(() => InclusionRate, { description: 'In the year.' })
  @Rate('YEAR')
  rate!: InclusionRate;

  @Field(() => InclusionJoined, { description: 'Before and after joining, up to the year.' })
  @SqlField((schools: HeldSchools, _args, select) => select.object(schools))
  joined!: InclusionJoined;

  @Field(() => [InclusionSchool], {
    description:
      'The schools, those furthest above what is expected first and those that are not compared last; one that is published in parts has an entry for each.',
  })
  @SqlField((schools: HeldSchools, { first }: { first: number }, select) => {
    refuseOutside('first', first, 0, MAXIMUM_PAGE_SIZE);
    const held = select.alias('h');
    const { row, terms, figures } = schools;
    const entry = select.forEach(first).object({ schools, held } satisfies SchoolRow);
    return sql`(SELECT coalesce(json_agg(e.entry ORDER BY e.excess DESC NULLS LAST, e.urn), '[]') FROM (
      SELECT ${entry} AS entry, ${boundsOf(terms).upper} - ${row}.expected AS excess, ${held}.urn
      FROM ${schools.held} ${held} LEFT JOIN ${figures} ${row} ON ${row}.school = ${held}.urn AND ${row}.is_asked
      ORDER BY excess DESC NULLS LAST, ${held}.urn LIMIT ${first}::int) e)`;
  })
  bySchool(
    @Arg('first', () => Int, {
      defaultValue: MAXIMUM_PAGE_SIZE,
      description: `How many at most: up to ${MAXIMUM_PAGE_SIZE}.`,
    })
    _first: number,
  ): InclusionSchool[] {
    return answeredBySql();
  }
}
