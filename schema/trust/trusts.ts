/** Questions that begin at, or lead through, a trust. */

import { Arg, Args, ArgsType, Field, FieldResolver, ID, InputType, Query, Resolver } from 'type-graphql';
import { TRUST_TYPES } from '../../jobs/datasets/shared/gias-code-lists.js';
import { describedEnum } from '../enum-of.js';
import { isUid, notATrust, refuseUnless } from '../place/codes.js';
import { School, SchoolConnection } from '../school/school.js';
import { SchoolsArgs, schoolsWhere } from '../school/schools.js';
import { schoolsOfTrustOn } from '../school/trust-history.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsAt } from '../select/as-at.js';
import { AsOf, noteAsOf } from '../select/as-of.js';
import type { Asked } from '../select/asked.js';
import { allOf, inList, nameHas } from '../select/conditions.js';
import { connection, type ListSource, PageArgs } from '../select/connection.js';
import { LooksUpBy, SqlField, type TableRow } from '../select/field-sql.js';
import { raw, sql } from '../select/sql.js';
import { schoolsOfTrust, TRUST_TYPE_CODES, Trust, TrustConnection, TrustStatus, TrustType } from './trust.js';

const TrustOrderField = describedEnum('TrustOrderField', 'What a list of trusts can be ordered by.', {
  NAME: 'By name, then UID.',
  UID: 'By UID, as text.',
});

@InputType({ description: 'Which trusts: those that every condition given holds for.' })
export class TrustFilter {
  @Field(() => [TrustStatus], { nullable: true, description: 'Of one of these statuses.' })
  status?: string[];

  @Field(() => [TrustType], { nullable: true, description: 'Of one of these types.' })
  type?: string[];

  @Field(() => String, { nullable: true, description: 'The name has this text, in whatever case.' })
  nameContains?: string;
}

@ArgsType()
export class TrustsArgs extends PageArgs {
  @Field(() => TrustFilter, { nullable: true, description: 'Keeps those that it describes. Left out: all.' })
  filter?: TrustFilter;

  @Field(() => TrustOrderField, { defaultValue: 'NAME', description: 'What the list is ordered by.' })
  orderBy!: 'NAME' | 'UID';

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

function trustsWhere({ filter, orderBy, uids }: TrustsArgs): ListSource {
  refuseUnless(isUid, uids, () => notATrust('uids'));
  return {
    name: `trusts by ${orderBy}`,
    table: raw('establishment_group'),
    where: (trust, select) => {
      noteAsOf(select, 'gias-groups');
      return allOf([
        sql`${select.valid(trust)} AND ${trust}.type_code IN ${TRUST_TYPE_CODES}`,
        inList(sql`${trust}.uid`, raw('text'), 'uids', uids),
        filter?.status && inList(sql`${trust}.status`, raw('text'), 'filter.status', filter.status),
        filter?.type &&
          inList(
            sql`${trust}.type_code`,
            raw('text'),
            'filter.type',
            filter.type.map((type) => CODE_OF_TYPE[type]),
          ),
        filter?.nameContains ? nameHas(trust, filter.nameContains) : null,
      ]);
    },
    searchesText: Boolean(filter?.nameContains),
    order: [
      ...(orderBy === 'NAME'
        ? [{ sql: (row: typeof TRUST_TYPE_CODES) => sql`${row}.name`, type: 'text' as const }]
        : []),
      { sql: (row) => sql`${row}.uid`, type: 'text' },
    ],
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
    return select.one(
      raw('establishment_group'),
      (trust) =>
        sql`${trust}.uid = ${uid} AND ${select.valid(trust)} AND ${trust}.type_code IN ${TRUST_TYPE_CODES}`,
    );
  })
  trust(
    @Arg('uid', () => ID, { description: 'Group UID: 5143.' }) _uid: string,
    @AsOf() _asOf?: string,
  ): Trust {
    return answeredBySql();
  }

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
  @SqlField(({ alias }: TableRow, args: SchoolsArgs & { asAt?: string }, select) =>
    connection(
      schoolsWhere(
        args,
        (school) =>
          sql`${school}.urn IN (${args.asAt ? schoolsOfTrustOn(select, sql`${alias}.uid`, args.asAt) : schoolsOfTrust(sql`${alias}.uid`, select)})`,
      ),
      args,
      select,
    ),
  )
  schools(@Args(() => SchoolsArgs) _args: SchoolsArgs, @AsAt() _asAt?: string): School[] {
    return answeredBySql();
  }
}
