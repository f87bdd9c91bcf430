/** Questions that begin at, or lead through, a trust. */

import { Arg, Args, ArgsType, Field, FieldResolver, ID, InputType, Query, Resolver } from 'type-graphql';
import { TRUST_TYPES } from '../../jobs/datasets/shared/gias-code-lists.js';
import { TrustReach } from '../composition/composition.js';
import type { Reach } from '../composition/trust-reach.js';
import { authoritiesIn, isUid, NO_TRUST, notATrust, refuseUnless } from '../place/codes.js';
import { workOfValues } from '../place/level-args.js';
import { filterOfLevel } from '../place/level-filter.js';
import { type OrderEntry, ordersOf } from '../place/list-order.js';
import { IndicatorRange, IntRange, isWithin, valuesWithin } from '../place/values.js';
import { School, SchoolConnection } from '../school/school.js';
import { SchoolsArgs, schoolsWhere } from '../school/schools.js';
import { schoolsOfTrustOn } from '../school/trust-history.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsAt } from '../select/as-at.js';
import { AsOf, noteAsOf } from '../select/as-of.js';
import type { Asked } from '../select/asked.js';
import { allOf, inList, NameContains, nameHas } from '../select/conditions.js';
import { connection, type ListSource, PageArgs } from '../select/connection.js';
import { type Holds, LooksUpBy, SqlField, type TableRow, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { schoolsOfTrust, TRUST_TYPE_CODES, Trust, TrustConnection, TrustStatus, TrustType } from './trust.js';

/** A column that is beside a trust where it is ordered by it. */
const NUMBER_OF_SCHOOLS = 'number_of_schools';

const ORDERS = ordersOf(
  { noun: 'Trust', plural: 'trusts', level: 'TRUST' },
  {
    NAME: { column: 'name', type: 'text', description: 'By name.' },
    UID: { column: 'uid', type: 'text', description: 'By UID, as text.' },
    NUMBER_OF_SCHOOLS: {
      column: NUMBER_OF_SCHOOLS,
      type: 'int',
      description: 'By how many schools it holds.',
    },
  },
  { id: 'UID', byDefault: 'NAME' },
);

@InputType({
  description:
    'Which trusts: those that every condition given holds for. A condition with several values keeps what has any of them.',
})
export class TrustFilter {
  @Field(() => [TrustStatus], { nullable: true, description: 'Of one of these statuses.' })
  status?: string[];

  @Field(() => [TrustType], { nullable: true, description: 'Of one of these types.' })
  type?: string[];

  @Field(() => [TrustReach], { nullable: true, description: 'Of one of these reaches today.' })
  reach?: Reach[];

  @Field(() => [String], {
    nullable: true,
    description: 'With a school in one of these local authorities, by 3-digit or GSS code.',
  })
  localAuthority?: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'With a school in one of these regions, by GSS code.',
  })
  region?: string[];

  @Field(() => IntRange, { nullable: true, description: 'That hold so many schools today.' })
  numberOfSchools?: IntRange;

  @NameContains
  nameContains?: string;

  @Field(() => [IndicatorRange], {
    nullable: true,
    description:
      'Whose values of indicators, pooled over the schools that they hold, lie within all of these ranges.',
  })
  indicator?: IndicatorRange[];
}

@ArgsType()
export class TrustsArgs extends PageArgs {
  @Field(() => TrustFilter, { nullable: true, description: 'Keeps those that it describes. Left out: all.' })
  filter?: TrustFilter;

  @Field(() => [ORDERS.input], {
    nullable: true,
    description: 'The first key counts most. Left out: by name, then UID.',
  })
  orderBy?: OrderEntry[];

  @Field(() => [ID], {
    nullable: true,
    description: 'Keeps these: a pasted list of UIDs. Those that no trust has are left out.',
  })
  uids?: string[];
}

const CODE_OF_TYPE = Object.fromEntries(TRUST_TYPES.map(({ value, code }) => [value, code])) as Record<
  string,
  string
>;

/** The condition that a trust is one that the filter describes. */
function trustConditions(filter: TrustFilter, trust: Sql, few: boolean, select: Select): Sql {
  const liesIn = (codes: readonly string[]) =>
    sql`${trust}.uid IN (SELECT m.group_uid FROM group_membership m JOIN school s ON s.urn = m.urn AND ${select.valid(sql`s`)}
      WHERE ${select.valid(sql`m`)} AND ${inList(sql`s.la_code`, raw('text'), 'filter.localAuthority', codes)})`;
  return allOf([
    filter.status && inList(sql`${trust}.status`, raw('text'), 'filter.status', filter.status),
    filter.type &&
      inList(
        sql`${trust}.type_code`,
        raw('text'),
        'filter.type',
        filter.type.map((type) => CODE_OF_TYPE[type]),
      ),
    filterOfLevel('TRUST', { region: filter.region, trustReach: filter.reach }, trust, select),
    filter.localAuthority &&
      liesIn(authoritiesIn('filter.localAuthority', filter.localAuthority, select.known)),
    filter.numberOfSchools && isWithin(numberOfSchools(trust, select), filter.numberOfSchools),
    filter.nameContains ? nameHas(trust, filter.nameContains, 'filter.nameContains') : null,
    filter.indicator && valuesWithin('TRUST', trust, filter.indicator, few, select),
  ]);
}

const numberOfSchools = (trust: Sql, select: Select): Sql =>
  sql`(SELECT count(*)::int FROM (${schoolsOfTrust(sql`${trust}.uid`, select)}) held)`;

function trustsWhere(args: TrustsArgs): ListSource {
  const { filter, orderBy, uids } = args;
  refuseUnless(isUid, uids, 'uids', notATrust);
  const few = Boolean(uids);
  const ordered = ORDERS.order(args, few);
  const isOurs: ListSource['where'] = (trust, select) => {
    noteAsOf(select, 'gias-groups');
    return allOf([
      sql`${select.valid(trust)} AND ${trust}.type_code IN ${TRUST_TYPE_CODES}`,
      inList(sql`${trust}.uid`, raw('text'), 'uids', uids),
      filter && trustConditions(filter, trust, few, select),
    ]);
  };
  const counts = orderBy?.some(({ field }) => field === 'NUMBER_OF_SCHOOLS');
  return {
    table: raw('establishment_group'),
    where: isOurs,
    isSearch: Boolean(filter?.nameContains || filter?.indicator),
    ...ordered,
    ...(counts && {
      inOrder: (condition, select) => {
        const trust = select.alias('t');
        const trusts =
          ordered.inOrder?.(condition, select) ??
          sql`SELECT * FROM establishment_group ${trust} WHERE ${condition(trust)}`;
        return sql`SELECT ${trust}.*, ${numberOfSchools(trust, select)} AS ${raw(NUMBER_OF_SCHOOLS)} FROM (${trusts}) ${trust}`;
      },
    }),
  };
}

@Resolver(() => Trust)
export class Trusts {
  @Query(() => Trust, {
    nullable: true,
    description: 'An academy trust by its Group UID. Null when there is none.',
  })
  @LooksUpBy('uid')
  @SqlField((_row, { uid }: { uid: Asked<string> }, select) => {
    if (!uid.is(isUid)) throw notATrust('uid');
    noteAsOf(select, 'gias-groups');
    select.noteIfNull(`trust(uid:): ${NO_TRUST}`);
    return select.one(
      raw('establishment_group'),
      (trust) =>
        sql`${trust}.uid = ${uid} AND ${select.valid(trust)} AND ${trust}.type_code IN ${TRUST_TYPE_CODES}`,
      uid,
    );
  })
  trust(
    @Arg('uid', () => ID, { description: 'Group UID: 5143.' }) _uid: string,
    @AsOf() _asOf?: string,
  ): Trust {
    return answeredBySql();
  }

  @WorkOf((asked: TrustsArgs) => workOfValues('TRUST', asked))
  @Query(() => TrustConnection, {
    nullable: true,
    description: 'Academy trusts, of every status unless the filter says otherwise.',
  })
  @SqlField((_row, args: TrustsArgs, select) => connection(trustsWhere(args), args, select))
  trusts(@Args(() => TrustsArgs) _args: TrustsArgs, @AsOf() _asOf?: string): Trust[] {
    return answeredBySql();
  }

  @FieldResolver(() => SchoolConnection, {
    description:
      'The schools that it holds, as the newest extract of group links lists them (one that has closed since is still among them), or that it held on the day of asAt.',
  })
  @SqlField(({ alias, key }: TableRow, args: SchoolsArgs & { asAt?: string }, select) => {
    const held = args.asAt
      ? schoolsOfTrustOn(select, sql`${alias}.uid`, args.asAt)
      : schoolsOfTrust(sql`${alias}.uid`, select);
    const holds: Holds = (urns) =>
      Boolean(args.asAt) ||
      key?.is((uid: string) => urns.some((urn) => select.known.holdersOf(urn).trusts.includes(uid))) !==
        false;
    return connection(
      schoolsWhere(args, (school) => sql`${school}.urn IN (${held})`, true, holds),
      args,
      select,
    );
  })
  schools(@Args(() => SchoolsArgs) _args: SchoolsArgs, @AsAt() _asAt?: string): School[] {
    return answeredBySql();
  }
}
