/** The releases of a data set that are loaded, in the order of their publication, and a place for one more among them. */
import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { FetchedFile, KnownFile } from './kept-files.js';
import type { LocatedRelease } from './locate.js';
import { lastNumberOf, nextReleaseNumber } from './release-order.js';

export interface KnownRelease {
  number: number;
  title: string;
  sha256: string;
  definitionHash: string;
  files: KnownFile[];
}

/** The release that is being loaded, and its place among the others of its data set. */
export interface ReleasePosition {
  number: number;
  /** The release published after it, where it is loaded late; null for the newest. */
  next: number | null;
}

/** By day of publication, oldest first. */
export async function knownReleases(
  client: PoolClient,
  dataSetNumber: number,
  synthetic: boolean,
): Promise<KnownRelease[]> {
  const { rows } = await client.query<KnownRelease>(
    `SELECT r.id AS number, r.title, r.sha256, r.definition_hash AS "definitionHash",
       (SELECT json_agg(json_build_object('url', url, 'sha256', sha256, 'etag', etag, 'lastModified', last_modified) ORDER BY ordinal)
        FROM release_file WHERE release_id = r.id) AS files
     FROM release r WHERE r.data_set_number = $1 AND r.synthetic = $2 ORDER BY r.id`,
    [dataSetNumber, synthetic],
  );
  return rows;
}

/** A release's day, where it comes from, and what it is ordered by where there is none: the day of the fetch. */
export interface ReleaseDay {
  publishedOn: string | null;
  publishedBasis: LocatedRelease['publishedBasis'];
  orderedBy: string;
}

export function dayOf(located: LocatedRelease, [file]: FetchedFile[]): ReleaseDay {
  const today = new Date().toISOString().slice(0, 10);
  if (located.publishedOn) return { ...located, orderedBy: located.publishedOn };
  const modified = new Date(file?.lastModified ?? '');
  if (Number.isNaN(modified.getTime())) return { ...located, orderedBy: today };
  const day = modified.toISOString().slice(0, 10);
  return { publishedOn: day, publishedBasis: 'LAST_MODIFIED', orderedBy: day };
}

/** The releases around a day: the last one published on it or before, and the first one after. */
export function around(
  releases: KnownRelease[],
  { orderedBy }: ReleaseDay,
): { before: KnownRelease | null; after: KnownRelease | null } {
  const last = lastNumberOf(orderedBy);
  return {
    before: releases.filter(({ number }) => number <= last).at(-1) ?? null,
    after: releases.find(({ number }) => number > last) ?? null,
  };
}

export interface NewRelease {
  dataSetNumber: number;
  title: string;
  day: ReleaseDay;
  files: FetchedFile[];
  sha256: string;
  definition: string;
  synthetic: boolean;
}

/** Records a release. Returns its number. The caller holds the lock that every load takes. */
export async function insertRelease(client: PoolClient, release: NewRelease): Promise<number> {
  const { day, files } = release;
  const number = await nextReleaseNumber(client, day.orderedBy, day.publishedOn !== null);
  await client.query(
    `INSERT INTO release (id, data_set_number, title, published_on, published_basis, retrieved_at, url, sha256, bytes,
       rows_read, rows_rejected, definition_hash, synthetic)
     VALUES ($1, $2, $3, $4, $5, now(), $6, $7, $8, 0, 0, $9, $10)`,
    [
      number,
      release.dataSetNumber,
      release.title,
      day.publishedOn,
      day.publishedBasis,
      files[0]!.url,
      release.sha256,
      files.reduce((sum, file) => sum + file.bytes, 0),
      release.definition,
      release.synthetic,
    ],
  );
  for (const [at, { url, sha256, bytes, etag, lastModified }] of files.entries()) {
    await client.query('INSERT INTO release_file VALUES ($1, $2, $3, $4, $5, $6, $7)', [
      number,
      at + 1,
      url,
      sha256,
      bytes,
      etag,
      lastModified,
    ]);
  }
  return number;
}

/** A release of one file has that file's hash; of several, the hash of their hashes in order. */
export function hashOfFiles(files: FetchedFile[]): string {
  if (files.length === 1) return files[0]!.sha256;
  return createHash('sha256')
    .update(files.map(({ sha256 }) => sha256).join('\n'))
    .digest('hex');
}
