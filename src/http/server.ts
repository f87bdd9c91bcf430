/**
 * The HTTP server. It listens before anything else is ready, so that a port in use is known at once, and says
 * "not yet" until the graph is there. Bodies are bounded, requests have a deadline, and closing waits for the
 * answers under way.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Gate } from '../access/gate.js';
import { answerPreflight, isFromAllowedPage, PAGE_HEADERS, tellBrowsers } from '../access/headers.js';
import { DATA_PATH, dataAnswer } from '../bulk/data-route.js';
import { SAVED_PATH, savedAnswer } from '../citing/saved-route.js';
import { describeError } from '../errors.js';
import { CHANGES_PATH } from '../feed/changes-feed.js';
import { feedAnswer } from '../feed/feed-route.js';
import { type Answer, Graph } from '../graph/graph.js';
import { ASSET_PATH, graphiqlPage, serveAsset } from '../graphiql/page.js';
import { refuseBadHttp, refuseTunnel } from '../limits/bad-http.js';
import { readText } from '../limits/body.js';
import { type Address, endingOf, LINKS } from '../links/link.js';
import type { Request } from '../links/plain-answer.js';
import { logRequest } from '../log.js';
import { ASSISTANT_PATH, GRAPH_PATH, type Kind, kindOf, METRICS_PATH } from '../metrics/kind.js';
import { Metrics } from '../metrics/metrics.js';
import type { Settings } from '../settings.js';
import { type Asking, Gone } from './asking.js';
import { Connections } from './connections.js';
import { inTime } from './in-time.js';
import { listening } from './listening.js';
import { methodsOf } from './methods.js';
import { answerQuestion } from './question-route.js';
import { give, markSynthetic, refuse, send, tooLarge } from './respond.js';

/** The text format of Prometheus. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/**
 * How long a connection may rest. Longer than what stands in front of us keeps it (a proxy: a minute), or a question could be
 * sent on one that is being closed here.
 */
const REST_MS = 65_000;
/** In which the database is to answer, for the graph to be ready. */
const READY_MS = 3_000;

/** What answers at addresses other than the graph's, and below. */
const ELSEWHERE = [
  [CHANGES_PATH, feedAnswer],
  [SAVED_PATH, savedAnswer],
  [DATA_PATH, dataAnswer],
] as const;

export class GraphHttpServer {
  private readonly http: Server;
  private readonly connections: Connections;
  private graph: Graph | null = null;
  private readonly gate: Gate;
  private readonly metrics = new Metrics();

  constructor(private readonly settings: Settings) {
    this.gate = new Gate(settings);
    // Whether a request has taken too long to arrive is looked at several times within the time that it may take.
    const connectionsCheckingInterval = Math.ceil(settings.requestDeadlineMs / 6);
    // A request without a host is refused in our own words.
    const options = { connectionsCheckingInterval, keepAliveTimeout: REST_MS, requireHostHeader: false };
    this.http = createServer(options, (request, response) => {
      this.handle(request, response).catch((error) => {
        if (error instanceof Gone) return;
        console.error(`request ${response.getHeader('X-Request-Id')} failed: ${describeError(error)}`);
        refuse(response, 500, 'INTERNAL', 'Something went wrong here, and it is not your doing.');
      });
    });
    this.connections = new Connections(this.http);
    this.http.requestTimeout = settings.requestDeadlineMs;
    this.http.headersTimeout = settings.requestDeadlineMs / 3;
    this.http.on('clientError', refuseBadHttp);
    this.http.on('connect', (_request, socket) => refuseTunnel(socket));
    this.http.on('checkExpectation', (request, response) => {
      tellBrowsers(request, response, settings);
      refuse(response, 417, 'BAD_REQUEST', 'Of what a request can expect, 100-continue alone is known.');
    });
  }

  /** Begins to listen; every question is answered with 503 until open(). Returns the port. */
  listen(): Promise<number> {
    return listening(this.http, this.settings);
  }

  /** Opens the graph on a database. `options`: start-up options that hold the reader to its rights. */
  async open(readerUrl: string, options: string): Promise<void> {
    this.graph = await Graph.open(readerUrl, options, this.settings);
  }

  /** Takes nothing new, and ends what is under way only where it is waited for no longer. */
  async close(patience = AbortSignal.timeout(this.settings.shutdownMs)): Promise<void> {
    const closed = new Promise<void>((resolve) => this.http.close(() => resolve()));
    this.connections.close();
    const cut = () => this.http.closeAllConnections();
    if (patience.aborted) cut();
    patience.addEventListener('abort', cut, { once: true });
    await closed;
    patience.removeEventListener('abort', cut);
    const { graph } = this;
    this.graph = null;
    await graph?.close();
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [pathname = '/', query] = (request.url ?? '/').split(/\?(.*)/s, 2);
    const search = query ? `?${query}` : '';
    tellBrowsers(request, response, this.settings);
    const kind = kindOf(request, pathname, search);
    const asking = this.gate.begin(request, response, (asked) => this.tell(kind, asked, request, response));
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      return refuse(response, 400, 'BAD_REQUEST', 'A request of HTTP/1.1 names its host.');
    // The Model Context Protocol wants a page refused that may not read, and not only kept from reading.
    if (kind === 'mcp' && !isFromAllowedPage(request, this.settings))
      return refuse(response, 403, 'BAD_REQUEST', 'Pages of this origin may not ask here.');
    if (kind !== 'other' && !this.isMethodOf(pathname, request, response)) return;
    if (pathname === '/healthz') return send(response, 200, JSON.stringify({ status: 'ok' }));
    if (pathname === '/readyz') return this.ready(response);
    if (pathname === METRICS_PATH) return this.measured(response);
    if (pathname.startsWith(ASSET_PATH)) {
      if (await serveAsset(pathname.slice(ASSET_PATH.length), response)) return;
      return refuse(response, 404, 'NOT_FOUND', 'There is no such file.');
    }
    if (pathname === '/') {
      response.writeHead(302, { Location: GRAPH_PATH }).end();
      return;
    }
    if (kind === 'page') return this.page(response);
    if (!(await this.admits(request, response, asking))) return;
    if (pathname === ASSISTANT_PATH) return this.assistant(request, response, asking);
    const elsewhere = ELSEWHERE.find(
      ([path]) => pathname === path || (path !== CHANGES_PATH && pathname.startsWith(`${path}/`)),
    );
    if (elsewhere) return this.elsewhere(request, response, { pathname, search, asking }, elsewhere[1]);
    const link = endingOf(pathname);
    if (link?.path !== GRAPH_PATH)
      return refuse(
        response,
        404,
        'NOT_FOUND',
        `The graph is at /graphql, and plain links to it are ${LINKS}.`,
      );
    const graph = await this.fresh(response);
    if (graph)
      await answerQuestion(
        graph,
        request,
        response,
        { pathname, search, accept: link.accept, asking },
        this.settings,
      );
  }

  /** Whether the address is asked so; where not, the request has been answered: a browser that asks first is told what it may. */
  private isMethodOf(pathname: string, { method }: IncomingMessage, response: ServerResponse): boolean {
    const methods = methodsOf(pathname);
    if (methods.includes(method!)) return true;
    if (method === 'OPTIONS') answerPreflight(response);
    else {
      response.setHeader('Allow', [...methods, 'OPTIONS'].join(', '));
      refuse(response, 405, 'BAD_REQUEST', `This address is asked with ${methods.join(' or ')}.`);
    }
    return false;
  }

  /** Whether a request may be answered, and within its time; where not, it has been refused. */
  private async admits(request: IncomingMessage, response: ServerResponse, asking: Asking): Promise<boolean> {
    const refusal = await this.gate.admit(request, asking, this.graph?.keys ?? null);
    if (refusal) {
      for (const [name, value] of Object.entries(refusal.headers)) response.setHeader(name, value);
      refuse(response, refusal.status, refusal.error.code, refusal.error.message);
      return false;
    }
    // What is still to come has as much time again (requestTimeout).
    if (request.method !== 'POST') asking.within(this.settings.requestDeadlineMs);
    return true;
  }

  /** A request is over: it is counted, and told where requests are told. */
  private tell(kind: Kind, asking: Asking, { method }: IncomingMessage, response: ServerResponse): void {
    const ms = performance.now() - asking.began;
    const { id, cost, key } = asking;
    this.metrics.answered(kind, response, ms, cost);
    if (this.settings.logFormat === 'text') return;
    const gone = !response.writableFinished;
    const told = {
      id,
      kind,
      method,
      status: response.statusCode,
      ms: Math.round(ms * 10) / 10,
      cost,
      key,
      gone,
    };
    logRequest(told, this.settings);
  }

  private async measured(response: ServerResponse): Promise<void> {
    const text = await this.metrics.text(this.graph);
    response.writeHead(200, { 'Content-Type': METRICS_TYPE, 'Cache-Control': 'no-store' });
    response.end(text);
  }

  /** The page on which questions are tried. */
  private async page(response: ServerResponse): Promise<void> {
    const graph = await this.fresh(response);
    if (!graph) return;
    const { synthetic, example } = graph.state.known;
    markSynthetic(response, synthetic);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', ...PAGE_HEADERS });
    response.end(graphiqlPage(example, synthetic));
  }

  /** An assistant that speaks the Model Context Protocol. */
  private async assistant(request: IncomingMessage, response: ServerResponse, asking: Asking): Promise<void> {
    const graph = await this.fresh(response);
    if (!graph) return;
    const body = await readText(request, this.settings.maximumBodyBytes);
    if (body === null) return tooLarge(response, this.settings.maximumBodyBytes);
    asking.within(this.settings.requestDeadlineMs);
    const { answerAssistant } = await import('../mcp/endpoint.js');
    return give(response, await answerAssistant(graph, request, body, asking), asking);
  }

  /** What is answered at other addresses than the graph's. */
  private async elsewhere(
    request: IncomingMessage,
    response: ServerResponse,
    address: Pick<Address, 'pathname' | 'search' | 'asking'>,
    make: (graph: Graph, request: Request) => Promise<Answer>,
  ): Promise<void> {
    const graph = await this.fresh(response);
    if (!graph) return;
    const { headers } = request;
    const { maximumBodyBytes, requestDeadlineMs, trustedProxies } = this.settings;
    const isSecure = trustedProxies.isSecure(request);
    const { asking } = address;
    const body = async () => {
      const text = await readText(request, maximumBodyBytes);
      asking.within(requestDeadlineMs);
      return text;
    };
    const answer = await make(graph, { ...address, method: request.method!, headers, body, isSecure });
    return give(response, answer, asking);
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
      if (this.graph) await inTime(this.graph.state.refresh(), READY_MS);
    } catch {
      return refuse(response, 503, 'DATABASE_UNAVAILABLE', 'The database does not answer.');
    }
    if (!this.graph) return refuse(response, 503, 'STARTING', 'The graph is not open yet.');
    const { synthetic } = this.graph.state.known;
    send(response, 200, JSON.stringify({ status: 'ready', synthetic }));
  }
}
