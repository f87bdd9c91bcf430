/**
 * Personal budgets of EHC plans. The parts overlap: a budget can have several. The releases until 2022 have them in
 * "SEN2 management information", from 2014, under the calendar year before the January: the release of 2025 has the same
 * figures under the academic year of that January.
 */
import { EHC_AUTHORITIES_HIDDEN, ehcPlansFile, PLACEMENT_SUBTOTALS } from './shared/ehc-plans-file.js';

const ehcPersonalBudgets = ehcPlansFile({
  id: 'ehc-personal-budgets',
  title: 'Personal budgets of EHC plans',
  description:
    'Education, health and care plans with a personal budget in January, by what it covers, with age, sex, ethnic group and placement. One budget can be counted under several of its parts.',
  traps: [
    EHC_AUTHORITIES_HIDDEN,
    PLACEMENT_SUBTOTALS,
    'The parts overlap: one budget can have several, so they do not add up to the plans with a budget.',
    'The older edition writes the calendar year before the January that it counts.',
  ],
  titleHint: /personal budget/i,
  total: 'All personal budgets',
  period: 'JANUARY_CENSUS',
  older: { marker: 'PersonalBudgets', januaryAfter: 1 },
  topic: 'EHC plans: personal budgets',
  counts: {
    personal_budgets: {
      column: 'personal_budget',
      older: 'PersonalBudgets',
      id: 'ehc-personal-budgets',
      name: 'EHC plans with a personal budget',
      description: 'EHC plans with a personal budget in place.',
    },
    organised_arrangements: {
      column: 'org_arrangments',
      older: 'OrgArrangements',
      id: 'ehc-personal-budgets-organised-arrangements',
      name: 'Personal budgets with organised arrangements',
      description: 'Personal budgets of EHC plans with organised arrangements.',
    },
    health: {
      column: 'pb_health',
      older: 'DirectPayHealth',
      id: 'ehc-personal-budgets-health',
      name: 'Personal budgets with direct payments for health',
      description: 'Personal budgets of EHC plans with a direct payment for health.',
    },
    education: {
      column: 'pb_education',
      older: 'DirectPayEducation',
      id: 'ehc-personal-budgets-education',
      name: 'Personal budgets with direct payments for education',
      description: 'Personal budgets of EHC plans with a direct payment for education.',
    },
    social_care: {
      column: 'pb_social',
      older: 'DirectPaySocialCare',
      id: 'ehc-personal-budgets-social-care',
      name: 'Personal budgets with direct payments for social care',
      description: 'Personal budgets of EHC plans with a direct payment for social care.',
    },
    integrated: {
      column: 'pb_integrated',
      older: 'DirectPayIntegrated',
      id: 'ehc-personal-budgets-integrated',
      name: 'Personal budgets with integrated direct payments',
      description:
        'Personal budgets of EHC plans with a direct payment that covers several of education, health and social care.',
    },
  },
});

export default ehcPersonalBudgets;
