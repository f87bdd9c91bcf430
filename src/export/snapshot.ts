/**
 * One read-only snapshot of the database, for as long as a list is being taken away. It is read through a cursor of
 * SQL's own: each fetch is a statement, so that statement_timeout is for one of them, and not for the reader's patience.
 */
import type { Pool, PoolClient, QueryResult } from 'pg';
import { connected, stoppedBy } from '../limits/stop.js';
import type { Waiting } from '../limits/waiting.js';

/** What a fetch should come to, in characters, and how many rows it may have; it begins with few. */
const CHARACTERS_AT_ONCE = 256_000;
const FIRST_ROWS = 100;
const MOST_ROWS = 2_000;

/** Columns as Postgres writes them. */
const AS_TEXT = { getTypeParser: () => (value: string) => value };

interface Statement {
  text: string;
  values: unknown[];
}

export class Snapshot {
  private fault: unknown = null;
  private last: Promise<unknown> = Promise.resolve();
  private readonly breaking = new AbortController();

  private readonly freed: () => Promise<void> | undefined;

  private constructor(
    private readonly client: PoolClient,
    waiting: Waiting | undefined,
  ) {
    this.freed = stoppedBy(waiting, client);
    client.on('error', this.onBroken);
  }

  /** Aborts when the connection breaks, even while nobody waits for rows: a reader who takes nothing is cut off by Postgres. */
  get broken(): AbortSignal {
    return this.breaking.signal;
  }

  private readonly onBroken = (error: unknown) => {
    this.fault ??= error;
    this.breaking.abort(error);
  };

  /** `waiting`: whether anybody does, for what is read. */
  static async begin(pool: Pool, waiting?: Waiting): Promise<Snapshot> {
    const snapshot = new Snapshot(await connected(pool, waiting), waiting);
    try {
      // Every row will be read: not the plan with the fastest first ones.
      await snapshot.query(
        'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL cursor_tuple_fraction = 1',
      );
      return snapshot;
    } catch (error) {
      await snapshot.end();
      throw error;
    }
  }

  query(text: string, values?: unknown[]): Promise<QueryResult> {
    return this.inTurn(() => this.client.query(text, values));
  }

  /** One statement after another: a fetch may be under way when the end comes. */
  private inTurn<R>(ask: () => Promise<R>): Promise<R> {
    const answer = this.last.then(ask);
    this.last = answer.catch((error) => {
      this.fault ??= error;
    });
    return answer;
  }

  /** The first column of every row, some rows at a time. */
  async *read(statement: Statement): AsyncGenerator<string[]> {
    for await (const rows of this.rows(statement)) yield rows.map(([entry]) => entry!);
  }

  /** Every row, its columns as Postgres writes them, some rows at a time: the next are fetched while these are written. */
  async *rows({ text, values }: Statement): AsyncGenerator<(string | null)[][]> {
    await this.query(`DECLARE taken NO SCROLL CURSOR FOR ${text}`, values);
    let asked = FIRST_ROWS;
    let fetched = this.fetch(asked);
    for (;;) {
      const rows = await fetched;
      const isLast = rows.length < asked;
      if (!isLast) {
        let characters = 0;
        for (const row of rows) for (const column of row) characters += column?.length ?? 0;
        asked = Math.max(
          1,
          Math.min(MOST_ROWS, Math.round((CHARACTERS_AT_ONCE * rows.length) / (characters || 1))),
        );
        fetched = this.fetch(asked);
        // Of what is fetched and never wanted there is nothing to tell.
        fetched.catch(() => {});
      }
      if (rows.length > 0) yield rows;
      if (isLast) return;
    }
  }

  private async fetch(rows: number): Promise<(string | null)[][]> {
    const query = { text: `FETCH ${rows} FROM taken`, rowMode: 'array' as const, types: AS_TEXT };
    return (await this.inTurn(() => this.client.query<(string | null)[]>(query))).rows;
  }

  /** Gives the connection back, or ends it where it is not as it was. */
  async end(): Promise<void> {
    await this.last;
    await this.freed();
    if (!this.fault) await this.query('ROLLBACK').catch(() => {});
    this.client.off('error', this.onBroken);
    this.client.release(Boolean(this.fault));
  }
}
