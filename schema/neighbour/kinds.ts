/**
 * Kinds of neighbours, and which local authorities are one's neighbours of a kind: every list of neighbours and every
 * comparison reads them here. Editions are never mixed. docs/methods/neighbours.md
 */

import { MAXIMUM_COMPARED } from '../../src/limits.js';
import { refused, refuseLonger } from '../../src/refused.js';
import { describedEnum } from '../enum-of.js';
import { authoritiesIn } from '../place/codes.js';
import type { TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

const KINDS = {
  STATISTICAL: 'The ten most like it, as the Department for Education works them out.',
  GEOGRAPHIC: 'Those that share a border with it on land.',
  REGION: 'The others of its region that exist today.',
  CUSTOM: 'Those that the argument codes names.',
};
export type NeighbourKindName = keyof typeof KINDS;

export const NeighbourKind = describedEnum(
  'NeighbourKind',
  'What makes local authorities neighbours, or to be compared.',
  KINDS,
);

/** Kinds that are published in editions: in words, and where they stand. */
export const IN_EDITIONS: Partial<Record<NeighbourKindName, { words: string; table: Sql }>> = {
  STATISTICAL: {
    words: 'statistical neighbours',
    table: raw('(SELECT * FROM statistical_neighbour WHERE to_release IS NULL)'),
  },
  GEOGRAPHIC: { words: 'geographic neighbours', table: raw('geographic_neighbour') },
};

export const EDITION =
  'An edition of neighbourEditions: 2025-05, 2022. Left out: the newest, or as of a day the newest by then. Only STATISTICAL and GEOGRAPHIC have editions.';
export const CODES = `For CUSTOM, and only for it: 3-digit or GSS codes of the local authorities to compare with, ${MAXIMUM_COMPARED} at most. Where a list of local authorities is asked the same codes, each is compared with the others of them.`;

/** Which neighbours are asked for. */
export interface NeighbourQuestion {
  kind: NeighbourKindName;
  edition?: string | null;
  codes?: string[] | null;
}

/** The edition that is meant; null where none of the kind is loaded, and so none can be named, and where it has none. */
export function editionOf({ kind, edition }: NeighbourQuestion, select: Select): string | null {
  const words = IN_EDITIONS[kind]?.words;
  const editions = select.known.neighbourEditions(kind);
  if (edition === undefined || edition === null) {
    // Editions are named by their year and month: as of a day there were those that begin by then.
    return editions.find((each) => select.asOf === null || each <= select.asOf) ?? null;
  }
  if (!words) {
    throw refused('edition', `only ${Object.keys(IN_EDITIONS).join(' and ')} have editions: leave it out`);
  }
  if (!editions.includes(edition)) {
    throw refused(
      'edition',
      `there is no such edition of ${words}${editions.length > 0 ? `; there are ${editions.join(', ')}` : ', nor any other yet'}`,
    );
  }
  return edition;
}

/** The 3-digit codes that are named, each once; null for a kind that names its own. Refuses what cannot be compared with. */
export function codesOf(
  { kind, codes }: NeighbourQuestion,
  { key }: TableRow,
  select: Select,
): string[] | null {
  if (kind !== 'CUSTOM') {
    if (!codes) return null;
    throw refused('codes', 'only CUSTOM takes them; which local authorities are of another kind, is known');
  }
  if (!codes || codes.length === 0) {
    throw refused(
      'codes',
      'CUSTOM needs the codes of the local authorities to compare with, such as ["888", "926"]',
    );
  }
  refuseLonger('codes', codes, MAXIMUM_COMPARED);
  const { localAuthorities } = select.known;
  const known = authoritiesIn('codes', codes, select.known);
  if (key?.is((one) => known.includes(localAuthorities.get(String(one))!))) {
    throw refused(
      'codes',
      'the local authority itself is among them, which is compared with the others: leave it out',
    );
  }
  return known;
}

/**
 * The neighbours of a local authority, a row each: neighbour_code, edition, rank, closeness, is_mutual, and in_order, by
 * which they are listed.
 */
export function neighboursOf(authority: TableRow, asked: NeighbourQuestion, select: Select): Sql {
  const { alias } = authority;
  const edition = editionOf(asked, select);
  const codes = codesOf(asked, authority, select);
  const byName = (row: Sql) => sql`(row_number() OVER (ORDER BY ${row}.name, ${row}.code))::int`;
  switch (asked.kind) {
    case 'STATISTICAL':
      return sql`SELECT n.neighbour_code, n.edition, n.rank::int AS rank, n.closeness, n.rank::int AS in_order,
          EXISTS (SELECT FROM statistical_neighbour m WHERE m.to_release IS NULL AND m.edition = n.edition
            AND m.la_code = n.neighbour_code AND m.neighbour_code = n.la_code) AS is_mutual
        FROM statistical_neighbour n WHERE n.to_release IS NULL AND n.la_code = ${alias}.code AND n.edition = ${edition}`;
    case 'GEOGRAPHIC':
      return sql`SELECT n.neighbour_code, n.edition, NULL::int AS rank, NULL::text AS closeness, ${byName(sql`a`)} AS in_order,
          EXISTS (SELECT FROM geographic_neighbour m WHERE m.edition = n.edition AND m.la_code = n.neighbour_code
            AND m.neighbour_code = n.la_code) AS is_mutual
        FROM geographic_neighbour n JOIN local_authority a ON a.code = n.neighbour_code
        WHERE n.la_code = ${alias}.code AND n.edition = ${edition}`;
    case 'REGION':
      // One that was abolished is no neighbour of those that exist today.
      return sql`SELECT a.code AS neighbour_code, NULL::text AS edition, NULL::int AS rank, NULL::text AS closeness,
          ${byName(sql`a`)} AS in_order, ${alias}.closed_on IS NULL AS is_mutual
        FROM local_authority a WHERE a.region_code = ${alias}.region_code AND a.code <> ${alias}.code AND a.closed_on IS NULL`;
    case 'CUSTOM':
      return sql`SELECT c.code AS neighbour_code, NULL::text AS edition, NULL::int AS rank, NULL::text AS closeness,
          c.at::int AS in_order, NULL::boolean AS is_mutual
        FROM unnest(${codes}::text[]) WITH ORDINALITY c (code, at) WHERE c.code <> ${alias}.code`;
  }
}

/** Why there are none of a kind without editions; null where there is nothing to say. */
export const noteWithoutEdition = (kind: NeighbourKindName, { alias }: TableRow): Sql =>
  kind === 'REGION'
    ? sql`CASE WHEN ${alias}.region_code IS NULL THEN 'It lies in no region of England.' END`
    : sql`NULL::text`;

export const isInEditions = (kind: NeighbourKindName): boolean => kind in IN_EDITIONS;

/** A kind that is published in editions, in words. */
export const kindInWords = (kind: NeighbourKindName): string => IN_EDITIONS[kind]?.words ?? kind;
