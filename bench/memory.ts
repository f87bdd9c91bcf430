/**
 * Whether the API keeps its memory over very many answers, and how soon it answers after its start. Flat: neither the
 * least nor the most of the last quarter is more than a tenth above that of the second, the first being the time in which the heap
 * grows to its size. What lies between is garbage that waits to be collected, and falls as it happens to.
 */
import { askAll, type CheckedRequests } from './answers.js';
import type { BenchDatabase } from './database.js';
import { LoadGenerator } from './load.js';
import type { Question } from './question.js';
import { type Addresses, PACKAGES, type ServerName, startOurs } from './servers.js';
import { hasCache } from './serving.js';
import { median } from './statistics.js';

const SAMPLES = 40;
const CONCURRENCY = 16;
const STARTS = 5;
const ALLOWED_GROWTH = 1.1;

export interface MemoryFound {
  server: ServerName;
  answers: number;
  /** Resident memory after each fortieth of the answers. */
  megabytes: number[];
  peakMegabytes: number;
  isFlat: boolean;
  /** From the start of the process to its first answer. */
  startMilliseconds: number[];
}

export async function measureMemory(
  { database, client }: BenchDatabase,
  questions: readonly Question[],
  answers: number,
  say: (line: string) => void,
): Promise<MemoryFound[]> {
  const addresses = { databaseUrl: database.writerUrl, readerUrl: database.readerUrl };
  const found: MemoryFound[] = [];
  for (const name of hasCache ? (['uncached', 'cached'] as const) : (['uncached'] as const)) {
    const startMilliseconds = await starts(name, addresses);
    say(`${name}: start to first answer ${Math.round(median(startMilliseconds))} ms`);
    const server = await startOurs(name, addresses, name === 'cached' ? null : 0);
    const generator = new LoadGenerator();
    try {
      const asked: CheckedRequests[] = [];
      for (const question of questions) {
        // An export is measured for itself: it is a different thing from very many small answers.
        if (question.ours.accept) continue;
        const subjects = await question.subjects(client);
        const checked = await askAll(question, server, subjects).catch(() => null);
        if (checked) asked.push(checked.requests);
      }
      const requests = interleaved(asked);
      const megabytes: number[] = [];
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        await generator.measure({
          port: server.port,
          requests,
          concurrency: CONCURRENCY,
          milliseconds: 0,
          answers: Math.ceil(answers / SAMPLES),
          packages: PACKAGES,
        });
        megabytes.push(server.memory().now);
      }
      const quarter = (number: number) =>
        megabytes.slice((number - 1) * (SAMPLES / 4), number * (SAMPLES / 4));
      const isFlat = [Math.min, Math.max].every(
        (extreme) => extreme(...quarter(4)) <= extreme(...quarter(2)) * ALLOWED_GROWTH,
      );
      say(
        `${name}: ${answers.toLocaleString('en-GB')} answers, MB at the start ${megabytes[0]}, in the middle ${megabytes[SAMPLES / 2]}, at the end ${megabytes.at(-1)}, at most ${server.memory().peak}: ${isFlat ? 'flat' : 'NOT FLAT'}`,
      );
      found.push({
        server: name,
        answers,
        megabytes,
        peakMegabytes: server.memory().peak,
        isFlat,
        startMilliseconds,
      });
    } finally {
      generator.stop();
      await server.stop();
    }
  }
  return found;
}

async function starts(name: ServerName, addresses: Addresses): Promise<number[]> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    const server = await startOurs(name, addresses, name === 'cached' ? null : 0);
    times.push(Math.round(server.startMs));
    await server.stop();
  }
  return times;
}

/** The lists dealt out one from each in turn, as often as the longest has entries. */
const interleaved = (lists: CheckedRequests[]): CheckedRequests =>
  Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, at) =>
    lists.map((list) => list[at % list.length]!),
  ).flat();
