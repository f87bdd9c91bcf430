/** The synthetic sample: only where nothing real can be had, never beside real data, and never unsaid. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATA_SETS } from '../../jobs/catalogue.js';
import type { DataSet } from '../../jobs/declaration.js';
import { ALL_LOADED, dataSetsOf, OF_TODAY } from '../data-sets.js';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { beginWith, publishedFiles } from './prepared.js';
import { Publisher } from './publisher.js';
import {
  endEverything,
  leavesNothing,
  type RunningCommand,
  runCommand,
  startCommand,
  temporaryFolder,
  until,
} from './running-command.js';

const PLANS = 'education-health-and-care-plans';
const isOfAnother = (dataSet: DataSet) => !dataSetsOf(PLANS).includes(dataSet);

let folder: string;
let own: OwnDatabase | null;
let publisher: Publisher | null;

beforeEach(async () => {
  [own, publisher] = [null, null];
  folder = await temporaryFolder();
});

afterEach(async () => {
  publisher?.close();
  await endEverything();
  await own?.drop();
});

/** No publisher answers: no port that is free, which could be another's by then, but one that is nobody's. */
const UNREACHABLE = { SOURCE_MIRROR: 'http://127.0.0.1:1' };

async function startPublisher(): Promise<Publisher> {
  publisher = await Publisher.of(await publishedFiles());
  return publisher;
}

const QUERY = '{ schools(first: 1) { totalCount nodes { name } } dataStatus { synthetic } }';

async function servesTheSample(command: RunningCommand): Promise<void> {
  await command.says(ALL_LOADED);
  const { data, headers } = await command.ask(QUERY);
  expect(data.dataStatus.synthetic).toBe(true);
  expect(data.schools.totalCount).toBeGreaterThan(2_000);
  expect(data.schools.nodes[0].name).toMatch(/^Sample /);
  expect(headers.get('X-SchoolGraph-Data')).toBe('synthetic');
  expect(headers.get('Access-Control-Expose-Headers')).toContain('X-SchoolGraph-Data');
  expect(command.output).toContain('SYNTHETIC SAMPLE');
  expect(command.output).toMatch(/MADE-UP schools/);
}

async function servesRealData(command: RunningCommand): Promise<void> {
  const { data, headers } = await command.ask(QUERY);
  expect(data.dataStatus.synthetic).toBe(false);
  expect(headers.get('X-SchoolGraph-Data')).toBeNull();
  expect(data.schools.totalCount, 'the small register, and nothing else').toBeLessThan(200);
}

describe('when no publisher can be reached', () => {
  it('an empty embedded database gets the sample, loudly; real data take its place as soon as they can be had', async () => {
    const start = await startCommand(['start'], folder, UNREACHABLE);
    await servesTheSample(start);
    expect(start.output).toContain('No publisher could be reached');
    expect(start.output).toMatch(/UNAVAILABLE \(.*cannot be reached.*ECONNREFUSED/);
    expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, start);

    const status = await runCommand(['status'], folder, UNREACHABLE);
    expect(status.output).toContain('SYNTHETIC SAMPLE');

    const { settings } = await startPublisher();
    const real = await startCommand(['start'], folder, settings);
    await real.says(ALL_LOADED);
    expect(real.output).not.toContain('SYNTHETIC');
    await until(
      'what the server knows is fresh',
      async () => !(await real.ask(QUERY)).data.dataStatus.synthetic,
    );
    await servesRealData(real);
  });

  it('real data that stand go on being served, and status tells what the last look met', async () => {
    await beginWith('everything', folder);
    const start = await startCommand(['start'], folder, UNREACHABLE);
    await start.says(`Data sets: 0 loaded, 0 unchanged, ${DATA_SETS.length} not to be had now.`);
    expect(start.output).not.toContain('SYNTHETIC');
    await servesRealData(start);
    const { code, output } = await runCommand(['status', 'gias-groups'], folder);
    expect(code).toBe(3);
    expect(output).toMatch(/stands: Extract of 2026-09-01/);
    expect(output).toMatch(/last look: UNAVAILABLE — .*cannot be reached/);
  });

  it.each([
    'start',
    'jobs',
  ])('%s with DATABASE_URL never shows a sample: the data sets are unavailable, with the reason', async (name) => {
    own = await ownDatabase('empty');
    const settings = { ...UNREACHABLE, DATABASE_URL: own.url };
    const command = await startCommand([name], folder, settings);
    await command.says(`Data sets: 0 loaded, 0 unchanged, ${DATA_SETS.length} not to be had now.`);
    if (name === 'start') {
      await command.ready();
      const { data } = await command.ask(
        '{ regions { name } dataStatus { synthetic dataSets { lastRun { outcome } } } }',
      );
      expect(data.regions).toEqual([]);
      expect(data.dataStatus.synthetic).toBe(false);
      for (const { lastRun } of data.dataStatus.dataSets) expect(lastRun.outcome).toBe('UNAVAILABLE');
    }
    const { code, output } = await runCommand(['status'], folder, settings);
    expect(code).toBe(3);
    expect(output.match(/last look: UNAVAILABLE — .*cannot be reached/g)).toHaveLength(DATA_SETS.length);
    expect(output).toContain('Nothing is loaded yet.');
    expect(await command.end('SIGINT')).toEqual({ code: 0, signal: null });
    expect(command.output).not.toContain('SYNTHETIC');
    await leavesNothing(folder, command);
  });

  it('load says so and ends with 3: it never loads a sample', async () => {
    const { code, output } = await runCommand(['load'], folder, UNREACHABLE);
    expect(code).toBe(3);
    expect(output).toContain(`Data sets: 0 loaded, 0 unchanged, ${DATA_SETS.length} not to be had now.`);
    expect(output).not.toContain('SYNTHETIC');
    await leavesNothing(folder);
  });
});

describe('a source that is missing', () => {
  it('fails its own data sets only', async () => {
    const { settings } = await startPublisher();
    publisher!.leaveOut(new RegExp(PLANS));
    const start = await startCommand(['start'], folder, settings);
    const [plans, others] = [dataSetsOf(PLANS).length, OF_TODAY.filter(isOfAnother).length];
    await start.says(`Data sets: ${others} loaded, 0 unchanged, ${plans} not to be had now.`);
    expect(start.output).not.toContain('SYNTHETIC');
    await servesRealData(start);
    const { code, output } = await runCommand(['status'], folder);
    expect(code).toBe(3);
    expect(output.match(/last look: UNAVAILABLE — .*is not there/g)).toHaveLength(plans);
    expect(output.match(/last look: LOADED/g)).toHaveLength(others);
  });

  it('is named without the password of the mirror that was asked', async () => {
    own = await ownDatabase('empty');
    const { settings, address } = await startPublisher();
    publisher!.leaveOut(/./);
    const secret = {
      ...settings,
      DATABASE_URL: own.url,
      SOURCE_MIRROR: address.replace('://', '://somebody:hidden-word@'),
    };
    const load = await runCommand(['load', 'gias-groups'], folder, secret);
    expect(load.code).not.toBe(0);
    const status = await runCommand(['status'], folder, { DATABASE_URL: own.url });
    expect(load.output + status.output).not.toContain('hidden-word');
  });
});

describe('sample', () => {
  it('serves the made-up data, and asks no publisher', async () => {
    const { settings } = await startPublisher();
    publisher!.hold(/./);
    const sample = await startCommand(['sample'], folder, settings);
    await servesTheSample(sample);
    expect(sample.output).not.toContain('No publisher could be reached');
    expect(await sample.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, sample);
  });

  it('refuses where real data stand, and says how to have it beside them', async () => {
    const { settings } = await startPublisher();
    await beginWith('everything', folder);
    const sample = await startCommand(['sample'], folder, settings);
    await sample.says('The database holds real data');
    expect(sample.output).toContain('DATA_DIR=.data-sample npm run sample');
    expect(await until('the end of it', () => Promise.race([sample.ended, null]))).toEqual({
      code: 2,
      signal: null,
    });
    await leavesNothing(folder, sample);
    expect((await runCommand(['load'], folder, settings)).output).toContain(`${DATA_SETS.length} unchanged`);
  });

  it('that is stopped while it is being made leaves no file behind', async () => {
    const sample = await startCommand(['sample'], folder);
    await sample.says(/gias-group-links: loaded/); // the longest load is next
    expect(await sample.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
    await leavesNothing(folder, sample);
  });
});
