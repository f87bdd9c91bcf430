// Makes up the absence of every school, and writes it by term and reason as the publication of absence does.
// Rule: sessions are half days; terms add up to the year, reasons to what they are reasons of, places to England.
import { type Cell, type SampleFile, statisticsFile } from './csv.js';
import { placeCells } from './exclusion-files.js';
import type { SchoolYear } from './exclusions.js';
import { percent, sumsByPlace } from './place-sums.js';
import { apportion, Random } from './random.js';
import type { CountedPhase } from './school-kinds.js';

export interface AbsenceYear {
  schoolYear: SchoolYear;
  possible: number;
  missed: number;
  /** Pupils who missed a tenth or more. */
  persistent: number;
  terms: AbsenceTerm[];
}

interface AbsenceTerm {
  possible: number;
  authorised: number[];
  unauthorised: number[];
}

const TERMS = [
  { name: 'Autumn term', sessions: 140 },
  { name: 'Spring term', sessions: 120 },
  { name: 'Summer term', sessions: 120 },
];
const AUTHORISED = [
  ['sess_auth_illness', 0.74],
  ['sess_auth_appointments', 0.08],
  ['sess_auth_religious', 0.02],
  ['sess_auth_study', 0.02],
  ['sess_auth_traveller', 0.005],
  ['sess_auth_holiday', 0.03],
  ['sess_auth_excluded', 0.02],
  ['sess_auth_other', 0.085],
] as const;
const UNAUTHORISED = [
  ['sess_unauth_holiday', 0.25],
  ['sess_unauth_late', 0.05],
  ['sess_unauth_other', 0.6],
  ['sess_unauth_noyet', 0.1],
] as const;
const RATES: Readonly<Record<CountedPhase, readonly [authorised: number, unauthorised: number]>> = {
  'State-funded primary': [0.04, 0.014],
  'State-funded secondary': [0.055, 0.03],
  Special: [0.095, 0.03],
};
/** The publisher writes it, and never anything in it. */
const NEVER = 'sess_auth_ext_holiday';
const NO_RATE = '.';

export const ABSENCE_BY_TERM_HEADER = [
  'time_identifier',
  'term',
  'time_period',
  'geographic_level',
  'country_code',
  'country_name',
  'region_code',
  'region_name',
  'old_la_code',
  'new_la_code',
  'la_name',
  'school_type',
  'sess_possible',
  'sess_overall',
  'sess_authorised',
  'sess_unauthorised',
  'sess_overall_percent',
  'sess_authorised_percent',
  'sess_unauthorised_percent',
  ...AUTHORISED.slice(0, 6).map(([column]) => column),
  NEVER,
  ...AUTHORISED.slice(6).map(([column]) => column),
  'sess_auth_totalreasons',
  ...UNAUTHORISED.map(([column]) => column),
  'sess_unauth_totalreasons',
  'sess_overall_totalreasons',
] as const;

const total = (numbers: readonly number[]) => numbers.reduce((so, one) => so + one, 0);

export function absenceYears(seed: number, schoolYears: readonly SchoolYear[]): AbsenceYear[] {
  const random = new Random(seed, 'absence');
  return schoolYears.map((schoolYear) => {
    const { headcount, phase } = schoolYear;
    const habit = random.factor(0.15);
    const terms = TERMS.map(({ sessions }): AbsenceTerm => {
      const possible = headcount * sessions;
      const [authorised, unauthorised] = RATES[phase].map((rate) => Math.round(possible * rate * habit));
      return {
        possible,
        authorised: apportion(
          authorised!,
          AUTHORISED.map(([, share]) => share),
          random,
        ),
        unauthorised: apportion(
          unauthorised!,
          UNAUTHORISED.map(([, share]) => share),
          random,
        ),
      };
    });
    const missed = total(terms.flatMap(({ authorised, unauthorised }) => [...authorised, ...unauthorised]));
    const possible = total(terms.map((term) => term.possible));
    const rate = possible === 0 ? 0 : missed / possible;
    return {
      schoolYear,
      possible,
      missed,
      persistent: Math.min(headcount, random.count(headcount * Math.min(0.9, rate * 2.4))),
      terms,
    };
  });
}

export function absenceFile(path: string, years: readonly AbsenceYear[]): SampleFile {
  const parts = ['Total', ...TERMS.map(({ name }) => name)].flatMap((term, at) => {
    const counted = years.map(({ schoolYear: { year, la, phase }, terms }) => {
      const own = at === 0 ? terms : [terms[at - 1]!];
      const sums = (of: (one: AbsenceTerm) => number[]) =>
        of(own[0]!).map((_, reason) => total(own.map((one) => of(one)[reason]!)));
      return {
        year,
        la,
        phase,
        counts: [
          total(own.map(({ possible }) => possible)),
          ...sums(({ authorised }) => authorised),
          ...sums(({ unauthorised }) => unauthorised),
        ],
      };
    });
    return sumsByPlace(counted, null).map((sum) => ({ term, ...sum }));
  });
  const rows = parts.map(({ term, year, level, region, la, phase, counts }): Cell[] => {
    const [possible, ...reasons] = counts as [number, ...number[]];
    const authorised = reasons.slice(0, AUTHORISED.length);
    const unauthorised = reasons.slice(AUTHORISED.length);
    const [time, , ...place] = placeCells(year.code, level, region, la);
    const sums = [total(reasons), total(authorised), total(unauthorised)];
    return [
      'Academic year',
      term,
      time!,
      ...place,
      phase,
      possible,
      ...sums,
      ...sums.map((sum) => percent(sum, possible, 1, NO_RATE)),
      ...authorised.slice(0, 6),
      NO_RATE,
      ...authorised.slice(6),
      sums[1]!,
      ...unauthorised,
      sums[2]!,
      sums[0]!,
    ];
  });
  return statisticsFile(path, ABSENCE_BY_TERM_HEADER, rows);
}
