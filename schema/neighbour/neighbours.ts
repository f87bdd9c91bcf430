/** Questions about neighbours: those of a local authority, which editions there are, and why one has none. */

import { Arg, Args, ArgsType, Field, FieldResolver, Int, Query, Resolver } from 'type-graphql';
import { COMPLETED } from '../../jobs/geographic-neighbours.js';
import { SchoolGraphError } from '../../src/errors.js';
import { DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { NEIGHBOUR_SOURCES, Neighbour, NeighbourEdition, NeighbourKind } from './neighbour.js';

const WORDS: Record<string, string> = {
  STATISTICAL: 'statistical neighbours',
  GEOGRAPHIC: 'geographic neighbours',
};

@ArgsType()
class EditionArgs {
  @Field(() => NeighbourKind, { description: 'Neighbours of which kind.' })
  kind!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'An edition of neighbourEditions: 2025-05, 2022. Left out: the newest, or as of a day the newest by then.',
  })
  edition?: string | null;
}

@ArgsType()
class NeighboursArgs extends EditionArgs {
  @Field(() => Int, {
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many at most: up to ${MAXIMUM_PAGE_SIZE}. A local authority has ten statistical neighbours, and no more than fifteen geographic ones.`,
  })
  first!: number;
}

/** The edition that is meant; null where none of the kind is loaded, and so none can be named. */
export function editionOf({ kind, edition }: EditionArgs, select: Select): string | null {
  const editions = select.known.neighbourEditions(kind);
  if (edition === undefined || edition === null) {
    // Editions are named by their year and month: as of a day there were those that begin by then.
    return editions.find((each) => select.asOf === null || each <= select.asOf) ?? null;
  }
  if (!editions.includes(edition)) {
    throw new SchoolGraphError(
      'BAD_USER_INPUT',
      editions.length > 0
        ? `edition: there is no edition "${edition.slice(0, 40)}" of ${WORDS[kind]}; there are ${editions.join(', ')}`
        : `edition: there is no edition "${edition.slice(0, 40)}" of ${WORDS[kind]}, nor any other yet`,
    );
  }
  return edition;
}

/** Why a local authority has no statistical neighbours in an edition, as SQL text; null where it has. */
const statisticalNote = (code: Sql, edition: string): Sql => sql`(
  SELECT CASE WHEN NOT coalesce(bool_or(n.edition = ${edition}), false) THEN
    ${`The edition ${edition} names no statistical neighbours for it`}::text
      || coalesce('; there are some in ' || string_agg(DISTINCT n.edition, ', '), '') || '.' END
  FROM statistical_neighbour n WHERE n.to_release IS NULL AND n.la_code = ${code})`;

/** Why it has no geographic neighbours in an edition, or why they are to be read with care; null where nothing is to be said. */
function geographicNote(code: Sql, edition: string): Sql {
  const completed = COMPLETED.find((entry) => entry.edition === edition);
  const districts = completed
    ? sql`WHEN NOT EXISTS (SELECT FROM boundary_area b JOIN local_authority_code c ON c.gss_code = b.area_code AND c.to_release IS NULL
          WHERE b.edition = ${edition} AND b.to_release IS NULL AND c.code = ${code})
        THEN ${`The boundaries of ${edition} draw its metropolitan county as a whole: its borders are those of ${completed.by}.`}::text`
    : sql``;
  return sql`(SELECT CASE
    WHEN NOT EXISTS (SELECT FROM drawn_local_authority d WHERE d.edition = ${edition} AND d.la_code = ${code})
    THEN ${`The boundaries of ${edition} do not draw it`}::text || coalesce((SELECT '; they draw ' || string_agg(a.name, ', ' ORDER BY a.name) || ', which it came out of'
      FROM local_authority_succession s JOIN local_authority a ON a.code = s.from_code
      JOIN drawn_local_authority d ON d.edition = ${edition} AND d.la_code = s.from_code WHERE s.to_code = ${code}), '')
      || coalesce((SELECT '; those of ' || string_agg(d.edition, ', ' ORDER BY d.edition) || ' do'
      FROM drawn_local_authority d WHERE d.la_code = ${code}), '') || '.'
    WHEN NOT EXISTS (SELECT FROM geographic_neighbour g WHERE g.edition = ${edition} AND g.la_code = ${code})
    THEN 'It borders no other local authority of England on land.'
    WHEN EXISTS (SELECT FROM geographic_neighbour g JOIN local_authority a ON a.code = g.neighbour_code AND a.closed_on IS NOT NULL
      WHERE g.edition = ${edition} AND g.la_code = ${code})
    THEN (SELECT string_agg(a.name || ' was abolished on ' || a.closed_on || ': which of its successors'
        || coalesce(' (' || (SELECT string_agg(s.name, ', ' ORDER BY s.name) FROM local_authority_succession c
          JOIN local_authority s ON s.code = c.to_code WHERE c.from_code = a.code) || ')', '')
        || ' is a neighbour now, these boundaries do not show.', ' ' ORDER BY a.name)
      FROM geographic_neighbour g JOIN local_authority a ON a.code = g.neighbour_code AND a.closed_on IS NOT NULL
      WHERE g.edition = ${edition} AND g.la_code = ${code})
    ${districts} END)`;
}

@Resolver(() => LocalAuthority)
export class Neighbours {
  @Query(() => [NeighbourEdition], {
    nullable: true,
    description: 'Every edition of neighbours that is loaded, the newest of a kind first.',
  })
  @SqlField((_row, { kind }: { kind?: string | null }, select) =>
    select.list(
      raw('neighbour_edition'),
      (edition) => (kind ? sql`${edition}.kind = ${kind}` : sql`true`),
      (edition) => sql`${edition}.kind DESC, ${edition}.edition DESC`,
    ),
  )
  neighbourEditions(
    @Arg('kind', () => NeighbourKind, { nullable: true, description: 'Of one kind only.' }) _kind?: string,
  ): NeighbourEdition[] {
    return answeredBySql();
  }

  @FieldResolver(() => [Neighbour], {
    description:
      'Its neighbours in one edition: statistical ones by rank, geographic ones by name. Where there are none, neighboursNote says why.',
  })
  @SqlField(({ alias }: TableRow, args: NeighboursArgs, select) => {
    const { first } = args;
    if (first < 0 || first > MAXIMUM_PAGE_SIZE) {
      throw new SchoolGraphError(
        'BAD_USER_INPUT',
        `first: ${first} is not between 0 and ${MAXIMUM_PAGE_SIZE}`,
      );
    }
    const edition = editionOf(args, select);
    const { table, order } = NEIGHBOUR_SOURCES[args.kind]!;
    const row = select.alias('n');
    return select.forEach(first).list(
      sql`(SELECT * FROM ${table} ${row} WHERE ${row}.la_code = ${alias}.code AND ${row}.edition = ${edition}
        ORDER BY ${order(row)} LIMIT ${first})`,
      () => sql`true`,
      order,
    );
  })
  neighbours(@Args(() => NeighboursArgs) _args: NeighboursArgs): Neighbour[] {
    return answeredBySql();
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Why it has no neighbours in an edition, or what is to be known of those that it has. Null where there is nothing to say.',
  })
  @SqlField(({ alias }: TableRow, args: EditionArgs, select) => {
    const edition = editionOf(args, select);
    if (edition === null) return sql`${`No edition of ${WORDS[args.kind]} is loaded.`}::text`;
    const code = sql`${alias}.code`;
    return args.kind === 'STATISTICAL' ? statisticalNote(code, edition) : geographicNote(code, edition);
  })
  neighboursNote(@Args(() => EditionArgs) _args: EditionArgs): string {
    return answeredBySql();
  }
}
