/**
 * npm run bench:growth: what becomes of answers and loads when there is three and ten times as much, in a copy of the database that is
 * grown and dropped again. What is kept of a request is its processor time and the pages it touches, which hardly depend on what
 * else the machine does. Every answer is held against the one before the growth. The finding is in growth.json, and what
 * follows from it in docs/operations.md.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';
import { dataSetById } from '../jobs/catalogue.js';
import { askAll, type CheckedRequests, difference } from './answers.js';
import { type BenchDatabase, openBenchDatabase } from './database.js';
import { type Growth, grow, partition, type Size, sizeOf } from './growth-database.js';
import { LoadGenerator } from './load.js';
import { Server } from './loading-database.js';
import { OverlaidMirror } from './loading-files.js';
import type { LoadCost } from './loading-process.js';
import { secondsOf, secondsOfPostgres } from './processor-time.js';
import { type Question, rowsOf, type Subject } from './question.js';
import { ONE_SCHOOL } from './questions/one-school.js';
import { QUESTIONS } from './questions.js';
import { installPackages, PACKAGES, type RunningServer, startOurs } from './servers.js';

const COPY = 'growth';
/** What is loaded changes answers: it goes into a copy of the copy. */
const LOADED_COPY = 'growth_loaded';
const ORIGINAL = 'schoolgraph';
/** BENCH_TIMES and BENCH_ONLY make it shorter. */
const TIMES = (process.env.BENCH_TIMES ?? '3,10').split(',').map(Number);
const GROWTHS = (['data sets', 'years'] satisfies Growth[]).filter((growth) =>
  (process.env.BENCH_ONLY ?? growth).split(',').includes(growth),
);
const PARTITIONS = 16;
/** So many that hundredths of a second of processor time tell; kept answers take very little of it. */
const ANSWERS = { uncached: 800, cached: 20_000 };
/** As many, so that they do not find all their pages where the one before has left them. */
const MANY_SCHOOLS = 3_000;
const CONCURRENCY = 16;
/** The largest of those whose rows are observations, and what of it changes in every hundredth row. */
const LOADED = 'suspensions-and-permanent-exclusions';
const CHANGED = 'headcount';
const ONE_IN = 100;

interface Asked {
  question: Question;
  subjects: Subject[];
  /** What the answers come to, from the first time that they were asked for. */
  shapes?: unknown[];
}

interface Cost {
  answersPerSecond: number;
  /** Of one request after the other, in milliseconds. */
  p50: number;
  p99: number;
  /** Processor time of one request, in milliseconds: as a thousand come in a second, so many cores. */
  nodeMs: number;
  postgresMs: number;
  /** Pages of 8 kB that one request finds in the memory of Postgres, and that it reads into it. */
  pagesHit: number;
  pagesRead: number;
}

interface Finding {
  what: string;
  size: Size;
  uncached: Record<string, Cost>;
  cached?: Record<string, Cost>;
  load?: Awaited<ReturnType<GrowthBench['load']>>;
}

const say = (line: string) => console.log(line);
const rounded = (number: number) => Math.round(number * 1000) / 1000;

class GrowthBench {
  private readonly generator = new LoadGenerator();

  constructor(
    private readonly bench: BenchDatabase,
    private readonly server: Server,
    private readonly asked: Asked[],
  ) {}

  async copy(): Promise<void> {
    await this.server.copy(ORIGINAL, COPY);
    // The copy that others than this API are measured on is no part of what grows.
    await this.in((client) => client.query('DROP SCHEMA tidy_copy CASCADE'));
  }

  in<T>(use: (client: pg.Client) => Promise<T>): Promise<T> {
    return this.server.in(COPY, use);
  }

  async find(what: string, { cached = false, load = false } = {}): Promise<Finding> {
    const finding: Finding = { what, size: await this.in(sizeOf), uncached: await this.costs(0) };
    if (cached) finding.cached = await this.costs(null);
    if (load) finding.load = await this.load();
    tell(finding);
    return finding;
  }

  private async costs(cacheMegabytes: number | null): Promise<Record<string, Cost>> {
    const readerUrl = new URL(this.bench.database.readerUrl);
    readerUrl.pathname = `/${COPY}`;
    const addresses = { databaseUrl: this.server.urlOf(COPY), readerUrl: readerUrl.href };
    const api = await startOurs(cacheMegabytes === 0 ? 'uncached' : 'cached', addresses, cacheMegabytes);
    try {
      const costs: Record<string, Cost> = {};
      for (const one of this.asked) {
        const { requests, shapes } = await askAll(one.question, api, one.subjects);
        one.shapes ??= shapes;
        const differs = difference(one.shapes, shapes);
        if (differs) throw new Error(`${one.question.name} is answered otherwise at ${differs}`);
        costs[one.question.name] = await this.cost(api, requests);
      }
      return costs;
    } finally {
      await api.stop();
    }
  }

  private cost(api: RunningServer, requests: CheckedRequests): Promise<Cost> {
    return this.in(async (client) => {
      const backend = (await client.query('SELECT pg_backend_pid() AS pid')).rows[0].pid as number;
      const ask = (answers: number, concurrency: number) =>
        this.generator.measure({
          port: api.port,
          requests,
          concurrency,
          milliseconds: 0,
          answers,
          packages: PACKAGES,
        });
      // A backend tells its pages at most once a second, at the end of a statement: each is given one.
      const pages = async () => {
        await new Promise((later) => setTimeout(later, 1_100));
        await ask(CONCURRENCY * 2, CONCURRENCY);
        await client.query('SELECT pg_stat_clear_snapshot()');
        const { rows } = await client.query(
          'SELECT blks_hit::float8 AS hit, blks_read::float8 AS read FROM pg_stat_database WHERE datname = $1',
          [COPY],
        );
        return rows[0] as { hit: number; read: number };
      };
      const alone = await ask(100, 1);
      const answers = Math.max(ANSWERS[api.name === 'cached' ? 'cached' : 'uncached'], requests.length);
      const before = await pages();
      const began = { node: secondsOf(api.pid), postgres: secondsOfPostgres(backend) };
      const together = await ask(answers, CONCURRENCY);
      const node = secondsOf(api.pid) - began.node;
      const postgres = secondsOfPostgres(backend) - began.postgres;
      const after = await pages();
      const each = (sum: number) => rounded(sum / (answers + CONCURRENCY * 2));
      return {
        answersPerSecond: Math.round(together.perSecond),
        p50: rounded(alone.p50),
        p99: rounded(alone.p99),
        nodeMs: rounded((node * 1000) / answers),
        postgresMs: rounded((postgres * 1000) / answers),
        pagesHit: each(after.hit - before.hit),
        pagesRead: each(after.read - before.read),
      };
    });
  }

  /** A release more, every hundredth row of which says something else. */
  private async load() {
    const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-growth-'));
    const mirror = await OverlaidMirror.over(this.bench.mirror);
    await this.server.copy(COPY, LOADED_COPY);
    try {
      return await this.server.in(LOADED_COPY, async (client) => {
        const { rows: files } = await client.query(
          `SELECT f.url FROM release_file f WHERE f.release_id = (
            SELECT max(r.id) FROM release r JOIN data_set d ON d.number = r.data_set_number WHERE d.id = $1)`,
          [LOADED],
        );
        for (const { url } of files) {
          await mirror.vary(url, dataSetById(LOADED)!.encoding, (row, line) => [
            line % ONE_IN === 0 && /^\d+$/.test(row[CHANGED]!)
              ? { ...row, [CHANGED]: String(Number(row[CHANGED]) + 1) }
              : row,
          ]);
        }
        const state = async () => {
          const { rows } = await client.query(
            "SELECT pg_backend_pid() AS pid, (pg_current_wal_insert_lsn() - '0/0')::float8 AS wal",
          );
          return { postgres: secondsOfPostgres(rows[0].pid), wal: rows[0].wal as number };
        };
        await client.query('CHECKPOINT');
        const before = await state();
        const { stdout } = await promisify(execFile)(
          process.execPath,
          [fileURLToPath(new URL('./loading-process.js', import.meta.url)), LOADED],
          {
            env: {
              PATH: process.env.PATH,
              DATA_DIR: folder,
              GIAS_DATE: this.bench.giasDate,
              SOURCE_MIRROR: mirror.folder,
              DATABASE_URL: this.server.urlOf(LOADED_COPY),
            },
          },
        );
        const after = await state();
        const { outcomes, milliseconds, peakBytes } = JSON.parse(
          stdout.trim().split('\n').at(-1)!,
        ) as LoadCost;
        const { rows: runs } = await client.query('SELECT * FROM run ORDER BY id DESC LIMIT 1');
        if (outcomes[LOADED] !== 'LOADED') throw new Error(`${LOADED} was not loaded: ${runs[0].message}`);
        return {
          rows: runs[0].rows_read as number,
          added: runs[0].rows_added as number,
          seconds: rounded(milliseconds / 1000),
          peakMb: Math.round(peakBytes / 1e6),
          stages: runs[0].milliseconds as Record<string, number>,
          postgresSeconds: rounded(after.postgres - before.postgres),
          walMb: rounded((after.wal - before.wal) / 1e6),
        };
      });
    } finally {
      await this.server.drop(LOADED_COPY);
      await mirror.remove();
      await rm(folder, { recursive: true, force: true });
    }
  }

  async end(): Promise<void> {
    this.generator.stop();
    await this.server.drop(COPY).catch(() => {}); // never made
  }
}

function tell({ what, size, uncached, cached, load }: Finding): void {
  say(`\n${what}: ${JSON.stringify(size)}`);
  console.table(uncached);
  if (cached) {
    say('with the answers kept:');
    console.table(cached);
  }
  if (load) say(`one release more: ${JSON.stringify(load)}`);
}

async function questionsOf({ client }: BenchDatabase): Promise<Asked[]> {
  const asked: Asked[] = [];
  // An export is a stream of its own, and measured by itself.
  for (const question of QUESTIONS.filter(({ until, ours }) => !until && !ours.accept)) {
    asked.push({ question, subjects: await question.subjects(client) });
  }
  asked.push({
    question: { ...ONE_SCHOOL, name: `one-school of ${MANY_SCHOOLS}` },
    subjects: await rowsOf(
      client,
      `SELECT urn FROM tidy_copy.school WHERE status = 'OPEN' AND la_code IS NOT NULL AND trust_uid IS NOT NULL
       ORDER BY md5(urn::text) LIMIT ${MANY_SCHOOLS}`,
    ),
  });
  return asked.filter(({ subjects }) => subjects.length > 0);
}

installPackages(say);
const bench = await openBenchDatabase(false, say);
try {
  const asked = await questionsOf(bench);
  // A database that somebody is connected to cannot be copied.
  await bench.client.end();
  const server = new Server(bench.database.writerUrl);
  const growing = new GrowthBench(bench, server, asked);
  const findings: Finding[] = [];
  try {
    for (const growth of GROWTHS) {
      await growing.copy();
      if (growth === GROWTHS[0]) findings.push(await growing.find('as it is', { cached: true, load: true }));
      let there = 1;
      for (const times of TIMES) {
        await growing.in((client) => grow(client, growth, there, times));
        there = times;
        const isLast = times === TIMES.at(-1);
        // A release without the years that were made up would be refused.
        const load = isLast && growth === 'data sets';
        findings.push(await growing.find(`${times} times the ${growth}`, { load }));
      }
      if (growth === 'years') continue;
      await growing.in((client) => partition(client, PARTITIONS));
      findings.push(await growing.find(`${there} times the ${growth}, in ${PARTITIONS} partitions`));
    }
  } finally {
    await growing.end();
  }
  const about = { data: bench.data, node: process.version, cores: availableParallelism() };
  await writeFile(resolve('bench/growth.json'), `${JSON.stringify({ about, findings }, null, 2)}\n`);
} finally {
  await bench.close();
}
