/** A request in plain terms: a text, perhaps the name of an operation in it, and values of variables. */
export interface PlainRequest {
  query: string;
  operationName: string | null;
  variables: Record<string, unknown>;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a body asks, where it is put plainly. */
export function requestOf(body: unknown): PlainRequest | null {
  if (!isRecord(body)) return null;
  const { query, operationName = null, variables, extensions } = body;
  const [given, extended] = [variables ?? {}, extensions ?? {}];
  if (typeof query !== 'string' || (operationName !== null && typeof operationName !== 'string')) return null;
  if (!isRecord(given) || !isRecord(extended) || 'persistedQuery' in extended) return null;
  return { query, operationName, variables: given };
}
