/**
 * Questions to the graph over HTTP: by an address, or in the body of a POST, whose answer is found again by the text of the
 * body before that is read as JSON.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Graph } from '../graph/graph.js';
import { readText } from '../limits/body.js';
import { type Address, answerTo } from '../links/link.js';
import { saidWrongly } from '../links/plain-answer.js';
import type { Settings } from '../settings.js';
import { give, refuse, tooLarge } from './respond.js';

const NOT_JSON = 'The body is not JSON. It must be an object such as {"query": "{ england { name } }"}.';

export async function answerQuestion(
  graph: Graph,
  request: IncomingMessage,
  response: ServerResponse,
  address: Omit<Address, 'method' | 'headers'>,
  { maximumBodyBytes, requestDeadlineMs }: Settings,
): Promise<void> {
  const { headers } = request;
  const method = request.method!;
  const { pathname, search, accept, asking } = address;
  if (method !== 'POST')
    return give(
      response,
      await answerTo(graph, { method, pathname, search, headers, accept, asking }),
      asking,
    );
  const wrong = saidWrongly(search);
  if (wrong) return give(response, wrong, asking);
  const body = await readText(request, maximumBodyBytes);
  if (body === null) return tooLarge(response, maximumBodyBytes);
  asking.within(requestDeadlineMs);
  // Left to Apollo, which refuses other content types with its own explanation (CSRF prevention).
  if (!(headers['content-type'] ?? '').toLowerCase().startsWith('application/json'))
    return give(response, await graph.answer({ method, headers, search, body, text: null, asking }), asking);
  const asked = { method, search, text: body };
  const kept = graph.kept.find(graph.state.known.version, asked, headers.accept);
  if (kept) return give(response, kept, asking);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return refuse(response, 400, 'BAD_REQUEST', NOT_JSON);
  }
  return give(
    response,
    await graph.answer({ method, headers, search, body: json, text: body, asking }),
    asking,
  );
}
