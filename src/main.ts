/** The command line: one command, its names, and nothing else. Faults of the asker are sentences, not stacks. */
import { parseArgs } from 'node:util';
import { COMMANDS, EXIT, helpOf, helpOfAll } from './commands/commands.js';
import type { KeyOptions } from './commands/keys.js';
import { SchoolGraphError } from './errors.js';

async function main(): Promise<number> {
  const [name, ...rest] = process.argv.slice(2);
  if (!name || name === '--help' || name === '-h' || name === 'help') {
    console.log(helpOfAll());
    return name ? EXIT.ok : EXIT.usage;
  }
  const command = COMMANDS.find((known) => known.name === name);
  if (!command) throw new SchoolGraphError('BAD_COMMAND', `There is no command "${name}".\n\n${helpOfAll()}`);
  const { values, positionals } = readArguments(rest, name);
  if (values.help) {
    console.log(helpOf(command));
    return EXIT.ok;
  }
  switch (name) {
    case 'start':
    case 'sample':
      return (await import('./commands/start.js')).start({ sample: name === 'sample' });
    case 'serve':
      return (await import('./commands/start.js')).serve();
    case 'jobs':
      return (await import('./commands/run-jobs.js')).runJobs({
        embedded: values.embedded === true,
        sample: values.sample === true,
      });
    case 'load':
      return (await import('./commands/run-jobs.js')).loadNow(positionals);
    case 'reread':
      return (await import('./commands/run-jobs.js')).rereadNow(positionals);
    case 'status':
      return (await import('./commands/status.js')).status(positionals);
    case 'docs':
      return (await import('./docs/write-docs.js')).writeDocs(positionals);
    case 'keys':
      return (await import('./commands/keys.js')).keys(positionals, values as KeyOptions);
    default:
      return (await import('./commands/write-schema.js')).writeSchema();
  }
}

/** For the child of start: --embedded (the sample is allowed) and --sample (it is asked for). */
const JOBS_OPTIONS = { embedded: { type: 'boolean' }, sample: { type: 'boolean' } } as const;

/** Of a key that is made. */
const KEYS_OPTIONS = { name: { type: 'string' }, 'rate-limit': { type: 'string' } } as const;

function readArguments(rest: string[], name: string) {
  try {
    return parseArgs({
      args: rest,
      allowPositionals: ['load', 'reread', 'status', 'docs', 'keys'].includes(name),
      options: {
        help: { type: 'boolean', short: 'h' },
        ...(name === 'jobs' ? JOBS_OPTIONS : {}),
        ...(name === 'keys' ? KEYS_OPTIONS : {}),
      },
    });
  } catch (error) {
    throw new SchoolGraphError(
      'BAD_COMMAND',
      `${(error as Error).message}\n\n${helpOf(COMMANDS.find((known) => known.name === name)!)}`,
    );
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof SchoolGraphError) {
    console.error(`${error.code}: ${error.message}`);
    process.exitCode =
      error.code === 'BAD_COMMAND' || error.code === 'BAD_SETTING' ? EXIT.usage : EXIT.failed;
  } else {
    console.error(error);
    process.exitCode = EXIT.failed;
  }
}
