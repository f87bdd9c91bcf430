/** Many processes, one database: who loads is decided in Postgres, and nothing is loaded twice. */
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { openWriterPool } from '../../src/database/database.js';
import { MirrorServer } from '../mirror-server.js';
import { LoadProcess } from './load-process.js';
import { Loading } from './loading.js';
import { ESTABLISHMENTS, GROUPS, LINKS, SMALL_GIAS_DATE, SmallMirror } from './small-mirror.js';

let mirror: SmallMirror;
let server: MirrorServer;
let loading: Loading;
beforeAll(async () => {
  mirror = await SmallMirror.make();
  server = await MirrorServer.start(mirror.folder);
  loading = await Loading.open('empty', { SOURCE_MIRROR: server.address });
});
afterAll(async () => {
  await loading.close();
  await server.close();
  await mirror.remove();
});
afterEach(() => server.restore());

const releasesOf = (id: string) =>
  loading.value(
    'SELECT count(*) FROM release r JOIN data_set d ON d.number = r.data_set_number WHERE d.id = $1',
    [id],
  );

describe('two loads of one data set at once', () => {
  it('by two processes: one loads it, the other is told that it is busy or finds it unchanged', async () => {
    server.replace(ESTABLISHMENTS, {
      body: Buffer.from(await mirror.text(ESTABLISHMENTS), 'latin1'),
      delayMs: 700,
    });
    const environment = {
      DATABASE_URL: loading.database.url,
      SOURCE_MIRROR: server.address,
      GIAS_DATE: SMALL_GIAS_DATE,
      DATA_DIR: `${inject('dataDirectory')}/at-once`,
    };
    const both = [1, 2].map(() => LoadProcess.start(['gias-establishments'], environment));
    const codes = await Promise.all(both.map((load) => load.end()));
    const told = both.map(({ output }) => /gias-establishments: (\w+)/.exec(output)?.[1]).sort();
    expect([
      ['busy', 'loaded'],
      ['loaded', 'unchanged'],
    ]).toContainEqual(told);
    expect(codes).toContain(0);
    expect(await releasesOf('gias-establishments')).toBe(1);
    expect(await loading.value('SELECT count(*) FROM school')).toBe(172);
    expect(
      await loading.rows(`SELECT outcome FROM run WHERE outcome NOT IN ('LOADED', 'UNCHANGED')`),
    ).toEqual([]);
  });

  it('by eight in one moment: it is loaded once, and no run is left open', async () => {
    server.replace(GROUPS, { body: Buffer.from(await mirror.text(GROUPS), 'latin1'), delayMs: 300 });
    const pools = Array.from({ length: 8 }, () => openWriterPool(loading.database.url));
    const results = await Promise.all(
      pools.map((pool) => loading.loads({}, pool).load([loading.dataSet('gias-groups')])),
    );
    await Promise.all(pools.map((pool) => pool.end()));
    const outcomes = results.flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'LOADED')).toHaveLength(1);
    expect(outcomes.filter((outcome) => !['LOADED', 'BUSY', 'UNCHANGED'].includes(outcome))).toEqual([]);
    expect(await releasesOf('gias-groups')).toBe(1);
    expect(await loading.value('SELECT count(*) FROM run WHERE outcome IS NULL')).toBe(0);
  });
});

describe('two data sets at once', () => {
  it('are both loaded, one after the other', async () => {
    server.replace(LINKS, { body: Buffer.from(await mirror.text(LINKS), 'latin1'), delayMs: 200 });
    const [statistics, links] = await Promise.all([
      loading.loadOne('suspensions-and-permanent-exclusions'),
      loading.loadOne('gias-establishment-links'),
    ]);
    expect([statistics.outcome, links.outcome]).toEqual(['LOADED', 'LOADED']);
  });
});
