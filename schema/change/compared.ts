/**
 * What can be compared: for a level of places, the rates that are published with counts which chance is fairly judged by,
 * each in its newest period and, where that is comparable, the one just before.
 */
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import type { ComparabilityBreak } from '../../jobs/declaration.js';
import { MAXIMUM_INDICATORS } from '../../src/limits.js';
import { entryOf, refused, refuseLonger } from '../../src/refused.js';
import { knownIndicator } from '../place/place.js';
import { noteAsOf } from '../select/as-of.js';
import type { KnownPeriod, Stored } from '../select/known.js';
import type { Select } from '../select/select.js';

export type ComparedLevel = 'LOCAL_AUTHORITY' | 'SCHOOL';

export interface Compared {
  indicator: CataloguedIndicator;
  stored: Stored & { numerator: number; denominator: number };
  newest: KnownPeriod;
  /** The period just before; null where there is none, or something lies between the two. */
  before: KnownPeriod | null;
}

const isFair = ({ rate }: CataloguedIndicator) => rate !== undefined && rate.counts !== 'OTHER';

/** The indicators that are asked for, or all that can be compared. Refuses one that cannot. */
export function indicatorsOf(
  ids: readonly string[] | null | undefined,
  select: Select,
): CataloguedIndicator[] {
  if (!ids) return [...select.known.indicators.values()].filter(isFair);
  if (ids.length === 0) {
    throw refused('indicators', 'none is named. Leave it out for every rate that can be compared');
  }
  refuseLonger('indicators', ids, MAXIMUM_INDICATORS);
  return [...new Set(ids)].map((id) => {
    const where = entryOf('indicators', ids.indexOf(id), ids.length);
    const indicator = knownIndicator(select, id, where);
    if (isFair(indicator)) return indicator;
    const fair = [...select.known.indicators.values()].filter(isFair).map((one) => one.id);
    throw refused(
      where,
      `${indicator.id} is not published as a rate with its counts of people or events, so that chance cannot be judged. Those that are: ${fair.join(', ')}`,
    );
  });
}

export function comparedAt(
  level: ComparedLevel,
  indicators: readonly CataloguedIndicator[],
  select: Select,
): Compared[] {
  return indicators.flatMap((indicator) => {
    const stored = select.known.stored(indicator.id);
    if (!stored || stored.numerator === null || stored.denominator === null) return [];
    const { numerator, denominator } = stored;
    const periods = select.known
      .periods(indicator.dataSet.id)
      .filter(({ covered }) => covered.some((one) => one.level === level && select.isReleased(one.release)));
    const newest = periods.at(-1);
    if (!newest) return [];
    noteAsOf(select, indicator.dataSet.id);
    const last = periods.at(-2);
    const before =
      last && follows(last, newest) && !isBroken(indicator.breaks ?? [], last, newest) ? last : null;
    return [{ indicator, stored: { ...stored, numerator, denominator }, newest, before }];
  });
}

/** Whether one period is the year just before the other. */
function follows(before: KnownPeriod, newest: KnownPeriod): boolean {
  const year = ({ startsOn }: KnownPeriod) => Number(startsOn.slice(0, 4));
  return before.kind === newest.kind && year(before) + 1 === year(newest);
}

/** Whether a break lies between the two, or either is among years that stand apart. */
const isBroken = (breaks: readonly ComparabilityBreak[], before: KnownPeriod, newest: KnownPeriod): boolean =>
  breaks.some(({ from, to }) =>
    to === undefined
      ? before.startsOn < from && from <= newest.startsOn
      : [before, newest].some(({ startsOn }) => from <= startsOn && startsOn <= to),
  );
