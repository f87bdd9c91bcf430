/**
 * record: every run leaves a row, whatever became of it — what stage it reached, what it counted, how long
 * each stage took, and one sentence for the operator. A load that is published is recorded in the
 * publishing transaction; any other outside of it, so that a refused load is on record too.
 */
import type { Pool, PoolClient } from 'pg';
import type { Issue, Ledger } from './ledger.js';

export type Outcome = 'LOADED' | 'UNCHANGED' | 'REFUSED' | 'UNAVAILABLE' | 'FAILED';
export type Stage = 'claim' | 'fetch' | 'contract' | 'stage' | 'check' | 'publish';

/** What is recorded of a load, as far as it came. */
export interface LoadResult {
  release: number | null;
  ledger: Ledger | null;
  rowsEnded: number;
}

export class RunRecord {
  private readonly milliseconds: Record<string, number> = {};
  private stageStarted = performance.now();
  private stage: Stage = 'claim';
  readonly warnings: string[] = [];

  private constructor(
    private readonly pool: Pool,
    readonly id: number,
  ) {}

  static async start(pool: Pool, dataSetNumber: number): Promise<RunRecord> {
    const { rows } = await pool.query(
      "INSERT INTO run (data_set_number, stage) VALUES ($1, 'claim') RETURNING id",
      [dataSetNumber],
    );
    return new RunRecord(pool, rows[0].id);
  }

  /** Whether it has its files, and writes: what is only being fetched can be fetched again. */
  get isWriting(): boolean {
    return this.stage !== 'claim' && this.stage !== 'fetch';
  }

  /** Written at once, outside the publishing transaction: a run that is cut off tells how far it came. */
  async enter(stage: Stage): Promise<void> {
    this.stopwatch();
    this.stage = stage;
    await this.pool.query('UPDATE run SET stage = $2 WHERE id = $1', [this.id, stage]);
  }

  private stopwatch(): void {
    const now = performance.now();
    this.milliseconds[this.stage] =
      (this.milliseconds[this.stage] ?? 0) + Math.round(now - this.stageStarted);
    this.stageStarted = now;
  }

  /** `on`: the publishing transaction for a load that succeeds, else the pool. */
  async finish(on: Pool | PoolClient, outcome: Outcome, message: string, result: LoadResult): Promise<void> {
    this.stopwatch();
    const { release, ledger, rowsEnded } = result;
    await on.query(
      `UPDATE run SET finished_at = clock_timestamp(), outcome = $2, stage = $3, message = $4, release_id = $5, rows_read = $6,
         rows_rejected = $7, rows_added = $8, rows_ended = $9, milliseconds = $10, warnings = $11, rows_left_out = $12
       WHERE id = $1`,
      [
        this.id,
        outcome,
        this.stage,
        printable(message),
        release,
        ledger?.rowsRead ?? 0,
        ledger?.rowsRejected ?? 0,
        ledger?.rowsAdded ?? 0,
        rowsEnded,
        JSON.stringify(this.milliseconds),
        JSON.stringify([...this.warnings, ...(ledger?.warnings ?? [])].map(printable)),
        ledger?.rowsLeftOut ?? 0,
      ],
    );
    if (ledger) await this.keepIssues(on, ledger.issues);
  }

  private async keepIssues(on: Pool | PoolClient, issues: Issue[]): Promise<void> {
    if (issues.length === 0) return;
    await on.query(
      `INSERT INTO issue (run_id, file, line, column_name, value, reason, kind)
       SELECT $1, * FROM unnest($2::smallint[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[])`,
      [
        this.id,
        issues.map(({ file }) => file),
        issues.map(({ line }) => line),
        issues.map(({ column }) => column),
        issues.map(({ value }) => printable(value)),
        issues.map(({ reason }) => reason),
        issues.map(({ kind }) => kind),
      ],
    );
  }
}

/** Text that Postgres cannot hold, shown as what it is. */
const printable = (text: string) => text.replaceAll('\u0000', '␀');
