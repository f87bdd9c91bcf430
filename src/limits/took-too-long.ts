/** A statement that Postgres stopped because it took longer than one may: STATEMENT_TIMEOUT_MS. */
import { SchoolGraphError } from '../errors.js';

/** Postgres: query_canceled, which for the reader means statement_timeout. */
const QUERY_CANCELED = '57014';

/** Postgres's code of an error, from pg or wrapped by TypeORM. */
export const postgresCodeOf = (error: unknown): unknown => {
  const { code, driverError } = (error ?? {}) as { code?: unknown; driverError?: { code?: unknown } };
  return driverError?.code ?? code;
};

export const tookTooLong = (error: unknown): boolean => postgresCodeOf(error) === QUERY_CANCELED;

export const TOO_LONG =
  'The question took too long and was stopped. Ask for fewer places, periods or nested lists at once.';

/** What was thrown; of what took too long, that it did. */
export const toldTooLong = (error: unknown): unknown =>
  tookTooLong(error) ? new SchoolGraphError('TIMED_OUT', TOO_LONG, { cause: error }) : error;
