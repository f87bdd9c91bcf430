/**
 * Questions that clients ask for by the SHA-256 of their text (automatic persisted queries), so that GET is short enough for
 * any cache on the way. Bounded: a text that has been forgotten is sent again, as the protocol has it.
 */
import { LRUCache } from 'lru-cache';

/** Of all texts together. */
const MOST_CHARACTERS = 4_000_000;
/** What Apollo puts before a hash. */
const PREFIX = 'apq:';

export class PersistedQueries {
  private readonly texts = new LRUCache<string, string>({
    maxSize: MOST_CHARACTERS,
    sizeCalculation: (text, key) => text.length + key.length,
  });

  /** The text of this hash. */
  find(hash: unknown): string | undefined {
    return typeof hash === 'string' ? this.texts.get(PREFIX + hash) : undefined;
  }

  /** As Apollo asks for one, and keeps one that it has found valid. */
  async get(key: string): Promise<string | undefined> {
    return this.texts.get(key);
  }

  async set(key: string, text: string): Promise<void> {
    this.texts.set(key, text);
  }

  async delete(key: string): Promise<void> {
    this.texts.delete(key);
  }
}
