/**
 * How what was asked wrongly is refused: where it stands in the question, as the schema names it, and what is allowed there.
 * What was given is never said again: it is somebody else's text. Names of ours, ids and codes of the data among them, may be.
 */
import { type ErrorCode, SchoolGraphError } from './errors.js';

/** Entries of a list that are pointed at one by one. */
const POINTED_AT = 5;

const ENDINGS: Record<string, string> = { one: 'st', two: 'nd', few: 'rd' };
const RULES = new Intl.PluralRules('en', { type: 'ordinal' });
/** Counted from 0. */
const nth = (at: number): string => `${at + 1}${ENDINGS[RULES.select(at + 1)] ?? 'th'}`;

/** An entry of a list: "the 3rd of codes". Of a list of one, the list itself. */
export const entryOf = (list: string, at: number, length = Number.POSITIVE_INFINITY): string =>
  length === 1 ? list : `the ${nth(at)} of ${list}`;

/** The entries of a list that are wrong: "the 3rd and 5th of codes". */
export function entriesOf<T>(list: string, values: readonly T[], isWrong: (value: T) => boolean): string {
  const wrong = values.flatMap((value, at) => (isWrong(value) ? [at] : []));
  if (wrong.length < 2) return entryOf(list, wrong[0] ?? 0, values.length);
  const more = wrong.length - POINTED_AT;
  const each = wrong.slice(0, POINTED_AT).map(nth);
  const last = more > 0 ? `${more} more` : each.pop()!;
  return `the ${each.join(', ')} and ${last} of ${list}`;
}

/** A field of an input object that stands somewhere itself: "indicator of the 2nd of by", "filter.region". */
export const partOf = (where: string, name: string): string =>
  /^[\w.]+$/.test(where) ? `${where}.${name}` : `${name} of ${where}`;

/** `where`: an argument, or what the functions above make of one. `what`: a sentence of what is allowed. */
export const refused = (where: string, what: string, code: ErrorCode = 'BAD_USER_INPUT'): SchoolGraphError =>
  new SchoolGraphError(code, `${where}: ${what}`);

/** Refuses a number outside of its bounds. */
export function refuseOutside(where: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw refused(
    where,
    `must be between ${least.toLocaleString('en-GB')} and ${most.toLocaleString('en-GB')}`,
  );
}

/** Refuses a list that is longer than it may be. */
export function refuseLonger(where: string, list: readonly unknown[], most: number): void {
  if (list.length <= most) return;
  throw refused(where, `${list.length} entries are more than a list may have: ${most}`);
}
