// Makes up EHC plans for every area of today and year: plans by placement, new plans, and how many came in 20 weeks.
// Rule: an old authority is the sum of the areas it held, a region of its authorities, England of its regions.
import { type AcademicYear, CASELOAD_YEARS } from './academic-years.js';
import { notCollected, PARTS } from './ehc-placements.js';
import { AREAS, authorityOn, type LocalAuthority } from './local-authorities.js';
import { apportion, Random } from './random.js';
import { areaSizes } from './sites.js';

/** Counts of one place, in the order its file needs them. */
export interface PlaceCounts {
  level: 'National' | 'Regional' | 'Local authority';
  region: string;
  la: LocalAuthority | null;
  counts: number[];
}

/** One year's counts for each area of today. */
export type AreaCounts = ReadonlyMap<string, number[]>;

export interface PlanYear {
  /** The January of collection. */
  year: AcademicYear;
  caseload: AreaCounts;
  started: AreaCounts;
  /** [issued, issued_ex, in 20 weeks, _ex, within a year, _ex, later, _ex] */
  timeliness: AreaCounts;
}

/** Plans in England in the last year, and people aged 0 to 25: both made up. */
const PLANS = 48_000;
const PEOPLE = 960_000;
const GROWTH = 1.09;
const STARTED_SHARE = [0.139, 0.141, 0.141, 0.147, 0.155, 0.157];
const IN_TIME = [0.575, 0.585, 0.49, 0.505, 0.475, 0.5];

export function planYears(seed: number): PlanYear[] {
  const random = new Random(seed, 'plans');
  const sizes = areaSizes(seed);
  const people = apportion(
    PEOPLE,
    AREAS.map(({ code }) => sizes.get(code)!),
    random,
  );
  const areas = AREAS.map(({ code }, i) => ({
    code,
    people: people[i]!,
    rate: (PLANS / PEOPLE) * (0.82 + 0.36 * random.next()),
    growth: GROWTH + 0.015 * random.normal(),
    promptness: 0.55 * random.normal(),
    habits: PARTS.map(() => random.factor(0.3)),
  }));
  return CASELOAD_YEARS.map((year, i) => {
    const january = Number(year.census.slice(0, 4));
    const caseload = new Map<string, number[]>();
    const started = new Map<string, number[]>();
    const timeliness = new Map<string, number[]>();
    for (const area of areas) {
      const yearsBack = CASELOAD_YEARS.length - 1 - i;
      const plans = Math.max(
        1,
        Math.round(area.people * area.rate * area.growth ** -yearsBack * random.factor(0.01)),
      );
      const begun = Math.round(plans * STARTED_SHARE[i]! * random.factor(0.08));
      caseload.set(area.code, byPlacement('caseload', plans, january, area.habits, random));
      started.set(area.code, byPlacement('started', begun, january, area.habits, random));
      timeliness.set(area.code, timely(begun, IN_TIME[i]!, area.promptness, random));
    }
    return { year, caseload, started, timeliness };
  });
}

function byPlacement(
  file: 'caseload' | 'started',
  plans: number,
  january: number,
  habits: readonly number[],
  random: Random,
): number[] {
  const hidden = notCollected(file, january);
  const weights = PARTS.map((part, i) => {
    const grows =
      part.column.includes('academy') || part.column.includes('free') ? 1.05 ** (january - 2024) : 1;
    return hidden.has(part.column) ? 0 : part[file] * habits[i]! * grows;
  });
  return apportion(plans, weights, random);
}

/** A few new plans have no usable date, so fewer are counted as issued; exceptions leave out a few more. */
function timely(begun: number, usual: number, promptness: number, random: Random): number[] {
  const issued = Math.max(0, begun - random.count(begun * 0.02));
  const odds = (usual / (1 - usual)) * Math.exp(promptness + 0.2 * random.normal());
  const inTime = Math.round((issued * odds) / (1 + odds));
  const later = Math.min(issued - inTime, random.count((issued - inTime) * 0.13));
  const within = issued - inTime - later;
  const without = (count: number, share: number): number =>
    count - Math.min(count, random.count(count * share));
  const [inTimeEx, withinEx, laterEx] = [without(inTime, 0.04), without(within, 0.08), without(later, 0.05)];
  return [issued, inTimeEx + withinEx + laterEx, inTime, inTimeEx, within, withinEx, later, laterEx];
}

/** England, its regions and the authorities of the day, summed from the areas of today. */
export function byPlace(
  counts: AreaCounts,
  day: string,
  regionOf: (la: LocalAuthority) => string = ({ region }) => region,
): PlaceCounts[] {
  const places = new Map<string, PlaceCounts>();
  const addTo = (key: string, place: Omit<PlaceCounts, 'counts'>, counted: readonly number[]): void => {
    const known = places.get(key);
    if (!known) places.set(key, { ...place, counts: [...counted] });
    else
      counted.forEach((count, i) => {
        known.counts[i]! += count;
      });
  };
  for (const [area, counted] of counts) {
    const la = authorityOn(area, day);
    addTo('0', { level: 'National', region: '', la: null }, counted);
    const region = regionOf(la);
    addTo(`1${region}`, { level: 'Regional', region, la: null }, counted);
    addTo(`2${region}${la.code}`, { level: 'Local authority', region, la }, counted);
  }
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, place]) => place);
}

/** Splits every count of every area by the same kind of shares; the parts add up to the whole, column by column. */
export function splitCounts(counts: AreaCounts, shares: readonly number[], random: Random): AreaCounts[] {
  const parts = shares.map(() => new Map<string, number[]>());
  for (const [area, counted] of counts) {
    const split = counted.map((count) =>
      count === 0
        ? null
        : apportion(
            count,
            shares.map((share) => share * random.factor(0.5)),
            random,
          ),
    );
    parts.forEach((map, i) => {
      map.set(
        area,
        split.map((shared) => shared?.[i] ?? 0),
      );
    });
  }
  return parts;
}
