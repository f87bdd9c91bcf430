/**
 * The HTTP server. It listens before anything else is ready, so that a port in use is known at once, and says
 * "not yet" until the graph is there. Bodies are bounded, requests have a deadline, and closing waits for the
 * answers under way.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { DATA_PATH, dataAnswer } from './bulk/data-route.js';
import { SAVED_PATH, savedAnswer } from './citing/saved-route.js';
import { describeError, SchoolGraphError } from './errors.js';
import { CHANGES_PATH } from './feed/changes-feed.js';
import { feedAnswer } from './feed/feed-route.js';
import { type Answer, Graph } from './graph.js';
import { ASSET_PATH, graphiqlPage, serveAsset } from './graphiql.js';
import { REQUEST_DEADLINE_MS } from './limits.js';
import { type Address, answerTo, endingOf, LINKS } from './links/link.js';
import type { Request } from './links/plain-answer.js';
import type { Settings } from './settings.js';

/** How long open answers may take to finish when the server closes. */
const DRAIN_MS = 5_000;

/** Which of our headers another page may read. */
const EXPOSED_HEADERS =
  'X-SchoolGraph-Data, X-SchoolGraph-Notes, X-SchoolGraph-As-Of, Content-Disposition, ETag, Link';

/** What answers at addresses other than the graph's, and below. */
const ELSEWHERE = [
  [CHANGES_PATH, feedAnswer],
  [SAVED_PATH, savedAnswer],
  [DATA_PATH, dataAnswer],
] as const;

export class GraphHttpServer {
  private readonly http: Server;
  private graph: Graph | null = null;

  constructor(private readonly settings: Settings) {
    this.http = createServer((request, response) => {
      this.handle(request, response).catch((error) => {
        console.error(`request failed: ${describeError(error)}`);
        refuse(response, 500, 'INTERNAL', 'Something went wrong here, and it is not your doing.');
      });
    });
    this.http.requestTimeout = REQUEST_DEADLINE_MS;
    this.http.headersTimeout = REQUEST_DEADLINE_MS / 3;
  }

  /** Begins to listen; every question is answered with 503 until open(). Returns the port. */
  async listen(): Promise<number> {
    const { port, host } = this.settings;
    await new Promise<void>((resolve, reject) => {
      this.http.once('error', (error: NodeJS.ErrnoException) => {
        reject(
          error.code === 'EADDRINUSE'
            ? new SchoolGraphError(
                'PORT_IN_USE',
                `Port ${port} is taken by another program. Stop it, or choose another: PORT=${port + 1} npm start`,
              )
            : new SchoolGraphError(
                'PORT_IN_USE',
                `The server cannot listen on port ${port}: ${error.message}`,
              ),
        );
      });
      this.http.listen({ port, ...(host ? { host } : {}) }, resolve);
    });
    return (this.http.address() as AddressInfo).port;
  }

  /** Opens the graph on a database. `options`: start-up options that hold the reader to its rights. */
  async open(readerUrl: string, options: string): Promise<void> {
    this.graph = await Graph.open(readerUrl, options, this.settings);
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.http.closeIdleConnections();
    const forced = setTimeout(() => this.http.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(forced);
    const { graph } = this;
    this.graph = null;
    await graph?.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = '/', query] = (request.url ?? '/').split(/\?(.*)/s, 2);
    const search = query ? `?${query}` : '';
    if (pathname === '/healthz') return send(response, 200, { status: 'ok' });
    if (pathname === '/readyz') return this.ready(response);
    if (pathname.startsWith(ASSET_PATH)) {
      if (await serveAsset(pathname.slice(ASSET_PATH.length), response)) return;
      return refuse(response, 404, 'NOT_FOUND', 'There is no such file.');
    }
    if (pathname === '/') {
      response.writeHead(302, { Location: '/graphql' }).end();
      return;
    }
    const elsewhere = ELSEWHERE.find(([path]) => pathname === path || pathname.startsWith(`${path}/`));
    if (elsewhere) return this.elsewhere(request, response, { pathname, search }, elsewhere[1]);
    const link = endingOf(pathname);
    if (link?.path !== '/graphql')
      return refuse(
        response,
        404,
        'NOT_FOUND',
        `The graph is at /graphql, and plain links to it are ${LINKS}.`,
      );
    await this.graphql(request, response, { pathname, search, accept: link.accept });
  }

  /** What is answered at other addresses than the graph's. */
  private async elsewhere(
    request: IncomingMessage,
    response: ServerResponse,
    address: { pathname: string; search: string },
    answer: (graph: Graph, request: Request) => Promise<Answer>,
  ): Promise<void> {
    if (openToAll(request, response)) return;
    const graph = await this.fresh(response);
    if (!graph) return;
    const { headers } = request;
    const body = () => readText(request, this.settings.maximumBodyBytes);
    return give(response, await answer(graph, { ...address, method: request.method!, headers, body }));
  }

  /** The graph, with what it knows of the data brought up to date; null where there is none yet, which is then told. */
  private async fresh(response: ServerResponse): Promise<Graph | null> {
    const { graph } = this;
    if (!graph) {
      response.setHeader('Retry-After', '2');
      refuse(response, 503, 'STARTING', 'The graph is not open yet: ask again in a moment.');
      return null;
    }
    try {
      await graph.state.refresh();
    } catch {
      response.setHeader('Retry-After', '5');
      const message = 'The database does not answer: ask again in a moment.';
      refuse(response, 503, 'DATABASE_UNAVAILABLE', message);
      return null;
    }
    return graph;
  }

  private async ready(response: ServerResponse): Promise<void> {
    try {
      await this.graph?.state.refresh();
    } catch {
      return refuse(response, 503, 'DATABASE_UNAVAILABLE', 'The database does not answer.');
    }
    if (!this.graph) return refuse(response, 503, 'STARTING', 'The graph is not open yet.');
    send(response, 200, { status: 'ready', synthetic: this.graph.state.known.synthetic });
  }

  private async graphql(
    request: IncomingMessage,
    response: ServerResponse,
    address: Pick<Address, 'pathname' | 'search' | 'accept'>,
  ): Promise<void> {
    const { search, accept } = address;
    const isLink = accept !== null;
    if (openToAll(request, response)) return;
    const methods = isLink ? ['GET', 'HEAD'] : ['GET', 'POST'];
    if (!methods.includes(request.method!)) {
      response.setHeader('Allow', [...methods, 'OPTIONS'].join(', '));
      const message = isLink ? 'A link is asked for with GET.' : 'Questions are asked with GET or POST.';
      return refuse(response, 405, 'BAD_REQUEST', message);
    }
    const graph = await this.fresh(response);
    if (!graph) return;
    const wantsPage =
      !isLink &&
      request.method === 'GET' &&
      search === '' &&
      (request.headers.accept ?? '').includes('text/html');
    if (wantsPage) {
      const { synthetic, exampleUrn } = graph.state.known;
      markSynthetic(response, synthetic);
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end(graphiqlPage(exampleUrn, synthetic));
      return;
    }
    const { method, headers } = request;
    if (method === 'POST') return this.ask(graph, request, response, search);
    return give(response, await answerTo(graph, { ...address, method: method!, headers }));
  }

  private async ask(
    graph: Graph,
    request: IncomingMessage,
    response: ServerResponse,
    search: string,
  ): Promise<void> {
    const { headers } = request;
    const method = 'POST';
    const body = await readText(request, this.settings.maximumBodyBytes);
    if (body === null) return tooLarge(response, this.settings.maximumBodyBytes);
    // Left to Apollo, which refuses other content types with its own explanation (CSRF prevention).
    if (!(headers['content-type'] ?? '').toLowerCase().startsWith('application/json'))
      return give(response, await graph.answer({ method, headers, search, body, text: null }));
    const asked = { method, search, text: body };
    const kept = graph.kept.find(graph.state.known.version, asked, headers.accept);
    if (kept) return give(response, kept);
    let json: unknown;
    try {
      json = JSON.parse(body);
    } catch {
      return refuse(
        response,
        400,
        'BAD_REQUEST',
        'The body is not JSON. It must be an object such as {"query": "{ england { name } }"}.',
      );
    }
    return give(response, await graph.answer({ method, headers, search, body: json, text: body }));
  }
}

/** Open data: any page may read it, and nothing here depends on who asks. True where that is all that was asked. */
function openToAll(request: IncomingMessage, response: ServerResponse): boolean {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Expose-Headers', EXPOSED_HEADERS);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  if (request.method !== 'OPTIONS') return false;
  response.writeHead(204, {
    'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
    'Access-Control-Allow-Headers': 'Content-Type, Apollo-Require-Preflight',
    'Access-Control-Max-Age': '86400',
  });
  response.end();
  return true;
}

async function give(
  response: ServerResponse,
  { status, headers, body, synthetic, broken, end }: Answer,
): Promise<void> {
  for (const [name, value] of headers) response.setHeader(name, value);
  markSynthetic(response, synthetic);
  response.statusCode = status;
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    response.end(body);
    return;
  }
  try {
    // Breaks the connection off where the body does: half a file must not be taken for a whole one.
    await pipeline(body, response, broken ? { signal: broken } : {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE')
      console.error(`an answer broke off: ${describeError(broken?.reason ?? error)}`);
  } finally {
    await end?.();
  }
}

function markSynthetic(response: ServerResponse, synthetic: boolean): void {
  if (synthetic) response.setHeader('X-SchoolGraph-Data', 'synthetic');
}

/** The text of the request's body; null where it is larger than `maximum`. */
function readText(request: IncomingMessage, maximum: number): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > maximum) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maximum) chunks.push(chunk);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', reject);
  });
}

function tooLarge(response: ServerResponse, maximum: number): void {
  response.setHeader('Connection', 'close');
  refuse(response, 413, 'QUERY_TOO_LARGE', `The body is larger than ${maximum} bytes.`);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(body));
}

/** Answers with an error in the shape that GraphQL clients expect. */
function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  send(response, status, { errors: [{ message, extensions: { code } }] });
}
