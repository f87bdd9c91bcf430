/**
 * check: may what was staged replace what stands? A release with too many unusable rows, or far fewer rows
 * than the one before, is refused. What merely looks odd is a warning on the run.
 */
import type { PoolClient } from 'pg';
import type { DataSet, RegisterDataSet, StatisticsDataSet } from './declaration.js';
import type { Covered } from './dictionaries.js';
import { stoodBefore } from './history.js';
import type { Ledger } from './ledger.js';
import { LOCAL_AUTHORITY_CHANGES } from './local-authority-changes.js';
import type { NewCoverage } from './new-coverage.js';
import { COVERED, coveredColumns } from './publish.js';
import { CHANGE_THE_DECLARATION, sourceFault } from './source-fault.js';

/** A release may shrink (schools close, years fall away), but not by this much without a person looking. */
const SHRUNK_PER_CENT = 30;

/** The publisher counts in its own way, but not by more than this. */
const SMALLEST_SHARE_OF_ANNOUNCED = 0.99;

export function checkRows(dataSet: DataSet, ledger: Ledger, announced: number | null): void {
  const { rowsRead, rowsRejected, rowsKept } = ledger;
  if (announced !== null && rowsRead < announced * SMALLEST_SHARE_OF_ANNOUNCED) {
    throw sourceFault(`the file is truncated: ${rowsRead} rows where the publisher announces ${announced}`);
  }
  if (rowsKept === 0) {
    const [first] = ledger.issues;
    throw sourceFault(
      rowsRead === 0
        ? 'the file has a header and no rows'
        : `none of ${rowsRead} rows could be used${first ? `; line ${first.line}, ${first.column} "${first.value}" ${first.reason}` : ''}`,
    );
  }
  if (rowsRejected > dataSet.maximumRejectedShare * rowsRead) {
    const first = ledger.issues.find(({ kind }) => kind === 'REJECTED')!;
    throw sourceFault(
      `${rowsRejected} of ${rowsRead} rows cannot be used, more than the ${dataSet.maximumRejectedShare * 100} % allowed; the first is line ${first.line}, ${first.column} "${first.value}" ${first.reason}`,
      CHANGE_THE_DECLARATION,
    );
  }
}

/** Refuses a release that has far fewer rows than stood before; `of` says of what. */
export function checkShrinking(coverage: NewCoverage, rows: number, before: number, of: string): void {
  // In whole numbers: 70 of 100 rows are 30 % fewer.
  if (before > 0 && rows * 100 <= before * (100 - SHRUNK_PER_CENT)) {
    coverage.doubt(`only ${rows} rows${of} where ${before} stood before: ${SHRUNK_PER_CENT} % fewer or more`);
  }
}

/** Codes that are to be of local authorities, held against the reference list: one that is in no list refuses the release. */
export async function refuseUnknownLocalAuthorities(
  client: PoolClient,
  { table, key, localAuthorities = [] }: RegisterDataSet,
  release: number,
): Promise<string[]> {
  if (localAuthorities.length === 0) return [];
  const known = await client.query('SELECT FROM local_authority_code WHERE to_release IS NULL LIMIT 1');
  if (known.rowCount === 0) {
    return ['local-authority-codes is not loaded: the codes of local authorities were not checked'];
  }
  for (const column of localAuthorities) {
    const { rows } = await client.query(
      `SELECT t.${column} AS code, concat_ws(', ', ${key.map((name) => `t.${name}`).join(', ')}) AS key
       FROM ${table} t WHERE t.from_release = $1
         AND NOT EXISTS (SELECT FROM local_authority_code c WHERE c.code = t.${column} AND c.to_release IS NULL)
       ORDER BY ${key.map((name) => `t.${name}`).join(', ')} LIMIT 1`,
      [release],
    );
    if (rows.length > 0) {
      throw sourceFault(
        `${column} "${rows[0].code}" is the code of no local authority, today or abolished (${key.join(', ')}: ${rows[0].key})`,
      );
    }
  }
  return [];
}

/** Local authorities whose codes ended at a reorganisation: no new release need have them. */
const REORGANISED = LOCAL_AUTHORITY_CHANGES.map(({ from }) => from);
const LOSSES_NAMED = 5;

/**
 * England, a region or a local authority that had a total for a period must have it in every release that covers
 * the period: one that is gone would be missed by nobody but those who look for it.
 */
export async function refuseLosses(
  client: PoolClient,
  declared: NewCoverage,
  dataSet: StatisticsDataSet,
  number: number,
  release: number,
  gone: Set<bigint>,
  coverage: Covered[],
): Promise<void> {
  const found = await client.query(
    `SELECT p.level, p.code, dp.code AS period
     FROM observation o
     JOIN place p ON p.id = o.place_id AND p.level IN ('NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY')
     JOIN (${COVERED('$4', '$5', '$6')}) c ON c.level = p.level AND c.period = o.period_id
     JOIN data_set_period dp ON dp.data_set_number = $1 AND dp.period_id = o.period_id
     WHERE o.data_set_number = $1 AND ${stoodBefore('o', '$2')} AND o.breakdown_id = 0
       AND o.row_hash = ANY($3::bigint[]) AND NOT (p.level = 'LOCAL_AUTHORITY' AND p.code = ANY($7))
       AND NOT EXISTS (SELECT FROM observation n WHERE n.place_id = o.place_id AND n.data_set_number = $1
         AND n.breakdown_id = 0 AND n.period_id = o.period_id AND n.from_release = $2)
     ORDER BY p.level, p.code, dp.code`,
    [number, release, [...gone].map(String), ...coveredColumns(coverage), REORGANISED],
  );
  const withdrawn = new Set((dataSet.withdrawn ?? []).map(({ place, period }) => `${place} ${period}`));
  const rows = found.rows.filter(({ code, period }) => !withdrawn.has(`${code} ${period}`));
  if (rows.length === 0) return;
  const named = rows
    .slice(0, LOSSES_NAMED)
    .map(({ level, code, period }) => `${level} ${code} for ${period}`);
  declared.doubt(
    `${rows.length} total${rows.length > 1 ? 's' : ''} that stood before ${rows.length > 1 ? 'are' : 'is'} missing or cannot be used: ${named.join(', ')}${rows.length > LOSSES_NAMED ? ', …' : ''}`,
    rows.some(({ level }) => level === 'LOCAL_AUTHORITY')
      ? 'if a local authority was reorganised, add it to jobs/local-authority-changes.ts; '
      : '',
  );
}

/**
 * A release is news: at no level may its newest period be older than the newest of the release before it. That is the
 * one published before it, whatever was loaded since, so that an older release can be loaded into the past.
 */
export async function refuseOlderPeriods(
  client: PoolClient,
  declared: NewCoverage,
  number: number,
  release: number,
  coverage: Covered[],
): Promise<void> {
  const { rows } = await client.query(
    `WITH now AS (
       SELECT c.level, max(p.starts_on) AS newest
       FROM (${COVERED('$3', '$4', '$5')}) c JOIN period p ON p.id = c.period GROUP BY 1
     ), before AS (
       SELECT DISTINCT ON (c.level) c.level, c.release_id, max(p.starts_on) AS newest
       FROM coverage c JOIN period p ON p.id = c.period_id
       WHERE c.data_set_number = $1 AND c.release_id < $2
       GROUP BY 1, 2 ORDER BY 1, 2 DESC
     )
     SELECT now.level, of_now.label AS newest, of_before.label AS newest_before
     FROM now JOIN before USING (level)
     JOIN LATERAL (SELECT dp.label FROM data_set_period dp JOIN period p ON p.id = dp.period_id
       WHERE dp.data_set_number = $1 AND p.starts_on = now.newest LIMIT 1) of_now ON true
     JOIN LATERAL (SELECT dp.label FROM data_set_period dp JOIN period p ON p.id = dp.period_id
       WHERE dp.data_set_number = $1 AND p.starts_on = before.newest LIMIT 1) of_before ON true
     WHERE now.newest < before.newest ORDER BY 1`,
    [number, release, ...coveredColumns(coverage)],
  );
  if (rows.length === 0) return;
  declared.doubt(
    `the newest period goes backwards: ${rows
      .map((row) => `${row.level} ends with ${row.newest} where the release before has ${row.newest_before}`)
      .join(', ')}`,
  );
}

/**
 * Local authorities that have a row in the period before the newest and none in the newest, though no reorganisation
 * explains it. Publishers do that (an authority that returned nothing), so it is a warning.
 */
export async function vanishedAuthorities(
  client: PoolClient,
  number: number,
  release: number,
  coverage: Covered[],
): Promise<string[]> {
  const stands = `(o.from_release = $2 OR ${stoodBefore('o', '$2')})`;
  // Places are named one by one, so that their rows are looked up: the planner knows nothing yet of what was just staged.
  const { rows: places } = await client.query(
    "SELECT id FROM place WHERE level = 'LOCAL_AUTHORITY' AND code <> ALL($1)",
    [REORGANISED],
  );
  const { rows } = await client.query(
    `WITH newest AS (
       SELECT p.id, p.starts_on FROM (${COVERED('$3', '$4', '$5')}) c JOIN period p ON p.id = c.period
       WHERE c.level = 'LOCAL_AUTHORITY' ORDER BY p.starts_on DESC LIMIT 1
     ), previous AS (
       SELECT p.id FROM newest, (
         SELECT level, period_id FROM coverage WHERE data_set_number = $1 AND release_id < $2
         UNION SELECT level, period FROM (${COVERED('$3', '$4', '$5')}) covered
       ) c JOIN period p ON p.id = c.period_id
       WHERE c.level = 'LOCAL_AUTHORITY' AND p.starts_on < newest.starts_on
       ORDER BY p.starts_on DESC LIMIT 1
     ), observed AS MATERIALIZED (
       SELECT DISTINCT o.place_id, o.period_id FROM observation o
       WHERE o.place_id = ANY($6::int[]) AND o.data_set_number = $1
         AND o.period_id = ANY(ARRAY[(SELECT id FROM newest), (SELECT id FROM previous)]) AND ${stands}
     )
     SELECT p.code, now.label, dp.label AS before
     FROM newest JOIN data_set_period now ON now.data_set_number = $1 AND now.period_id = newest.id,
       previous JOIN data_set_period dp ON dp.data_set_number = $1 AND dp.period_id = previous.id
     JOIN observed o ON o.period_id = previous.id
     JOIN place p ON p.id = o.place_id
     WHERE NOT EXISTS (SELECT FROM observed n WHERE n.place_id = o.place_id AND n.period_id = newest.id)
     ORDER BY 1`,
    [number, release, ...coveredColumns(coverage), places.map(({ id }) => id)],
  );
  if (rows.length === 0) return [];
  const [{ label, before }] = rows;
  return [
    `no row for ${label}, though there is one for ${before} and no reorganisation explains it: local authorit${rows.length > 1 ? 'ies' : 'y'} ${rows.map(({ code }) => code).join(', ')}`,
  ];
}
