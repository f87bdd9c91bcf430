/**
 * What "SEN2 management information" alone counts, only in the releases until 2022: work not decided at the end of the
 * year, plans and statements that ceased, statements turned into plans, mediation and tribunals about any decision.
 * Its requests, assessments, timeliness and personal budgets are older editions of data sets of their own. Of its
 * transfers between schools (Mtosi, Sitom, MtoPar, SitoPar) no description could be had: they are not read.
 */
import { pastEhcPlansFile } from './shared/ehc-plans-file.js';

const ehcManagementInformation = pastEhcPlansFile({
  id: 'ehc-management-information',
  title: 'EHC plans and statements of SEN: management information, 2014 to 2021',
  description:
    'Decisions, discontinued plans and statements, transfers from statements to plans, mediation and tribunals in the calendar year: published until 2022.',
  traps: [
    'Published until 2022: looking for it in a later release is no fault.',
    'Its transfers between schools are not read: no description of them could be had.',
  ],
  titleHint: /management information|discontinued plans/i,
  period: 'CALENDAR_YEAR',
  filters: [],
  topic: 'EHC plans',
  counts: {
    decided: {
      column: 'NewallEHC_AssnoneEHC_sum',
      description: 'Children and young people assessed for whom a plan was issued or it was decided not to.',
    },
    not_issued: {
      column: 'AssnoneEHC',
      description: 'Assessments after which it was decided not to issue an EHC plan.',
      share: {
        column: 'AssnoneEHC_pc',
        of: 'decided',
        base: 'those decided for or against a plan in the year',
        id: 'ehc-assessment-plan-not-issued-of-decided-rate',
        name: 'Share of decisions on EHC plans that were against one (until 2021)',
      },
    },
    undecided: {
      column: 'AssnodecisionEHC',
      unit: 'COUNT',
      id: 'ehc-assessments-undecided-at-year-end',
      name: 'EHC needs assessments not decided at the end of the year (until 2021)',
      description:
        'Children and young people who at the end of the calendar year were being assessed, or had been and awaited the decision on an EHC plan.',
    },
    plans_discontinued_transfer: {
      column: 'DisleaEHC',
      id: 'ehc-plans-discontinued-transfer',
      name: 'EHC plans discontinued: moved to another local authority (until 2021)',
      description: 'EHC plans discontinued because of a transfer to another local authority.',
    },
    plans_discontinued_needs_met: {
      column: 'DismetEHC',
      id: 'ehc-plans-discontinued-needs-met',
      name: 'EHC plans discontinued: needs met without a plan (until 2021)',
      description: 'EHC plans discontinued because special needs are met without one.',
    },
    plans_discontinued_left: {
      column: 'DisleftEHC',
      id: 'ehc-plans-discontinued-left-school',
      name: 'EHC plans discontinued: left school (until 2021)',
      description:
        'EHC plans discontinued because of leaving school at the end of compulsory schooling or after.',
    },
    plans_discontinued_other: {
      column: 'DisothEHC',
      id: 'ehc-plans-discontinued-other',
      name: 'EHC plans discontinued: other reasons (until 2021)',
      description: 'EHC plans discontinued for other reasons.',
    },
    statements_to_plans: {
      column: 'StatementstoEHC',
      id: 'sen-statements-transferred-to-ehc-plans',
      name: 'Statements of SEN transferred to EHC plans (2014 to 2018)',
      description: 'Statements of special educational needs for which an EHC plan was issued instead.',
    },
    statements_to_no_plan: {
      column: 'StatementstoNoEHC',
      id: 'sen-statements-not-transferred-to-ehc-plans',
      name: 'Statements of SEN not transferred to EHC plans (2014 to 2018)',
      description: 'Statements of special educational needs after which no EHC plan was issued.',
    },
    mediation: {
      column: 'NewEHCMediation',
      unit: 'COUNT',
      id: 'ehc-mediation',
      name: 'Mediation about EHC plans (until 2021)',
      description: 'Mediation cases held in the calendar year about any decision on EHC plans.',
    },
    tribunal_after_mediation: {
      column: 'NewEHCTribunal',
      unit: 'COUNT',
      id: 'ehc-tribunal-after-mediation',
      name: 'Appeals to the tribunal after mediation about EHC plans (until 2021)',
      description: 'Mediation cases about EHC plans that were followed by an appeal to the tribunal.',
      share: {
        column: 'NewEHCTribunal_pc',
        of: 'mediation',
        base: 'all mediation cases held',
        id: 'ehc-tribunal-after-mediation-rate',
        name: 'Share of mediation cases about EHC plans followed by an appeal (until 2021)',
      },
    },
  },
});

export default ehcManagementInformation;
