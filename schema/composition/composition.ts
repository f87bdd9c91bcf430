/**
 * Composition: of which schools a local system is made on a day, by phase and by who provides them, and how far the
 * trusts of its academies reach. Worked out from the days of opening and closing in the register, as it stands: a
 * type or a phase that a school had before and has no more is not known. docs/methods/composition.md
 */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../enum-of.js';
import { SqlField, WorkOf } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';
import type { Parts } from './parts.js';
import { reorganisedNote } from './reorganised-note.js';
import { UNCLASSIFIED_PER_100, unsoundNote } from './sound-from.js';
import { COMPOSITION_PHASES } from './state-funded.js';
import { BEYOND, REACHES } from './trust-reach.js';

/** Of 100, unrounded; null where there is nothing to share. */
function share(part: string, whole: string): string {
  return `100.0::float8 * coalesce(${part}, 0) / nullif(${whole}, 0)`;
}

/** In the order in which the values are declared. */
const inOrder = (values: object, column: Sql): Sql =>
  sql`array_position(ARRAY[${raw(
    Object.keys(values)
      .map((value) => `'${value}'`)
      .join(', '),
  )}], ${column})`;

const BEYOND_LIST = raw(BEYOND.map((reach) => `'${reach}'`).join(', '));

export const CompositionPhase = describedEnum(
  'CompositionPhase',
  'A phase by which state-funded schools are counted.',
  COMPOSITION_PHASES,
);
export const TrustReach = describedEnum(
  'TrustReach',
  'How far the schools of an academy trust lie apart.',
  REACHES,
);

const ACADEMIES = "provider <> 'MAINTAINED'";
/** Sums over groups of schools: see Parts. */
const COUNTS: Record<string, string> = {
  schools: 'coalesce(sum(schools), 0)::int',
  maintained: "coalesce(sum(schools) FILTER (WHERE provider = 'MAINTAINED'), 0)::int",
  academies: `coalesce(sum(schools) FILTER (WHERE ${ACADEMIES}), 0)::int`,
  freeSchools: "coalesce(sum(schools) FILTER (WHERE provider = 'FREE_SCHOOL'), 0)::int",
  academyShare: share(`sum(schools) FILTER (WHERE ${ACADEMIES})`, 'sum(schools)'),
  pupils: 'coalesce(sum(pupils), 0)::int',
  pupilsInAcademies: `coalesce(sum(pupils) FILTER (WHERE ${ACADEMIES}), 0)::int`,
  pupilsInAcademiesShare: share(`sum(pupils) FILTER (WHERE ${ACADEMIES})`, 'sum(pupils)'),
  schoolsWithoutPupils: 'coalesce(sum(without_pupils), 0)::int',
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
  @counted('counted_phase')
  phase!: string;

  @Field(() => [TypeCount], { description: 'By type of establishment, the most frequent first.' })
  @SqlField(({ parts, group }: { parts: Parts; group: Sql }, _args, select) => {
    const type = select.alias('g');
    return sql`(SELECT coalesce(json_agg(${select.object({ group: type })} ORDER BY ${type}.schools DESC, ${type}.type_code), '[]')
      FROM (SELECT type_code, max(type_name) AS type_name, ${COUNTED} FROM ${parts.counted}
        WHERE counted_phase = ${group}.counted_phase GROUP BY type_code) ${type})`;
  })
  byType!: TypeCount[];
}

@ObjectType({ description: 'Academy trusts of one reach, and their schools.' })
export class ReachCount {
  @Field(() => TrustReach, { description: 'How far apart the schools of these trusts lie.' })
  @counted('reach')
  reach!: string;

  @Field(() => Int, { description: 'Trusts that have a state-funded school in the place.' })
  @counted('trusts')
  trusts!: number;

  @Field(() => Int, { description: 'Their schools in the place.' })
  @counted('schools')
  schools!: number;
}

@ObjectType({ description: 'Of which state-funded schools a place is made on a day.' })
export class Composition {
  @Field(() => GraphQLLocalDate, { description: 'The day.' })
  @SqlField(({ day }: Parts) => day)
  asAt!: string;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: `The first day since which the type of no more than ${UNCLASSIFIED_PER_100} in 100 of the schools open in England has been missing: a composition of an earlier day is not sound, and its note says so. Null where none is.`,
  })
  @SqlField(({ sound }: Parts) => sql`(SELECT day FROM ${sound})`)
  soundFrom!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why no count here is of what there was: the day is before soundFrom; or it is a local authority that came out of a reorganisation, or ended with one, and its schools of this day are not all under its code in the register. Null where neither is so.',
  })
  @SqlField(({ day, authority, sound }: Parts, _args, select) => {
    const unsound = unsoundNote(day, sound);
    return authority
      ? sql`nullif(concat_ws(' ', ${unsound}, ${reorganisedNote(authority, day, select)}), '')`
      : unsound;
  })
  note!: string | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'The census that the numbers of pupils are from, whatever the day of the composition: where there are several, the one of most schools. Null where no number has a census.',
  })
  @SqlField(
    ({ counted }: Parts) =>
      sql`(SELECT census_on FROM ${counted} WHERE census_on IS NOT NULL GROUP BY census_on ORDER BY sum(schools - without_pupils) DESC, census_on DESC LIMIT 1)`,
  )
  pupilsOn!: string | null;

  @Field(() => Int, {
    description:
      'Schools that were open on the day and are not counted, because the register does not have their type, or the phase of a state-funded one.',
  })
  @SqlField(
    ({ groups }: Parts) =>
      sql`(SELECT coalesce(sum(schools), 0)::int FROM ${groups} WHERE type_code IS NULL OR (provider IS NOT NULL AND counted_phase IS NULL))`,
  )
  unclassified!: number;

  @Field(() => SchoolCounts, { description: 'All phases together.' })
  @SqlField(({ counted }: Parts, _args, select) => {
    const group = select.alias('g');
    return sql`(SELECT ${select.object({ group })} FROM (SELECT ${COUNTED} FROM ${counted}) ${group})`;
  })
  total!: SchoolCounts;

  @Field(() => [PhaseComposition], { description: 'Phase by phase; a phase without a school is not there.' })
  @SqlField((parts: Parts, _args, select) => {
    const group = select.alias('g');
    return sql`(SELECT coalesce(json_agg(${select.object({ parts, group })} ORDER BY ${inOrder(COMPOSITION_PHASES, sql`${group}.counted_phase`)}), '[]')
      FROM (SELECT counted_phase, ${COUNTED} FROM ${parts.counted} GROUP BY counted_phase) ${group})`;
  })
  byPhase!: PhaseComposition[];

  @WorkOf(1_500)
  @Field(() => [ReachCount], {
    description:
      'Trusts by how far their open schools lay apart on the day, anywhere in England. A reach without a trust is not there.',
  })
  @SqlField(({ trusts }: Parts, _args, select) => {
    const group = select.alias('g');
    return sql`(SELECT coalesce(json_agg(${select.object({ group })} ORDER BY ${inOrder(REACHES, sql`${group}.reach`)}), '[]')
      FROM (SELECT reach, count(*)::int AS trusts, sum(schools)::int AS schools FROM ${trusts} GROUP BY reach) ${group})`;
  })
  byTrustReach!: ReachCount[];

  @Field(() => Float, {
    nullable: true,
    description:
      'Schools in trusts that have schools in several local authorities, per 100 state-funded schools: for a local authority, schools whose trust reaches beyond it. Null where there is no school.',
  })
  @SqlField(
    ({ trusts, counted }: Parts) =>
      sql`(SELECT 100.0::float8 * coalesce((SELECT sum(schools) FROM ${trusts} WHERE reach IN (${BEYOND_LIST})), 0) / nullif(sum(schools), 0) FROM ${counted})`,
  )
  inTrustsBeyondShare!: number | null;
}
