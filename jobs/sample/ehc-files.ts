// Writes the EHC plan files: the caseload each January, new plans each calendar year, and the 20-week timeliness.
// Rule: a column that was not collected in a year is x; a breakdown has no row where it counts nobody.
import { CALENDAR_YEARS } from './academic-years.js';
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
import { type AreaCounts, byPlace, type PlaceCounts, type PlanYear, splitCounts } from './ehc-plans.js';
import { Random } from './random.js';
import { REGION_BY_GSS } from './regions.js';

const SEXES = [
  ['Female', 0.29],
  ['Male', 0.71],
] as const;
/** Under 3 to 25; the shares are made up, with most plans around the end of primary school. */
const AGES = ['under 3', ...Array.from({ length: 23 }, (_, i) => `age ${i + 3}`)].map(
  (name, i) => [name, i === 0 ? 0.2 : Math.exp(-(((i - 10) / 7) ** 2))] as const,
);

interface Breakdown {
  topic: string;
  labels: readonly (readonly [name: string, share: number])[];
  /** How many of the last years it is published for. */
  years: number;
}

function start(
  period: string,
  identifier: string,
  place: PlaceCounts,
  topic: string,
  breakdown: string,
): Cell[] {
  const { level, region, la } = place;
  return [
    period,
    identifier,
    level,
    'E92000001',
    'England',
    region,
    REGION_BY_GSS.get(region)?.name ?? '',
    la?.gss ?? '',
    la?.code ?? '',
    la?.name ?? '',
    topic,
    breakdown,
  ];
}

function placementRows(
  file: 'caseload' | 'started',
  years: readonly PlanYear[],
  periodOf: (i: number) => readonly [period: string, identifier: string],
  total: string,
  breakdowns: readonly Breakdown[],
  random: Random,
): Cell[][] {
  return years.flatMap(({ year, ...counts }, i) => {
    const [period, identifier] = periodOf(i);
    const hidden = notCollected(file, Number(year.census.slice(0, 4)));
    const rowsOf = (areas: AreaCounts, topic: string, name: string): Cell[][] =>
      byPlace(areas, year.census)
        .filter((place) => topic === total || place.counts.some((count) => count > 0))
        .map((place) => [
          ...start(period, identifier, place, topic, name),
          ...placementCells(place.counts, hidden),
        ]);
    const parts = breakdowns
      .filter((breakdown) => i >= years.length - breakdown.years)
      .flatMap(({ topic, labels }) =>
        splitCounts(
          counts[file],
          labels.map(([, share]) => share),
          random,
        ).flatMap((areas, n) => rowsOf(areas, topic, labels[n]![0])),
      );
    return [...rowsOf(counts[file], total, total), ...parts];
  });
}

export function caseloadFile(path: string, seed: number, years: readonly PlanYear[]): SampleFile {
  const rows = placementRows(
    'caseload',
    years,
    (i) => [years[i]!.year.code, 'Academic year'],
    'All EHC plans',
    [
      { topic: 'Sex', labels: SEXES, years: 2 },
      { topic: 'Child or young persons age', labels: AGES, years: 2 },
    ],
    new Random(seed, 'caseload breakdowns'),
  );
  return statisticsFile(path, CASELOAD_HEADER, rows);
}

export function newPlansFile(path: string, seed: number, years: readonly PlanYear[]): SampleFile {
  const rows = placementRows(
    'started',
    years,
    (i) => [CALENDAR_YEARS[i]!.code, 'Calendar year'],
    'New EHC plans',
    [{ topic: 'Sex', labels: SEXES, years: 1 }],
    new Random(seed, 'new plan breakdowns'),
  );
  return statisticsFile(path, NEW_PLANS_HEADER, rows);
}

/** The first calendar year with plans that took longer split into two. */
const SPLIT_SINCE = '2023';

export function timelinessFile(path: string, years: readonly PlanYear[]): SampleFile {
  const topic = 'All EHC plans issued';
  const rows = years.flatMap(({ year, timeliness }, i) => {
    const period = CALENDAR_YEARS[i]!.code;
    return byPlace(timeliness, year.census).map((place) => {
      const [issued, issuedEx] = [place.counts[0]!, place.counts[1]!];
      const cells = [2, 4, 6].flatMap((at): Cell[] => {
        if (at > 2 && period < SPLIT_SINCE)
          return [NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE, NOT_AVAILABLE];
        const [count, countEx] = [place.counts[at]!, place.counts[at + 1]!];
        return [count, countEx, percentage(count, issued), percentage(countEx, issuedEx)];
      });
      return [...start(period, 'Calendar year', place, topic, topic), issued, issuedEx, ...cells];
    });
  });
  return statisticsFile(path, TIMELINESS_HEADER, rows);
}
