/**
 * fetch: an address in, a file named by its sha256 out. Bytes are kept as they came (decompressed), never
 * overwritten, and only under their final name once they are whole: as long as announced, hashed, on disk.
 * Unchanged bytes are recognised by ETag or Last-Modified without a download.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import axios, { AxiosError, type AxiosResponse } from 'axios';
import { describeError, SchoolGraphError } from '../src/errors.js';
import { addressesInMirror, fileInMirror, type Mirror } from './mirror.js';
import { SourceFault } from './source-fault.js';

/** Hosts that data may come from; a redirect to any other is refused. */
const PUBLISHER_HOSTS = new Set([
  'ea-edubase-api-prod.azurewebsites.net',
  'content.explore-education-statistics.service.gov.uk',
  'raw.githubusercontent.com',
]);
const MEGABYTE = 1024 * 1024;
/** The largest file known (LAIT) is under 100 MB. */
const MAXIMUM_BYTES = 1024 * MEGABYTE;
const MAXIMUM_JSON_BYTES = 20 * MEGABYTE;
const ANSWER_TIMEOUT_MS = 20_000;
const IDLE_TIMEOUT_MS = 60_000;
const TOTAL_TIMEOUT_MS = 20 * 60_000;
const ATTEMPTS = 3;
const LONGEST_WAIT_MS = 30_000;

export interface FetchedFile {
  url: string;
  /** Where the bytes are kept. */
  path: string;
  sha256: string;
  bytes: number;
  etag: string | null;
  lastModified: string | null;
}

export interface KnownFile {
  url: string;
  sha256: string;
  etag: string | null;
  lastModified: string | null;
}

export interface FetchOptions {
  mirror: Mirror | null;
  /** Folder of the kept files. */
  keep: string;
  userAgent: string;
}

/** The publisher, or the mirror in its place, has no such file: HTTP 404, or no file in the folder. */
export class NotThere extends SchoolGraphError {
  constructor(url: string) {
    super('SOURCE_UNREACHABLE', `${url} is not there`);
  }
}

export class Fetcher {
  /** Hosts that did not answer: asked once a pass, not once a data set. */
  private readonly silentHosts = new Map<string, SchoolGraphError>();

  constructor(private readonly options: FetchOptions) {}

  /** The file at `url`; `known` is returned again, without a download, when the publisher says it is unchanged. */
  async file(
    url: string,
    known: KnownFile | null,
    onBytes: (bytes: number, total: number | null) => void,
  ): Promise<FetchedFile> {
    const kept = known ? await this.kept(known) : null;
    const answer = await this.open(url, kept);
    if (answer === 'unchanged') return kept!;
    const { etag, lastModified } = answer;
    const { sha256, bytes, path } = await this.keep(answer, onBytes);
    return { url, path, sha256, bytes, etag, lastModified };
  }

  async json<T>(url: string): Promise<T> {
    const answer = await this.open(url, null);
    if (answer === 'unchanged') throw new SourceFault(`${url} answered "unchanged" to a first request`);
    const text = await readText(answer.body, MAXIMUM_JSON_BYTES, url);
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new SourceFault(
        `${url} should be a JSON document but begins with ${JSON.stringify(text.slice(0, 60))}`,
      );
    }
  }

  /** The first line of the file at `url`, without the rest of it. */
  async firstLine(url: string): Promise<string> {
    const answer = await this.open(url, null);
    if (answer === 'unchanged') throw new SourceFault(`${url} answered "unchanged" to a first request`);
    let text = '';
    for await (const chunk of answer.body) {
      text += (chunk as Buffer).toString('utf8');
      if (text.includes('\n') || text.length > 64 * 1024) break;
    }
    answer.body.destroy();
    return text.split(/\r?\n/, 1)[0]!.replace(/^\uFEFF/, '');
  }

  private async kept(known: KnownFile): Promise<FetchedFile | null> {
    const path = join(this.options.keep, known.sha256);
    const found = await stat(path).catch(() => null);
    return found ? { ...known, path, bytes: found.size } : null;
  }

  private async open(url: string, kept: FetchedFile | null): Promise<Answer | 'unchanged'> {
    const { mirror } = this.options;
    if (mirror?.kind === 'folder') {
      const path = await fileInMirror(mirror.folder, url);
      if (!path) throw new NotThere(url);
      const { size, mtimeMs } = await stat(path);
      const etag = `"${size}-${Math.trunc(mtimeMs)}"`;
      if (kept?.etag === etag) return 'unchanged';
      return {
        url,
        body: createReadStream(path, { highWaterMark: MEGABYTE }),
        etag,
        lastModified: null,
        length: size,
      };
    }
    if (mirror?.kind === 'address') {
      const [first, second] = addressesInMirror(mirror.address, url) as [string, string];
      return this.request(first, kept).catch((error) => {
        if (error instanceof NotThere) return this.request(second, kept);
        throw error;
      });
    }
    return this.request(url, kept);
  }

  private async request(url: string, kept: FetchedFile | null): Promise<Answer | 'unchanged'> {
    const { host } = new URL(url);
    const silent = this.silentHosts.get(host);
    if (silent) throw silent;
    for (let attempt = 1; ; attempt += 1) {
      const abort = new AbortController();
      const noAnswer = setTimeout(() => abort.abort(), ANSWER_TIMEOUT_MS);
      try {
        const response = await axios.get<Readable>(url, {
          responseType: 'stream',
          decompress: false,
          maxRedirects: 3,
          timeout: IDLE_TIMEOUT_MS,
          signal: AbortSignal.any([abort.signal, AbortSignal.timeout(TOTAL_TIMEOUT_MS)]),
          validateStatus: () => true,
          beforeRedirect: (to) => refuseForeignHost(String(to.hostname ?? ''), host),
          headers: {
            'User-Agent': this.options.userAgent,
            'Accept-Encoding': 'gzip',
            ...(kept?.etag ? { 'If-None-Match': kept.etag } : {}),
            ...(kept?.lastModified ? { 'If-Modified-Since': kept.lastModified } : {}),
          },
        });
        clearTimeout(noAnswer);
        const { status } = response;
        if (status === 304 && kept) return discard(response, 'unchanged' as const);
        if (status === 404 || status === 410) throw discard(response, new NotThere(url));
        if ((status === 429 || status >= 500) && attempt < ATTEMPTS) {
          await wait(discard(response, retryDelay(response, attempt)));
          continue;
        }
        if (status !== 200) {
          throw discard(
            response,
            new SchoolGraphError('SOURCE_UNREACHABLE', `${url} answered with HTTP status ${status}`),
          );
        }
        return answerOf(url, response);
      } catch (error) {
        clearTimeout(noAnswer);
        if (error instanceof SchoolGraphError || error instanceof SourceFault) throw error;
        if (error instanceof AxiosError && error.cause instanceof SourceFault) throw error.cause;
        const why = abort.signal.aborted
          ? `no answer within ${ANSWER_TIMEOUT_MS / 1000} s`
          : describeError(error);
        const unreachable = new SchoolGraphError('SOURCE_UNREACHABLE', `${host} cannot be reached (${why})`, {
          cause: error,
        });
        this.silentHosts.set(host, unreachable);
        throw unreachable;
      }
    }
  }

  private async keep(answer: Answer, onBytes: (bytes: number, total: number | null) => void) {
    await mkdir(this.options.keep, { recursive: true });
    const temporary = join(this.options.keep, `partial-${randomUUID()}`);
    const hash = createHash('sha256');
    let bytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        hash.update(chunk);
        onBytes(bytes, answer.length);
        done(
          bytes > MAXIMUM_BYTES
            ? new SourceFault(`${answer.url} is larger than ${MAXIMUM_BYTES / MEGABYTE} MB`)
            : null,
          chunk,
        );
      },
    });
    try {
      await pipeline(answer.body, count, createWriteStream(temporary));
      if (answer.length !== null && bytes !== answer.length) {
        throw new SourceFault(`${answer.url} was cut short: ${bytes} of ${answer.length} bytes came`);
      }
      const sha256 = hash.digest('hex');
      const path = join(this.options.keep, sha256);
      await rename(temporary, path);
      return { sha256, bytes, path };
    } catch (error) {
      await rm(temporary, { force: true });
      if (error instanceof SourceFault) throw error;
      throw new SchoolGraphError(
        'SOURCE_UNREACHABLE',
        `the download of ${answer.url} broke off (${describeError(error)})`,
        { cause: error },
      );
    }
  }
}

interface Answer {
  url: string;
  body: Readable;
  etag: string | null;
  lastModified: string | null;
  /** Length of the body as it will be read, where that is known before. */
  length: number | null;
}

function answerOf(url: string, response: AxiosResponse<Readable>): Answer {
  const header = (name: string) => (response.headers[name] as string | undefined) ?? null;
  const encoding = header('content-encoding')?.trim().toLowerCase() ?? 'identity';
  const decompress = {
    gzip: createGunzip,
    'x-gzip': createGunzip,
    deflate: createInflate,
    br: createBrotliDecompress,
  }[encoding];
  if (encoding !== 'identity' && !decompress)
    throw new SourceFault(`${url} came in an unknown encoding, ${encoding}`);
  const announced = header('content-length');
  const body = decompress ? response.data.pipe(decompress()) : response.data;
  // pipe() does not pass errors on: without this a broken connection would leave the reader waiting.
  if (decompress) response.data.on('error', (error) => body.destroy(error));
  return {
    url,
    body,
    etag: header('etag'),
    lastModified: header('last-modified'),
    length: decompress || announced === null ? null : Number(announced),
  };
}

function refuseForeignHost(to: string, from: string): void {
  if (to !== from.replace(/:\d+$/, '') && !PUBLISHER_HOSTS.has(to)) {
    throw new SourceFault(`${from} redirects to ${to}, which is not a publisher's host`);
  }
}

function discard<T>(response: AxiosResponse<Readable>, then: T): T {
  response.data.destroy();
  return then;
}

function retryDelay(response: AxiosResponse, attempt: number): number {
  const asked = Number(response.headers['retry-after']) * 1000;
  return Math.min(Number.isFinite(asked) && asked > 0 ? asked : 500 * 2 ** attempt, LONGEST_WAIT_MS);
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function readText(body: Readable, maximum: number, url: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += (chunk as Buffer).length;
    if (bytes > maximum) throw new SourceFault(`${url} is larger than ${maximum / MEGABYTE} MB`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}
