/** jobs: what is due now, then on schedule, until told to end. load: one look at everything, or at what is named. */
import { DATA_SETS, dataSetById } from '../../jobs/catalogue.js';
import type { DataSet } from '../../jobs/declaration.js';
import { holdsNothingReal, Loads } from '../../jobs/loads.js';
import { Progress } from '../../jobs/progress.js';
import type { RunResult } from '../../jobs/run.js';
import { startSchedules } from '../../jobs/schedule.js';
import { openDatabase, openWriterPool } from '../database/database.js';
import { describeError, SchoolGraphError } from '../errors.js';
import { progressOf, sayAs } from '../log.js';
import { readSettings } from '../settings.js';
import { EXIT } from './commands.js';
import { askedToEnd, impatient } from './shutdown.js';

const say = (line: string) => console.log(line);

const SYNTHETIC_NOTICE = `
  ************************************************************************
  *  SYNTHETIC SAMPLE                                                    *
  *  No publisher could be reached, and nothing real was loaded before.  *
  *  What you see are MADE-UP schools, trusts and figures.               *
  *  Only the names and codes of local authorities are real.             *
  ************************************************************************
`;

export async function runJobs({ embedded, sample }: { embedded: boolean; sample: boolean }): Promise<number> {
  const settings = readSettings();
  sayAs(settings);
  const { asked, patience } = askedToEnd(settings.shutdownMs);
  const database = await openDatabase(settings, say, { attach: true });
  const pool = openWriterPool(database.writerUrl);
  const progress = new Progress(progressOf(settings));
  const loads = new Loads({ pool, settings, progress, say });
  try {
    await loads.define();
    process.send?.('defined');
    const firstPass = (async () => {
      if (sample) {
        say(SYNTHETIC_NOTICE.replace(/^.*No publisher.*\n/m, '').trimEnd());
        return report(await loads.sample());
      }
      const results = await loads.due();
      report(results);
      const noneReached = results.length > 0 && results.every(({ outcome }) => outcome === 'UNAVAILABLE');
      if ((embedded || database.embedded) && noneReached && (await holdsNothingReal(pool))) {
        say(SYNTHETIC_NOTICE);
        report(await loads.sample());
      }
    })();
    const isOver = await Promise.race([asked.then(() => true), firstPass.then(() => false)]);
    if (isOver || sample) {
      await asked;
      return EXIT.ok;
    }
    const stopSchedules = startSchedules(DATA_SETS, (dataSet) => {
      onTick(dataSet).catch((error) => console.error(`${dataSet.id}: ${describeError(error)}`));
    });
    const onTick = async (dataSet: DataSet) => {
      report(await loads.tick(dataSet));
    };
    await asked;
    stopSchedules();
    return EXIT.ok;
  } finally {
    await Promise.race([loads.finish(), impatient(patience)]);
    progress.done();
    // What is still being loaded is one transaction: ending here rolls it back.
    void pool.end().catch(() => {});
    await database.close();
    if (process.connected) process.disconnect();
    setTimeout(() => process.exit(), 500).unref();
  }
}

export const loadNow = (names: string[]): Promise<number> =>
  once(names, (loads, dataSets) => loads.load(dataSets));

export const rereadNow = (names: string[]): Promise<number> =>
  once(names, (loads, dataSets) => loads.reread(dataSets));

/** One pass over every data set, or over those named. */
async function once(
  names: string[],
  pass: (loads: Loads, dataSets: readonly DataSet[]) => Promise<RunResult[]>,
): Promise<number> {
  const unknown = names.filter((name) => !dataSetById(name));
  if (unknown.length > 0) {
    throw new SchoolGraphError(
      'BAD_COMMAND',
      `There is no data set ${unknown.join(', ')}. There are: ${DATA_SETS.map(({ id }) => id).join(', ')}`,
    );
  }
  const settings = readSettings();
  const database = await openDatabase(settings, say, { attach: true });
  const pool = openWriterPool(database.writerUrl);
  try {
    const loads = new Loads({ pool, settings, progress: new Progress(process.stderr), say });
    await loads.define();
    const results = await pass(loads, names.length > 0 ? names.map((name) => dataSetById(name)!) : DATA_SETS);
    report(results);
    // A mirror answers for what it has; a publisher for everything.
    const isGood = ({ outcome, isNotThere }: RunResult) =>
      outcome === 'LOADED' || outcome === 'UNCHANGED' || (settings.sourceMirror !== null && isNotThere);
    return results.every(isGood) ? EXIT.ok : EXIT.incomplete;
  } finally {
    await pool.end();
    await database.close();
  }
}

function report(results: RunResult[]): void {
  if (results.length === 0) return;
  const of = (outcome: RunResult['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const [loaded, unchanged] = [of('LOADED'), of('UNCHANGED')];
  say(
    `Data sets: ${loaded} loaded, ${unchanged} unchanged, ${results.length - loaded - unchanged} not to be had now.`,
  );
}
