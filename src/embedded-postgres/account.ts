/**
 * Decides as whom and in which folder the embedded Postgres runs. The rule: Postgres refuses root, so root
 * lends it an existing unprivileged account; no account is ever created, no folder of others is changed.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, lchown, lstat, mkdir, mkdtemp, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeError } from '../errors.js';
import { type Account, embeddedPostgresError, onWindows, runProgram } from './program.js';

export interface Home {
  /** The folder that holds everything of this database. */
  readonly directory: string;
  readonly account: Account | undefined;
}

async function passwdLine(name: string): Promise<string | undefined> {
  const local = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '';
  const line = local.split('\n').find((each) => each.startsWith(`${name}:`));
  if (line) return line;
  // Accounts of a directory service are not in the file.
  const found = await runProgram(['getent', 'passwd', name], undefined);
  return found.ok ? found.output : undefined;
}

async function unprivilegedAccount(): Promise<Account> {
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = (await passwdLine(name))?.split(':') ?? [];
    if (Number(uid) > 0 && Number(gid) >= 0) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw embeddedPostgresError(
    'Postgres refuses to run as root, and this machine has neither an account "postgres" nor "nobody" to ' +
      'lend it. Start this program as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
  );
}

/** A database that exists keeps its account, also when an ordinary user made it or "postgres" came later. */
async function accountFor(directory: string): Promise<Account> {
  const owner = await stat(join(directory, 'cluster')).catch(() => undefined);
  if (!owner || owner.uid === 0) return unprivilegedAccount();
  return { name: `number ${owner.uid}`, uid: owner.uid, gid: owner.gid };
}

function foldersAbove(directory: string): string[] {
  const above = dirname(directory);
  return above === directory ? [directory] : [...foldersAbove(above), directory];
}

/**
 * Removes an unfinished folder as far as it can be. Root empties it as its owner, so as to follow no link that
 * the owner may have put there.
 */
export async function removeFolder(folder: string): Promise<void> {
  const owner = await lstat(folder).catch(() => undefined);
  if (process.getuid?.() === 0 && owner && owner.uid !== 0) {
    await runProgram(['rm', '-rf', '--', folder], {
      name: `number ${owner.uid}`,
      uid: owner.uid,
      gid: owner.gid,
    });
    return rmdir(folder).catch(() => {});
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
}

/** Really tries, as the account: enter every folder above, then own a folder here and write into it. */
async function whyUnusable(directory: string, account: Account): Promise<string | undefined> {
  const folders = foldersAbove(directory).filter((folder) => existsSync(folder));
  const enter = 'for folder; do cd "$folder" 2>/dev/null || { echo "$folder"; exit 1; }; done';
  const entered = await runProgram(['/bin/sh', '-c', enter, 'sh', ...folders], account);
  const blocked = entered.output.split('\n')[0] ?? '';
  if (!entered.ok && folders.includes(blocked)) return `the account ${account.name} may not enter ${blocked}`;
  if (!entered.ok) return `nothing could be run as the account ${account.name}: ${entered.output}`;
  let probe: string | undefined;
  try {
    const missing = foldersAbove(directory).filter((folder) => !existsSync(folder));
    await mkdir(directory, { recursive: true });
    // A strict umask would shut the account out of the very folders that were made for it.
    for (const made of missing) await chmod(made, 0o711);
    probe = await mkdtemp(join(directory, 'probe-'));
    await lchown(probe, account.uid, account.gid);
    const write = 'cd "$1" && : >written && rm written';
    const wrote = await runProgram(['/bin/sh', '-c', write, 'sh', probe], account);
    return wrote.ok ? undefined : `the account ${account.name} cannot write there: ${wrote.output}`;
  } catch (error) {
    return `no folder for the account ${account.name} can be made there: ${describeError(error)}`;
  } finally {
    if (probe) await removeFolder(probe);
  }
}

/** Where the database of a folder lies that the account cannot reach. */
export function fallbackFor(asked: string): string {
  const name = `schoolgraph-${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`;
  return join(existsSync('/var/tmp') ? '/var/tmp' : tmpdir(), name);
}

/** The fallback, where anybody may have put something of that name before us. */
async function makeFallback(asked: string, account: Account): Promise<string> {
  const fallback = fallbackFor(asked);
  const made = await mkdir(fallback).then(
    () => true,
    () => false,
  );
  if (made) await chmod(fallback, 0o755); // whatever the umask: the account has to enter
  const found = await lstat(fallback);
  const trusted = found.uid === 0 || found.uid === account.uid;
  if (!found.isDirectory() || !trusted || (found.mode & 0o022) !== 0) {
    throw embeddedPostgresError(
      `${fallback} was made by somebody else (owner ${found.uid}), so no database is put there. ` +
        'Remove it, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  return fallback;
}

/** The folder and the account to use; says so when it is not the folder that was asked for. */
export async function chooseHome(asked: string, report: (line: string) => void): Promise<Home> {
  if (process.getuid?.() !== 0) {
    await mkdir(asked, { recursive: true });
    const owner = (await stat(join(asked, 'cluster')).catch(() => undefined))?.uid;
    if (owner === undefined || onWindows || owner === process.getuid?.()) {
      return { directory: asked, account: undefined };
    }
    throw embeddedPostgresError(
      `The database in ${asked} belongs to the account number ${owner}. Start this program as that account or ` +
        'as root, or remove the folder if its data can be loaded again, or set DATABASE_URL.',
    );
  }
  const account = await accountFor(asked);
  const reason = await whyUnusable(asked, account);
  if (reason === undefined) return { directory: asked, account };
  const fallback = await makeFallback(asked, account);
  const lent = await accountFor(fallback);
  const again = await whyUnusable(fallback, lent);
  if (again !== undefined) {
    throw embeddedPostgresError(
      `The database can lie neither in ${asked} (${reason}) nor in ${fallback} (${again}). Start this ` +
        'program as an ordinary user, or set DATABASE_URL to a PostgreSQL server of your own.',
    );
  }
  report(
    `The database lies in ${fallback}, not in ${asked}: this program runs as root, Postgres refuses to, ` +
      `and ${reason}.`,
  );
  return { directory: fallback, account: lent };
}
