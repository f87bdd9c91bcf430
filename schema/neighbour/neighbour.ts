/** Neighbour: a local authority that another is like, or borders on, in one edition. */

import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { CLOSENESS } from '../../jobs/datasets/statistical-neighbours.js';
import type { Context } from '../context.js';
import { Release } from '../data-set/release.js';
import { listedEnum } from '../enum-of.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Needs, SqlField, type TableRow } from '../select/field-sql.js';
import { raw, sql } from '../select/sql.js';
import { NeighbourKind } from './kinds.js';

export const Closeness = listedEnum(
  'Closeness',
  'How like each other two statistical neighbours are, in the publisher’s words.',
  CLOSENESS,
);

@ObjectType({ description: 'A neighbour of a local authority, in one edition.' })
export class Neighbour {
  @Field(() => Int, {
    nullable: true,
    description: '1 is the closest. Null for all but statistical neighbours: a border has no rank.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.rank`)
  rank!: number | null;

  @Field(() => Closeness, {
    nullable: true,
    description: 'How close a statistical neighbour is, in the publisher’s words. Null for any other.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.closeness`)
  closeness!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The edition that says so: 2025-05, or the year of the boundaries. Null for REGION and CUSTOM, which have none.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.edition`)
  edition!: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether the neighbour has it as a neighbour too, in the same edition. Of statistical neighbours four pairs in ten are so one way round only; borders are always mutual, and so is a region among those that exist today. Null for CUSTOM.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.is_mutual`)
  isMutual!: boolean | null;

  @Field(() => LocalAuthority, {
    description: 'The neighbour. One that was abolished since the edition is a neighbour of it all the same.',
  })
  @SqlField((neighbour: TableRow, _args, select) =>
    select.toOne(
      neighbour,
      raw('local_authority'),
      'code',
      (authority) => sql`${authority}.code = ${neighbour.alias}.neighbour_code`,
    ),
  )
  localAuthority!: LocalAuthority;
}

@ObjectType({ description: 'An edition of the neighbours of local authorities: editions are never mixed.' })
export class NeighbourEdition {
  @Field(() => NeighbourKind, { description: 'Neighbours of which kind.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.kind`)
  kind!: string;

  @Field(() => String, { description: 'What to ask for it with: 2025-05, 2022.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.edition`)
  edition!: string;

  @Field(() => String, { description: 'In words: May 2025, Boundaries of 2022.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.title`)
  title!: string;

  @Field(() => Boolean, {
    description: 'True for the newest of its kind, which is used where none is asked for.',
  })
  @SqlField(
    ({ alias }: TableRow) =>
      sql`${alias}.edition = (SELECT max(e.edition) FROM neighbour_edition e WHERE e.kind = ${alias}.kind)`,
  )
  isDefault!: boolean;

  @Field(() => Int, { description: 'How many local authorities it has, or draws.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.local_authorities`)
  localAuthorities!: number;
}

@Resolver(() => NeighbourEdition)
export class NeighbourEditionRelease {
  @FieldResolver(() => Release, { description: 'The newest published release that it was read from.' })
  @Needs({ '#release': ({ alias }: TableRow) => sql`${alias}.release_id` })
  release(
    @Root() { '#release': release }: { '#release': number },
    @Ctx() { loaders }: Context,
  ): Promise<Release> {
    return loaders.release.load(release);
  }
}
