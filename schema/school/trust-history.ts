/**
 * Which trust ran a school, and when. The register's extracts say since when a school belongs to a trust, and never
 * until when: an end is inferred from the next trust, from the closing of the school or the trust, or from the first
 * extract that has the membership no longer, and says so. That is what was true on a day in the world (asAt);
 * under asOf it is worked out from the extracts that had been published by then.
 */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, FieldResolver, ID, ObjectType, Resolver } from 'type-graphql';
import { describedEnum } from '../enum-of.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { TRUST_TYPE_CODES, Trust } from '../trust/trust.js';
import { School } from './school.js';

const END_BASES: Record<string, string> = {
  NEXT_TRUST: 'The school joined its next trust on that day.',
  SCHOOL_CLOSED: 'The school closed on that day.',
  TRUST_CLOSED: 'The trust closed on that day.',
  NOT_IN_EXTRACT:
    'The first extract without the membership is of that day: it ended then, or at any time since the extract before.',
};
export const MembershipEnd = describedEnum(
  'MembershipEnd',
  'What the end of a membership is inferred from.',
  END_BASES,
);

/** Rows of a school and a trust that follow each other without a gap are one membership, as its newest extract has it. */
const registered = (select: Select, urns: Sql): Sql => sql`(
  SELECT urn, group_uid, (array_agg(joined_on ORDER BY from_release DESC))[1] AS joined_on,
    min(from_release) AS began_with,
    CASE WHEN bool_or(to_release IS NULL) THEN NULL ELSE max(to_release) END AS ended_with
  FROM (
    SELECT v.*, count(*) FILTER (WHERE v.follows IS DISTINCT FROM v.from_release)
      OVER (PARTITION BY v.urn, v.group_uid ORDER BY v.from_release) AS run
    FROM (
      SELECT g.urn, g.group_uid, g.joined_on, g.from_release,
        CASE WHEN ${select.released(sql`g.to_release`)} THEN g.to_release END AS to_release,
        lag(g.to_release) OVER (PARTITION BY g.urn, g.group_uid ORDER BY g.from_release) AS follows
      FROM group_membership g
      WHERE g.urn IN (${urns}) AND g.group_type_code IN ${TRUST_TYPE_CODES} AND ${select.released(sql`g.from_release`)}
    ) v
  ) w GROUP BY urn, group_uid, run)`;

/** The day of an extract, and of the one before it. */
const dayOf = (release: string): Sql =>
  raw(`(SELECT coalesce(r.published_on, r.retrieved_at::date) FROM release r WHERE r.id = ${release})`);
const dayBefore = (release: string): Sql =>
  raw(`(SELECT max(coalesce(o.published_on, o.retrieved_at::date)) FROM release r
    JOIN release o ON o.data_set_number = r.data_set_number AND o.id < r.id WHERE r.id = ${release})`);

/**
 * The memberships of trusts of some schools: urn, group_uid, began_on, began_inferred, ended_on, basis. A school cannot
 * have joined this trust before the one that an extract shows it in first, whatever day is registered (a trust that is
 * registered anew keeps the old day): the beginning is then inferred too. A later day is believed.
 */
export function trustMemberships(select: Select, urns: Sql): Sql {
  const valid = (alias: string) => select.valid(raw(alias));
  select.readsHistoryOf('gias-group-links');
  return sql`(
    SELECT n.urn, n.group_uid, n.began_on, n.began_inferred,
      CASE WHEN n.ended_with IS NULL THEN s.closed_on
        ELSE coalesce(n.next_joined_on, s.closed_on, n.trust_closed_on, least(n.next_began_on, ${dayOf('n.ended_with')})) END AS ended_on,
      CASE WHEN n.ended_with IS NULL AND s.closed_on IS NULL THEN NULL
        WHEN n.ended_with IS NOT NULL AND n.next_joined_on IS NOT NULL THEN 'NEXT_TRUST'
        WHEN s.closed_on IS NOT NULL THEN 'SCHOOL_CLOSED'
        WHEN n.trust_closed_on IS NOT NULL THEN 'TRUST_CLOSED' ELSE 'NOT_IN_EXTRACT' END AS basis
    FROM (
      SELECT b.*, CASE WHEN lead(b.began_with) OVER in_turn >= b.ended_with THEN lead(b.began_on) OVER in_turn END AS next_began_on,
        CASE WHEN coalesce(lead(b.began_with) OVER in_turn >= b.ended_with, false) AND NOT lead(b.began_inferred) OVER in_turn
          AND lead(b.began_on) OVER in_turn <= ${dayOf('b.ended_with')}
          THEN lead(b.began_on) OVER in_turn END AS next_joined_on
      FROM (
        SELECT p.*, p.seen_elsewhere_on IS NOT NULL AS began_inferred,
          CASE WHEN p.seen_elsewhere_on IS NULL THEN p.joined_on
            WHEN p.before_closed_on <= ${dayOf('p.began_with')} THEN p.before_closed_on
            WHEN p.trust_began_on > p.seen_elsewhere_on THEN least(p.trust_began_on, ${dayOf('p.began_with')})
            ELSE ${dayOf('p.began_with')} END AS began_on
        FROM (
          SELECT m.*, t.closed_on AS trust_closed_on, coalesce(t.incorporated_on, t.opened_on) AS trust_began_on,
            lag(t.closed_on) OVER in_turn AS before_closed_on,
            CASE WHEN coalesce(lag(m.ended_with) OVER in_turn <= m.began_with, false)
              AND NOT coalesce(m.joined_on > coalesce(lag(m.joined_on) OVER in_turn, ${dayBefore('m.began_with')}), false)
              THEN ${dayBefore('m.began_with')} END AS seen_elsewhere_on
          FROM ${registered(select, urns)} m
          LEFT JOIN establishment_group t ON t.uid = m.group_uid AND ${valid('t')}
          WINDOW in_turn AS (PARTITION BY m.urn ORDER BY m.began_with, m.joined_on NULLS FIRST)
        ) p
      ) b
      WINDOW in_turn AS (PARTITION BY b.urn ORDER BY b.began_with, b.began_on NULLS FIRST)
    ) n
    LEFT JOIN school s ON s.urn = n.urn AND ${valid('s')})`;
}

/** Keeps the memberships of a day. */
export const heldOn = (membership: Sql, day: Sql): Sql =>
  sql`(${membership}.began_on IS NULL OR ${membership}.began_on <= ${day})
    AND (${membership}.ended_on IS NULL OR ${membership}.ended_on > ${day})`;

/** The Group UID of the trust that ran a school on a day. */
export const trustOn = (select: Select, urn: Sql, day: string): Sql =>
  sql`SELECT m.group_uid FROM ${trustMemberships(select, urn)} m WHERE ${heldOn(sql`m`, sql`${day}::date`)}
    ORDER BY m.began_on DESC NULLS LAST LIMIT 1`;

/** URNs that a trust held on a day. */
export const schoolsOfTrustOn = (select: Select, uid: Sql, day: string): Sql =>
  sql`SELECT m.urn FROM ${trustMemberships(select, sql`SELECT x.urn FROM group_membership x WHERE x.group_uid = ${uid}`)} m
    WHERE m.group_uid = ${uid} AND ${heldOn(sql`m`, sql`${day}::date`)}`;

@ObjectType({ description: 'The time that a school has been, or was, in an academy trust.' })
export class TrustMembership {
  @Field(() => ID, { description: 'Group UID of the trust.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.group_uid`)
  uid!: string;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description: 'Day of joining, as registered. Null where the register does not say. See fromIsInferred.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.began_on`)
  from!: string | null;

  @Field(() => Boolean, {
    description:
      'True where the registered day of joining is not later than that of the trust which an extract shows the school in before: the day given is then that on which the other trust closed or this one began, or else the first extract that shows the school in it.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.began_inferred`)
  fromIsInferred!: boolean;

  @Field(() => GraphQLLocalDate, {
    nullable: true,
    description:
      'First day no longer in the trust. Null while it is in it. The register never says this: it is inferred, see toBasis.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.ended_on`)
  to!: string | null;

  @Field(() => Boolean, { description: 'True where there is an end: it is always inferred.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.basis IS NOT NULL`)
  toIsInferred!: boolean;

  @Field(() => MembershipEnd, { nullable: true, description: 'What the end is inferred from.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.basis`)
  toBasis!: string | null;

  @Field(() => Trust, { nullable: true, description: 'The trust. Null where the register has it no longer.' })
  @SqlField((membership: TableRow, _args, select) =>
    select.toOne(
      membership,
      raw('establishment_group'),
      'uid',
      (trust) => sql`${trust}.uid = ${membership.alias}.group_uid AND ${select.valid(trust)}`,
    ),
  )
  trust!: Trust | null;
}

@Resolver(() => School)
export class TrustHistory {
  @FieldResolver(() => [TrustMembership], {
    description:
      'The academy trusts that have run the school under this URN, the first one first, from every extract that is loaded. A school that was in a trust under an earlier URN: see predecessors.',
  })
  @SqlField((school: TableRow, _args, select) =>
    select.list(
      trustMemberships(select, sql`${school.alias}.urn`),
      () => sql`true`,
      (membership) => sql`${membership}.began_on NULLS FIRST, ${membership}.ended_on NULLS LAST`,
    ),
  )
  trustHistory(): TrustMembership[] {
    return answeredBySql();
  }
}
