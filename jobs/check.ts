/**
 * check: may what was staged replace what stands? A release with too many unusable rows, or far fewer rows
 * than the one before, is refused. What merely looks odd is a warning on the run.
 */
import type { PoolClient } from 'pg';
import { dataSetById } from './catalogue.js';
import type { DataSet } from './declaration.js';
import type { Covered } from './dictionaries.js';
import { stoodBefore } from './history.js';
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
  const withdrawn = await withdrawnTotals(client, number);
  const rows = found.rows.filter(({ code, period }) => !withdrawn.has(`${code} ${period}`));
  if (rows.length === 0) return;
  const named = rows
    .slice(0, LOSSES_NAMED)
    .map(({ level, code, period }) => `${level} ${code} for ${period}`);
  throw sourceFault(
    `${rows.length} total${rows.length > 1 ? 's' : ''} that stood before ${rows.length > 1 ? 'are' : 'is'} missing or cannot be used: ${named.join(', ')}${rows.length > LOSSES_NAMED ? ', …' : ''}`,
  );
}

async function withdrawnTotals(client: PoolClient, number: number): Promise<Set<string>> {
  const { rows } = await client.query('SELECT id FROM data_set WHERE number = $1', [number]);
  const dataSet = dataSetById(rows[0].id);
  const withdrawn = dataSet?.kind === 'statistics' ? (dataSet.withdrawn ?? []) : [];
  return new Set(withdrawn.map(({ place, period }) => `${place} ${period}`));
}
