/** How many EHC plans are issued within the 20 weeks that the law allows. */
import { ehcPlansFile, SEN2_BREAK } from './shared/ehc-plans-file.js';

const ehcPlansTimeliness = ehcPlansFile({
  id: 'ehc-plans-timeliness',
  title: 'EHC plans issued within 20 weeks',
  description:
    'Education, health and care plans issued in the calendar year by the time taken from the request, all and leaving out the exceptions that the law allows.',
  titleHint: /timeliness|20 weeks/i,
  total: 'All EHC plans issued',
  period: 'CALENDAR_YEAR',
  measures: {
    issued: { columns: ['plans_issued_den'], description: 'Plans issued.' },
    issued_excluding_exceptions: {
      columns: ['plans_issued_den_ex'],
      description: 'Plans issued, without those that had an exception.',
    },
    within_20_weeks: {
      columns: ['plans_issued_within_20_weeks'],
      description: 'Plans issued within 20 weeks.',
    },
    within_20_weeks_excluding_exceptions: {
      columns: ['plans_issued_20_weeks_ex'],
      description: 'Plans issued within 20 weeks, without those that had an exception.',
    },
    within_20_weeks_rate: {
      columns: ['pc_plans_issued_within_20_weeks'],
      description: 'Share issued within 20 weeks, in per cent.',
    },
    within_20_weeks_excluding_exceptions_rate: {
      columns: ['PC_plans_issued_20_weeks_ex'],
      description: 'Share issued within 20 weeks, without those that had an exception, in per cent.',
    },
  },
  indicators: [
    {
      id: 'ehc-plans-within-20-weeks-rate',
      name: 'New EHC plans issued within 20 weeks (all)',
      description:
        'Of the EHC plans issued in the calendar year, the share issued within 20 weeks of the request, counting those where the law allows an exception.',
      topic: 'EHC plans',
      unit: 'PERCENT',
      decimals: 1,
      polarity: 'HIGH',
      measure: 'within_20_weeks_rate',
      rate: { numerator: 'within_20_weeks', denominator: 'issued', per: 100 },
      additive: false,
      breaks: [SEN2_BREAK],
    },
    {
      id: 'ehc-plans-within-20-weeks-excluding-exceptions-rate',
      name: 'New EHC plans issued within 20 weeks (excluding exceptions)',
      description:
        'Of the EHC plans issued in the calendar year without an exception, the share issued within 20 weeks of the request.',
      topic: 'EHC plans',
      unit: 'PERCENT',
      decimals: 1,
      polarity: 'HIGH',
      measure: 'within_20_weeks_excluding_exceptions_rate',
      rate: {
        numerator: 'within_20_weeks_excluding_exceptions',
        denominator: 'issued_excluding_exceptions',
        per: 100,
      },
      additive: false,
      breaks: [SEN2_BREAK],
    },
  ],
});

export default ehcPlansTimeliness;
