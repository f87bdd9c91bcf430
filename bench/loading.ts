/**
 * What loading costs, beside COPY of the same bytes into an all-text table: for each of the big files the whole load and
 * its parts, memory, how time grows with the rows, what a release with every hundredth row changed writes, what a look
 * at everything costs when nothing is new, and how large the database is. Rounds are taken in turn, floor and load,
 * and medians are compared. `npm run bench:loading`; BENCH_ROUNDS, BENCH_TIMES and BENCH_ONLY make it shorter.
 */
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DATA_SETS, dataSetById } from '../jobs/catalogue.js';
import { startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.js';
import { copyAsText, copyIntoKeyed } from './loading-copy.js';
import { Server } from './loading-database.js';
import { OverlaidMirror, type Variant } from './loading-files.js';
import type { LoadCost } from './loading-process.js';

const MIRROR = resolve(process.env.SOURCE_MIRROR ?? '../shared/data/mirror');
const RESULTS = resolve('bench/loading.json');
const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 5);
const TIMES = Number(process.env.BENCH_TIMES ?? 10);
const ONE_IN = 100;

type Row = Record<string, string>;

interface Big {
  /** A column that can change without harm, and how. */
  changing: string;
  change: (text: string) => string;
  /** How a row is repeated under another key. */
  again: (row: Row, time: number) => object;
}

/** Symbols and fractions may mean something: they stay. */
const oneMore = (text: string) => (/^\d+$/.test(text) ? String(Number(text) + 1) : text);

const BIG: Record<string, Big> = {
  'gias-establishments': {
    changing: 'EstablishmentName',
    change: (text) => `${text} x`,
    again: ({ URN }, time) => ({ URN: String(Number(URN) + time * 50_000) }),
  },
  lait: {
    changing: 'Values',
    change: oneMore,
    again: (row, time) => ({ 'Short Desc': `${row['Short Desc']} ${time}` }),
  },
  'ehc-plans-caseload': {
    changing: 'ehcplans',
    change: oneMore,
    again: ({ breakdown }, time) => ({ breakdown: `${breakdown} ${time}` }),
  },
  'suspensions-and-permanent-exclusions': {
    changing: 'headcount',
    change: oneMore,
    again: ({ school_type }, time) => ({ school_type: `${school_type} ${time}` }),
  },
};
/** What else has to know the other keys. */
const BESIDE: Record<string, { dataSet: string; again: (row: Row, time: number) => object }> = {
  lait: {
    dataSet: 'lait-dictionary',
    again: ({ Measure_short }, time) => ({ Measure_short: `${Measure_short} ${time}` }),
  },
};

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

interface Measured extends LoadCost {
  rows: number;
  added: number;
  ended: number;
  /** stage, check and publish: what is done with the bytes when they are there. */
  reading: number;
  stages: Record<string, number>;
}

class Bench {
  private readonly environment: NodeJS.ProcessEnv;

  constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {
    this.environment = { DATA_DIR: folder, GIAS_DATE: '2022-09-01', SOURCE_MIRROR: MIRROR };
  }

  /** Loads in a process of its own. */
  async load(database: string, ids: string[], environment: NodeJS.ProcessEnv = {}): Promise<LoadCost> {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [fileURLToPath(new URL('./loading-process.js', import.meta.url)), ...ids],
      {
        env: {
          PATH: process.env.PATH,
          ...this.environment,
          DATABASE_URL: this.server.urlOf(database),
          ...environment,
        },
        maxBuffer: 16 * 1024 * 1024,
      },
    );
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  }

  async measure(database: string, id: string, environment: NodeJS.ProcessEnv = {}): Promise<Measured> {
    const cost = await this.load(database, [id], environment);
    const run = await this.server.in(database, async (client) => {
      const { rows } = await client.query('SELECT * FROM run ORDER BY id DESC LIMIT 1');
      return rows[0];
    });
    if (cost.outcomes[id] !== 'LOADED') throw new Error(`${id} was not loaded: ${run.message}`);
    const stages = run.milliseconds as Record<string, number>;
    return {
      ...cost,
      rows: run.rows_read,
      added: run.rows_added,
      ended: run.rows_ended,
      stages,
      reading: (stages.stage ?? 0) + (stages.check ?? 0) + (stages.publish ?? 0),
    };
  }

  /** The files that the newest release of a data set was read from, as they are kept. */
  async filesOf(database: string, id: string): Promise<{ url: string; path: string; bytes: number }[]> {
    return this.server.in(database, async (client) => {
      const { rows } = await client.query(
        `SELECT f.url, f.sha256, f.bytes::float8 AS bytes FROM release_file f
         WHERE f.release_id = (SELECT max(r.id) FROM release r JOIN data_set d ON d.number = r.data_set_number WHERE d.id = $1)
         ORDER BY f.ordinal`,
        [id],
      );
      return rows.map(({ url, sha256, bytes }) => ({ url, bytes, path: join(this.folder, 'files', sha256) }));
    });
  }

  async rounds(
    before: string,
    after: string,
    id: string,
    rounds: number,
    environment: NodeJS.ProcessEnv = {},
  ) {
    const files = await this.filesOf(after, id);
    const paths = files.map(({ path }) => path);
    const copies: number[] = [];
    const keyed: number[] = [];
    const loads: Measured[] = [];
    for (let round = 0; round < rounds; round += 1) {
      await this.server.copy(before, 'measured');
      const copy = await this.server.in('measured', (client) => copyAsText(client, paths, dataSetById(id)!));
      copies.push(copy.milliseconds);
      keyed.push(await this.server.in(after, (client) => copyIntoKeyed(client, dataSetById(id)!)));
      const load = await this.measure('measured', id, environment);
      if (load.rows !== copy.rows) throw new Error(`${id}: ${load.rows} rows read, ${copy.rows} copied`);
      loads.push(load);
    }
    const of = (what: (load: Measured) => number) => median(loads.map(what));
    return {
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      rows: loads[0]!.rows,
      copyMs: median(copies),
      keyedRatio: median(keyed.map((milliseconds, at) => milliseconds / copies[at]!)),
      wholeMs: of(({ milliseconds }) => milliseconds),
      wholeRatio: median(loads.map(({ milliseconds }, at) => milliseconds / copies[at]!)),
      readingMs: of(({ reading }) => reading),
      readingRatio: median(loads.map(({ reading }, at) => reading / copies[at]!)),
      stages: Object.fromEntries(
        Object.keys(loads[0]!.stages).map((stage) => [stage, of(({ stages }) => stages[stage] ?? 0)]),
      ),
      peakBytes: Math.max(...loads.map(({ peakBytes }) => peakBytes)),
      added: loads[0]!.added,
    };
  }

  /** The same data set with every row repeated under other keys: rows and time must grow alike. */
  async manyTimes(before: string, after: string, id: string, times: number) {
    const mirror = await OverlaidMirror.over(MIRROR);
    const environment = { SOURCE_MIRROR: mirror.folder };
    const vary = async (dataSet: string, again: (row: Row, time: number) => object) => {
      const variant: Variant = (row) =>
        Array.from({ length: times }, (_, time) => (time === 0 ? row : { ...row, ...again(row, time) }));
      const { encoding } = dataSetById(dataSet)!;
      for (const { url } of await this.filesOf(after, dataSet)) await mirror.vary(url, encoding, variant);
    };
    try {
      await vary(id, BIG[id]!.again);
      const beside = BESIDE[id];
      await this.server.copy(before, 'manyfold');
      if (beside) {
        await vary(beside.dataSet, beside.again);
        await this.load('manyfold', [beside.dataSet], environment);
      }
      await this.server.copy('manyfold', 'manyfold_after');
      await this.load('manyfold_after', [id], environment);
      return await this.rounds('manyfold', 'manyfold_after', id, 1, environment);
    } finally {
      await mirror.remove();
    }
  }

  /** A release with every hundredth row changed, upon the one that stands. */
  async changed(after: string, id: string) {
    const mirror = await OverlaidMirror.over(MIRROR);
    const { changing, change } = BIG[id]!;
    const variant: Variant = (row, line) => [
      line % ONE_IN === 0 ? { ...row, [changing]: change(row[changing]!) } : row,
    ];
    try {
      for (const { url } of await this.filesOf(after, id)) {
        await mirror.vary(url, dataSetById(id)!.encoding, variant);
      }
      await this.server.copy(after, 'changed');
      const { rows, added, ended, milliseconds } = await this.measure('changed', id, {
        SOURCE_MIRROR: mirror.folder,
      });
      return { rows, added, ended, milliseconds };
    } finally {
      await mirror.remove();
    }
  }
}

type Rounds = Awaited<ReturnType<Bench['rounds']>>;
type Changed = Awaited<ReturnType<Bench['changed']>>;

const times = (ratio: number) => `${ratio.toFixed(1)} x`;
const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
const microseconds = ({ readingMs, rows }: Rounds) => `${((readingMs * 1000) / rows).toFixed(1)} µs`;

function tell(id: string, once: Rounds, changed: Changed, many: Rounds | null): void {
  const stages = Object.entries(once.stages).map(([stage, ms]) => `${stage} ${ms}`);
  console.log(
    [
      `${id}: ${once.rows.toLocaleString('en-GB')} rows, ${megabytes(once.bytes)}, COPY as text ${once.copyMs.toFixed(0)} ms`,
      `stage + check + publish ${times(once.readingRatio)}, the whole load ${times(once.wholeRatio)} (${stages.join(', ')} ms); its rows ready made into the keyed table ${times(once.keyedRatio)}`,
      `memory ${megabytes(once.peakBytes)}; a row takes ${microseconds(once)}`,
      ...(many
        ? [
            `${TIMES} times the rows: ${times(many.readingRatio)}, the whole ${times(many.wholeRatio)}, memory ${megabytes(many.peakBytes)}, a row takes ${microseconds(many)}`,
          ]
        : []),
      `every ${ONE_IN}th row changed: ${changed.added} added, ${changed.ended} ended of ${once.added}, in ${changed.milliseconds.toFixed(0)} ms`,
    ].join('\n  '),
  );
}

const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-bench-'));
await chmod(folder, 0o755);
const postgres = await startEmbeddedPostgres({ directory: join(folder, 'postgres'), report: console.error });
const results: Record<string, unknown> = {};
try {
  const bench = new Bench(new Server(postgres.url), folder);
  const server = new Server(postgres.url);
  await server.create('filled');
  for (const { id } of DATA_SETS) {
    const measured = id in BIG && (!process.env.BENCH_ONLY || process.env.BENCH_ONLY.split(',').includes(id));
    if (measured) await server.copy('filled', 'before');
    await bench.load('filled', [id]);
    if (!measured) continue;
    await server.copy('filled', 'after');
    const once = await bench.rounds('before', 'after', id, ROUNDS);
    const changed = await bench.changed('after', id);
    const many = TIMES > 1 ? await bench.manyTimes('before', 'after', id, TIMES) : null;
    results[id] = { once, changed, many };
    tell(id, once, changed, many);
  }
  const looks: number[] = [];
  for (let look = 0; look < ROUNDS; look += 1) looks.push((await bench.load('filled', [])).milliseconds);
  const size = await server.in('filled', async (client) => {
    const { rows } = await client.query(
      'SELECT pg_database_size(current_database())::float8 AS database, (SELECT sum(bytes) FROM release)::float8 AS files',
    );
    return rows[0];
  });
  results.everything = { unchangedMs: median(looks), ...size };
  console.log(
    `everything: nothing new ${median(looks).toFixed(0)} ms; the database is ${(size.database / size.files).toFixed(2)} times its files`,
  );
  await writeFile(RESULTS, `${JSON.stringify(results, null, 2)}\n`);
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}
