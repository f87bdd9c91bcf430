/** How long and how often a publisher is asked, and how much is taken from one: the limits of fetch in one place. */

export interface Patience {
  /** To the first byte of an answer. */
  answerMs: number;
  /** Without a byte, in the middle of a body. */
  silenceMs: number;
  /** For a whole body. */
  wholeMs: number;
  /** Times that an address is asked when it answers "not now" or the connection breaks. */
  attempts: number;
  /** The longest that is waited between two attempts; a publisher that asks for more is left alone till the next look. */
  longestWaitMs: number;
  /** Of one file, decompressed. The largest known (LAIT) has under 100 MB; a gzip bomb has more. */
  maximumFileBytes: number;
  wait: (ms: number) => Promise<void>;
}

export const PATIENCE: Patience = {
  answerMs: 20_000,
  silenceMs: 60_000,
  wholeMs: 20 * 60_000,
  attempts: 3,
  longestWaitMs: 30_000,
  maximumFileBytes: 1024 * 1024 * 1024,
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** What is waited before the next attempt where the publisher does not say. */
export const pauseAfter = (attempt: number): number => 500 * 2 ** attempt;

/**
 * What a publisher asks for with Retry-After, which is a number of seconds or a date (RFC 9110, 10.2.3); null where
 * it asks for nothing.
 */
export function askedToWait(retryAfter: unknown, now: number): number | null {
  if (typeof retryAfter !== 'string' || retryAfter.trim() === '') return null;
  const seconds = Number(retryAfter);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter) - now;
  return Number.isFinite(ms) && ms > 0 ? ms : null;
}
