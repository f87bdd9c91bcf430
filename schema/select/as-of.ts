/**
 * asOf: the data as they stood published on a day. Every root field that leads to places takes it, and all below it
 * answer as of that day: figures, the register, memberships. What is not versioned — the list of local
 * authorities and regions, which URN a LAESTAB means — is as it is known today. Another question is what was true on
 * a day in the world: that is asAt.
 */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg } from 'type-graphql';
import { dataSetById } from '../../jobs/catalogue.js';
import { LARGEST_NUMBER, lastNumberOf, UNDATED } from '../../jobs/release-order.js';
import type { Select } from './select.js';
import { type Sql, sql } from './sql.js';

/** The argument of a root field. */
export const AsOf = () =>
  Arg('asOf', () => GraphQLLocalDate, {
    nullable: true,
    description:
      'Answers as the data stood published on this day: 2022-10-01. Releases whose day is not known are left out. Left out: as they stand now.',
  });

/** The greatest number of a release that had been published on a day; null for now. */
export const asOfBound = (day: string | null | undefined): number | null =>
  day ? Math.max(-1, Math.min(lastNumberOf(day), LARGEST_NUMBER)) : null;

/** Keeps the rows of a versioned table that are valid. */
export const validAsOf = (row: Sql, bound: number | null): Sql =>
  bound === null
    ? sql`${row}.to_release IS NULL`
    : sql`(${releasedAsOf(sql`${row}.from_release`, bound)} AND (${row}.to_release IS NULL OR ${row}.to_release > ${bound}))`;

/** Keeps the releases that had been published. */
export const releasedAsOf = (release: Sql, bound: number | null): Sql =>
  bound === null ? sql`true` : sql`(${release} <= ${bound} AND ${release} & ${UNDATED} = 0)`;

export const isReleasedAsOf = (release: number, bound: number | null): boolean =>
  bound === null || (release <= bound && (release & UNDATED) === 0);

/** Says that a data set is read, and tells the asker, beside the answer, what of it an answer as of a day has to leave out. */
export function noteAsOf(select: Select, dataSetId: string): void {
  select.reads(dataSetId);
  const { asOf } = select;
  if (!asOf) return;
  const { firstDay, undated } = select.known.releases(dataSetId);
  const title = `"${dataSetById(dataSetId)!.title}"`;
  if (firstDay === null ? undated > 0 : firstDay > asOf) {
    select.note(
      `${title}: nothing that was published by the day of asOf is loaded${firstDay ? `; the earliest release with a known day is of ${firstDay}` : ''}.`,
    );
  }
  if (undated > 0) {
    select.note(
      `${title}: ${undated} release${undated > 1 ? 's have' : ' has'} no known day of publication and ${undated > 1 ? 'are' : 'is'} left out of an answer as of a day.`,
    );
  }
}
