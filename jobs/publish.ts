/**
 * publish: within the one transaction, rows that the release no longer has end, what is derived from them is
 * rebuilt, and the data version moves on. Readers see the old release or the new one, never a mixture.
 */
import type { PoolClient } from 'pg';
import type { DataSet } from './declaration.js';
import { rebuildLocalAuthorities, rebuildRegions } from './reference-tables.js';
import { rebuildSchoolPlaces } from './school-places.js';

/** The versioned table of a data set, and the condition that picks its rows ($1 = the data set's number). */
export function rowsOf(dataSet: DataSet): { table: string; where: string } {
  return dataSet.kind === 'register'
    ? { table: dataSet.table, where: '$1::smallint IS NOT NULL' }
    : { table: 'observation', where: 'data_set_number = $1' };
}

/** Hashes of the rows that stand now. */
export async function currentHashes(
  client: PoolClient,
  dataSet: DataSet,
  number: number,
): Promise<Set<bigint>> {
  const { table, where } = rowsOf(dataSet);
  const { rows } = await client.query<[string]>({
    text: `SELECT row_hash FROM ${table} WHERE ${where} AND to_release IS NULL`,
    values: [number],
    rowMode: 'array',
  });
  return new Set(rows.map(([hash]) => BigInt(hash)));
}

/** Observations of some periods that stood before a release. */
export async function countRows(
  client: PoolClient,
  number: number,
  release: number,
  periods: number[],
): Promise<number> {
  const { rows } = await client.query(
    `SELECT count(*)::int AS count FROM observation
     WHERE data_set_number = $1 AND from_release <> $2 AND to_release IS NULL AND period_id = ANY($3::smallint[])`,
    [number, release, periods],
  );
  return rows[0].count;
}

/**
 * Ends the rows whose hashes the release did not bring again. Observations of periods that the release does
 * not cover stay as they are: a new edition that begins later does not take the earlier years away.
 */
export async function endRows(
  client: PoolClient,
  dataSet: DataSet,
  number: number,
  release: number,
  gone: Set<bigint>,
  coveredPeriods: number[],
): Promise<number> {
  if (gone.size === 0) return 0;
  const { table, where } = rowsOf(dataSet);
  const covered =
    dataSet.kind === 'statistics' ? 'AND period_id = ANY($4::smallint[])' : 'AND $4::smallint[] IS NOT NULL';
  const { rowCount } = await client.query(
    `UPDATE ${table} SET to_release = $2
     WHERE ${where} AND to_release IS NULL AND from_release <> $2 AND row_hash = ANY($3::bigint[]) ${covered}`,
    [number, release, [...gone].map(String), coveredPeriods],
  );
  return rowCount ?? 0;
}

/** Brings up to date what other tables derive from this data set. */
export async function rebuildDerived(client: PoolClient, dataSet: DataSet): Promise<void> {
  if (dataSet.kind === 'statistics') {
    if (dataSet.schoolColumns) await rebuildSchoolPlaces(client);
    return;
  }
  switch (dataSet.table) {
    case 'local_authority_code':
      return rebuildLocalAuthorities(client);
    case 'region_local_authority':
      return rebuildRegions(client);
    case 'school':
    case 'establishment_link':
      return rebuildSchoolPlaces(client);
  }
}

export async function moveDataVersion(client: PoolClient, synthetic: boolean): Promise<void> {
  await client.query('UPDATE data_version SET version = version + 1, synthetic = $1, changed_at = now()', [
    synthetic,
  ]);
}

/** Takes every row of every release away: done once, when the first real release replaces the synthetic sample. */
export async function removeEverything(client: PoolClient): Promise<void> {
  await client.query(`
    DELETE FROM observation; DELETE FROM school_place; DELETE FROM school_match; DELETE FROM data_set_period;
    DELETE FROM breakdown WHERE id <> 0; DELETE FROM period; DELETE FROM place;
    DELETE FROM school; DELETE FROM establishment_group; DELETE FROM group_membership; DELETE FROM establishment_link;
    DELETE FROM local_authority_code; DELETE FROM region_local_authority; DELETE FROM local_authority;
    DELETE FROM region WHERE parent_code IS NULL; DELETE FROM release_file; DELETE FROM release; DELETE FROM issue;
    UPDATE run SET release_id = NULL`);
}
