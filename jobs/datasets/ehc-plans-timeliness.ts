/**
 * How long it takes to issue an EHC plan: within the 20 weeks that the law allows, within a year, or longer. The
 * releases until 2022 have the first in "SEN2 management information", from 2014, with the same figures.
 */
import type { Count } from './shared/counts-and-shares.js';
import { EHC_AUTHORITIES_HIDDEN, ehcPlansFile } from './shared/ehc-plans-file.js';

const ALL = 'all EHC plans issued in the year';
const WITHOUT = 'the EHC plans issued in the year that had no exception';

const later = (
  measure: string,
  [all, allPercent]: [string, string],
  [without, withoutPercent]: [string, string],
  words: string,
  id: string,
): Record<string, Count> => ({
  [measure]: {
    column: all,
    description: `EHC plans issued in the calendar year ${words}, counted from the request.`,
    id: `ehc-plans-${id}`,
    name: `New EHC plans issued ${words}`,
    share: {
      column: allPercent,
      of: 'issued',
      base: ALL,
      id: `ehc-plans-${id}-rate`,
      name: `New EHC plans issued ${words} (all)`,
      polarity: 'LOW',
    },
  },
  [`${measure}_excluding_exceptions`]: {
    column: without,
    description: `EHC plans issued in the calendar year ${words}, counted from the request, without those that had an exception.`,
    share: {
      column: withoutPercent,
      of: 'issued_excluding_exceptions',
      base: WITHOUT,
      id: `ehc-plans-${id}-excluding-exceptions-rate`,
      name: `New EHC plans issued ${words} (excluding exceptions)`,
      polarity: 'LOW',
    },
  },
});

const ehcPlansTimeliness = ehcPlansFile({
  id: 'ehc-plans-timeliness',
  title: 'EHC plans issued within 20 weeks',
  description:
    'Education, health and care plans issued in the calendar year by the time taken from the request, all and leaving out the exceptions that the law allows, with age, sex and ethnic group.',
  traps: [
    EHC_AUTHORITIES_HIDDEN,
    'Twenty weeks with and without the plans that had an exception are two indicators.',
    'Two editions, one series from 2014. The way of collecting changed in 2023 (`breaks`).',
  ],
  titleHint: /timeliness|20 weeks/i,
  total: 'All EHC plans issued',
  period: 'CALENDAR_YEAR',
  older: { marker: 'TotIncExcEHC' },
  counts: {
    issued: {
      column: 'plans_issued_den',
      older: 'TotIncExcEHC',
      id: 'ehc-plans-issued',
      name: 'EHC plans issued, with a known time since the request',
      description: 'EHC plans issued in the calendar year: the base of the share issued within 20 weeks.',
      note: 'A little less than the new EHC plans of the year (ehc-plans-new): plans whose time is not known are left out.',
    },
    issued_excluding_exceptions: {
      column: 'plans_issued_den_ex',
      older: 'TotNoExcEHC',
      description: 'EHC plans issued in the calendar year, without those that had an exception.',
    },
    within_20_weeks: {
      column: 'plans_issued_within_20_weeks',
      older: 'IncExc20weekEHC',
      id: 'ehc-plans-within-20-weeks',
      name: 'New EHC plans issued within 20 weeks',
      description: 'EHC plans issued in the calendar year within 20 weeks of the request.',
      note: 'Those where the law allows an exception are counted.',
      share: {
        column: 'pc_plans_issued_within_20_weeks',
        older: 'IncExc20weekRate',
        of: 'issued',
        base: ALL,
        id: 'ehc-plans-within-20-weeks-rate',
        name: 'New EHC plans issued within 20 weeks (all)',
        polarity: 'HIGH',
      },
    },
    within_20_weeks_excluding_exceptions: {
      column: 'plans_issued_20_weeks_ex',
      older: 'NoExc20weekEHC',
      description:
        'EHC plans issued in the calendar year within 20 weeks of the request, without those that had an exception.',
      share: {
        column: 'PC_plans_issued_20_weeks_ex',
        older: 'NoExc20weekRate',
        of: 'issued_excluding_exceptions',
        base: WITHOUT,
        id: 'ehc-plans-within-20-weeks-excluding-exceptions-rate',
        name: 'New EHC plans issued within 20 weeks (excluding exceptions)',
        polarity: 'HIGH',
      },
    },
    ...later(
      'within_year',
      ['plans_issued_gt20weeks_ltYear', 'pc_plans_issued_gt20weeks_ltYear'],
      ['plans_issued_gt20weeks_ltYear_ex', 'PC_plans_issued_gt20weeks_ltYear_ex'],
      'after 20 weeks but within a year',
      'after-20-weeks-within-a-year',
    ),
    ...later(
      'after_year',
      ['plans_issued_gt_1_year', 'pc_plans_issued_gt_1_year'],
      ['plans_issued_gt_1_year_ex', 'PC_plans_issued_gt_1_year_ex'],
      'after more than a year',
      'after-a-year',
    ),
  },
});

export default ehcPlansTimeliness;
