/**
 * Releases are numbered in the order of their publication, not of their loading, so that an older one can be loaded
 * after a newer: the number holds the day. Of two numbers the smaller was published first, and "as the data stood
 * on a day" is a comparison of numbers. A release without a known day has the day on which it was fetched, and
 * a mark by which asOf leaves it out.
 *
 *   bits 30–15: days since 1 January 2000; bit 14: the day is not known; bits 13–0: which of that day
 */
import type { PoolClient } from 'pg';

const FIRST_DAY = Date.UTC(2000, 0, 1);
const MS_A_DAY = 86_400_000;
/** By how many bits the day stands higher than the rest. */
export const DAY_BITS = 15;
const PER_DAY = 2 ** DAY_BITS;
/** Set in the number of a release whose day of publication is not known. */
export const UNDATED = 2 ** 14;

/** Of a Postgres integer. */
export const LARGEST_NUMBER = 2_147_483_647;

const dayNumber = (day: string): number => Math.round((Date.parse(day) - FIRST_DAY) / MS_A_DAY);

/** The greatest number that a release of an ISO day, or of any day before it, can have. */
export const lastNumberOf = (day: string): number => (dayNumber(day) + 1) * PER_DAY - 1;

/** The least number that a release of an ISO day, or of any day after it, can have. */
export const firstNumberOf = (day: string): number =>
  Math.min(Math.max(dayNumber(day) * PER_DAY, 0), LARGEST_NUMBER);

/** The next number for a release of an ISO day. The caller holds the lock that every load takes. */
export async function nextReleaseNumber(client: PoolClient, day: string, dated: boolean): Promise<number> {
  const first = dayNumber(day) * PER_DAY + (dated ? 0 : UNDATED);
  const { rows } = await client.query('SELECT max(id) AS last FROM release WHERE id BETWEEN $1 AND $2', [
    first,
    first + UNDATED - 1,
  ]);
  return (rows[0].last ?? first - 1) + 1;
}
