/**
 * Composition: of which schools a local system is made on a day, by phase and by who provides them, and how far the
 * trusts of its academies reach. Worked out from the days of opening and closing in the register, as it stands: a
 * type or a phase that a school had before and has no more is not known. docs/methods/composition.md
 */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { enumOf } from '../enum-of.js';
import { SqlField } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { COMPOSITION_PHASES, PROVIDERS, phaseOf, providerOf, wasOpenOn } from './state-funded.js';
import { REACHES, trustReach } from './trust-reach.js';

const describe = (words: Record<string, string>) =>
  Object.fromEntries(Object.entries(words).map(([value, description]) => [value, { description }]));

export const CompositionPhase = enumOf(Object.keys(COMPOSITION_PHASES));
registerEnumType(CompositionPhase, {
  name: 'CompositionPhase',
  description: 'A phase by which state-funded schools are counted.',
  valuesConfig: describe(COMPOSITION_PHASES),
});
export const TrustReach = enumOf(Object.keys(REACHES));
registerEnumType(TrustReach, {
  name: 'TrustReach',
  description: 'How far the schools of an academy trust lie apart.',
  valuesConfig: describe(REACHES),
});

/** What the fields of a composition are read from. */
export interface CompositionRow {
  /** Keeps the schools of the place. */
  where: (school: Sql) => Sql;
  day: Sql;
}

/** The state-funded schools of the place on the day: urn, phase, provider, type_name, pupils. */
const schoolsOf = ({ where, day }: CompositionRow, select: Select): Sql => {
  const school = select.alias('s');
  return sql`(SELECT * FROM (SELECT urn, la_code, ${phaseOf()} AS phase, ${providerOf()} AS provider, type_name, number_of_pupils AS pupils
    FROM school ${school} WHERE ${select.valid(school)} AND ${where(school)} AND ${wasOpenOn(school, day)}) x
    WHERE provider IS NOT NULL AND phase IS NOT NULL)`;
};

const COUNTS: Record<string, string> = {
  schools: 'count(*)::int',
  maintained: "count(*) FILTER (WHERE provider = 'MAINTAINED')::int",
  academies: "count(*) FILTER (WHERE provider <> 'MAINTAINED')::int",
  freeSchools: "count(*) FILTER (WHERE provider = 'FREE_SCHOOL')::int",
  academyShare: "100.0 * count(*) FILTER (WHERE provider <> 'MAINTAINED') / nullif(count(*), 0)",
  pupils: 'coalesce(sum(pupils), 0)::int',
  pupilsInAcademies: "coalesce(sum(pupils) FILTER (WHERE provider <> 'MAINTAINED'), 0)::int",
  pupilsInAcademiesShare:
    "100.0 * sum(pupils) FILTER (WHERE provider <> 'MAINTAINED') / nullif(sum(pupils), 0)",
  schoolsWithoutPupils: 'count(*) FILTER (WHERE pupils IS NULL)::int',
};
const COUNTED = raw(
  Object.entries(COUNTS)
    .map(([name, count]) => `${count} AS "${name}"`)
    .join(', '),
);
const counted = (name: string) => SqlField(({ group }: { group: Sql }) => sql`${group}.${raw(`"${name}"`)}`);

@ObjectType({ description: 'State-funded schools of a place on a day, and their pupils.' })
export class SchoolCounts {
  @Field(() => Int, { description: 'Schools.' })
  @counted('schools')
  schools!: number;

  @Field(() => Int, { description: 'Those that the local authority maintains.' })
  @counted('maintained')
  maintained!: number;

  @Field(() => Int, { description: 'Academies, free schools included.' })
  @counted('academies')
  academies!: number;

  @Field(() => Int, {
    description: 'Free schools, university technical colleges and studio schools: part of academies.',
  })
  @counted('freeSchools')
  freeSchools!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Academies per 100 schools. Null where there is no school.',
  })
  @counted('academyShare')
  academyShare!: number | null;

  @Field(() => Int, {
    description: 'Pupils, as the register has them: see pupilsOn and schoolsWithoutPupils.',
  })
  @counted('pupils')
  pupils!: number;

  @Field(() => Int, { description: 'Pupils in academies.' })
  @counted('pupilsInAcademies')
  pupilsInAcademies!: number;

  @Field(() => Float, { nullable: true, description: 'Pupils in academies per 100 pupils.' })
  @counted('pupilsInAcademiesShare')
  pupilsInAcademiesShare!: number | null;

  @Field(() => Int, {
    description:
      'Schools whose number of pupils the register does not have, which pupils leaves out: those that have closed since, above all.',
  })
  @counted('schoolsWithoutPupils')
  schoolsWithoutPupils!: number;
}

@ObjectType({ description: 'State-funded schools of one type of establishment.' })
export class TypeCount {
  @Field(() => String, { description: 'As registered: Academy converter.' })
  @counted('type_name')
  type!: string;

  @Field(() => Int, { description: 'Schools.' })
  @counted('schools')
  schools!: number;

  @Field(() => Int, { description: 'Pupils, as the register has them.' })
  @counted('pupils')
  pupils!: number;
}

@ObjectType({ description: 'State-funded schools of one phase.' })
export class PhaseComposition extends SchoolCounts {
  @Field(() => CompositionPhase, { description: 'The phase that they are counted under.' })
  @counted('phase')
  phase!: string;

  @Field(() => [TypeCount], { description: 'By type of establishment, the most frequent first.' })
  @SqlField(({ composition, group }: { composition: CompositionRow; group: Sql }, _args, select) => {
    const of = select.alias('g');
    return sql`(SELECT coalesce(json_agg(${select.object({ group: of })} ORDER BY ${of}.schools DESC, ${of}.type_name), '[]')
      FROM (SELECT type_name, ${COUNTED} FROM ${schoolsOf(composition, select)} y WHERE y.phase = ${group}.phase GROUP BY type_name) ${of})`;
  })
  byType!: TypeCount[];
}

@ObjectType({ description: 'Academies by how far their trust reaches.' })
export class ReachCount {
  @Field(() => TrustReach, { description: 'How far.' })
  @counted('reach')
  reach!: string;

  @Field(() => Int, { description: 'Trusts that have a school in the place.' })
  @counted('trusts')
  trusts!: number;

  @Field(() => Int, { description: 'Their schools in the place.' })
  @counted('schools')
  schools!: number;
}

@ObjectType({ description: 'Of which state-funded schools a place is made on a day.' })
export class Composition {
  @Field(() => GraphQLLocalDate, { description: 'The day.' })
  @SqlField(({ day }: CompositionRow) => day)
  asAt!: string;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'The first day since which the type of no more than 5 in 100 of the schools open in England is missing: before it, a composition is not sound.',
  })
  @SqlField((_row, _args, select) => soundFrom(select))
  soundFrom!: string | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'The census that the numbers of pupils are from, whatever the day of the composition.',
  })
  @SqlField(({ where }: CompositionRow, _args, select) => {
    const school = select.alias('s');
    return sql`(SELECT mode() WITHIN GROUP (ORDER BY census_on) FROM school ${school} WHERE ${select.valid(school)} AND ${where(school)} AND number_of_pupils IS NOT NULL)`;
  })
  pupilsOn!: string | null;

  @Field(() => Int, {
    description:
      'Schools that were open on the day and are not counted, because the register does not have their type.',
  })
  @SqlField(({ where, day }: CompositionRow, _args, select) => {
    const school = select.alias('s');
    return sql`(SELECT count(*)::int FROM school ${school} WHERE ${select.valid(school)} AND ${where(school)} AND ${wasOpenOn(school, day)} AND type_code IS NULL)`;
  })
  unclassified!: number;

  @Field(() => SchoolCounts, { description: 'All phases together.' })
  @SqlField((composition: CompositionRow, _args, select) => {
    const group = select.alias('g');
    return sql`(SELECT ${select.object({ group })} FROM (SELECT ${COUNTED} FROM ${schoolsOf(composition, select)} y) ${group})`;
  })
  total!: SchoolCounts;

  @Field(() => [PhaseComposition], { description: 'Phase by phase; a phase without a school is not there.' })
  @SqlField((composition: CompositionRow, _args, select) => {
    const group = select.alias('g');
    const order = join(Object.keys(COMPOSITION_PHASES).map((phase) => raw(`'${phase}'`)));
    return sql`(SELECT coalesce(json_agg(${select.object({ composition, group })} ORDER BY array_position(ARRAY[${order}], ${group}.phase)), '[]')
      FROM (SELECT phase, ${COUNTED} FROM ${schoolsOf(composition, select)} y GROUP BY phase) ${group})`;
  })
  byPhase!: PhaseComposition[];

  @Field(() => [ReachCount], {
    description: 'Academies by how far their trust reached on the day, anywhere in England.',
  })
  @SqlField((composition: CompositionRow, _args, select) => {
    const group = select.alias('g');
    const order = join(Object.keys(REACHES).map((reach) => raw(`'${reach}'`)));
    return sql`(SELECT coalesce(json_agg(${select.object({ group })} ORDER BY array_position(ARRAY[${order}], ${group}.reach)), '[]')
      FROM (SELECT r.reach, count(DISTINCT r.group_uid)::int AS trusts, count(*)::int AS schools
        FROM ${trustReach(composition.day, select)} r JOIN ${schoolsOf(composition, select)} y ON y.urn = r.urn GROUP BY r.reach) ${group})`;
  })
  byTrustReach!: ReachCount[];

  @Field(() => Float, {
    nullable: true,
    description:
      'Schools in trusts that have schools in another local authority too, per 100 state-funded schools.',
  })
  @SqlField(
    (
      composition: CompositionRow,
      _args,
      select,
    ) => sql`(SELECT 100.0 * count(*) FILTER (WHERE r.reach IN ('ONE_REGION', 'SEVERAL_REGIONS')) / nullif(count(*), 0)
    FROM ${schoolsOf(composition, select)} y LEFT JOIN ${trustReach(composition.day, select)} r ON r.urn = y.urn)`,
  )
  inTrustsBeyondShare!: number | null;
}

/** Of 100 schools open, how many may lack a type where a composition is still sound. */
const UNCLASSIFIED_PER_100 = 5;

/** See Composition.soundFrom: the day after the last on which more than that lacked one. */
const soundFrom = (select: Select): Sql => sql`(
  SELECT coalesce(max(until), min(day)) FROM (
    SELECT day, lead(day) OVER (ORDER BY day) AS until,
      sum(sum(untyped)) OVER (ORDER BY day) * 100 > sum(sum(schools)) OVER (ORDER BY day) * ${UNCLASSIFIED_PER_100}::int AS is_unsound
    FROM (
      SELECT coalesce(opened_on, '1900-01-01') AS day, 1 AS schools, (type_code IS NULL)::int AS untyped FROM school s
      WHERE ${select.valid(sql`s`)} AND (status <> 'CLOSED' OR closed_on IS NOT NULL)
      UNION ALL
      SELECT closed_on, -1, -(type_code IS NULL)::int FROM school s WHERE ${select.valid(sql`s`)} AND closed_on IS NOT NULL
    ) e GROUP BY day
  ) d WHERE is_unsound)`;
