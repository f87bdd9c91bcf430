// Adds up what is counted of schools: by year, phase and place, for every file that has totals of places.
// Rule: an authority is the sum of its schools, a region of its authorities, England of its regions.
import type { AcademicYear } from './academic-years.js';
import type { LocalAuthority } from './local-authorities.js';

export interface Counted {
  year: AcademicYear;
  la: LocalAuthority;
  phase: string;
  counts: readonly number[];
}

export interface PlaceSum {
  year: AcademicYear;
  level: 'National' | 'Regional' | 'Local authority';
  region: string;
  la: LocalAuthority | null;
  phase: string;
  schools: number;
  counts: number[];
}

const LEVELS: PlaceSum['level'][] = ['National', 'Regional', 'Local authority'];

/** `total`: the name of all phases together, or null where there is no such row. */
export function sumsByPlace(rows: readonly Counted[], total: string | null): PlaceSum[] {
  const sums = new Map<string, PlaceSum>();
  for (const { year, la, phase: own, counts } of rows) {
    for (const phase of total === null ? [own] : [total, own]) {
      for (const [order, level] of LEVELS.entries()) {
        const region = level === 'National' ? '' : la.region;
        const authority = level === 'Local authority' ? la : null;
        const key = [year.code, order, region, authority?.code, authority?.gss, phase].join('/');
        const sum = sums.get(key);
        if (!sum) {
          sums.set(key, { year, level, region, la: authority, phase, schools: 1, counts: [...counts] });
          continue;
        }
        sum.schools += 1;
        counts.forEach((count, at) => {
          sum.counts[at]! += count;
        });
      }
    }
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

/** A share in per cent, rounded; what stands for a share of nothing is the file's own. */
export const percent = (part: number, whole: number, decimals: number, ofNothing: string) =>
  whole === 0 ? ofNothing : Math.round((part * 100 * 10 ** decimals) / whole) / 10 ** decimals;
