/**
 * A publisher on loopback: serves a mirror folder over real HTTP, with ETag and Last-Modified, and answers any one
 * address otherwise when a test says so. Its ETags are those of the folder, so that what was loaded from the folder
 * is recognised over HTTP.
 */
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Replacement {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Compresses the body and says so. */
  gzip?: boolean;
  /** Sends this many bytes of the body; the announced length stays that of the whole, then the connection breaks. */
  breakAfter?: number;
  /** Waits before it answers. */
  delayMs?: number;
  /** Waits for this before it answers. */
  after?: Promise<unknown>;
  /** Sends this many bytes, and then nothing more; 0: not even the status. */
  stallAfter?: number;
  /** Sends the body in so many pieces, with a pause before each. */
  drip?: { pieces: number; pauseMs: number };
  /** How the body's end is told; 'none': by the end of the connection, as HTTP/1.0 did. */
  framing?: 'length' | 'chunked' | 'none';
}

export interface Request {
  url: string;
  status: number;
  /** Bytes of the body that were sent. */
  bytes: number;
}

export class MirrorServer {
  /** What was asked, in order. */
  readonly requests: Request[] = [];
  private readonly replaced = new Map<string, Replacement[]>();

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  static async start(folder: string): Promise<MirrorServer> {
    // Never closes a connection that rests: a request could be on its way on it.
    const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
      mirror.answer(request, response).catch((error) => response.destroy(error));
    });
    const mirror = new MirrorServer(folder, server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return mirror;
  }

  /** For SOURCE_MIRROR. */
  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Answers a publisher's address with these, one after the other; the last for ever, unless it is 'file'. */
  replace(url: string, ...answers: (Replacement | 'file')[]): void {
    const replacements = answers.filter((answer) => answer !== 'file');
    if (answers.at(-1) !== 'file') replacements.push(...Array(1000).fill(replacements.at(-1)));
    this.replaced.set(pathOf(url), replacements);
  }

  /** Serves the folder again, and forgets what was asked. */
  restore(): void {
    this.replaced.clear();
    this.requests.length = 0;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    await closed;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = decodeURIComponent(request.url!.slice(1));
    const replacement = this.replaced.get(path)?.shift();
    const { status, bytes } = replacement
      ? await sendReplacement(response, replacement)
      : await this.sendFile(path, request, response);
    this.requests.push({ url: `https://${path}`, status, bytes });
  }

  private async sendFile(path: string, request: IncomingMessage, response: ServerResponse) {
    const file = join(this.folder, path);
    const found = await stat(file).catch(() => null);
    if (!found?.isFile() || path.includes('..')) {
      response.writeHead(404).end('not here');
      return { status: 404, bytes: 0 };
    }
    const headers = {
      ETag: `"${found.size}-${Math.trunc(found.mtimeMs)}"`,
      'Last-Modified': found.mtime.toUTCString(),
    };
    if (request.headers['if-none-match'] === headers.ETag) {
      response.writeHead(304, headers).end();
      return { status: 304, bytes: 0 };
    }
    response.writeHead(200, { ...headers, 'Content-Length': found.size }).end(await readFile(file));
    return { status: 200, bytes: found.size };
  }
}

async function sendReplacement(
  response: ServerResponse,
  {
    status = 200,
    headers = {},
    body = '',
    gzip = false,
    breakAfter,
    delayMs = 0,
    after,
    stallAfter,
    drip,
    framing = 'length',
  }: Replacement,
) {
  if (stallAfter === 0) return { status: 0, bytes: 0 };
  if (breakAfter === 0) {
    response.destroy();
    return { status: 0, bytes: 0 };
  }
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
  await after;
  const bytes = gzip ? gzipSync(body) : Buffer.from(body);
  if (framing === 'none') response.useChunkedEncodingByDefault = false;
  response.writeHead(status, {
    'Last-Modified': new Date().toUTCString(),
    ...(framing === 'length' ? { 'Content-Length': bytes.length } : {}),
    ...(gzip ? { 'Content-Encoding': 'gzip' } : {}),
    ...headers,
  });
  const send = (part: Buffer) => new Promise<void>((resolve) => response.write(part, () => resolve()));
  const sent = breakAfter ?? stallAfter;
  if (sent !== undefined) {
    await send(bytes.subarray(0, sent));
    if (breakAfter !== undefined) response.destroy();
    return { status, bytes: sent };
  }
  if (drip) {
    const size = Math.ceil(bytes.length / drip.pieces);
    for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
      await new Promise((resolve) => setTimeout(resolve, drip.pauseMs));
      if (!response.destroyed) await send(bytes.subarray(at, at + size));
    }
    response.end();
  } else response.end(bytes);
  return { status, bytes: bytes.length };
}

const pathOf = (url: string) => {
  const { host, pathname, search } = new URL(url);
  return host + decodeURIComponent(pathname) + (search ? `@${decodeURIComponent(search.slice(1))}` : '');
};
