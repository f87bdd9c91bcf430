// Writes the EHC plan files about the process, in the publisher's format of 2025: requests, assessments, reviews, plans
// that ceased, primary needs, personal budgets, residential and work-based placements.
// Rule: columns and titles are the publisher's, misspellings and the duplicate column of the reviews included.
import { type Cell, type SampleFile, statisticsFile } from './csv.js';
import { inCalendarYear, inJanuary, RECORDS_SINCE } from './ehc-files.js';
import { EHC_PLACE, NOT_AVAILABLE, percentage } from './ehc-placements.js';
import type { PlanYear } from './ehc-plans.js';
import { type ProcessYear, processOf } from './ehc-process.js';
import { type CountedYear, rowsOf, SEXES } from './ehc-rows.js';
import { Random } from './random.js';

interface ProcessFile {
  /** Made up names of ours: the platform shows only identifiers. */
  name: string;
  title: string;
  total: string;
  counted: 'in January' | 'in the calendar year';
  /** How many of the last years it is published for. */
  years: number;
  counts: keyof ProcessYear;
  columns: readonly string[];
  cells: (counts: readonly number[]) => Cell[];
  /** Columns that were collected before there were records of persons; the others are x then. */
  before?: readonly string[];
  londonHalves?: boolean;
}

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

/** Where a plan stands in its review: meeting, decision, outcome, and whether that took four weeks. */
const REVIEW_STATES = [
  ['review_not_expected'],
  ['no_review_meeting'],
  ['review_meeting_24', 'review_decision24', 'outcome_amend', 'number_decsion_4weeks'],
  ['review_meeting_24', 'review_decision24', 'outcome_maintan', 'number_decision_gt_4weeks'],
  ['review_meeting_24', 'review_decision25', 'outcome_amend', 'number_decision_gt_4weeks'],
  ['review_meeting_prior_24', 'review_decision_prior24', 'outcome_maintan', 'number_decsion_4weeks'],
  ['review_meeting_prior_24', 'review_decision_prior24', 'outcome_cease', 'number_decision_gt_4weeks'],
  ['review_meeting_25', 'review_decision_not_due', 'no_outcome'],
  ['review_meeting_24', 'review_decision_outstanding', 'no_outcome'],
] as const;

function reviewCells(counts: readonly number[]): Cell[] {
  const of = (column: string): number =>
    sum(counts.filter((_, i) => (REVIEW_STATES[i] as readonly string[]).includes(column)));
  const [all, notExpected, noMeeting] = [sum(counts), of('review_not_expected'), of('no_review_meeting')];
  const [soon, late] = [of('number_decsion_4weeks'), of('number_decision_gt_4weeks')];
  const totals: Record<string, Cell> = {
    total_ehc_plans: all,
    review_expected: all - notExpected,
    total_review_meeting: all - notExpected - noMeeting,
    pc_decsion_4weeks: percentage(soon, soon + late),
    pc_decision_gt_4weeks: percentage(late, soon + late),
  };
  return REVIEW_COLUMNS.map((column) => totals[column] ?? of(column));
}

const REVIEW_COLUMNS =
  'total_ehc_plans,review_expected,review_not_expected,review_meeting_25,review_meeting_24,review_meeting_prior_24,review_meeting_prior_24,total_review_meeting,no_review_meeting,review_decision25,review_decision24,review_decision_prior24,review_decision_not_due,review_decision_outstanding,outcome_amend,outcome_cease,outcome_maintan,no_outcome,number_decsion_4weeks,number_decision_gt_4weeks,pc_decsion_4weeks,pc_decision_gt_4weeks'.split(
    ',',
  );

const NEEDS = 'asd hi mld msi oth pd pmld semh slcn sld spld vi'.split(' ');
const NEED_COLUMNS = [
  'ehc_plans',
  ...NEEDS.map((need) => `number_${need}`),
  'number_need_unknown',
  ...NEEDS.map((need) => `${need}_pc`),
  'unknown_pc',
];
const needCells = (counts: readonly number[]): Cell[] => [
  sum(counts),
  ...counts,
  ...counts.map((count) => percentage(count, sum(counts))),
];

function requestCells(counts: readonly number[]): Cell[] {
  const [agreedSoon, agreedLate, refusedSoon, refusedLate, undecided, withdrawn, youth, ...disputes] =
    counts as number[];
  const [mediation, tribunal, both] = disputes as [number, number, number];
  const received = sum(counts.slice(0, 6));
  const parts = [agreedSoon! + agreedLate!, refusedSoon! + refusedLate!, undecided!, withdrawn!];
  const [soon, late] = [agreedSoon! + refusedSoon!, agreedLate! + refusedLate!];
  return [
    received,
    youth!,
    ...parts,
    ...parts.map((part) => percentage(part, received)),
    soon,
    late,
    percentage(soon, soon + late),
    percentage(late, soon + late),
    mediation + both,
    tribunal + both,
    both,
  ];
}

function assessmentCells(counts: readonly number[]): Cell[] {
  const [issued, soon, late, notMade, withdrawn, ...disputes] = counts as [
    number,
    number,
    number,
    number,
    number,
    ...number[],
  ];
  const all = issued + soon + late + notMade + withdrawn;
  const [mediation, tribunal, both, otherMediation, otherTribunal, otherBoth] = disputes as number[];
  return [
    all,
    ...[issued, soon + late, notMade, withdrawn].flatMap((count) => [count, percentage(count, all)]),
    soon,
    late,
    percentage(soon, soon + late),
    percentage(late, soon + late),
    mediation! + both!,
    tribunal! + both!,
    both!,
    otherMediation! + otherBoth!,
    otherTribunal! + otherBoth!,
    otherBoth!,
  ];
}

export const PROCESS_FILES: readonly ProcessFile[] = [
  {
    name: 'requests',
    title: 'Number of requests for an EHC needs assessment, and the request outcomes',
    total: 'All requests for EHC needs assessments',
    counted: 'in the calendar year',
    years: 6,
    counts: 'requests',
    columns:
      'requests_received_in_year,requests_rya,requests_decided_to_assess,requests_decided_not_to_assess,requests_decision_not_made,requests_withdrawn,request_assess_pc,request_not_assess_pc,request_outstanding_pc,request_withdrawn_pc,request_outcome_six_weeks,request_outcome_over_6_weeks,request_outcome_six_weeks_pc,request_outcome_over_6_weeks_pc,mediation_related_request,tribunal_related_request,tribunal_after_mediation_request'.split(
        ',',
      ),
    cells: requestCells,
    before: ['requests_received_in_year', 'requests_rya', 'requests_decided_not_to_assess'],
  },
  {
    name: 'assessments',
    title: 'Number of EHC needs assessments, and the assessment outcomes',
    total: 'All EHC needs assessments',
    counted: 'in the calendar year',
    years: 6,
    counts: 'assessments',
    columns:
      'assess_in_year,assess_issued,assess_issued_pc,assess_not_issued,assess_not_issued_pc,assess_not_made,assess_not_made_pc,assess_withdrawn,assess_withdrawn_pc,outcome_decision_within_time,outcome_decision_over_time,outcome_decision_within_time_pc,outcome_decision_over_time_pc,number_assess_mediation,number_assess_tribunal,number_asssess_mediation_tribunal,number_other_mediation,number_other_tribunal,number_other_mediation_tribunal'.split(
        ',',
      ),
    cells: assessmentCells,
    before: ['assess_issued', 'assess_not_issued'],
  },
  {
    name: 'annual reviews',
    title: 'Number of annual reviews of EHC plans',
    total: 'All annual reviews',
    counted: 'in the calendar year',
    years: 1,
    counts: 'reviews',
    columns: REVIEW_COLUMNS,
    cells: reviewCells,
  },
  {
    name: 'ceased',
    title: 'Number of EHC plans which ceased during the calendar year',
    total: 'All ceased EHC plans',
    counted: 'in the calendar year',
    years: 4,
    counts: 'ceased',
    columns:
      'max_age,needs_met,he,employ,transfer,no_engage,moved_outside_eng,deceased,not_rec,other,total_ceased'.split(
        ',',
      ),
    cells: (counts) => [...counts, sum(counts)],
  },
  {
    name: 'primary need',
    title: 'Number of education, health (EHC) plans as at January each year, by their primary type of need',
    total: 'All EHC plans',
    counted: 'in January',
    years: 1,
    counts: 'needs',
    columns: NEED_COLUMNS,
    cells: needCells,
  },
  {
    name: 'primary need of new plans',
    title: 'Number of new EHC plans during the calendar year, by their primary type of need',
    total: 'All EHC plans',
    counted: 'in the calendar year',
    years: 1,
    counts: 'newNeeds',
    columns: NEED_COLUMNS,
    cells: needCells,
    londonHalves: true,
  },
  {
    name: 'personal budgets',
    title: 'Number of EHC plans with a personal budget in place',
    total: 'All personal budgets',
    counted: 'in January',
    years: 6,
    counts: 'budgets',
    columns: 'personal_budget,org_arrangments,pb_health,pb_education,pb_social,pb_integrated'.split(','),
    cells: (counts) => [sum(counts), ...counts],
  },
  {
    name: 'residential settings',
    title: 'Residential settings',
    total: 'All residential placements',
    counted: 'in January',
    years: 6,
    counts: 'residential',
    columns: ['Res_3851', 'Res_52', 'Res_tot'],
    cells: (counts) => [...counts, sum(counts)],
  },
  {
    name: 'work based placements',
    title: 'Work based placements',
    total: 'All work based placements',
    counted: 'in January',
    years: 1,
    counts: 'workBased',
    columns: ['open_supp_intern', 'open_apprentice', 'open_trainee', 'open_wbp'],
    cells: (counts) => [...counts, sum(counts)],
  },
];

/** The file, and the periods it is about. */
export function processFile(
  { name, total, counted, years, counts, columns, cells, before, londonHalves }: ProcessFile,
  path: string,
  seed: number,
  plans: readonly PlanYear[],
): { file: SampleFile; periods: CountedYear[] } {
  const periods = (counted === 'in January' ? inJanuary : inCalendarYear)(
    plans.slice(-years),
    (year) => processOf(year, seed)[counts],
  );
  const rows = rowsOf({
    years: periods,
    total,
    breakdowns: [{ topic: 'Sex', labels: SEXES, years: 1 }],
    cells: (of, period) =>
      before && period < RECORDS_SINCE
        ? cells(of).map((cell, i) => (before.includes(columns[i]!) ? cell : NOT_AVAILABLE))
        : cells(of),
    random: new Random(seed, `${name} breakdowns`),
    ...(londonHalves ? { londonHalves } : {}),
  });
  return { file: statisticsFile(path, [...EHC_PLACE, ...columns], rows), periods };
}
