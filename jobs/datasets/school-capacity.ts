/**
 * Places and pupils of every mainstream state-funded school, as at 1 May. Declared without a file at hand and proven on
 * the synthetic sample. Its figures (school_places … percent_pupils_over_capacity) are named as in the publisher's
 * preview of the national file, https://explore-education-statistics.service.gov.uk/data-catalogue/data-set/0acf3ac2-04dd-490f-9251-c78d91697329
 * and as users read them from capacity_school_200910-202324.csv; its school columns as the tidy standard has them.
 * The methodology says that in 2021/22 a school on two sites has two lines, by planning area: no document at hand names
 * that column, so two lines of one school and phase are refused as a repeated key until it is declared.
 */
import { DFE, type StatisticsDataSet } from '../declaration.js';
import { tidyPlace, tidyTime } from '../row-reading.js';

const SLUG = 'school-capacity';
const TOPIC = 'School places';
const MAY = 'as at May';

const schoolCapacity: StatisticsDataSet = {
  kind: 'statistics',
  id: 'school-capacity',
  title: 'School capacity',
  description: 'Places and pupils of mainstream state-funded schools as at May, and the places left over.',
  publisher: DFE,
  pageUrl: `https://explore-education-statistics.service.gov.uk/find-statistics/${SLUG}`,
  traps: ['Mainstream state-funded schools only, as at May.', 'Proven on the synthetic sample only.'],
  schedule: 'RELEASE_MORNINGS',
  source: {
    kind: 'ees',
    slug: SLUG,
    titleHint: /school level/i,
    // Files of areas count schools.
    without: ['count_schools', 'resourced_provision_capacity', 'reported_sixth_form_places'],
    severalFiles: false,
  },
  encoding: 'utf-8',
  maximumRejectedShare: 0.001,
  place: tidyPlace({ urn: ['school_urn'], laEstab: ['school_laestab'] }),
  time: tidyTime('ACADEMIC_YEAR'),
  filters: [{ name: 'phase', columns: ['school_phase'], total: ['Total'], partsOfSchool: true }],
  measures: {
    places: { columns: ['school_places'], description: 'Places, without nursery places.' },
    pupils: { columns: ['pupils_on_roll'], description: 'Pupils on roll in May, from reception.' },
    unfilled: { columns: ['unfilled_places'], description: 'Places that are unfilled.' },
    unfilled_rate: {
      columns: ['percent_unfilled_places'],
      description: 'Places that are unfilled, in per cent.',
    },
    over_capacity: {
      columns: ['pupils_over_capacity'],
      description: 'Pupils beyond the number of places.',
    },
    over_capacity_rate: {
      columns: ['percent_pupils_over_capacity'],
      description: 'Pupils beyond the number of places, in per cent of places.',
    },
  },
  editions: [
    {
      id: 'school-capacity',
      marker: null,
      symbols: {
        z: { status: 'NOT_APPLICABLE', meaning: 'not applicable' },
        ':': { status: 'NOT_AVAILABLE', meaning: 'not available' },
        x: { status: 'NOT_AVAILABLE', meaning: 'not available' },
      },
    },
  ],
  indicators: [
    {
      id: 'school-places',
      name: 'School places',
      description: `Places of the school ${MAY}, sixth form included and nursery not.`,
      topic: TOPIC,
      unit: 'PLACES',
      decimals: 0,
      polarity: 'NONE',
      measure: 'places',
      additive: true,
    },
    {
      id: 'pupils-in-places',
      name: 'Pupils on roll in May',
      description: `Pupils from reception on the school’s roll ${MAY}.`,
      topic: TOPIC,
      unit: 'PUPILS',
      decimals: 0,
      polarity: 'NONE',
      measure: 'pupils',
      additive: true,
    },
    {
      id: 'unfilled-places',
      name: 'Unfilled places',
      description: `Places of the school that no pupil filled ${MAY}.`,
      topic: TOPIC,
      unit: 'PLACES',
      decimals: 0,
      polarity: 'NONE',
      measure: 'unfilled',
      additive: true,
    },
    {
      id: 'unfilled-places-rate',
      name: 'Unfilled places: share',
      description: `Share of places that no pupil filled ${MAY}.`,
      topic: TOPIC,
      unit: 'PERCENT',
      decimals: 1,
      polarity: 'NONE',
      measure: 'unfilled_rate',
      rate: { numerator: 'unfilled', denominator: 'places', per: 100, counts: 'OTHER' },
      additive: false,
    },
    {
      id: 'pupils-over-capacity',
      name: 'Pupils over capacity',
      description: `Pupils beyond the number of the school’s places ${MAY}.`,
      topic: TOPIC,
      unit: 'PUPILS',
      decimals: 0,
      polarity: 'LOW',
      measure: 'over_capacity',
      additive: true,
    },
    {
      id: 'pupils-over-capacity-rate',
      name: 'Pupils over capacity: share of places',
      description: `Pupils beyond the number of the school’s places ${MAY}, for every 100 places.`,
      topic: TOPIC,
      unit: 'PERCENT',
      decimals: 1,
      polarity: 'LOW',
      measure: 'over_capacity_rate',
      rate: { numerator: 'over_capacity', denominator: 'places', per: 100, counts: 'OTHER' },
      additive: false,
    },
  ],
};

export default schoolCapacity;
