/** The commands, with the help that each prints. What a command does is in the file named after it. */
export interface Command {
  name: string;
  usage: string;
  summary: string;
  details: string;
}

export const EXIT = {
  ok: 0,
  /** Something went wrong here. */
  failed: 1,
  /** A wrong command, option or setting. */
  usage: 2,
  /** Ran, but some data sets could not be loaded. */
  incomplete: 3,
} as const;

export const COMMANDS: readonly Command[] = [
  {
    name: 'start',
    usage: 'npm start',
    summary: 'Starts the database, the API and the jobs.',
    details:
      'Without DATABASE_URL an embedded Postgres is started. The API answers at once on http://localhost:4000 (PORT);\nwhat is due is loaded beside it, and looked at again on schedule. Ctrl-C stops everything.',
  },
  {
    name: 'load',
    usage: 'npm run load [data set …]',
    summary: 'Looks at every data set now, or at those named, and loads what is new.',
    details:
      'Ends with 0 when all stand as published, with 3 when some could not be loaded. What a mirror does not have is no fault.',
  },
  {
    name: 'reread',
    usage: 'npm run reread [data set …]',
    summary: 'Reads every release again from the kept files, or those of the data sets named.',
    details:
      'No publisher is asked. Readers see the old rows until the new ones are whole. After an upgrade that reads files\ndifferently this happens by itself, at the next look. Ends with 3 when some could not be read again.',
  },
  {
    name: 'serve',
    usage: 'npm run serve',
    summary: 'Starts the API alone, on what is loaded.',
    details: 'For replicas behind a balancer: run jobs once, serve many times.',
  },
  {
    name: 'jobs',
    usage: 'npm run jobs',
    summary: 'Runs the jobs alone, on schedule.',
    details:
      'Loads what is due at once, then on schedule. Several may run: Postgres decides which one takes a tick.',
  },
  {
    name: 'status',
    usage: 'npm run status [data set …]',
    summary: 'Tells what is loaded, what could not be, and every row that could not be used.',
    details:
      'Without names: a line for each data set. With names: their warnings and issues too. Ends with 3 when the last look at some data set failed.',
  },
  {
    name: 'keys',
    usage: 'npm run keys -- <what to do>',
    summary: 'Makes, lists and revokes API keys.',
    details:
      'To do: create --name "A name" [--rate-limit <points a minute>]: shows a new key, once. list: all, without the keys. revoke <number>.\nKeys are optional, unless REQUIRE_API_KEY=1; one has a rate limit of its own: docs/access.md.',
  },
  {
    name: 'sample',
    usage: 'npm run sample',
    summary: 'Starts everything on the synthetic sample: made-up schools, for trying things out.',
    details: 'The sample is never mixed with real data. Beside them: DATA_DIR=.data-sample npm run sample',
  },
  {
    name: 'schema',
    usage: 'npm run schema',
    summary: 'Writes schema/schema.graphql from the classes.',
    details: 'Needs no database.',
  },
  {
    name: 'docs',
    usage: 'npm run docs [address]',
    summary: 'Writes docs/data.md, indicators.md and recipes.md from declarations and examples.',
    details:
      'Needs no database. With the address of a graph (http://localhost:4000/graphql) it writes docs/indicators-lait.md too,\nfrom the dictionary that is loaded there.',
  },
];

export const helpOf = ({ usage, summary, details }: Command): string =>
  `${usage}\n\n${summary}\n${details}\n\nSettings are environment variables: see docs/settings.md.\nExit codes: 0 good, 1 something went wrong, 2 wrong command or setting, 3 some data sets could not be loaded.`;

export const helpOfAll = (): string =>
  `SchoolGraph\n\n${COMMANDS.map(({ usage, summary }) => `  ${usage.padEnd(32)}${summary}`).join('\n')}\n\nMore on one: npm run <command> -- --help`;
