/**
 * Pupils with special educational needs in schools, each January: England, regions and local authorities, by phase and
 * type of establishment. Declared from the publisher's preview of the file and proven on the synthetic sample:
 * https://explore-education-statistics.service.gov.uk/data-catalogue/data-set/bd752797-670b-49e8-8d28-ee50ee977d8f
 * Until 2020/21 z meant "not available" and ":" "not applicable" (data guidance of that release); today z is not
 * applicable. Only the newest release is read, so only today's meaning is declared.
 */
import { DFE, type IndicatorDeclaration, type StatisticsDataSet } from '../declaration.js';
import { tidyPlace, tidyTime } from '../row-reading.js';
import { STANDARD_EDITION } from './shared/standard-symbols.js';

const SLUG = 'special-educational-needs-in-england';
const TOPIC = 'Special educational needs';
const total = ['Total'];
const IN_SCHOOLS =
  'in the schools of the area, wherever the pupils live: not comparable with EHC plans by the local authority that maintains them';

const count = { topic: TOPIC, unit: 'PUPILS', decimals: 0, polarity: 'NONE', additive: true } as const;
const rate = (measure: string): Omit<IndicatorDeclaration, 'id' | 'name' | 'description'> => ({
  topic: TOPIC,
  unit: 'PERCENT',
  decimals: 1,
  polarity: 'NONE',
  measure: `${measure}_rate`,
  rate: { numerator: measure, denominator: 'pupils', per: 100, counts: 'PEOPLE' },
  additive: false,
});

const senInSchools: StatisticsDataSet = {
  kind: 'statistics',
  id: 'sen-in-schools',
  title: 'Special educational needs in schools',
  description:
    'Pupils in schools each January, and those with an EHC plan or SEN support, by phase and type of establishment.',
  publisher: DFE,
  pageUrl: `https://explore-education-statistics.service.gov.uk/find-statistics/${SLUG}`,
  traps: [
    'Pupils in an area’s schools, wherever they live: not comparable with EHC plans by the local authority that maintains them.',
    'Until 2020/21 `z` meant not available: only today’s meaning is declared, and only the newest release is read.',
    'Proven on the synthetic sample only.',
  ],
  schedule: 'RELEASE_MORNINGS',
  source: {
    kind: 'ees',
    slug: SLUG,
    titleHint: /by type of SEN provision/i,
    without: ['school_urn', 'sen_primary_need'],
    severalFiles: false,
  },
  encoding: 'utf-8',
  maximumRejectedShare: 0.001,
  place: tidyPlace(),
  time: tidyTime('JANUARY_CENSUS'),
  filters: [
    { name: 'phase', columns: ['phase_type_grouping'], total },
    { name: 'establishment_type', columns: ['type_of_establishment'], total },
    { name: 'hospital_school', columns: ['hospital_school'], total },
  ],
  measures: {
    pupils: { columns: ['total_pupils'], description: 'Pupils in schools.' },
    sen_support: { columns: ['sen_support'], description: 'Pupils with SEN support.' },
    sen_support_rate: {
      columns: ['sen_support_percent'],
      description: 'Pupils with SEN support, in per cent.',
    },
    ehc_plan: { columns: ['ehc_plan'], description: 'Pupils with an EHC plan.' },
    ehc_plan_rate: { columns: ['ehc_plan_percent'], description: 'Pupils with an EHC plan, in per cent.' },
  },
  editions: [STANDARD_EDITION],
  indicators: [
    {
      ...count,
      id: 'pupils-in-schools',
      name: 'Pupils in schools',
      description: `Pupils in January, ${IN_SCHOOLS}.`,
      measure: 'pupils',
    },
    {
      ...count,
      id: 'sen-support-in-schools',
      name: 'Pupils with SEN support in schools',
      description: `Pupils with SEN support in January, ${IN_SCHOOLS}.`,
      measure: 'sen_support',
    },
    {
      ...rate('sen_support'),
      id: 'sen-support-in-schools-rate',
      name: 'Pupils with SEN support in schools: share',
      description: `Share of pupils with SEN support in January, ${IN_SCHOOLS}.`,
    },
    {
      ...count,
      id: 'ehc-plans-in-schools',
      name: 'Pupils with an EHC plan in schools',
      description: `Pupils with an education, health and care plan in January, ${IN_SCHOOLS}.`,
      measure: 'ehc_plan',
    },
    {
      ...rate('ehc_plan'),
      id: 'ehc-plans-in-schools-rate',
      name: 'Pupils with an EHC plan in schools: share',
      description: `Share of pupils with an education, health and care plan in January, ${IN_SCHOOLS}.`,
    },
  ],
};

export default senInSchools;
