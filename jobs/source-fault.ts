/**
 * Faults of a source, told apart by their codes: a file that is not fit (the release is refused and the good one
 * stays), a publisher that cannot be reached, a file that is not there, and one that its
 * publisher no longer brings out. Each message is one line: what happened,
 * and after "To do:" what the operator does about it.
 */
import { SchoolGraphError } from '../src/errors.js';

/** The publisher's to mend. */
const WAIT_FOR_A_MENDED_FILE =
  'nothing now, the next look asks again; if it stays so, tell the publisher, whose file it is';
const ASK_AGAIN = 'nothing now, the next look asks again; if it stays so, look at the address yourself';
/** Ours to follow, if the publisher means it. */
export const CHANGE_THE_DECLARATION =
  'if the publisher means it, change the declaration in jobs/datasets; if not, wait for a mended file, which the next look loads';
const LONGEST_FAULT = 700;

/** One line of what happened and what to do. A cell or a header that is quoted in it can have line ends and any length. */
export function withToDo(what: string, toDo: string): string {
  const line = what.replace(/\s+/g, ' ').trim();
  return `${line.length > LONGEST_FAULT ? `${line.slice(0, LONGEST_FAULT)}…` : line}. To do: ${toDo}`;
}

export const sourceFault = (what: string, toDo: string = WAIT_FOR_A_MENDED_FILE): SchoolGraphError =>
  new SchoolGraphError('SOURCE_REFUSED', withToDo(what, toDo));

export const isSourceFault = (error: unknown): error is SchoolGraphError =>
  error instanceof SchoolGraphError && error.code === 'SOURCE_REFUSED';

export const unreachable = (what: string, toDo: string = ASK_AGAIN, cause?: unknown): SchoolGraphError =>
  new SchoolGraphError('SOURCE_UNREACHABLE', withToDo(what, toDo), { cause });

/** The publisher, or the mirror in its place, has no such file: HTTP 404, or no file in the folder. */
export const notThere = (url: string): SchoolGraphError =>
  new SchoolGraphError(
    'SOURCE_NOT_THERE',
    withToDo(
      `${url} is not there`,
      'nothing now, the next look asks again; if the publisher has moved it, change the source in jobs/datasets',
    ),
  );

export const isNotThere = (error: unknown): error is SchoolGraphError =>
  error instanceof SchoolGraphError && error.code === 'SOURCE_NOT_THERE';

/** A release without a data set whose last release is known: nothing new, and what stands stays. */
export const noLongerPublished = (message: string): SchoolGraphError =>
  new SchoolGraphError('SOURCE_ENDED', message);

export const isNoLongerPublished = (error: unknown): error is SchoolGraphError =>
  error instanceof SchoolGraphError && error.code === 'SOURCE_ENDED';
