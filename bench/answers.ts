/** Asks every server every request twice, holds the answers against each other, and keeps what is then measured. */
import type { CheckedRequest, HttpRequest } from './load-generator.js';
import type { Answer, GraphqlSide, Question, Subject } from './question.js';
import type { RunningServer } from './servers.js';

export type CheckedRequests = CheckedRequest[];

/** Relative; a rate may be worked out in another order of operations. */
const TOLERANCE = 1e-9;

/** The requests of a question for one server, each with the lengths its answer may have; and the answers' common shapes. */
export async function askAll(
  { name, ours, postgraphile, functions = postgraphile, floor }: Question,
  server: RunningServer,
  subjects: Subject[],
): Promise<{ requests: CheckedRequests; shapes: unknown[] }> {
  const requests: CheckedRequests = [];
  const shapes: unknown[] = [];
  const graphql = { uncached: ours, cached: ours, floor: ours, postgraphile, functions }[server.name];
  const side = server.name === 'floor' ? floor : graphql;
  const requestOf = (subject: Subject, after: unknown): HttpRequest =>
    server.name === 'floor'
      ? post(`/${name}`, floor.values(subject, after))
      : post(
          '/graphql',
          { query: graphql.query, variables: graphql.variables(subject, after) },
          graphql.accept,
        );
  for (const subject of subjects) {
    let after: unknown = null;
    // The first page and the second.
    for (let page = 1; page <= 2; page += 1) {
      const request = requestOf(subject, after);
      const first = await ask(server, request, graphql);
      // An answer may be made in another way, or come out of a cache, once the question is known.
      const again = await ask(server, request, graphql);
      let shape: unknown;
      try {
        shape = side.shape(first.answer, subject);
        const differs = difference(shape, side.shape(again.answer, subject));
        if (differs) throw new Error(`asked again it differs at ${differs}`);
      } catch (error) {
        throw new Error(`${server.name}, ${JSON.stringify(subject)}: ${(error as Error).message}`);
      }
      shapes.push(shape);
      requests.push({ ...request, lengths: [first.bytes, again.bytes] });
      after = side.next?.(again.answer) ?? null;
      if (after === null) break;
    }
  }
  return { requests, shapes };
}

const post = (path: string, body: unknown, accept = 'application/json'): HttpRequest => ({
  path,
  method: 'POST',
  headers: { 'content-type': 'application/json', accept },
  body: JSON.stringify(body),
});

async function ask(
  { name, port }: RunningServer,
  { path, ...request }: HttpRequest,
  side: GraphqlSide,
): Promise<{ answer: Answer; bytes: number }> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, request);
  const bytes = Buffer.from(await response.arrayBuffer());
  const text = bytes.toString('utf8');
  if (response.status !== 200)
    throw new Error(`${name} answered ${response.status}: ${text.slice(0, 2_000)}`);
  if (name === 'floor') return { answer: JSON.parse(text), bytes: bytes.length };
  if (side.accept) {
    return {
      answer: text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
      bytes: bytes.length,
    };
  }
  const { data, errors } = JSON.parse(text);
  if (errors) throw new Error(`${name}: ${JSON.stringify(errors).slice(0, 2_000)}`);
  return { answer: data, bytes: bytes.length };
}

/** Where two answers differ, as a path and both values; null where they are equal. */
export function difference(left: unknown, right: unknown, path = 'answer'): string | null {
  if (typeof left === 'number' && typeof right === 'number') {
    const apart = Math.abs(left - right);
    return apart <= TOLERANCE * Math.max(Math.abs(left), Math.abs(right))
      ? null
      : `${path}: ${left} and ${right}`;
  }
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right ? null : `${path}: ${JSON.stringify(left)} and ${JSON.stringify(right)}`;
  }
  if (Array.isArray(left) !== Array.isArray(right)) return `${path}: a list and none`;
  if (Array.isArray(left) && Array.isArray(right) && left.length !== right.length) {
    return `${path}: ${left.length} entries and ${right.length}`;
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  for (const key of keys) {
    const found = difference(
      left[key as keyof typeof left],
      right[key as keyof typeof right],
      `${path}.${key}`,
    );
    if (found) return found;
  }
  return null;
}
