/**
 * POST /q saves a question under a short id; GET /q/<id> answers it, as JSON, as a file, as it stands now or as of a day. Only
 * what has been found valid is saved.
 */

import { requestOf } from '../answers/plain-request.js';
import { SchoolGraphError } from '../errors.js';
import type { Answer, Graph } from '../graph/graph.js';
import { answerTo, ENDINGS, endingOf } from '../links/link.js';
import { json, type Request, refusal } from '../links/plain-answer.js';

export const SAVED_PATH = '/q';

/** The answer at /q and below. */
export async function savedAnswer(graph: Graph, request: Request): Promise<Answer> {
  return request.pathname === SAVED_PATH ? save(graph, request) : one(graph, request);
}

async function one(graph: Graph, { method, pathname, search, headers, asking }: Request): Promise<Answer> {
  const link = endingOf(pathname);
  const saved = link && (await graph.saved.find(link.path.slice(SAVED_PATH.length + 1)));
  if (!link || !saved) {
    return refusal(
      404,
      'NOT_FOUND',
      `There is no saved question at this address. It is /q/ and an id of ten letters and digits, and may end with ${ENDINGS.map((ending) => `.${ending}`).join(', ')}.`,
    );
  }
  const parameters = new URLSearchParams(search);
  if (parameters.get('asOf') === 'saved') {
    if (!saved.asOf)
      return refusal(400, 'BAD_USER_INPUT', 'When it was saved no release with a known day was loaded.');
    parameters.set('asOf', saved.asOf);
  }
  return answerTo(graph, {
    method,
    pathname,
    search: `?${parameters}`,
    headers,
    accept: link.accept,
    saved,
    asking,
  });
}

async function save(graph: Graph, { headers, body, asking }: Request): Promise<Answer> {
  // What a foreign page could send without asking first is not taken.
  if (!(headers['content-type'] ?? '').toLowerCase().startsWith('application/json'))
    return refusal(415, 'BAD_REQUEST', 'A question is saved as JSON: Content-Type: application/json.');
  const text = await body();
  if (text === null)
    return refusal(413, 'QUERY_TOO_LARGE', 'The body is too large.', [['Connection', 'close']]);
  let asked: unknown = null;
  try {
    asked = JSON.parse(text);
  } catch {
    // Told below.
  }
  const request = requestOf(asked, graph.persisted);
  if (text.includes('\\u0000'))
    return refusal(
      400,
      'BAD_USER_INPUT',
      'A text in the question has a character that no text here can have (U+0000).',
    );
  if (!request) {
    return refusal(
      400,
      'BAD_REQUEST',
      'The body must be an object such as {"query": "{ england { name } }"}, with variables and operationName where there are any.',
    );
  }
  const wrong = await graph.faultOf(request, asking);
  if (wrong) return wrong;
  try {
    const { id, savedAt, asOf } = await graph.saved.save(request);
    const url = `${SAVED_PATH}/${id}`;
    return json(201, { id, url, savedAt, asOf, asSaved: asOf ? `${url}?asOf=saved` : null }, [
      ['Location', url],
    ]);
  } catch (error) {
    if (!(error instanceof SchoolGraphError)) throw error;
    const status = { QUERY_TOO_LARGE: 413, BUSY: 503 }[error.code as string] ?? 400;
    return refusal(status, error.code, error.message);
  }
}
