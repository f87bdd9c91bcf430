/** The embedded Postgres from start to stop: what it keeps, where it listens, what ends it and what does not. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linux, processesNaming, until } from './processes.js';
import { Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.open();
});

afterEach(async () => {
  await sandbox.close();
});

describe('the embedded Postgres', () => {
  it('keeps data over a restart, sorts the same everywhere and listens on 127.0.0.1 only', async () => {
    const directory = join(sandbox.folder, 'deep', 'postgres');
    const first = await sandbox.start(directory);
    expect(first.directory).toBe(directory);
    await sandbox.ask(first.url, `CREATE TABLE kept AS SELECT unnest(ARRAY['é', 'Z', 'a', 'É']) AS word`);
    const sorted = await sandbox.ask(
      first.url,
      `SELECT string_agg(word, '' ORDER BY word), count(*) FILTER (WHERE word ILIKE 'é')::int FROM kept`,
    );
    expect(sorted).toEqual([['ZaÉé', 2]]);
    const settings = await sandbox.ask(
      first.url,
      `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'listen_addresses',
       'unix_socket_directories', 'wal_level', 'jit', 'server_encoding') ORDER BY name`,
    );
    expect(Object.fromEntries(settings)).toEqual({
      fsync: 'on',
      jit: 'off',
      listen_addresses: '127.0.0.1',
      server_encoding: 'UTF8',
      synchronous_commit: 'on',
      unix_socket_directories: '',
      wal_level: 'minimal',
    });
    const { hostname, port, password } = new URL(first.url);
    expect(hostname).toBe('127.0.0.1');
    if (linux) {
      const hexPort = Number(port).toString(16).toUpperCase().padStart(4, '0');
      const listening = ['/proc/net/tcp', '/proc/net/tcp6']
        .filter((file) => existsSync(file))
        .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local, , state]) => state === '0A' && local?.endsWith(`:${hexPort}`));
      expect(listening.map(([, local]) => local)).toEqual([`0100007F:${hexPort}`]);
    }
    await expect(sandbox.ask(first.url.replace(password, 'wrong'), 'SELECT 1')).rejects.toThrow('password');
    expect(statSync(join(directory, 'cluster/password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, 'cluster')).mode & 0o777).toBe(0o700);

    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    expect(processesNaming(directory)).toEqual([]);

    const second = await sandbox.start(directory);
    expect(await sandbox.ask(second.url, 'SELECT count(*)::int FROM kept')).toEqual([[4]]);
    expect(sandbox.reports).toEqual([]);
  });

  it('runs two at once on different folders', async () => {
    const [one, two] = await Promise.all([
      sandbox.start(join(sandbox.folder, 'one')),
      sandbox.start(join(sandbox.folder, 'two')),
    ]);
    await sandbox.ask(one.url, 'CREATE TABLE only_here ()');
    expect(new URL(one.url).port).not.toBe(new URL(two.url).port);
    expect(await sandbox.ask(two.url, `SELECT to_regclass('only_here')`)).toEqual([[null]]);
  });

  it('hears nothing of Ctrl-C, which the terminal sends to the whole group', async () => {
    const child = sandbox.startChild(join(sandbox.folder, 'postgres'));
    const { url } = await child.hear('ready');
    process.kill(-child.pid, 'SIGINT');
    await child.hear('interrupted');
    await sleep(300);
    expect(await sandbox.ask(url, 'SELECT 1')).toEqual([[1]]);
    child.process.kill('SIGTERM');
    await child.hear('stopped');
    expect(processesNaming(`${sandbox.folder}/postgres/cluster`)).toEqual([]);
  });

  it('does not keep alive a process that forgets it, nor outlives it', async () => {
    const child = sandbox.startChild(join(sandbox.folder, 'postgres'), { mode: 'forget' });
    await child.hear('ready');
    await until(() => child.process.exitCode === 0);
    await until(() => processesNaming(`${sandbox.folder}/postgres`).length === 0);
  });

  it('shows the end of the server’s log when it does not start', async () => {
    const directory = join(sandbox.folder, 'postgres');
    await (await sandbox.start(directory)).stop();
    await writeFile(join(directory, 'cluster/data/postgresql.conf'), 'no such thing\n');
    await expect(sandbox.start(directory)).rejects.toThrow(
      /did not start[\s\S]*server\.log:\n[\s\S]*syntax error/,
    );
    await unlink(join(directory, 'cluster/data/postgresql.conf'));
    await writeFile(join(directory, 'cluster/data/postgresql.conf'), '');
    await chmod(join(directory, 'cluster/data/postgresql.conf'), 0o644);
    await sandbox.start(directory); // the failure has not kept the claim
  });
});
