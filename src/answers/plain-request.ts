/** A request in plain terms: a text, perhaps the name of an operation in it, and values of variables. */
import type { PersistedQueries } from '../freshness/persisted-queries.js';

export interface PlainRequest {
  query: string;
  operationName: string | null;
  variables: Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a body asks, where it is put plainly. A text may be named by its hash alone, where it is known. */
export function requestOf(body: unknown, persisted: PersistedQueries): PlainRequest | null {
  if (!isRecord(body)) return null;
  const { query, operationName = null, variables, extensions } = body;
  const [given, extended] = [variables ?? {}, extensions ?? {}];
  if (operationName !== null && typeof operationName !== 'string') return null;
  if (!isRecord(given) || !isRecord(extended)) return null;
  const text = 'persistedQuery' in extended ? named(extended.persistedQuery, query, persisted) : query;
  return typeof text === 'string' ? { query: text, operationName, variables: given } : null;
}

/** Of a text that is sent along with its hash, Apollo must see whether it has it. */
const named = (asked: unknown, query: unknown, persisted: PersistedQueries): string | undefined =>
  isRecord(asked) && asked.version === 1 && (query ?? null) === null
    ? persisted.find(asked.sha256Hash)
    : undefined;

const PARAMETERS = ['query', 'operationName', 'variables', 'extensions'];

/** What the parameters of an address ask, as a body would; null where they cannot be read. */
export function bodyOf(parameters: URLSearchParams): Record<string, unknown> | null {
  if (PARAMETERS.some((name) => parameters.getAll(name).length > 1)) return null;
  const json = (name: string): unknown => JSON.parse(parameters.get(name) || 'null');
  try {
    return {
      query: parameters.get('query'),
      operationName: parameters.get('operationName'),
      variables: json('variables'),
      extensions: json('extensions'),
    };
  } catch {
    return null;
  }
}
