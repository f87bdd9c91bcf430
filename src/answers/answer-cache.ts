/**
 * Answers of one version of the data, by the text that asked for them. Bounded by bytes; all are dropped as soon as
 * another version is known of.
 */
import { LRUCache } from 'lru-cache';

export interface KeptAnswer {
  /** The body, ready to be sent. */
  body: Buffer;
  synthetic: boolean;
  headers: readonly (readonly [string, string])[];
}

/** What an entry takes besides its body and its key, roughly. */
const ENTRY_BYTES = 400;
/** One answer may take this part of the whole. */
const LARGEST_PART = 4;

export class AnswerCache {
  private readonly answers: LRUCache<string, KeptAnswer> | null;
  private version: number | null = null;
  /** Bytes that one answer may take, with its question. */
  readonly largest: number;

  constructor(megabytes: number) {
    const maxSize = megabytes * 1024 * 1024;
    this.largest = maxSize / LARGEST_PART;
    this.answers =
      megabytes === 0
        ? null
        : new LRUCache({
            maxSize,
            maxEntrySize: this.largest,
            sizeCalculation: ({ body }, question) => body.length + 2 * question.length + ENTRY_BYTES,
          });
  }

  /** Bytes that are kept. */
  get bytes(): number {
    return this.answers?.calculatedSize ?? 0;
  }

  /** The answer to a question, made from this version of the data. */
  get(version: number, question: string): KeptAnswer | undefined {
    if (version !== this.version) {
      this.answers?.clear();
      this.version = version;
    }
    return this.answers?.get(question);
  }

  /** Keeps an answer that was made from `version`, unless that is another than was last asked for. */
  put(
    version: number,
    question: string,
    answer: string | Buffer,
    { synthetic, headers = [] }: { synthetic: boolean; headers?: KeptAnswer['headers'] },
  ): void {
    if (!this.answers || version !== this.version) return;
    // Memory of its own: a slice of a shared block would keep the whole block.
    const body = Buffer.allocUnsafeSlow(Buffer.byteLength(answer));
    if (typeof answer === 'string') body.write(answer);
    else answer.copy(body);
    this.answers.set(question, { body, synthetic, headers });
  }
}
