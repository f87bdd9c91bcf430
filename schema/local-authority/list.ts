/** A list of local authorities: which, and in what order. */
import { ArgsType, Field, InputType } from 'type-graphql';
import { filterOfLevel } from '../place/level-filter.js';
import { type OrderEntry, ordersOf } from '../place/list-order.js';
import { IndicatorRange, valuesWithin } from '../place/values.js';
import { allOf, NameContains, nameHas } from '../select/conditions.js';
import { type ListSource, PageArgs } from '../select/connection.js';
import type { Select } from '../select/select.js';
import { raw, type Sql } from '../select/sql.js';
import { LocalAuthorityType, type LocalAuthorityTypeName } from './local-authority-type.js';

const ORDERS = ordersOf(
  { noun: 'LocalAuthority', plural: 'local authorities', level: 'LOCAL_AUTHORITY' },
  {
    NAME: { column: 'name', type: 'text', description: 'By name.' },
    CODE: { column: 'code', type: 'text', description: 'By 3-digit code.' },
  },
  { id: 'CODE', byDefault: 'NAME' },
);

@InputType({
  description:
    'Which local authorities: those that every condition given holds for. A condition with several values keeps what has any of them.',
})
export class LocalAuthorityFilter {
  @Field(() => [LocalAuthorityType], { nullable: true, description: 'Councils of one of these kinds.' })
  type?: LocalAuthorityTypeName[];

  @Field(() => [String], { nullable: true, description: 'In these regions, by GSS code.' })
  region?: string[];

  @NameContains
  nameContains?: string;

  @Field(() => [IndicatorRange], {
    nullable: true,
    description: 'Whose values of indicators lie within all of these ranges.',
  })
  indicator?: IndicatorRange[];
}

@ArgsType()
export class LocalAuthorityListArgs extends PageArgs {
  @Field(() => LocalAuthorityFilter, {
    nullable: true,
    description: 'Keeps those that it describes. Left out: all.',
  })
  filter?: LocalAuthorityFilter;

  @Field(() => [ORDERS.input], {
    nullable: true,
    description: 'The first key counts most. Left out: by name, then code.',
  })
  orderBy?: OrderEntry[];
}

/** The local authorities that hold `where` and the filter. */
export const localAuthoritiesWhere = (
  args: LocalAuthorityListArgs,
  where: (authority: Sql) => Sql,
): ListSource => ({
  table: raw('local_authority'),
  where: (authority, select) =>
    allOf([where(authority), args.filter && authorityConditions(args.filter, authority, select)]),
  ...ORDERS.order(args, true),
});

const authorityConditions = (
  { type, region, nameContains, indicator }: LocalAuthorityFilter,
  authority: Sql,
  select: Select,
): Sql =>
  allOf([
    filterOfLevel('LOCAL_AUTHORITY', { type, region }, authority, select),
    nameContains ? nameHas(authority, nameContains, 'filter.nameContains') : null,
    indicator && valuesWithin('LOCAL_AUTHORITY', authority, indicator, true, select),
  ]);
