/** Ctrl-C is heard also where a start waits for somebody else. */
import pg from 'pg';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MIGRATION_LOCK } from '../../jobs/locks.js';
import {
  endEverything,
  leavesNothing,
  startCommand,
  temporaryFolder,
  until,
} from '../commands/running-command.js';
import { type OwnDatabase, ownDatabase } from '../database.js';

let folder: string;
let own: OwnDatabase;

beforeEach(async () => {
  folder = await temporaryFolder();
  own = await ownDatabase('empty');
});

afterEach(async () => {
  await endEverything();
  await own.drop();
});

it.each(['start', 'serve'])('%s ends while another process holds up the migrations', async (name) => {
  const client = new pg.Client({ connectionString: own.url });
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const command = await startCommand([name], folder, { DATABASE_URL: own.url });
    await until('it waits for the lock', async () => {
      const { rows } = await client.query(
        "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'",
      );
      return rows.length > 0;
    });
    expect(await command.end('SIGINT', 'group', 40)).toMatchObject({ signal: null });
    await leavesNothing(folder, command);
  } finally {
    await client.end();
  }
});
