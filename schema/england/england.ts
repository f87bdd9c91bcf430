/** England: the whole. */

import { Args, Field, FieldResolver, ObjectType, Query, Resolver } from 'type-graphql';
import { LocalAuthorityListArgs, localAuthoritiesWhere } from '../local-authority/list.js';
import { LocalAuthority, LocalAuthorityConnection } from '../local-authority/local-authority.js';
import { placeId } from '../observation/rows.js';
import { FiguresFrom, Place } from '../place/place.js';
import { REGION_ORDER, Region } from '../region/region.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { connection } from '../select/connection.js';
import { SqlField } from '../select/field-sql.js';
import { raw, sql } from '../select/sql.js';

const CODE = 'E92000001';

@ObjectType({ implements: Place, description: 'England as a whole.' })
@FiguresFrom(() => ({ kind: 'published', level: 'NATIONAL', place: placeId('NATIONAL', raw(`'${CODE}'`)) }))
export class England extends Place {
  @Field(() => String, { description: 'GSS code of England.' })
  @SqlField(() => raw(`'${CODE}'`))
  code!: string;

  @SqlField(() => raw("'England'"))
  @Field(() => String, { description: 'England.' })
  declare name: string;
}

@Resolver(() => England)
export class EnglandFields {
  @Query(() => England, {
    nullable: true,
    description: 'England as a whole. Null only where it was asked wrongly: then an error says how.',
  })
  @SqlField((_row, _args, select) => select.one(raw("(SELECT 'E92000001')"), () => sql`true`))
  england(@AsOf() _asOf?: string): England {
    return answeredBySql();
  }

  @FieldResolver(() => [Region], { description: 'The nine regions.' })
  @SqlField((_row, _args, select) =>
    select.list(raw('region'), (region) => sql`${region}.parent_code IS NULL`, REGION_ORDER),
  )
  regions(): Region[] {
    return answeredBySql();
  }

  @FieldResolver(() => LocalAuthorityConnection, { description: 'Local authorities that exist today.' })
  @SqlField((_row, args: LocalAuthorityListArgs, select) =>
    connection(
      localAuthoritiesWhere(args, (authority) => sql`${authority}.closed_on IS NULL`),
      args,
      select,
    ),
  )
  localAuthorities(@Args(() => LocalAuthorityListArgs) _args: LocalAuthorityListArgs): LocalAuthority[] {
    return answeredBySql();
  }
}
