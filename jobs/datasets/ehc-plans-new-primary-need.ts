/**
 * Primary need of new EHC plans. Unlike the publication's other files this one has no London as a whole, but Inner and
 * Outer London; and in England it counts 97,563 plans in 2024 where the file of new plans counts 97,747: as published.
 */
import { EHC_AUTHORITIES_HIDDEN, ehcPlansFile, PLACEMENT_SUBTOTALS } from './shared/ehc-plans-file.js';
import { primaryNeedCounts } from './shared/ehc-primary-needs.js';

const ehcPlansNewPrimaryNeed = ehcPlansFile({
  id: 'ehc-plans-new-primary-need',
  title: 'New EHC plans each calendar year by primary need',
  description:
    'Education, health and care plans started in the calendar year by the primary type of need, with age, sex, ethnic group and placement. For Inner and Outer London, not for London as a whole.',
  traps: [
    EHC_AUTHORITIES_HIDDEN,
    PLACEMENT_SUBTOTALS,
    'London is published as Inner and Outer London only, unlike in the other EHC plan files.',
    'New plans of 2024 in England are 97,563 here and 97,747 in `ehc-plans-new`: both as published.',
  ],
  titleHint: /primary need: new|new .*primary/i,
  total: 'All EHC plans',
  period: 'CALENDAR_YEAR',
  topic: 'EHC plans by primary need',
  counts: {
    plans: {
      column: 'ehc_plans',
      id: 'ehc-plans-new-with-primary-need',
      name: 'New EHC plans, as counted with their primary need',
      description: 'EHC plans started in the calendar year: the base of the shares by primary need.',
      note: 'In England 97,563 in 2024, where the file of new plans (ehc-plans-new) has 97,747: both as published.',
    },
    ...primaryNeedCounts({
      prefix: 'ehc-plans-new',
      plans: 'new EHC plans',
      whose: 'EHC plans started in the calendar year',
      base: 'all new EHC plans of the year',
    }),
  },
});

export default ehcPlansNewPrimaryNeed;
