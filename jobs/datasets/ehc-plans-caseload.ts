/** EHC plans in place in January, by the local authority that maintains the plan. */
import { ehcPlansFile, SEN2_BREAK } from './shared/ehc-plans-file.js';

const ehcPlansCaseload = ehcPlansFile({
  id: 'ehc-plans-caseload',
  title: 'EHC plans in place each January',
  description:
    'Education, health and care plans in force on the January count day, by the local authority that maintains them, with age, sex, ethnic group and how long the plan has been in place.',
  titleHint: /as at january|number of education, health and care/i,
  total: 'All EHC plans',
  period: 'JANUARY_CENSUS',
  measures: {
    plans: { columns: ['ehcplans'], description: 'Plans in force.' },
    mainstream: { columns: ['mainstream_total'], description: 'Of these, placed in mainstream schools.' },
    special: { columns: ['special_total'], description: 'Of these, placed in special schools.' },
    alternative_provision: {
      columns: ['ap_pru_total'],
      description: 'Of these, placed in alternative provision or pupil referral units.',
    },
    further_education: { columns: ['fe_total'], description: 'Of these, placed in further education.' },
  },
  indicators: [
    {
      id: 'ehc-plans',
      name: 'EHC plans',
      description:
        'Children and young people up to 25 with an education, health and care plan in January, counted by the local authority that maintains the plan. Not comparable with the share of pupils with a plan in an area’s schools.',
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

export default ehcPlansCaseload;
