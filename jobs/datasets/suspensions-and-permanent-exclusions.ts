/**
 * Suspensions and permanent exclusions by geography: England, regions, local authorities and schools.
 * Both ways of writing are read: until 2016/17 one file with school_type and fixed_excl, without URNs;
 * now one file down to local authorities and another of schools, with education_phase and suspension.
 */
import type { StatisticsDataSet } from '../declaration.js';
import { tidyPlace, tidyTime } from '../row-reading.js';
import { COVID_IN_EXCLUSIONS } from './shared/breaks.js';
import {
  EXCLUSIONS_MEASURES,
  EXCLUSIONS_PUBLICATION,
  EXCLUSIONS_SLUG,
  EXCLUSIONS_TOPIC,
  fixedPeriodEdition,
} from './shared/exclusions-publication.js';
import { STANDARD_EDITION } from './shared/standard-symbols.js';

const COUNTS = ['permanent_exclusions', 'suspensions', 'pupils_suspended'];
const ESTIMATES_BREAK = {
  from: '2010-09-01',
  note: 'Until 2009/10 some permanent exclusions of schools and local authorities are estimates, published with decimals.',
};
const RATE_BASE = 'the number of pupils on roll, in the January of the school year (headcount)';

const suspensionsAndPermanentExclusions: StatisticsDataSet = {
  ...EXCLUSIONS_PUBLICATION,
  kind: 'statistics',
  id: 'suspensions-and-permanent-exclusions',
  title: 'Suspensions and permanent exclusions by geography',
  description:
    'Counts and rates of suspensions (until 2020: fixed-period exclusions) and permanent exclusions in state-funded primary, secondary and special schools, by school year.',
  traps: [
    'Until 2016/17 the file knows a school by its LAESTAB only. A row belongs to the school that held it on that year’s census day, else to an open predecessor, else to either under the LA code that took over; where two could be meant, to none: `dataStatus { schoolMatches unjoinedSchools }`.',
    'England and the regions are rounded to 5 until 2016/17, local authorities and schools are not: totals agree within rounding.',
    'Of London only Inner and Outer London are published: the graph makes London of its local authorities.',
    'Permanent exclusions until 2009/10 are partly estimates, with decimals (`breaks`). For 2006/07 England has 8,680, its local authorities 8,658 to 8,660.',
    'Four middle schools have a row for each of two phases: the school’s figure is their sum.',
    'A headcount is of January, the exclusions are of the whole year: a rate can be over 100.',
  ],
  source: {
    kind: 'ees',
    slug: EXCLUSIONS_SLUG,
    titleHint: /geograph|school level/i,
    // The other files of the publication hold the same counts split in other ways.
    without: ['characteristic', 'characteristic_group', 'perm_physical_pupils', 'perm_physical', 'term'],
    severalFiles: true,
  },
  maximumRejectedShare: 0.001,
  place: tidyPlace({ urn: ['school_urn'], laEstab: ['school_laestab', 'laestab'] }),
  time: tidyTime('ACADEMIC_YEAR'),
  filters: [
    {
      name: 'phase',
      columns: ['education_phase', 'school_type'],
      total: ['Total'],
      // Four middle schools have a row for each of two phases; everybody else has one row.
      partsOfSchool: true,
      addsUp: true,
    },
  ],
  measures: EXCLUSIONS_MEASURES,

  editions: [fixedPeriodEdition(COUNTS), STANDARD_EDITION],
  indicators: [
    {
      id: 'headcount',
      name: 'Pupils on roll (headcount)',
      description:
        'Pupils in state-funded primary, secondary and special schools in the January of the school year: the base of the exclusion rates.',
      topic: 'Pupils',
      unit: 'PUPILS',
      decimals: 0,
      polarity: 'NONE',
      measure: 'headcount',
      additive: true,
    },
    {
      id: 'permanent-exclusions',
      name: 'Permanent exclusions',
      description:
        'Times that a pupil was excluded and will not come back to that school, in the school year.',
      topic: EXCLUSIONS_TOPIC,
      unit: 'COUNT',
      decimals: 0,
      polarity: 'LOW',
      measure: 'permanent_exclusions',
      additive: true,
      breaks: [ESTIMATES_BREAK, COVID_IN_EXCLUSIONS],
    },
    {
      id: 'permanent-exclusion-rate',
      name: 'Permanent exclusion rate',
      description: `Permanent exclusions in the school year for every 100 pupils: divided by ${RATE_BASE}.`,
      topic: EXCLUSIONS_TOPIC,
      unit: 'PER_100_PUPILS',
      decimals: 2,
      polarity: 'LOW',
      measure: 'permanent_exclusion_rate',
      rate: { numerator: 'permanent_exclusions', denominator: 'headcount', per: 100, counts: 'EVENTS' },
      additive: false,
      breaks: [ESTIMATES_BREAK, COVID_IN_EXCLUSIONS],
    },
    {
      id: 'suspensions',
      name: 'Suspensions',
      description:
        'Times that a pupil was suspended (sent home for a fixed period) in the school year. One pupil can be suspended several times.',
      topic: EXCLUSIONS_TOPIC,
      unit: 'COUNT',
      decimals: 0,
      polarity: 'LOW',
      measure: 'suspensions',
      additive: true,
      breaks: [COVID_IN_EXCLUSIONS],
    },
    {
      id: 'suspension-rate',
      name: 'Suspension rate',
      description: `Suspensions in the school year for every 100 pupils: divided by ${RATE_BASE}. Can exceed 100, because one pupil can be suspended several times.`,
      topic: EXCLUSIONS_TOPIC,
      unit: 'PER_100_PUPILS',
      decimals: 2,
      polarity: 'LOW',
      measure: 'suspension_rate',
      rate: { numerator: 'suspensions', denominator: 'headcount', per: 100, counts: 'EVENTS' },
      additive: false,
      breaks: [COVID_IN_EXCLUSIONS],
    },
    {
      id: 'pupils-suspended',
      name: 'Pupils with at least one suspension',
      description: 'Pupils who were suspended once or more in the school year.',
      topic: EXCLUSIONS_TOPIC,
      unit: 'PUPILS',
      decimals: 0,
      polarity: 'LOW',
      measure: 'pupils_suspended',
      additive: true,
      breaks: [COVID_IN_EXCLUSIONS],
    },
    {
      id: 'pupils-suspended-rate',
      name: 'Share of pupils with at least one suspension',
      description: `Pupils who were suspended once or more in the school year, for every 100 pupils: divided by ${RATE_BASE}.`,
      topic: EXCLUSIONS_TOPIC,
      unit: 'PER_100_PUPILS',
      decimals: 2,
      polarity: 'LOW',
      measure: 'pupils_suspended_rate',
      rate: { numerator: 'pupils_suspended', denominator: 'headcount', per: 100, counts: 'PEOPLE' },
      additive: false,
      breaks: [COVID_IN_EXCLUSIONS],
    },
  ],
};

export default suspensionsAndPermanentExclusions;
