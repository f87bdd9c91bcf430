/**
 * What a question carries with it: one snapshot of the database. An operation that is all SQL is one
 * statement, and a statement is a snapshot; one with ordinary resolvers gets a read-only transaction that
 * its statement and its loaders share. Either way nobody reads half of a publication.
 */
import DataLoader from 'dataloader';
import type { GraphQLResolveInfo } from 'graphql';
import type { Pool, PoolClient, QueryResult } from 'pg';
import type { DataSource, EntityTarget, ObjectLiteral, QueryRunner, Repository } from 'typeorm';
import { In } from 'typeorm';
import type { Citation } from '../src/citing/citation.js';
import { SchoolGraphError } from '../src/errors.js';
import type { Asked } from '../src/export/export.js';
import type { Asking } from '../src/http/asking.js';
import { query, stoppedBy } from '../src/limits/stop.js';
import type { Waiting } from '../src/limits/waiting.js';
import { Covered } from './coverage/covered.js';
import { DataSet } from './data-set/data-set.js';
import { type Finding, Release, type ReleaseFile } from './data-set/release.js';
import { Run } from './data-status/run.js';
import type { AvailableBreakdown, CoveredPeriod } from './indicator/indicator.js';
import type { Known } from './select/known.js';
import { missingIn } from './select/looked-up.js';
import { prepared } from './select/prepared.js';
import { statementOf } from './select/statement.js';

/** Which data a snapshot has. */
export interface DataRead {
  version: number;
  synthetic: boolean;
}

export class Context {
  /** Answers in place of the resolvers, where the answer is a file. */
  takeAway: ((asked: Asked) => Promise<void>) | null = null;
  private readonly cites: boolean;
  readonly loaders: Loaders;
  readonly covered: Covered;
  /** What the statement said of the data. Apollo works on a copy of this context: what is here both hold. */
  private readonly read: {
    data: DataRead | null;
    notes: string[];
    citations: Citation[];
    cost: number | null;
  } = {
    data: null,
    notes: [],
    citations: [],
    cost: null,
  };
  private answered: Promise<{ answer: Record<string, unknown>; refused: Map<string, Error> }> | null = null;

  /**
   * `failure`: what the operation's statement has failed with already, and is to be told. `cites`: the answer is told with
   * its sources.
   */
  constructor(
    readonly repositories: Repositories,
    readonly known: Known,
    readonly asking: Asking,
    { failure, cites = false }: { failure?: unknown; cites?: boolean } = {},
  ) {
    this.cites = cites;
    if (failure !== undefined) {
      this.answered = Promise.reject(failure);
      this.answered.catch(() => {});
    }
    this.loaders = new Loaders(this.repositories);
    this.covered = new Covered(this.repositories, known.memory);
  }

  /** JSON of a root field, from the operation's one statement, which is asked once however many roots it has. */
  async answer(info: GraphQLResolveInfo): Promise<unknown> {
    this.answered ??= this.ask(info);
    const { answer, refused } = await this.answered;
    const key = String(info.path.key);
    const refusal = refused.get(key);
    if (refusal) throw refusal;
    return answer[key];
  }

  private async ask(info: GraphQLResolveInfo) {
    const statement = statementOf(info, info.parentType, this.known, {
      forGraphqlJs: true,
      cites: this.cites,
    });
    const { rows } = await this.repositories.run(statement, statement.hasResolvers);
    const { answer, citations, ...data } = rows[0];
    this.read.data = data;
    this.read.notes = [...statement.notes, ...missingIn(answer, statement)];
    this.read.citations = citations ?? [];
    // The statement was written for other data than it has met: its answer may be wrong.
    if (data.version !== this.known.version) {
      throw new SchoolGraphError('DATA_MOVED', 'The data were replaced while the question was asked.');
    }
    return { answer, refused: statement.refused };
  }

  /** Of which data the answer is made; null where none were read for it. */
  async dataRead(): Promise<DataRead | null> {
    if (this.read.data !== null || !this.repositories.opened) return this.read.data;
    const [data] = await this.repositories.query('SELECT version::float8, synthetic FROM data_version');
    return data;
  }

  /** What the question costs, in points; null until it is understood. */
  get cost(): number | null {
    return this.read.cost;
  }

  set cost(cost: number | null) {
    this.read.cost = cost;
  }

  /** The sources of the answer, where they were asked for. */
  get citations(): readonly Citation[] | null {
    return this.cites ? this.read.citations : null;
  }

  /** What the asker should know of the answer, beside it. */
  get notes(): readonly string[] {
    return this.read.notes;
  }
}

/** Reads within the question's snapshot: one after another, as they share its connection. */
export class Repositories {
  private runner: Promise<QueryRunner> | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private failure: unknown = null;

  private freed: () => Promise<void> | undefined = () => undefined;

  /** `waiting`: whether anybody does, for what is read. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly waiting?: Waiting,
  ) {}

  /** Whether anything has been read in a snapshot. */
  get opened(): boolean {
    return this.runner !== null;
  }

  private async begin(): Promise<QueryRunner> {
    const runner = this.dataSource.createQueryRunner();
    try {
      this.waiting?.throwIfOver();
      this.freed = stoppedBy(this.waiting, await runner.connect());
      await runner.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      return runner;
    } catch (error) {
      await this.freed();
      await runner.release();
      throw error;
    }
  }

  private inTurn<R>(read: (runner: QueryRunner) => Promise<R>): Promise<R> {
    this.runner ??= this.begin();
    const { runner } = this;
    const answer = this.last.then(async () => {
      // After a failed statement the transaction answers nothing more: the first fault is the one to tell.
      if (this.failure) throw this.failure;
      return read(await runner);
    });
    this.last = answer.catch((error) => {
      this.failure ??= error;
    });
    return answer;
  }

  of<T extends ObjectLiteral, R>(
    entity: EntityTarget<T>,
    read: (repository: Repository<T>) => Promise<R>,
  ): Promise<R> {
    return this.inTurn((runner) => read(runner.manager.getRepository(entity)));
  }

  // biome-ignore lint/suspicious/noExplicitAny: the shape of a row is the query's
  query(text: string, values: unknown[] = []): Promise<any[]> {
    return this.inTurn((runner) => runner.query(text, values));
  }

  /** Runs a statement, prepared under a name; within the snapshot where others read from it too. */
  async run(statement: { text: string; values: unknown[] }, withinSnapshot: boolean): Promise<QueryResult> {
    const named = prepared(statement.text, statement.values);
    if (!withinSnapshot && !this.runner) return query(readerPool(this.dataSource), named, this.waiting);
    return this.inTurn(async (runner) => ((await runner.connect()) as PoolClient).query(named));
  }

  /** Ends the snapshot. Must be called, whatever became of the question. */
  async end(): Promise<void> {
    const runner = await this.runner?.catch(() => null);
    if (!runner) return;
    await this.last;
    await this.freed();
    await runner.query('ROLLBACK').catch(() => {});
    await runner.release();
  }
}

/** TypeORM's own pg pool: one pool for its repositories and for our statements. */
export const readerPool = (dataSource: DataSource): Pool =>
  (dataSource.driver as unknown as { master: Pool }).master;

/** Things that many observations share and that a statement would otherwise repeat for each. */
class Loaders {
  constructor(private readonly repositories: Repositories) {}

  readonly release = new DataLoader<number, Release>(async (ids) => {
    const found = await this.repositories.of(Release, (releases) => releases.findBy({ id: In([...ids]) }));
    return inOrder(ids, found, ({ id }) => id);
  });

  readonly releaseFiles = new DataLoader<number, ReleaseFile[]>(async (ids) => {
    const rows = await this.repositories.query(
      'SELECT release_id, url, sha256, bytes::float8 FROM release_file WHERE release_id = ANY($1) ORDER BY ordinal',
      [ids],
    );
    return ids.map((id) => rows.filter(({ release_id }) => release_id === id));
  });

  readonly findings = new DataLoader<number, Finding[]>(async (ids) => {
    const rows = await this.repositories.query(
      'SELECT release_id, kind, measure, rows, message FROM finding WHERE release_id = ANY($1) ORDER BY kind, measure',
      [ids],
    );
    return ids.map((id) => rows.filter(({ release_id }) => release_id === id));
  });

  readonly dataSet = new DataLoader<string, DataSet>(async (ids) => {
    const found = await this.repositories.of(DataSet, (dataSets) => dataSets.findBy({ id: In([...ids]) }));
    return inOrder(ids, found, ({ id }) => id);
  });

  readonly dataSetByNumber = new DataLoader<number, DataSet>(async (numbers) => {
    const found = await this.repositories.of(DataSet, (dataSets) =>
      dataSets.findBy({ number: In([...numbers]) }),
    );
    return inOrder(numbers, found, ({ number }) => number);
  });

  readonly newestRelease = this.newestOf(Release);

  readonly newestRun = this.newestOf(Run);

  /** By data set number, the row with the highest id. */
  private newestOf<T extends Release | Run>(entity: new () => T): DataLoader<number, T | null> {
    return new DataLoader(async (numbers) => {
      const found = await this.repositories.of(entity, (rows) =>
        rows
          .createQueryBuilder('r')
          .distinctOn(['r.data_set_number'])
          .where('r.data_set_number IN (:...numbers)', { numbers: [...numbers] })
          .orderBy({ 'r.data_set_number': 'ASC', 'r.id': 'DESC' })
          .getMany(),
      );
      return numbers.map((number) => found.find(({ dataSetNumber }) => dataSetNumber === number) ?? null);
    });
  }

  readonly periods = new DataLoader<string, CoveredPeriod[]>(async (ids) => {
    const rows = await this.repositories.query(
      `SELECT d.id, dp.code, dp.label FROM data_set d
       JOIN data_set_period dp ON dp.data_set_number = d.number JOIN period p ON p.id = dp.period_id
       WHERE d.id = ANY($1) ORDER BY p.starts_on`,
      [ids],
    );
    return ids.map((id) => rows.filter((row) => row.id === id));
  });

  readonly breakdowns = new DataLoader<string, AvailableBreakdown[]>(async (ids) => {
    const rows = await this.repositories.query(
      `SELECT d.id, b.code, b.label FROM data_set d JOIN breakdown b ON b.data_set_number = d.number
       WHERE d.id = ANY($1) ORDER BY b.code`,
      [ids],
    );
    return ids.map((id) => rows.filter((row) => row.id === id));
  });
}

function inOrder<K, T>(keys: readonly K[], found: T[], keyOf: (entry: T) => K): (T | Error)[] {
  const byKey = new Map(found.map((entry) => [keyOf(entry), entry]));
  return keys.map(
    (key) => byKey.get(key) ?? new SchoolGraphError('INTERNAL', `nothing is known of ${String(key)}`),
  );
}
