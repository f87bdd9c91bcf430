/** Finds the embedded database of a SchoolGraph that runs now, so that a second command can use it beside it. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fallbackFor } from './account.js';
import { identityOf, readLockFile } from './owner.js';

/** Line of postmaster.pid that holds the port, and the one that says "ready". */
const PORT_LINE = 3;
const STATUS_LINE = 7;

/** Address of the running server of a folder, for the superuser; null when no living process keeps one there. */
export async function runningEmbeddedPostgres(asked: string): Promise<string | null> {
  for (const directory of [resolve(asked), fallbackFor(resolve(asked))]) {
    try {
      const owner = JSON.parse(await readFile(join(directory, 'owner.json'), 'utf8')) as {
        pid: number;
        started: string;
      };
      const lock = await readLockFile(join(directory, 'cluster', 'data'));
      if (identityOf(owner.pid) !== owner.started || lock?.[STATUS_LINE] !== 'ready') continue;
      const password = (await readFile(join(directory, 'cluster', 'password'), 'utf8')).trim();
      return `postgres://postgres:${password}@127.0.0.1:${lock[PORT_LINE]}/postgres`;
    } catch {
      // Nothing there, or nothing that we may read: no running server for us.
    }
  }
  return null;
}
