/**
 * The Model Context Protocol over HTTP, without sessions: each request is answered by a server of its own, and nothing is kept. Read
 * with the first request, because most graphs are never asked by an assistant.
 */
import type { IncomingMessage } from 'node:http';
import { createMcpHandler } from '@modelcontextprotocol/server';
import type { Answer, Graph } from '../graph.js';
import type { Ask } from './asked.js';
import { serverFor } from './tools.js';

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' };

/** A question as if it had been posted to /graphql. */
const askerOf =
  (graph: Graph): Ask =>
  async (body) => {
    const text = JSON.stringify(body);
    const asked = { method: 'POST', search: '', text };
    const kept = graph.kept.find(graph.state.known.version, asked, HEADERS.accept);
    return kept ?? graph.answer({ ...asked, headers: HEADERS, body });
  };

function requestOf({ method = 'GET', headers, url = '/' }: IncomingMessage, body: string): Request {
  const told = new Headers();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) told.set(name, Array.isArray(value) ? value.join(', ') : value);
  return new Request(new URL(url, 'http://localhost'), {
    method,
    headers: told,
    ...(method === 'POST' ? { body } : {}),
  });
}

/** What is told to an assistant. */
export async function answerAssistant(graph: Graph, request: IncomingMessage, body: string): Promise<Answer> {
  const handler = createMcpHandler(() => serverFor(askerOf(graph), graph.schema), {
    // Nothing is ever announced, so that nobody may wait for it.
    maxSubscriptions: 0,
    keepAliveMs: 0,
  });
  const { status, headers, body: told } = await handler.fetch(requestOf(request, body));
  return {
    status,
    headers: [...headers],
    body: told ? textOf(told) : '',
    synthetic: graph.state.known.synthetic,
    end: () => handler.close(),
  };
}

async function* textOf(stream: ReadableStream<Uint8Array>): AsyncIterable<string> {
  yield* stream.pipeThrough(new TextDecoderStream());
}
