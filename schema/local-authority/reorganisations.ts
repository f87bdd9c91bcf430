/** Reorganisations of local authorities, and which local authority came out of which. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Field, FieldResolver, ObjectType, Query, Resolver } from 'type-graphql';
import { REORGANISATION_KINDS } from '../../jobs/local-authority-changes.js';
import { describedEnum } from '../enum-of.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { Entries, SqlField, type TableRow } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { LocalAuthority } from './local-authority.js';

export const ReorganisationKind = describedEnum(
  'ReorganisationKind',
  'What a reorganisation of local authorities did to areas and codes.',
  REORGANISATION_KINDS,
);

@ObjectType({ description: 'A day on which areas or codes of local authorities changed.' })
export class LocalAuthorityReorganisation {
  @Field(() => GraphQLLocalDate, { description: 'First day of the new codes.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.happened_on`)
  on!: string;

  @Field(() => ReorganisationKind, { description: 'What happened.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.kind`)
  kind!: string;

  @Field(() => [String], { description: '3-digit codes before.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.from_codes`)
  from!: string[];

  @Field(() => [String], { description: '3-digit codes after.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.to_codes`)
  to!: string[];

  @Field(() => [String], { description: 'GSS codes before.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.from_gss_codes`)
  fromGssCodes!: string[];

  @Field(() => [String], { description: 'GSS codes after.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.to_gss_codes`)
  toGssCodes!: string[];

  @Field(() => Boolean, {
    description: 'Whether figures published for local authorities before can be had on today’s boundaries.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.can_be_rebuilt`)
  canBeRebuilt!: boolean;

  @Field(() => String, { description: 'What can be rebuilt and what cannot, and why.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.note`)
  note!: string;
}

const oldestFirst = (row: Sql): Sql => sql`${row}.happened_on, ${row}.id`;

@Resolver(() => LocalAuthority)
export class Reorganisations {
  @Query(() => [LocalAuthorityReorganisation], {
    nullable: true,
    description: 'Every reorganisation of local authorities since 2009, oldest first.',
  })
  @SqlField((_row, _args, select) =>
    select.list(raw('local_authority_reorganisation'), () => sql`true`, oldestFirst),
  )
  localAuthorityReorganisations(): LocalAuthorityReorganisation[] {
    return answeredBySql();
  }

  @Entries(1)
  @FieldResolver(() => [LocalAuthority], {
    description: 'The local authorities, abolished since, that its area or part of it belonged to.',
  })
  @SqlField(({ alias }: TableRow, _args, select) =>
    select.list(
      raw('local_authority'),
      (authority) => sql`${authority}.code IN (
        SELECT s.from_code FROM local_authority_succession s WHERE s.to_code = ${alias}.code)`,
      (authority) => sql`${authority}.name, ${authority}.code`,
    ),
  )
  predecessors(): LocalAuthority[] {
    return answeredBySql();
  }

  @Entries(1)
  @FieldResolver(() => [LocalAuthority], {
    description: 'For one that was abolished: the local authorities that its area went to.',
  })
  @SqlField(({ alias }: TableRow, _args, select) =>
    select.list(
      raw('local_authority'),
      (authority) => sql`${authority}.code IN (
        SELECT s.to_code FROM local_authority_succession s WHERE s.from_code = ${alias}.code)`,
      (authority) => sql`${authority}.name, ${authority}.code`,
    ),
  )
  successors(): LocalAuthority[] {
    return answeredBySql();
  }

  @FieldResolver(() => [LocalAuthorityReorganisation], {
    description: 'The reorganisations that it came out of, or was changed or abolished by, oldest first.',
  })
  @SqlField(({ alias }: TableRow, _args, select) =>
    select.list(
      raw('local_authority_reorganisation'),
      (row) => sql`${alias}.code = ANY(${row}.from_codes || ${row}.to_codes)`,
      oldestFirst,
    ),
  )
  reorganisations(): LocalAuthorityReorganisation[] {
    return answeredBySql();
  }
}
