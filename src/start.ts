/**
 * start: database, API and jobs together. The jobs are a process of their own, so that reading large files never
 * keeps an answer waiting and a fault in one does not end the other. Whatever happens, everything that was
 * started is stopped again, the database last.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EXIT } from './commands.js';
import { type Database, openDatabase } from './database.js';
import { GraphHttpServer } from './server.js';
import { environmentWith, readSettings } from './settings.js';
import { askedToEnd } from './shutdown.js';

/** A jobs process that dies is started again, but not in a loop. */
const RESTART_MS = 30_000;
const CHILD_STOP_MS = 10_000;

const say = (line: string) => console.log(line);

export async function start({ sample }: { sample: boolean }): Promise<number> {
  const settings = readSettings();
  const ended = askedToEnd();
  const server = new GraphHttpServer(settings);
  const port = await server.listen();
  let database: Database | null = null;
  let jobs: Jobs | null = null;
  try {
    database = await openDatabase(settings, say);
    say(
      database.embedded
        ? `Database: embedded Postgres in ${database.embedded.directory}`
        : 'Database: DATABASE_URL',
    );
    jobs = new Jobs(database, sample);
    // Declares the data sets before anybody asks, then loads; the graph opens in between.
    await jobs.defined;
    await server.open(database.readerUrl, database.readerOptions);
    say(`API: http://localhost:${port}/graphql (open it in a browser to try it). Ctrl-C stops everything.`);
    await ended;
    say('Stopping …');
  } finally {
    await Promise.all([server.close(), jobs?.stop()]);
    await database?.close();
  }
  return EXIT.ok;
}

export async function serve(): Promise<number> {
  const settings = readSettings();
  const ended = askedToEnd();
  const server = new GraphHttpServer(settings);
  const port = await server.listen();
  let database: Database | null = null;
  try {
    database = await openDatabase(settings, say, { attach: true });
    await server.open(database.readerUrl, database.readerOptions);
    say(`API: http://localhost:${port}/graphql (no jobs: what is loaded is served). Ctrl-C stops it.`);
    await ended;
    say('Stopping …');
  } finally {
    await server.close();
    await database?.close();
  }
  return EXIT.ok;
}

/** The jobs process, started again when it dies. */
class Jobs {
  /** Resolves when the data sets are declared in the database. */
  readonly defined: Promise<void>;
  private child: ChildProcess | null = null;
  private stopping = false;
  private again: NodeJS.Timeout | null = null;

  constructor(
    private readonly database: Database,
    private readonly sample: boolean,
  ) {
    this.defined = new Promise((resolve, reject) => this.spawn(resolve, reject));
  }

  private spawn(onDefined?: () => void, onFailed?: (error: Error) => void): void {
    const options = ['jobs'];
    if (this.database.embedded) options.push('--embedded');
    if (this.sample) options.push('--sample');
    // In a process group of its own on Unix: Ctrl-C is passed on by us, in our order.
    const child = fork(fileURLToPath(new URL('./main.js', import.meta.url)), options, {
      detached: process.platform !== 'win32',
      env: environmentWith({
        databaseUrl: this.database.writerUrl,
        databaseReaderUrl: this.database.readerUrl,
      }),
    });
    this.child = child;
    child.once('message', () => onDefined?.());
    child.once('exit', (code, signal) => {
      this.child = null;
      if (this.stopping) return;
      if (onFailed && code === EXIT.usage) return onFailed(new Error('the jobs refused their settings'));
      console.error(
        `The jobs ended (${signal ?? `exit code ${code}`}); they start again in ${RESTART_MS / 1000} s.`,
      );
      this.again = setTimeout(() => this.spawn(onDefined, onFailed), RESTART_MS);
    });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.again) clearTimeout(this.again);
    const { child } = this;
    if (!child) return;
    await new Promise<void>((resolve) => {
      const kill = setTimeout(() => child.kill('SIGKILL'), CHILD_STOP_MS);
      child.once('exit', () => {
        clearTimeout(kill);
        resolve();
      });
      child.kill('SIGTERM');
    });
  }
}
