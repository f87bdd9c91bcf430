/** Questions that begin at, or lead through, a school: filters, orders, and what a school is part of. */
import { GraphQLLocalDate } from 'graphql-scalars';
import {
  Arg,
  Args,
  ArgsType,
  Field,
  FieldResolver,
  InputType,
  Int,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { SchoolGraphError } from '../../src/errors.js';
import { describedEnum } from '../enum-of.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsAt } from '../select/as-at.js';
import { AsOf, noteAsOf } from '../select/as-of.js';
import type { Asked } from '../select/asked.js';
import { allOf, inList, nameHas } from '../select/conditions.js';
import { connection, type ListSource, type OrderKey, PageArgs } from '../select/connection.js';
import { LooksUpBy, SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { schoolsOfTrust, TRUST_TYPE_CODES, Trust } from '../trust/trust.js';
import { Phase, School, SchoolConnection, SchoolStatus, TypeGroup } from './school.js';
import { trustOn } from './trust-history.js';

const SMALLEST_URN = 100_000;
const LARGEST_URN = 999_999;

export const isUrn = (urn: number): boolean => urn >= SMALLEST_URN && urn <= LARGEST_URN;

export const notAUrn = (argument: string): SchoolGraphError =>
  new SchoolGraphError('BAD_USER_INPUT', `${argument}: a URN has six digits, such as 136205`);

@InputType({ description: 'Which schools: those that every condition given holds for.' })
export class SchoolFilter {
  @Field(() => [SchoolStatus], { nullable: true, description: 'Of one of these statuses.' })
  status?: string[];

  @Field(() => [Phase], { nullable: true, description: 'Of one of these phases.' })
  phase?: string[];

  @Field(() => [TypeGroup], { nullable: true, description: 'Of one of these type groups.' })
  typeGroup?: string[];

  @Field(() => [String], { nullable: true, description: 'In these local authorities, by 3-digit code.' })
  localAuthority?: string[];

  @Field(() => [String], { nullable: true, description: 'In these regions, by GSS code.' })
  region?: string[];

  @Field(() => String, { nullable: true, description: 'Held by this trust today, by its UID.' })
  trust?: string;

  @Field(() => String, { nullable: true, description: 'The name has this text, in whatever case.' })
  nameContains?: string;
}

const ORDERS = {
  URN: { key: [], description: 'By URN.' },
  NAME: { key: [{ sql: (row: Sql) => sql`${row}.name`, type: 'text' }], description: 'By name, then URN.' },
  NUMBER_OF_PUPILS: {
    key: [{ sql: (row: Sql) => sql`coalesce(${row}.number_of_pupils, -1)`, type: 'int' }],
    description: 'By pupils on roll, unknown as the fewest, then URN.',
  },
} as const satisfies Record<string, { key: OrderKey[]; description: string }>;
const SchoolOrderField = describedEnum(
  'SchoolOrderField',
  'What a list of schools can be ordered by.',
  ORDERS,
);
export const Direction = describedEnum('Direction', 'Which way a list is ordered.', {
  ASC: { description: 'Smallest, or A, first.' },
  DESC: { description: 'Largest, or Z, first.' },
});

@InputType({ description: 'What a list of schools is ordered by.' })
export class SchoolOrder {
  @Field(() => SchoolOrderField, { description: 'By what.' })
  field!: keyof typeof ORDERS;

  @Field(() => Direction, { defaultValue: 'ASC', description: 'Which way.' })
  direction!: 'ASC' | 'DESC';
}

@ArgsType()
export class SchoolsArgs extends PageArgs {
  @Field(() => SchoolFilter, { nullable: true, description: 'Keeps those that it describes. Left out: all.' })
  filter?: SchoolFilter;

  @Field(() => SchoolOrder, { nullable: true, description: 'Left out: by URN.' })
  orderBy?: SchoolOrder;
}

@ArgsType()
export class AllSchoolsArgs extends SchoolsArgs {
  @Field(() => [Int], { nullable: true, description: 'Keeps these: a pasted list of URNs.' })
  urns?: number[];
}

/** The condition that a school is one that the filter describes. */
export function schoolConditions(filter: SchoolFilter, school: Sql, select: Select): Sql {
  const has = (column: string, argument: string, values?: string[]) =>
    values && inList(sql`${school}.${raw(column)}`, raw('text'), `filter.${argument}`, values);
  return allOf([
    has('status', 'status', filter.status),
    has('phase', 'phase', filter.phase),
    has('type_group', 'typeGroup', filter.typeGroup),
    has('la_code', 'localAuthority', filter.localAuthority),
    filter.region &&
      sql`${school}.la_code IN (SELECT code FROM local_authority WHERE ${inList(sql`region_code`, raw('text'), 'filter.region', filter.region)})`,
    filter.trust !== undefined && filter.trust !== null
      ? sql`${school}.urn IN (${schoolsOfTrust(sql`${filter.trust}::text`, select)})`
      : null,
    filter.nameContains ? nameHas(school, filter.nameContains) : null,
  ]);
}

/** Whether a filter describes all schools of a kind or none of them (jobs/school-kinds.ts). */
export const isOfKinds = (filter: SchoolFilter | null | undefined): boolean =>
  (filter?.trust ?? null) === null && !filter?.nameContains;

/** Whether a row of school stands, and is what a filter describes. */
export function isFiltered(school: Sql, filter: SchoolFilter | null | undefined, select: Select): Sql {
  noteAsOf(select, 'gias-establishments');
  return allOf([select.valid(school), filter && schoolConditions(filter, school, select)]);
}

/** The schools of the register now that hold `where` and the filter. */
export function schoolsWhere({ filter, orderBy }: SchoolsArgs, where: (school: Sql) => Sql): ListSource {
  const descending = orderBy?.direction === 'DESC';
  const keys: OrderKey[] = [
    ...(orderBy ? ORDERS[orderBy.field].key : []),
    { sql: (row) => sql`${row}.urn`, type: 'int' },
  ];
  return {
    name: `schools by ${orderBy?.field ?? 'URN'} ${descending ? 'DESC' : 'ASC'}`,
    table: raw('school'),
    where: (school, select) => allOf([isFiltered(school, filter, select), where(school)]),
    searchesText: Boolean(filter?.nameContains),
    order: keys.map((key) => ({ ...key, descending })),
  };
}

@ObjectType({
  description: 'A school that came before or after, or is otherwise tied to another, as registered.',
})
export class SchoolLink {
  @Field(() => Int, { description: 'URN of the other school.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.link_urn`)
  urn!: number;

  @Field(() => String, { description: 'Name of the other school, as the link gives it.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.link_name`)
  name!: string;

  @Field(() => String, {
    description: 'What the other school is to this one: Predecessor, Successor - merged …',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.link_type`)
  type!: string;

  @Field(() => GraphQLLocalDate, { nullable: true, description: 'Missing for about one link in four.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.established_on`)
  establishedOn!: string | null;
}

/** The Group UID of the trust that holds each school that one holds: urn, group_uid. As trustNow, of all at once. */
export const trustsNow = (
  select: Select,
): Sql => sql`SELECT DISTINCT ON (m.urn) m.urn, m.group_uid FROM group_membership m
  WHERE ${select.valid(sql`m`)} AND m.group_type_code IN ${TRUST_TYPE_CODES}
  ORDER BY m.urn, m.joined_on DESC NULLS LAST, m.group_uid`;

/** The Group UID of the trust that holds a school. One at a time: of two, which the register should not have, the newer. */
const trustNow = (select: Select, { alias }: TableRow): Sql => sql`SELECT m.group_uid FROM group_membership m
  WHERE m.urn = ${alias}.urn AND ${select.valid(sql`m`)} AND m.group_type_code IN ${TRUST_TYPE_CODES}
  ORDER BY m.joined_on DESC NULLS LAST, m.group_uid LIMIT 1`;

@Resolver(() => School)
export class Schools {
  @Query(() => School, {
    nullable: true,
    description: 'A school by its URN. Null when the register has none.',
  })
  @LooksUpBy('urn')
  @SqlField((_row, { urn }: { urn: Asked<number> }, select) => {
    if (!urn.is(isUrn)) {
      throw notAUrn('urn');
    }
    noteAsOf(select, 'gias-establishments');
    return select.one(
      raw('school'),
      (school) => sql`${school}.urn = ${urn} AND ${select.valid(school)}`,
      urn,
    );
  })
  school(
    @Arg('urn', () => Int, { description: 'Unique reference number, six digits.' }) _urn: number,
    @AsOf() _asOf?: string,
  ): School {
    return answeredBySql();
  }

  @Query(() => SchoolConnection, {
    nullable: true,
    description: 'Schools of the register, of every status unless the filter says otherwise.',
  })
  @SqlField((_row, args: AllSchoolsArgs, select) =>
    connection(
      schoolsWhere(args, (school) => inList(sql`${school}.urn`, raw('int'), 'urns', args.urns)),
      args,
      select,
    ),
  )
  schools(@Args(() => AllSchoolsArgs) _args: AllSchoolsArgs, @AsOf() _asOf?: string): School[] {
    return answeredBySql();
  }

  @FieldResolver(() => LocalAuthority, {
    nullable: true,
    description: 'The local authority whose area it is in. Null where the register does not say.',
  })
  @SqlField((school: TableRow, _args, select) =>
    select.toOne(
      school,
      raw('local_authority'),
      'code',
      (authority) => sql`${authority}.code = ${school.alias}.la_code`,
    ),
  )
  localAuthority(): LocalAuthority {
    return answeredBySql();
  }

  @FieldResolver(() => Trust, {
    nullable: true,
    description:
      'The academy trust that holds it, or held it on the day of asAt. Null for a school that is, or was, in none.',
  })
  @SqlField((school: TableRow, { asAt }: { asAt?: string }, select) => {
    // Found first, as a row beside the school's: so that Postgres looks the trust up, and does not go through all.
    const held = select.alias('m');
    const uid = asAt ? trustOn(select, sql`${school.alias}.urn`, asAt) : trustNow(select, school);
    school.joins.push(sql`LEFT JOIN LATERAL (${uid}) ${held} ON true`);
    return select.toOne(
      school,
      raw('establishment_group'),
      'uid',
      (trust) => sql`${select.valid(trust)} AND ${trust}.uid = ${held}.group_uid`,
    );
  })
  trust(@AsAt() _asAt?: string): Trust {
    return answeredBySql();
  }

  @FieldResolver(() => [SchoolLink], {
    description: 'Predecessors, successors and other ties, as registered.',
  })
  @SqlField((school: TableRow, _args, select) =>
    select.list(
      raw('establishment_link'),
      (link) => sql`${link}.urn = ${school.alias}.urn AND ${select.valid(link)}`,
      (link) => sql`${link}.link_type, ${link}.link_urn`,
    ),
  )
  links(): SchoolLink[] {
    return answeredBySql();
  }
}
