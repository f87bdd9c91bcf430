/** What a command line says to a person who does not know it, or who mistyped. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DATA_SETS } from '../../jobs/catalogue.js';
import { COMMANDS } from '../../src/commands/commands.js';
import { endEverything, leavesNothing, runCommand, temporaryFolder } from './running-command.js';

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
});

afterEach(endEverything);

const names = COMMANDS.map(({ name }) => name);

describe('--help', () => {
  it.each(COMMANDS)('of $name tells its usage and the exit codes, and ends with 0', async (command) => {
    const { code, output } = await runCommand([command.name, '--help'], folder);
    expect(code).toBe(0);
    expect(output).toContain(command.usage);
    expect(output).toContain(command.summary);
    expect(output).toContain('docs/settings.md');
    expect(output).toMatch(/Exit codes: 0 .*1 .*2 .*3 /);
  });

  it('alone lists every command', async () => {
    const { code, output } = await runCommand(['--help'], folder);
    expect(code).toBe(0);
    for (const { usage, summary } of COMMANDS) expect(output).toContain(`${usage.padEnd(32)}${summary}`);
  });

  it('works with wrong settings too, and starts nothing', async () => {
    const { code } = await runCommand(['start', '--help'], folder, { GIAS_DATE: 'yesterday' });
    expect(code).toBe(0);
    await leavesNothing(folder);
  });
});

describe('a mistake is answered with what there is, and exit code 2', () => {
  const lists = (output: string, what: readonly string[]) => {
    for (const each of what) expect(output).toContain(each);
    expect(output).not.toMatch(/^\s+at .*\d+:\d+/m);
  };

  it('no command at all', async () => {
    const { code, output } = await runCommand([], folder);
    expect(code).toBe(2);
    lists(output, names);
  });

  it('an unknown command', async () => {
    const { code, output } = await runCommand(['strat'], folder);
    expect(code).toBe(2);
    lists(output, ['There is no command "strat"', ...names]);
  });

  it.each(names)('an unknown option of %s', async (name) => {
    const { code, output } = await runCommand([name, '--fast'], folder);
    expect(code).toBe(2);
    lists(output, ["Unknown option '--fast'", COMMANDS.find((command) => command.name === name)!.usage]);
  });

  it.each([
    'start',
    'load',
    'serve',
    'status',
    'sample',
    'schema',
    'docs',
  ])("the options of the jobs' process are none of %s", async (name) => {
    const { code, output } = await runCommand([name, '--embedded', '--sample', '--help'], folder);
    expect(code).toBe(2);
    expect(output).toContain("Unknown option '--embedded'");
  });

  it.each(['start', 'serve', 'jobs', 'sample', 'schema'])('a word too many after %s', async (name) => {
    const { code, output } = await runCommand([name, 'gias-groups'], folder);
    expect(code).toBe(2);
    lists(output, ['gias-groups', COMMANDS.find((command) => command.name === name)!.usage]);
  });

  it('an address for docs where no graph answers', async () => {
    const { code, output } = await runCommand(['docs', 'gias-groups'], folder);
    expect(code).toBe(2);
    lists(output, ['http://localhost:4000/graphql']);
  });

  it.each(['load', 'status'])('an unknown data set for %s', async (name) => {
    const { code, output } = await runCommand([name, 'gias-groups', 'gias-gruops'], folder);
    expect(code).toBe(2);
    lists(output, ['There is no data set gias-gruops', ...DATA_SETS.map(({ id }) => id)]);
    await leavesNothing(folder);
  });

  it.each(
    names.filter((name) => name !== 'schema' && name !== 'docs'),
  )('a wrong setting for %s', async (name) => {
    const { code, output } = await runCommand([name], folder, {
      GIAS_DATE: 'yesterday',
      SOURCE_MIRROR: '/nowhere',
    });
    expect(code).toBe(2);
    lists(output, [
      'BAD_SETTING',
      'GIAS_DATE=yesterday',
      'YYYY-MM-DD',
      'SOURCE_MIRROR',
      'not there: /nowhere',
    ]);
    await leavesNothing(folder);
  });
});
