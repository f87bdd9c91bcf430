/**
 * Questions under a short id. What is saved is never changed, so that what has been read once need not be read again; how much
 * may be saved, the database says (migrations/14-saved-query.ts, docs/decisions/0027-saved-queries.md).
 */
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';
import type { PlainRequest } from '../answers/plain-request.js';
import { SchoolGraphError } from '../errors.js';

/** Of the texts that are remembered, together. */
const MOST_CHARACTERS = 2_000_000;
/** As the function makes them, which has its own name for this. */
const ID = /^[1-9A-HJ-NP-Za-km-z]{10}$/;

interface SavedQuery extends PlainRequest {
  id: string;
  savedAt: Date;
  /** The newest day of publication that was loaded when it was saved. */
  asOf: string | null;
}

/** What the function raises, and what to say of it. */
const REFUSALS: Record<string, ['QUERY_TOO_LARGE' | 'BUSY' | 'BAD_USER_INPUT', string]> = {
  SG413: ['QUERY_TOO_LARGE', 'A question that is saved can have 16,384 bytes, its variables among them.'],
  SG429: ['BUSY', 'As many questions have been saved as can be in a day: try again tomorrow.'],
  SG409: ['BAD_USER_INPUT', 'Another question has the id of this one: change its layout a little.'],
  // read_only_sql_transaction and insufficient_privilege.
  '25006': ['BUSY', 'Nothing can be saved here: this database is only read.'],
  '42501': ['BUSY', 'Nothing can be saved here: this database is only read.'],
};

export class SavedQueries {
  private readonly known = new LRUCache<string, SavedQuery>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: ({ query, variables }) => query.length + JSON.stringify(variables).length + 100,
  });

  constructor(private readonly pool: Pool) {}

  async find(id: string): Promise<SavedQuery | null> {
    if (!ID.test(id)) return null;
    const known = this.known.get(id);
    if (known) return known;
    const { rows } = await this.pool.query(
      `SELECT id, query, operation_name AS "operationName", variables, saved_at AS "savedAt", as_of::text AS "asOf" FROM saved_query WHERE id = $1`,
      [id],
    );
    if (rows[0]) this.known.set(id, rows[0]);
    return rows[0] ?? null;
  }

  /** Saves a question that has been found valid: the same question has the same id. */
  async save({
    query,
    operationName,
    variables,
  }: PlainRequest): Promise<Pick<SavedQuery, 'id' | 'savedAt' | 'asOf'>> {
    const client = await this.pool.connect();
    let isBroken = true;
    try {
      // Sessions may be read-only for want of a role of their own.
      await client.query('BEGIN READ WRITE');
      const { rows } = await client.query(
        'SELECT id, saved_at AS "savedAt", as_of::text AS "asOf" FROM save_query($1, $2, $3)',
        [query, operationName, JSON.stringify(variables)],
      );
      await client.query('COMMIT');
      isBroken = false;
      return rows[0];
    } catch (error) {
      const refusal = REFUSALS[(error as { code?: string }).code ?? ''];
      throw refusal ? new SchoolGraphError(...refusal, { cause: error }) : error;
    } finally {
      // After a failure the connection is not as it was.
      client.release(isBroken);
    }
  }
}
