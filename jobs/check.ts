/**
 * check: may what was staged replace what stands? A release with too many unusable rows, or far fewer rows
 * than the one before, is refused. What merely looks odd is a warning on the run.
 */
import type { PoolClient } from 'pg';
import type { DataSet, RegisterDataSet, StatisticsDataSet } from './declaration.js';
import type { Covered } from './dictionaries.js';
import type { Ledger } from './ledger.js';
import { LOCAL_AUTHORITY_CHANGES } from './local-authority-changes.js';
import { COVERED, coveredColumns } from './publish.js';
import { sourceFault } from './source-fault.js';

/** A release may shrink (schools close, years fall away), but not by a third without a person looking. */
const SMALLEST_SHARE_OF_BEFORE = 0.7;

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
    );
  }
}

/** Refuses a release that has far fewer rows than stood before; `of` says of what. */
export function checkShrinking(rows: number, before: number, of: string): void {
  if (before > 0 && rows < before * SMALLEST_SHARE_OF_BEFORE) {
    throw sourceFault(
      `only ${rows} rows${of} where ${before} stood before: less than ${SMALLEST_SHARE_OF_BEFORE * 100} %`,
    );
  }
}

/** Codes that are to be of local authorities, held against the reference list: one that is in no list refuses the release. */
export async function refuseUnknownLocalAuthorities(
  client: PoolClient,
  { table, key, localAuthorities = [] }: RegisterDataSet,
  release: number,
): Promise<void> {
  if (localAuthorities.length === 0) return;
  const known = await client.query('SELECT FROM local_authority_code WHERE to_release IS NULL LIMIT 1');
  if (known.rowCount === 0) {
    throw sourceFault(
      'the codes of local authorities in this file cannot be checked: load local-authority-codes first',
    );
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
  number: number,
  release: number,
  gone: Set<bigint>,
  coverage: Covered[],
): Promise<void> {
  const { rows } = await client.query(
    `SELECT p.level, p.code, dp.code AS period
     FROM observation o
     JOIN place p ON p.id = o.place_id AND p.level IN ('NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY')
     JOIN (${COVERED('$4', '$5', '$6')}) c ON c.level = p.level AND c.period = o.period_id
     JOIN data_set_period dp ON dp.data_set_number = $1 AND dp.period_id = o.period_id
     WHERE o.data_set_number = $1 AND o.to_release IS NULL AND o.from_release <> $2 AND o.breakdown_id = 0
       AND o.row_hash = ANY($3::bigint[]) AND NOT (p.level = 'LOCAL_AUTHORITY' AND p.code = ANY($7))
       AND NOT EXISTS (SELECT FROM observation n WHERE n.place_id = o.place_id AND n.data_set_number = $1
         AND n.breakdown_id = 0 AND n.period_id = o.period_id AND n.from_release = $2)
     ORDER BY p.level, p.code, dp.code`,
    [number, release, [...gone].map(String), ...coveredColumns(coverage), REORGANISED],
  );
  if (rows.length === 0) return;
  const named = rows
    .slice(0, LOSSES_NAMED)
    .map(({ level, code, period }) => `${level} ${code} for ${period}`);
  throw sourceFault(
    `${rows.length} total${rows.length > 1 ? 's' : ''} that stood before ${rows.length > 1 ? 'are' : 'is'} missing or cannot be used: ${named.join(', ')}${rows.length > LOSSES_NAMED ? ', …' : ''}`,
  );
}

/** Published rates beside count / base x per: more than rounding apart is worth a warning, not a refusal. */
export async function compareRates(
  client: PoolClient,
  dataSet: StatisticsDataSet,
  number: number,
  measures: string[],
  release: number,
): Promise<string[]> {
  const warnings: string[] = [];
  for (const { id, measure, rate, decimals } of dataSet.indicators) {
    if (!rate) continue;
    const [value, numerator, denominator] = [measure, rate.numerator, rate.denominator].map(
      (name) => `values[${measures.indexOf(name) + 1}]`,
    );
    const { rows } = await client.query(
      `SELECT count(*)::int AS odd FROM observation
       WHERE data_set_number = $1 AND from_release = $2 AND ${denominator} > 0
         AND abs(${value} - ${numerator} / ${denominator} * $3) > $4`,
      // Half a unit of the last decimal, and a hair for floating point.
      [number, release, rate.per, 0.5 * 10 ** -decimals + 1e-9],
    );
    if (rows[0].odd > 0) {
      warnings.push(
        `${id}: in ${rows[0].odd} rows the published rate is not the count over the base, within rounding`,
      );
    }
  }
  return warnings;
}
