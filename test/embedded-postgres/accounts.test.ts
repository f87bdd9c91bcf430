/** The embedded Postgres by account: an ordinary user's, and root's, whose database runs as another. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { chmod, chown, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { end, root } from './processes.js';
import { ORDINARY, Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.open();
});

afterEach(async () => {
  await sandbox.close();
});

const canRunAsOrdinary =
  root && spawnSync(process.execPath, ['-e', ''], { ...ORDINARY, cwd: '/' }).status === 0;

describe('the embedded Postgres', () => {
  it.runIf(canRunAsOrdinary)(
    'runs for an ordinary user, also with read-only binaries without links (skipped unless root can lend one)',
    async () => {
      const copy = await sandbox.copyProject({ binaries: true });
      await chown(sandbox.folder, ORDINARY.uid, ORDINARY.gid);
      const directory = join(sandbox.folder, 'postgres');
      const child = sandbox.startChild(directory, { in: copy, as: ORDINARY });
      expect(await child.hear('ready')).toMatchObject({ directory });
      expect(await child.hear('report')).toContain('used from a copy');
      expect(statSync(join(directory, 'cluster/data')).uid).toBe(ORDINARY.uid);
      await end(child.process, 'SIGKILL');

      const again = sandbox.startChild(directory, { in: copy, as: ORDINARY });
      const { url } = await again.hear('ready');
      expect(await sandbox.ask(url, 'SELECT 1')).toEqual([[1]]);
      await end(again.process, 'SIGTERM');
      const asRoot = await sandbox.start(directory);
      expect(await sandbox.ask(asRoot.url, 'SELECT 1')).toEqual([[1]]);
      await asRoot.stop();
      const afterRoot = sandbox.startChild(directory, { in: copy, as: ORDINARY });
      await afterRoot.hear('ready');
    },
  );

  describe.runIf(root)('as root (skipped for others: they lend no account)', () => {
    it('goes elsewhere, and says so, when its account cannot enter the folder', async () => {
      const secret = join(sandbox.folder, 'secret');
      await mkdir(secret, { mode: 0o700 });
      const asked = join(secret, 'postgres');
      const first = await sandbox.start(asked);
      expect(first.directory).toMatch(/^\/var\/tmp\/schoolgraph-[0-9a-f]{16}$/);
      expect(sandbox.reports).toEqual([
        expect.stringMatching(new RegExp(`${first.directory}, not in ${asked}.*may not enter ${secret}`)),
      ]);
      expect(await readdir(secret)).toEqual([]);
      await sandbox.ask(first.url, 'CREATE TABLE kept AS SELECT 1');
      await first.stop();
      const second = await sandbox.start(asked);
      expect(await sandbox.ask(second.url, 'SELECT count(*)::int FROM kept')).toEqual([[1]]);
    });

    it('copies the binaries when its account cannot reach them, and says so', async () => {
      const copy = await sandbox.copyProject({ binaries: true });
      await chmod(copy, 0o700);
      const directory = join(sandbox.folder, 'postgres');
      const child = sandbox.startChild(directory, { in: copy });
      const { url } = await child.hear('ready');
      expect(await child.hear('report')).toContain(`from a copy in ${directory}/binaries-`);
      expect(await sandbox.ask(url, 'SELECT 1')).toEqual([[1]]);
    });

    it('refuses a folder under /var/tmp that somebody else made', async () => {
      const secret = join(sandbox.folder, 'secret');
      await mkdir(secret, { mode: 0o700 });
      const asked = join(secret, 'postgres');
      const trap = `/var/tmp/schoolgraph-${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`;
      sandbox.litter.push(trap);
      await mkdir(trap);
      await chown(trap, 12_345, 12_345);
      await expect(sandbox.start(asked)).rejects.toThrow('made by somebody else (owner 12345)');
      expect(await readdir(trap)).toEqual([]);
    });

    it('changes no folder but its own, and needs no lax umask', async () => {
      const umask = process.umask(0o077);
      const postgres = await sandbox
        .start(join(sandbox.folder, 'deep', 'postgres'))
        .finally(() => process.umask(umask));
      expect(sandbox.reports).toEqual([]);
      expect(statSync(sandbox.folder).uid).toBe(0);
      expect(statSync(postgres.directory).uid).toBe(0);
      expect(statSync(join(postgres.directory, 'cluster')).uid).not.toBe(0);
      expect(statSync(dirname(sandbox.folder)).uid).toBe(0);
    });
  });
});
