/**
 * What the server knows of the data at the moment: asked for at most once a second, and known anew where the data have
 * another version.
 */
import type { Pool } from 'pg';
import { DataMemory } from './data-memory.js';
import { KnownData, type Query } from './known-data.js';

const FRESH_MS = 1_000;

export class DataState {
  /** The newest that is known. Whoever answers a question takes it once. */
  known = new KnownData(new DataMemory());
  private asked = 0;
  private asking: Promise<void> | null = null;

  constructor(private readonly pool: Pool) {}

  /** Brings the state up to date where it may be stale. Rejects when the database does not answer. */
  refresh(): Promise<void> {
    if (performance.now() - this.asked < FRESH_MS && this.known.version !== -1) return Promise.resolve();
    this.asking ??= this.ask().finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  /** Takes over what a question has had to find out for itself. */
  adopt(known: KnownData): void {
    if (known.version > this.known.version) this.known = known;
  }

  private async ask(): Promise<void> {
    const { rows } = await this.pool.query(DATA_VERSION);
    this.asked = performance.now();
    if (rows[0].version === this.known.version) return;
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
      const query: Query = async (text) => (await client.query(text)).rows;
      this.known = await KnownData.read(query, this.known.memory);
      await client.query('COMMIT');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}

/** As float8, which pg reads as a number: versions are small. */
const DATA_VERSION = 'SELECT version::float8, synthetic FROM data_version';
