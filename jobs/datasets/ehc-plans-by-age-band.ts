/**
 * Statements of SEN and EHC plans each January by age band: only in the releases until 2022. Its totals of EHC plans are
 * also in ehc-plans-caseload, whose later releases continue them.
 */
import { pastEhcPlansFile } from './shared/ehc-plans-file.js';

const ehcPlansByAgeBand = pastEhcPlansFile({
  id: 'ehc-plans-by-age-band',
  title: 'Statements of SEN and EHC plans by age band, January 2010 to 2022',
  description:
    'Statements of special educational needs (until 2018) and education, health and care plans (from 2015) in force each January, by age band: published until 2022.',
  traps: [
    'Published until 2022; `ehc-plans-caseload` continues its totals.',
    'Statements of SEN ended in March 2018, EHC plans began in September 2014: `z` before and after.',
  ],
  titleHint: /^ehc plans by age|ehc plans - by age/i,
  period: 'JANUARY_CENSUS',
  filters: [{ name: 'age_band', columns: ['characteristic_age'], total: ['Total'] }],
  counts: {
    statements: {
      column: 'Total_st',
      id: 'sen-statements',
      name: 'Statements of SEN',
      description:
        'Statements of special educational needs in force in January. EHC plans took their place from September 2014 to March 2018.',
    },
    plans: {
      column: 'Total_ehc',
      id: 'ehc-plans-by-age-band',
      name: 'EHC plans (by age band, until 2022)',
      description: 'EHC plans in force in January, as published until 2022.',
      note: 'For today’s figures see ehc-plans, which has the same totals and continues them.',
    },
    statements_and_plans: {
      column: 'Total_all',
      id: 'sen-statements-and-ehc-plans',
      name: 'Statements of SEN and EHC plans',
      description: 'Statements of special educational needs and EHC plans in force in January, together.',
    },
  },
});

export default ehcPlansByAgeBand;
