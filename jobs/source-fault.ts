/**
 * Faults of a source, told apart by their codes: a file that is not fit (the release is refused with this sentence
 * and the good one stays), a file that is not there, and one that its publisher no longer brings out.
 */
import { SchoolGraphError } from '../src/errors.js';

export const sourceFault = (message: string): SchoolGraphError =>
  new SchoolGraphError('SOURCE_REFUSED', message);

export const isSourceFault = (error: unknown): error is SchoolGraphError =>
  error instanceof SchoolGraphError && error.code === 'SOURCE_REFUSED';

/** The publisher, or the mirror in its place, has no such file: HTTP 404, or no file in the folder. */
export const notThere = (url: string): SchoolGraphError =>
  new SchoolGraphError('SOURCE_NOT_THERE', `${url} is not there`);

export const isNotThere = (error: unknown): error is SchoolGraphError =>
  error instanceof SchoolGraphError && error.code === 'SOURCE_NOT_THERE';

/** A release without a data set whose last release is known: nothing new, and what stands stays. */
export const noLongerPublished = (message: string): SchoolGraphError =>
  new SchoolGraphError('SOURCE_ENDED', message);

export const isNoLongerPublished = (error: unknown): error is SchoolGraphError =>
  error instanceof SchoolGraphError && error.code === 'SOURCE_ENDED';
