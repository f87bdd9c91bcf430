/** The servers that are measured: each a process of its own, on the same database, with as many connections to it. */
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { environmentOnly } from '../src/settings.js';
import type { FloorSetup } from './floor.js';
import { QUESTIONS } from './questions.js';
import { TIDY_SCHEMA } from './tidy-copy.js';

/** The default of READER_CONNECTIONS: as many for everybody. */
export const CONNECTIONS = 4;
/** Where what only the benchmark needs is installed. */
export const PACKAGES = resolve('bench/postgraphile');

/** `functions`: PostGraphile, asked for fields that are SQL functions written by hand. */
export type ServerName = 'uncached' | 'cached' | 'postgraphile' | 'functions' | 'floor';

export interface RunningServer {
  name: ServerName;
  port: number;
  pid: number;
  /** Milliseconds from the start of the process to its first answer. */
  startMs: number;
  /** Megabytes of memory: now and at the most. */
  memory: () => { now: number; peak: number };
  stop: () => Promise<void>;
}

export interface Addresses {
  databaseUrl: string;
  readerUrl: string;
}

/** What every server may know of our environment, and that it is not a developer's machine. */
const environment = (own: Record<string, string>): NodeJS.ProcessEnv => ({
  ...environmentOnly(['PATH', 'HOME', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR']),
  NODE_ENV: 'production',
  ...own,
});

/** Our API, started as a user starts it. `cacheMegabytes`: 0 for none, null for what it has by default. */
export async function startOurs(
  name: ServerName,
  { databaseUrl, readerUrl }: Addresses,
  cacheMegabytes: number | null,
  nodeOptions: string[] = [],
): Promise<RunningServer> {
  const port = await freePort();
  const child = spawn(process.execPath, [...nodeOptions, 'dist/src/main.js', 'serve'], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: environment({
      PORT: String(port),
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      DATABASE_READER_URL: readerUrl,
      READER_CONNECTIONS: String(CONNECTIONS),
      // One address asks for everybody.
      RATE_LIMIT: '0',
      ...(cacheMegabytes === null ? {} : { ANSWER_CACHE_MB: String(cacheMegabytes) }),
    }),
  });
  return running(name, child, async () => port, '{ england { name } }');
}

export async function startPostgraphile({ databaseUrl }: Addresses): Promise<RunningServer> {
  const child = fork('serve.mjs', [], {
    cwd: PACKAGES,
    execPath: newerNode(),
    execArgv: [],
    env: environment({
      GRAPHILE_ENV: 'production',
      BENCH_DATABASE_URL: databaseUrl,
      BENCH_SCHEMA: TIDY_SCHEMA,
      BENCH_CONNECTIONS: String(CONNECTIONS),
    }),
  });
  return running('postgraphile', child, portFrom(child), '{ __typename }');
}

export async function startFloor({ databaseUrl }: Addresses): Promise<RunningServer> {
  const child = fork(fileURLToPath(new URL('./floor.js', import.meta.url)), { env: environment({}) });
  child.send({
    databaseUrl,
    connections: CONNECTIONS,
    statements: Object.fromEntries(
      QUESTIONS.map(({ name, floor: { sql, unprepared } }) => [name, { sql, unprepared }]),
    ),
  } satisfies FloorSetup);
  return running('floor', child, portFrom(child), '');
}

export function installPackages(say: (line: string) => void): void {
  if (existsSync(join(PACKAGES, 'node_modules', 'postgraphile'))) return;
  say('Installing PostGraphile and the Node it needs …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: PACKAGES, stdio: 'inherit' });
}

/** The Node that PostGraphile needs, from npm, in the benchmark's own folder. */
function newerNode(): string {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const manifest = createRequire(join(PACKAGES, 'package.json')).resolve(`${name}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin: { node: string } };
  return join(dirname(manifest), bin.node);
}

const portFrom = (child: ChildProcess) => async () => {
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return message.port;
};

async function running(
  name: ServerName,
  child: ChildProcess,
  portOf: () => Promise<number>,
  firstQuestion: string,
): Promise<RunningServer> {
  const started = performance.now();
  const ended = once(child, 'exit');
  let stopping = false;
  child.once('exit', (code, signal) => {
    if (!stopping) console.error(`${name} ended by itself: ${signal ?? `exit code ${code}`}`);
  });
  const stop = async () => {
    stopping = true;
    child.kill('SIGTERM');
    await ended;
  };
  try {
    const port = await Promise.race([
      portOf(),
      ended.then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`))),
    ]);
    while (!(await answers(port, firstQuestion))) {
      if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}`);
      if (performance.now() - started > 60_000) throw new Error(`${name} does not answer`);
      await new Promise((again) => setTimeout(again, 10));
    }
    return {
      name,
      port,
      pid: child.pid!,
      startMs: performance.now() - started,
      memory: () => memoryOf(child.pid!),
      stop,
    };
  } catch (error) {
    if (child.exitCode === null) await stop();
    throw error;
  }
}

const answers = (port: number, query: string) =>
  fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  }).then(
    async (response) => {
      await response.text();
      return response.status < 500;
    },
    () => false,
  );

/** What Linux says of a process; 0 where nobody does. */
function memoryOf(pid: number): { now: number; peak: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (field: string) =>
      Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0) / 1024);
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  } catch {
    return { now: 0, peak: 0 };
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  await new Promise((closed) => server.close(closed));
  return port;
}
