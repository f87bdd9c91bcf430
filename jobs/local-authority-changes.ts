/**
 * Reorganisations of local authorities: which codes follow which, from when, and what of the figures before can be
 * had on today's boundaries. Where the 3-digit code changed, establishment numbers were carried over, so that a
 * school's old LAESTAB is found under the new code.
 * Source of codes and days: the Department's reference list, date_of_operation and date_of_termination
 * (https://github.com/dfe-analytical-services/dfe-published-data-qa, data/las.csv); it begins in 2009.
 */
import type { PoolClient } from 'pg';

export const REORGANISATION_KINDS = {
  DIVIDED: 'One area became several.',
  REDRAWN: 'Several areas became others, along new lines.',
  MERGED: 'Several areas became one.',
  NEW_GSS_CODE: 'The area and the 3-digit code stayed, or all but stayed; the GSS code is a new one.',
} as const;
export type ReorganisationKind = keyof typeof REORGANISATION_KINDS;

export interface Reorganisation {
  /** First day of the new codes. */
  on: string;
  kind: ReorganisationKind;
  /** Old 3-digit code → the codes that its area went to; none where the code stayed. */
  moves: Readonly<Record<string, readonly string[]>>;
  /** For a new GSS code: the 3-digit codes that it is the code of. */
  codes?: readonly string[];
  fromGss: readonly string[];
  toGss: readonly string[];
  /** Whether figures of before, published for local authorities, can be had on today's boundaries. */
  canBeRebuilt: boolean;
  /** What can and what cannot, and why. */
  note: string;
}

const divided = (old: string, parts: string): string =>
  `Figures for ${old} before this day cannot be divided between ${parts}: no file says which part of a total belongs to which. The other way round they can be added up, to the area of ${old}. Schools that were still open on the day can be followed one by one, under their new code.`;

const unitary = (name: string): string =>
  `A county with districts became one authority for the same area: figures of ${name} go on without a break, under one 3-digit code and a new GSS code.`;

export const REORGANISATIONS: readonly Reorganisation[] = [
  {
    on: '2009-04-01',
    kind: 'DIVIDED',
    moves: { 820: ['822', '823'] },
    fromGss: ['E10000001'],
    toGss: ['E06000055', 'E06000056'],
    canBeRebuilt: false,
    note: divided('Bedfordshire', 'Bedford and Central Bedfordshire'),
  },
  {
    on: '2009-04-01',
    kind: 'DIVIDED',
    moves: { 875: ['895', '896'] },
    fromGss: ['E10000004'],
    toGss: ['E06000049', 'E06000050'],
    canBeRebuilt: false,
    note: divided('Cheshire', 'Cheshire East and Cheshire West and Chester'),
  },
  ...(
    [
      ['840', 'Durham', 'E10000010', 'E06000047'],
      ['929', 'Northumberland', 'E10000022', 'E06000048'],
      ['893', 'Shropshire', 'E10000026', 'E06000051'],
      ['865', 'Wiltshire', 'E10000033', 'E06000054'],
    ] as const
  ).map(([code, name, from, to]) => sameArea('2009-04-01', [code], [from], [to], unitary(name))),
  sameArea(
    '2009-04-01',
    ['908', '420'],
    ['E10000005'],
    ['E06000052', 'E06000053'],
    'One GSS code stood for Cornwall and the Isles of Scilly together; their 3-digit codes have always been apart, and their figures go on without a break.',
  ),
  sameArea(
    '2013-04-01',
    ['390', '929'],
    ['E08000020', 'E06000048'],
    ['E08000037', 'E06000057'],
    'The border between Gateshead and Northumberland was moved a little: figures of both go on under their 3-digit codes, and earlier ones were not restated.',
  ),
  {
    on: '2019-04-01',
    kind: 'REDRAWN',
    moves: { 835: ['838', '839'], 836: ['839'], 837: ['839'] },
    fromGss: ['E10000009', 'E06000029', 'E06000028'],
    toGss: ['E06000059', 'E06000058'],
    canBeRebuilt: false,
    note: 'Christchurch went from Dorset to the new Bournemouth, Christchurch and Poole, and no file gives its share of Dorset’s figures before this day: neither new area can be rebuilt from the old ones. The three old areas together are the two new ones together. Schools that were still open on the day can be followed one by one, under their new code.',
  },
  sameArea('2020-04-01', ['825'], ['E10000002'], ['E06000060'], unitary('Buckinghamshire')),
  {
    on: '2021-04-01',
    kind: 'DIVIDED',
    moves: { 928: ['940', '941'] },
    fromGss: ['E10000021'],
    toGss: ['E06000061', 'E06000062'],
    canBeRebuilt: false,
    note: divided('Northamptonshire', 'North Northamptonshire and West Northamptonshire'),
  },
  {
    on: '2023-04-01',
    kind: 'DIVIDED',
    moves: { 909: ['942', '943'] },
    fromGss: ['E10000006'],
    toGss: ['E06000063', 'E06000064'],
    canBeRebuilt: false,
    note: divided('Cumbria', 'Cumberland and Westmorland and Furness'),
  },
  sameArea('2023-04-01', ['815'], ['E10000023'], ['E06000065'], unitary('North Yorkshire')),
  sameArea('2023-04-01', ['933'], ['E10000027'], ['E06000066'], unitary('Somerset')),
  sameArea(
    '2025-05-01',
    ['370', '373'],
    ['E08000016', 'E08000019'],
    ['E08000038', 'E08000039'],
    'The border between Barnsley and Sheffield was moved a little on 1 April 2025 (SI 2024/1328): figures of both go on under their 3-digit codes, and earlier ones were not restated.',
  ),
];

function sameArea(
  on: string,
  codes: readonly string[],
  fromGss: readonly string[],
  toGss: readonly string[],
  note: string,
): Reorganisation {
  return { on, kind: 'NEW_GSS_CODE', moves: {}, codes, fromGss, toGss, canBeRebuilt: true, note };
}

export interface LocalAuthorityChange {
  from: string;
  to: readonly string[];
  on: string;
}

/** Those in which a 3-digit code came to an end. */
export const LOCAL_AUTHORITY_CHANGES: readonly LocalAuthorityChange[] = REORGANISATIONS.flatMap(
  ({ on, moves }) => Object.entries(moves).map(([from, to]) => ({ from, to, on })),
);

/** The 3-digit codes on both sides of a reorganisation. */
export const codesOf = ({ moves, codes = [] }: Reorganisation): { from: string[]; to: string[] } => ({
  from: [...Object.keys(moves), ...codes],
  to: [...new Set([...Object.values(moves).flat(), ...codes])],
});

/**
 * Writes them down beside the data, for the graph and for those who use SQL. Changes nothing that already stands, and
 * returns whether anything did not.
 */
export async function defineReorganisations(client: PoolClient): Promise<boolean> {
  let changed = 0;
  const write = async (statement: string, values: unknown[]) => {
    changed += (await client.query(statement, values)).rowCount ?? 0;
  };
  for (const [index, reorganisation] of REORGANISATIONS.entries()) {
    const { on, kind, fromGss, toGss, canBeRebuilt, note } = reorganisation;
    const { from, to } = codesOf(reorganisation);
    await write(
      `INSERT INTO local_authority_reorganisation AS r VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       ON CONFLICT (id) DO UPDATE SET happened_on = excluded.happened_on, kind = excluded.kind, from_codes = excluded.from_codes,
         to_codes = excluded.to_codes, from_gss_codes = excluded.from_gss_codes, to_gss_codes = excluded.to_gss_codes,
         can_be_rebuilt = excluded.can_be_rebuilt, note = excluded.note
       WHERE r IS DISTINCT FROM excluded`,
      [index + 1, on, kind, from, to, fromGss, toGss, canBeRebuilt, note],
    );
  }
  await write('DELETE FROM local_authority_reorganisation WHERE id > $1', [REORGANISATIONS.length]);
  const pairs = LOCAL_AUTHORITY_CHANGES.flatMap(({ from, to, on }) => to.map((code) => ({ from, code, on })));
  const succession = [
    pairs.map(({ from }) => from),
    pairs.map(({ code }) => code),
    pairs.map(({ on }) => on),
  ];
  await write(
    `DELETE FROM local_authority_succession s WHERE NOT EXISTS (
       SELECT FROM unnest($1::text[], $2::text[], $3::date[]) AS n (f, t, d)
       WHERE (n.f, n.t, n.d) = (s.from_code, s.to_code, s.happened_on))`,
    succession,
  );
  await write(
    `INSERT INTO local_authority_succession SELECT * FROM unnest($1::text[], $2::text[], $3::date[]) ON CONFLICT DO NOTHING`,
    succession,
  );
  return changed > 0;
}
