/**
 * The HTTP server. It listens before anything else is ready, so that a port in use is known at once, and says
 * "not yet" until the graph is there. Bodies are bounded, requests have a deadline, and closing waits for the
 * answers under way.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApolloServer, HeaderMap } from '@apollo/server';
import type { DataSource } from 'typeorm';
import { buildGraph } from '../schema/build.js';
import { Context, readerPool } from '../schema/context.js';
import { createDataSource } from './data-source.js';
import { DataState } from './data-state.js';
import { describeError, SchoolGraphError } from './errors.js';
import { createGraphServer } from './graph-server.js';
import { ASSET_PATH, graphiqlPage, serveAsset } from './graphiql.js';
import { REQUEST_DEADLINE_MS } from './limits.js';
import type { Settings } from './settings.js';

/** How long open answers may take to finish when the server closes. */
const DRAIN_MS = 5_000;

interface Graph {
  apollo: ApolloServer<Context>;
  dataSource: DataSource;
  state: DataState;
}

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
    const { settings } = this;
    const dataSource = createDataSource({
      url: readerUrl,
      connections: settings.readerConnections,
      options: `-c statement_timeout=${settings.statementTimeoutMs} -c idle_in_transaction_session_timeout=${REQUEST_DEADLINE_MS} ${options}`,
    });
    await dataSource.initialize();
    const pool = readerPool(dataSource);
    // An idle connection that breaks (Postgres restarts) is replaced when the next one is asked for.
    pool.on('error', () => {});
    const apollo = createGraphServer(await buildGraph(), settings);
    await apollo.start();
    const state = new DataState(pool);
    await state.refresh();
    this.graph = { apollo, dataSource, state };
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.http.closeIdleConnections();
    const forced = setTimeout(() => this.http.closeAllConnections(), DRAIN_MS);
    await closed;
    clearTimeout(forced);
    const { graph } = this;
    this.graph = null;
    await graph?.apollo.stop();
    await graph?.dataSource.destroy();
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
    if (pathname !== '/graphql') return refuse(response, 404, 'NOT_FOUND', 'The graph is at /graphql.');
    await this.graphql(request, response, search);
  }

  private async ready(response: ServerResponse): Promise<void> {
    try {
      await this.graph?.state.refresh();
    } catch {
      return refuse(response, 503, 'DATABASE_UNAVAILABLE', 'The database does not answer.');
    }
    if (!this.graph) return refuse(response, 503, 'STARTING', 'The graph is not open yet.');
    send(response, 200, { status: 'ready', synthetic: this.graph.state.synthetic });
  }

  private async graphql(request: IncomingMessage, response: ServerResponse, search: string): Promise<void> {
    // Open data: any page may read it. Nothing here depends on who asks.
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.setHeader('Access-Control-Expose-Headers', 'X-SchoolGraph-Data');
    response.setHeader('X-Content-Type-Options', 'nosniff');
    if (request.method === 'OPTIONS') {
      response.writeHead(204, {
        'Access-Control-Allow-Methods': 'GET, POST, OPTIONS',
        'Access-Control-Allow-Headers': 'Content-Type, Apollo-Require-Preflight',
        'Access-Control-Max-Age': '86400',
      });
      response.end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'POST') {
      response.setHeader('Allow', 'GET, POST, OPTIONS');
      return refuse(response, 405, 'BAD_REQUEST', 'Questions are asked with GET or POST.');
    }
    const { graph } = this;
    if (!graph) {
      response.setHeader('Retry-After', '2');
      return refuse(response, 503, 'STARTING', 'The graph is not open yet: ask again in a moment.');
    }
    try {
      await graph.state.refresh();
    } catch {
      response.setHeader('Retry-After', '5');
      return refuse(
        response,
        503,
        'DATABASE_UNAVAILABLE',
        'The database does not answer: ask again in a moment.',
      );
    }
    const wantsPage =
      request.method === 'GET' && search === '' && (request.headers.accept ?? '').includes('text/html');
    if (wantsPage) {
      markSynthetic(response, graph.state.synthetic);
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end(graphiqlPage(graph.state.exampleUrn, graph.state.synthetic));
      return;
    }
    const body =
      request.method === 'POST' ? await readJson(request, response, this.settings.maximumBodyBytes) : '';
    if (body === undefined) return;
    await this.execute(graph, request, response, body, search);
  }

  private async execute(
    graph: Graph,
    request: IncomingMessage,
    response: ServerResponse,
    body: unknown,
    search: string,
  ): Promise<void> {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
    const context = new Context(graph.dataSource, graph.state);
    try {
      const answer = await graph.apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { method: request.method!, headers, body, search },
        context: async () => context,
      });
      for (const [name, value] of answer.headers) response.setHeader(name, value);
      // Of the same snapshot as the answer: what the server knew a second ago may have been replaced since.
      const synthetic = await context.madeFromSample().catch(() => null);
      markSynthetic(response, synthetic ?? graph.state.synthetic);
      response.statusCode = answer.status ?? 200;
      if (answer.body.kind === 'complete') response.end(answer.body.string);
      else {
        for await (const chunk of answer.body.asyncIterator) response.write(chunk);
        response.end();
      }
    } finally {
      await context.end();
    }
  }
}

function markSynthetic(response: ServerResponse, synthetic: boolean): void {
  if (synthetic) response.setHeader('X-SchoolGraph-Data', 'synthetic');
}

/** The request's JSON body; undefined when it was refused and answered. */
async function readJson(
  request: IncomingMessage,
  response: ServerResponse,
  maximum: number,
): Promise<unknown> {
  if (Number(request.headers['content-length'] ?? 0) > maximum) return tooLarge(response, maximum);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximum) return tooLarge(response, maximum);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  // Left to Apollo, which refuses other content types with its own explanation (CSRF prevention).
  if (!(request.headers['content-type'] ?? '').toLowerCase().startsWith('application/json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    refuse(
      response,
      400,
      'BAD_REQUEST',
      'The body is not JSON. It must be an object such as {"query": "{ england { name } }"}.',
    );
    return undefined;
  }
}

function tooLarge(response: ServerResponse, maximum: number): undefined {
  response.setHeader('Connection', 'close');
  refuse(response, 413, 'QUERY_TOO_LARGE', `The body is larger than ${maximum} bytes.`);
  return undefined;
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
