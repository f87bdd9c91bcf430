/**
 * Says who may use a database folder now. The rule: one living process owns a folder; what a dead one left
 * behind is waited for, stopped or ignored, but never deleted unseen and never left to the user.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync, unlinkSync } from 'node:fs';
import { readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, embeddedPostgresError, onWindows, runProgram, waitUntil } from './program.js';

function mayExist(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * What tells a process from a later one with the same number: when it started. Undefined for one that is
 * gone, and for a zombie, which holds nothing any more but which a signal still "reaches".
 */
export function identityOf(pid: number): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !mayExist(pid)) return undefined;
  try {
    if (process.platform === 'linux') {
      const line = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
      if (/^[ZX]/.test(fields[0] ?? '')) return undefined;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${fields[19]}`;
    }
    if (process.platform === 'darwin') {
      const line = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
        encoding: 'latin1',
      }).trim();
      return line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
    }
  } catch {}
  return 'alive'; // this system does not say when it started
}

/** Claims the folder for this process, or refuses because another living one has it. Returns the release. */
export async function claimFolder(directory: string): Promise<() => void> {
  const file = join(directory, 'owner.json');
  const mine = JSON.stringify({ pid: process.pid, started: identityOf(process.pid) });
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      await writeFile(file, mine, { flag: 'wx', mode: 0o644 });
      // Where a dead owner was set aside, somebody else may by mistake have done so with this claim too.
      if (attempt > 0) await sleep(50);
      if ((await readFile(file, 'utf8').catch(() => '')) === mine) return () => release(file, mine);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    await judgeOwner(directory, file);
  }
  throw embeddedPostgresError(`${file} keeps changing: several processes are starting in ${directory}.`);
}

function release(file: string, mine: string): void {
  try {
    if (readFileSync(file, 'utf8') === mine) unlinkSync(file);
  } catch {}
}

/** Refuses when the owner lives; otherwise sets its file aside, so that the claim can be tried again. */
async function judgeOwner(directory: string, file: string): Promise<void> {
  const held = await readFile(file, 'utf8').catch(() => undefined);
  if (held === undefined) return;
  let owner: { pid?: unknown; started?: unknown } = {};
  try {
    owner = JSON.parse(held) as typeof owner;
  } catch {
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0);
    if (age >= 0 && age < 2_000) return sleep(50); // perhaps another process is just writing it
  }
  const pid = Number(owner.pid);
  const identity = identityOf(pid);
  if (identity !== undefined && identity === owner.started) {
    const who = pid === process.pid ? `this process (${pid}) already` : `the running process ${pid}`;
    throw embeddedPostgresError(
      `The database in ${directory} is in use by ${who}. Stop that process first (kill ${pid}), or set ` +
        'DATABASE_URL so that both use one PostgreSQL server.',
    );
  }
  const aside = `${file}.${process.pid}`;
  await rename(file, aside).catch(() => {});
  // Between reading and renaming, another process may have set the dead owner aside and claimed the folder.
  const taken = await readFile(aside, 'utf8').catch(() => held);
  if (taken !== held) await writeFile(file, taken, { flag: 'wx' }).catch(() => {});
  await rm(aside, { force: true });
}

/** The lines of the lock file of a server: pid, folder, start, port, …, and the status in the eighth. */
export async function readLockFile(data: string): Promise<string[] | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => undefined);
  return text?.split('\n').map((line) => line.trim());
}

function isServerOf(pid: number, data: string): boolean {
  if (onWindows) return true; // pg_ctl can signal nothing but a Postgres process
  let words: string[];
  try {
    words =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
        : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
            .trim()
            .split(' ');
  } catch {
    return false;
  }
  if (basename(words[0] ?? '') !== 'postgres') return false;
  if (words.includes(data) || words.join(' ').includes(` ${data} `)) return true;
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === data; // the folder was moved while the server ran
  } catch {
    return false;
  }
}

/** Sends a signal to a server; false when it is not there (or, on Windows, is no Postgres). */
export async function signalServer(pid: number, signal: 'INT' | 'QUIT', pgCtl: string): Promise<boolean> {
  if (onWindows) return (await runProgram([pgCtl, 'kill', signal, String(pid)], undefined)).ok;
  try {
    return process.kill(pid, `SIG${signal}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw embeddedPostgresError(
      `The database server ${pid} of an earlier run belongs to another account: stop it (kill -INT ${pid}).`,
      error,
    );
  }
}

/** Fast shutdown, immediate shutdown after ten seconds; false when it lives on. */
export async function stopServer(pid: number, gone: () => boolean, pgCtl: string): Promise<boolean> {
  for (const signal of ['INT', 'QUIT'] as const) {
    if (gone() || !(await signalServer(pid, signal, pgCtl)) || (await waitUntil(gone, 10_000))) return true;
  }
  return false;
}

/** Deals with the server, or only the lock file, that an earlier run left. The folder has been claimed. */
export async function clearLeftovers(
  data: string,
  account: Account | undefined,
  pgCtl: string,
  report: (line: string) => void,
): Promise<void> {
  let lines = await readLockFile(data);
  if (!lines) return;
  if (!lines[0]) {
    await sleep(500); // a server that starts this instant writes its number at once
    lines = await readLockFile(data);
    if (lines && !lines[0]) await unlink(join(data, 'postmaster.pid')).catch(() => {});
    if (!lines?.[0]) return;
  }
  const pid = Number(lines[0]);
  const identity = identityOf(pid);
  if (identity !== undefined && isServerOf(pid, data)) {
    report(
      `A database server of an earlier run (process ${pid}) is still there; waiting until it has stopped.`,
    );
    if (await stopServer(pid, () => identityOf(pid) !== identity, pgCtl)) return;
    throw embeddedPostgresError(
      `The database server ${pid} of an earlier run does not stop; it uses ${data}.`,
    );
  }
  if (!mayExist(pid)) return; // Postgres itself sees through a number that nobody has
  // A zombie or a stranger has the number now, and Postgres would believe that its server lives. With our
  // own number instead, that of its parent, it knows better and still looks for remains in shared memory.
  const file = join(data, 'postmaster.pid');
  if (onWindows) return unlink(file).catch(() => {});
  const edit = '{ echo "$2"; tail -n +2 "$1"; } >"$1.new" && mv -f "$1.new" "$1"';
  await runProgram(['/bin/sh', '-c', edit, 'sh', file, String(process.pid)], account);
}
