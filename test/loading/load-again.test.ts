/** Loading twice: the second time nothing is downloaded, nothing is written, and nobody waits. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { DATA_SETS } from '../../jobs/catalogue.js';
import { firstOutcome, OF_TODAY, ONLY_IN_SAMPLE } from '../data-sets.js';
import { hasRealFiles } from '../database.js';
import { MirrorServer } from '../mirror-server.js';
import { Loading } from './loading.js';
import { GROUPS, REFERENCE, SmallMirror } from './small-mirror.js';

/**
 * What a look at a data set in which nothing has changed may cost on average, whatever the machine: its release is asked for, and
 * its files, and it is claimed, recorded and let go.
 */
const MOST_STATEMENTS = 20;
const MOST_REQUESTS = 5;

const byUrl = (one: { url: string }, other: { url: string }) => one.url.localeCompare(other.url);

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
      first.map(({ dataSet }) => [dataSet.id, firstOutcome(dataSet)]),
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
    const loaded = await loading.rows('SELECT url FROM release_file ORDER BY url');
    // School years that are not there yet are looked for again.
    const files = server.requests.filter(
      ({ url, status }) => /\.(csv|xlsx|geojson)$|\/files\/|\/download-data/.test(url) && status !== 404,
    );
    // A mirror writes the question mark of an address as @.
    const asked = files.map((file) => ({ ...file, url: file.url.replace('@download=', '?download=') }));
    expect(asked.toSorted(byUrl)).toEqual(
      loaded.map(({ url }) => ({ url, status: 304, bytes: 0 })).toSorted(byUrl),
    );
  });

  it('moves the data version where a declaration has changed, once: titles and indicators come of it', async () => {
    const version = async () => Number(await loading.value('SELECT version FROM data_version'));
    const before = await version();
    await loading.rows("UPDATE data_set SET definition_hash = 'another' WHERE id = 'gias-groups'");
    await loading.loads().define();
    expect(await version()).toBe(before + 1);
    await loading.loads().define();
    expect(await version()).toBe(before + 1);
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
    const before = await loading.rows('SELECT * FROM establishment_group ORDER BY uid, from_release');
    expect(await loading.loadOne('gias-groups')).toMatchObject({
      outcome: 'LOADED',
      message: '1 release read again from the kept files',
    });
    expect(await loading.rows('SELECT * FROM establishment_group ORDER BY uid, from_release')).toEqual(
      before,
    );
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

  it('takes a few small requests and statements for each, downloads no data file and writes nothing', async () => {
    const before = await loading.value('SELECT version FROM data_version');
    server.restore();
    const statements = vi.spyOn(pg.Client.prototype, 'query');
    const again = await loading.load();
    const issued = statements.mock.calls.map(([one]) => String((one as { text?: string }).text ?? one));
    statements.mockRestore();
    const others = again.filter(({ outcome }) => outcome !== 'UNCHANGED');
    expect(others.map(({ dataSet, outcome }) => [dataSet.id, outcome])).toEqual(
      ONLY_IN_SAMPLE.map((id) => [id, 'UNAVAILABLE']),
    );
    expect(issued.filter((text) => /^\s*COPY/i.test(text))).toEqual([]);
    expect(issued.length).toBeLessThanOrEqual(MOST_STATEMENTS * DATA_SETS.length);
    expect(server.requests.length).toBeLessThanOrEqual(MOST_REQUESTS * DATA_SETS.length);
    expect(server.requests.filter(({ bytes }) => bytes > 10_000)).toEqual([]);
    expect(await loading.value('SELECT version FROM data_version')).toBe(before);
    expect(await loading.value('SELECT count(*) FROM release')).toBe(OF_TODAY.length - ONLY_IN_SAMPLE.length);
  });
});
