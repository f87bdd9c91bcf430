/**
 * What a reader or a cache may hold an answer by. An answer is the same for as long as the data, the build and the question
 * are: its ETag is made of these, and so is known before the question is answered. Only answers that stand while the data
 * do are given one.
 */
import { createHash } from 'node:crypto';
import type { Known } from '../../schema/select/known.js';
import { BUILD } from './build.js';

type DataOf = Pick<Known, 'version' | 'changedAt'>;

/** Held for a minute without asking, and shown for ten more while it is being asked for anew. */
const CACHE_CONTROL = 'public, max-age=60, stale-while-revalidate=600';
/** A time of HTTP has no more than seconds: within so many after a change it does not tell one version from the next. */
const TELLING_AFTER_MS = 5_000;

/** What stands for the answer to a question in this version of the data. `question`: all that the answer depends on. */
export function etagOf({ version, changedAt }: DataOf, question: readonly string[]): string {
  const asked = createHash('sha256').update(JSON.stringify([BUILD, ...question]));
  // Another database may have come to the same version.
  return `W/"${version}-${changedAt.getTime().toString(36)}-${asked.digest('base64url').slice(0, 16)}"`;
}

/** Whether a reader has what stands already: If-None-Match. */
export const isKnown = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((one) => one.trim().replace(/^W\//, '') === etag.replace(/^W\//, ''));

/** The headers of an answer that stands as long as the data do. */
export function headersOf({ changedAt }: DataOf, etag: string): [string, string][] {
  const tells = Date.now() - changedAt.getTime() > TELLING_AFTER_MS;
  return [
    ['ETag', etag],
    ['Cache-Control', CACHE_CONTROL],
    ...(tells ? [['Last-Modified', changedAt.toUTCString()] as [string, string]] : []),
  ];
}

/** What is held where it is held at all. */
const ANY = '*';

/**
 * Whether a reader without an ETag has what stands: If-Modified-Since names the very moment that they were told. Data can
 * become those of an earlier moment, when a load that began earlier ends later. "*" stands for any answer that there is.
 */
export const isUnmodified = (
  { 'if-none-match': tag, 'if-modified-since': since }: Record<string, unknown>,
  headers: readonly (readonly [string, string])[],
): boolean =>
  String(tag).trim() === ANY ||
  (tag === undefined &&
    since !== undefined &&
    headers.some(([name, value]) => name === 'Last-Modified' && value === since));
