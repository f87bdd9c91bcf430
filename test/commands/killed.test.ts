/** kill -9 at the worst moments: what is left ends by itself, and the next start completes what was begun. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATA_SETS } from '../../jobs/catalogue.js';
import { runningEmbeddedPostgres } from '../../src/embedded-postgres/running.js';
import { OF_THE_PAST } from '../data-sets.js';
import { beginWith, publishedFiles } from './prepared.js';
import { Publisher } from './publisher.js';
import {
  endEverything,
  leavesNothing,
  processesOf,
  type RunningCommand,
  runCommand,
  startCommand,
  temporaryFolder,
  until,
} from './running-command.js';

let folder: string;
let publisher: Publisher;
let client: pg.Client | null;

beforeEach(async () => {
  client = null;
  folder = await temporaryFolder();
  publisher = await Publisher.of(await publishedFiles());
});

afterEach(async () => {
  publisher.close();
  await client?.end().catch(() => {});
  await endEverything();
});

/** A connection of the test's own to the embedded database of a running command. */
async function connect(): Promise<pg.Client> {
  const url = new URL((await runningEmbeddedPostgres(join(folder, 'data', 'postgres')))!);
  url.pathname = '/schoolgraph';
  client = new pg.Client({ connectionString: url.href });
  client.on('error', () => {}); // the database will be killed under it
  await client.connect();
  return client;
}

/** Stops the jobs in the middle of staging: rows are on their way into a table that the test has locked. */
async function inTheMiddleOfStaging(start: RunningCommand): Promise<void> {
  await start.ready();
  await publisher.isAsked();
  const { query } = await connect().then((connected) => ({
    query: (text: string) => connected.query(text),
  }));
  await query('BEGIN');
  await query('LOCK TABLE schoolgraph.school IN ACCESS EXCLUSIVE MODE');
  publisher.letGo();
  await until('the load waits for the table', async () => {
    const { rows } = await query(
      "SELECT FROM pg_stat_activity WHERE application_name = 'schoolgraph-jobs' AND wait_event_type = 'Lock'",
    );
    return rows.length > 0;
  });
}

async function everythingIsThere(start: RunningCommand): Promise<void> {
  await start.says(/Data sets: .* 0 not to be had now/);
  const { data } = await start.ask(
    '{ schools { totalCount nodes { urn } } dataStatus { dataSets { id release { rows: rowsRead } lastRun { outcome } } } }',
  );
  expect(data.schools.totalCount).toBeGreaterThan(60);
  expect(data.dataStatus.dataSets).toHaveLength(DATA_SETS.length);
  const past = new Set(OF_THE_PAST.map(({ id }) => id));
  for (const { id, release, lastRun } of data.dataStatus.dataSets) {
    if (past.has(id)) expect(release).toBeNull();
    else expect(release.rows).toBeGreaterThan(0);
    expect(lastRun.outcome).toMatch(/LOADED|UNCHANGED/);
  }
}

const halvesOfFiles = async () =>
  (await readdir(join(folder, 'data', 'files'))).filter((name) => name.startsWith('partial'));

describe('kill -9 of start', () => {
  it('while a file is fetched: everything ends by itself, and the next start completes the load', async () => {
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, publisher.settings);
    await start.ready();
    await publisher.isAsked();
    expect(processesOf(folder).some((line) => line.includes('main.js jobs'))).toBe(true);
    await start.end('SIGKILL');
    await leavesNothing(folder, start);
    publisher.letGo();
    const again = await startCommand(['start'], folder, publisher.settings);
    await everythingIsThere(again);
    expect(await halvesOfFiles(), 'the half of a file that was fetched').toEqual([]);
  });

  it('while rows are written: everything ends by itself, and the next start completes the load', async () => {
    await beginWith('everything but the register', folder);
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, publisher.settings);
    await inTheMiddleOfStaging(start);
    await start.end('SIGKILL');
    await leavesNothing(folder, start);
    const again = await startCommand(['start'], folder, publisher.settings);
    await everythingIsThere(again);
    const { rows } = await (await connect()).query(
      'SELECT count(DISTINCT urn) = count(*) AS once FROM schoolgraph.school',
    );
    expect(rows[0].once, 'no row of the load that was cut off').toBe(true);
    expect((await runCommand(['status', 'gias-establishments'], folder)).code).toBe(0);
    expect(await again.end('SIGINT')).toEqual({ code: 0, signal: null });
  });

  it('of its whole group at once: the next start needs nobody to clean up', async () => {
    await beginWith('everything but the register', folder);
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, publisher.settings);
    await start.ready();
    await publisher.isAsked();
    for (const line of processesOf(folder)) {
      try {
        process.kill(Number.parseInt(line, 10), 'SIGKILL');
      } catch (error) {
        // One that ended by itself, because another was killed, is as good.
        if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
      }
    }
    await leavesNothing(folder, start);
    publisher.letGo();
    const again = await startCommand(['start'], folder, publisher.settings);
    await everythingIsThere(again);
  });
});

/** What was loaded after the end had been asked for. */
const afterStopping = ({ output }: RunningCommand) =>
  [...output.split('Stopping')[1]!.matchAll(/([\w-]+): loaded/g)].map(([, id]) => id);

describe('ending in the middle of writing rows', () => {
  it('Ctrl-C finishes the load that is being written, and begins no other', async () => {
    await beginWith('everything but the register', folder);
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, publisher.settings);
    await inTheMiddleOfStaging(start);
    const ended = start.end('SIGINT', 'group');
    await start.says('Stopping');
    await until('nobody listens', async () => (await start.status('/healthz')) === 0);
    const { rows } = await client!.query(
      "SELECT FROM pg_stat_activity WHERE application_name = 'schoolgraph-jobs' AND wait_event_type = 'Lock'",
    );
    expect(rows.length, 'the load still waits for the table').toBeGreaterThan(0);
    await client!.query('COMMIT');
    expect(await ended).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);
    expect(afterStopping(start)).toEqual(['gias-establishments']);
  });

  it('Ctrl-C again ends start at once, and the next start completes the load', async () => {
    await beginWith('everything but the register', folder);
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, { ...publisher.settings, SHUTDOWN_MS: '600000' });
    await inTheMiddleOfStaging(start);
    const ended = start.end('SIGINT', 'group');
    await start.says('Stopping');
    // Two signals within a second are one key press.
    await sleep(1_500);
    process.kill(-start.pid, 'SIGINT');
    expect(await ended).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);
    expect(afterStopping(start)).toEqual([]);
    await everythingIsThere(await startCommand(['start'], folder, publisher.settings));
  });

  it('Ctrl-C ends load, its own database too, and the next load completes it', async () => {
    await beginWith('everything but the register', folder);
    publisher.hold(/\/edubasealldata/);
    const load = await startCommand(['load'], folder, publisher.settings);
    await publisher.isAsked();
    const { code } = await load.end('SIGINT', 'group');
    expect(code).not.toBe(0);
    await leavesNothing(folder);
    publisher.letGo();
    expect((await runCommand(['load'], folder, publisher.settings)).code).toBe(0);
  });
});
