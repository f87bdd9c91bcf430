/**
 * EHC plans in place in January, by the local authority that maintains the plan. The releases until 2022 have the
 * totals in "EHC plans by age", from 2010, under the calendar year; where both editions have a figure they agree.
 * In England and two regions the shares of 2023/24 leave out the authorities whose placements are not available.
 */

import { placementCounts } from './shared/ehc-placements.js';
import { BY_MAINTAINING_AUTHORITY, EHC_AUTHORITIES_HIDDEN, ehcPlansFile } from './shared/ehc-plans-file.js';

const ehcPlansCaseload = ehcPlansFile({
  id: 'ehc-plans-caseload',
  title: 'EHC plans in place each January',
  description:
    'Education, health and care plans in force on the January count day, by the local authority that maintains them and by placement, with age, sex, ethnic group and how long the plan has been in place.',
  traps: [
    BY_MAINTAINING_AUTHORITY,
    EHC_AUTHORITIES_HIDDEN,
    'Two editions, one series from January 2010; where both have a figure they agree. The way of collecting changed in 2023 (`breaks`).',
    'In England and two regions the shares of January 2024 leave out the authorities whose placements are not available.',
  ],
  titleHint: /as at january|number of education, health and care|^ehc plans by age/i,
  total: 'All EHC plans',
  period: 'JANUARY_CENSUS',
  older: { marker: 'characteristic_age', partsIn: 'ehc-plans-by-age-band' },
  counts: {
    plans: {
      column: 'ehcplans',
      older: 'Total_ehc',
      id: 'ehc-plans',
      name: 'EHC plans',
      description:
        'Children and young people up to 25 with an education, health and care plan in January, counted by the local authority that maintains the plan.',
      note: 'Not comparable with the share of pupils with a plan in an area’s schools.',
    },
    ...placementCounts({
      idPrefix: 'ehc-plans',
      name: 'EHC plans',
      whose: 'Children and young people with an EHC plan in January,',
      base: 'all EHC plans in January',
    }),
  },
});

export default ehcPlansCaseload;
