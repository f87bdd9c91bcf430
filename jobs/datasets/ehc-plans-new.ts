/**
 * New EHC plans: those issued in the calendar year. The releases until 2022 have the totals in "New EHC plans by
 * age", from 2009; where both editions have a figure they agree. Known faults of the release of 2025, kept as published:
 * the 15 authorities of Yorkshire and The Humber each have their region's 6,078 plans for 2022 (their placements are
 * their own), and the file of primary needs counts 97,563 new plans in 2024 where this one counts 97,747.
 */

import { placementCounts } from './shared/ehc-placements.js';
import { BY_MAINTAINING_AUTHORITY, EHC_AUTHORITIES_HIDDEN, ehcPlansFile } from './shared/ehc-plans-file.js';

const ehcPlansNew = ehcPlansFile({
  id: 'ehc-plans-new',
  title: 'New EHC plans each calendar year',
  description:
    'Education, health and care plans started in the calendar year, by local authority and placement, with age, sex and ethnic group.',
  traps: [
    BY_MAINTAINING_AUTHORITY,
    EHC_AUTHORITIES_HIDDEN,
    'In the release of 2025 each of the 15 local authorities of Yorkshire and The Humber has its region’s 6,078 new plans for 2022: kept as published, and told in `findings`.',
    'New plans of 2024 in England are 97,747 here and 97,563 in `ehc-plans-new-primary-need`: both as published.',
    'Two editions, one series from 2009. The way of collecting changed in 2023 (`breaks`).',
  ],
  titleHint: /new ehc plans/i,
  total: 'New EHC plans',
  period: 'CALENDAR_YEAR',
  older: { marker: 'characteristic_age', partsIn: 'ehc-plans-new-by-age-band' },
  withdrawn: [
    {
      place: '420',
      period: '2019',
      note: 'The Isles of Scilly, which had no new plan in 2019: later releases have no row for it.',
    },
  ],
  counts: {
    plans: {
      column: 'new_ehc_plans',
      older: 'Total_new_ehc',
      id: 'ehc-plans-new',
      name: 'New EHC plans',
      description: 'Education, health and care plans started in the calendar year.',
      note: 'In the 2025 release each local authority of Yorkshire and The Humber has its region’s 6,078 for 2022, and the count by primary need (ehc-plans-new-with-primary-need) is 97,563 for 2024 where this one is 97,747: both as published.',
    },
    ...placementCounts({
      idPrefix: 'ehc-plans-new',
      name: 'new EHC plans',
      whose: 'Children and young people whose EHC plan started in the calendar year,',
      base: 'all new EHC plans of the year',
    }),
  },
});

export default ehcPlansNew;
