/** The README's lines in a fresh clone, with nothing but Node, npm and git: from `npm ci` to the first answer. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import {
  endEverything,
  freePort,
  leavesNothing,
  PROJECT,
  processesOf,
  type RunningCommand,
  startCommand,
  temporaryFolder,
} from '../commands/running-command.js';
import { ALL_LOADED, ALL_REAL_LOADED } from '../data-sets.js';

const MIRROR = resolve(PROJECT, '../shared/data/mirror');
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Without the tools of this checkout, which npm puts on the path of what it runs. */
const PATH = process.env['PATH']!.split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);

let folder: string;
let clone: string;
let whyNot: string | null = null;

/** Settings of the registry and of proxies are the machine's; nothing else of this process's environment. */
const environment = () => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) =>
      /^(https?_proxy|no_proxy|node_extra_ca_certs|npm_config_(registry|cache|userconfig))$/i.test(name),
    ),
  ),
  HOME: process.env['HOME'],
  PATH,
});

beforeAll(async () => {
  folder = await temporaryFolder();
  clone = join(folder, 'schoolgraph');
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', PROJECT, clone]);
  const look = spawnSync(
    'npm',
    ['view', 'graphql@16.15.0', 'version', '--fetch-retries=0', '--fetch-timeout=15000'],
    {
      env: environment(),
      encoding: 'utf8',
    },
  );
  if (look.status !== 0) {
    whyNot = `the npm registry cannot be reached: ${look.stderr.trim().split('\n')[0]}`;
    return;
  }
  execFileSync('npm', ['ci'], { cwd: clone, env: environment(), stdio: ['ignore', 'ignore', 'inherit'] });
});

// The clone is for all: a test ends its processes, and only the last one the folder.
afterEach(() => {
  for (const line of processesOf(folder)) process.kill(Number.parseInt(line, 10), 'SIGKILL');
});

afterAll(endEverything);

const needsRegistry = ({ skip }: TestContext) => {
  if (whyNot) skip(whyNot);
};

/** `npm <words>` in the clone, as a terminal would run it. */
const npm = async (words: string[], settings: NodeJS.ProcessEnv, account = {}) =>
  startCommand(
    words,
    folder,
    {
      DATA_DIR: undefined,
      ...environment(),
      PATH: `${PATH}${delimiter}${folder}/none`,
      ...settings,
    },
    { project: clone, program: ['npm'], ...account },
  );

/** The question of a newcomer: from a school to its trust, to the trust's schools, to their authorities' figures. */
const journeyFrom = (urn: number) => `{
  school(urn: ${urn}) { name trust { name schools(first: 100) { totalCount nodes { name localAuthority { name
    indicator(id: "suspension-rate") { latest { value period { label } release { url } } } } } } } }
  dataStatus { synthetic } }`;

async function answersTheJourney(start: RunningCommand, synthetic: boolean): Promise<void> {
  const trusts = await start.ask('{ trusts(first: 100) { nodes { schools(first: 1) { nodes { urn } } } } }');
  const schools = trusts.data.trusts.nodes.flatMap(
    (trust: { schools: { nodes: { urn: number }[] } }) => trust.schools.nodes,
  );
  const { data, errors } = await start.ask(journeyFrom(schools[0].urn));
  expect(errors).toBeUndefined();
  expect(data.dataStatus.synthetic).toBe(synthetic);
  const { nodes, totalCount } = data.school.trust.schools;
  expect(nodes).toHaveLength(totalCount);
  for (const { localAuthority } of nodes) {
    const { value, release } = localAuthority.indicator.latest;
    expect(value).toBeGreaterThan(0);
    expect(release.url).toMatch(/^https:\/\//);
  }
}

async function stopsCleanly(start: RunningCommand): Promise<void> {
  // npm passes the signal on as its own end once what it runs has ended; that one ended of itself.
  expect([0, 130, 'SIGINT']).toContain(
    Object.values(await start.end('SIGINT', 'group')).find((end) => end !== null),
  );
  expect(start.output).toContain('Stopping …');
  await leavesNothing(folder, start);
}

describe('a fresh clone', () => {
  it('is told in the README how to begin', () => {
    const readme = readFileSync(join(clone, 'README.md'), 'utf8');
    expect(readme).toMatch(/npm ci/);
    expect(readme).toMatch(/npm start/);
  });

  it('answers after npm ci && npm start where no publisher can be reached, on the sample', async (context) => {
    needsRegistry(context);
    const nowhere = { SOURCE_MIRROR: `http://127.0.0.1:${await freePort()}` };
    const start = await npm(['start'], nowhere);
    await start.ready(60_000);
    await start.says(ALL_LOADED, 60_000);
    expect(start.output).toContain('SYNTHETIC SAMPLE');
    await answersTheJourney(start, true);
    for (const line of processesOf(folder))
      expect(line, 'nothing of another checkout runs').not.toContain(PROJECT);
    expect(existsSync(join(clone, '.data'))).toBe(true);
    await stopsCleanly(start);
    const dirty = execFileSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' });
    expect(dirty, 'what it made is ignored by git').toBe('');
  });

  it.skipIf(process.getuid?.() !== 0)('answers for an ordinary user who has it alone', async (context) => {
    needsRegistry(context);
    const theirs = join(folder, 'home');
    execFileSync('mkdir', ['-p', theirs]);
    execFileSync('cp', ['-r', '--', clone, theirs]);
    execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, theirs]);
    const start = await startCommand(
      ['start'],
      folder,
      {
        DATA_DIR: '.data-theirs',
        ...environment(),
        HOME: theirs,
        PATH: `${PATH}${delimiter}${folder}/none`,
        SOURCE_MIRROR: `http://127.0.0.1:${await freePort()}`,
      },
      { project: join(theirs, 'schoolgraph'), program: ['npm'], ...NOBODY },
    );
    await start.says(ALL_LOADED, 60_000);
    await answersTheJourney(start, true);
    await stopsCleanly(start);
  });

  it.skipIf(!existsSync(MIRROR))(
    'answers with published figures from the mirror, England 2016/17 and all',
    async (context) => {
      needsRegistry(context);
      const settings = { SOURCE_MIRROR: MIRROR, GIAS_DATE: '2022-09-01', DATA_DIR: '.data-real' };
      const begun = performance.now();
      const start = await npm(['start'], settings);
      await start.ready(60_000);
      const first = performance.now() - begun;
      await start.says(ALL_REAL_LOADED, 170_000);
      console.log(
        `first answer after ${Math.round(first)} ms, the whole mirror after ${Math.round(performance.now() - begun)} ms`,
      );
      await answersTheJourney(start, false);
      const { data } = await start.ask(`{ schools { totalCount } england {
      indicators(ids: ["headcount", "permanent-exclusions", "suspensions"], periods: ["201617"]) { indicator { id } series { value } } } }`);
      expect(data.schools.totalCount).toBe(44_717);
      expect(
        Object.fromEntries(
          // biome-ignore lint/suspicious/noExplicitAny: an answer
          data.england.indicators.map(({ indicator, series }: any) => [indicator.id, series[0].value]),
        ),
      ).toEqual({ headcount: 8_025_075, 'permanent-exclusions': 7_720, suspensions: 381_865 });
      await stopsCleanly(start);

      const again = performance.now();
      const second = await npm(['start'], settings);
      await second.ready(60_000);
      console.log(`started again: first answer after ${Math.round(performance.now() - again)} ms`);
      expect((await second.ask('{ schools { totalCount } }')).data.schools.totalCount).toBe(44_717);
      await stopsCleanly(second);
      expect(second.output, 'nothing was due').not.toMatch(/: loaded/);
    },
  );
});
