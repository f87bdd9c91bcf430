/**
 * The one error class. A code is stable for programs; a message says to a person what happened, where,
 * and what is allowed or to do. Anything thrown that is not a SchoolGraphError is a fault of ours.
 */

/** What an answer can say: each is told in docs/errors.md. */
export const ANSWER_CODES = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'UNKNOWN_INDICATOR',
  'NOT_ADDITIVE',
  'QUERY_TOO_LARGE',
  'UNAUTHENTICATED',
  'NOT_FOUND',
  'RATE_LIMITED',
  'TIMED_OUT',
  'BUSY',
  'STARTING',
  'DATABASE_UNAVAILABLE',
  'DATA_MOVED',
  'INTERNAL',
] as const;

/** What a command can say at a terminal. */
export const COMMAND_CODES = [
  'BAD_SETTING',
  'BAD_COMMAND',
  'PORT_IN_USE',
  'EMBEDDED_POSTGRES_FAILED',
  'SOURCE_UNREACHABLE',
  'SOURCE_NOT_THERE',
  'SOURCE_ENDED',
  'SOURCE_REFUSED',
] as const;

export type ErrorCode = (typeof ANSWER_CODES)[number] | (typeof COMMAND_CODES)[number];

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
export const errorBody = (code: ErrorCode, message: string): string =>
  JSON.stringify({ errors: [{ message, extensions: { code } }] });
