/**
 * Keeps a PostgreSQL server of our own in a folder, for people who have none. The rule: it may be killed at
 * any moment, started by anybody, and started again, without losing what was committed and without ever
 * asking the user to clean up. Everything lies in that one folder:
 *   cluster/data      the database            server.log   what the server said since the last start
 *   cluster/password  of the superuser        owner.json   the process that uses the folder now
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, copyFileSync, ftruncateSync, openSync, rmSync, statSync } from 'node:fs';
import {
  lchown,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rename,
  stat,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { describeError, SchoolGraphError } from '../errors.js';
import { chooseHome, type Home, removeFolder } from './account.js';
import { usableBinaries } from './binaries.js';
import { claimFolder, clearLeftovers, readLockFile, stopServer } from './owner.js';
import {
  embeddedPostgresError,
  onWindows,
  type Program,
  runProgram,
  startProgram,
  waitUntil,
} from './program.js';

export interface EmbeddedPostgres {
  /** postgres://… for the superuser, on 127.0.0.1, password included. */
  readonly url: string;
  /** Where the cluster really lies (may differ from the asked directory when run as root). */
  readonly directory: string;
  /** Fast shutdown; resolves when the server is gone. Safe to call twice. */
  stop(): Promise<void>;
}

/** For two cores and a gigabyte; nothing here weakens what a commit promises. */
const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '', // none: the path of a socket may have 107 bytes, that of a folder more
  max_connections: '60',
  shared_buffers: '256MB',
  work_mem: '32MB',
  max_wal_size: '2GB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  jit: 'off',
  // Parallel queries take their shared memory from here first: containers often have a tiny /dev/shm.
  min_dynamic_shared_memory: '192MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  logging_collector: 'off',
};
const LOG_LIMIT = 8 * 1024 * 1024;
/** Replaying the log after a crash may take long; giving up would only make it begin again. */
const START_LIMIT = 300_000;
/** A start that another, dying server or program got in the way of; worth another one. */
const PASSING =
  /lock file "postmaster.pid" already exists|shared memory block|could not bind|Address already in use/;

type Binaries = Awaited<ReturnType<typeof usableBinaries>>;
type Report = (line: string) => void;

/** Makes the database under another name and renames it when complete: what exists is never half done. */
async function createCluster(home: Home, binaries: Binaries): Promise<void> {
  const unfinished = await mkdtemp(join(home.directory, 'cluster.new-'));
  try {
    const password = join(unfinished, 'password');
    await writeFile(password, randomBytes(24).toString('hex'), { mode: 0o600, flag: 'wx', flush: true });
    if (home.account) {
      await lchown(password, home.account.uid, home.account.gid);
      await lchown(unfinished, home.account.uid, home.account.gid);
    }
    // Sorting by code point with Unicode-aware upper and lower case, built into Postgres itself: the same
    // on every machine, whatever locales it has.
    const options = [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
    ];
    const rest = ['--text-search-config=english', '--auth=scram-sha-256', '--username=postgres'];
    const where = ['-D', join(unfinished, 'data'), `--pwfile=${password}`];
    const ending = await runProgram([binaries('initdb'), ...where, ...options, ...rest], home.account, true);
    if (!ending.ok) {
      throw embeddedPostgresError(
        `No database could be made in ${home.directory}.\n${lastLines(ending.output)}`,
      );
    }
    await syncFolder(unfinished);
    await rename(unfinished, join(home.directory, 'cluster'));
    await syncFolder(home.directory);
  } catch (error) {
    await removeFolder(unfinished);
    throw error;
  }
}

/** So that a power failure finds either no database or a whole one. */
async function syncFolder(directory: string): Promise<void> {
  if (onWindows) return; // it syncs no folders
  const folder = await open(directory);
  await folder.sync().finally(() => folder.close());
}

const lastLines = (text: string): string => text.trimEnd().split('\n').slice(-12).join('\n');

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening, failed) => {
    server.once('error', failed).listen(0, '127.0.0.1', listening);
  });
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === 'object' && address ? address.port : 0;
}

interface Server {
  readonly program: Program;
  readonly pid: number;
  readonly port: number;
}

/** One try to start the server: it is ready for connections, or the reason why not. */
async function launch(
  home: Home,
  data: string,
  binaries: Binaries,
  report: Report,
): Promise<Server | string> {
  const port = await freePort();
  const logFile = join(home.directory, 'server.log');
  await rename(logFile, `${logFile}.old`).catch(() => {});
  const log = await open(logFile, 'ax', 0o600);
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [binaries('postgres'), '-D', data, '-p', String(port), ...settings];
  // In a container that was killed, the next server may get the very number of the last one.
  const before = (await readLockFile(data))?.join();
  const program = startProgram(command, { account: home.account, log: log.fd, guarded: true });
  await log.close();
  const { pid } = program;
  const slow = setTimeout(() => report('Postgres is still starting: it repairs what a crash left.'), 5_000);
  const decided = await waitUntil(async () => {
    if (program.hasEnded()) return true;
    const lines = await readLockFile(data);
    return lines?.[0] === String(pid) && lines[7] === 'ready' && lines.join() !== before;
  }, START_LIMIT);
  clearTimeout(slow);
  if (decided && !program.hasEnded() && pid !== undefined) return { program, pid, port };
  if (pid !== undefined) await stopServer(pid, program.hasEnded, binaries('pg_ctl'));
  const said = lastLines(await readFile(logFile, 'utf8').catch(() => ''));
  const why = decided ? (await program.ended).output : `not ready after ${START_LIMIT / 1000} seconds`;
  return `Postgres did not start in ${home.directory} (${why.trim()}). The end of ${logFile}:\n${said}`;
}

async function launchPatiently(
  home: Home,
  data: string,
  binaries: Binaries,
  report: Report,
): Promise<Server> {
  const started = Date.now();
  for (;;) {
    await clearLeftovers(data, home.account, binaries('pg_ctl'), report);
    const server = await launch(home, data, binaries, report);
    if (typeof server !== 'string') return server;
    if (!PASSING.test(server) || Date.now() - started > 30_000) throw embeddedPostgresError(server);
    await new Promise((again) => setTimeout(again, 300));
  }
}

/** Keeps the log below its limit while the server runs; it appends, so the file may be cut under it. */
function boundLog(directory: string): NodeJS.Timeout {
  const file = join(directory, 'server.log');
  return setInterval(() => {
    try {
      if (statSync(file).size < LOG_LIMIT) return;
      rmSync(`${file}.old`, { force: true });
      copyFileSync(file, `${file}.old`, constants.COPYFILE_EXCL);
      const log = openSync(file, constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0));
      ftruncateSync(log);
      closeSync(log);
    } catch {} // no space, or the folder is gone: the server's own trouble will say so
  }, 60_000).unref();
}

/** What a process that was killed had begun; the folder is claimed, so nobody is at work on it now. */
async function removeUnfinished(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const path = join(directory, name);
    // Looking whether the folder can be used comes before claiming it, so a young probe may be another's.
    const old = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now()) > 60_000;
    if (name.startsWith('cluster.new-') || (name.startsWith('probe-') && old)) await removeFolder(path);
  }
}

async function startIn(home: Home, report: Report): Promise<EmbeddedPostgres> {
  const release = await claimFolder(home.directory);
  try {
    const binaries = await usableBinaries(home.directory, home.account, report);
    await removeUnfinished(home.directory);
    const cluster = join(home.directory, 'cluster');
    if (!(await stat(cluster).catch(() => undefined))) await createCluster(home, binaries);
    const data = join(await realpath(cluster), 'data');
    const password = (await readFile(join(cluster, 'password'), 'utf8')).trim();
    const { program, pid, port } = await launchPatiently(home, data, binaries, report);
    const logTimer = boundLog(home.directory);
    let stopping: Promise<void> | undefined;
    void program.ended.then(({ output }) => {
      clearInterval(logTimer);
      if (stopping) return;
      report(`The database server stopped by itself (${output}); see ${join(home.directory, 'server.log')}.`);
    });
    const stop = async (): Promise<void> => {
      if (!(await stopServer(pid, program.hasEnded, binaries('pg_ctl')))) {
        throw embeddedPostgresError(`The database server (process ${pid}) does not stop.`);
      }
      await program.ended;
      release();
    };
    return {
      url: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      directory: home.directory,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** Starts the server of a folder, making the database first when there is none. */
export async function startEmbeddedPostgres(options: {
  directory: string;
  report: Report;
}): Promise<EmbeddedPostgres> {
  const asked = resolve(options.directory);
  try {
    return await startIn(await chooseHome(asked, options.report), options.report);
  } catch (error) {
    if (error instanceof SchoolGraphError) throw error;
    throw embeddedPostgresError(
      `The database in ${asked} could not be started: ${describeError(error)}`,
      error,
    );
  }
}
