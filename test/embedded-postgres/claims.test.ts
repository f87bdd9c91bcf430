/** Whose the folder is: stale claims and lock files give way, a living process keeps it, and one of many gets it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { end, linux, root, until } from './processes.js';
import { Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.open();
});

afterEach(async () => {
  await sandbox.close();
});

describe('the embedded Postgres', () => {
  it('sees through a lock file whose number is a stranger’s, a zombie’s or missing', async () => {
    const directory = join(sandbox.folder, 'postgres');
    const data = join(directory, 'cluster/data');
    await (await sandbox.start(directory)).stop();
    const { uid, gid } = statSync(data);
    // Of the same account as the server, or else Postgres would see for itself that it cannot be its own.
    const stranger = spawn('/bin/sh', ['-c', '(read -r line <&3) & echo $!; exec sleep 100'], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      ...(root ? { uid, gid } : {}),
    });
    sandbox.children.push(stranger);
    const [first] = (await once(stranger.stdout as Readable, 'data')) as [Buffer];
    const zombie = Number(first.toString());
    if (linux) {
      // Its parent must have become one that waits for nobody before it may end.
      await until(() => readFileSync(`/proc/${stranger.pid}/cmdline`, 'utf8').startsWith('sleep'));
      (stranger.stdio[3] as Writable).end();
      await until(() => readFileSync(`/proc/${zombie}/stat`, 'utf8').includes(') Z '));
    }
    for (const number of [String(stranger.pid), String(zombie), '2147483646', '']) {
      const lock = join(data, 'postmaster.pid');
      await writeFile(
        lock,
        number && [number, data, '1700000000', '5432', '', '127.0.0.1', '', 'ready', ''].join('\n'),
      );
      await chown(lock, uid, gid);
      const postgres = await sandbox.start(directory);
      expect(await sandbox.ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
      await postgres.stop();
    }
    expect(stranger.exitCode).toBeNull();
    expect(sandbox.reports).toEqual([]);
  });

  it('refuses a folder that a living process uses, and leaves its server alone', async () => {
    const directory = join(sandbox.folder, 'postgres');
    const child = sandbox.startChild(directory);
    const { url } = await child.hear('ready');
    const refusal = expect(sandbox.start(directory)).rejects;
    await refusal.toMatchObject({ code: 'EMBEDDED_POSTGRES_FAILED' });
    await expect(sandbox.start(directory)).rejects.toThrow(
      new RegExp(`in use by the running process ${child.pid}\\b.*DATABASE_URL`),
    );
    expect(await sandbox.ask(url, 'SELECT 1')).toEqual([[1]]);
    await end(child.process, 'SIGTERM');
    const postgres = await sandbox.start(directory);
    await expect(sandbox.start(directory)).rejects.toThrow('this process');
    expect(await sandbox.ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
  });

  it('lets only one of several that start at the same time have the folder', async () => {
    const directory = join(sandbox.folder, 'postgres');
    await mkdir(directory);
    await writeFile(join(directory, 'owner.json'), '{"pid":2147483646,"started":"long ago"}');
    const contenders = [1, 2, 3, 4].map(() => sandbox.startChild(directory));
    await until(() =>
      contenders.every(({ told }) => told.some(({ event }) => event === 'ready' || event === 'failed')),
    );
    const outcomes = contenders.map(({ told }) => told.find(({ event }) => event !== 'report'));
    expect(outcomes.filter((told) => told?.event === 'ready')).toHaveLength(1);
    for (const told of outcomes)
      if (told?.event === 'failed') expect(told.value.message).toContain('in use by the running process');
  });
});
