/**
 * claim: who loads a data set is decided in Postgres. One UPDATE moves next_due_at on and so gives a tick to
 * one replica; a transaction lock, which dies with its process, keeps two loads of a data set apart. What was
 * missed while nobody ran, or was cut off, is due at the next start.
 */
import type { Pool, PoolClient } from 'pg';
import type { DataSet } from './declaration.js';
import { definitionHash } from './define.js';
import { DATA_SET_LOCKS } from './locks.js';
import { nextDue } from './schedule.js';

/** Whether the scheduled tick is ours; moves the data set's next due time on. */
export async function claimTick(pool: Pool, dataSet: DataSet): Promise<boolean> {
  const { rowCount } = await pool.query(
    // A clock that is a little behind ours must not lose the tick.
    "UPDATE data_set SET next_due_at = $2 WHERE id = $1 AND (next_due_at IS NULL OR next_due_at <= now() + interval '1 minute')",
    [dataSet.id, nextDue(dataSet)],
  );
  return rowCount === 1;
}

/**
 * The data sets that are due at start: never loaded, missed, failed, cut off, declared otherwise than when
 * they were loaded, or to be had from somewhere else now.
 */
export async function dueAtStart(
  pool: Pool,
  dataSets: readonly DataSet[],
  fingerprint: string,
): Promise<DataSet[]> {
  const { rows } = await pool.query(
    `SELECT d.id, d.next_due_at IS NULL OR d.next_due_at <= now() AS missed, d.source_fingerprint,
       r.definition_hash AS loaded_as, last.outcome
     FROM data_set d
     LEFT JOIN LATERAL (SELECT definition_hash FROM release WHERE data_set_number = d.number ORDER BY id DESC LIMIT 1) r ON true
     LEFT JOIN LATERAL (SELECT outcome FROM run WHERE data_set_number = d.number ORDER BY id DESC LIMIT 1) last ON true`,
  );
  const state = new Map(rows.map((row) => [row.id as string, row]));
  return dataSets.filter((dataSet) => {
    const row = state.get(dataSet.id);
    return (
      !row ||
      row.missed ||
      row.source_fingerprint !== fingerprint ||
      (row.loaded_as !== definitionHash(dataSet) && !hasEnded(dataSet, row.outcome)) ||
      !['LOADED', 'UNCHANGED'].includes(row.outcome)
    );
  });
}

/** Looked for, and not in today's release: its last one is not there to be loaded. */
const hasEnded = ({ source }: DataSet, outcome: string | null) =>
  source.kind === 'ees' && source.lastRelease !== undefined && outcome === 'UNCHANGED';

/** Takes the data set for the transaction that `client` has begun; false when another process has it. */
export async function claimDataSet(client: PoolClient, dataSetNumber: number): Promise<boolean> {
  const { rows } = await client.query('SELECT pg_try_advisory_xact_lock($1, $2) AS ours', [
    DATA_SET_LOCKS,
    dataSetNumber,
  ]);
  return rows[0].ours;
}

/** Runs without an end whose process is gone, as their lock is ours: on record at once, whatever becomes of this load. */
export async function closeInterruptedRuns(pool: Pool, dataSetNumber: number): Promise<void> {
  await pool.query(
    `UPDATE run SET outcome = 'INTERRUPTED', finished_at = now(),
       message = 'The process ended before the load did; nothing of it was published. To do: nothing, the load after this one makes up for it.'
     WHERE data_set_number = $1 AND outcome IS NULL`,
    [dataSetNumber],
  );
}
