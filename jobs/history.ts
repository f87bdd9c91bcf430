/**
 * History: a row of a versioned table is valid from the release that brought it to the release that changed it, in
 * the order of publication. A release that is loaded late finds its place between two others: what it lacks ends
 * with it and goes on with the next, what only it has ends with the next, and the history is the same as if it had
 * come in time. Nothing else is ever updated, and a row that stays the same is one row.
 */
import type { PoolClient } from 'pg';

/** A versioned table, or the part of it that is one data set's. */
export interface VersionedTable {
  table: string;
  /** SQL that keeps the data set's rows; `r` is the row. */
  ours: string;
  /** What a row says, without its versioning. */
  columns: string[];
  /** Another versioned table that goes with it. */
  beside?: Pick<VersionedTable, 'table' | 'ours'>;
}

/** SQL: the row was valid when the release came, and is of one before it. */
export const stoodBefore = (row: string, release: string): string =>
  `${row}.from_release < ${release} AND (${row}.to_release IS NULL OR ${row}.to_release > ${release})`;

/** Hashes of the rows that stood before a release. */
export async function hashesBefore(
  client: PoolClient,
  { table, ours }: VersionedTable,
  release: number,
): Promise<Set<bigint>> {
  const { rows } = await client.query<[string]>({
    text: `SELECT r.row_hash FROM ${table} r WHERE ${ours} AND ${stoodBefore('r', '$1')}`,
    values: [release],
    rowMode: 'array',
  });
  return new Set(rows.map(([hash]) => BigInt(hash)));
}

/** What of a versioned table a release covers, and the next release that covers it as well. */
export interface Reach {
  /** SQL: joins to the row `r` that keep what the release covers. */
  joins: string;
  /** SQL: the number of the next release that covers the row, NULL where none does; null where no later release is loaded. */
  next: string | null;
  values: unknown[];
}

/**
 * Ends the rows that stood before the release and that it did not bring again (`gone`). Returns how many ended. The
 * release's own rows must be in the table, from it and without an end.
 */
export async function settle(
  client: PoolClient,
  versioned: VersionedTable,
  release: number,
  gone: Set<bigint>,
  reach: Reach,
): Promise<number> {
  const { table, ours, columns } = versioned;
  const said = [...columns, 'row_hash'].join(', ');
  await client.query('CREATE TEMP TABLE IF NOT EXISTS settling (row tid, next integer, row_hash bigint)');
  const gather = async (which: string, values: unknown[]) => {
    await client.query('TRUNCATE settling');
    const { rowCount } = await client.query(
      `INSERT INTO settling SELECT r.ctid, ${reach.next ?? 'NULL::int'}, r.row_hash FROM ${table} r ${reach.joins} WHERE ${ours} AND ${which}`,
      [...reach.values, ...values],
    );
    return rowCount ?? 0;
  };
  const parameter = (at: number) => `$${reach.values.length + at}`;

  let ended = 0;
  if (gone.size > 0) {
    ended = await gather(
      `${stoodBefore('r', parameter(1))} AND r.row_hash = ANY(${parameter(2)}::bigint[])`,
      [release, [...gone].map(String)],
    );
    if (reach.next) {
      // What the next release has again goes on from it.
      await client.query(
        `INSERT INTO ${table} (${said}, from_release, to_release)
         SELECT ${said.replaceAll(/\w+/g, 'r.$&')}, s.next, r.to_release FROM ${table} r JOIN settling s ON r.ctid = s.row
         WHERE s.next IS NOT NULL AND (r.to_release IS NULL OR r.to_release > s.next)`,
      );
    }
    await client.query(`UPDATE ${table} r SET to_release = $1 FROM settling s WHERE r.ctid = s.row`, [
      release,
    ]);
  }
  // Rows that the next release does not have end with it; those that it has too are one row, begun earlier.
  if (
    reach.next &&
    (await gather(`r.from_release = ${parameter(1)} AND ${reach.next} IS NOT NULL`, [release])) > 0
  ) {
    await client.query(
      `WITH again AS (
         DELETE FROM ${table} r USING settling s
         WHERE ${ours} AND r.from_release = s.next AND r.row_hash = s.row_hash
         RETURNING r.row_hash, r.to_release
       )
       UPDATE ${table} r SET to_release = CASE WHEN a.row_hash IS NULL THEN s.next ELSE a.to_release END
       FROM settling s LEFT JOIN again a ON a.row_hash = s.row_hash WHERE r.ctid = s.row`,
    );
  }
  await client.query('DROP TABLE settling');
  return ended;
}

/** Takes away the rows that a release ended. */
export async function forgetEnded(
  client: PoolClient,
  versioned: VersionedTable,
  release: number,
): Promise<void> {
  for (const { table, ours } of [versioned, ...(versioned.beside ? [versioned.beside] : [])]) {
    await client.query(`DELETE FROM ${table} r WHERE ${ours} AND r.to_release = $1`, [release]);
  }
}

/** Takes away every row. */
export async function forgetAll(client: PoolClient, versioned: VersionedTable): Promise<void> {
  for (const { table, ours } of [versioned, ...(versioned.beside ? [versioned.beside] : [])]) {
    await client.query(`DELETE FROM ${table} r WHERE ${ours}`);
  }
}
