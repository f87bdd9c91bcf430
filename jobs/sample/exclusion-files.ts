// Writes the suspensions by geography, by school and by characteristic in the format published today.
// Rule: at school level a count of 1 or 2 is written c and its rate too; a rate without pupils is z; nothing else is hidden.
import { dayMonthYear } from './academic-years.js';
import { type Cell, type SampleFile, statisticsFile } from './csv.js';
import { type Exclusions, type PlaceTotal, type SchoolYear } from './exclusions.js';
import type { LocalAuthority } from './local-authorities.js';
import { sumsByPlace } from './place-sums.js';
import { apportion, Random } from './random.js';
import { REGION_BY_GSS } from './regions.js';
import { TYPES } from './register-codes.js';
import type { CountedPhase } from './school-kinds.js';

export const PLACE_HEADER = [
  'time_period',
  'time_identifier',
  'geographic_level',
  'country_code',
  'country_name',
  'region_code',
  'region_name',
  'old_la_code',
  'new_la_code',
  'la_name',
] as const;
const MEASURES = [
  'headcount',
  'perm_excl',
  'perm_excl_rate',
  'suspension',
  'susp_rate',
  'one_plus_susp',
  'one_plus_susp_rate',
] as const;

export const GEOGRAPHY_HEADER = [...PLACE_HEADER, 'education_phase', 'num_schools', ...MEASURES] as const;
export const SCHOOL_HEADER = [
  ...PLACE_HEADER,
  'estab',
  'school_laestab',
  'school_urn',
  'school_name',
  'trust_name',
  'academy_type',
  'academy_open_date',
  'education_phase',
  ...MEASURES,
] as const;
export const CHARACTERISTIC_HEADER = [
  ...PLACE_HEADER,
  'education_phase',
  'characteristic_group',
  'characteristic',
  ...MEASURES,
] as const;

/** Not applicable, and suppressed: the platform's symbols. */
const NOT_APPLICABLE = 'z';
const SUPPRESSED = 'c';

/** The cells under PLACE_HEADER. */
export const placeCells = (
  year: string,
  level: string,
  region: string,
  la: LocalAuthority | null,
): Cell[] => [
  year,
  'Academic year',
  level,
  'E92000001',
  'England',
  region,
  REGION_BY_GSS.get(region)?.name ?? '',
  la?.code ?? '',
  la?.gss ?? '',
  la?.name ?? '',
];

function measures({ headcount, permanent, suspensions, pupils }: Exclusions, suppress: boolean): Cell[] {
  const cells = [permanent, suspensions, pupils].flatMap((count): Cell[] => {
    const hidden = suppress && count >= 1 && count <= 2;
    const rate = headcount === 0 ? NOT_APPLICABLE : Math.round((count * 10_000) / headcount) / 100;
    return hidden ? [SUPPRESSED, SUPPRESSED] : [count, rate];
  });
  return [headcount, ...cells];
}

export function geographyFile(path: string, totals: readonly PlaceTotal[]): SampleFile {
  const rows = totals.map((total) => [
    ...placeCells(total.year.code, total.level, total.region, total.la),
    total.phase,
    total.schools,
    ...measures(total, false),
  ]);
  return statisticsFile(path, GEOGRAPHY_HEADER, rows);
}

const PHASE_WORDS: Readonly<Record<CountedPhase, string>> = {
  'State-funded primary': 'Primary',
  'State-funded secondary': 'Secondary',
  Special: 'Special',
};

/** As the statistics call it: Primary converter academy, Secondary UTC, ... */
function academyType({ school, phase }: SchoolYear): string {
  const [name, group] = TYPES[school.type];
  if (group !== '10' && group !== '11') return NOT_APPLICABLE;
  const word = PHASE_WORDS[phase];
  if (school.type === '40') return `${word} UTC`;
  if (school.type === '41') return `${word} studio school`;
  if (group === '11') return `${word} free school`;
  return name.includes('sponsor led') ? `${word} sponsor led academy` : `${word} converter academy`;
}

export function schoolFile(path: string, rows: readonly SchoolYear[]): SampleFile {
  const cells = rows.map((row) => {
    const type = academyType(row);
    const { school, la } = row;
    return [
      ...placeCells(row.year.code, 'School', la.region, la),
      school.number,
      `${la.code}${school.number}`,
      school.urn,
      school.name,
      row.trust?.name ?? NOT_APPLICABLE,
      type,
      type === NOT_APPLICABLE ? NOT_APPLICABLE : dayMonthYear(school.opened, '/'),
      row.phase,
      ...measures(row, true),
    ];
  });
  return statisticsFile(path, SCHOOL_HEADER, cells);
}

/** Made-up shares of pupils and of exclusions: [first, second] of each group. */
const CHARACTERISTICS = [
  { group: 'Sex', names: ['Female', 'Male'], pupils: 0.49, exclusions: 0.36 },
  {
    group: 'Free school meals',
    names: ['FSM - Eligible', 'FSM - Not eligible'],
    pupils: 0.24,
    exclusions: 0.55,
  },
] as const;

/** England and regions only, so that the parts add up to the file by geography. */
export function characteristicFile(path: string, totals: readonly PlaceTotal[]): SampleFile {
  const rows = totals
    .filter(({ level }) => level !== 'Local authority')
    .flatMap((total) => {
      const start = placeCells(total.year.code, total.level, total.region, total.la);
      const row = (group: string, name: string, counts: Exclusions): Cell[] => [
        ...start,
        total.phase,
        group,
        name,
        ...measures(counts, false),
      ];
      const parts = CHARACTERISTICS.flatMap(({ group, names, pupils, exclusions }) => {
        const first: Exclusions = {
          schools: total.schools,
          headcount: Math.round(total.headcount * pupils),
          permanent: Math.round(total.permanent * exclusions),
          suspensions: Math.round(total.suspensions * exclusions),
          pupils: Math.round(total.pupils * exclusions),
        };
        const second: Exclusions = {
          schools: total.schools,
          headcount: total.headcount - first.headcount,
          permanent: total.permanent - first.permanent,
          suspensions: total.suspensions - first.suspensions,
          pupils: total.pupils - first.pupils,
        };
        return [row(group, names[0], first), row(group, names[1], second)];
      });
      return [row('Total', 'Total', total), ...parts];
    });
  return statisticsFile(path, CHARACTERISTIC_HEADER, rows);
}

/** Made-up shares of the reasons; the publisher's columns. */
const REASONS = [
  ['physical_pupils', 0.15],
  ['physical_adult', 0.1],
  ['verbal_pupil', 0.04],
  ['verbal_adult', 0.16],
  ['bullying', 0.01],
  ['racist_abuse', 0.01],
  ['sexual_misconduct', 0.01],
  ['drug_alcohol', 0.04],
  ['damage', 0.02],
  ['theft', 0.01],
  ['persistent_disruptive', 0.35],
  ['other', 0.1],
] as const;

export const REASON_HEADER = [
  ...PLACE_HEADER,
  'education_phase',
  ...REASONS.map(([column]) => `perm_${column}`),
  ...REASONS.map(([column]) => `susp_${column}`),
] as const;

/** One reason for each exclusion, shared out authority by authority, so that places and phases add up. */
export function reasonFile(path: string, seed: number, schoolYears: readonly SchoolYear[]): SampleFile {
  const random = new Random(seed, 'reasons');
  const shares = REASONS.map(([, share]) => share);
  const counted = schoolYears.map(({ year, la, phase, permanent, suspensions }) => ({
    year,
    la,
    phase,
    counts: [...apportion(permanent, shares, random), ...apportion(suspensions, shares, random)],
  }));
  const rows = sumsByPlace(counted, 'Total').map(({ year, level, region, la, phase, counts }) => [
    ...placeCells(year.code, level, region, la),
    phase,
    ...counts,
  ]);
  return statisticsFile(path, REASON_HEADER, rows);
}

/** What the platform's documents call the measures. */
export const EXCLUSION_INDICATORS = [
  'Number of permanent exclusions',
  'Permanent exclusions (rate)',
  'Number of suspensions',
  'Suspensions (rate)',
  'Number of pupils with one or more suspension',
  'One or more suspension (rate)',
] as const;
