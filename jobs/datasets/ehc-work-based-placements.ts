/** EHC plans with a work-based placement in January: supported internships, apprenticeships and traineeships. */
import { DFE, type Edition, type IndicatorDeclaration, type StatisticsDataSet } from '../declaration.js';
import { tidyPlace, tidyTime } from '../row-reading.js';
import { PLACEMENT_SUBTOTALS, SEN2_BREAK } from './shared/ehc-plans-file.js';

const SLUG = 'education-health-and-care-plans';
const ALL = ['All work based placements'];
const TOPIC = 'EHC plans: work-based placements';

const SYMBOLS: Edition['symbols'] = {
  x: { status: 'NOT_AVAILABLE', meaning: 'not available: not collected for that year, or being checked' },
  z: { status: 'NOT_APPLICABLE', meaning: 'not applicable' },
};

const PLANS = { unit: 'PLANS', decimals: 0, polarity: 'NONE', additive: true } as const;
const plansWith = (what: string, measure: string, id: string): IndicatorDeclaration => {
  const name = `EHC plans with ${what}`;
  return { ...PLANS, id, measure, name, description: `${name}.`, topic: TOPIC, breaks: [SEN2_BREAK] };
};

const ehcWorkBasedPlacements: StatisticsDataSet = {
  kind: 'statistics',
  id: 'ehc-work-based-placements',
  title: 'Work-based placements of EHC plans',
  description:
    'Education, health and care plans with a work-based placement in January, by its kind, with age, sex, ethnic group and placement.',
  publisher: DFE,
  pageUrl: `https://explore-education-statistics.service.gov.uk/find-statistics/${SLUG}`,
  traps: [PLACEMENT_SUBTOTALS],
  schedule: 'RELEASE_MORNINGS',
  source: { kind: 'ees', slug: SLUG, titleHint: /work.based/i, without: [], severalFiles: false },
  encoding: 'utf-8',
  maximumRejectedShare: 0.001,
  place: tidyPlace(),
  time: tidyTime('JANUARY_CENSUS'),
  filters: [
    { name: 'topic', columns: ['breakdown_topic'], total: ALL, isTopic: true },
    { name: 'group', columns: ['breakdown'], total: ALL, addsUp: true, subtotals: / - total$/ },
  ],
  measures: {
    work_based: { columns: ['open_wbp'], description: 'Plans with a work-based placement.' },
    supported_internships: {
      columns: ['open_supp_intern'],
      description: 'Plans with a supported internship.',
    },
    apprenticeships: { columns: ['open_apprentice'], description: 'Plans with an apprenticeship.' },
    traineeships: { columns: ['open_trainee'], description: 'Plans with a traineeship.' },
  },
  editions: [{ id: 'person-records', marker: null, symbols: SYMBOLS }],
  indicators: [
    plansWith('a work-based placement', 'work_based', 'ehc-work-based-placements'),
    plansWith('a supported internship', 'supported_internships', 'ehc-supported-internships'),
    plansWith('an apprenticeship', 'apprenticeships', 'ehc-apprenticeships'),
    plansWith('a traineeship', 'traineeships', 'ehc-traineeships'),
  ],
};

export default ehcWorkBasedPlacements;
