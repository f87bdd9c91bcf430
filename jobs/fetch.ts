/**
 * fetch: an address in, a kept file out. A publisher is asked politely — who we are, what we have already — and
 * waited for within limits; unchanged bytes are recognised by ETag or Last-Modified without a download.
 */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import axios, { type AxiosResponse } from 'axios';
import { describeError, SchoolGraphError } from '../src/errors.js';
import { type Answer, answerOf, readFirstLine, readText, unbroken } from './answer.js';
import { type FetchedFile, KeptFiles, type KnownFile, type OnBytes } from './kept-files.js';
import { addressesInMirror, fileInMirror, type Mirror } from './mirror.js';
import { isNotThere, isSourceFault, notThere, sourceFault } from './source-fault.js';

/** Hosts that data may come from; a redirect to any other is refused. */
const PUBLISHER_HOSTS = new Set([
  'ea-edubase-api-prod.azurewebsites.net',
  'content.explore-education-statistics.service.gov.uk',
  'raw.githubusercontent.com',
]);
const MEGABYTE = 1024 * 1024;
const MAXIMUM_JSON_BYTES = 20 * MEGABYTE;
const ANSWER_TIMEOUT_MS = 20_000;
const IDLE_TIMEOUT_MS = 60_000;
const TOTAL_TIMEOUT_MS = 20 * 60_000;
const ATTEMPTS = 3;
/** Faults of a connection that the next one may not have. */
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);
const LONGEST_WAIT_MS = 30_000;

export interface FetchOptions {
  mirror: Mirror | null;
  /** Folder of the kept files. */
  keep: string;
  userAgent: string;
}

export class Fetcher {
  /** Hosts that did not answer: asked once a pass, not once a data set. */
  private readonly silentHosts = new Map<string, SchoolGraphError>();

  private readonly keptFiles: KeptFiles;

  constructor(private readonly options: FetchOptions) {
    this.keptFiles = new KeptFiles(options.keep);
  }

  /** To be called before a pass. */
  tidy(): Promise<void> {
    return this.keptFiles.removeAbandoned();
  }

  /** The file at `url`; `known` is returned again, without a download, when the publisher says it is unchanged. */
  async file(url: string, known: KnownFile | null, onBytes: OnBytes): Promise<FetchedFile> {
    const kept = known ? await this.keptFiles.find(known) : null;
    const answer = await this.open(url, kept);
    if (answer === 'unchanged') return kept!;
    const { etag, lastModified } = answer;
    return { url, etag, lastModified, ...(await this.keptFiles.keep(answer, onBytes)) };
  }

  async json<T>(url: string): Promise<T> {
    const answer = await this.open(url, null);
    if (answer === 'unchanged') throw sourceFault(`${url} answered "unchanged" to a first request`);
    const text = await unbroken(url, readText(answer.body, MAXIMUM_JSON_BYTES, url));
    try {
      return JSON.parse(text) as T;
    } catch {
      throw sourceFault(
        `${url} should be a JSON document but begins with ${JSON.stringify(text.slice(0, 60))}`,
      );
    }
  }

  /** The first line of the file at `url`, without the rest of it. */
  async firstLine(url: string): Promise<string> {
    const answer = await this.open(url, null);
    if (answer === 'unchanged') throw sourceFault(`${url} answered "unchanged" to a first request`);
    const text = await unbroken(url, readFirstLine(answer.body));
    answer.body.destroy();
    return text.split(/\r?\n/, 1)[0]!.replace(/^\uFEFF/, '');
  }

  private async open(url: string, kept: FetchedFile | null): Promise<Answer | 'unchanged'> {
    const { mirror } = this.options;
    if (mirror?.kind === 'folder') {
      const path = await fileInMirror(mirror.folder, url);
      if (!path) throw notThere(url);
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
        if (isNotThere(error)) return this.request(second, kept);
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
        if (status === 404 || status === 410) throw discard(response, notThere(url));
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
        if (error instanceof SchoolGraphError) throw error;
        const fault = sourceFaultIn(error);
        if (fault) throw fault;
        if (
          attempt < ATTEMPTS &&
          !abort.signal.aborted &&
          PASSING.has((error as { code?: string }).code ?? '')
        ) {
          await wait(500 * 2 ** attempt);
          continue;
        }
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
}

function refuseForeignHost(to: string, from: string): void {
  if (to !== from.replace(/:\d+$/, '') && !PUBLISHER_HOSTS.has(to)) {
    throw sourceFault(`${from} redirects to ${to}, which is not a publisher's host`);
  }
}

/** The client wraps what stopped a redirect. */
function sourceFaultIn(error: unknown): SchoolGraphError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isSourceFault(cause)) return cause;
  }
  return null;
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
