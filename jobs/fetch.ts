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
import { askedToWait, PATIENCE, type Patience, pauseAfter } from './patience.js';
import { isNotThere, isSourceFault, notThere, sourceFault, unreachable } from './source-fault.js';

/** Hosts that data may come from; a redirect to any other is refused. */
const PUBLISHER_HOSTS = new Set([
  'ea-edubase-api-prod.azurewebsites.net',
  'content.explore-education-statistics.service.gov.uk',
  'raw.githubusercontent.com',
  'www.compare-school-performance.service.gov.uk',
]);
const MEGABYTE = 1024 * 1024;
const MAXIMUM_JSON_BYTES = 20 * MEGABYTE;
/** Faults of a connection that the next one may not have. */
const PASSING = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN']);

export interface FetchOptions {
  mirror: Mirror | null;
  /** Folder of the kept files. */
  keep: string;
  userAgent: string;
  /** Where a test has less of it, or no time at all. */
  patience?: Partial<Patience>;
}

export class Fetcher {
  /** Hosts that did not answer: asked once a pass, not once a data set. */
  private readonly silentHosts = new Map<string, SchoolGraphError>();

  private readonly keptFiles: KeptFiles;
  private readonly patience: Patience;

  constructor(private readonly options: FetchOptions) {
    this.patience = { ...PATIENCE, ...options.patience };
    this.keptFiles = new KeptFiles(options.keep, this.patience.maximumFileBytes);
  }

  /** To be called before a pass. */
  tidy(): Promise<void> {
    return this.keptFiles.removeAbandoned();
  }

  /** A file that was fetched before, if it is kept still. */
  kept(known: KnownFile): Promise<FetchedFile | null> {
    return this.keptFiles.find(known);
  }

  /** The file at `url`; `known` is returned again, without a download, when the publisher says it is unchanged. */
  async file(url: string, known: KnownFile | null, onBytes: OnBytes): Promise<FetchedFile> {
    const kept = known ? await this.keptFiles.find(known) : null;
    const answer = await this.open(url, kept);
    if (answer === 'unchanged') return kept!;
    if (!answer.framed) {
      answer.body.destroy();
      throw sourceFault(
        `${url} came without a length: whether all of it came cannot be known`,
        'serve it with Content-Length, chunked or compressed, or take it from a mirror that does (SOURCE_MIRROR)',
      );
    }
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
        framed: true,
      };
    }
    if (mirror?.kind === 'address') {
      const [first, second] = addressesInMirror(mirror.address, url) as [string, string];
      return this.request(first, kept).catch((error) => {
        if (!isNotThere(error)) throw error;
        return this.request(second, kept).catch((another) => {
          throw isNotThere(another) ? error : another;
        });
      });
    }
    return this.request(url, kept);
  }

  private async request(url: string, kept: FetchedFile | null): Promise<Answer | 'unchanged'> {
    const { host } = new URL(url);
    const silent = this.silentHosts.get(host);
    if (silent) throw silent;
    const { answerMs, attempts, wait } = this.patience;
    for (let attempt = 1; ; attempt += 1) {
      const abort = new AbortController();
      const noAnswer = setTimeout(() => abort.abort(), answerMs);
      try {
        const response = await axios.get<Readable>(url, {
          responseType: 'stream',
          decompress: false,
          maxRedirects: 3,
          signal: abort.signal,
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
        if (status === 200) return answerOf(url, response, this.patience);
        response.data.destroy();
        if (status === 304 && kept) return 'unchanged';
        if (status === 404 || status === 410) throw notThere(url);
        if ((status === 429 || status >= 500) && attempt < attempts) {
          await wait(this.pause(url, response, attempt));
          continue;
        }
        throw unreachable(
          `${url} answered with HTTP status ${status}${attempt > 1 ? ` ${attempt} times` : ''}`,
        );
      } catch (error) {
        clearTimeout(noAnswer);
        if (error instanceof SchoolGraphError) throw error;
        const fault = sourceFaultIn(error);
        if (fault) throw fault;
        if (
          attempt < attempts &&
          !abort.signal.aborted &&
          PASSING.has((error as { code?: string }).code ?? '')
        ) {
          await wait(pauseAfter(attempt));
          continue;
        }
        const why = abort.signal.aborted ? `no answer within ${answerMs / 1000} s` : describeError(error);
        throw this.leaveAlone(
          host,
          unreachable(
            `${host} cannot be reached (${why})`,
            "nothing now, the next look asks again; if it stays so, look at this machine's way to it, or name a mirror with SOURCE_MIRROR",
            error,
          ),
        );
      }
    }
  }

  /** How long to wait before asking again. Throws where the publisher asks for longer than a load can wait. */
  private pause(url: string, response: AxiosResponse, attempt: number): number {
    const asked = askedToWait(response.headers['retry-after'], Date.now());
    if (asked === null) return pauseAfter(attempt);
    if (asked <= this.patience.longestWaitMs) return asked;
    throw this.leaveAlone(
      new URL(url).host,
      unreachable(
        `${url} answered with HTTP status ${response.status} and asks to be left alone for ${Math.ceil(asked / 1000)} s`,
        'nothing now, the next look asks again; until then do not start other loads from this publisher',
      ),
    );
  }

  /** Nothing more is asked of the host in this pass. */
  private leaveAlone(host: string, why: SchoolGraphError): SchoolGraphError {
    this.silentHosts.set(host, why);
    return why;
  }
}

function refuseForeignHost(to: string, from: string): void {
  if (to !== from.replace(/:\d+$/, '') && !PUBLISHER_HOSTS.has(to)) {
    throw sourceFault(
      `${from} redirects to ${to}, which is not a publisher's host`,
      'do not follow it by hand; if the publisher has really moved there, add the host to PUBLISHER_HOSTS in jobs/fetch.ts',
    );
  }
}

/** The client wraps what stopped a redirect. */
function sourceFaultIn(error: unknown): SchoolGraphError | null {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (isSourceFault(cause)) return cause;
  }
  return null;
}
