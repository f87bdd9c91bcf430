/** The real jobs on a database of the test's own: what they are told, what they answer, what then stands. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool } from 'pg';
import { DATA_SETS, dataSetById } from '../../jobs/catalogue.js';
import type { DataSet } from '../../jobs/declaration.js';
import { Loads } from '../../jobs/loads.js';
import type { Patience } from '../../jobs/patience.js';
import { Progress } from '../../jobs/progress.js';
import type { RunResult } from '../../jobs/run.js';
import { openDatabase, openWriterPool } from '../../src/database/database.js';
import { readSettings } from '../../src/settings.js';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { SMALL_GIAS_DATE } from './small-mirror.js';

const TABLES = [
  'release',
  'release_file',
  'data_version',
  'place',
  'period',
  'data_set_period',
  'breakdown',
  'observation',
  'series',
  'series_period',
  'series_measure',
  'lait_measure',
  'school',
  'establishment_group',
  'group_membership',
  'group_link',
  'establishment_link',
  'local_authority_code',
  'region_local_authority',
  'statistical_neighbour',
  'boundary_area',
  'drawn_local_authority',
  'geographic_neighbour',
  'school_lineage',
  'local_authority',
  'region',
  'school_place',
  'school_match',
  'school_in_parts',
  'school_observation',
  'school_kind',
  'search_name',
  'search_word',
  'grid_point',
] as const;
type Table = (typeof TABLES)[number];

// biome-ignore lint/suspicious/noExplicitAny: the shape of a row is the statement's
type Row = any;

export class Loading {
  readonly said: string[] = [];
  /** How the publishers are waited for, where it is not as ever. */
  patience: Partial<Patience> = {};

  private constructor(
    readonly database: OwnDatabase,
    readonly pool: Pool,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly ownFolder: string | null,
  ) {}

  /** Opens a database of its own with every data set declared and, from 'empty', nothing loaded. */
  static async open(
    from: 'real' | 'sample' | 'empty',
    environment: NodeJS.ProcessEnv,
    onServer?: OwnDatabase,
  ): Promise<Loading> {
    const database = onServer ?? (await ownDatabase(from));
    const ownFolder = environment.DATA_DIR ? null : await mkdtemp(join(tmpdir(), 'schoolgraph-loading-'));
    const complete = {
      GIAS_DATE: SMALL_GIAS_DATE,
      DATA_DIR: ownFolder ?? undefined,
      DATABASE_URL: database.url,
      ...environment,
    };
    const opened = await openDatabase(readSettings(complete), () => {});
    await opened.close();
    const loading = new Loading(database, openWriterPool(database.url), complete, ownFolder);
    await loading.loads().define();
    return loading;
  }

  loads(environment: NodeJS.ProcessEnv = {}, pool = this.pool): Loads {
    return new Loads({
      pool,
      settings: readSettings({ ...this.environment, ...environment }),
      progress: new Progress(process.stderr),
      say: (line) => this.said.push(line),
      patience: this.patience,
    });
  }

  get dataDirectory(): string {
    return this.environment.DATA_DIR!;
  }

  /** The folder in which fetched files are kept. */
  get keptFiles(): string {
    return join(this.environment.DATA_DIR!, 'files');
  }

  dataSet(id: string): DataSet {
    return dataSetById(id)!;
  }

  /** Loads the data sets named, or all of them. */
  load(ids: string[] = DATA_SETS.map(({ id }) => id), environment: NodeJS.ProcessEnv = {}) {
    return this.loads(environment).load(ids.map(this.dataSet));
  }

  async loadOne(id: string, environment: NodeJS.ProcessEnv = {}): Promise<RunResult> {
    return (await this.load([id], environment))[0]!;
  }

  async rows(sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query(sql, parameters)).rows;
  }

  /** The first column of the first row. */
  async value(sql: string, parameters: unknown[] = []): Promise<Row> {
    return Object.values((await this.rows(sql, parameters))[0])[0];
  }

  /** Everything that readers can see, as one hash for each table: equal before and after means nothing was written. */
  async standing(): Promise<Record<Table, string>> {
    const hashes = await Promise.all(
      TABLES.map((table) =>
        this.value(
          `SELECT count(*) || ' ' || coalesce(sum(('x' || left(md5(t::text), 12))::bit(48)::bigint), 0) FROM ${table} t`,
        ),
      ),
    );
    return Object.fromEntries(TABLES.map((table, at) => [table, hashes[at]])) as Record<Table, string>;
  }

  /** The newest run of a data set, with its issues in the order of the file. */
  async lastRun(id: string): Promise<Row> {
    const [run] = await this.rows(
      `SELECT r.* FROM run r JOIN data_set d ON d.number = r.data_set_number WHERE d.id = $1 ORDER BY r.id DESC LIMIT 1`,
      [id],
    );
    const issues = await this.rows(
      'SELECT file, line, column_name, value, reason, kind FROM issue WHERE run_id = $1 ORDER BY file, line',
      [run.id],
    );
    return { ...run, issues };
  }

  async close(): Promise<void> {
    await this.pool.end();
    await this.database.drop();
    if (this.ownFolder) await rm(this.ownFolder, { recursive: true, force: true });
  }
}
