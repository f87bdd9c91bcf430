/**
 * start: database, API and jobs together. The jobs are a process of their own, so that reading large files never
 * keeps an answer waiting and a fault in one does not end the other. Whatever happens, everything that was
 * started is stopped again, the database last.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Database, openDatabase, openWriterPool } from '../database/database.js';
import { SchoolGraphError } from '../errors.js';
import { GraphHttpServer } from '../http/server.js';
import { sayAs } from '../log.js';
import { environmentWith, readSettings, type Settings } from '../settings.js';
import { EXIT } from './commands.js';
import { askedToEnd, impatient } from './shutdown.js';

/** A jobs process that dies is started again, but not in a loop. */
const RESTART_MS = 30_000;
/** Beyond what is waited for at the end: what the jobs, and then everything, may take to be gone. */
const CHILD_STOP_MS = 10_000;
const STOP_MS = 15_000;

/** Read here, and once: what is said is said as they have it. */
function settingsOfServer(): Settings {
  const settings = readSettings();
  sayAs(settings);
  return settings;
}

const say = (line: string) => console.log(line);

export async function start({ sample }: { sample: boolean }): Promise<number> {
  const settings = settingsOfServer();
  return run(settings, async (server, port, { stopLast, stopFirst }) => {
    const database = await stopLast(openDatabase(settings, say), ({ close }) => close());
    say(
      database.embedded
        ? `Database: embedded Postgres in ${database.embedded.directory}`
        : 'Database: DATABASE_URL',
    );
    if (sample) await refuseSampleBesideRealData(database.writerUrl);
    const jobs = new Jobs(database, sample);
    await stopFirst(Promise.resolve(jobs), (_, patience) => jobs.stop(patience));
    // Declares the data sets before anybody asks, then loads; the graph opens in between.
    await jobs.defined;
    await server.open(database.readerUrl, database.readerOptions);
    say(`API: http://localhost:${port}/graphql (open it in a browser to try it). Ctrl-C stops everything.`);
  });
}

export async function serve(): Promise<number> {
  const settings = settingsOfServer();
  return run(settings, async (server, port, { stopLast }) => {
    const database = await stopLast(openDatabase(settings, say, { attach: true }), ({ close }) => close());
    await server.open(database.readerUrl, database.readerOptions);
    say(`API: http://localhost:${port}/graphql (no jobs: what is loaded is served). Ctrl-C stops it.`);
  });
}

/** Notes how what is being started is to be stopped, even when the end is asked for before it has started. */
type StopLater = <T>(
  starting: Promise<T>,
  stop: (started: T, patience: AbortSignal) => Promise<void>,
) => Promise<T>;

/** Listens, opens, waits to be asked to end — at any moment, also while opening — and stops everything, the database last. */
async function run(
  settings: Settings,
  open: (
    server: GraphHttpServer,
    port: number,
    stops: { stopFirst: StopLater; stopLast: StopLater },
  ) => Promise<void>,
): Promise<number> {
  const { asked, patience } = askedToEnd(settings.shutdownMs);
  const server = new GraphHttpServer(settings);
  const port = await server.listen();
  const first: (() => Promise<void>)[] = [() => server.close(patience)];
  const last: (() => Promise<void>)[] = [];
  let isOpen = false;
  let ending = false;
  const noting =
    (stops: (() => Promise<void>)[]): StopLater =>
    (starting, stop) => {
      stops.push(async () => {
        const started = await starting.catch(() => null);
        if (started !== null) await stop(started, patience);
      });
      // Nothing more is begun once the end has been asked for.
      return starting.then((started) => (ending ? new Promise<never>(() => {}) : started));
    };
  try {
    const opening = open(server, port, { stopFirst: noting(first), stopLast: noting(last) });
    const opened = opening.then(() => {
      isOpen = true;
      return asked;
    });
    await Promise.race([opened, asked]);
    opening.catch(() => {}); // asked to end: what it was about to start is stopped below
    say('Stopping … What is under way is finished; Ctrl-C again stops at once.');
  } finally {
    // Something that cannot be interrupted (a lock that another process holds) does not keep us here for ever. Before everything
    // is open nothing is under way that would be waited for.
    const waited = isOpen ? impatient(patience) : Promise.resolve();
    void waited.then(() => setTimeout(() => process.exit(), STOP_MS).unref());
    ending = true;
    // Answers and loads under way still have their database.
    await Promise.all(first.map((stop) => stop()));
    for (const stop of last) await stop();
  }
  return EXIT.ok;
}

/** In a process that serves, a refusal must come before anything is served. */
async function refuseSampleBesideRealData(writerUrl: string): Promise<void> {
  // Only here: what the jobs need takes a tenth of the time to start.
  const { refuseBesideRealData } = await import('../../jobs/loads.js');
  const pool = openWriterPool(writerUrl);
  try {
    await refuseBesideRealData(pool);
  } finally {
    await pool.end();
  }
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
    this.defined.catch(() => {}); // whoever waits for it is told; nobody may, when the end is asked for first
  }

  private spawn(onDefined?: () => void, onFailed?: (error: Error) => void): void {
    const options = ['jobs'];
    if (this.database.embedded) options.push('--embedded');
    if (this.sample) options.push('--sample');
    // In a process group of its own on Unix: Ctrl-C is passed on by us, in our order.
    const child = fork(fileURLToPath(new URL('../main.js', import.meta.url)), options, {
      detached: process.platform !== 'win32',
      env: environmentWith({
        databaseUrl: this.database.writerUrl,
        databaseReaderUrl: this.database.readerUrl,
      }),
    });
    this.child = child;
    child.once('message', () => {
      onDefined?.();
      onFailed = undefined;
    });
    child.once('exit', (code, signal) => {
      this.child = null;
      if (this.stopping) return;
      if (onFailed && code === EXIT.usage) {
        return onFailed(new SchoolGraphError('BAD_COMMAND', 'The jobs could not be started: see above.'));
      }
      console.error(
        `The jobs ended (${signal ?? `exit code ${code}`}); they start again in ${RESTART_MS / 1000} s.`,
      );
      this.again = setTimeout(() => this.spawn(onDefined, onFailed), RESTART_MS);
    });
  }

  async stop(patience: AbortSignal): Promise<void> {
    this.stopping = true;
    if (this.again) clearTimeout(this.again);
    const child = this.child;
    if (!child) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    let kill: NodeJS.Timeout | undefined;
    void impatient(patience).then(() => {
      // Asked a second time, it waits for nothing either.
      child.kill('SIGTERM');
      kill = setTimeout(() => child.kill('SIGKILL'), CHILD_STOP_MS);
    });
    await gone;
    clearTimeout(kill);
  }
}
