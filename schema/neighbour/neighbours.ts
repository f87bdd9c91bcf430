/** Questions about neighbours: those of a local authority, which editions there are, and why one has none. */

import { Arg, Args, ArgsType, Field, FieldResolver, Int, Query, Resolver } from 'type-graphql';
import { COMPLETED } from '../../jobs/geographic-neighbours.js';
import { MAXIMUM_COMPARED, MAXIMUM_PAGE_SIZE } from '../../src/limits.js';
import { refuseOutside } from '../../src/refused.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import {
  CODES,
  codesOf,
  EDITION,
  editionOf,
  isInEditions,
  kindInWords,
  NeighbourKind,
  type NeighbourKindName,
  type NeighbourQuestion,
  neighboursOf,
  noteWithoutEdition,
} from './kinds.js';
import { Neighbour, NeighbourEdition } from './neighbour.js';

@ArgsType()
class EditionArgs implements NeighbourQuestion {
  @Field(() => NeighbourKind, { description: 'Neighbours of which kind.' })
  kind!: NeighbourKindName;

  @Field(() => String, { nullable: true, description: EDITION })
  edition?: string | null;

  @Field(() => [String], { nullable: true, description: CODES })
  codes?: string[] | null;
}

@ArgsType()
class NeighboursArgs extends EditionArgs {
  @Field(() => Int, {
    defaultValue: MAXIMUM_COMPARED,
    description: `How many at most: up to ${MAXIMUM_PAGE_SIZE}. Left out: all. A local authority has ten statistical neighbours, no more than fifteen geographic ones, and in its region 32 at most.`,
  })
  first!: number;
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

/** Why a local authority has no neighbours of a kind, or what is to be known of those that it has; null else. */
export function neighboursNote(authority: TableRow, asked: NeighbourQuestion, select: Select): Sql {
  const edition = editionOf(asked, select);
  codesOf(asked, authority, select);
  const { kind } = asked;
  if (!isInEditions(kind)) return noteWithoutEdition(kind, authority);
  if (edition === null) return sql`${`No edition of ${kindInWords(kind)} is loaded.`}::text`;
  const code = sql`${authority.alias}.code`;
  return kind === 'STATISTICAL' ? statisticalNote(code, edition) : geographicNote(code, edition);
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
      'Its neighbours of a kind, in one edition: statistical ones by rank, those named in codes as they are named, others by name. Where there are none, neighboursNote says why. How each is found: docs/methods/neighbours.md.',
  })
  @SqlField((authority: TableRow, args: NeighboursArgs, select) => {
    const { first } = args;
    refuseOutside('first', first, 0, MAXIMUM_PAGE_SIZE);
    const row = select.alias('n');
    const inOrder = (neighbour: Sql) => sql`${neighbour}.in_order`;
    return select
      .forEach(first)
      .list(
        sql`(SELECT * FROM (${neighboursOf(authority, args, select)}) ${row} ORDER BY ${inOrder(row)} LIMIT ${first})`,
        () => sql`true`,
        inOrder,
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
  @SqlField((authority: TableRow, args: EditionArgs, select) => neighboursNote(authority, args, select))
  neighboursNote(@Args(() => EditionArgs) _args: EditionArgs): string {
    return answeredBySql();
  }
}
