/**
 * What it costs to load everything that is published, in one command, and to look again when nothing is new. The bounds
 * are those of the design; time is printed, because only memory and storage are the same on a busy machine. Doing nothing is held
 * against loading, which took place on the same.
 */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DATA_SETS } from '../../jobs/catalogue.js';
import { firstOutcome } from '../data-sets.js';
import { hasRealFiles } from '../database.js';
import { LoadProcess } from '../loading/load-process.js';
import { Loading } from '../loading/loading.js';

const MB = 1_000_000;
const MEMORY = 600 * MB;
const DATABASE_PER_CSV_BYTE = 1.5;
const NOTHING_NEW_SHARE = 1 / 10;
/** The shortest of a few looks is what a look takes: the others waited for somebody else. */
const LOOKS = 3;
const LONGEST_LOAD_MS = 900_000;

describe.skipIf(!hasRealFiles())('the whole mirror', () => {
  let loading: Loading;
  let load: LoadProcess;
  let seconds: number;
  beforeAll(async () => {
    const environment = { SOURCE_MIRROR: inject('mirror')!, GIAS_DATE: '2022-09-01' };
    loading = await Loading.open('empty', environment);
    const started = performance.now();
    load = LoadProcess.start([], {
      ...environment,
      DATABASE_URL: loading.database.url,
      DATA_DIR: loading.dataDirectory,
    });
    await load.end();
    seconds = Math.round((performance.now() - started) / 1000);
  }, LONGEST_LOAD_MS);
  afterAll(() => loading.close());

  it('is loaded in one command, in less than 600 MB of memory', async () => {
    const loaded = await loading.value(
      'SELECT count(DISTINCT d.id)::int FROM release r JOIN data_set d ON d.number = r.data_set_number',
    );
    expect(loaded, load.output).toBe(
      DATA_SETS.filter((dataSet) => firstOutcome(dataSet, 'real') === 'LOADED').length,
    );
    console.log(`the whole mirror: ${seconds} s, ${Math.round(load.peakMemory / MB)} MB of memory at most`);
    expect(load.peakMemory).toBeLessThan(MEMORY);
    if (process.platform === 'linux') expect(load.peakMemory).toBeGreaterThan(0);
  });

  it('takes up to one and a half times the bytes of its files, indexes included', async () => {
    const [{ database, files }] = await loading.rows(
      'SELECT pg_database_size(current_database())::float8 AS database, (SELECT sum(bytes) FROM release)::float8 AS files',
    );
    console.log(
      `database ${Math.round(database / MB)} MB, files ${Math.round(files / MB)} MB: ${(database / files).toFixed(2)}`,
    );
    expect(files).toBeGreaterThan(150 * MB);
    expect(database / files).toBeLessThan(DATABASE_PER_CSV_BYTE);
  });

  it('with nothing new is looked at in a small part of the time', async () => {
    const took: number[] = [];
    for (let look = 0; look < LOOKS; look += 1) {
      const started = performance.now();
      const results = await loading.load();
      took.push(Math.round(performance.now() - started));
      const outcomes = new Set(results.map(({ outcome }) => outcome));
      expect([...outcomes].sort()).toEqual(['UNAVAILABLE', 'UNCHANGED']);
    }
    console.log(`nothing new: ${took.join(', ')} ms`);
    expect(Math.min(...took)).toBeLessThan(seconds * 1000 * NOTHING_NEW_SHARE);
  });
});
