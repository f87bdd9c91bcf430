/**
 * A load that failed here, and not at the publisher, as one line: what happened, and what the operator does about it.
 * Whatever it was, the load was one transaction: what stood before stands.
 */
import { describeError, SchoolGraphError } from '../src/errors.js';
import { withToDo } from './source-fault.js';

const AGAIN = 'then load again: npm run load, or wait for the next look';

const codeOf = (error: unknown): string => (error as { code?: string } | null)?.code ?? '';

/** Faults of the disk on which fetched files are kept; no connection has them. */
const DISK_FAULTS = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'EFBIG', 'EMFILE']);
export const isDiskFault = (error: unknown): boolean => DISK_FAULTS.has(codeOf(error));

/** PostgreSQL's disk_full: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const DATABASE_DISK_FULL = '53100';
/** A connection that broke, or that the server ended: connection exceptions and operator intervention. */
const isLostDatabase = (error: unknown): boolean =>
  /^(08|57P)|^(ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|ETIMEDOUT)$/.test(codeOf(error)) ||
  /Connection terminated|Client has encountered a connection error|client was closed|not queryable/i.test(
    describeError(error),
  );

export function describeFailure(error: unknown): string {
  const why = describeError(error);
  if (error instanceof SchoolGraphError) return why;
  if (codeOf(error) === 'ENOSPC' || codeOf(error) === 'EDQUOT') {
    return withToDo(`the disk of the fetched files is full (${why})`, `make room in DATA_DIR, ${AGAIN}`);
  }
  if (isDiskFault(error)) {
    return withToDo(
      `the fetched files cannot be written or read (${why})`,
      `see that this account can write in DATA_DIR, ${AGAIN}`,
    );
  }
  if (codeOf(error) === DATABASE_DISK_FULL) {
    return withToDo(`the disk of the database is full (${why})`, `make room for the database, ${AGAIN}`);
  }
  if (isLostDatabase(error)) {
    return withToDo(
      `the database went away during the load (${why})`,
      `see that the database runs, ${AGAIN}`,
    );
  }
  return withToDo(why, 'this is a fault of SchoolGraph: report it with this line; what stood before stays');
}
