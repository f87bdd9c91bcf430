// Rows of the EHC plan files: places, "all" and breakdowns, in the publisher's order, from counts for each area.
// Rule: counts that are split into breakdowns are the smallest ones; sums and percentages are made from them after.
import type { Cell } from './csv.js';
import { type AreaCounts, byPlace, type PlaceCounts, splitCounts } from './ehc-plans.js';
import type { Random } from './random.js';
import { REGION_BY_GSS } from './regions.js';

export interface Breakdown {
  topic: string;
  labels: readonly (readonly [name: string, share: number])[];
  /** How many of the last years it is published for. */
  years: number;
}

export const SEXES = [
  ['Female', 0.29],
  ['Male', 0.71],
] as const;

export interface CountedYear {
  period: string;
  identifier: 'Academic year' | 'Calendar year';
  /** The day by which a place is the one it was. */
  day: string;
  areas: AreaCounts;
}

export interface RowsOf {
  years: readonly CountedYear[];
  /** How the file writes "all". */
  total: string;
  breakdowns: readonly Breakdown[];
  /** The measures of a row, from the counts of its place. */
  cells: (counts: readonly number[], period: string) => Cell[];
  random: Random;
  /** London in two halves instead of as a region. */
  londonHalves?: boolean;
}

/** Inner London as the file of primary needs has it; the other authorities of London are Outer London. */
const INNER_LONDON = '201 202 204 205 206 207 208 209 210 211 212 213 309 316'.split(' ');
const HALVES: Record<string, string> = { E13000001: 'Inner London', E13000002: 'Outer London' };

const halfOf = (code: string): string => (INNER_LONDON.includes(code) ? 'E13000001' : 'E13000002');

function start(year: CountedYear, place: PlaceCounts, topic: string, breakdown: string): Cell[] {
  const { level, region, la } = place;
  return [
    year.period,
    year.identifier,
    level,
    'E92000001',
    'England',
    region,
    HALVES[region] ?? REGION_BY_GSS.get(region)?.name ?? '',
    la?.gss ?? '',
    la?.code ?? '',
    la?.name ?? '',
    topic,
    breakdown,
  ];
}

export function rowsOf({ years, total, breakdowns, cells, random, londonHalves }: RowsOf): Cell[][] {
  return years.flatMap((year, i) => {
    const rows = (areas: AreaCounts, topic: string, name: string): Cell[][] =>
      byPlace(areas, year.day, (la) =>
        londonHalves && la.region === 'E12000007' ? halfOf(la.code) : la.region,
      )
        .filter((place) => topic === total || place.counts.some((count) => count > 0))
        .map((place) => [...start(year, place, topic, name), ...cells(place.counts, year.period)]);
    const parts = breakdowns
      .filter((breakdown) => i >= years.length - breakdown.years)
      .flatMap(({ topic, labels }) =>
        splitCounts(
          year.areas,
          labels.map(([, share]) => share),
          random,
        ).flatMap((areas, n) => rows(areas, topic, labels[n]![0])),
      );
    return [...rows(year.areas, total, total), ...parts];
  });
}
