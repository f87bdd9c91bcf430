/**
 * The one error class. A code is stable for programs; a message says to a person what happened, where,
 * and what is allowed or to do. Anything thrown that is not a SchoolGraphError is a fault of ours.
 */
export type ErrorCode =
  | 'BAD_SETTING'
  | 'BAD_COMMAND'
  | 'BAD_USER_INPUT'
  | 'UNKNOWN_INDICATOR'
  | 'NOT_ADDITIVE'
  | 'QUERY_TOO_LARGE'
  | 'RATE_LIMITED'
  | 'UNAUTHENTICATED'
  | 'TIMED_OUT'
  | 'BUSY'
  | 'DATA_MOVED'
  | 'PORT_IN_USE'
  | 'DATABASE_UNAVAILABLE'
  | 'EMBEDDED_POSTGRES_FAILED'
  | 'SOURCE_UNREACHABLE'
  | 'SOURCE_NOT_THERE'
  | 'SOURCE_ENDED'
  | 'SOURCE_REFUSED'
  | 'INTERNAL';

export class SchoolGraphError extends Error {
  override readonly name = 'SchoolGraphError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The sentence to show a person for anything that was thrown. */
export function describeError(error: unknown): string {
  if (error instanceof AggregateError && error.message === '' && error.errors.length > 0) {
    return error.errors.map(describeError).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}

/** An error in the shape in which every answer tells it: that of GraphQL. */
export const errorBody = (code: string, message: string): string =>
  JSON.stringify({ errors: [{ message, extensions: { code } }] });
