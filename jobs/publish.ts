/**
 * publish: within the one transaction, rows that the release no longer has end, what is derived from them is
 * rebuilt, and the data version moves on. Readers see the old release or the new one, never a mixture.
 */
import type { PoolClient } from 'pg';
import lait from './datasets/lait.js';
import type { DataSet, RegisterDataSet } from './declaration.js';
import { type Covered, levelOf } from './dictionaries.js';
import { rebuildGeographicNeighbours } from './geographic-neighbours.js';
import { addGridPoints } from './grid-points.js';
import { type Reach, stoodBefore, type VersionedTable } from './history.js';
import { rebuildLocalAuthorities, rebuildRegions } from './reference-tables.js';
import { rebuildSchoolKinds } from './school-kinds.js';
import { rebuildSchoolLineage } from './school-lineage.js';
import { rebuildSchoolPlaces } from './school-places.js';
import { rebuildSchoolRows } from './school-rows.js';
import { rebuildSearchNames } from './search-names.js';
import { rebuildSeriesIndicators } from './series-indicators.js';

export const versionedRegister = ({ table, fields }: RegisterDataSet): VersionedTable => ({
  table,
  ours: 'true',
  columns: Object.keys(fields),
});

export const versionedObservations = (dataSetNumber: number): VersionedTable => ({
  table: 'observation',
  ours: `r.data_set_number = ${Number(dataSetNumber)}`,
  columns: ['place_id', 'breakdown_id', 'data_set_number', 'period_id', 'edition', 'values', 'raw'],
});

export const versionedSeries = (dataSetNumber: number): VersionedTable => ({
  table: 'series',
  ours: `r.data_set_number = ${Number(dataSetNumber)}`,
  columns: ['place_id', 'measure', 'data_set_number', 'values', 'raw'],
  beside: {
    table: 'series_period',
    ours: `r.measure IN (SELECT number FROM series_measure WHERE data_set_number = ${Number(dataSetNumber)})`,
  },
});

/**
 * A release of a register covers all of it, or where it has editions, those that it brings. `next`: the release after
 * it, where it is loaded late.
 */
export const reachOfRegister = (
  { edition }: RegisterDataSet,
  next: number | null,
  editions: string[],
): Reach => ({
  joins: edition ? `JOIN unnest($1::text[]) AS brought (edition) ON brought.edition = r.${edition}` : '',
  next: next === null ? null : String(Number(next)),
  values: edition ? [editions] : [],
});

/**
 * A release of a statistics file covers the levels and periods that it has rows of. Those of others stay as they are:
 * a new edition that begins later, or has schools for fewer years, does not take the earlier years away.
 */
export async function reachOfObservations(
  client: PoolClient,
  dataSetNumber: number,
  release: number,
  coverage: Covered[],
): Promise<Reach> {
  const { rows } = await client.query<{ level: string; period: number; next: number }>(
    `SELECT level, period_id AS period, min(release_id) AS next FROM coverage
     WHERE data_set_number = $1 AND release_id > $2 GROUP BY 1, 2`,
    [dataSetNumber, release],
  );
  const next = new Map(rows.map((row) => [`${row.level} ${row.period}`, row.next]));
  return {
    joins: `JOIN place p ON p.id = r.place_id
      JOIN (SELECT * FROM unnest($1::text[], $2::smallint[], $3::int[]) AS c (level, period_id, next)) c
        ON c.level = ${levelOf('p.level')} AND c.period_id = r.period_id`,
    next: rows.length > 0 ? 'c.next' : null,
    values: [
      coverage.map(({ level }) => level),
      coverage.map(({ period }) => period),
      coverage.map(({ level, period }) => next.get(`${level} ${period}`) ?? null),
    ],
  };
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
       ON o.data_set_number = $1 AND ${stoodBefore('o', '$2')} AND o.level = c.level AND o.period_id = c.period
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

/** Rows that stood before a release, of each edition of a register that has them. */
export async function editionsBefore(
  client: PoolClient,
  { table, edition }: RegisterDataSet,
  release: number,
): Promise<{ edition: string; standing: number }[]> {
  const { rows } = await client.query(
    `SELECT ${edition} AS edition, count(*)::int AS standing FROM ${table}
     r WHERE ${stoodBefore('r', '$1')} GROUP BY 1`,
    [release],
  );
  return rows;
}

/** Brings up to date what other tables derive from this data set, known by `number`. Returns what looked odd on the way. */
export async function rebuildDerived(
  client: PoolClient,
  dataSet: DataSet,
  number: number,
): Promise<string[]> {
  if (dataSet.kind === 'statistics') {
    if (dataSet.place.hasSchools) await rebuildSchools(client, number);
    return [];
  }
  if (dataSet.kind === 'series') {
    await rebuildSeriesIndicators(client, dataSet);
    return [];
  }
  switch (dataSet.table) {
    case 'lait_measure':
      await rebuildSeriesIndicators(client, lait);
      return [];
    case 'local_authority_code':
      await rebuildLocalAuthorities(client);
      await rebuildGeographicNeighbours(client);
      await rebuildSearchNames(client, 'LOCAL_AUTHORITY');
      return [];
    case 'region_local_authority':
      await rebuildRegions(client);
      await rebuildSearchNames(client, 'REGION');
      return [];
    case 'establishment_group':
    case 'group_link':
      await rebuildSearchNames(client, 'TRUST');
      return [];
    case 'boundary_area':
      await rebuildGeographicNeighbours(client);
      return [];
    case 'school':
    case 'establishment_link': {
      if (dataSet.table === 'school') await rebuildSchoolKinds(client);
      await rebuildSchools(client, null);
      const findings = await rebuildSchoolLineage(client);
      await rebuildSearchNames(client, 'SCHOOL');
      await addGridPoints(client);
      return findings;
    }
  }
  return [];
}

/** What rows of schools mean; `own`: the number of the data set whose rows are new. */
async function rebuildSchools(client: PoolClient, own: number | null): Promise<void> {
  const dataSets = await rebuildSchoolPlaces(client);
  if (own !== null) dataSets.add(own);
  if (dataSets.size > 0) await rebuildSchoolRows(client, [...dataSets]);
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
    DELETE FROM observation; DELETE FROM school_place; DELETE FROM school_match; DELETE FROM school_in_parts; DELETE FROM school_observation; DELETE FROM school_kind; DELETE FROM data_set_period; DELETE FROM coverage;
    DELETE FROM breakdown WHERE id <> 0; DELETE FROM period; DELETE FROM place;
    DELETE FROM school; DELETE FROM establishment_group; DELETE FROM group_membership; DELETE FROM establishment_link;
    DELETE FROM statistical_neighbour; DELETE FROM boundary_area; DELETE FROM drawn_local_authority; DELETE FROM geographic_neighbour; DELETE FROM school_lineage; DELETE FROM search_name; DELETE FROM search_word; DELETE FROM grid_point;
    DELETE FROM local_authority_code; DELETE FROM region_local_authority; DELETE FROM local_authority;
    DELETE FROM region WHERE parent_code IS NULL; DELETE FROM release_file; DELETE FROM release; DELETE FROM issue;
    UPDATE run SET release_id = NULL WHERE release_id IS NOT NULL`);
}
