/**
 * The database that is measured on: embedded, in the benchmark's own folder, loaded by the project's own jobs from the
 * published files beside the project, or where there are none from a sample of the register's real size. Kept for the
 * next run: what is loaded already is recognised by the jobs themselves.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { DATA_SETS } from '../jobs/catalogue.js';
import { Loads } from '../jobs/loads.js';
import { Progress } from '../jobs/progress.js';
import { SAMPLE_GIAS_DATE, writeSample } from '../jobs/sample/write-sample.js';
import { type Database, openDatabase, openWriterPool } from '../src/database/database.js';
import { readSettings } from '../src/settings.js';
import { makeTidyCopy } from './tidy-copy.js';

const FOLDER = resolve('bench/.data');
const MIRROR = resolve('../shared/data/mirror');
const MIRROR_GIAS_DATE = '2022-09-01';
/** About as many as England has. */
const SAMPLE = { schools: 24_000, trusts: 2_500 };

export interface BenchDatabase {
  database: Database;
  client: pg.Client;
  /** Where what is loaded came from. */
  mirror: string;
  giasDate: string;
  /** What the figures are of: they cannot be compared with those of another. */
  data: 'published files' | 'scaled sample';
  close: () => Promise<void>;
}

export async function openBenchDatabase(fresh: boolean, say: (line: string) => void): Promise<BenchDatabase> {
  const isReal = existsSync(MIRROR);
  const directory = join(FOLDER, isReal ? 'published' : 'sample');
  if (fresh) await rm(directory, { recursive: true, force: true });
  const mirror = isReal ? MIRROR : join(directory, 'mirror');
  if (!isReal && !existsSync(mirror)) {
    say(`${MIRROR} is not there: a sample of ${SAMPLE.schools} schools stands in for the published files`);
    await mkdir(mirror, { recursive: true });
    await writeSample(mirror, SAMPLE);
  }
  const giasDate = isReal ? MIRROR_GIAS_DATE : SAMPLE_GIAS_DATE;
  const settings = readSettings({ DATA_DIR: directory, SOURCE_MIRROR: mirror, GIAS_DATE: giasDate });
  const database = await openDatabase(settings, say);
  const client = new pg.Client({ connectionString: database.writerUrl });
  const close = async () => {
    await client.end();
    await database.close();
  };
  try {
    await client.connect();
    await load(database, settings, say);
    await makeTidyCopy(client, say);
    return { database, client, mirror, giasDate, data: isReal ? 'published files' : 'scaled sample', close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function load(
  { writerUrl }: Database,
  settings: ReturnType<typeof readSettings>,
  say: (line: string) => void,
): Promise<void> {
  const pool = openWriterPool(writerUrl);
  try {
    const loads = new Loads({ pool, settings, progress: new Progress(process.stderr), say });
    await loads.define();
    const results = await loads.load(DATA_SETS);
    const failed = results.filter(
      ({ outcome, isNotThere }) => outcome !== 'LOADED' && outcome !== 'UNCHANGED' && !isNotThere,
    );
    if (failed.length > 0)
      throw new Error(failed.map(({ dataSet, message }) => `${dataSet.id}: ${message}`).join('\n'));
    if (results.some(({ outcome }) => outcome === 'LOADED')) await pool.query('VACUUM (ANALYZE)');
  } finally {
    await pool.end();
  }
}
