/** School: a school or college of the register, known by its URN. Most facts of the register can be missing. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  ADMISSIONS_POLICIES,
  GENDERS,
  PHASES,
  SIXTH_FORMS,
  STATUSES,
  TYPE_GROUPS,
} from '../../jobs/datasets/shared/gias-code-lists.js';
import { listedEnum } from '../enum-of.js';
import { FiguresFrom, Place } from '../place/place.js';
import { connectionOf } from '../select/connection.js';
import { SqlField } from '../select/field-sql.js';
import { type Sql, sql } from '../select/sql.js';

export const Phase = listedEnum('Phase', 'Phase of education, as registered.', PHASES);
export const SchoolStatus = listedEnum('SchoolStatus', 'Whether a school is open.', STATUSES);
export const TypeGroup = listedEnum(
  'TypeGroup',
  'Group of the type of establishment: who runs it.',
  TYPE_GROUPS,
);
export const Gender = listedEnum('Gender', 'Whom a school takes.', GENDERS);
export const AdmissionsPolicy = listedEnum('AdmissionsPolicy', 'How a school chooses.', ADMISSIONS_POLICIES);
export const SixthForm = listedEnum('SixthForm', 'Whether a school has a sixth form.', SIXTH_FORMS);

@Entity('school')
@ObjectType({
  implements: Place,
  description:
    'A school or college of the register (GIAS), open or closed. A school that becomes an academy gets a new URN: figures belong to the URN that held the place on census day.',
})
@FiguresFrom(({ alias, key, mayBe }) => ({ kind: 'school', urn: sql`${alias}.urn`, known: key, mayBe }))
export class School extends Place {
  @Field(() => Int, { description: 'Unique reference number: 136205.' })
  @PrimaryColumn('integer')
  urn!: number;

  @Field(() => String, { description: 'Name as registered.' })
  @Column('text')
  declare name: string;

  @Field(() => String, {
    nullable: true,
    description: 'LAESTAB: LA code and establishment number, seven digits. Can pass to a successor.',
  })
  @Column('text', { name: 'la_estab', nullable: true })
  laEstab!: string | null;

  @Field(() => String, { nullable: true, description: 'Establishment number within the LA, four digits.' })
  @Column('text', { name: 'establishment_number', nullable: true })
  establishmentNumber!: string | null;

  @Column('text', { name: 'la_code', nullable: true })
  laCode!: string | null;

  @Field(() => Phase, {
    nullable: true,
    description: 'Phase of education. Null where the register does not say.',
  })
  @Column('text', { nullable: true })
  phase!: string | null;

  @Field(() => SchoolStatus, { description: 'Whether it is open.' })
  @Column('text')
  status!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Type of establishment: Community school, Academy converter.',
  })
  @Column('text', { name: 'type_name', nullable: true })
  type!: string | null;

  @Field(() => String, { nullable: true, description: 'The register’s code of the type.' })
  @Column('text', { name: 'type_code', nullable: true })
  typeCode!: string | null;

  @Field(() => TypeGroup, { nullable: true, description: 'Who runs it, roughly.' })
  @Column('text', { name: 'type_group', nullable: true })
  typeGroup!: string | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'Null for an open school: it opened before records began.',
  })
  @Column('date', { name: 'opened_on', nullable: true })
  openedOn!: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Day of closing; null for an open school.' })
  @Column('date', { name: 'closed_on', nullable: true })
  closedOn!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was opened, as registered.' })
  @Column('text', { name: 'reason_opened', nullable: true })
  reasonOpened!: string | null;

  @Field(() => String, { nullable: true, description: 'Why it was closed, as registered.' })
  @Column('text', { name: 'reason_closed', nullable: true })
  reasonClosed!: string | null;

  @Field(() => Int, { nullable: true, description: 'Youngest age, by statute.' })
  @Column('smallint', { name: 'low_age', nullable: true })
  lowAge!: number | null;

  @Field(() => Int, { nullable: true, description: 'Oldest age, by statute.' })
  @Column('smallint', { name: 'high_age', nullable: true })
  highAge!: number | null;

  @Field(() => Gender, { nullable: true, description: 'Whom it takes.' })
  @Column('text', { nullable: true })
  gender!: string | null;

  @Field(() => String, { nullable: true, description: 'Religious character, as registered.' })
  @Column('text', { name: 'religious_character', nullable: true })
  religiousCharacter!: string | null;

  @Field(() => AdmissionsPolicy, { nullable: true, description: 'How it chooses.' })
  @Column('text', { name: 'admissions_policy', nullable: true })
  admissionsPolicy!: string | null;

  @Field(() => String, { nullable: true, description: 'Whether it has nursery classes, as registered.' })
  @Column('text', { name: 'nursery_provision', nullable: true })
  nurseryProvision!: string | null;

  @Field(() => SixthForm, { nullable: true, description: 'Whether it has a sixth form.' })
  @Column('text', { name: 'official_sixth_form', nullable: true })
  sixthForm!: string | null;

  @Field(() => Int, { nullable: true, description: 'Places, as registered.' })
  @Column('integer', { nullable: true })
  capacity!: number | null;

  @Field(() => Int, { nullable: true, description: 'Pupils on roll on censusOn.' })
  @Column('integer', { name: 'number_of_pupils', nullable: true })
  numberOfPupils!: number | null;

  @Field(() => Float, { nullable: true, description: 'Pupils eligible for free school meals, per cent.' })
  @Column('real', { name: 'percentage_fsm', nullable: true })
  percentageFsm!: number | null;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'The census that the pupil numbers are from.',
  })
  @Column('date', { name: 'census_on', nullable: true })
  censusOn!: string | null;

  @Field(() => String, { nullable: true, description: 'UK provider reference number.' })
  @Column('text', { nullable: true })
  ukprn!: string | null;

  @Field(() => String, { nullable: true, description: 'Street.' })
  @Column('text', { nullable: true })
  street!: string | null;

  @Field(() => String, { nullable: true, description: 'Town.' })
  @Column('text', { nullable: true })
  town!: string | null;

  @Field(() => String, { nullable: true, description: 'Postcode.' })
  @Column('text', { nullable: true })
  postcode!: string | null;

  @Field(() => String, { nullable: true, description: 'Address of its website, as registered.' })
  @Column('text', { nullable: true })
  website!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Rural or urban, in the words of the Office for National Statistics.',
  })
  @Column('text', { name: 'urban_rural', nullable: true })
  urbanRural!: string | null;

  @Field(() => Int, { nullable: true, description: 'Metres east on the British National Grid (OSGB36).' })
  @Column('integer', { nullable: true })
  easting!: number | null;

  @Field(() => Int, { nullable: true, description: 'Metres north on the British National Grid (OSGB36).' })
  @Column('integer', { nullable: true })
  northing!: number | null;
}

@ObjectType({
  description:
    'A point in England: on the British National Grid (OSGB36), and in degrees (WGS84), which are right to about 5 metres.',
})
export class Location {
  @Field(() => Float, { description: 'Degrees north (WGS84).' })
  @SqlField(({ point }: LocationRow) => point('latitude'))
  latitude!: number;

  @Field(() => Float, { description: 'Degrees east (WGS84): negative west of Greenwich.' })
  @SqlField(({ point }: LocationRow) => point('longitude'))
  longitude!: number;

  @Field(() => Int, { description: 'Metres east on the British National Grid.' })
  @SqlField(({ point }: LocationRow) => point('easting'))
  easting!: number;

  @Field(() => Int, { description: 'Metres north on the British National Grid.' })
  @SqlField(({ point }: LocationRow) => point('northing'))
  northing!: number;
}

/** What a point is read from. */
export interface LocationRow {
  point: (what: 'latitude' | 'longitude' | 'easting' | 'northing') => Sql;
}

export const SchoolConnection = connectionOf(School, 'School', 'schools');
