/** New EHC plans: those issued in the calendar year. */
import { ehcPlansFile, SEN2_BREAK } from './shared/ehc-plans-file.js';

const ehcPlansNew = ehcPlansFile({
  id: 'ehc-plans-new',
  title: 'New EHC plans each calendar year',
  description:
    'Education, health and care plans started in the calendar year, by local authority, with age, sex and ethnic group.',
  titleHint: /new ehc plans/i,
  total: 'New EHC plans',
  period: 'CALENDAR_YEAR',
  measures: {
    plans: { columns: ['new_ehc_plans'], description: 'Plans started in the year.' },
    mainstream: { columns: ['mainstream_total'], description: 'Of these, placed in mainstream schools.' },
    special: { columns: ['special_total'], description: 'Of these, placed in special schools.' },
  },
  indicators: [
    {
      id: 'ehc-plans-new',
      name: 'New EHC plans',
      description: 'Education, health and care plans started in the calendar year.',
      topic: 'EHC plans',
      unit: 'PLANS',
      decimals: 0,
      polarity: 'NONE',
      measure: 'plans',
      additive: true,
      breaks: [SEN2_BREAK],
    },
  ],
});

export default ehcPlansNew;
