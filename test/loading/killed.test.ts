/** kill -9 in the middle of a load: nothing of it is published, it is on record, and the next load is whole. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { MirrorServer } from '../mirror-server.js';
import { LoadProcess, until } from './load-process.js';
import { Loading } from './loading.js';
import { REFERENCE, SMALL_GIAS_DATE, SmallMirror } from './small-mirror.js';

const backends = (loading: Loading, condition = 'true') =>
  loading.rows(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND backend_type = 'client backend' AND state <> 'idle' AND ${condition}`,
  );
const noneLeft = (loading: Loading) => until(async () => (await backends(loading)).length === 0);
const outcomes = (loading: Loading) =>
  loading.rows('SELECT outcome, release_id, finished_at IS NOT NULL AS ended FROM run ORDER BY id');

describe.skipIf(!hasRealFiles())('a load of 242,170 rows, killed while its rows are being copied', () => {
  const ID = 'suspensions-and-permanent-exclusions';
  let loading: Loading;
  let environment: NodeJS.ProcessEnv;
  beforeAll(async () => {
    loading = await Loading.open('empty', { SOURCE_MIRROR: inject('mirror')! });
    environment = {
      DATABASE_URL: loading.database.url,
      SOURCE_MIRROR: inject('mirror')!,
      DATA_DIR: inject('dataDirectory'),
    };
  });
  afterAll(() => loading.close());

  it('leaves nothing to be seen, is recorded as interrupted, and the second load is complete and correct', async () => {
    const before = await loading.standing();
    // However fast its rows are copied, it cannot publish them before it is killed: this row is the last that it writes.
    const holder = new pg.Client({ connectionString: loading.database.url });
    await holder.connect();
    await holder.query('BEGIN');
    await holder.query('SELECT FROM schoolgraph.data_version FOR UPDATE');
    const load = LoadProcess.start([ID], environment);
    await until(async () => {
      const [copying] = await loading.rows(
        `SELECT FROM pg_stat_progress_copy WHERE datname = current_database() AND tuples_processed > 10000
         UNION ALL SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return copying;
    });
    await load.kill();
    await holder.end();
    await noneLeft(loading);
    expect(await loading.standing()).toEqual(before);
    expect(await outcomes(loading)).toEqual([{ outcome: null, release_id: null, ended: false }]);

    const again = LoadProcess.start([ID], environment);
    expect({ code: await again.end(), output: again.output }).toMatchObject({ code: 0 });
    expect(await outcomes(loading)).toEqual([
      { outcome: 'INTERRUPTED', release_id: null, ended: true },
      { outcome: 'LOADED', release_id: expect.any(Number), ended: true },
    ]);

    const everything = `SELECT count(*)::int AS rows, sum(('x' || left(md5(t::text), 12))::bit(48)::bigint)::text AS hash FROM (
      SELECT level, place_code, period, breakdown, headcount_raw, headcount, permanent_exclusions, permanent_exclusions_raw, suspensions,
        suspensions_raw, suspension_rate, suspension_rate_raw FROM tidy.suspensions_and_permanent_exclusions) t`;
    const whole = new pg.Client({ connectionString: loadedDatabase('real') });
    await whole.connect();
    const [expected] = (await whole.query(everything)).rows;
    await whole.end();
    expect((await loading.rows(everything))[0]).toEqual(expected);
    expect(expected.rows).toBeGreaterThan(240_000);
  });
});

describe('a load that is killed at its very end', () => {
  const ID = 'local-authority-codes';
  const URL = `${REFERENCE}/las.csv`;
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

  it('does not leave a published release without its record: what is published says so, with its issues', async () => {
    let letGo = () => {};
    const after = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    server.replace(URL, { body: await mirror.text(URL), after }, 'file');
    const load = LoadProcess.start([ID], {
      DATABASE_URL: loading.database.url,
      SOURCE_MIRROR: server.address,
      GIAS_DATE: SMALL_GIAS_DATE,
      DATA_DIR: `${inject('dataDirectory')}/killed-at-the-end`,
    });
    // Whoever writes the run's end has to wait for this row, and is caught there.
    const holder = new pg.Client({ connectionString: loading.database.url });
    await holder.connect();
    const run = await until(async () => (await loading.rows('SELECT id FROM run'))[0]?.id);
    await holder.query('BEGIN');
    await holder.query('SELECT FROM schoolgraph.run WHERE id = $1 FOR UPDATE', [run]);
    letGo();
    await until(async () => (await backends(loading, "wait_event_type = 'Lock'")).length > 0);
    await load.kill();
    await loading.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    await until(async () => (await backends(loading, "wait_event_type = 'Lock'")).length === 0);
    await holder.end();
    await noneLeft(loading);

    expect(['LOADED', 'UNCHANGED']).toContain((await loading.loadOne(ID)).outcome);
    const releases = await loading.rows(
      `SELECT run.outcome, (SELECT count(*) FROM issue i WHERE i.run_id = run.id) AS issues
       FROM release r LEFT JOIN run ON run.release_id = r.id`,
    );
    const leftOut = (await mirror.text(URL))
      .split(/\r?\n/)
      .filter((line) => /,(x|\d{3} \/ \d{3})$/.test(line));
    expect(releases).toEqual([{ outcome: 'LOADED', issues: leftOut.length }]);
  });
});
