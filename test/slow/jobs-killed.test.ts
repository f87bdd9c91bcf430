/** kill -9 of the jobs alone: the API goes on answering, and the jobs come back and finish what they had begun. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Publisher, writeMirror } from '../commands/publisher.js';
import {
  endEverything,
  leavesNothing,
  processesOf,
  startCommand,
  temporaryFolder,
  until,
} from '../commands/running-command.js';
import { OF_TODAY } from '../data-sets.js';

let folder: string;
let publisher: Publisher;

beforeEach(async () => {
  folder = await temporaryFolder();
  publisher = await Publisher.of(await writeMirror(join(folder, 'mirror')));
});

afterEach(async () => {
  publisher.close();
  await endEverything();
});

const jobsOf = (folder: string) =>
  processesOf(folder)
    .filter((line) => line.includes('main.js jobs'))
    .map((line) => Number.parseInt(line, 10));

it('the API goes on answering, and the jobs are started again and load the rest', async () => {
  publisher.hold(/\/edubasealldata/);
  const start = await startCommand(['start'], folder, publisher.settings);
  await start.ready();
  await publisher.isAsked();
  const [jobs] = jobsOf(folder);
  process.kill(jobs!, 'SIGKILL');
  await start.says(/The jobs ended \(SIGKILL\); they start again in \d+ s/);
  publisher.letGo();

  let answers = 0;
  await until('the jobs are back', async () => {
    const { data } = await start.ask('{ regions { name } }');
    expect(data.regions).toHaveLength(9);
    answers += 1;
    return jobsOf(folder).some((pid) => pid !== jobs);
  });
  // The half minute until they are back has room for a thousand.
  expect(answers).toBeGreaterThan(10);
  await start.says(/Data sets: .* 0 not to be had now/);
  const { data } = await start.ask(
    '{ schools { totalCount } dataStatus { dataSets { id release { id } } } }',
  );
  expect(data.schools.totalCount).toBeGreaterThan(60);
  const loaded = data.dataStatus.dataSets.filter(({ release }: { release: unknown }) => release);
  expect(loaded.map(({ id }: { id: string }) => id).sort()).toEqual(OF_TODAY.map(({ id }) => id).sort());
  expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
  await leavesNothing(folder, start);
});

it('Ctrl-C while the jobs wait to be started again ends at once', async () => {
  publisher.hold(/\/edubasealldata/);
  const start = await startCommand(['start'], folder, publisher.settings);
  await start.ready();
  process.kill(jobsOf(folder)[0]!, 'SIGKILL');
  await start.says('they start again in');
  const asked = performance.now();
  expect(await start.end('SIGINT', 'group')).toEqual({ code: 0, signal: null });
  // Before what does not end by itself is ended.
  expect(performance.now() - asked).toBeLessThan(14_000);
  await leavesNothing(folder, start);
});
