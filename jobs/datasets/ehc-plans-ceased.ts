/**
 * EHC plans that ceased in the calendar year, by reason. For 63 rows by single year of age the total is one more than
 * the reasons, as published. The releases until 2022 count fewer reasons, in another way: ehc-management-information.
 */
import type { Count } from './shared/counts-and-shares.js';
import { ehcPlansFile, PLACEMENT_SUBTOTALS } from './shared/ehc-plans-file.js';

const REASONS: Record<string, { column: string; words: string; id?: string; name?: string }> = {
  maximum_age: {
    column: 'max_age',
    words: 'because the maximum age was reached',
    id: 'maximum-age',
    name: 'maximum age reached',
  },
  needs_met: {
    column: 'needs_met',
    words: 'because needs are met without a plan',
    id: 'needs-met',
    name: 'needs met without a plan',
  },
  higher_education: {
    column: 'he',
    words: 'because the young person moved on to higher education',
    id: 'higher-education',
    name: 'moved on to higher education',
  },
  employment: {
    column: 'employ',
    words: 'because the young person moved on to paid employment',
    id: 'employment',
    name: 'moved on to paid employment',
  },
  transfer: {
    column: 'transfer',
    words: 'because another local authority took the plan over',
    id: 'transfer',
    name: 'taken over by another local authority',
  },
  no_engagement: {
    column: 'no_engage',
    words: 'because the young person no longer wished to engage in education or training',
    id: 'no-engagement',
    name: 'no longer engaging in education or training',
  },
  moved_out_of_england: { column: 'moved_outside_eng', words: 'because of a move out of England' },
  deceased: { column: 'deceased', words: 'because the child or young person died' },
  not_recorded: { column: 'not_rec', words: 'for a reason that is not recorded' },
  other: { column: 'other', words: 'for another reason', id: 'other', name: 'other reason' },
};

const ehcPlansCeased = ehcPlansFile({
  id: 'ehc-plans-ceased',
  title: 'EHC plans that ceased',
  description:
    'Education, health and care plans that ceased in the calendar year, by reason, with age, sex, ethnic group, placement and how long the plan was held.',
  traps: [
    PLACEMENT_SUBTOTALS,
    'For 63 rows by single year of age the total is one more than its reasons, as published.',
    'Releases until 2022 count fewer reasons, in another way: `ehc-management-information`.',
  ],
  titleHint: /ceased/i,
  total: 'All ceased EHC plans',
  period: 'CALENDAR_YEAR',
  counts: {
    ceased: {
      column: 'total_ceased',
      id: 'ehc-plans-ceased',
      name: 'EHC plans that ceased',
      description: 'EHC plans that ceased in the calendar year.',
    },
    ...Object.fromEntries(
      Object.entries(REASONS).map(([measure, { column, words, id, name }]): [string, Count] => [
        measure,
        {
          column,
          description: `EHC plans that ceased in the calendar year ${words}.`,
          ...(id ? { id: `ehc-plans-ceased-${id}`, name: `EHC plans that ceased: ${name}` } : {}),
        },
      ]),
    ),
  },
});

export default ehcPlansCeased;
