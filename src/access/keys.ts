/**
 * API keys: random, shown once to whoever makes one, and kept as hashes alone. A key has 256 random bits, so that a plain hash
 * of it cannot be turned round. The reader asks for one key by its hash, and can read no list of them.
 */
import { createHash, randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Pool } from 'pg';

/** What a key begins with: whoever finds one knows what it is. */
const PREFIX = 'sg_';
const KEY = /^sg_[\w-]{43}$/;
/** How long a key is taken for what it was: one that is revoked is good for that long. */
const FRESH_MS = 2_000;
const MOST_REMEMBERED = 10_000;

export interface ApiKey {
  id: number;
  /** Points that it may spend in a minute; null for what an address may. */
  rateLimit: number | null;
}

export const newKey = (): string => `${PREFIX}${randomBytes(32).toString('base64url')}`;
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();

/** What a request gives as its key: a bearer token, or X-API-Key; null where it gives none. */
export function keyIn(headers: { authorization?: string; 'x-api-key'?: string | string[] }): string | null {
  const given = headers['x-api-key'];
  if (given !== undefined) return String(given).trim();
  return /^bearer +(.+)$/i.exec(headers.authorization ?? '')?.[1]?.trim() ?? null;
}

export class Keys {
  private readonly remembered = new LRUCache<string, Promise<ApiKey | null>>({
    max: MOST_REMEMBERED,
    ttl: FRESH_MS,
  });

  constructor(private readonly pool: Pool) {}

  /** The key, where it is one and has not been revoked. Rejects when the database does not answer. */
  find(key: string): Promise<ApiKey | null> {
    if (!KEY.test(key)) return Promise.resolve(null);
    const hash = hashOf(key);
    const name = hash.toString('base64');
    let found = this.remembered.get(name);
    if (!found) {
      found = this.read(hash);
      found.catch(() => this.remembered.delete(name));
      this.remembered.set(name, found);
    }
    return found;
  }

  private async read(hash: Buffer): Promise<ApiKey | null> {
    const { rows } = await this.pool.query<ApiKey>({
      name: 'api-key',
      text: 'SELECT id, rate_limit AS "rateLimit" FROM api_key_of($1)',
      values: [hash],
    });
    return rows[0] ?? null;
  }
}
