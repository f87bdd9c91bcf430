/**
 * Suspensions and permanent exclusions by pupil characteristic: gender, age, ethnicity, free school meals, SEN and
 * others. The file of 2016/17 is read for England alone: its 194,378 rows of local authorities name none (every code
 * and name is NA), and the publisher's own data guidance calls the file national. They are left out and counted: see
 * docs/decisions/0008-rows-without-a-place.md. Its ten rows of 2014/15 by IDACI decile have unquoted thousands
 * ("749,750"), so that nobody can say which part belongs to which column.
 */
import type { StatisticsDataSet } from '../declaration.js';
import { type PlaceReading, tidyPlace, tidyTime } from '../row-reading.js';
import { COVID_IN_EXCLUSIONS } from './shared/breaks.js';
import {
  EXCLUSIONS_MEASURES,
  EXCLUSIONS_PHASE,
  EXCLUSIONS_PUBLICATION,
  EXCLUSIONS_SLUG,
  EXCLUSIONS_TOPIC,
  fixedPeriodEdition,
} from './shared/exclusions-publication.js';
import { STANDARD_EDITION } from './shared/standard-symbols.js';

const NAMELESS = 'NA';

/** As the standard says; but a row of a local authority that names none is about no place, and left out. */
function namedPlace(): PlaceReading {
  const tidy = tidyPlace();
  return {
    ...tidy,
    rule: { ...(tidy.rule as object), leavesOut: NAMELESS },
    reader: (contract, url) => {
      const read = tidy.reader(contract, url);
      const column = 'old_la_code';
      const at = contract.indexOf(column);
      return (fields) => {
        const place = read(fields);
        if ('code' in place || place.level !== 'LOCAL_AUTHORITY' || fields[at]!.trim() !== NAMELESS)
          return place;
        return {
          level: null,
          column,
          value: NAMELESS,
          reason: 'the row is about a local authority and the file does not say which',
        };
      };
    },
  };
}

const TOTAL = ['Total'];
const COUNTS = ['headcount', 'permanent_exclusions', 'suspensions', 'pupils_suspended'];
const OF_PUPILS = 'of pupils with the characteristic that is asked for as breakdown, or of all';
const PER_100 =
  'for every 100 of them. For England the publisher rounds counts to 5 and divides before rounding.';

const suspensionsAndPermanentExclusionsByCharacteristic: StatisticsDataSet = {
  ...EXCLUSIONS_PUBLICATION,
  kind: 'statistics',
  id: 'suspensions-and-permanent-exclusions-by-characteristic',
  title: 'Suspensions and permanent exclusions by characteristic',
  description:
    'Counts and rates of suspensions (until 2020: fixed-period exclusions) and permanent exclusions by gender, age, national curriculum year, ethnicity, free school meals, special educational needs and deprivation of the neighbourhood.',
  traps: [
    'England only: the 194,378 rows of local authorities in the file of 2016/17 do not name theirs, and are left out and counted (decision 8).',
    'Ten rows of 2014/15 by IDACI decile have unquoted thousands: nobody can say which part belongs to which column, and they are rejected.',
  ],
  source: {
    kind: 'ees',
    slug: EXCLUSIONS_SLUG,
    titleHint: /characteristic/i,
    without: ['perm_physical_pupils', 'perm_physical', 'term', 'school_urn', 'laestab'],
    severalFiles: false,
  },
  tolerates: { raggedRows: 10 },
  maximumRejectedShare: 0.001,
  place: namedPlace(),
  time: tidyTime('ACADEMIC_YEAR'),
  columnsLeftOut: [{ reason: 'the number of the row, in a column without a name', columns: [''] }],
  filters: [
    EXCLUSIONS_PHASE,
    {
      name: 'characteristic_group',
      columns: ['characteristic_group'],
      total: TOTAL,
      decidedBy: 'characteristic',
    },
    { name: 'characteristic', columns: ['characteristic'], total: TOTAL },
  ],
  measures: EXCLUSIONS_MEASURES,

  editions: [fixedPeriodEdition(COUNTS), STANDARD_EDITION],
  indicators: [
    {
      id: 'headcount-by-characteristic',
      name: 'Pupils on roll (headcount) by characteristic',
      description: `Number ${OF_PUPILS}, in state-funded primary, secondary and special schools in the January of the school year.`,
      topic: 'Pupils',
      unit: 'PUPILS',
      decimals: 0,
      polarity: 'NONE',
      measure: 'headcount',
      additive: true,
    },
    {
      id: 'permanent-exclusions-by-characteristic',
      name: 'Permanent exclusions by characteristic',
      description: `Permanent exclusions in the school year ${OF_PUPILS}.`,
      topic: EXCLUSIONS_TOPIC,
      unit: 'COUNT',
      decimals: 0,
      polarity: 'LOW',
      measure: 'permanent_exclusions',
      additive: true,
      breaks: [COVID_IN_EXCLUSIONS],
    },
    {
      id: 'permanent-exclusion-rate-by-characteristic',
      name: 'Permanent exclusion rate by characteristic',
      description: `Permanent exclusions in the school year ${OF_PUPILS}, ${PER_100}`,
      topic: EXCLUSIONS_TOPIC,
      unit: 'PER_100_PUPILS',
      decimals: 2,
      polarity: 'LOW',
      measure: 'permanent_exclusion_rate',
      rate: { numerator: 'permanent_exclusions', denominator: 'headcount', per: 100, counts: 'EVENTS' },
      additive: false,
      breaks: [COVID_IN_EXCLUSIONS],
    },
    {
      id: 'suspensions-by-characteristic',
      name: 'Suspensions by characteristic',
      description: `Suspensions in the school year ${OF_PUPILS}. One pupil can be suspended several times.`,
      topic: EXCLUSIONS_TOPIC,
      unit: 'COUNT',
      decimals: 0,
      polarity: 'LOW',
      measure: 'suspensions',
      additive: true,
      breaks: [COVID_IN_EXCLUSIONS],
    },
    {
      id: 'suspension-rate-by-characteristic',
      name: 'Suspension rate by characteristic',
      description: `Suspensions in the school year ${OF_PUPILS}, ${PER_100}`,
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
      id: 'pupils-suspended-by-characteristic',
      name: 'Pupils with at least one suspension by characteristic',
      description: `Pupils who were suspended once or more in the school year, ${OF_PUPILS}.`,
      topic: EXCLUSIONS_TOPIC,
      unit: 'PUPILS',
      decimals: 0,
      polarity: 'LOW',
      measure: 'pupils_suspended',
      additive: true,
      breaks: [COVID_IN_EXCLUSIONS],
    },
    {
      id: 'pupils-suspended-rate-by-characteristic',
      name: 'Share of pupils with at least one suspension by characteristic',
      description: `Pupils who were suspended once or more in the school year ${OF_PUPILS}, ${PER_100}`,
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

export default suspensionsAndPermanentExclusionsByCharacteristic;
