/**
 * npm run bench:serving: the same questions, on the same data, asked of this API with and without its cache, of
 * PostGraphile 5 and of a hand-written statement, in turn. Answers that are not equal end it with exit code 1.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { askAll, type CheckedRequests, difference } from './answers.js';
import { openBenchDatabase } from './database.js';
import { LoadGenerator } from './load.js';
import type { Question } from './question.js';
import { QUESTIONS } from './questions.js';
import { type Finding, summarise, table } from './report.js';
import {
  type Addresses,
  CONNECTIONS,
  PACKAGES,
  type RunningServer,
  type ServerName,
  startFloor,
  startOurs,
  startPostgraphile,
} from './servers.js';

const RESULTS = resolve('bench/results.json');
const FULL = { rounds: 5, milliseconds: 1_800 };
const QUICK = { rounds: 3, milliseconds: 500 };
const CONCURRENCIES = [1, 16];

const say = (line: string) => console.log(line);

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    rounds: { type: 'string' },
  },
});

const unknown = options.only.filter((name) => !QUESTIONS.some((question) => question.name === name));
if (unknown.length > 0) {
  say(
    `There is no question ${unknown.join(', ')}. There are: ${QUESTIONS.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}

async function run(): Promise<boolean> {
  installPackages();
  const bench = await openBenchDatabase(options.fresh, say);
  const { database, client } = bench;
  const generator = new LoadGenerator();
  const servers: RunningServer[] = [];
  try {
    const addresses: Addresses = { databaseUrl: database.writerUrl, readerUrl: database.readerUrl };
    servers.push(await startOurs('uncached', addresses, 0));
    servers.push(await startPostgraphile(addresses));
    servers.push(await startFloor(addresses));
    const has = await rootFields(servers[0]!);
    if (has.cache) servers.splice(1, 0, await startOurs('cached', addresses, null));
    const { rounds, milliseconds } = options.quick ? QUICK : FULL;
    const findings: Finding[] = [];
    const wrong: string[] = [];
    for (const question of QUESTIONS) {
      if (options.only.length > 0 && !options.only.includes(question.name)) continue;
      if (question.needs && !has.fields.has(question.needs)) {
        say(`${question.name}: not there yet (${question.needs})`);
        continue;
      }
      const requests = await checked(question, servers, await question.subjects(client), wrong);
      if (!requests) continue;
      for (const concurrency of question.concurrencies ?? CONCURRENCIES) {
        const finding: Finding = { question: question.name, title: question.title, concurrency, rounds: {} };
        for (let round = 0; round < Number(options.rounds ?? rounds); round += 1) {
          for (const server of servers) {
            const measured = await generator.measure({
              port: server.port,
              requests: requests.get(server.name)!,
              concurrency,
              milliseconds,
              packages: PACKAGES,
            });
            finding.rounds[server.name] = [...(finding.rounds[server.name] ?? []), measured];
          }
        }
        findings.push(finding);
        say(table([finding]).split('\n')[1]!);
      }
    }
    const summary = summarise(findings);
    const memory = Object.fromEntries(servers.map(({ name, memory: now }) => [name, now().peak]));
    const startMs = Object.fromEntries(servers.map(({ name, startMs: ms }) => [name, Math.round(ms)]));
    say(`\n${table(findings)}\n`);
    say(`Peak memory, MB: ${JSON.stringify(memory)}. Start to first answer, ms: ${JSON.stringify(startMs)}`);
    say(JSON.stringify(summary, null, 2));
    for (const line of wrong) say(`NOT EQUAL: ${line}`);
    if (options.only.length === 0) {
      const about = {
        data: bench.data,
        connections: CONNECTIONS,
        quick: options.quick,
        node: process.version,
      };
      await writeFile(
        RESULTS,
        `${JSON.stringify({ summary, equal: wrong.length === 0, about, peakMegabytes: memory, startMs, findings }, null, 2)}\n`,
      );
    }
    return wrong.length === 0;
  } finally {
    generator.stop();
    await Promise.all(servers.map(({ stop }) => stop()));
    await bench.close();
  }
}

/** Every server's requests, when all answers to them are equal; otherwise nothing, and what is not goes into `wrong`. */
async function checked(
  question: Question,
  servers: RunningServer[],
  subjects: Awaited<ReturnType<Question['subjects']>>,
  wrong: string[],
): Promise<Map<ServerName, CheckedRequests> | null> {
  if (subjects.length === 0) {
    say(`${question.name}: these data have nothing to ask it about`);
    return null;
  }
  const requests = new Map<ServerName, CheckedRequests>();
  let expected: unknown[] | null = null;
  for (const server of servers) {
    try {
      const asked = await askAll(question, server, subjects);
      requests.set(server.name, asked.requests);
      expected ??= asked.shapes;
      const differs = difference(expected, asked.shapes);
      if (differs) throw new Error(`${servers[0]!.name} and ${server.name} differ at ${differs}`);
    } catch (error) {
      wrong.push(`${question.name}: ${(error as Error).message}`);
      say(wrong.at(-1)!);
      return null;
    }
  }
  return requests;
}

/** What this API can be asked. */
async function rootFields({ port }: RunningServer): Promise<{ fields: Set<string>; cache: boolean }> {
  const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __schema { queryType { fields { name } } } }' }),
  });
  const { data } = (await answer.json()) as {
    data: { __schema: { queryType: { fields: { name: string }[] } } };
  };
  const fields = new Set(data.__schema.queryType.fields.map(({ name }) => name));
  const lines = await fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/jsonl' },
    body: JSON.stringify({ query: '{ schools(first: 1) { nodes { urn } } }' }),
  });
  await lines.text();
  if (lines.headers.get('content-type')?.includes('jsonl')) fields.add('export');
  const { SETTINGS } = await import('../src/settings.js');
  return { fields, cache: Object.values(SETTINGS).some(({ variable }) => variable === 'ANSWER_CACHE_MB') };
}

function installPackages(): void {
  if (existsSync(join(PACKAGES, 'node_modules', 'postgraphile'))) return;
  say('Installing PostGraphile and the Node it needs …');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: PACKAGES, stdio: 'inherit' });
}

process.exitCode = (await run()) ? 0 : 1;
