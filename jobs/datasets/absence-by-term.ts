/**
 * Pupil absence by term and phase: England, regions and local authorities. Absence is counted in sessions, half days.
 * The file has no row for all phases together, so there is a total of the terms for each phase and no grand total.
 *
 * Special schools returned absence by term only since autumn 2016 (publisher's data guidance of the autumn term
 * 2020/21): before, their autumn and spring rows hold 0 sessions and no rate, and their total is the year's return.
 */
import { DFE, type IndicatorDeclaration, type Measure, type StatisticsDataSet } from '../declaration.js';
import { tidyPlace, tidyTime } from '../row-reading.js';
import { COVID_IN_ABSENCE } from './shared/breaks.js';
import { STANDARD_EDITION } from './shared/standard-symbols.js';

const SLUG = 'pupil-absence-in-schools-in-england';
const TOPIC = 'Absence';
const ZEROS =
  'Special schools returned absence by term only since autumn 2016: earlier zeros of their autumn and spring terms are no figures.';

interface Kind {
  id: string;
  name: string;
  measure: string;
  what: string;
}

const KINDS: Kind[] = [
  { id: 'absence', name: 'Absence', measure: 'overall', what: 'missed' },
  { id: 'authorised-absence', name: 'Authorised absence', measure: 'authorised', what: 'missed with leave' },
  {
    id: 'unauthorised-absence',
    name: 'Unauthorised absence',
    measure: 'unauthorised',
    what: 'missed without leave',
  },
];

interface Reason {
  column: string;
  id: string;
  words: string;
}

const REASONS: Reason[] = [
  { column: 'auth_illness', id: 'illness', words: 'illness' },
  { column: 'auth_appointments', id: 'appointments', words: 'medical and dental appointments' },
  { column: 'auth_religious', id: 'religious-observance', words: 'religious observance' },
  { column: 'auth_study', id: 'study-leave', words: 'study leave' },
  { column: 'auth_traveller', id: 'traveller', words: 'the travelling of Traveller families' },
  { column: 'auth_holiday', id: 'authorised-holiday', words: 'a holiday that was agreed' },
  { column: 'auth_excluded', id: 'exclusion', words: 'exclusion without other provision' },
  { column: 'auth_other', id: 'other-authorised', words: 'another reason that was accepted' },
  { column: 'auth_totalreasons', id: 'all-authorised', words: 'any reason that was accepted' },
  { column: 'unauth_holiday', id: 'unauthorised-holiday', words: 'a holiday that was not agreed' },
  { column: 'unauth_late', id: 'lateness', words: 'coming after the register closed' },
  { column: 'unauth_other', id: 'other-unauthorised', words: 'another reason that was not accepted' },
  { column: 'unauth_noyet', id: 'no-reason-yet', words: 'no reason given yet' },
  { column: 'unauth_totalreasons', id: 'all-unauthorised', words: 'any reason that was not accepted' },
  { column: 'overall_totalreasons', id: 'all', words: 'any reason' },
];

const common = { topic: TOPIC, breaks: [COVID_IN_ABSENCE] };
const count = { ...common, unit: 'SESSIONS', decimals: 0, additive: true } as const;

const absenceByTerm: StatisticsDataSet = {
  kind: 'statistics',
  id: 'absence-by-term',
  title: 'Pupil absence by term',
  description:
    'Sessions missed in state-funded primary, secondary and special schools, with and without leave and by reason, by term and school year.',
  publisher: DFE,
  pageUrl: `https://explore-education-statistics.service.gov.uk/find-statistics/${SLUG}`,
  traps: [
    'Of London only Inner and Outer London are published: the graph makes London of its local authorities.',
    'Special schools returned absence by term only since autumn 2016: their earlier zeros of the autumn and spring terms are no figures.',
    'There is no row for all phases together, so no grand total: ask with a phase as breakdown.',
    'Reasons are counted in the schools that return them: they add up to a little less than all absence.',
  ],
  schedule: 'RELEASE_MORNINGS',
  source: {
    kind: 'ees',
    slug: SLUG,
    titleHint: /by term/i,
    without: ['characteristic'],
    severalFiles: false,
  },
  encoding: 'utf-8',
  maximumRejectedShare: 0.001,
  place: tidyPlace(),
  time: tidyTime('ACADEMIC_YEAR'),
  filters: [
    { name: 'phase', columns: ['education_phase', 'school_type'], total: ['Total'] },
    { name: 'term', columns: ['term'], total: ['Total'] },
  ],
  columnsLeftOut: [{ reason: 'holds nothing but "."', columns: ['sess_auth_ext_holiday'] }],
  measures: {
    sessions_possible: { columns: ['sess_possible'], description: 'Sessions that pupils could attend.' },
    ...Object.fromEntries(
      KINDS.flatMap(({ measure, what }): [string, Measure][] => [
        [measure, { columns: [`sess_${measure}`], description: `Sessions ${what}.` }],
        [
          `${measure}_rate`,
          { columns: [`sess_${measure}_percent`], description: `Sessions ${what}, in per cent.` },
        ],
      ]),
    ),
    ...Object.fromEntries(
      REASONS.map(({ column, words }): [string, Measure] => [
        column,
        { columns: [`sess_${column}`], description: `Sessions missed because of ${words}.` },
      ]),
    ),
  },
  editions: [
    {
      id: 'dots',
      marker: 'sess_auth_ext_holiday',
      symbols: { '.': { status: 'NOT_APPLICABLE', meaning: 'no sessions, so no rate' } },
    },
    STANDARD_EDITION,
  ],
  indicators: [
    {
      ...count,
      id: 'absence-sessions-possible',
      name: 'Sessions that pupils could attend',
      description: `Half days of school that pupils could attend: the base of the absence rates. ${ZEROS}`,
      polarity: 'NONE',
      measure: 'sessions_possible',
    },
    ...KINDS.flatMap(({ id, name, measure, what }): IndicatorDeclaration[] => [
      {
        ...count,
        id: `${id}-sessions`,
        name: `${name}: sessions`,
        description: `Half days of school ${what}. ${ZEROS}`,
        polarity: 'LOW',
        measure,
      },
      {
        ...common,
        id: `${id}-rate`,
        name: `${name} rate`,
        description: `Half days of school ${what}, of all that pupils could attend. ${ZEROS}`,
        unit: 'PERCENT',
        decimals: 1,
        polarity: 'LOW',
        measure: `${measure}_rate`,
        rate: { numerator: measure, denominator: 'sessions_possible', per: 100, counts: 'OTHER' },
        additive: false,
      },
    ]),
    ...REASONS.map(
      ({ column, id, words }): IndicatorDeclaration => ({
        ...count,
        id: `absence-reason-${id}`,
        name: `Absence because of ${words}: sessions`,
        description: `Half days of school missed because of ${words}, in the schools that return reasons: a little less than all absence. ${ZEROS}`,
        polarity: 'NONE',
        measure: column,
      }),
    ),
  ],
};

export default absenceByTerm;
