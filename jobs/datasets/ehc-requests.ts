/**
 * Requests for an assessment of education, health and care needs, and what was decided. The releases until 2022 have
 * requests in "SEN2 management information", from 2016, and refusals, from 2014, with the same figures; their refusal rates
 * of 2019 to 2021 are not in the release of 2025, which has the counts.
 */
import { EHC_AUTHORITIES_HIDDEN, ehcPlansFile } from './shared/ehc-plans-file.js';

const ALL = 'all requests received in the year';

const ehcRequests = ehcPlansFile({
  id: 'ehc-requests',
  title: 'Requests for EHC needs assessments',
  description:
    'Requests received in the calendar year for an education, health and care needs assessment: their outcome, whether it came within six weeks, mediation and tribunals, with age, sex and ethnic group.',
  traps: [
    EHC_AUTHORITIES_HIDDEN,
    'Two editions, one series: requests from 2016, refusals from 2014; the refusal rates of 2019 to 2021 are not in the release of 2025, which has the counts.',
  ],
  titleHint: /requests for/i,
  total: 'All requests for EHC needs assessments',
  period: 'CALENDAR_YEAR',
  older: { marker: 'InreqEHC' },
  topic: 'EHC needs assessments',
  unit: 'COUNT',
  counts: {
    requests: {
      column: 'requests_received_in_year',
      older: 'InreqEHC',
      id: 'ehc-requests',
      name: 'Requests for EHC needs assessments',
      description: 'Requests for an EHC needs assessment received in the calendar year.',
    },
    youth_accommodation: {
      column: 'requests_rya',
      older: 'InreqryaEHC',
      description:
        'Requests for an EHC needs assessment of a child or young person in relevant youth accommodation.',
    },
    agreed: {
      column: 'requests_decided_to_assess',
      id: 'ehc-requests-agreed',
      name: 'Requests for EHC needs assessments agreed to',
      description: 'Requests after which the local authority decided to assess.',
      share: {
        column: 'request_assess_pc',
        of: 'requests',
        base: ALL,
        id: 'ehc-request-agreement-rate',
        name: 'Share of requests for EHC needs assessments agreed to',
      },
    },
    refused: {
      column: 'requests_decided_not_to_assess',
      older: 'AssRefusedEHC',
      id: 'ehc-requests-refused',
      name: 'Requests for EHC needs assessments refused',
      description: 'Requests after which the local authority decided not to assess.',
      share: {
        column: 'request_not_assess_pc',
        older: 'AssRefusedEHC_pc',
        of: 'requests',
        base: ALL,
        id: 'ehc-request-refusal-rate',
        name: 'Share of requests for EHC needs assessments refused',
      },
    },
    undecided: {
      column: 'requests_decision_not_made',
      id: 'ehc-requests-undecided',
      name: 'Requests for EHC needs assessments not yet decided',
      description: 'Requests on which the local authority had not decided yet.',
      share: {
        column: 'request_outstanding_pc',
        of: 'requests',
        base: ALL,
        id: 'ehc-request-undecided-rate',
        name: 'Share of requests for EHC needs assessments not yet decided',
      },
    },
    withdrawn: {
      column: 'requests_withdrawn',
      id: 'ehc-requests-withdrawn',
      name: 'Requests for EHC needs assessments withdrawn',
      description: 'Requests withdrawn before a decision was made.',
      share: {
        column: 'request_withdrawn_pc',
        of: 'requests',
        base: ALL,
        id: 'ehc-request-withdrawn-rate',
        name: 'Share of requests for EHC needs assessments withdrawn',
      },
    },
    within_six_weeks: {
      column: 'request_outcome_six_weeks',
      id: 'ehc-requests-within-six-weeks',
      name: 'Requests for EHC needs assessments decided within six weeks',
      description: 'Requests whose outcome came within six weeks, as the law requires.',
      share: {
        column: 'request_outcome_six_weeks_pc',
        base: 'requests with a known time, a base that is not published',
        id: 'ehc-request-within-six-weeks-rate',
        name: 'Share of requests for EHC needs assessments decided within six weeks',
        polarity: 'HIGH',
      },
    },
    after_six_weeks: {
      column: 'request_outcome_over_6_weeks',
      description: 'Requests whose outcome took more than six weeks.',
    },
    mediation: {
      column: 'mediation_related_request',
      id: 'ehc-requests-mediation',
      name: 'Mediation about requests for EHC needs assessments',
      description: 'Requests with a mediation about their outcome.',
    },
    tribunal: {
      column: 'tribunal_related_request',
      id: 'ehc-requests-tribunal',
      name: 'Tribunals about requests for EHC needs assessments',
      description: 'Requests with an appeal to the tribunal about their outcome.',
    },
    tribunal_after_mediation: {
      column: 'tribunal_after_mediation_request',
      description: 'Requests with an appeal to the tribunal about their outcome after a mediation.',
    },
  },
});

export default ehcRequests;
