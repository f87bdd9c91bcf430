/** As whom it runs: an ordinary user, root with a checkout that Postgres's account cannot reach, and one after the other. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fallbackFor } from '../../src/embedded-postgres/account.js';
import { GIAS_DATE, writeMirror } from '../commands/publisher.js';
import {
  endEverything,
  leavesNothing,
  PROJECT,
  processesOf,
  runCommand,
  startCommand,
  temporaryFolder,
} from '../commands/running-command.js';
import { ALL_LOADED } from '../data-sets.js';

const root = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };

let folder: string;
let project: string;
let settings: NodeJS.ProcessEnv;

beforeEach(async () => {
  folder = await temporaryFolder();
  settings = { SOURCE_MIRROR: await writeMirror(join(folder, 'mirror')), GIAS_DATE, DATA_DIR: undefined };
  project = join(folder, 'home', 'schoolgraph');
  await mkdir(project, { recursive: true });
  for (const each of ['dist', 'docs', 'schema', 'src', 'package.json']) {
    execFileSync('cp', ['-r', join(PROJECT, each), project]);
  }
  const packages = [join(PROJECT, 'node_modules'), project];
  try {
    execFileSync('cp', ['-al', ...packages], { stdio: 'ignore' });
  } catch {
    execFileSync('cp', ['-r', ...packages]); // another file system: no links between the two
  }
});

afterEach(async () => {
  await endEverything();
  await rm(fallbackFor(join(project, '.data', 'postgres')), { recursive: true, force: true });
});

const LOADED = ALL_LOADED;
const schools = '{ schools { totalCount } }';

describe.skipIf(!root)('run by root', () => {
  it("an ordinary user starts it in a checkout of its own, and everything is that user's", async () => {
    await chown(project, NOBODY.uid, NOBODY.gid);
    const start = await startCommand(['start'], folder, settings, { project, ...NOBODY });
    await start.says(LOADED);
    expect(start.output).toContain(`embedded Postgres in ${join(project, '.data', 'postgres')}`);
    expect((await start.ask(schools)).data.schools.totalCount).toBeGreaterThan(60);
    for (const line of processesOf(folder)) {
      const { uid } = await stat(`/proc/${Number.parseInt(line, 10)}`);
      expect(uid, line).toBe(NOBODY.uid);
    }
    expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);
  });

  it('a user who may not write in the checkout is told which folder, without a stack', async () => {
    const { code, output } = await runCommand(['start'], folder, settings, { project, ...NOBODY });
    expect(code).toBe(1);
    expect(output).toContain(join(project, '.data'));
    expect(output).not.toMatch(/^\s+at .*\d+:\d+/m);
    await leavesNothing(folder);
  });

  it('an ordinary user, then root, then the user again: one database, and nobody cleans up', async () => {
    await chown(project, NOBODY.uid, NOBODY.gid);
    for (const [round, account] of [NOBODY, {}, NOBODY].entries()) {
      const start = await startCommand(['start'], folder, settings, { project, ...account });
      await start.ready();
      if (round === 0) await start.says(LOADED);
      expect((await start.ask(schools)).data.schools.totalCount).toBeGreaterThan(60);
      if (round > 0) expect(start.output).not.toMatch(/: loaded/);
      expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
      await leavesNothing(folder, start);
      const load = await runCommand(['load'], folder, settings, { project, ...account });
      expect(load).toMatchObject({ code: 0 });
    }
  });

  it('root with a checkout that nobody else may enter falls back, says to which folder, and finds it again', async () => {
    await chmod(join(folder, 'home'), 0o700);
    const start = await startCommand(['start'], folder, settings, { project });
    await start.says(LOADED);
    const fallback = fallbackFor(join(project, '.data', 'postgres'));
    expect(start.output).toContain(
      `The database lies in ${fallback}, not in ${join(project, '.data', 'postgres')}`,
    );
    expect(start.output).toContain(`Database: embedded Postgres in ${fallback}`);
    expect(existsSync(join(fallback, 'cluster'))).toBe(true);
    const figures = (await start.ask(schools)).data;

    const status = await runCommand(['status'], folder, settings, { project });
    expect(status.output, 'status finds it beside the running start').toContain('last look: LOADED');
    expect(status.code).toBe(0);
    expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);
    expect(processesOf(fallback)).toEqual([]);

    const again = await startCommand(['start'], folder, settings, { project });
    await again.ready();
    expect((await again.ask(schools)).data).toEqual(figures);
    expect(again.output).not.toMatch(/: loaded/);
    expect(await again.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, again);
  });
});
