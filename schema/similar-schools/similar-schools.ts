/**
 * Similar schools: those of the same phase whose intake is nearest, as the Department's financial benchmarking tool and the
 * families of schools of the Education Endowment Foundation compare like with like. docs/methods/similar-schools.md
 */

import { Args, ArgsType, Field, Float, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import { refuseOutside } from '../../src/refused.js';
import { peersOf } from '../composition/state-funded.js';
import { isUrn, NO_SCHOOL, notAUrn } from '../place/codes.js';
import { School } from '../school/school.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import type { Asked } from '../select/asked.js';
import { joinsOf, LooksUpBy, rowOf, SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { CharacteristicDifference, ComparedCharacteristic, listOf } from './characteristics.js';
import {
  Characteristic,
  type CharacteristicName,
  type Compared,
  distanceOf,
  each,
  inDeviations,
  readIntake,
  sharedBy,
  sumsOf,
} from './intake.js';

const DEFAULT_ON: CharacteristicName[] = ['SIZE', 'FSM', 'EAL', 'SEN_SUPPORT'];
/** As many as the Department's benchmarking tool chooses. */
const DEFAULT_FIRST = 30;

/** What is told of one similar school is read from. */
interface NearRow {
  compared: Compared[];
  near: Sql;
  school: TableRow;
}

@ObjectType({ description: 'A school that is similar to another, and how.' })
export class SimilarSchool {
  @Field(() => School, { description: 'The similar school.' })
  @SqlField(({ school }: NearRow, _args, select) => select.object(school))
  school!: School;

  @Field(() => Float, {
    description:
      'Distance in standard deviations: the root of the mean square of the differences in the characteristics that both schools have. 0 is alike in all; 1 is one standard deviation apart in each.',
  })
  @SqlField(({ near }: NearRow) => sql`${near}.distance`)
  distance!: number;

  @Field(() => Int, { description: 'Characteristics that both schools have: what the distance is made of.' })
  @SqlField(({ near }: NearRow) => sql`${near}.shared`)
  characteristicsCompared!: number;

  @Field(() => [CharacteristicDifference], {
    description: 'What the distance is made of, in the order asked.',
  })
  @SqlField(({ compared, near }: NearRow, _args, select) => listOf(compared, near, select))
  characteristics!: CharacteristicDifference[];
}

/** What the answer is read from: tables of the statement. */
interface SimilarRow {
  compared: Compared[];
  subject: TableRow;
  sums: Sql;
  near: Sql;
  first: number;
}

@ObjectType({ description: 'The schools that are most like one.' })
export class SimilarSchools {
  @Field(() => School, { description: 'The school that is asked about.' })
  @SqlField(({ subject }: SimilarRow, _args, select) => select.object(subject))
  school!: School;

  @Field(() => Int, { description: 'Other open state-funded schools of its phase and kind in England.' })
  @SqlField(({ sums }: SimilarRow) => sql`${sums}.others`)
  others!: number;

  @Field(() => Int, {
    description:
      'Those of them that it could be compared with: both have half of the characteristics or more. The rest are left out.',
  })
  @SqlField(({ near }: SimilarRow) => sql`(SELECT count(*)::int FROM ${near})`)
  compared!: number;

  @Field(() => [ComparedCharacteristic], { description: 'By what schools are compared, in the order asked.' })
  @SqlField(({ compared, sums }: SimilarRow, _args, select) => listOf(compared, sums, select))
  characteristics!: ComparedCharacteristic[];

  @Field(() => [SimilarSchool], {
    description: 'The nearest, the nearest first; of the same distance by URN.',
  })
  @SqlField(({ compared, near: all, first }: SimilarRow, _args, select) => {
    const near = select.alias('n');
    const school = rowOf(select.alias('t'));
    const object = select.forEach(first).object({ compared, near, school } satisfies NearRow);
    return sql`(SELECT coalesce(json_agg(${object} ORDER BY ${near}.distance, ${near}.urn), '[]')
      FROM (SELECT * FROM ${all} ORDER BY distance, urn LIMIT ${first}) ${near}
      JOIN school ${school.alias} ON ${school.alias}.urn = ${near}.urn AND ${select.valid(school.alias)} ${joinsOf(school)})`;
  })
  schools!: SimilarSchool[];

  @Field(() => String, {
    nullable: true,
    description:
      'Why there is nothing to compare the school with, or what it has no figure for. Null where it has all.',
  })
  @SqlField(({ compared, sums }: SimilarRow) => {
    const missing = each(
      compared,
      (n, { name }) => sql`CASE WHEN ${sums}.own${n} IS NULL THEN ${raw(`'${name}'`)} END`,
    );
    return sql`CASE WHEN ${sums}.peers IS NULL
        THEN 'The register does not have it as a state-funded school of a known type and phase: only such schools are compared.'
      WHEN concat_ws('', ${missing}) <> '' THEN 'It has no figure for ' || concat_ws(', ', ${missing}) || ': the distance is of the others alone.' END`;
  })
  note!: string | null;
}

@ArgsType()
export class SimilarSchoolsArgs {
  @Field(() => Int, { description: 'URN of the school.' })
  school!: number;

  @Field(() => [Characteristic], {
    defaultValue: DEFAULT_ON,
    description: 'What to compare by, each with the same weight.',
  })
  on!: CharacteristicName[];

  @Field(() => Int, {
    defaultValue: DEFAULT_FIRST,
    description: `How many schools at most: up to ${MAXIMUM_PAGE_SIZE}.`,
  })
  first!: number;
}

/** The arguments, as the SQL gets them. */
type AboutSchool = Omit<SimilarSchoolsArgs, 'school'> & { school: Asked<number> };

@Resolver(() => SimilarSchools)
export class SimilarSchoolsQueries {
  @WorkOf(6_000)
  @Query(() => SimilarSchools, {
    nullable: true,
    description:
      'The schools whose intake is most like that of one, among the open state-funded schools of the same phase (of mainstream schools as registered; special schools, and alternative provision, among themselves), by standardised Euclidean distance, each explained. Null when the register has no such school. docs/methods/similar-schools.md',
  })
  @LooksUpBy('school')
  @SqlField((_row, { school: urn, on, first }: AboutSchool, select) => {
    if (!urn.is(isUrn)) throw notAUrn('school');
    refuseOutside('first', first, 0, MAXIMUM_PAGE_SIZE);
    select.noteIfNull(`similarSchools(school:): ${NO_SCHOOL}`);
    const { compared, from, school } = readIntake(on, select);
    const subject = { ...rowOf(select.alias('t')), key: urn };
    const [peers, sums, near] = [select.alias('peers'), select.alias('sums'), select.alias('near')];
    const object = select.object({ compared, subject, sums, near, first } satisfies SimilarRow);
    const ofSubject = sql`(SELECT ${peersOf()} FROM school s WHERE s.urn = ${urn} AND ${select.valid(sql`s`)})`;
    const isPeer = (row: Sql) =>
      sql`${peersOf()} = ${ofSubject} AND (${row}.status <> 'CLOSED' AND ${row}.status <> 'PROPOSED_TO_OPEN' OR ${row}.urn = ${urn})`;
    const difference = (n: Sql) =>
      inDeviations(sql`p.value${n} - ${sums}.own${n}`, sql`${sums}.deviation${n}`);
    return sql`(WITH ${peers} AS MATERIALIZED (
        SELECT ${school}.urn, ${school}.status <> 'CLOSED' AS is_open, ${each(compared, (n, { value }) => sql`${value} AS value${n}`)} ${from(isPeer)}),
      ${sums} AS MATERIALIZED (
        SELECT a.*, ${each(compared, (n) => sql`o.value${n} AS own${n}`)}, ${ofSubject} AS peers
        FROM (SELECT count(*) FILTER (WHERE urn <> ${urn})::int AS others, ${sumsOf(compared)} FROM ${peers} WHERE is_open) a
        LEFT JOIN ${peers} o ON o.urn = ${urn}),
      ${near} AS MATERIALIZED (
        SELECT d.*, ${distanceOf(compared)} AS distance, ${sharedBy(compared)} AS shared FROM (
          SELECT p.urn, ${each(compared, (n) => sql`p.value${n}, ${sums}.own${n}, ${difference(n)} AS difference${n}`)}
          FROM ${peers} p, ${sums} WHERE p.urn <> ${urn} AND p.is_open OFFSET 0) d
        WHERE (${sharedBy(compared)}) * 2 >= ${compared.length}::int)
      SELECT ${object} FROM ${sums}, school ${subject.alias} ${joinsOf(subject)}
      WHERE ${subject.alias}.urn = ${urn} AND ${select.valid(subject.alias)} LIMIT 1)`;
  })
  similarSchools(
    @Args(() => SimilarSchoolsArgs) _args: SimilarSchoolsArgs,
    @AsOf() _asOf?: string,
  ): SimilarSchools {
    return answeredBySql();
  }
}
