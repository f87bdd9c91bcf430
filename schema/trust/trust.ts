/** Trust: an academy trust, known by its Group UID. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { GROUP_STATUSES, TRUST_TYPES } from '../../jobs/datasets/shared/gias-code-lists.js';
import { listedEnum } from '../enum-of.js';
import { FiguresFrom, Place } from '../place/place.js';
import { noteAsOf } from '../select/as-of.js';
import { connectionOf } from '../select/connection.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

export const TrustStatus = listedEnum('TrustStatus', 'Whether a trust is open.', GROUP_STATUSES);
export const TrustType = listedEnum('TrustType', 'What kind of academy trust.', TRUST_TYPES);

const typeByCode = TRUST_TYPES.map(({ code, value }) => `WHEN '${code}' THEN '${value}'`).join(' ');

/** Codes of the group types that are trusts, for SQL. They are our own constants. */
export const TRUST_TYPE_CODES = raw(`(${TRUST_TYPES.map(({ code }) => `'${code}'`).join(', ')})`);

/** URNs that a trust holds, by the extract that stands. */
export const schoolsOfTrust = (uid: Sql, select: Select): Sql =>
  schoolsOfTrusts((held) => sql`${held} = ${uid}`, select);

/** URNs that the trusts hold whose UIDs the condition keeps. */
export function schoolsOfTrusts(isOurs: (uid: Sql) => Sql, select: Select): Sql {
  noteAsOf(select, 'gias-group-links');
  return sql`SELECT m.urn FROM group_membership m WHERE ${isOurs(sql`m.group_uid`)} AND ${select.valid(sql`m`)}`;
}

@Entity('establishment_group')
@ObjectType({
  implements: Place,
  description:
    'An academy trust. Its figures are those of the schools that it holds today: a count is their sum, a rate the sum of their numerators over the sum of their denominators, over the schools that had figures (see schoolsWithFigures). Where a school’s number is withheld there is no value, only bounds. A school’s years before it joined are counted too, under the URN that it has now.',
})
@FiguresFrom(({ alias }, select) => ({
  kind: 'trust',
  schools: schoolsOfTrust(sql`${alias}.uid`, select),
  held: sql`(SELECT count(*)::int FROM (${schoolsOfTrust(sql`${alias}.uid`, select)}) held)`,
}))
export class Trust extends Place {
  @Field(() => ID, { description: 'Group UID: 5143.' })
  @PrimaryColumn('text')
  uid!: string;

  @Field(() => String, { nullable: true, description: 'Group ID: TR00044. Not always unique.' })
  @Column('text', { name: 'group_id', nullable: true })
  groupId!: string | null;

  @Field(() => String, { description: 'Name as registered.' })
  @Column('text')
  declare name: string;

  @Field(() => String, { nullable: true, description: 'Companies House number.' })
  @Column('text', { name: 'company_number', nullable: true })
  companyNumber!: string | null;

  @Field(() => String, { nullable: true, description: 'UK provider reference number.' })
  @Column('text', { nullable: true })
  ukprn!: string | null;

  @Field(() => TrustType, { description: 'Multi-academy, single-academy or secure.' })
  @SqlField(({ alias }: TableRow) => sql`CASE ${alias}.type_code ${raw(typeByCode)} END`)
  @Column('text', { name: 'type_code' })
  type!: string;

  @Field(() => TrustStatus, { description: 'Whether it is open.' })
  @Column('text')
  status!: string;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Day of incorporation.' })
  @Column('date', { name: 'incorporated_on', nullable: true })
  incorporatedOn!: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Day of opening, where registered.' })
  @Column('date', { name: 'opened_on', nullable: true })
  openedOn!: string | null;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Day of closing; null for an open trust.' })
  @Column('date', { name: 'closed_on', nullable: true })
  closedOn!: string | null;

  @Field(() => String, { nullable: true, description: 'Town of its registered address.' })
  @Column('text', { nullable: true })
  town!: string | null;

  @Field(() => String, { nullable: true, description: 'Postcode of its registered address.' })
  @Column('text', { nullable: true })
  postcode!: string | null;
}

export const TrustConnection = connectionOf(Trust, 'Trust', 'trusts');
