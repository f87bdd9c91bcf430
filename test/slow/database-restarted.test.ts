/** The database itself goes down in the middle of a load and comes back: nothing is lost, and nobody has to help. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/embedded-postgres/embedded-postgres.js';
import { temporaryFolder } from '../commands/running-command.js';
import { Rehearsal } from '../faults/rehearsal.js';
import { until } from '../loading/load-process.js';

let folder: string;
let server: EmbeddedPostgres;
let rehearsal: Rehearsal;
beforeAll(async () => {
  // A server of the test's own: that of the suite has other tests on it.
  folder = await temporaryFolder();
  server = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), report: () => {} });
  rehearsal = await Rehearsal.open(['statistics', 'register'], { url: server.url, drop: async () => {} });
});
afterAll(async () => {
  await rehearsal?.close();
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function client(): Promise<pg.Client> {
  const connected = new pg.Client({ connectionString: server.url });
  connected.on('error', () => {}); // the server goes down under it
  await connected.connect();
  return connected;
}

describe('Postgres restarted mid-load', () => {
  it.each([
    ['while rows of a register are copied', 'register', 'school'],
    ['while what a statistics file covers is checked', 'statistics', 'data_set_period'],
  ] as const)('%s: nothing of the load is kept, readers read on, and the next load is whole', async (_when, kind, table) => {
    const before = await rehearsal.answer(kind);
    const holder = await client();
    await rehearsal.publish(kind);
    await rehearsal.changesNothing(
      kind,
      {
        outcome: 'FAILED',
        says: /^the database went away during the load \(.+\)$/,
        toDo: /^see that the database runs, then load again: npm run load, or wait for the next look$/,
      },
      async () => {
        await holder.query(`BEGIN; LOCK TABLE schoolgraph.${table} IN SHARE MODE`);
        const loading = rehearsal.loading.load([rehearsal.idOf(kind)]);
        const [caught] = await until(async () => {
          const { rows } = await holder.query<{ pid: number }>(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'schoolgraph-jobs' AND wait_event_type = 'Lock'",
          );
          return rows.length > 0 && rows;
        });
        const started = (await holder.query('SELECT pg_postmaster_start_time()')).rows[0];
        expect(await rehearsal.answer(kind)).toEqual(before);
        // A process of the server that dies takes all the others with it: it replays its log and starts again.
        process.kill(caught!.pid, 'SIGKILL');
        const results = await loading;
        await holder.end().catch(() => {});
        const again = await until(() => client().catch(() => null));
        expect((await again.query('SELECT pg_postmaster_start_time()')).rows[0]).toEqual(started);
        await again.end();
        await until(() => rehearsal.answer(kind).catch(() => null));
        return results;
      },
      { recorded: false },
    );
    await rehearsal.heals(kind);
    expect(await rehearsal.loading.value('SELECT count(*) FROM run WHERE outcome IS NULL')).toBe(0);
  });
});
