/**
 * One attempt to load one data set: claim → fetch → contract → stage → check → publish → record. Whatever comes of
 * it, the attempt is on record, and another process that wants the same data set is told that it is busy.
 */
import type { Pool, PoolClient } from 'pg';
import { SchoolGraphError } from '../src/errors.js';
import { claimDataSet, closeInterruptedRuns } from './claim.js';
import type { DataSet } from './declaration.js';
import { describeFailure } from './failure.js';
import type { Fetcher } from './fetch.js';
import { Load } from './load.js';
import type { Progress } from './progress.js';
import { type LoadResult, type Outcome, RunRecord } from './record.js';
import { isReadDifferently, Reread } from './reread.js';
import { nextDue } from './schedule.js';
import { isNoLongerPublished, isNotThere, isSourceFault, withToDo } from './source-fault.js';

export interface RunContext {
  pool: Pool;
  fetcher: Fetcher;
  giasDate: string;
  /** The synthetic sample is being loaded. */
  synthetic: boolean;
  /** Where sources are read from now; another one makes every data set due. */
  fingerprint: string;
  progress: Progress;
  /** The attempts that have begun and not ended. */
  underWay: Set<RunRecord>;
}

export interface RunResult {
  dataSet: DataSet;
  outcome: Outcome | 'BUSY';
  message: string;
  /** The publisher, or the mirror in its place, has no such file. */
  isNotThere?: boolean;
}

export interface DataSetRow {
  number: number;
  measures: string[];
}

/** `again`: every release is to be read again from its kept files, and the publisher is not asked. */
export async function runDataSet(
  context: RunContext,
  dataSet: DataSet,
  { again = false } = {},
): Promise<RunResult> {
  if (again) return attempt(context, dataSet, 'reread');
  // What an older declaration read is read as it is declared now first: that needs no publisher.
  const read = await attempt(context, dataSet, 'reread if declared otherwise');
  const loaded = await attempt(context, dataSet, 'load');
  return read.outcome === 'LOADED' && loaded.outcome === 'UNCHANGED' ? read : loaded;
}

/** One attempt at one data set: the transaction that it works in, and what it is recorded in. */
export interface Attempt {
  context: RunContext;
  client: PoolClient;
  dataSet: DataSet;
  row: DataSetRow;
  record: RunRecord;
}

type Task = 'load' | 'reread' | 'reread if declared otherwise';

async function attempt(context: RunContext, dataSet: DataSet, task: Task): Promise<RunResult> {
  const client = await context.pool.connect();
  // A connection that breaks between two queries must not take the process with it.
  let broken: Error | undefined;
  const onBreak = (error: Error) => {
    broken = error;
  };
  client.on('error', onBreak);
  let record: RunRecord | undefined;
  try {
    // Postgres ends what a killed process was doing, rather than finish it and keep its locks. Not on every system.
    await client.query('SET client_connection_check_interval = 1000').catch(() => {});
    await client.query('BEGIN');
    const { rows } = await client.query<DataSetRow>('SELECT number, measures FROM data_set WHERE id = $1', [
      dataSet.id,
    ]);
    const row = rows[0]!;
    if (!(await claimDataSet(client, row.number))) {
      return {
        dataSet,
        outcome: 'BUSY',
        message: withToDo('another process is loading it', 'nothing, what it loads is there for all'),
      };
    }
    if (
      task === 'reread if declared otherwise' &&
      !(await isReadDifferently(context, client, dataSet, row.number))
    ) {
      return { dataSet, outcome: 'UNCHANGED', message: 'read as it is declared' };
    }
    await closeInterruptedRuns(context.pool, row.number);
    record = await RunRecord.start(context.pool, row.number);
    context.underWay.add(record);
    const attempted = { context, client, dataSet, row, record };
    return await recorded(attempted, task === 'load' ? new Load(attempted) : new Reread(attempted));
  } finally {
    await client.query('ROLLBACK').catch(onBreak);
    client.off('error', onBreak);
    client.release(broken);
    context.progress.done();
    if (record) context.underWay.delete(record);
  }
}

interface Work extends LoadResult {
  run: () => Promise<{ outcome: Outcome; message: string }>;
}

async function recorded({ context, client, dataSet, record }: Attempt, load: Work): Promise<RunResult> {
  let outcome: Outcome;
  let message: string;
  let fileIsNotThere = false;
  try {
    ({ outcome, message } = await load.run());
  } catch (error) {
    fileIsNotThere = isNotThere(error);
    outcome = outcomeOf(error);
    message = describeFailure(error);
    await client.query('ROLLBACK').catch(() => {});
    load.release = null;
  }
  if (outcome !== 'LOADED') {
    // Without a database there is no record, but there is an operator: the run is closed by the next load.
    const onRecord = record.finish(context.pool, outcome, message, load);
    await (outcome === 'FAILED' ? onRecord.catch(() => {}) : onRecord);
  }
  if (load instanceof Load && (outcome === 'LOADED' || outcome === 'UNCHANGED')) {
    await context.pool.query('UPDATE data_set SET next_due_at = $2, source_fingerprint = $3 WHERE id = $1', [
      dataSet.id,
      nextDue(dataSet),
      context.fingerprint,
    ]);
  }
  return { dataSet, outcome, message, isNotThere: fileIsNotThere };
}

function outcomeOf(error: unknown): Outcome {
  if (isSourceFault(error)) return 'REFUSED';
  if (isNoLongerPublished(error)) return 'UNCHANGED';
  if (isNotThere(error) || (error instanceof SchoolGraphError && error.code === 'SOURCE_UNREACHABLE'))
    return 'UNAVAILABLE';
  return 'FAILED';
}
