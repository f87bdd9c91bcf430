/** Faults of what stands under a load: the disk of the files, the disk of the database, the database itself. */
import { randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../loading/load-process.js';
import { Rehearsal } from './rehearsal.js';
import { SmallDisk } from './small-disk.js';

let rehearsal: Rehearsal;
let disk: SmallDisk | null = null;

beforeAll(async () => {
  rehearsal = await Rehearsal.open(['register']);
});
afterAll(() => rehearsal.close());
afterEach(async () => {
  rehearsal.server.restore();
  rehearsal.environment = {};
  await disk?.remove();
  disk = null;
});

const load = () => rehearsal.loading.load([rehearsal.idOf('register')], rehearsal.environment);

/** An edition in which every row of the register is another. */
async function everyRowChanged(): Promise<Buffer> {
  const lines = await rehearsal.linesOf('register');
  const changed = lines.map((line, at) =>
    at === 0 ? line : line.replace('"Sample ', `"Sample ${at} of many `),
  );
  return rehearsal.whole('register', changed);
}

describe('a full disk', () => {
  it('disk full, where the fetched files are: no half file is left, what stood stays, and the load succeeds when there is room', async ({
    skip,
  }) => {
    disk = await SmallDisk.mount(32);
    if (!disk) return skip('no small disk can be mounted');
    rehearsal.environment = { DATA_DIR: disk.path };
    await rehearsal.publish('register');
    await rehearsal.changesNothing(
      'register',
      {
        outcome: 'FAILED',
        says: /^the disk of the fetched files is full \(ENOSPC: .+\)$/,
        toDo: /^make room in DATA_DIR, then load again: npm run load, or wait for the next look$/,
      },
      load,
    );
    expect(await readdir(`${disk.path}/files`)).toEqual([]);
    disk.resize(16 * 1024);
    await rehearsal.heals('register');
    expect(await readdir(`${disk.path}/files`)).toHaveLength(1);
  });

  it('disk full, where the database is: nothing of the load is kept, what stood stays, and the load succeeds when there is room', async ({
    skip,
  }) => {
    const { loading } = rehearsal;
    const directory = await loading.value('SHOW data_directory');
    const owner = await stat(directory).catch(() => null);
    disk = owner && (await SmallDisk.mount(16 * 1024, owner.uid));
    if (!disk) return skip('no small disk can be mounted for the database');
    const name = `schoolgraph_small_${randomBytes(6).toString('hex')}`;
    await loading.rows(`CREATE TABLESPACE ${name} LOCATION '${disk.path}'`);
    const moveTo = async (tablespace: string) => {
      await loading.rows(`ALTER TABLE school SET TABLESPACE ${tablespace}`);
      const indexes = await loading.rows(`SELECT indexname FROM pg_indexes WHERE tablename = 'school'`);
      for (const { indexname } of indexes) {
        await loading.rows(`ALTER INDEX ${indexname} SET TABLESPACE ${tablespace}`);
      }
    };
    try {
      await moveTo(name);
      disk.resize(disk.kilobytesUsed);
      rehearsal.server.replace(rehearsal.urlOf('register'), { body: await everyRowChanged() });
      await rehearsal.changesNothing(
        'register',
        {
          outcome: 'FAILED',
          says: /^the disk of the database is full \(could not extend file .+\)$/,
          toDo: /^make room for the database, then load again: npm run load, or wait for the next look$/,
        },
        load,
      );
      disk.resize(16 * 1024);
      await rehearsal.heals('register');
    } finally {
      await moveTo('pg_default');
      await loading.rows(`DROP TABLESPACE ${name}`);
    }
  });
});

describe('a connection', () => {
  it.each([
    ['with its last rows on the way', 0],
    ['with most rows still to be sent', 20_000],
  ])('a load that loses its database in the middle of writing, %s, publishes nothing and lets readers read on; the next one is whole', async (_when, longer) => {
    const before = await rehearsal.answer('register');
    const holder = new pg.Client({ connectionString: rehearsal.loading.database.url });
    await holder.connect();
    const rows = (await rehearsal.linesOf('register')).map((line) =>
      line.replace('"Sample ', `"Sample ${'x'.repeat(longer)} `),
    );
    rehearsal.server.replace(rehearsal.urlOf('register'), { body: rehearsal.whole('register', rows) });
    await rehearsal.changesNothing(
      'register',
      {
        outcome: 'FAILED',
        says: /^the database went away during the load \(terminating connection due to administrator command\)$/,
        toDo: /^see that the database runs, then load again: npm run load, or wait for the next look$/,
      },
      async () => {
        // Rows can be read and not written: the load is caught in its first row.
        await holder.query('BEGIN; LOCK TABLE schoolgraph.school IN SHARE MODE');
        const loading = load();
        const caught = `datname = current_database() AND application_name = 'schoolgraph-jobs' AND wait_event_type = 'Lock'`;
        await until(
          async () => (await holder.query(`SELECT FROM pg_stat_activity WHERE ${caught}`)).rowCount === 1,
        );
        expect(await rehearsal.answer('register')).toEqual(before);
        await holder.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${caught}`);
        const results = await loading;
        await holder.end();
        return results;
      },
    );
    await rehearsal.heals('register');
  });
});
