/**
 * What commands begin with, made once for all tests of a run and only to be read: a publisher's files, and data folders into
 * which they have been loaded. A test changes its own copies.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { mkdir, rename, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inject } from 'vitest';
import { GIAS_DATE, Publisher, writeMirror } from './publisher.js';
import { PROJECT, runCommand, temporaryFolder, until } from './running-command.js';

/** The path of what `make` makes: whoever comes first makes it, others wait. Another build makes it anew. */
async function once(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const build = Math.trunc(statSync(join(PROJECT, 'dist/src/main.js')).mtimeMs);
  const path = join(inject('dataDirectory'), `commands-${build}-${name}`);
  if (existsSync(path)) return path;
  const making = `${path}.making`;
  const isOurs = await mkdir(making).then(
    () => true,
    () => false,
  );
  if (!isOurs) await until(`${name} is made`, () => existsSync(path));
  else if (existsSync(path)) await rmdir(making);
  else {
    await make(join(making, name));
    await rename(join(making, name), path);
    await rmdir(making);
  }
  return path;
}

/** With owners, rights and times, as a publisher's ETags and Postgres want them. */
const copy = (from: string, to: string) => execFileSync('cp', ['-a', from, to]);

/** The publisher's files. */
export const publishedFiles = (): Promise<string> =>
  once('mirror', async (path) => {
    await writeMirror(path);
  });

/** A copy of the publisher's files in a test's folder, to be changed. */
export async function ownFiles(folder: string): Promise<string> {
  const path = join(folder, 'mirror');
  copy(await publishedFiles(), path);
  return path;
}

type Loaded = 'everything' | 'everything but the register';

/** Puts a data folder that has been loaded into the folder of a test. */
export async function beginWith(loaded: Loaded, folder: string): Promise<void> {
  const mirror = await publishedFiles();
  const data = await once(loaded.replaceAll(' ', '-'), async (path) => {
    const own = await temporaryFolder();
    const publisher = await Publisher.of(mirror);
    if (loaded === 'everything but the register') publisher.leaveOut(/\/edubasealldata/);
    try {
      const { code, output } = await runCommand(['load'], own, publisher.settings);
      if (code !== 0) throw new Error(output);
    } finally {
      publisher.close();
    }
    copy(join(own, 'data'), path);
  });
  copy(data, join(folder, 'data'));
}

/** Settings that read a folder of files. */
export const filesIn = (mirror: string): NodeJS.ProcessEnv => ({ SOURCE_MIRROR: mirror, GIAS_DATE });
