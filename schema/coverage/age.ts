/** When figures are old: how long ago the newest period ended, and the sentence that warns of it. */
import { raw, type Sql, sql } from '../select/sql.js';

/** Figures of a school year come out within a year of its end, and are the newest there are until the next. */
export const OLD_AFTER_YEARS = 2.5;

const DAYS_PER_YEAR = 365.25;
const MS_PER_DAY = 86_400_000;

/** Years from the last day of a period (2017-08-31) to a day; 0 for a period that has not ended. */
export const yearsSince = (endsOn: string, today: Date): number =>
  Math.max(0, (today.getTime() - Date.parse(endsOn)) / MS_PER_DAY / DAYS_PER_YEAR);

/** The same in SQL, in tenths, to the day of the question. */
export const ageInYears = (endsOn: Sql): Sql =>
  sql`round(greatest(0, (CURRENT_DATE - ${endsOn}) / ${raw(String(DAYS_PER_YEAR))}), 1)::float8`;

export const inTenths = (years: number): number => Math.round(years * 10) / 10;

/** What to be warned of, of a level whose newest period with a figure is this; null where there is nothing. */
export function warningOf(newest: { label: string; endsOn: string } | null, today: Date): string | null {
  if (newest === null) return 'No place of this level has a figure: there are rows, with symbols only.';
  const years = yearsSince(newest.endsOn, today);
  if (years <= OLD_AFTER_YEARS) return null;
  return `The newest figures are of ${newest.label}, which ended ${inTenths(years)} years ago.`;
}
