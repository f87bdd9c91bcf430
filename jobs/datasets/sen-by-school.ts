/**
 * Pupils with special educational needs of every school, each January: by provision and primary need, a row each.
 * Declared from the publisher's preview of the "school underlying data file" and proven on the synthetic sample:
 * https://explore-education-statistics.service.gov.uk/data-catalogue/data-set/02b27d86-137f-41d6-b5b4-27fa758db84b
 * That file writes URN 100000 as 1e+05: such a school is known by its LAESTAB, which stands beside it.
 */
import { DFE, type StatisticsDataSet } from '../declaration.js';
import { tidyPlace, tidyTime } from '../row-reading.js';
import { STANDARD_EDITION } from './shared/standard-symbols.js';

const SLUG = 'special-educational-needs-in-england';
const total = [/^(all pupils|total)$/i];

const senBySchool: StatisticsDataSet = {
  kind: 'statistics',
  id: 'sen-by-school',
  title: 'Special educational needs by school',
  description:
    'Pupils of every school each January, by SEN provision (EHC plan, SEN support, none) and primary type of need.',
  publisher: DFE,
  pageUrl: `https://explore-education-statistics.service.gov.uk/find-statistics/${SLUG}`,
  schedule: 'RELEASE_MORNINGS',
  source: {
    kind: 'ees',
    slug: SLUG,
    titleHint: /school underlying data/i,
    without: [],
    severalFiles: false,
  },
  encoding: 'utf-8',
  maximumRejectedShare: 0.001,
  place: tidyPlace({ urn: ['school_urn'], laEstab: ['school_laestab'] }),
  time: tidyTime('JANUARY_CENSUS'),
  filters: [
    { name: 'unit', columns: ['specialist_provision_unit_type'], total },
    { name: 'provision', columns: ['sen_provision'], total },
    { name: 'primary_need', columns: ['sen_primary_need'], total },
  ],
  columnsLeftOut: [
    {
      reason: 'about the school itself: the register says it',
      columns: [
        'estab',
        'school_name',
        'open_date',
        'sex_of_school_description',
        'phase_type_grouping',
        'establishment_type',
        'middle_school',
        'all_through',
        'hospital_school',
        'religious_denomination',
        'admissions_policy',
        'urban_rural',
        'school_postcode',
        'lsoa11',
        /^(district_administrative|pcon|ward)_/,
      ],
    },
    {
      reason: 'which needs the school has provision for: no figure, and not in the register',
      columns: [/^provision_for_/],
    },
  ],
  measures: { pupils: { columns: ['pupil_count'], description: 'Pupils of the school in January.' } },
  editions: [STANDARD_EDITION],
  indicators: [
    {
      id: 'sen-pupils-of-school',
      name: 'Pupils of the school by SEN provision and need',
      description:
        'Pupils of the school in January: all of them, or as breakdown those with an EHC plan, with SEN support or with neither, and by primary type of need.',
      topic: 'Special educational needs',
      unit: 'PUPILS',
      decimals: 0,
      polarity: 'NONE',
      measure: 'pupils',
      additive: true,
    },
  ],
};

export default senBySchool;
