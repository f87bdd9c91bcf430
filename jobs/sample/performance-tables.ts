// Writes the files of the performance tables: the school census of two years, and the absence of schools of the newest.
// Rule: as published, shares carry a % sign, NA stands where nothing is asked, SUPP for few pupils, and the last rows are NAT.

import { type AbsenceYear } from './absence-files.js';
import { type AcademicYear, EXCLUSION_YEARS } from './academic-years.js';
import { type Cell, type SampleFile, statisticsFile } from './csv.js';
import { yearsOpen } from './establishment-file.js';
import { authorityOn } from './local-authorities.js';
import { percent } from './place-sums.js';
import type { PupilYear } from './pupils.js';
import { COUNTED_PHASES, type CountedPhase } from './school-kinds.js';
import { type Establishment, isOpenOn } from './schools.js';
import { rollIn } from './sites.js';

export const CENSUS_HEADER = [
  'URN',
  'LA',
  'ESTAB',
  'SCHOOLTYPE',
  'NOR',
  'NORG',
  'NORB',
  'PNORG',
  'PNORB',
  'TSENELSE',
  'PSENELSE',
  'TSENELK',
  'PSENELK',
  'NUMEAL',
  'NUMENGFL',
  'NUMUNCFL',
  'PNUMEAL',
  'PNUMENGFL',
  'PNUMUNCFL',
  'NUMFSM',
  'NUMFSMEVER',
  'NORFSMEVER',
  'PNUMFSMEVER',
] as const;
export const ABSENCE_HEADER = ['LA', 'ESTAB', 'URN', 'PERCTOT', 'PPERSABS10'] as const;

const HOST = 'www.compare-school-performance.service.gov.uk';
const CENSUS_YEARS = EXCLUSION_YEARS.slice(-2);
const KINDS: Readonly<Record<CountedPhase, string>> = {
  'State-funded primary': 'State-funded primary',
  'State-funded secondary': 'State-funded secondary',
  Special: 'State-funded special school',
};
const CODES: Readonly<Record<CountedPhase, string>> = {
  'State-funded primary': 'PRI',
  'State-funded secondary': 'SEC',
  Special: 'SPE',
};
/** Fewer pupils than this, but not none, are not told. */
const FEW = 3;

function addressOf(filter: string, { code }: AcademicYear): string {
  const first = code.slice(0, 4);
  return `${HOST}/download-data@download=true&regions=0&filters=${filter}&fileformat=csv&year=${first}-${Number(first) + 1}&meta=false`;
}

type Counts = Omit<PupilYear, 'schoolYear'> & { roll: number };

function cells(counts: Counts): Cell[] {
  const { roll, girls, boys, ehcPlan, senSupport, eal, english, languageUnknown } = counts;
  const signed = (part: number, whole: number) => `${Number(percent(part, whole, 1, '0')).toFixed(2)}%`;
  const ofRoll = (part: number) => signed(part, roll);
  return [
    ...[roll, girls, boys, ofRoll(girls), ofRoll(boys)],
    ...[ehcPlan, ofRoll(ehcPlan), senSupport, ofRoll(senSupport)],
    ...[eal, english, languageUnknown, ofRoll(eal), ofRoll(english), ofRoll(languageUnknown)],
    ...[counts.fsm, counts.fsmEver, counts.fsmEverBase, signed(counts.fsmEver, counts.fsmEverBase)],
  ];
}

const countsOf = ({ schoolYear, ...pupils }: PupilYear): Counts => ({
  ...pupils,
  roll: schoolYear.headcount,
});

function sum(all: readonly Counts[]): Counts {
  const [first, ...rest] = all as [Counts, ...Counts[]];
  const keys = Object.keys(first) as (keyof Counts)[];
  return rest.reduce(
    (so, one) => Object.fromEntries(keys.map((key) => [key, so[key] + one[key]])) as unknown as Counts,
    first,
  );
}

/** Independent schools return their pupils and needs, and neither languages nor free school meals. */
function independentRows(schools: readonly Establishment[], year: AcademicYear): Cell[][] {
  return schools
    .filter((school) => school.site.kind === 'independent' && isOpenOn(school, year.census))
    .map((school) => {
      const { site } = school;
      const roll = rollIn(site, EXCLUSION_YEARS.indexOf(year), yearsOpen(school, year.census));
      const boys = Math.round(roll * site.boyShare);
      const senSupport = Math.round(roll * 0.1);
      const counts = { roll, girls: roll - boys, boys, ehcPlan: 0, senSupport };
      const asked = cells({
        ...counts,
        eal: 0,
        english: 0,
        languageUnknown: 0,
        fsm: 0,
        fsmEver: 0,
        fsmEverBase: 0,
      });
      const la = authorityOn(site.area, year.census, site.number);
      return [
        school.urn,
        la.code,
        school.number,
        'Independent school',
        ...asked.slice(0, 9),
        ...Array(10).fill('NA'),
      ];
    });
}

export function performanceTables(
  schools: readonly Establishment[],
  pupils: readonly PupilYear[],
  absence: readonly AbsenceYear[],
): SampleFile[] {
  const newest = EXCLUSION_YEARS.at(-1)!;
  return [
    ...CENSUS_YEARS.map((year) => {
      const own = pupils.filter(({ schoolYear }) => schoolYear.year === year);
      const rows = own.map((one): Cell[] => {
        const { school, la, phase } = one.schoolYear;
        return [school.urn, la.code, school.number, KINDS[phase], ...cells(countsOf(one))];
      });
      const phases = COUNTED_PHASES.filter((phase) =>
        own.some(({ schoolYear }) => schoolYear.phase === phase),
      );
      const national = phases.map((phase): Cell[] => [
        'NAT',
        '',
        CODES[phase],
        KINDS[phase],
        ...cells(sum(own.filter(({ schoolYear }) => schoolYear.phase === phase).map(countsOf))),
      ]);
      const sorted = [...rows, ...independentRows(schools, year)].sort((a, b) => Number(a[0]) - Number(b[0]));
      return statisticsFile(addressOf('CENSUS', year), CENSUS_HEADER, [...sorted, ...national]);
    }),
    absenceFile(
      addressOf('PUPILABSENCE', newest),
      absence.filter(({ schoolYear }) => schoolYear.year === newest),
    ),
  ];
}

function absenceFile(path: string, absence: readonly AbsenceYear[]): SampleFile {
  const share = (part: number, whole: number) => percent(part, whole, 1, '0');
  const total = (rows: readonly AbsenceYear[], of: (one: AbsenceYear) => number) =>
    rows.reduce((so, one) => so + of(one), 0);
  const rows = absence.map((one): Cell[] => {
    const { school, la, headcount } = one.schoolYear;
    const few = one.persistent > 0 && one.persistent < FEW;
    return [
      la.code,
      school.number,
      school.urn,
      share(one.missed, one.possible),
      few ? 'SUPP' : share(one.persistent, headcount),
    ];
  });
  const national = COUNTED_PHASES.flatMap((phase): Cell[][] => {
    const own = absence.filter(({ schoolYear }) => schoolYear.phase === phase);
    if (own.length === 0) return [];
    const row: Cell[] = [
      'NAT',
      CODES[phase],
      '',
      share(
        total(own, ({ missed }) => missed),
        total(own, ({ possible }) => possible),
      ),
      share(
        total(own, ({ persistent }) => persistent),
        total(own, ({ schoolYear }) => schoolYear.headcount),
      ),
    ];
    return [row];
  });
  return statisticsFile(path, ABSENCE_HEADER, [...rows, ...national]);
}
