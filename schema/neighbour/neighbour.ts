/** Neighbour: a local authority that another is like, or borders on, in one edition. */

import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root, registerEnumType } from 'type-graphql';
import { CLOSENESS } from '../../jobs/datasets/statistical-neighbours.js';
import type { Context } from '../context.js';
import { Release } from '../data-set/release.js';
import { enumOf } from '../enum-of.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Needs, SqlField, type TableRow } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';

export const NeighbourKind = enumOf(['STATISTICAL', 'GEOGRAPHIC']);
registerEnumType(NeighbourKind, {
  name: 'NeighbourKind',
  description: 'What makes local authorities neighbours.',
  valuesConfig: {
    STATISTICAL: { description: 'The ten most like it, as the Department for Education works them out.' },
    GEOGRAPHIC: { description: 'Those that share a border with it.' },
  },
});

export const Closeness = enumOf(CLOSENESS.map(({ value }) => value));
registerEnumType(Closeness, {
  name: 'Closeness',
  description: 'How like each other two statistical neighbours are, in the publisher’s words.',
  valuesConfig: Object.fromEntries(CLOSENESS.map(({ value, name }) => [value, { description: `${name}.` }])),
});

/** What a kind's neighbours are read from, under the same column names, and the order in which they are listed. */
export interface NeighbourSource {
  table: Sql;
  order: (row: Sql) => Sql;
}

export const NEIGHBOUR_SOURCES: Record<string, NeighbourSource> = {
  STATISTICAL: {
    table: sql`(SELECT edition, la_code, neighbour_code, rank::int AS rank, closeness FROM statistical_neighbour WHERE to_release IS NULL)`,
    order: (row) => sql`${row}.rank`,
  },
  GEOGRAPHIC: {
    table: sql`(SELECT g.edition, g.la_code, g.neighbour_code, NULL::int AS rank, NULL::text AS closeness, a.name
      FROM geographic_neighbour g JOIN local_authority a ON a.code = g.neighbour_code)`,
    order: (row) => sql`${row}.name, ${row}.neighbour_code`,
  },
};

@ObjectType({ description: 'A neighbour of a local authority, in one edition.' })
export class Neighbour {
  @Field(() => Int, {
    nullable: true,
    description: '1 is the closest. Null for a geographic neighbour: a border has no rank.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.rank`)
  rank!: number | null;

  @Field(() => Closeness, {
    nullable: true,
    description: 'How close a statistical neighbour is. Null for a geographic one.',
  })
  @SqlField(({ alias }: TableRow) => sql`${alias}.closeness`)
  closeness!: string | null;

  @Field(() => String, { description: 'The edition that says so: 2025-05, or the year of the boundaries.' })
  @SqlField(({ alias }: TableRow) => sql`${alias}.edition`)
  edition!: string;

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
