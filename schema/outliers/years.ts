/** Years: the period that is judged and those before it, year by year, as far as they follow each other. */
import type { ComparabilityBreak } from '../../jobs/declaration.js';
import type { KnownPeriod } from '../select/known.js';

/** How many periods a run outside the limits is followed back at most. */
export const LONGEST_RUN = 5;
/** How many periods are put together for a place that is too small for one. */
export const POOLED = 3;

export interface Year extends KnownPeriod {
  /** Years back from the one that is judged, as a number below zero. */
  n: number;
  /** Whether it can be put together with the two before it. */
  canPool: boolean;
}

const yearBefore = (day: string) => `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;

/** Whether figures of two periods, the one after the other, are not comparable. */
const isBroken = (older: KnownPeriod, newer: KnownPeriod, breaks: ComparabilityBreak[]): boolean =>
  breaks.some(
    ({ from, to }) =>
      (from > older.startsOn && from <= newer.endsOn) ||
      (to !== undefined && to >= older.startsOn && to < newer.startsOn),
  );

/** The period asked for, then the one a year before, and so on to the first that is not there. */
export function yearsBack(asked: KnownPeriod, periods: KnownPeriod[], breaks: ComparabilityBreak[]): Year[] {
  const chain = [asked];
  for (;;) {
    const newest = chain.at(-1)!;
    const before = periods.find(
      ({ kind, startsOn }) => kind === asked.kind && startsOn === yearBefore(newest.startsOn),
    );
    if (!before || chain.length >= LONGEST_RUN + POOLED - 1) break;
    chain.push(before);
  }
  return chain.map((period, at) => {
    const window = chain.slice(at, at + POOLED);
    const canPool =
      window.length === POOLED &&
      window.slice(1).every((older, next) => !isBroken(older, window[next]!, breaks));
    return { ...period, n: at === 0 ? 0 : -at, canPool };
  });
}

/** Why the period cannot be put together with the two before it; null where it can. */
export function whyNotPooled([asked, ...before]: Year[], breaks: ComparabilityBreak[]): string | null {
  if (asked!.canPool) return null;
  if (before.length < POOLED - 1) {
    return `Small places are not judged: ${asked!.label} and the two years before it are not all published for this level.`;
  }
  const notes = breaks.filter((one) =>
    [asked!, before[0]!].some((newer, at) => isBroken(before[at]!, newer, [one])),
  );
  return `Small places are not judged: ${asked!.label} is not comparable with the two years before it. ${notes.map(({ note }) => note).join(' ')}`;
}
