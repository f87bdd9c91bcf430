/**
 * check: may what was staged replace what stands? A release with too many unusable rows, or far fewer rows
 * than the one before, is refused. What merely looks odd is a warning on the run.
 */
import type { PoolClient } from 'pg';
import type { DataSet, StatisticsDataSet } from './declaration.js';
import type { Ledger } from './ledger.js';
import { SourceFault } from './source-fault.js';

/** A release may shrink (schools close, years fall away), but not by a third without a person looking. */
const SMALLEST_SHARE_OF_BEFORE = 0.7;

export function checkRows(dataSet: DataSet, ledger: Ledger): void {
  const { rowsRead, rowsRejected, rowsKept } = ledger;
  if (rowsKept === 0) {
    const [first] = ledger.issues;
    throw new SourceFault(
      rowsRead === 0
        ? 'the file has a header and no rows'
        : `none of ${rowsRead} rows could be used${first ? `; line ${first.line}, ${first.column} "${first.value}" ${first.reason}` : ''}`,
    );
  }
  if (rowsRejected > dataSet.maximumRejectedShare * rowsRead) {
    const first = ledger.issues.find(({ kind }) => kind === 'REJECTED')!;
    throw new SourceFault(
      `${rowsRejected} of ${rowsRead} rows cannot be used, more than the ${dataSet.maximumRejectedShare * 100} % allowed; the first is line ${first.line}, ${first.column} "${first.value}" ${first.reason}`,
    );
  }
}

/** Refuses a release that has far fewer rows than stood before; `of` says of what. */
export function checkShrinking(rows: number, before: number, of: string): void {
  if (before > 0 && rows < before * SMALLEST_SHARE_OF_BEFORE) {
    throw new SourceFault(
      `only ${rows} rows${of} where ${before} stood before: less than ${SMALLEST_SHARE_OF_BEFORE * 100} %`,
    );
  }
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
