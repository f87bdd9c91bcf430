/**
 * One load as a process of its own, so that its memory is measured alone: what it was asked to load, it loads once, and
 * says what it cost. Arguments: the ids of data sets. The database and the mirror come from the environment, as ever.
 */
import { readFileSync } from 'node:fs';
import { DATA_SETS } from '../jobs/catalogue.js';
import { Loads } from '../jobs/loads.js';
import { Progress } from '../jobs/progress.js';
import { openWriterPool } from '../src/database/database.js';
import { readSettings } from '../src/settings.js';

export interface LoadCost {
  outcomes: Record<string, string>;
  /** From asking for the first file until the last commit and what comes after it. */
  milliseconds: number;
  peakBytes: number;
}

const ids = process.argv.slice(2);
const settings = readSettings(process.env);
const pool = openWriterPool(settings.databaseUrl!);
const loads = new Loads({ pool, settings, progress: new Progress(process.stderr), say: () => {} });
const dataSets = DATA_SETS.filter(({ id }) => ids.length === 0 || ids.includes(id));
// The connection that the load will use is open, as it is in a service that runs.
await pool.query('SELECT');
const started = performance.now();
const results = await loads.load(dataSets);
const milliseconds = performance.now() - started;
await pool.end();
// Linux keeps the most memory that a process has had: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
const cost: LoadCost = {
  outcomes: Object.fromEntries(results.map(({ dataSet, outcome }) => [dataSet.id, outcome])),
  milliseconds,
  peakBytes: Number(peak) * 1024,
};
console.log(JSON.stringify(cost));
