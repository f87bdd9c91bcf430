/** Questions that begin at, or lead through, a local authority. */

import { Arg, Args, ArgsType, Field, FieldResolver, Query, Resolver } from 'type-graphql';
import {
  authoritiesIn,
  isAuthorityCode,
  isGssCode,
  NO_AUTHORITY,
  notAnAuthority,
  regionsIn,
} from '../place/codes.js';
import { Region } from '../region/region.js';
import { School, SchoolConnection } from '../school/school.js';
import { SchoolsArgs, schoolsWhere } from '../school/schools.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import type { Asked } from '../select/asked.js';
import { allOf, inList } from '../select/conditions.js';
import { connection } from '../select/connection.js';
import { type Holds, LooksUpBy, SqlField, type TableRow } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { LocalAuthorityListArgs, localAuthoritiesWhere } from './list.js';
import { LocalAuthority, LocalAuthorityConnection } from './local-authority.js';

/** Keeps the local authority of a code, of whichever kind. */
export const codeOf = (authority: Sql, code: Asked<string>): Sql =>
  code.is(isGssCode)
    ? sql`${authority}.code IN (SELECT c.code FROM local_authority_code c WHERE c.gss_code = ${code} AND c.to_release IS NULL)`
    : sql`${authority}.code = ${code}`;

@ArgsType()
export class LocalAuthoritiesArgs extends LocalAuthorityListArgs {
  @Field(() => [String], {
    nullable: true,
    description: 'Keeps these, by 3-digit or GSS code: a pasted list.',
  })
  codes?: string[];

  @Field(() => String, { nullable: true, description: 'Keeps those of a region, by its GSS code.' })
  region?: string;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether to list abolished local authorities as well. Those named in codes are always listed.',
  })
  includeAbolished!: boolean;
}

@Resolver(() => LocalAuthority)
export class LocalAuthorities {
  @Query(() => LocalAuthority, {
    nullable: true,
    description: 'A local authority by its 3-digit code or any GSS code it has had. Null when there is none.',
  })
  @LooksUpBy('code')
  @SqlField((_row, { code }: { code: Asked<string> }, select) => {
    if (!code.is(isAuthorityCode)) throw notAnAuthority('code');
    select.noteIfNull(`localAuthority(code:): ${NO_AUTHORITY}`);
    return select.one(raw('local_authority'), (authority) => codeOf(authority, code), code);
  })
  localAuthority(
    @Arg('code', () => String, { description: '3-digit code (891) or GSS code (E10000024).' }) _code: string,
    @AsOf() _asOf?: string,
  ): LocalAuthority {
    return answeredBySql();
  }

  @Query(() => LocalAuthorityConnection, {
    nullable: true,
    description: 'Local authorities by name: those that exist today, unless asked otherwise.',
  })
  @SqlField((_row, args: LocalAuthoritiesArgs, select) => {
    const codes = args.codes && authoritiesIn('codes', args.codes, select.known);
    const region = typeof args.region === 'string' ? regionsIn('region', [args.region], select.known) : null;
    const source = localAuthoritiesWhere(args, (authority) =>
      allOf([
        inList(sql`${authority}.code`, raw('text'), 'codes', codes),
        inList(sql`${authority}.region_code`, raw('text'), 'region', region),
        !codes && !args.includeAbolished && sql`${authority}.closed_on IS NULL`,
      ]),
    );
    return connection(source, args, select);
  })
  localAuthorities(
    @Args(() => LocalAuthoritiesArgs) _args: LocalAuthoritiesArgs,
    @AsOf() _asOf?: string,
  ): LocalAuthority[] {
    return answeredBySql();
  }

  @FieldResolver(() => Region, { nullable: true, description: 'Null for British Forces schools overseas.' })
  @SqlField((authority: TableRow, _args, select) =>
    select.toOne(
      authority,
      raw('region'),
      'code',
      (region) => sql`${region}.code = ${authority.alias}.region_code`,
    ),
  )
  region(): Region {
    return answeredBySql();
  }

  @FieldResolver(() => SchoolConnection, {
    description: 'Schools in its area, whoever runs them, of every status unless the filter says otherwise.',
  })
  @SqlField(({ alias, key }: TableRow, args: SchoolsArgs, select) => {
    const { known } = select;
    const holds: Holds = (urns) =>
      key?.is((code: string) =>
        urns.some((urn) => known.holdersOf(urn).localAuthority === known.localAuthorities.get(code)),
      ) !== false;
    return connection(
      schoolsWhere(args, (school) => sql`${school}.la_code = ${alias}.code`, true, holds),
      args,
      select,
    );
  })
  schools(@Args(() => SchoolsArgs) _args: SchoolsArgs): School[] {
    return answeredBySql();
  }
}
