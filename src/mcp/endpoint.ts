/**
 * The Model Context Protocol over HTTP, without sessions: each request is answered by a server of its own, and nothing is kept. Read
 * with the first request, because most graphs are never asked by an assistant.
 */
import type { IncomingMessage } from 'node:http';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Answer, Graph } from '../graph/graph.js';
import type { Asking } from '../http/asking.js';
import type { Ask } from './asked.js';
import { errorsInOurs } from './errors.js';
import { serverFor } from './tools.js';

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

/** A question as if it had been posted to /graphql. */
const askerOf =
  (graph: Graph, asking: Asking): Ask =>
  async (body) => {
    const text = JSON.stringify(body);
    const asked = { method: 'POST', search: '', text };
    const kept = graph.kept.find(graph.state.known.version, asked, HEADERS.accept);
    return kept ?? graph.answer({ ...asked, headers: HEADERS, body, asking });
  };

function requestOf({ method = 'GET', headers }: IncomingMessage, body: string, { waiting }: Asking): Request {
  const told = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) told.set(name, Array.isArray(value) ? value.join(', ') : value);
  const leaving = new AbortController();
  waiting.whenOver(() => leaving.abort(waiting.over));
  return new Request('http://localhost/mcp', {
    method,
    headers: told,
    signal: leaving.signal,
    ...(method === 'POST' ? { body } : {}),
  });
}

/** Several messages in one request, as a revision of the protocol allowed, would be several questions for the price of one. */
const IS_BATCH = /^\s*\[/;
const ONE_AT_A_TIME: Omit<Answer, 'synthetic'> = {
  status: 400,
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({
    jsonrpc: '2.0',
    error: { code: -32600, message: 'Send one message in a request, and not a list of them.' },
    id: null,
  }),
};

/** What is told to an assistant. */
export async function answerAssistant(
  graph: Graph,
  request: IncomingMessage,
  body: string,
  asking: Asking,
): Promise<Answer> {
  const { synthetic } = graph.state.known;
  if (IS_BATCH.test(body)) return { ...ONE_AT_A_TIME, synthetic };
  const handler = createMcpHandler(() => serverFor(askerOf(graph, asking), graph.schema), {
    // Nothing is ever announced, so that nobody may wait for it.
    maxSubscriptions: 0,
    keepAliveMs: 0,
  });
  const { status, headers, body: told } = await handler.fetch(requestOf(request, body, asking));
  return {
    status,
    headers: [...headers],
    body: told ? errorsInOurs(await new Response(told).text(), status) : '',
    synthetic,
    end: () => handler.close(),
  };
}
