/** load and status: by themselves and beside a running start, on one database; their exit codes mean something. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATA_SETS } from '../../jobs/catalogue.js';
import { ALL_LOADED, ALL_UNCHANGED, OF_TODAY } from '../data-sets.js';
import { beginWith, filesIn, ownFiles } from './prepared.js';
import { GIAS_DATE, Publisher } from './publisher.js';
import {
  endEverything,
  leavesNothing,
  runCommand,
  startCommand,
  temporaryFolder,
} from './running-command.js';

let folder: string;
let mirror: string;
let publisher: Publisher;

beforeEach(async () => {
  folder = await temporaryFolder();
  mirror = await ownFiles(folder);
  publisher = await Publisher.of(mirror);
});

afterEach(async () => {
  publisher.close();
  await endEverything();
});

const register = (name: string) =>
  join(
    mirror,
    'ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public',
    `${name}${GIAS_DATE.replaceAll('-', '')}.csv`,
  );

/** Changes a file of the mirror as its publisher would; latin1, so that no byte of the rest changes. */
async function change(file: string, by: (text: string) => string): Promise<void> {
  const before = await readFile(file, 'latin1');
  const after = by(before);
  expect(after).not.toBe(before);
  await writeFile(file, after, 'latin1');
}

describe('load', () => {
  it('loads everything and ends with 0; again, and nothing is written', async () => {
    const first = await runCommand(['load'], folder, filesIn(mirror));
    expect(first).toMatchObject({ code: 0 });
    expect(first.output).toContain(ALL_LOADED);
    for (const { id } of OF_TODAY) expect(first.output).toContain(`${id}: loaded (`);
    const second = await runCommand(['load'], folder, filesIn(mirror));
    expect(second).toMatchObject({ code: 0 });
    expect(second.output).toContain(`Data sets: 0 loaded, ${DATA_SETS.length} unchanged`);
    await leavesNothing(folder);
  });

  it('loads the named data sets alone', async () => {
    const { code, output } = await runCommand(
      ['load', 'gias-groups', 'local-authority-codes'],
      folder,
      filesIn(mirror),
    );
    expect(code).toBe(0);
    expect(output).toContain('Data sets: 2 loaded');
  });

  it('ends with 3 when a file was refused; what stood before stays, and status tells why', async () => {
    await beginWith('everything', folder);
    await writeFile(
      register('allgroupsdata'),
      '<!DOCTYPE html><html><body>Service unavailable</body></html>',
    );
    const { code, output } = await runCommand(['load'], folder, filesIn(mirror));
    expect(code).toBe(3);
    expect(output).toMatch(/gias-groups: REFUSED, the release before stays \(.*\)/);
    expect(output).toContain(`Data sets: 0 loaded, ${DATA_SETS.length - 1} unchanged, 1 not to be had now.`);
    const status = await runCommand(['status'], folder);
    expect(status.code).toBe(3);
    expect(status.output).toMatch(
      /gias-groups\n {2}stands: Extract of 2026-09-01.*\n.*\n {2}last look: REFUSED — /,
    );
    expect((await runCommand(['status', 'gias-establishments'], folder)).code).toBe(0);
  });

  it('beside a running start loads into its database, and the API shows the new data', async () => {
    await beginWith('everything', folder);
    const start = await startCommand(['start'], folder, publisher.settings);
    await start.says(ALL_UNCHANGED);
    const name = async () =>
      (await start.ask('{ schools(first: 1) { nodes { urn name } } }')).data.schools.nodes[0];
    const before = await name();
    await change(register('edubasealldata'), (text) =>
      text.replace(`"${before.name}"`, '"Sample Renamed School"'),
    );

    const load = await runCommand(['load', 'gias-establishments'], folder, publisher.settings);
    expect(load).toMatchObject({ code: 0 });
    expect(load.output).toMatch(/gias-establishments: loaded \(.* 1 new or changed, 1 ended/);
    const { data } = await start.ask(`{ school(urn: ${before.urn}) { name } }`);
    expect(data.school.name).toBe('Sample Renamed School');
    expect(await start.status('/readyz'), 'load leaves the database of another running').toBe(200);
  });

  it('beside a start that is loading the same data set says that it is busy, and ends with 3', async () => {
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, publisher.settings);
    await start.ready();
    await publisher.isAsked();
    const { code, output } = await runCommand(['load', 'gias-establishments'], folder, publisher.settings);
    expect(code).toBe(3);
    expect(output).toContain('another process is loading it');
  });
});

describe('status', () => {
  it('of an empty folder says that nothing is loaded', async () => {
    const { code, output } = await runCommand(['status'], folder);
    expect(code).toBe(3);
    expect(output).toContain('Nothing is loaded yet.');
    for (const { id } of DATA_SETS) expect(output).toContain(`${id}\n  stands: nothing\n  last look: never`);
    await leavesNothing(folder);
  });

  it('beside a running start tells what stands and what is under way', async () => {
    publisher.hold(/\/edubasealldata/);
    const start = await startCommand(['start'], folder, publisher.settings);
    await start.ready();
    await publisher.isAsked();
    const early = await runCommand(['status'], folder);
    expect(early.output).toMatch(/gias-establishments\n {2}stands: nothing\n {2}last look: under way/);
    publisher.letGo();
    await start.says(ALL_LOADED);
    const { code, output } = await runCommand(['status'], folder);
    expect(code).toBe(0);
    expect(output).toMatch(/Data version \d+, changed \d{4}-/);
    expect(output.match(/last look: LOADED/g)).toHaveLength(OF_TODAY.length);
    expect(await start.status('/readyz')).toBe(200);
  });

  it('of one data set lists each unusable row with its line, column, value and reason', async () => {
    // A day that is none, in the second school: its first day of the month becomes the 99th.
    let line = 0;
    await change(register('edubasealldata'), (text) => {
      const lines = text.split('\n');
      line = lines.findIndex((each, at) => at > 1 && /"\d\d-\d\d-\d{4}"/.test(each));
      lines[line] = lines[line]!.replace(/"\d\d-\d\d-\d{4}"/, '"99-99-2001"');
      return lines.join('\n');
    });
    expect((await runCommand(['load', 'gias-establishments'], folder, filesIn(mirror))).code).toBe(0);
    const { output } = await runCommand(['status', 'gias-establishments'], folder);
    expect(output).toMatch(new RegExp(`line ${line + 1}, .*Date.* "99-99-2001": .+`));
    expect(output).toMatch(/rows: \d+ read, \d+ could not be used, \d+ left out, 1 single values left out/);
    const all = await runCommand(['status'], folder);
    expect(all.output, 'in the overview the rows are only counted').not.toContain('99-99-2001');
    expect(all.output).toContain('npm run status <data set>');
  });
});
