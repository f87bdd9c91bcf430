// Writes the special educational needs of the newest January: by place, phase and type, and by school and provision.
// Rule: every number is the one of the school census; a share of no pupils is z.
import { EXCLUSION_YEARS } from './academic-years.js';
import { type Cell, type SampleFile, statisticsFile } from './csv.js';
import { PLACE_HEADER, placeCells } from './exclusion-files.js';
import { percent, sumsByPlace } from './place-sums.js';
import type { PupilYear } from './pupils.js';
import { TYPES } from './register-codes.js';

export const SEN_HEADER = [
  ...PLACE_HEADER,
  'phase_type_grouping',
  'type_of_establishment',
  'hospital_school',
  'total_pupils',
  'sen_support',
  'ehc_plan',
  'sen_support_percent',
  'ehc_plan_percent',
] as const;
export const SEN_SCHOOL_HEADER = [
  ...PLACE_HEADER,
  'school_urn',
  'estab',
  'school_name',
  'school_laestab',
  'phase_type_grouping',
  'establishment_type',
  'hospital_school',
  'specialist_provision_unit_type',
  'sen_provision',
  'sen_primary_need',
  'pupil_count',
] as const;

const ALL = 'All pupils';
const NOTHING = 'z';
/** Decimals of the publisher's shares, which are not rounded. */
const UNROUNDED = 9;

export function senFile(path: string, pupils: readonly PupilYear[]): SampleFile {
  const counted = pupils.map(({ schoolYear: { year, la, phase, headcount }, senSupport, ehcPlan }) => ({
    year,
    la,
    phase: phase === 'Special' ? 'State-funded special school' : phase,
    counts: [headcount, senSupport, ehcPlan],
  }));
  const rows = sumsByPlace(counted, 'Total').map(({ year, level, region, la, phase, counts }): Cell[] => {
    const [all, support, plan] = counts as [number, number, number];
    return [
      ...placeCells(year.code, level, region, la),
      phase,
      'Total',
      'Total',
      all,
      support,
      plan,
      percent(support, all, UNROUNDED, NOTHING),
      percent(plan, all, UNROUNDED, NOTHING),
    ];
  });
  return statisticsFile(path, SEN_HEADER, rows);
}

export function senSchoolFile(path: string, pupils: readonly PupilYear[]): SampleFile {
  const newest = EXCLUSION_YEARS.at(-1)!;
  const rows = pupils
    .filter(({ schoolYear }) => schoolYear.year === newest)
    .flatMap(({ schoolYear: { year, la, phase, school, headcount }, senSupport, ehcPlan }) => {
      const provisions: [string, number][] = [
        [ALL, headcount],
        ['EHC plan', ehcPlan],
        ['SEN support', senSupport],
        ['No SEN', headcount - ehcPlan - senSupport],
      ];
      return provisions.map(([provision, count]): Cell[] => [
        ...placeCells(year.code, 'School', la.region, la),
        school.urn,
        school.number,
        school.name,
        `${la.code}${school.number}`,
        phase,
        TYPES[school.type][0],
        'No',
        ALL,
        provision,
        ALL,
        count,
      ]);
    });
  return statisticsFile(path, SEN_SCHOOL_HEADER, rows);
}
