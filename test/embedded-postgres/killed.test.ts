/** kill -9 of the owner, of its guard, of the server and of the making: the next start has what was committed. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { end, linux, processesNaming, until } from './processes.js';
import { type Child, Sandbox } from './sandbox.js';

let sandbox: Sandbox;

beforeEach(async () => {
  sandbox = await Sandbox.open();
});

afterEach(async () => {
  await sandbox.close();
});

describe('the embedded Postgres', () => {
  describe('after the process that owned it was killed in the middle of a transaction', () => {
    const directory = (): string => join(sandbox.folder, 'postgres');

    async function killInTransaction(before: (child: Child) => void = () => {}): Promise<void> {
      const child = sandbox.startChild(directory());
      const { url } = await child.hear('ready');
      await sandbox.ask(url, 'CREATE TABLE rows_written AS SELECT 1 AS number');
      const writer = await sandbox.connect(url);
      await writer.query('BEGIN');
      await writer.query('INSERT INTO rows_written SELECT generate_series(2, 50000)');
      const cutOff = writer
        .query('INSERT INTO rows_written SELECT generate_series(1, 100000000)')
        .catch(() => 'cut off');
      await sleep(50);
      before(child);
      await end(child.process, 'SIGKILL');
      cutOffs.push(cutOff);
    }
    const cutOffs: Promise<unknown>[] = [];

    async function expectCommittedOnly(): Promise<void> {
      const next = await sandbox.start(directory());
      expect(await sandbox.ask(next.url, 'SELECT number FROM rows_written')).toEqual([[1]]);
      expect(await Promise.all(cutOffs.splice(0))).toEqual(['cut off']);
      await next.stop();
      expect(processesNaming(directory())).toEqual([]);
    }

    it('leaves no server behind, and starts again', async () => {
      await killInTransaction();
      await until(() => processesNaming(directory()).length === 0);
      await expectCommittedOnly();
    });

    it('starts again at once, while the last server is still there', async () => {
      await killInTransaction();
      await expectCommittedOnly();
    });

    it.runIf(linux)(
      'starts again when even the guard was killed, so that the server is an orphan',
      async () => {
        await killInTransaction((child) => {
          const guards = processesNaming('read -r pid').filter((pid) => {
            const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
            return fields?.[1] === String(child.pid);
          });
          expect(guards).toHaveLength(1);
          for (const pid of guards) process.kill(pid, 'SIGKILL');
        });
        // One that it has just begun still has its words.
        await until(() => processesNaming(directory()).length === 1);
        await expectCommittedOnly();
        expect(sandbox.reports.join()).toContain('of an earlier run');
      },
    );
  });

  it('starts again after its server was killed', async () => {
    const directory = join(sandbox.folder, 'postgres');
    const first = await sandbox.start(directory);
    await sandbox.ask(first.url, 'CREATE TABLE kept AS SELECT 1');
    const [server] = processesNaming(directory);
    if (server !== undefined) process.kill(server, 'SIGKILL');
    await until(() => sandbox.reports.some((line) => line.includes('stopped by itself')));
    await first.stop();
    const second = await sandbox.start(directory);
    expect(await sandbox.ask(second.url, 'SELECT count(*)::int FROM kept')).toEqual([[1]]);
  });

  it('makes the database anew when the process was killed while making it', async () => {
    const directory = join(sandbox.folder, 'postgres');
    await mkdir(join(directory, 'cluster.new-left/data/base'), { recursive: true });
    await writeFile(join(directory, 'cluster.new-left/data/PG_VERSION'), '18\n');
    const unfinished = (): string[] =>
      readdirSync(directory).filter((name) => name.startsWith('cluster.new-'));
    const made = (): boolean => existsSync(join(directory, 'cluster'));
    const killWhileMaking = async (): Promise<void> => {
      const child = sandbox.startChild(directory);
      const making = (name: string): boolean =>
        name !== 'cluster.new-left' && existsSync(join(directory, name, 'data/base'));
      await until(() => unfinished().some(making) || made());
      await end(child.process, 'SIGKILL');
    };
    await killWhileMaking();
    // It was made before it could be killed: then again.
    while (made()) {
      await until(() => processesNaming(directory).length === 0);
      await rm(join(directory, 'cluster'), { recursive: true });
      await killWhileMaking();
    }
    expect(unfinished()).not.toEqual([]);
    const postgres = await sandbox.start(directory);
    expect(await sandbox.ask(postgres.url, 'SELECT 1')).toEqual([[1]]);
    expect(unfinished()).toEqual([]);
  });
});
