/** Region: the nine, and Inner and Outer London as published sub-regions. */

import { Arg, Args, Field, FieldResolver, ObjectType, Query, Resolver } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { LocalAuthorityListArgs, localAuthoritiesWhere } from '../local-authority/list.js';
import { LocalAuthority, LocalAuthorityConnection } from '../local-authority/local-authority.js';
import { isRegionCode, NO_REGION, notARegion } from '../place/codes.js';
import { FiguresFrom, Place } from '../place/place.js';
import { School, SchoolConnection } from '../school/school.js';
import { SchoolsArgs, schoolsWhere } from '../school/schools.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import type { Asked } from '../select/asked.js';
import { connection } from '../select/connection.js';
import { Entries, LooksUpBy, SqlField, type TableRow } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';

export const REGION_ORDER = (region: Sql) => sql`${region}.name`;

/** Inner and Outer London are published as regions, but nothing says which local authorities are theirs. */
export const unlessSubRegion = (region: Sql, list: Sql): Sql =>
  sql`CASE WHEN ${region}.parent_code IS NULL THEN ${list} END`;

@Entity('region')
@ObjectType({
  implements: Place,
  description:
    'A region of England. Where a file publishes only Inner and Outer London, the figure of London is made of its local authorities’ (a rate: sum of numerators over sum of denominators), and says isDerived.',
})
@FiguresFrom(({ alias, key }) => ({ kind: 'region', code: sql`${alias}.code`, known: key }))
export class Region extends Place {
  @Field(() => String, { description: 'GSS code: E12000007 is London.' })
  @PrimaryColumn('text')
  code!: string;

  @Field(() => String, { description: 'Name as published.' })
  @Column('text')
  declare name: string;

  @Column('text', { name: 'parent_code', nullable: true })
  parentCode!: string | null;
}

@Resolver(() => Region)
export class RegionFields {
  @Query(() => [Region], { nullable: true, description: 'The nine regions.' })
  @SqlField((_row, _args, select) =>
    select.list(raw('region'), (region) => sql`${region}.parent_code IS NULL`, REGION_ORDER),
  )
  regions(@AsOf() _asOf?: string): Region[] {
    return answeredBySql();
  }

  @Query(() => Region, {
    nullable: true,
    description:
      'A region by its GSS code (E12…), or Inner or Outer London (E13000001, E13000002). Null when there is none.',
  })
  @LooksUpBy('code')
  @SqlField((_row, { code }: { code: Asked<string> }, select) => {
    if (!code.is(isRegionCode)) throw notARegion('code');
    select.noteIfNull(`region(code:): ${NO_REGION}. regions { code name } lists them`);
    return select.one(raw('region'), (region) => sql`${region}.code = ${code}`, code);
  })
  region(
    @Arg('code', () => String, { description: 'GSS code: E12000007.' }) _code: string,
    @AsOf() _asOf?: string,
  ): Region {
    return answeredBySql();
  }

  @Entries(1)
  @FieldResolver(() => [Region], { description: 'For London, Inner and Outer London; else none.' })
  @SqlField(({ alias }: TableRow, _args, select) =>
    select.list(raw('region'), (part) => sql`${part}.parent_code = ${alias}.code`, REGION_ORDER),
  )
  subRegions(): Region[] {
    return answeredBySql();
  }

  @FieldResolver(() => LocalAuthorityConnection, {
    nullable: true,
    description:
      'Its local authorities that exist today. Null for Inner and Outer London: no register says which belong to them.',
  })
  @SqlField(({ alias }: TableRow, args: LocalAuthorityListArgs, select) =>
    unlessSubRegion(
      alias,
      connection(
        localAuthoritiesWhere(
          args,
          (authority) => sql`${authority}.closed_on IS NULL AND ${authority}.region_code = ${alias}.code`,
        ),
        args,
        select,
      ),
    ),
  )
  localAuthorities(@Args(() => LocalAuthorityListArgs) _args: LocalAuthorityListArgs): LocalAuthority[] {
    return answeredBySql();
  }

  @FieldResolver(() => SchoolConnection, {
    nullable: true,
    description:
      'Schools in its local authorities, of every status unless the filter says otherwise. Null for Inner and Outer London.',
  })
  @SqlField(({ alias }: TableRow, args: SchoolsArgs, select) =>
    unlessSubRegion(
      alias,
      connection(
        schoolsWhere(
          args,
          (school) =>
            sql`${school}.la_code IN (SELECT code FROM local_authority WHERE region_code = ${alias}.code)`,
        ),
        args,
        select,
      ),
    ),
  )
  schools(@Args(() => SchoolsArgs) _args: SchoolsArgs): School[] {
    return answeredBySql();
  }
}
