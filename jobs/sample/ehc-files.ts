// Writes the EHC plan files that count plans: the caseload each January, new plans each calendar year, and timeliness.
// Rule: a column that was not collected in a year is x; a breakdown has no row where it counts nobody.
import { type Cell, type SampleFile, statisticsFile } from './csv.js';
import {
  CASELOAD_HEADER,
  NEW_PLANS_HEADER,
  NOT_AVAILABLE,
  notCollected,
  percentage,
  placementCells,
  TIMELINESS_HEADER,
} from './ehc-placements.js';
import type { AreaCounts, PlanYear } from './ehc-plans.js';
import { type CountedYear, rowsOf, SEXES } from './ehc-rows.js';
import { Random } from './random.js';

/** Under 3 to 25; the shares are made up, with most plans around the end of primary school. */
const AGES = ['under 3', ...Array.from({ length: 23 }, (_, i) => `age ${i + 3}`)].map(
  (name, i) => [name, i === 0 ? 0.2 : Math.exp(-(((i - 10) / 7) ** 2))] as const,
);

/** What is counted in the January of each year. */
export const inJanuary = (
  years: readonly PlanYear[],
  areasOf: (year: PlanYear) => AreaCounts,
): CountedYear[] =>
  years.map((plans) => ({
    period: plans.year.code,
    identifier: 'Academic year',
    day: plans.year.census,
    areas: areasOf(plans),
  }));

/** What is counted in the calendar year before each January. */
export const inCalendarYear = (
  years: readonly PlanYear[],
  areasOf: (year: PlanYear) => AreaCounts,
): CountedYear[] =>
  years.map((plans) => ({
    period: String(Number(plans.year.census.slice(0, 4)) - 1),
    identifier: 'Calendar year',
    day: plans.year.census,
    areas: areasOf(plans),
  }));

export function caseloadFile(path: string, seed: number, years: readonly PlanYear[]): SampleFile {
  const rows = rowsOf({
    years: inJanuary(years, ({ caseload }) => caseload),
    total: 'All EHC plans',
    breakdowns: [
      { topic: 'Sex', labels: SEXES, years: 2 },
      { topic: 'Child or young persons age', labels: AGES, years: 2 },
    ],
    cells: (counts, period) =>
      placementCells(counts, notCollected('caseload', Number(period.slice(0, 4)) + 1)),
    random: new Random(seed, 'caseload breakdowns'),
  });
  return statisticsFile(path, CASELOAD_HEADER, rows);
}

export function newPlansFile(path: string, seed: number, years: readonly PlanYear[]): SampleFile {
  const rows = rowsOf({
    years: inCalendarYear(years, ({ started }) => started),
    total: 'New EHC plans',
    breakdowns: [{ topic: 'Sex', labels: SEXES, years: 1 }],
    cells: (counts, period) => placementCells(counts, notCollected('started', Number(period) + 1)),
    random: new Random(seed, 'new plan breakdowns'),
  });
  return statisticsFile(path, NEW_PLANS_HEADER, rows);
}

/** The first calendar year collected as records of persons: what is asked since then is x before. */
export const RECORDS_SINCE = '2023';

export function timelinessFile(path: string, seed: number, years: readonly PlanYear[]): SampleFile {
  const rows = rowsOf({
    years: inCalendarYear(years, ({ timeliness }) => timeliness),
    total: 'All EHC plans issued',
    breakdowns: [],
    cells: (counts, period) => {
      const [issued, issuedEx] = [counts[0]!, counts[1]!];
      const cells = [2, 4, 6].flatMap((at): Cell[] => {
        if (at > 2 && period < RECORDS_SINCE)
          return [NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE];
        const [count, countEx] = [counts[at]!, counts[at + 1]!];
        return [count, countEx, percentage(count, issued), percentage(countEx, issuedEx)];
      });
      return [issued, issuedEx, ...cells];
    },
    random: new Random(seed, 'timeliness'),
  });
  return statisticsFile(path, TIMELINESS_HEADER, rows);
}
