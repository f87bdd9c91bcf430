/** Loading twice: the second time nothing is downloaded, nothing is written, and nobody waits. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, ONLY_IN_SAMPLE } from '../database.js';
import { MirrorServer } from '../mirror-server.js';
import { Loading } from './loading.js';
import { GROUPS, REFERENCE, SmallMirror } from './small-mirror.js';

describe('a second load of the same files', () => {
  let mirror: SmallMirror;
  let server: MirrorServer;
  let loading: Loading;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    server = await MirrorServer.start(mirror.folder);
    loading = await Loading.open('empty', { SOURCE_MIRROR: server.address });
    const first = await loading.load();
    expect(first.map(({ dataSet, outcome }) => [dataSet.id, outcome])).toEqual(
      first.map(({ dataSet }) => [dataSet.id, 'LOADED']),
    );
  });
  afterAll(async () => {
    await loading.close();
    await server.close();
    await mirror.remove();
  });

  it('writes nothing: no release, no row, no new data version', async () => {
    const before = await loading.standing();
    const again = await loading.load();
    expect(new Set(again.map(({ outcome }) => outcome))).toEqual(new Set(['UNCHANGED']));
    expect(await loading.standing()).toEqual(before);
  });

  it('downloads no data file: each is asked for once and answered with 304', async () => {
    server.restore();
    await loading.load();
    // School years that are not there yet are looked for again.
    const files = server.requests.filter(
      ({ url, status }) => /\.csv$|\/files\/|\/download-data@/.test(url) && status !== 404,
    );
    const kept = Number(await loading.value('SELECT count(*) FROM release_file'));
    expect(kept).toBeGreaterThan(20);
    expect(files.map(({ status, bytes }) => [status, bytes])).toEqual(Array(kept).fill([304, 0]));
  });

  it('is on record: that it looked, and found nothing', async () => {
    const run = await loading.lastRun('gias-groups');
    expect(run).toMatchObject({ outcome: 'UNCHANGED', rows_added: 0, rows_ended: 0, release_id: null });
    expect(run.finished_at).not.toBeNull();
  });

  it('downloads a file again that is no longer kept, and still writes nothing', async () => {
    const before = await loading.standing();
    const elsewhere = { DATA_DIR: `${inject('dataDirectory')}/nothing-kept` };
    const result = await loading.loadOne('gias-groups', elsewhere);
    expect(result.outcome).toBe('UNCHANGED');
    expect(await loading.standing()).toEqual(before);
  });

  it('writes nothing either when a server gives no ETag and the same bytes come again', async () => {
    const before = await loading.standing();
    const url = `${REFERENCE}/las.csv`;
    server.replace(url, { body: await mirror.text(url) });
    expect((await loading.loadOne('local-authority-codes')).outcome).toBe('UNCHANGED');
    expect(await loading.standing()).toEqual(before);
    server.restore();
  });

  it('reads the kept file again when its declaration has changed, without a download', async () => {
    await loading.rows(
      `UPDATE release SET definition_hash = 'an earlier declaration' WHERE data_set_number =
         (SELECT number FROM data_set WHERE id = 'gias-groups')`,
    );
    server.restore();
    expect(await loading.loadOne('gias-groups')).toMatchObject({ outcome: 'LOADED' });
    expect(await loading.lastRun('gias-groups')).toMatchObject({ rows_added: 0, rows_ended: 0 });
    expect(server.requests.filter(({ url }) => url === GROUPS).at(-1)).toMatchObject({ status: 304 });
    expect(await loading.loadOne('gias-groups')).toMatchObject({ outcome: 'UNCHANGED' });
  });
});

describe.skipIf(!hasRealFiles())('a second load of all the published files', () => {
  let server: MirrorServer;
  let loading: Loading;
  beforeAll(async () => {
    server = await MirrorServer.start(inject('mirror')!);
    // What the suite has fetched is kept there; it came from the folder whose ETags the server gives.
    loading = await Loading.open('real', {
      SOURCE_MIRROR: server.address,
      GIAS_DATE: '2022-09-01',
      DATA_DIR: inject('dataDirectory'),
    });
  });
  afterAll(async () => {
    await loading.close();
    await server.close();
  });

  it('takes less than two seconds over HTTP, downloads no data file and writes nothing', async () => {
    const before = await loading.value('SELECT version FROM data_version');
    const started = performance.now();
    const again = await loading.load();
    const seconds = (performance.now() - started) / 1000;
    const others = again.filter(({ outcome }) => outcome !== 'UNCHANGED');
    expect(others.map(({ dataSet, outcome }) => [dataSet.id, outcome])).toEqual(
      ONLY_IN_SAMPLE.map((id) => [id, 'UNAVAILABLE']),
    );
    expect(seconds).toBeLessThan(2);
    expect(server.requests.filter(({ bytes }) => bytes > 10_000)).toEqual([]);
    expect(await loading.value('SELECT version FROM data_version')).toBe(before);
    expect(await loading.value('SELECT count(*) FROM release')).toBe(again.length - ONLY_IN_SAMPLE.length);
  });
});
