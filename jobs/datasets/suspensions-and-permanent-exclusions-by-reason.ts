/**
 * Suspensions and permanent exclusions by the reason that the school gave, one for each: England, regions and local
 * authorities, until 2016/17.
 *
 * Today the publication writes reasons in files of their own: one of 2016/17 to 2019/20 with a single reason each, and
 * others since 2020/21 in which one exclusion can have several reasons, with more reasons, shares beside the counts,
 * and rows for each term. Their columns begin with susp_ in place of fixed_, and the phase is called education_phase
 * (previews in the publisher's data catalogue, data sets ac2ed072-921d-4c25-a5bc-31c678bf829c and
 * 1541f347-470f-4dcf-bab8-cff27832b346). Counts of several reasons do not add to the exclusions, so the two must not
 * become one series: where two files fit this declaration, or a row is of a term, the release is refused.
 */
import type { IndicatorDeclaration, Measure, StatisticsDataSet } from '../declaration.js';
import { tidyPlace, tidyTime } from '../row-reading.js';
import { COVID_IN_EXCLUSIONS } from './shared/breaks.js';
import {
  EXCLUSIONS_PHASE,
  EXCLUSIONS_PUBLICATION,
  EXCLUSIONS_SLUG,
  EXCLUSIONS_TOPIC,
  oneOrTwo,
} from './shared/exclusions-publication.js';
import { STANDARD_EDITION } from './shared/standard-symbols.js';

interface Reason {
  column: string;
  id: string;
  words: string;
}

/** In the order and the words of the publication. */
const REASONS: Reason[] = [
  {
    column: 'physical_pupils',
    id: 'physical-assault-against-a-pupil',
    words: 'physical assault against a pupil',
  },
  {
    column: 'physical_adult',
    id: 'physical-assault-against-an-adult',
    words: 'physical assault against an adult',
  },
  {
    column: 'verbal_pupil',
    id: 'verbal-abuse-against-a-pupil',
    words: 'verbal abuse or threatening behaviour against a pupil',
  },
  {
    column: 'verbal_adult',
    id: 'verbal-abuse-against-an-adult',
    words: 'verbal abuse or threatening behaviour against an adult',
  },
  { column: 'bullying', id: 'bullying', words: 'bullying' },
  { column: 'racist_abuse', id: 'racist-abuse', words: 'racist abuse' },
  { column: 'sexual_misconduct', id: 'sexual-misconduct', words: 'sexual misconduct' },
  { column: 'drug_alcohol', id: 'drugs-and-alcohol', words: 'a matter of drugs or alcohol' },
  { column: 'damage', id: 'damage', words: 'damage' },
  { column: 'theft', id: 'theft', words: 'theft' },
  {
    column: 'persistent_disruptive',
    id: 'persistent-disruptive-behaviour',
    words: 'persistent disruptive behaviour',
  },
  { column: 'other', id: 'other-reasons', words: 'another reason' },
];

interface Kind {
  id: string;
  name: string;
  measure: string;
  columns: string[];
}

const KINDS: Kind[] = [
  { id: 'permanent-exclusions', name: 'Permanent exclusions', measure: 'permanent', columns: ['perm'] },
  { id: 'suspensions', name: 'Suspensions', measure: 'suspensions', columns: ['susp', 'fixed'] },
];

const measureOf = (kind: Kind, { column }: Reason) => `${kind.measure}_${column}`;
const measuresOf = (kind: Kind) => REASONS.map((reason) => measureOf(kind, reason));
const each = <T>(make: (kind: Kind, reason: Reason) => T): T[] =>
  KINDS.flatMap((kind) => REASONS.map((reason) => make(kind, reason)));

/** Until 2009/10 permanent exclusions of local authorities are estimates with decimals. */
const ESTIMATES_END = '2010-09-01';
const ESTIMATES_BREAK = {
  from: ESTIMATES_END,
  note: 'Until 2009/10 permanent exclusions of local authorities are estimates, published with decimals.',
};

const suspensionsAndPermanentExclusionsByReason: StatisticsDataSet = {
  ...EXCLUSIONS_PUBLICATION,
  kind: 'statistics',
  id: 'suspensions-and-permanent-exclusions-by-reason',
  title: 'Suspensions and permanent exclusions by reason',
  description:
    'Counts of suspensions (until 2020: fixed-period exclusions) and permanent exclusions by the one reason that the school gave for each, by school year.',
  traps: [
    'Of London only Inner and Outer London are published: the graph makes London of its local authorities.',
    'One reason for each, until 2016/17. Since 2020/21 one exclusion can have several: those files are another series and are refused here.',
    'Until 2009/10 permanent exclusions are estimates: behind `x` is a number under 3.',
  ],
  source: {
    kind: 'ees',
    slug: EXCLUSIONS_SLUG,
    titleHint: /reason/i,
    without: ['characteristic', 'characteristic_group', 'term'],
    severalFiles: false,
  },
  maximumRejectedShare: 0.001,
  // In releases until 2016/17.
  nationalRounding: 5,
  place: tidyPlace(),
  time: tidyTime('ACADEMIC_YEAR'),
  filters: [EXCLUSIONS_PHASE],
  measures: Object.fromEntries(
    each((kind, reason): [string, Measure] => [
      measureOf(kind, reason),
      {
        columns: kind.columns.map((prefix) => `${prefix}_${reason.column}`),
        description: `${kind.name} for ${reason.words}.`,
      },
    ]),
  ),
  editions: [
    {
      // Taking the published phases from the published total, the number behind an x lies anywhere between 0.3 and 2.9.
      id: 'fixed-period-estimated',
      marker: 'fixed_physical_pupils',
      before: ESTIMATES_END,
      symbols: {
        x: {
          status: 'SUPPRESSED',
          meaning: '1 or 2; of permanent exclusions, which are estimated, a number under 3',
          bounds: [
            { measures: measuresOf(KINDS[0]!), lower: 0, upper: 3 },
            { measures: measuresOf(KINDS[1]!), lower: 1, upper: 2 },
          ],
        },
      },
    },
    {
      id: 'fixed-period',
      marker: 'fixed_physical_pupils',
      symbols: { x: oneOrTwo(KINDS.flatMap(measuresOf)) },
    },
    STANDARD_EDITION,
  ],
  indicators: each(
    (kind, reason): IndicatorDeclaration => ({
      id: `${kind.id}-${reason.id}`,
      name: `${kind.name} for ${reason.words}`,
      description: `${kind.name} in the school year for which the school gave as its reason: ${reason.words}. One reason is given for each.`,
      topic: EXCLUSIONS_TOPIC,
      unit: 'COUNT',
      decimals: 0,
      polarity: 'LOW',
      measure: measureOf(kind, reason),
      additive: true,
      breaks: [...(kind.measure === 'permanent' ? [ESTIMATES_BREAK] : []), COVID_IN_EXCLUSIONS],
    }),
  ),
};

export default suspensionsAndPermanentExclusionsByReason;
