// Writes the school capacity of the last two years: every mainstream school, and England, in files of their own.
// Rule: the places are those of the register; England is the sum of its schools.
import { EXCLUSION_YEARS } from './academic-years.js';
import { type Cell, type SampleFile, statisticsFile } from './csv.js';
import { PLACE_HEADER, placeCells } from './exclusion-files.js';
import type { SchoolYear } from './exclusions.js';
import { percent, sumsByPlace } from './place-sums.js';
import { placesOf } from './sites.js';

const FIGURES = [
  'pupils_over_capacity',
  'percent_pupils_over_capacity',
  'unfilled_places',
  'percent_unfilled_places',
];
export const CAPACITY_SCHOOL_HEADER = [
  ...PLACE_HEADER,
  'school_laestab',
  'school_urn',
  'school_name',
  'school_phase',
  'school_places',
  'pupils_on_roll',
  ...FIGURES,
] as const;
export const CAPACITY_NATIONAL_HEADER = [
  ...PLACE_HEADER.slice(0, 5),
  'school_phase',
  'count_schools',
  'school_places',
  'pupils_on_roll',
  ...FIGURES,
] as const;

interface Capacity {
  schoolYear: SchoolYear;
  phase: string;
  counts: number[];
}

function capacities(schoolYears: readonly SchoolYear[]): Capacity[] {
  return schoolYears
    .filter(
      ({ year, phase }) => EXCLUSION_YEARS.indexOf(year) >= EXCLUSION_YEARS.length - 2 && phase !== 'Special',
    )
    .map((schoolYear) => {
      const places = placesOf(schoolYear.school.site);
      const { headcount, phase } = schoolYear;
      return {
        schoolYear,
        phase: phase === 'State-funded primary' ? 'Primary' : 'Secondary',
        counts: [places, headcount, Math.max(0, headcount - places), Math.max(0, places - headcount)],
      };
    });
}

function figures(counts: readonly number[]): Cell[] {
  const [places, pupils, over, unfilled] = counts as [number, number, number, number];
  return [places, pupils, over, percent(over, places, 9, 'z'), unfilled, percent(unfilled, places, 9, 'z')];
}

export function capacitySchoolFile(path: string, schoolYears: readonly SchoolYear[]): SampleFile {
  const rows = capacities(schoolYears).map(({ schoolYear: { year, la, school }, phase, counts }): Cell[] => [
    ...placeCells(year.code, 'School', la.region, la),
    `${la.code}${school.number}`,
    school.urn,
    school.name,
    phase,
    ...figures(counts),
  ]);
  return statisticsFile(path, CAPACITY_SCHOOL_HEADER, rows);
}

export function capacityNationalFile(path: string, schoolYears: readonly SchoolYear[]): SampleFile {
  const counted = capacities(schoolYears).map(({ schoolYear: { year, la }, phase, counts }) => ({
    year,
    la,
    phase,
    counts,
  }));
  const rows = sumsByPlace(counted, 'Total')
    .filter(({ level }) => level === 'National')
    .map(({ year, level, phase, schools, counts }): Cell[] => [
      ...placeCells(year.code, level, '', null).slice(0, 5),
      phase,
      schools,
      ...figures(counts),
    ]);
  return statisticsFile(path, CAPACITY_NATIONAL_HEADER, rows);
}
