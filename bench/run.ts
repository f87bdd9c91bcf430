/**
 * npm run bench: prepares what is measured, measures, and says what came of it. Ends with 1 where answers were not equal or
 * memory was not flat, with 2 where it was asked wrongly. What it found is in results.json and memory.json.
 */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openBenchDatabase } from './database.js';
import { measureMemory } from './memory.js';
import { QUESTIONS } from './questions.js';
import { installPackages } from './servers.js';
import { measureServing } from './serving.js';

const FULL = { rounds: 5, milliseconds: 1_800 };
const QUICK = { rounds: 3, milliseconds: 500 };
const ANSWERS = 100_000;

const HELP = `npm run bench:serving [-- options]

  --quick          shorter rounds: a figure for tuning, not for keeping
  --only <name>    one question, again for more: ${QUESTIONS.map(({ name }) => name).join(', ')}
  --memory         ${ANSWERS.toLocaleString('en-GB')} answers of this API instead, watching its memory, and how fast it starts
  --answers <n>    with --memory, so many answers instead
  --fresh          loads the database and makes the tidy copy anew
What it found is kept, unless only some questions were asked or in short rounds: see docs/performance.md`;

const say = (line: string) => console.log(line);

async function run(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      memory: { type: 'boolean', default: false },
      answers: { type: 'string', default: String(ANSWERS) },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { quick, only, memory, fresh } = values;
  const answers = Number(values.answers);
  if (!Number.isInteger(answers) || answers < 100) throw new TypeError('--answers must be a number from 100');
  const unknown = only.filter((name) => !QUESTIONS.some((question) => question.name === name));
  if (unknown.length > 0) throw new TypeError(`There is no question ${unknown.join(', ')}`);
  if (values.help) {
    say(HELP);
    return 0;
  }
  const questions = QUESTIONS.filter(({ name }) => only.length === 0 || only.includes(name));
  installPackages(say);
  const bench = await openBenchDatabase(fresh, say);
  try {
    if (memory) {
      const found = await measureMemory(bench, questions, answers, say);
      if (only.length === 0 && answers >= ANSWERS) await keep('memory.json', found);
      return found.every(({ isFlat }) => isFlat) ? 0 : 1;
    }
    const found = await measureServing(bench, questions, quick ? QUICK : FULL, say);
    say(`Peak memory in MB: ${JSON.stringify(found.peakMegabytes)}`);
    say(`Start to first answer in ms: ${JSON.stringify(found.startMilliseconds)}`);
    say(JSON.stringify(found.summary, null, 2));
    for (const line of found.unequal) say(`NOT EQUAL: ${line}`);
    if (only.length === 0 && !quick) await keep('results.json', found);
    return found.unequal.length === 0 ? 0 : 1;
  } finally {
    await bench.close();
  }
}

const keep = (file: string, found: unknown) =>
  writeFile(resolve('bench', file), `${JSON.stringify(found, null, 2)}\n`);

try {
  process.exitCode = await run();
} catch (error) {
  if (!(error instanceof TypeError)) throw error;
  say(`${error.message}\n\n${HELP}`);
  process.exitCode = 2;
}
