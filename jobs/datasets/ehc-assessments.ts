/**
 * Assessments of education, health and care needs, and what came of them. The releases until 2022 have plans issued and
 * not issued in "SEN2 management information", from 2014, with the same figures; their percentages have another base
 * (without those withdrawn), so they are not read here.
 */
import { EHC_AUTHORITIES_HIDDEN, ehcPlansFile } from './shared/ehc-plans-file.js';

const ALL = 'all assessments of the year';
const NOT_ISSUED = 'the decisions not to issue a plan whose time is known, a base that is not published';

const ehcAssessments = ehcPlansFile({
  id: 'ehc-assessments',
  title: 'EHC needs assessments',
  description:
    'Education, health and care needs assessments of the calendar year: whether a plan was issued, whether a decision against one came in time, mediation and tribunals, with age, sex and ethnic group.',
  traps: [
    EHC_AUTHORITIES_HIDDEN,
    'For 2022 the parts add up to 130 more than the total in England.',
    'Plans issued in 2024 are 98,547 here and 97,747 in `ehc-plans-new`: both as published.',
    'Two editions, one series from 2014. The way of collecting changed in 2023 (`breaks`).',
  ],
  titleHint: /^ehc needs assessments|number of ehc needs assessments/i,
  total: 'All EHC needs assessments',
  period: 'CALENDAR_YEAR',
  older: { marker: 'AssnoneEHC' },
  topic: 'EHC needs assessments',
  unit: 'COUNT',
  counts: {
    assessments: {
      column: 'assess_in_year',
      id: 'ehc-assessments',
      name: 'EHC needs assessments',
      description: 'EHC needs assessments in the calendar year.',
      note: 'For 2022 the parts add up to 130 more than the total in England, as published.',
    },
    issued: {
      column: 'assess_issued',
      older: 'NewallEHC',
      id: 'ehc-assessments-plan-issued',
      name: 'EHC needs assessments after which a plan was issued',
      description: 'EHC needs assessments after which a plan was issued.',
      note: 'In England 98,547 in 2024, where the file of new plans (ehc-plans-new) has 97,747: both as published.',
      share: {
        column: 'assess_issued_pc',
        of: 'assessments',
        base: ALL,
        id: 'ehc-assessment-plan-issued-rate',
        name: 'Share of EHC needs assessments after which a plan was issued',
      },
    },
    not_issued: {
      column: 'assess_not_issued',
      older: 'AssnoneEHC',
      id: 'ehc-assessments-plan-not-issued',
      name: 'EHC needs assessments after which no plan was issued',
      description: 'EHC needs assessments after which it was decided not to issue a plan.',
      share: {
        column: 'assess_not_issued_pc',
        of: 'assessments',
        base: ALL,
        id: 'ehc-assessment-plan-not-issued-rate',
        name: 'Share of EHC needs assessments after which no plan was issued',
      },
    },
    undecided: {
      column: 'assess_not_made',
      description: 'EHC needs assessments after which no decision had been made yet.',
      share: {
        column: 'assess_not_made_pc',
        of: 'assessments',
        base: ALL,
        id: 'ehc-assessment-undecided-rate',
        name: 'Share of EHC needs assessments not yet decided',
      },
    },
    withdrawn: {
      column: 'assess_withdrawn',
      id: 'ehc-assessments-withdrawn',
      name: 'EHC needs assessments withdrawn',
      description: 'EHC needs assessments withdrawn before a decision.',
      share: {
        column: 'assess_withdrawn_pc',
        of: 'assessments',
        base: ALL,
        id: 'ehc-assessment-withdrawn-rate',
        name: 'Share of EHC needs assessments withdrawn',
      },
    },
    not_issued_in_time: {
      column: 'outcome_decision_within_time',
      description: 'Decisions not to issue a plan, within the time that the law allows.',
      share: {
        column: 'outcome_decision_within_time_pc',
        base: NOT_ISSUED,
        id: 'ehc-assessment-plan-not-issued-in-time-rate',
        name: 'Share of decisions not to issue an EHC plan made in time',
        polarity: 'HIGH',
      },
    },
    not_issued_late: {
      column: 'outcome_decision_over_time',
      description: 'Decisions not to issue a plan, after the time that the law allows.',
    },
    mediation: {
      column: 'number_assess_mediation',
      id: 'ehc-assessments-mediation',
      name: 'Mediation about whether to issue an EHC plan',
      description: 'Assessments with a mediation about whether a plan is issued.',
    },
    tribunal: {
      column: 'number_assess_tribunal',
      id: 'ehc-assessments-tribunal',
      name: 'Tribunals about whether to issue an EHC plan',
      description: 'Assessments with an appeal to the tribunal about whether a plan is issued.',
    },
    tribunal_after_mediation: {
      column: 'number_asssess_mediation_tribunal',
      description:
        'Assessments with an appeal to the tribunal about whether a plan is issued, after a mediation.',
    },
    other_mediation: {
      column: 'number_other_mediation',
      description: 'Assessments with a mediation about anything else.',
    },
    other_tribunal: {
      column: 'number_other_tribunal',
      description: 'Assessments with an appeal to the tribunal about anything else.',
    },
    other_tribunal_after_mediation: {
      column: 'number_other_mediation_tribunal',
      description: 'Assessments with an appeal to the tribunal about anything else, after a mediation.',
    },
  },
});

export default ehcAssessments;
