/**
 * An answer of a publisher, decompressed by us: the client would report a truncated gzip body as a success. What
 * does not come whole is an error, never a shorter file.
 */
import { pipeline, type Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { AxiosResponse } from 'axios';
import { describeError } from '../src/errors.js';
import { isDiskFault } from './failure.js';
import type { Patience } from './patience.js';
import { isSourceFault, sourceFault, unreachable } from './source-fault.js';

const MEGABYTE = 1024 * 1024;
const LONGEST_HEADER = 64 * 1024;

export interface Answer {
  url: string;
  body: Readable;
  etag: string | null;
  lastModified: string | null;
  /** Length of the body as it will be read, where that is known before. */
  length: number | null;
  /** Where the body ends is said by its length, its framing or its compression, and not by the connection's end. */
  framed: boolean;
}

export function answerOf(url: string, response: AxiosResponse<Readable>, patience: Patience): Answer {
  const header = (name: string) => (response.headers[name] as string | undefined) ?? null;
  const encoding = header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const decompress = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }[encoding];
  if (encoding !== 'identity' && !decompress) {
    response.data.destroy();
    throw sourceFault(`${url} came in an unknown encoding, ${encoding}`);
  }
  const announced = header('content-length');
  const received = whileItComes(patience);
  // Whichever of them breaks or is left unread ends the others, and with them the connection.
  const body = decompress
    ? pipeline(response.data, received, decompress(), () => {})
    : pipeline(response.data, received, () => {});
  // A connection may break before anybody reads: the reader will find the stream destroyed.
  body.on('error', () => {});
  return {
    url,
    body,
    etag: header('etag'),
    lastModified: header('last-modified'),
    length: decompress || announced === null ? null : Number(announced),
    framed: decompress !== undefined || announced !== null || header('transfer-encoding') !== null,
  };
}

/** Passes a body on, and breaks it off when it goes silent or takes too long: the client's own limit ends with the headers. */
function whileItComes({ silenceMs, wholeMs }: Patience): Transform {
  const stop = (why: string) => () => void received.destroy(new Error(why));
  const silence = setTimeout(stop(`nothing more came for ${silenceMs / 1000} s`), silenceMs);
  const whole = setTimeout(stop(`it was not whole after ${wholeMs / 1000} s`), wholeMs);
  const received = new Transform({
    transform(chunk, _encoding, done) {
      silence.refresh();
      done(null, chunk);
    },
    destroy(error, done) {
      clearTimeout(silence);
      clearTimeout(whole);
      done(error);
    },
  });
  return received;
}

/** What a download that did not come whole is called, unless it is the file's own fault. */
export function brokenOff(url: string, error: unknown): unknown {
  if (isSourceFault(error) || isDiskFault(error)) return error;
  return unreachable(`the download of ${url} broke off (${describeError(error)})`, undefined, error);
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
