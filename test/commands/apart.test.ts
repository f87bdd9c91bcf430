/** API and jobs as processes of their own on one database: replicas, as a deployment would run them. */
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATA_SETS } from '../../jobs/catalogue.js';
import { ALL_LOADED, ALL_UNCHANGED, OF_TODAY } from '../data-sets.js';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { beginWith, publishedFiles } from './prepared.js';
import { Publisher } from './publisher.js';
import {
  endEverything,
  leavesNothing,
  portIsFree,
  runCommand,
  startCommand,
  temporaryFolder,
} from './running-command.js';

let folder: string;
let own: OwnDatabase;
let publisher: Publisher;
let settings: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await temporaryFolder();
  publisher = await Publisher.of(await publishedFiles());
  own = await ownDatabase('empty');
  settings = { ...publisher.settings, DATABASE_URL: own.url };
});

afterEach(async () => {
  publisher.close();
  await endEverything();
  await own.drop();
});

describe('serve', () => {
  it('answers from what is loaded, asks no publisher, and shows what jobs load beside it', async () => {
    publisher.hold(/./);
    const serve = await startCommand(['serve'], folder, settings);
    await serve.ready();
    await serve.says('no jobs: what is loaded is served');
    expect((await serve.ask('{ regions { name } }')).data.regions).toEqual([]);
    publisher.letGo();
    expect((await runCommand(['load', 'region-local-authorities'], folder, settings)).code).toBe(0);
    expect((await serve.ask('{ regions { name } }')).data.regions).toHaveLength(9);
    expect(await serve.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    expect(serve.output).not.toMatch(/loaded \(|UNAVAILABLE/);
    await leavesNothing(folder, serve);
  });

  it('beside a running start uses its embedded database, and leaves it running', async () => {
    await beginWith('everything', folder);
    const start = await startCommand(['start'], folder, publisher.settings);
    await start.says(ALL_UNCHANGED);
    const serve = await startCommand(['serve'], folder, publisher.settings);
    await serve.ready();
    const query = '{ schools(first: 5) { totalCount nodes { urn name } } }';
    expect((await serve.ask(query)).data).toEqual((await start.ask(query)).data);
    expect(await serve.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect((await start.ask(query)).data.schools.nodes).toHaveLength(5);
    expect(await start.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);
  });

  it('alone starts the embedded database itself, and stops it', async () => {
    const serve = await startCommand(['serve'], folder);
    await serve.ready();
    expect(await serve.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, serve);
  });
});

describe('jobs', () => {
  it('loads what is due without an API, stays for the schedule, and ends with 0', async () => {
    const jobs = await startCommand(['jobs'], folder, settings);
    await jobs.says(ALL_LOADED);
    expect(await jobs.status('/healthz'), 'nobody listens').toBe(0);
    expect(await portIsFree(Number(new URL(jobs.address).port))).toBe(true);
    expect(await jobs.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, jobs);
  });

  it('twice on one database load every data set once between them', async () => {
    const both = await Promise.all([
      startCommand(['jobs'], folder, settings),
      startCommand(['jobs'], folder, settings),
    ]);
    await Promise.all(both.map((jobs) => jobs.says(/Data sets: /)));
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    try {
      const { rows } = await client.query(
        `SELECT (SELECT count(*)::int FROM schoolgraph.data_set) AS data_sets, count(*)::int AS releases,
           count(DISTINCT data_set_number)::int AS loaded FROM schoolgraph.release`,
      );
      const ofToday = OF_TODAY.length;
      expect(rows[0]).toEqual({ data_sets: DATA_SETS.length, releases: ofToday, loaded: ofToday });
      const runs = await client.query(
        "SELECT FROM schoolgraph.run WHERE outcome NOT IN ('LOADED', 'UNCHANGED')",
      );
      expect(runs.rowCount, 'no run failed because of the other').toBe(0);
    } finally {
      await client.end();
    }
    for (const jobs of both) expect(await jobs.end('SIGINT')).toEqual({ code: 0, signal: null });
  });
});

describe('start with DATABASE_URL', () => {
  it('starts no Postgres of its own, and no password is printed', async () => {
    const start = await startCommand(['start'], folder, settings);
    await start.says(ALL_LOADED);
    await start.says('Database: DATABASE_URL');
    expect((await start.ask('{ regions { name } }')).data.regions).toHaveLength(9);
    expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    // A server that trusts its own machine needs none.
    const { password } = new URL(own.url);
    if (password) expect(start.output).not.toContain(password);
    await leavesNothing(folder, start);
  });

  it.each([
    'start',
    'serve',
    'jobs',
    'load',
    'status',
  ])('%s says that the database cannot be reached, without its password, and ends with 1', async (name) => {
    const nowhere = new URL(own.url);
    nowhere.port = '1';
    nowhere.password = 'hidden-word';
    const { code, output } = await runCommand([name], folder, { ...settings, DATABASE_URL: nowhere.href });
    expect(code).toBe(1);
    expect(output).toMatch(/DATABASE_UNAVAILABLE: The database cannot be reached: .*ECONNREFUSED/);
    expect(output).not.toContain('hidden-word');
    expect(output).not.toMatch(/^\s+at .*\d+:\d+/m);
    await leavesNothing(folder);
  });
});
