/**
 * The serving benchmark: the same questions, on the same data, asked of this API with and without its cache, of PostGraphile 5
 * and of a hand-written statement, in turn. Nothing is measured of a question before all answers to it were found equal.
 */
import { availableParallelism } from 'node:os';
import { SETTINGS } from '../src/settings.js';
import { askAll, type CheckedRequests, difference } from './answers.js';
import type { BenchDatabase } from './database.js';
import { LoadGenerator } from './load.js';
import type { Question } from './question.js';
import { type Finding, ratiosOf, type Summary, summarise, table } from './report.js';
import {
  CONNECTIONS,
  PACKAGES,
  type RunningServer,
  type ServerName,
  startFloor,
  startOurs,
  startPostgraphile,
} from './servers.js';

const CONCURRENCIES = [1, 16];

export interface Rounds {
  rounds: number;
  /** Of one measurement: a question, a concurrency, a server, a round. */
  milliseconds: number;
}

export interface Serving {
  summary: Summary;
  /** Questions whose answers were not equal, and where. */
  unequal: string[];
  /** Questions that could not be asked, and why. */
  skipped: string[];
  about: Record<string, unknown>;
  peakMegabytes: Partial<Record<ServerName, number>>;
  startMilliseconds: Partial<Record<ServerName, number>>;
  findings: (Finding & { ratios: ReturnType<typeof ratiosOf> })[];
}

/** True where the API has a cache of answers that can be switched off. */
export const hasCache = Object.values(SETTINGS).some(({ variable }) => variable === 'ANSWER_CACHE_MB');

export async function measureServing(
  { database, client, data }: BenchDatabase,
  questions: readonly Question[],
  { rounds, milliseconds }: Rounds,
  say: (line: string) => void,
): Promise<Serving> {
  const generator = new LoadGenerator();
  const servers: RunningServer[] = [];
  const findings: Finding[] = [];
  const unequal: string[] = [];
  const skipped: string[] = [];
  try {
    const addresses = { databaseUrl: database.writerUrl, readerUrl: database.readerUrl };
    servers.push(await startOurs('uncached', addresses, 0));
    if (hasCache) servers.push(await startOurs('cached', addresses, null));
    const postgraphile = await startPostgraphile(addresses);
    servers.push(postgraphile);
    // The same process, asked in another way.
    servers.push({ ...postgraphile, name: 'functions', stop: async () => {} });
    servers.push(await startFloor(addresses));
    const abilities = await abilitiesOf(servers[0]!);
    for (const question of questions) {
      const { name, title, needs, until } = question;
      if (until && abilities.has(until)) continue;
      const subjects = needs && !abilities.has(needs) ? [] : await question.subjects(client);
      if (subjects.length === 0) {
        skipped.push(
          needs && !abilities.has(needs)
            ? `${name}: the API has no ${needs} yet`
            : `${name}: nothing to ask about in these data`,
        );
        say(skipped.at(-1)!);
        continue;
      }
      const requests = await checkedRequests(question, servers, subjects).catch((error: Error) => {
        unequal.push(`${name}: ${error.message}`);
        say(unequal.at(-1)!);
      });
      if (!requests) continue;
      for (const concurrency of question.concurrencies ?? CONCURRENCIES) {
        const finding: Finding = { question: name, title, concurrency, rounds: {} };
        for (let round = 0; round < rounds; round += 1) {
          for (const { name: server, port } of servers.filter(({ name: known }) => requests.has(known))) {
            const load = {
              port,
              requests: requests.get(server)!,
              concurrency,
              milliseconds,
              packages: PACKAGES,
            };
            const measured = await generator.measure(load).catch((error: Error) => {
              throw new Error(`${server}, ${name} x ${concurrency}: ${error.message}`);
            });
            finding.rounds[server] = [...(finding.rounds[server] ?? []), measured];
          }
        }
        findings.push(finding);
        say(
          `${name} x ${concurrency}: ${ratiosOf(finding).uncachedVsPostgraphile?.median.toPrecision(3)} times PostGraphile`,
        );
      }
    }
    if (findings.length > 0) say(`\n${table(findings)}\n`);
    const ofServers = (read: (server: RunningServer) => number) =>
      Object.fromEntries(servers.map((server) => [server.name, Math.round(read(server))]));
    return {
      summary: summarise(findings),
      unequal,
      skipped,
      about: {
        data,
        connections: CONNECTIONS,
        rounds,
        milliseconds,
        node: process.version,
        cores: availableParallelism(),
      },
      peakMegabytes: ofServers(({ memory }) => memory().peak),
      startMilliseconds: ofServers(({ startMs }) => startMs),
      findings: findings.map((finding) => ({ ...finding, ratios: ratiosOf(finding) })),
    };
  } finally {
    generator.stop();
    await Promise.all(servers.map(({ stop }) => stop()));
  }
}

/** Every server's requests. Throws where any answer of one differs from that of the first. */
async function checkedRequests(
  question: Question,
  servers: RunningServer[],
  subjects: Awaited<ReturnType<Question['subjects']>>,
): Promise<Map<ServerName, CheckedRequests>> {
  const requests = new Map<ServerName, CheckedRequests>();
  let expected: unknown[] | null = null;
  for (const server of servers) {
    if (server.name === 'functions' && !question.functions) continue;
    const asked = await askAll(question, server, subjects);
    requests.set(server.name, asked.requests);
    expected ??= asked.shapes;
    const differs = difference(expected, asked.shapes);
    if (differs) throw new Error(`${servers[0]!.name} and ${server.name} differ at ${differs}`);
  }
  return requests;
}

/** What this API can be asked: its root fields, and "export" where it answers a list in lines. */
async function abilitiesOf({ port }: RunningServer): Promise<Set<string>> {
  const ask = (query: string, accept: string) =>
    fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept },
      body: JSON.stringify({ query }),
    });
  const answer = await ask('{ __schema { queryType { fields { name } } } }', 'application/json');
  const { data } = (await answer.json()) as {
    data: { __schema: { queryType: { fields: { name: string }[] } } };
  };
  const abilities = new Set(data.__schema.queryType.fields.map(({ name }) => name));
  const lines = await ask('{ schools(first: 1) { nodes { urn } } }', 'application/jsonl');
  await lines.text();
  if (lines.headers.get('content-type')?.includes('jsonl')) abilities.add('export');
  return abilities;
}
