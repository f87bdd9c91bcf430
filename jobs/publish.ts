/**
 * publish: within the one transaction, rows that the release no longer has end, what is derived from them is
 * rebuilt, and the data version moves on. Readers see the old release or the new one, never a mixture.
 */
import type { PoolClient } from 'pg';
import lait from './datasets/lait.js';
import type { DataSet, RegisterDataSet } from './declaration.js';
import { type Covered, levelOf } from './dictionaries.js';
import { rebuildLocalAuthorities, rebuildRegions } from './reference-tables.js';
import { rebuildSchoolPlaces } from './school-places.js';
import { rebuildSeriesIndicators } from './series-indicators.js';

/** Hashes of the rows that stand now. */
export async function currentHashes(
  client: PoolClient,
  dataSet: DataSet,
  number: number,
): Promise<Set<bigint>> {
  const from =
    dataSet.kind === 'register'
      ? `${dataSet.table} WHERE`
      : `${dataSet.kind === 'series' ? 'series' : 'observation'} WHERE data_set_number = ${Number(number)} AND`;
  const { rows } = await client.query<[string]>({
    text: `SELECT row_hash FROM ${from} to_release IS NULL`,
    rowMode: 'array',
  });
  return new Set(rows.map(([hash]) => BigInt(hash)));
}

/** Observations that stood before a release, of each level and period that it covers. */
export async function rowsBefore(
  client: PoolClient,
  number: number,
  release: number,
  coverage: Covered[],
): Promise<{ level: string; code: string; rows: number; before: number }[]> {
  const { rows } = await client.query(
    `SELECT c.level, dp.code, c.rows, count(o.place_id)::int AS before
     FROM (${COVERED('$3', '$4', '$5')}) c
     LEFT JOIN (SELECT o.*, ${levelOf('p.level')} AS level FROM observation o JOIN place p ON p.id = o.place_id) o
       ON o.data_set_number = $1 AND o.from_release <> $2 AND o.to_release IS NULL
         AND o.level = c.level AND o.period_id = c.period
     JOIN data_set_period dp ON dp.data_set_number = $1 AND dp.period_id = c.period
     GROUP BY 1, 2, 3`,
    [number, release, ...coveredColumns(coverage)],
  );
  return rows;
}

export const COVERED = (level: string, period: string, rows: string) =>
  `SELECT * FROM unnest(${level}::text[], ${period}::smallint[], ${rows}::int[]) AS c (level, period, rows)`;

export const coveredColumns = (coverage: Covered[]) => [
  coverage.map(({ level }) => level),
  coverage.map(({ period }) => period),
  coverage.map(({ rows }) => rows),
];

/** Ends the rows of a register whose hashes the release did not bring again. */
export async function endRegisterRows(
  client: PoolClient,
  { table }: RegisterDataSet,
  release: number,
  gone: Set<bigint>,
): Promise<number> {
  if (gone.size === 0) return 0;
  const { rowCount } = await client.query(
    `UPDATE ${table} SET to_release = $1
     WHERE to_release IS NULL AND from_release <> $1 AND row_hash = ANY($2::bigint[])`,
    [release, [...gone].map(String)],
  );
  return rowCount ?? 0;
}

/**
 * Ends the observations whose hashes the release did not bring again. Those of a level and period that the
 * release does not cover stay as they are: a new edition that begins later, or has schools for fewer years,
 * does not take the earlier years away.
 */
export async function endObservations(
  client: PoolClient,
  number: number,
  release: number,
  gone: Set<bigint>,
  coverage: Covered[],
): Promise<number> {
  if (gone.size === 0) return 0;
  const { rowCount } = await client.query(
    `UPDATE observation o SET to_release = $2 FROM place p, (${COVERED('$4', '$5', '$6')}) c
     WHERE o.data_set_number = $1 AND o.to_release IS NULL AND o.from_release <> $2 AND o.row_hash = ANY($3::bigint[])
       AND p.id = o.place_id AND ${levelOf('p.level')} = c.level AND o.period_id = c.period`,
    [number, release, [...gone].map(String), ...coveredColumns(coverage)],
  );
  return rowCount ?? 0;
}

/** Takes away the rows that a release ended. */
export async function forgetEnded(client: PoolClient, table: string, release: number): Promise<void> {
  await client.query(`DELETE FROM ${table} WHERE to_release = $1`, [release]);
}

/** Brings up to date what other tables derive from this data set. */
export async function rebuildDerived(client: PoolClient, dataSet: DataSet): Promise<void> {
  if (dataSet.kind === 'statistics') {
    if (dataSet.schoolColumns) await rebuildSchoolPlaces(client);
    return;
  }
  if (dataSet.kind === 'series') return rebuildSeriesIndicators(client, dataSet);
  switch (dataSet.table) {
    case 'lait_measure':
      return rebuildSeriesIndicators(client, lait);
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
    DELETE FROM series; DELETE FROM series_period; DELETE FROM indicator WHERE position IS NULL; DELETE FROM series_measure; DELETE FROM lait_measure;
    DELETE FROM observation; DELETE FROM school_place; DELETE FROM school_match; DELETE FROM data_set_period; DELETE FROM coverage;
    DELETE FROM breakdown WHERE id <> 0; DELETE FROM period; DELETE FROM place;
    DELETE FROM school; DELETE FROM establishment_group; DELETE FROM group_membership; DELETE FROM establishment_link;
    DELETE FROM local_authority_code; DELETE FROM region_local_authority; DELETE FROM local_authority;
    DELETE FROM region WHERE parent_code IS NULL; DELETE FROM release_file; DELETE FROM release; DELETE FROM issue;
    UPDATE run SET release_id = NULL WHERE release_id IS NOT NULL`);
}
