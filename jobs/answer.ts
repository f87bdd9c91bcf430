/**
 * An answer of a publisher, decompressed by us: the client would report a truncated gzip body as a success. What
 * does not come whole is an error, never a shorter file.
 */
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { AxiosResponse } from 'axios';
import { describeError, SchoolGraphError } from '../src/errors.js';
import { isSourceFault, sourceFault } from './source-fault.js';

const MEGABYTE = 1024 * 1024;
const LONGEST_HEADER = 64 * 1024;

export interface Answer {
  url: string;
  body: Readable;
  etag: string | null;
  lastModified: string | null;
  /** Length of the body as it will be read, where that is known before. */
  length: number | null;
}

export function answerOf(url: string, response: AxiosResponse<Readable>): Answer {
  const header = (name: string) => (response.headers[name] as string | undefined) ?? null;
  const encoding = header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const decompress = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }[encoding];
  if (encoding !== 'identity' && !decompress)
    throw sourceFault(`${url} came in an unknown encoding, ${encoding}`);
  const announced = header('content-length');
  const body = decompress ? response.data.pipe(decompress()) : response.data;
  // pipe() does not pass errors on: without this a broken connection would leave the reader waiting.
  if (decompress) response.data.on('error', (error) => body.destroy(error));
  // A connection may break before anybody reads: the reader will find the stream destroyed.
  body.on('error', () => {});
  return {
    url,
    body,
    etag: header('etag'),
    lastModified: header('last-modified'),
    length: decompress || announced === null ? null : Number(announced),
  };
}

/** What a download that did not come whole is called, unless it is the file's own fault. */
export function brokenOff(url: string, error: unknown): Error {
  if (isSourceFault(error)) return error;
  return new SchoolGraphError(
    'SOURCE_UNREACHABLE',
    `the download of ${url} broke off (${describeError(error)})`,
    {
      cause: error,
    },
  );
}

export const unbroken = <T>(url: string, reading: Promise<T>): Promise<T> =>
  reading.catch((error) => {
    throw brokenOff(url, error);
  });

export async function readFirstLine(body: Readable): Promise<string> {
  let text = '';
  for await (const chunk of body) {
    text += (chunk as Buffer).toString('utf8');
    if (text.includes('\n') || text.length > LONGEST_HEADER) break;
  }
  return text;
}

export async function readText(body: Readable, maximum: number, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    if (bytes > maximum) throw sourceFault(`${url} is larger than ${maximum / MEGABYTE} MB`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
