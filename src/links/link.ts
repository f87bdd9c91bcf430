/**
 * What is asked with GET: a plain link, which needs no header and so works in a browser or a spreadsheet, and whatever else an
 * address can ask. What stands as long as the data do tells by what it may be held, and is not sent to who has it.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { bodyOf, type PlainRequest, requestOf } from '../answers/plain-request.js';
import { asksToCite } from '../citing/citation.js';
import { EXTENSIONS, formatFor, formatNamed } from '../export/format.js';
import { AS_OF_HEADER } from '../export/told.js';
import { etagOf, headersOf, isKnown, isUnmodified } from '../freshness/validators.js';
import type { Answer, Graph, Question } from '../graph/graph.js';
import type { Asking } from '../http/asking.js';
import { refusal, saidWrongly } from './plain-answer.js';

/** What a link ends with → what it asks for. */
export const ENDINGS = ['json', ...EXTENSIONS];

/** The media type that a path asks for, such as /graphql.csv; null for one that leaves it to the Accept header. */
export function endingOf(pathname: string): { path: string; accept: string | null } | null {
  const [, path, ending] = /^(.*?)(?:\.([a-z]+))?$/s.exec(pathname)!;
  if (ending === undefined) return { path: path!, accept: null };
  if (!ENDINGS.includes(ending)) return null;
  return { path: path!, accept: formatNamed(ending)?.mediaTypes[0] ?? 'application/json' };
}

export const LINKS = ENDINGS.map((ending) => `/graphql.${ending}`).join(', ');

const LONGEST_LINKS = 8_000;

export interface Address {
  method: string;
  pathname: string;
  search: string;
  headers: IncomingHttpHeaders;
  /** The media type that the path asks for; null where the headers do. */
  accept: string | null;
  /** What is asked, where the address does not say it itself. */
  saved?: PlainRequest;
  /** The request that it came with. */
  asking: Asking;
}

/** The answer to what an address asks. */
export async function answerTo(graph: Graph, address: Address): Promise<Answer> {
  const { pathname, search, headers, accept, saved, asking } = address;
  const asked: IncomingHttpHeaders = {
    ...headers,
    ...(accept ? { accept } : {}),
    // A link asks what anybody may, and no page can be tricked into more.
    ...(accept || saved ? { 'apollo-require-preflight': 'true' } : {}),
  };
  const wrong = saidWrongly(search);
  if (wrong) return bare(address.method, wrong);
  const asks = questionOf(graph, asked, search, saved);
  if (!asks) {
    const message = 'Nothing that is asked can be asked as of a day: leave asOf out.';
    return bare(address.method, refusal(400, 'BAD_USER_INPUT', message));
  }
  const question = { ...asks, asking };
  const told = question.text === null ? null : [pathname, search, asked.accept ?? ''];
  return held(graph, address, told, () => answered(graph, question));
}

/**
 * An answer with what it may be held by, or word that the asker has it. `told`: all that it depends on besides the data; null
 * where the answer must be made to know whether there is one.
 */
export async function held(
  graph: Graph,
  { method, pathname, search, headers, accept }: Omit<Address, 'saved' | 'asking'>,
  told: readonly string[] | null,
  make: () => Promise<Answer>,
): Promise<Answer> {
  const { known } = graph.state;
  const vary: [string, string][] = accept ? [] : [['Vary', 'Accept']];
  const tag = headers['if-none-match'];
  if (told && tag !== undefined) {
    const etag = etagOf(known, told);
    if (isKnown(tag, etag)) return notModified([...headersOf(known, etag), ...vary]);
  }
  const answer = await make();
  const { version } = answer;
  if (!told || version === undefined || version !== graph.state.known.version)
    return bare(method, notHeld(answer));
  const fresh = headersOf(graph.state.known, etagOf(graph.state.known, told));
  if (isUnmodified(headers, fresh)) {
    await answer.end?.();
    return notModified([...fresh, ...vary]);
  }
  const others = [...answer.headers].filter(
    ([name]) => !['cache-control', 'vary'].includes(name.toLowerCase()),
  );
  const links = linksOf(pathname, search, answer);
  return bare(method, { ...answer, headers: [...others, ...fresh, ...vary, ...links] });
}

/** Where a file is had again as it is now, whatever is published later; and where its sources are. */
function linksOf(pathname: string, search: string, { headers }: Answer): [string, string][] {
  const link = (rel: string, name: string, value: string) => {
    const parameters = new URLSearchParams(search);
    parameters.set(name, value);
    return `<${pathname}?${parameters}>; rel="${rel}"`;
  };
  const told = new Map(headers);
  const day = told.get(AS_OF_HEADER);
  const links = [
    ...(day ? [link('cite-as', 'asOf', day)] : []),
    ...(told.has('Content-Disposition') && !asksToCite(search) ? [link('describedby', 'cite', '1')] : []),
  ];
  // Much of what reads headers reads 16,000 characters of them.
  return links.length > 0 && links.join().length < LONGEST_LINKS ? [['Link', links.join(', ')]] : [];
}

/** What an address asks: as of a day, where it names one; null where that cannot be. */
function questionOf(
  graph: Graph,
  headers: IncomingHttpHeaders,
  search: string,
  saved: PlainRequest | undefined,
): Omit<Question, 'asking'> | null {
  const parameters = new URLSearchParams(search);
  const body = bodyOf(parameters);
  const request = saved ?? requestOf(body, graph.persisted);
  const day = parameters.get('asOf');
  if (!request || !(saved || day))
    return { method: 'GET', headers, search, body, text: textOf(request, headers) };
  const { query, operationName, variables } = request;
  const then = day ? graph.dated(query, day) : query;
  if (then === null) return null;
  const plain = { query: then, operationName, variables };
  parameters.delete('extensions');
  parameters.set('query', plain.query);
  parameters.set('variables', JSON.stringify(variables));
  if (operationName) parameters.set('operationName', operationName);
  return { method: 'GET', headers, search: `?${parameters}`, body: plain, text: textOf(plain, headers) };
}

/** The text under which an answer is kept. A page must not be able to ask what it may not (CSRF prevention): that Apollo refuses. */
const textOf = (request: PlainRequest | null, headers: IncomingHttpHeaders): string | null =>
  request && isMeant(headers) ? JSON.stringify(request) : null;

async function answered(graph: Graph, question: Question): Promise<Answer> {
  const { version } = graph.state.known;
  return graph.kept.find(version, question, question.headers.accept) ?? graph.answer(question);
}

/** An answer that may be another the next time is held by nobody, unless it says itself how. */
function notHeld(answer: Answer): Answer {
  const headers = [...answer.headers];
  const says = headers.some(([name]) => name.toLowerCase() === 'cache-control');
  return says ? answer : { ...answer, headers: [...headers, ['Cache-Control', 'no-store']] };
}

const notModified = (headers: [string, string][]): Answer => ({
  status: 304,
  headers,
  body: '',
  synthetic: false,
});

/** To HEAD, what is told of an answer and not the answer. */
async function bare(method: string, answer: Answer): Promise<Answer> {
  if (method !== 'HEAD') return answer;
  await answer.end?.();
  return { ...answer, body: '', end: async () => {} };
}

/** What a browser sends for another page only when it has asked first; and files, which Apollo is told are meant. */
const isMeant = (headers: IncomingHttpHeaders): boolean =>
  formatFor(headers.accept) !== null ||
  Boolean(headers['apollo-require-preflight'] || headers['x-apollo-operation-name']) ||
  (headers['content-type'] ?? '').toLowerCase().startsWith('application/json');
