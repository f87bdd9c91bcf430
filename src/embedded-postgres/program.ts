/**
 * Runs one program of the embedded Postgres. The rule: a program never outlives the process that started
 * it, never hears that process's terminal (Ctrl-C), and gets nothing of its environment.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, SchoolGraphError } from '../errors.js';
import { environmentOnly } from '../settings.js';

/** The unprivileged account that programs run under when this process is root; otherwise there is none. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Ending {
  readonly ok: boolean;
  /** What the program printed, or why it could not be started, or how it ended. */
  readonly output: string;
}

export interface Program {
  readonly pid: number | undefined;
  /** Resolves when the program is gone (or never started); never rejects. */
  readonly ended: Promise<Ending>;
  readonly hasEnded: () => boolean;
}

export const onWindows = process.platform === 'win32';

export function embeddedPostgresError(message: string, cause?: unknown): SchoolGraphError {
  return new SchoolGraphError('EMBEDDED_POSTGRES_FAILED', message, { cause });
}

/**
 * The guard is a shell that holds a pipe of this process. The first line on it is the number of the guarded
 * program; a second one means "not needed any more"; the end of the pipe before that means that this process
 * died, and then the guard asks the program to stop. The program's own launcher writes the first line, before
 * it becomes the program, so that there is no moment in which nobody watches.
 */
const GUARD = 'read -r pid && { read -r line || kill -INT "$pid"; }';
const GUARDED = 'echo $$ >&3; exec "$@" 3>&-';

/** Only what a program needs: no setting of this process, no locale, and none of Postgres's own variables. */
const KEPT = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR'];
const environment = (): NodeJS.ProcessEnv => ({ ...environmentOnly(KEPT), LC_ALL: 'C' });

interface StartOptions {
  readonly account: Account | undefined;
  /** An open file for the output; without one it is collected into the ending. */
  readonly log?: number;
  /** Whether the program is to be stopped when this process dies; not worth it for one that ends at once. */
  readonly guarded?: boolean;
}

export function startProgram(command: string[], { account, log, guarded = false }: StartOptions): Program {
  const common = {
    cwd: onWindows ? undefined : '/',
    env: environment(),
    // A session of its own: the terminal's Ctrl-C and hang-up reach only this process.
    detached: true,
    windowsHide: true,
    ...(account ? { uid: account.uid, gid: account.gid } : {}),
  };
  const output = log ?? 'pipe';
  const printed: string[] = [];
  let guard: ChildProcess | undefined;
  let child: ChildProcess;
  let over = false;
  try {
    if (guarded && !onWindows) {
      guard = spawn('/bin/sh', ['-c', GUARD], { ...common, stdio: ['pipe', 'ignore', 'ignore'] });
      guard.on('error', () => {}); // the program itself will fail for the same reason, and say so
      guard.stdin?.on('error', () => {}); // somebody killed the guard: the next start finds what is left
      guard.unref();
      (guard.stdin as Socket | null)?.unref();
    }
    const line = guard?.stdin ? ['/bin/sh', '-c', GUARDED, 'sh', ...command] : command;
    const stdio: StdioOptions = ['ignore', output, output, ...(guard?.stdin ? [guard.stdin] : [])];
    child = spawn(line[0] ?? '', line.slice(1), { ...common, stdio });
  } catch (error) {
    guard?.stdin?.end();
    const ending = { ok: false, output: describeError(error) };
    return { pid: undefined, ended: Promise.resolve(ending), hasEnded: () => true };
  }
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  }
  const ended = new Promise<Ending>((resolve) => {
    const end = (ok: boolean, how: string): void => {
      over = true;
      resolve({ ok, output: [...printed, how].join('').trim() });
    };
    // Dismissed as soon as the program is gone: its number may soon be that of another one.
    child.once('exit', () => guard?.stdin?.end('done\n'));
    child.once('error', (error) => {
      guard?.stdin?.end();
      end(false, `${command[0]}: ${error.message}`);
    });
    child.once(log === undefined ? 'close' : 'exit', (code, signal) => {
      end(code === 0, signal ? `\nended by ${signal}` : code ? `\nended with code ${code}` : '');
    });
  });
  // A caller that forgets stop() may still end: the guard then stops the program.
  child.unref();
  return { pid: child.pid, ended, hasEnded: () => over };
}

/** Runs a program to its end. */
export async function runProgram(
  command: string[],
  account: Account | undefined,
  guarded = false,
): Promise<Ending> {
  const program = startProgram(command, { account, guarded });
  const holdTheLoop = setInterval(() => {}, 60_000); // the child alone does not keep this process alive
  return program.ended.finally(() => clearInterval(holdTheLoop));
}

/** Waits until `done` says so; false when it did not within the time. */
export async function waitUntil(
  done: () => boolean | Promise<boolean>,
  milliseconds: number,
): Promise<boolean> {
  const started = Date.now();
  while (!(await done())) {
    const waited = Date.now() - started;
    if (waited > milliseconds) return false;
    await sleep(waited < 1_000 ? 10 : 100);
  }
  return true;
}
