// Makes up suspensions and permanent exclusions for every state-funded school and year, and adds them up.
// Rule: an authority is the sum of its schools, a region of its authorities, England of its regions - before suppression.
import { type AcademicYear, EXCLUSION_YEARS } from './academic-years.js';
import { yearsOpen } from './establishment-file.js';
import { type Group, type Membership, trustOn } from './groups.js';
import { AREAS, authorityOn, type LocalAuthority } from './local-authorities.js';
import { Random } from './random.js';
import { COUNTED_PHASES, type CountedPhase, kindOf } from './school-kinds.js';
import { type Establishment, isOpenOn } from './schools.js';
import { rollIn } from './sites.js';

export interface Exclusions {
  schools: number;
  headcount: number;
  permanent: number;
  suspensions: number;
  /** Pupils with one or more suspension. */
  pupils: number;
}

export interface SchoolYear extends Exclusions {
  year: AcademicYear;
  school: Establishment;
  la: LocalAuthority;
  phase: CountedPhase;
  trust: Group | undefined;
}

/** Expected per 100 pupils in each of the six years; the first two are the years of the pandemic. */
const SUSPENSIONS: Readonly<Record<CountedPhase, readonly number[]>> = {
  'State-funded primary': [0.9, 1, 1.4, 1.8, 2.1, 2.2],
  'State-funded secondary': [8.8, 9, 11.4, 14.2, 16.4, 17],
  Special: [10.5, 10.8, 12.5, 14, 15.5, 16],
};
const PERMANENT: Readonly<Record<CountedPhase, readonly number[]>> = {
  'State-funded primary': [0.014, 0.011, 0.018, 0.026, 0.032, 0.032],
  'State-funded secondary': [0.11, 0.1, 0.13, 0.17, 0.2, 0.2],
  Special: [0.06, 0.05, 0.08, 0.1, 0.11, 0.11],
};
/** Pupils with one or more suspension for each suspension. */
const PUPILS_PER_SUSPENSION: Readonly<Record<CountedPhase, number>> = {
  'State-funded primary': 0.52,
  'State-funded secondary': 0.43,
  Special: 0.45,
};

export function schoolYears(
  seed: number,
  schools: readonly Establishment[],
  memberships: ReadonlyMap<Establishment, readonly Membership[]>,
): SchoolYear[] {
  const random = new Random(seed, 'exclusions');
  const strictness = new Map(AREAS.map(({ code }) => [code, random.factor(0.22)]));
  const rows: SchoolYear[] = [];
  EXCLUSION_YEARS.forEach((year, i) => {
    for (const school of schools) {
      const phase = kindOf(school.site.kind).counted;
      if (phase === null || !isOpenOn(school, year.census)) continue;
      const { site } = school;
      const trust = trustOn(memberships.get(school), year.census);
      const emptied = school.status === '3' && i === EXCLUSION_YEARS.length - 1;
      const headcount = emptied ? 0 : rollIn(site, i, yearsOpen(school, year.census));
      const factor = site.strictness * strictness.get(site.area)! * (trust?.strictness ?? 1);
      const level = (headcount / 100) * factor * random.factor(0.2);
      const suspensions = random.count(level * SUSPENSIONS[phase][i]!);
      const share = PUPILS_PER_SUSPENSION[phase] * (0.85 + 0.3 * random.next());
      rows.push({
        year,
        school,
        la: authorityOn(site.area, year.census, site.number),
        phase,
        trust,
        schools: 1,
        headcount,
        permanent: Math.min(headcount, random.count(level * PERMANENT[phase][i]!)),
        suspensions,
        pupils: suspensions === 0 ? 0 : Math.min(headcount, Math.max(1, Math.round(suspensions * share))),
      });
    }
  });
  return rows;
}

export const PHASES_WITH_TOTAL = ['Total', ...COUNTED_PHASES] as const;
export type PhaseOrTotal = (typeof PHASES_WITH_TOTAL)[number];

export interface PlaceTotal extends Exclusions {
  year: AcademicYear;
  level: 'National' | 'Regional' | 'Local authority';
  region: string;
  la: LocalAuthority | null;
  phase: PhaseOrTotal;
}

/** Every total that is published; a place without a school of a phase has no row for it. */
export function placeTotals(rows: readonly SchoolYear[]): PlaceTotal[] {
  const totals = new Map<string, PlaceTotal>();
  const addTo = (place: Omit<PlaceTotal, keyof Exclusions>, row: Exclusions): void => {
    const key = [place.year.code, place.level, place.region, place.la?.gss, place.phase].join('/');
    let total = totals.get(key);
    if (!total) {
      total = { ...place, schools: 0, headcount: 0, permanent: 0, suspensions: 0, pupils: 0 };
      totals.set(key, total);
    }
    total.schools += row.schools;
    total.headcount += row.headcount;
    total.permanent += row.permanent;
    total.suspensions += row.suspensions;
    total.pupils += row.pupils;
  };
  for (const row of rows) {
    for (const phase of ['Total', row.phase] as const) {
      const { year, la } = row;
      addTo({ year, level: 'National', region: '', la: null, phase }, row);
      addTo({ year, level: 'Regional', region: la.region, la: null, phase }, row);
      addTo({ year, level: 'Local authority', region: la.region, la, phase }, row);
    }
  }
  const levels = ['National', 'Regional', 'Local authority'];
  const order = (total: PlaceTotal): string =>
    [
      total.year.code,
      levels.indexOf(total.level),
      total.region,
      total.la?.code,
      PHASES_WITH_TOTAL.indexOf(total.phase),
    ].join('/');
  return [...totals.values()]
    .map((total) => [order(total), total] as const)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([, total]) => total);
}
