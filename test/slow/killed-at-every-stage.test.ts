/** kill -9 of a load at every stage of the pipeline: either all of it is published or nothing, and the next load is whole. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOneLineWithToDo, Rehearsal } from '../faults/rehearsal.js';
import { LoadProcess, until } from '../loading/load-process.js';
import { SMALL_GIAS_DATE } from '../loading/small-mirror.js';

const KIND = 'statistics';
let rehearsal: Rehearsal;
let holder: pg.Client;
let onwards: pg.Client;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'schoolgraph-killed-'));
  rehearsal = await Rehearsal.open([KIND]);
  [holder, onwards] = await Promise.all([connect(), connect()]);
});
afterAll(async () => {
  await holder.end();
  await onwards.end();
  await rehearsal.close();
  await rm(folder, { recursive: true, force: true });
});

async function connect(): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: rehearsal.loading.database.url,
    options: '-c search_path=schoolgraph',
  });
  await client.connect();
  return client;
}

/** Loads that wait for a lock of ours: a load is caught at a stage when it is the only one. */
const waiting = () =>
  rehearsal.loading.rows(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
       AND application_name = 'schoolgraph-jobs' AND wait_event_type = 'Lock'`,
  );
const caught = () => until(async () => (await waiting()).length > 0);
const locked = (lock: string) => holder.query(`BEGIN; ${lock}`);
const ID = () => rehearsal.idOf(KIND);
const theDataSet = () => `(SELECT number FROM data_set WHERE id = '${ID()}')`;

/** Lets the load that is caught go on, up to a statement that needs what `lock` takes. */
async function onwardsTo(statement: string, lock: string): Promise<void> {
  await caught();
  await onwards.query(`BEGIN; ${lock}`);
  await holder.query('ROLLBACK');
  await until(async () =>
    rehearsal.loading
      .rows(
        `SELECT query FROM pg_stat_activity WHERE datname = current_database()
           AND application_name = 'schoolgraph-jobs' AND wait_event_type = 'Lock'`,
      )
      .then((rows) => rows.some(({ query }) => query.startsWith(statement))),
  );
}

interface Stage {
  stage: string;
  /** What the run's record says that it was doing. */
  recorded: string;
  /** Holds the load up there. */
  hold: () => Promise<unknown>;
  /** Resolves when it is there. */
  reached: () => Promise<unknown>;
  published?: true;
}

const STAGES: Stage[] = [
  {
    stage: 'claim',
    recorded: '',
    // Nobody can write into the table of runs.
    hold: () => locked('LOCK TABLE run IN SHARE MODE'),
    reached: caught,
  },
  {
    stage: 'fetch',
    recorded: 'fetch',
    hold: async () => {
      const body = await rehearsal.nextEdition(KIND);
      rehearsal.server.replace(rehearsal.urlOf(KIND), { body, stallAfter: 5_000 });
    },
    reached: () =>
      until(async () => rehearsal.server.requests.some(({ url }) => url === rehearsal.urlOf(KIND))),
  },
  {
    stage: 'contract and stage, while rows are copied',
    recorded: 'stage',
    hold: () => locked('LOCK TABLE observation IN SHARE MODE'),
    reached: caught,
  },
  {
    stage: 'check',
    recorded: 'check',
    hold: () => locked('LOCK TABLE data_set_period IN SHARE MODE'),
    reached: caught,
  },
  {
    stage: 'publish, at its beginning',
    recorded: 'publish',
    hold: () => locked('LOCK TABLE coverage IN SHARE MODE'),
    reached: caught,
  },
  {
    stage: 'publish, at its end',
    recorded: 'publish',
    hold: () => locked('SELECT FROM data_version FOR UPDATE'),
    reached: caught,
  },
  {
    stage: 'record',
    recorded: 'publish',
    hold: () => locked('SELECT FROM data_version FOR UPDATE'),
    reached: () =>
      onwardsTo(
        'UPDATE run',
        `SELECT FROM run WHERE data_set_number = ${theDataSet()} AND outcome IS NULL FOR UPDATE`,
      ),
  },
  {
    stage: 'after everything, before it has said so',
    recorded: 'publish',
    hold: () => locked('SELECT FROM data_version FOR UPDATE'),
    reached: () =>
      onwardsTo('UPDATE data_set', `SELECT FROM data_set WHERE id = '${ID()}' FOR NO KEY UPDATE`),
    published: true,
  },
];

describe('process killed at every stage:', () => {
  it.each(
    STAGES.map((stage) => [stage.stage, stage] as const),
  )('at %s: what stood stays or what is new is whole, the run is on record, and the next load makes up for it', async (_stage, {
    hold,
    reached,
    recorded,
    published,
  }) => {
    const before = { tables: await rehearsal.loading.standing(), answer: await rehearsal.answer(KIND) };
    const [{ last }] = await rehearsal.loading.rows('SELECT max(id) AS last FROM run');
    const edition = await rehearsal.publish(KIND);
    rehearsal.server.restore();
    await hold();
    const load = LoadProcess.start([ID()], {
      DATABASE_URL: rehearsal.loading.database.url,
      SOURCE_MIRROR: rehearsal.server.address,
      GIAS_DATE: SMALL_GIAS_DATE,
      DATA_DIR: folder,
    });
    await reached();
    await load.kill();
    expect(await rehearsal.answer(KIND), 'while the dead one still waits').toEqual(
      published ? expect.anything() : before.answer,
    );
    // What waited in the database for a process that is gone ends there.
    await rehearsal.loading.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()
         AND application_name = 'schoolgraph-jobs' AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()`,
    );
    await until(async () => (await waiting()).length === 0);
    await holder.query('ROLLBACK');
    await onwards.query('ROLLBACK');
    await until(async () => {
      const open = await rehearsal.loading.rows(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
           AND application_name = 'schoolgraph-jobs' AND state LIKE 'idle in transaction%'`,
      );
      return open.length === 0;
    });

    if (published) {
      expect(await rehearsal.standing(KIND)).toBe(edition);
      expect((await rehearsal.loading.loadOne(ID())).outcome).toBe('UNCHANGED');
      expect(await rehearsal.standing(KIND)).toBe(edition);
    } else {
      expect(await rehearsal.loading.standing()).toEqual(before.tables);
      expect(await rehearsal.answer(KIND)).toEqual(before.answer);
    }
    await rehearsal.heals(KIND);
    const runs = await rehearsal.loading.rows(
      'SELECT outcome, stage, message, release_id, finished_at IS NOT NULL AS ended FROM run WHERE id > $1 ORDER BY id',
      [last],
    );
    expect(runs.at(-1)).toMatchObject({ outcome: 'LOADED', ended: true });
    if (published) {
      expect(runs[0]).toMatchObject({ outcome: 'LOADED', ended: true, stage: recorded });
    } else if (recorded) {
      expect(runs[0]).toMatchObject({
        outcome: 'INTERRUPTED',
        ended: true,
        stage: recorded,
        release_id: null,
      });
      expectOneLineWithToDo(runs[0].message, {
        says: /^The process ended before the load did; nothing of it was published$/,
        toDo: /^nothing, the load after this one makes up for it\.$/,
      });
    } else expect(runs).toHaveLength(1);
  });
});
