/**
 * Which answers are kept while the data stand, and found again by the text of the request: those that are complete, and
 * tell of nothing that moves meanwhile. A file that has been taken away whole is one.
 */
import { LRUCache } from 'lru-cache';
import { asksToCite } from '../citing/citation.js';
import type { File } from '../export/export.js';
import { type Format, formatFor, type Part } from '../export/format.js';
import { answerOf } from '../export/told.js';
import type { Answer, Question } from '../graph/graph.js';
import { AnswerCache } from './answer-cache.js';
import type { KnownOperation, KnownOperations } from './known-operations.js';
import type { PlainRequest } from './plain-request.js';

/** How many different Accept headers are remembered, and of what length. */
const MOST_ACCEPTED = 100;
const LONGEST_ACCEPTED = 200;

export class KeptAnswers {
  private readonly answers: AnswerCache;
  /** Questions that were found here, and that were not. */
  hits = 0;
  misses = 0;
  /** By Accept header, the content type that Apollo chose for it. */
  private readonly contentTypes = new LRUCache<string, string>({ max: MOST_ACCEPTED });

  constructor(
    megabytes: number,
    private readonly operations: KnownOperations,
  ) {
    this.answers = new AnswerCache(megabytes);
  }

  /** The kept answer to a question of this text, of the newest data. */
  find(version: number, question: KeyQuestion, accept: string | undefined): Answer | null {
    if (question.text === null) return null;
    const contentType = this.contentTypeFor(accept);
    const format = contentType ? null : formatFor(accept);
    const kept = this.answers.get(version, keyOf(question, format));
    if (!kept || (!contentType && !format)) {
      this.misses += 1;
      return null;
    }
    this.hits += 1;
    const headers = contentType ? [['content-type', contentType] as const] : kept.headers;
    const { body, synthetic } = kept;
    return { status: 200, headers, body, synthetic, version };
  }

  get bytes(): number {
    return this.answers.bytes;
  }

  contentTypeFor(accept = ''): string | undefined {
    return this.contentTypes.get(accept);
  }

  rememberContentType(accept = '', status: number, contentType: string | undefined): void {
    if (status === 200 && contentType && accept.length <= LONGEST_ACCEPTED)
      this.contentTypes.set(accept, contentType);
  }

  /** Keeps an answer that is complete and stands as long as the data do; it then says of which version it is. */
  put(operation: KnownOperation | null, question: Question, version: number, answer: Answer): Answer {
    const { status, body, synthetic } = answer;
    // The errors of an answer, where there are any, stand before its data.
    const isComplete = status === 200 && typeof body === 'string' && body.startsWith('{"data":');
    if (!isComplete || !isStill(operation, version) || question.text === null) return answer;
    this.answers.put(version, keyOf(question, null), body, { synthetic });
    answer.version = version;
    return answer;
  }

  /** The file as an answer, which is kept when it has been read to its end. */
  onTheWay(file: File, asked: PlainRequest | null, question: Question, format: Format): Answer {
    const answer = answerOf(file);
    const operation = asked && this.operations.find(asked.query, asked.operationName);
    const { version, synthetic, parts } = file;
    if (question.text === null || !isStill(operation, version)) return answer;
    const headers = [...answer.headers];
    const keep = (whole: Buffer) =>
      this.answers.put(version, keyOf(question, format), whole, { synthetic, headers });
    return { ...answer, version, body: keeping(parts, this.answers.largest, keep) };
  }
}

/** Before the first load, version 0, data sets can still be declared. */
const isStill = (operation: KnownOperation | null, version: number): boolean =>
  operation !== null && !operation.moves && version > 0;

type KeyQuestion = Pick<Question, 'method' | 'search' | 'text'>;

/**
 * The name of an answer, or of a file with its options. What is asked with GET is not what the same text is as a body; who
 * asks for sources in the body has them in the text.
 */
function keyOf({ method, search, text }: KeyQuestion, format: Format | null): string {
  if (format) return `${method} ${format.extension}${search}\n${text}`;
  return `${method}${asksToCite(search) ? ' cited' : ''}\n${text}`;
}

/** Passes the parts on; when all of them have been read, keeps them, unless they are longer than `most`. */
async function* keeping(
  parts: AsyncIterable<Part>,
  most: number,
  keep: (whole: Buffer) => void,
): AsyncGenerator<Part> {
  let kept: Part[] | null = [];
  let length = 0;
  for await (const part of parts) {
    length += part.length;
    if (length > most) kept = null;
    kept?.push(part);
    yield part;
  }
  if (kept) keep(Buffer.concat(kept.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))));
}
