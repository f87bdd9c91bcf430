/**
 * docs/adding-a-data-set.md, followed to the letter: in a copy of the project that does not know the data set, the
 * declaration of the guide, in the file that it names, is all that is needed from the published file to the answer.
 * That the guide shows the file as it is, test/data-docs.test.ts sees to.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { SAMPLE_GIAS_DATE, writeSample } from '../../jobs/sample/write-sample.js';
import {
  endEverything,
  PROJECT,
  runCommand,
  startCommand,
  temporaryFolder,
} from '../commands/running-command.js';
import { type OwnDatabase, ownDatabase } from '../database.js';

const ID = 'ehc-work-based-placements';
const EES = 'content.explore-education-statistics.service.gov.uk/api/releases';

let guide: string;
let folder: string;
let project: string;
let mirror: string;
let database: OwnDatabase;

/** The first block of the guide in a language. */
const block = (language: string) => new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(guide)![1]!;
const file = () => /As `(jobs\/datasets\/[\w-]+\.ts)`/.exec(guide)![1]!;

beforeAll(async () => {
  guide = await readFile(join(PROJECT, 'docs/adding-a-data-set.md'), 'utf8');
  folder = await temporaryFolder();
  project = join(folder, 'schoolgraph');
  const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: PROJECT, encoding: 'utf8' }).split('\0');
  for (const path of tracked) {
    if (path === '' || path === file() || !existsSync(join(PROJECT, path))) continue;
    await mkdir(dirname(join(project, path)), { recursive: true });
    await cp(join(PROJECT, path), join(project, path));
  }
  await symlink(join(PROJECT, 'node_modules'), join(project, 'node_modules'));
  mirror = inject('mirror') ?? join(folder, 'mirror');
  if (!inject('mirror')) await writeSample(mirror);
  database = await ownDatabase('empty');
});

afterAll(async () => {
  await endEverything();
  await database.drop();
});

/** The rows of the published file: the one of the release whose header has the columns, read by other code. */
async function publishedRows(): Promise<Record<string, string>[]> {
  for (const release of await readdir(join(mirror, EES))) {
    const files = join(mirror, EES, release, 'files');
    for (const name of await readdir(files)) {
      const text = await readFile(join(files, name), 'utf8');
      if (text.slice(0, text.indexOf('\n')).includes('open_wbp'))
        return parse(text, { columns: true, bom: true });
    }
  }
  throw new Error('no file of the mirror has the columns of the guide');
}

it('is added to a project that does not know it: nothing but that file names it', () => {
  const { stdout } = spawnSync('grep', ['-rl', ID, 'src', 'schema', 'jobs', 'migrations', 'package.json'], {
    cwd: project,
    encoding: 'utf8',
  });
  expect(stdout).toBe('');
});

it('loads and answers with the published figures', async () => {
  await writeFile(join(project, file()), block('ts'));
  const settings = {
    DATABASE_URL: database.url,
    SOURCE_MIRROR: mirror,
    GIAS_DATE: SAMPLE_GIAS_DATE,
  };
  const [load, status] = block('sh').trim().split('\n');
  const npm = (line: string) =>
    runCommand(line.split(' ').slice(1), folder, settings, { project, program: ['npm'] });
  const loaded = await npm(load!);
  expect(loaded.output).toContain(`${ID}: loaded (`);
  expect(loaded.code).toBe(0);
  const told = await npm(status!);
  expect(told.output).toMatch(/rows: \d+ read, 0 could not be used/);
  expect(told.output, 'its sub-totals are declared').not.toContain('add up');

  const serve = await startCommand(['run', 'serve'], folder, settings, { project, program: ['npm'] });
  await serve.ready(60_000);
  const { data, errors } = await serve.ask(block('graphql'));
  expect(errors).toBeUndefined();

  const totals = (await publishedRows()).filter(
    ({ breakdown_topic }) => breakdown_topic === 'All work based placements',
  );
  const england = totals.filter(({ geographic_level }) => geographic_level === 'National');
  expect(england.length).toBeGreaterThan(0);
  expect(
    data.england.indicator.series.map(({ value, status }: { value: number; status: string }) => [
      value,
      status,
    ]),
  ).toEqual(
    england
      .toSorted((one, other) => Number(one['time_period']) - Number(other['time_period']))
      .map((row) => [Number(row['open_wbp']), 'ACTUAL']),
  );
  const newest = england
    .map((row) => row['time_period']!)
    .toSorted()
    .at(-1);
  const nottinghamshire = totals.find(
    (row) => row['old_la_code'] === '891' && row['time_period'] === newest,
  )!;
  expect(data.localAuthority.name).toBe('Nottinghamshire');
  expect(data.localAuthority.indicator.latest).toEqual({
    value: Number(nottinghamshire['open_supp_intern']),
    status: 'ACTUAL',
  });
});
