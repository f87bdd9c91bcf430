/**
 * A pass over the data sets, in the order of the catalogue: each is loaded, or found unchanged, or fails alone.
 * When no publisher at all could be reached and there is nothing real to show, the synthetic sample is loaded
 * through the same jobs — where that is allowed, and never without saying so.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { SchoolGraphError } from '../src/errors.js';
import type { Settings } from '../src/settings.js';
import { DATA_SETS } from './catalogue.js';
import { claimTick, dueAtStart } from './claim.js';
import type { DataSet } from './declaration.js';
import { defineDataSets } from './define.js';
import { describeFailure } from './failure.js';
import { Fetcher } from './fetch.js';
import { mirrorOf } from './mirror.js';
import type { Patience } from './patience.js';
import type { Progress } from './progress.js';
import type { RunRecord } from './record.js';
import { type RunContext, type RunResult, runDataSet } from './run.js';
import { SAMPLE_GIAS_DATE, writeSample } from './sample/write-sample.js';

export interface LoadsOptions {
  pool: Pool;
  settings: Settings;
  progress: Progress;
  /** One sentence for the operator. */
  say: (line: string) => void;
  patience?: Partial<Patience>;
}

/** How often a pass that ends looks whether what it writes is written. */
const ENDING_MS = 50;

const SAMPLE_FINGERPRINT = 'synthetic sample';

const OUTCOME_WORDS: Record<RunResult['outcome'], string> = {
  LOADED: 'loaded',
  UNCHANGED: 'unchanged',
  REFUSED: 'REFUSED, the release before stays',
  UNAVAILABLE: 'UNAVAILABLE',
  FAILED: 'FAILED',
  BUSY: 'busy',
};

/** True when nothing real stands in the database. */
export async function holdsNothingReal(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query('SELECT FROM release WHERE NOT synthetic LIMIT 1');
  return rows.length === 0;
}

/** The synthetic sample is never mixed with real data. */
export async function refuseBesideRealData(pool: Pool): Promise<void> {
  if (await holdsNothingReal(pool)) return;
  throw new SchoolGraphError(
    'BAD_COMMAND',
    'The database holds real data, and the synthetic sample is never mixed with them. Give the sample a folder of its own: DATA_DIR=.data-sample npm run sample',
  );
}

export class Loads {
  private readonly underWay = new Set<RunRecord>();
  private isEnding = false;

  constructor(private readonly options: LoadsOptions) {}

  define(): Promise<void> {
    return defineDataSets(this.options.pool);
  }

  /** What is due at start, from the publishers or the mirror in their place. */
  async due(): Promise<RunResult[]> {
    const due = await dueAtStart(this.options.pool, DATA_SETS, this.fingerprint());
    const results = await this.load(due);
    // What a killed process held may be free by now; what another one loads is found unchanged.
    const busy = results.filter(({ outcome }) => outcome === 'BUSY').map(({ dataSet }) => dataSet);
    return [
      ...results.filter(({ outcome }) => outcome !== 'BUSY'),
      ...(busy.length > 0 ? await this.load(busy) : []),
    ];
  }

  /** A tick of the schedule: the data set is loaded by the replica that wins the tick, and by no other. */
  async tick(dataSet: DataSet): Promise<RunResult[]> {
    return (await claimTick(this.options.pool, dataSet)) ? this.load([dataSet]) : [];
  }

  load(dataSets: readonly DataSet[]): Promise<RunResult[]> {
    const { settings } = this.options;
    return this.pass(dataSets, {
      mirror: settings.sourceMirror ? mirrorOf(settings.sourceMirror) : null,
      giasDate: settings.giasDate ?? new Date().toISOString().slice(0, 10),
      synthetic: false,
      fingerprint: this.fingerprint(),
    });
  }

  /** Reads every release of the data sets again from the kept files; no publisher is asked. */
  async reread(dataSets: readonly DataSet[]): Promise<RunResult[]> {
    const { rows } = await this.options.pool.query('SELECT synthetic FROM data_version');
    return this.pass(
      dataSets,
      {
        mirror: null,
        giasDate: new Date().toISOString().slice(0, 10),
        synthetic: rows[0].synthetic,
        fingerprint: this.fingerprint(),
      },
      { again: true },
    );
  }

  /** Makes the synthetic sample and loads it. Refuses where real data stand. */
  async sample(): Promise<RunResult[]> {
    await refuseBesideRealData(this.options.pool);
    const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-sample-'));
    try {
      await writeSample(folder);
      return await this.pass(DATA_SETS, {
        mirror: mirrorOf(folder),
        giasDate: SAMPLE_GIAS_DATE,
        synthetic: true,
        fingerprint: SAMPLE_FINGERPRINT,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** Begins nothing more; resolves when what is being written is written. */
  async finish(): Promise<void> {
    this.isEnding = true;
    while ([...this.underWay].some(({ isWriting }) => isWriting)) await sleep(ENDING_MS);
  }

  private fingerprint(): string {
    const { sourceMirror, giasDate } = this.options.settings;
    return `${sourceMirror ?? 'publishers'} ${giasDate ?? 'today'}`;
  }

  private async pass(
    dataSets: readonly DataSet[],
    from: Pick<RunContext, 'giasDate' | 'synthetic' | 'fingerprint'> & {
      mirror: ReturnType<typeof mirrorOf> | null;
    },
    options?: { again: boolean },
  ): Promise<RunResult[]> {
    const { pool, settings, progress, say, patience } = this.options;
    const fetcher = new Fetcher({
      mirror: from.mirror,
      keep: join(settings.dataDirectory, 'files'),
      userAgent: settings.userAgent,
      ...(patience ? { patience } : {}),
    });
    await fetcher.tidy();
    const results: RunResult[] = [];
    for (const dataSet of dataSets) {
      if (this.isEnding) break;
      const started = performance.now();
      const result = await runDataSet(
        { pool, fetcher, progress, underWay: this.underWay, ...from },
        dataSet,
        options,
      ).catch(
        // The record itself failed (the database went away): the other data sets are still to be tried.
        (error): RunResult => ({ dataSet, outcome: 'FAILED', message: describeFailure(error) }),
      );
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      say(`  ${dataSet.id}: ${OUTCOME_WORDS[result.outcome]} (${result.message}; ${seconds} s)`);
      results.push(result);
    }
    return results;
  }
}
