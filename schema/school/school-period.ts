/** The one period in which schools are set beside each other: the one that is asked for, or the newest that schools have. */
import { refused } from '../../src/refused.js';
import type { Wanted } from '../observation/figures.js';
import { newestOf } from '../observation/rows.js';
import { placeIndicator } from '../place/place.js';
import { rowOf } from '../select/field-sql.js';
import type { KnownPeriod } from '../select/known.js';
import type { Select } from '../select/select.js';
import { raw } from '../select/sql.js';

export interface SchoolQuestion {
  indicator: string;
  period?: string | null;
  breakdown?: string | null;
}

/** Figures of schools, of one period. */
export interface SchoolsWanted extends Wanted {
  period: KnownPeriod;
}

/** How the coverage of a data set names the level of schools. */
const SCHOOL = 'SCHOOL';

/** The periods of a data set that have figures of schools, oldest first. */
export const schoolPeriods = (dataSetId: string, select: Select): KnownPeriod[] =>
  select.known
    .periods(dataSetId)
    .filter(({ covered }) =>
      covered.some(({ level, release }) => level === SCHOOL && select.isReleased(release)),
    );

/** Refuses an indicator that is not published for schools, and a period that has no figures of schools. */
export function schoolsWanted(
  { indicator: id, period, breakdown }: SchoolQuestion,
  select: Select,
  where = 'indicator',
): SchoolsWanted {
  const school = { row: rowOf(raw('s')), type: select.typeNamed('School') };
  const { indicator, stored, ...asked } = placeIndicator(school, select, {
    id,
    breakdown: breakdown ?? null,
    period,
    where: { id: where },
  });
  const there = indicator.series ? [] : schoolPeriods(indicator.dataSet.id, select);
  if (there.length === 0) {
    throw refused(
      where,
      `${indicator.id} is not published for schools${select.asOf ? ' by the day of asOf' : ''}. Published for schools: ${publishedForSchools(select).join(', ') || 'nothing yet'}`,
    );
  }
  const code = asked.periods?.[0];
  const found = code ? there.find((one) => one.code === code) : newestOf(there, SCHOOL, select);
  if (!found) {
    throw refused(
      'period',
      `${indicator.id} has no figures of schools for it. It has: ${there.map((one) => one.code).join(', ')}`,
    );
  }
  return { indicator, stored, breakdown: asked.breakdown, periods: [found.code], period: found };
}

/** Ids of indicators that schools have figures of. */
const publishedForSchools = (select: Select): string[] =>
  [...select.known.indicators.values()]
    .filter(({ series, dataSet }) => !series && schoolPeriods(dataSet.id, select).length > 0)
    .map(({ id }) => id);
