/**
 * The commands as their users run them: processes of their own, with the settings of a test and no others.
 * Whatever a test starts is tied to its folder (see `processesOf`), so that afterEach can end all of it.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fallbackFor } from '../../src/embedded-postgres/account.js';
import type { Answer } from '../graph.js';

export const PROJECT = resolve(import.meta.dirname, '../..');
const linux = process.platform === 'linux';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

interface Options {
  /** Where the command is run; its build is there. */
  project?: string;
  uid?: number;
  gid?: number;
  /** Instead of `node dist/src/main.js`. */
  program?: readonly string[];
}

/** Polls; throws with `what` when it is not so in time. Commands answer in seconds, on a busy machine in many: two minutes are a fault. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  milliseconds = 120_000,
): Promise<NonNullable<T>> {
  const limit = Date.now() + milliseconds;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > limit) throw new Error(`not within ${milliseconds / 1000} s: ${what}`);
    await sleep(25);
  }
}

export class RunningCommand {
  output = '';
  readonly ended: Promise<Ended>;
  private over: Ended | null = null;
  private wasReady = false;

  constructor(
    readonly process: ChildProcess,
    private readonly port: number,
  ) {
    for (const stream of [process.stdout, process.stderr]) {
      stream!.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
    // 'close', not 'exit': all that it printed has then been read.
    this.ended = new Promise((resolve, reject) => {
      process.once('error', reject);
      process.once('exit', (code, signal) => {
        this.over = { code, signal };
      });
      process.once('close', (code, signal) => resolve({ code, signal }));
    });
  }

  get pid(): number {
    return this.process.pid!;
  }

  /** Waits until it has printed this; fails at once when it ends before. */
  async says(text: string | RegExp, milliseconds?: number): Promise<void> {
    const said = () => (typeof text === 'string' ? this.output.includes(text) : text.test(this.output));
    await until(`"${text}" in what was printed`, () => said() || this.over, milliseconds).catch((error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
    if (!said())
      throw new Error(`it ended (${JSON.stringify(this.over)}) without "${text}":\n${this.output}`);
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Asks the graph; the first question waits until it is open. */
  async ask(query: string): Promise<Answer & { headers: Headers; status: number }> {
    if (!this.wasReady) await this.ready();
    const response = await fetch(`${this.address}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Connection: 'close' },
      body: JSON.stringify({ query }),
    });
    return { ...((await response.json()) as Answer), headers: response.headers, status: response.status };
  }

  /** HTTP status of a path; 0 when nobody listens. */
  async status(path: string): Promise<number> {
    return fetch(this.address + path, { headers: { Connection: 'close' } }).then(
      async (response) => {
        await response.arrayBuffer();
        return response.status;
      },
      () => 0,
    );
  }

  async ready(milliseconds?: number): Promise<this> {
    const asked = async () => (await this.status('/readyz')) === 200 || this.over;
    await until('ready', asked, milliseconds).catch((error) => {
      throw new Error(`${error.message}\n${this.output}`);
    });
    if (this.over) throw new Error(`it ended (${JSON.stringify(this.over)}):\n${this.output}`);
    this.wasReady = true;
    return this;
  }

  /** A signal to the command alone, or, as a terminal does, to all of its group. */
  async end(signal: NodeJS.Signals, to: 'command' | 'group' = 'command', seconds = 60): Promise<Ended> {
    process.kill(to === 'group' ? -this.pid : this.pid, signal);
    const late = sleep(seconds * 1000, undefined, { ref: false }).then(() => {
      throw new Error(`it did not end within ${seconds} s of ${signal}:\n${this.output}`);
    });
    return Promise.race([this.ended, late]);
  }
}

const folders: string[] = [];
const running: RunningCommand[] = [];

/** A folder of the test's own, which the account that root lends to Postgres can reach. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-command-'));
  folders.push(folder);
  await chmod(folder, 0o755);
  await mkdir(join(folder, 'tmp'), { mode: 0o777 });
  await chmod(join(folder, 'tmp'), 0o1777);
  return folder;
}

/** Starts a command in the test's folder: its data, its temporary files, and its mark on every process. */
export async function startCommand(
  words: readonly string[],
  folder: string,
  settings: NodeJS.ProcessEnv = {},
  { project = PROJECT, program = [process.execPath, 'dist/src/main.js'], uid, gid }: Options = {},
): Promise<RunningCommand> {
  const port = Number(settings['PORT'] ?? (await freePort()));
  const child = spawn(program[0]!, [...program.slice(1), ...words], {
    cwd: project,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid, gid }),
    env: {
      // Postgres and its guard get PATH and nothing else of ours: the folder in it makes them known.
      PATH: `${process.env['PATH']}:${folder}/none`,
      HOME: folder,
      TMPDIR: join(folder, 'tmp'),
      DATA_DIR: join(folder, 'data'),
      PORT: String(port),
      ...settings,
    },
  });
  const command = new RunningCommand(child, port);
  running.push(command);
  return command;
}

export interface Finished extends Ended {
  output: string;
}

/** Runs a command to its end. */
export async function runCommand(
  words: readonly string[],
  folder: string,
  settings: NodeJS.ProcessEnv = {},
  options: Options = {},
): Promise<Finished> {
  const command = await startCommand(words, folder, settings, options);
  return { ...(await command.ended), output: command.output };
}

/**
 * Below what the system gives to whoever asks for any port, and apart from what the other workers take: nobody is given it before
 * the command listens there.
 */
let lastPort = 16_000 + 3_000 * (Number(process.env['VITEST_POOL_ID'] ?? 0) % 4) + randomInt(2_000);

export async function freePort(): Promise<number> {
  do lastPort += 1;
  while (!(await portIsFree(lastPort)));
  return lastPort;
}

/** True when a server could listen there now. */
export async function portIsFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}

/** Living processes that belong to a folder: it is in their words, their environment, or they work in it. */
export function processesOf(folder: string): string[] {
  if (!linux) {
    const { stdout } = spawnSync('ps', ['-Aww', '-E', '-o', 'pid=,args='], { encoding: 'utf8' });
    return stdout.split('\n').filter((line) => line.includes(folder) && !line.includes('ps -Aww'));
  }
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) return [];
    const read = (look: () => string) => {
      try {
        return look();
      } catch {
        return ''; // gone, a zombie, or somebody else's
      }
    };
    const words = read(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    if (words === '') return [];
    const environment = read(() => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    const place = read(() => readlinkSync(`/proc/${pid}/cwd`));
    return [words, environment, place].some((text) => text.includes(folder))
      ? [`${pid} ${words.replaceAll('\0', ' ')}`]
      : [];
  });
}

/** The promise of every ending: no process, no port, no temporary file. */
export async function leavesNothing(folder: string, command?: RunningCommand): Promise<void> {
  await until(`nothing left of ours`, () => processesOf(folder).length === 0, 60_000).catch(() => {
    throw new Error(`still running:\n${processesOf(folder).join('\n')}`);
  });
  const files = readdirSync(join(folder, 'tmp'));
  if (files.length > 0) throw new Error(`left in the temporary folder: ${files.join(', ')}`);
  if (!command) return;
  const port = Number(new URL(command.address).port);
  await until(`port ${port} is free`, () => portIsFree(port), 60_000); // its owner may be just about gone
}

/** For afterEach: ends whatever the test started, however it went, and removes its folders. */
export async function endEverything(): Promise<void> {
  for (const { process: child, pid } of running.splice(0)) {
    if (child.exitCode === null && child.signalCode === null) process.kill(pid, 'SIGKILL');
  }
  for (const folder of folders.splice(0)) {
    await until(`the end of ${folder}`, () => {
      for (const line of processesOf(folder)) {
        try {
          process.kill(Number.parseInt(line, 10), 'SIGKILL');
        } catch {} // it went by itself
      }
      return processesOf(folder).length === 0;
    });
    await rm(folder, { recursive: true, force: true });
    const fallback = fallbackFor(join(folder, 'data', 'postgres'));
    if (existsSync(fallback)) await rm(fallback, { recursive: true, force: true });
  }
}
