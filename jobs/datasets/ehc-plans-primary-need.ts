/**
 * Primary need of all EHC plans in January. For severe and specific learning difficulty England is not the sum of its
 * authorities (25,681 and 14,374 in 2025, where they add up to 25,025 and 15,030), and Surrey's two shares are not its
 * counts over its plans: as published.
 */
import { EHC_AUTHORITIES_HIDDEN, ehcPlansFile, PLACEMENT_SUBTOTALS } from './shared/ehc-plans-file.js';
import { primaryNeedCounts } from './shared/ehc-primary-needs.js';

const ehcPlansPrimaryNeed = ehcPlansFile({
  id: 'ehc-plans-primary-need',
  title: 'EHC plans in place each January by primary need',
  description:
    'Education, health and care plans in force on the January count day by the primary type of need, with age, sex, ethnic group, placement and how long the plan has been in place.',
  traps: [
    EHC_AUTHORITIES_HIDDEN,
    PLACEMENT_SUBTOTALS,
    'For severe and specific learning difficulty England is not the sum of its authorities (25,681 and 14,374 in 2025, where they add up to 25,025 and 15,030).',
  ],
  titleHint: /primary need: all|january each year.*primary/i,
  total: 'All EHC plans',
  period: 'JANUARY_CENSUS',
  topic: 'EHC plans by primary need',
  counts: {
    plans: {
      column: 'ehc_plans',
      id: 'ehc-plans-with-primary-need',
      name: 'EHC plans, as counted with their primary need',
      description:
        'EHC plans in January: the base of the shares by primary need, and the same plans as ehc-plans.',
    },
    ...primaryNeedCounts({
      prefix: 'ehc-plans',
      plans: 'EHC plans',
      whose: 'EHC plans in January',
      base: 'all EHC plans in January',
    }),
  },
});

export default ehcPlansPrimaryNeed;
