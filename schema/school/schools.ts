/** Questions that begin at, or lead through, a school: filters, orders, and what a school is part of. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg, Args, ArgsType, Field, FieldResolver, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { isUrn, NO_SCHOOL, notAUrn, refuseUnless } from '../place/codes.js';
import { workOfValues } from '../place/level-args.js';
import { type OrderEntry, ordersOf } from '../place/list-order.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsAt } from '../select/as-at.js';
import { AsOf, noteAsOf } from '../select/as-of.js';
import type { Asked } from '../select/asked.js';
import { allOf, inList } from '../select/conditions.js';
import { connection, type ListSource, PageArgs } from '../select/connection.js';
import { Entries, type Holds, LooksUpBy, SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { TRUST_TYPE_CODES, Trust } from '../trust/trust.js';
import { Location, type LocationRow, School, SchoolConnection } from './school.js';
import { SchoolFilter, schoolConditions } from './school-filter.js';
import { trustOn } from './trust-history.js';

/** To find schools among all of them: by a text in their names each name is looked at. In points. */
const WORK = { byText: 5_000, otherwise: 200 };
const workOfFinding = (asked: AllSchoolsArgs): number =>
  (asked.filter?.nameContains ? WORK.byText : WORK.otherwise) + workOfValues('SCHOOL', asked);

const ORDERS = ordersOf(
  { noun: 'School', plural: 'schools', level: 'SCHOOL' },
  {
    URN: { column: 'urn', type: 'int', description: 'By URN.' },
    NAME: { column: 'name', type: 'text', description: 'By name.' },
    NUMBER_OF_PUPILS: {
      column: 'number_of_pupils',
      type: 'int',
      isNullable: true,
      description: 'By pupils on roll, unknown last.',
    },
    CAPACITY: { column: 'capacity', type: 'int', isNullable: true, description: 'By places, unknown last.' },
    LOW_AGE: {
      column: 'low_age',
      type: 'int',
      isNullable: true,
      description: 'By the youngest age, unknown last.',
    },
  },
  { id: 'URN', byDefault: 'URN' },
);

@ArgsType()
export class SchoolsArgs extends PageArgs {
  @Field(() => SchoolFilter, { nullable: true, description: 'Keeps those that it describes. Left out: all.' })
  filter?: SchoolFilter;

  @Field(() => [ORDERS.input], {
    nullable: true,
    description: 'The first key counts most. Left out: by URN.',
  })
  orderBy?: OrderEntry[];
}

@ArgsType()
export class AllSchoolsArgs extends SchoolsArgs {
  @Field(() => [Int], {
    nullable: true,
    description: 'Keeps these: a pasted list of URNs. Those that no school has are left out.',
  })
  urns?: number[];
}

/** Whether a row of school stands, and is what a filter describes. `few`: see schoolConditions. */
export function isFiltered(
  school: Sql,
  filter: SchoolFilter | null | undefined,
  select: Select,
  few = false,
): Sql {
  noteAsOf(select, 'gias-establishments');
  return allOf([select.valid(school), filter && schoolConditions(filter, school, select, { few })]);
}

/** The schools of the register now that hold `where` and the filter. `few`: they are those of a place. `mayBe`: see TableRow. */
export function schoolsWhere(
  args: SchoolsArgs,
  where: (school: Sql) => Sql,
  few = false,
  mayBe?: Holds,
): ListSource {
  const { filter } = args;
  return {
    table: raw('school'),
    where: (school, select) => allOf([isFiltered(school, filter, select, few), where(school)]),
    isSearch: Boolean(filter?.nameContains || filter?.indicator),
    mayBe,
    ...ORDERS.order(args, few || Boolean(filter?.localAuthority ?? filter?.trust)),
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
    if (!urn.is(isUrn)) throw notAUrn('urn');
    noteAsOf(select, 'gias-establishments');
    select.noteIfNull(`school(urn:): ${NO_SCHOOL}`);
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

  @WorkOf(workOfFinding)
  @Query(() => SchoolConnection, {
    nullable: true,
    description: 'Schools of the register, of every status unless the filter says otherwise.',
  })
  @SqlField((_row, args: AllSchoolsArgs, select) => {
    refuseUnless(isUrn, args.urns, 'urns', notAUrn);
    const where = (school: Sql) => inList(sql`${school}.urn`, raw('int'), 'urns', args.urns);
    return connection(schoolsWhere(args, where, Boolean(args.urns)), args, select);
  })
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

  @FieldResolver(() => Location, {
    nullable: true,
    description: 'Where it stands. Null where the register gives no coordinates, or zeros.',
  })
  @SqlField((school: TableRow, _args, select) => {
    const at = select.alias('g');
    school.joins.push(
      sql`LEFT JOIN grid_point ${at} ON ${at}.easting = ${school.alias}.easting AND ${at}.northing = ${school.alias}.northing`,
    );
    const object = select.object({ point: (what) => sql`${at}.${raw(what)}` } satisfies LocationRow);
    return sql`CASE WHEN ${at}.easting IS NOT NULL THEN ${object} END`;
  })
  location(): Location {
    return answeredBySql();
  }

  @Entries(3)
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
