/**
 * Annual reviews of EHC plans. The columns carry the years of the release in their names (review_meeting_24 is of the
 * year itself, _25 of the next, _prior_24 of those before), so a new release needs their new names here. The header has
 * review_meeting_prior_24 twice, with the same values in every row: it is not read, and is the total less the other two.
 */
import { EHC_AUTHORITIES_HIDDEN, ehcPlansFile, PLACEMENT_SUBTOTALS } from './shared/ehc-plans-file.js';

const ehcAnnualReviews = ehcPlansFile({
  id: 'ehc-annual-reviews',
  title: 'Annual reviews of EHC plans',
  description:
    'Annual reviews of education, health and care plans: which were due, held and decided, with what outcome and how fast, with age, sex, ethnic group, placement and how long the plan has been in place.',
  traps: [
    EHC_AUTHORITIES_HIDDEN,
    PLACEMENT_SUBTOTALS,
    'The columns carry years in their names (`review_meeting_24`): each release needs its new names in the declaration.',
    'The header has `review_meeting_prior_24` twice, with the same values: it is not read.',
  ],
  titleHint: /annual reviews/i,
  tolerates: { duplicateColumns: ['review_meeting_prior_24'] },
  total: 'All annual reviews',
  period: 'CALENDAR_YEAR',
  topic: 'EHC plan reviews',
  counts: {
    plans: { column: 'total_ehc_plans', description: 'EHC plans in place in the January after the year.' },
    expected: {
      column: 'review_expected',
      id: 'ehc-annual-reviews-expected',
      name: 'EHC plans with an annual review due',
      description: 'EHC plans of which an annual review was due in the calendar year.',
    },
    not_expected: {
      column: 'review_not_expected',
      description: 'EHC plans of which no annual review was due in the calendar year.',
    },
    meetings: {
      column: 'total_review_meeting',
      id: 'ehc-annual-reviews-met',
      name: 'EHC plans due for review with a review meeting on record',
      description:
        'EHC plans due for an annual review of which a review meeting is on record, whenever it was.',
    },
    meetings_next_year: {
      column: 'review_meeting_25',
      description: 'EHC plans due for an annual review whose last meeting was after the end of the year.',
    },
    meetings_in_year: {
      column: 'review_meeting_24',
      id: 'ehc-annual-reviews-met-in-year',
      name: 'EHC plans due for review with a review meeting in the year',
      description: 'EHC plans due for an annual review whose last meeting was in the calendar year.',
    },
    no_meeting: {
      column: 'no_review_meeting',
      id: 'ehc-annual-reviews-not-met',
      name: 'EHC plans due for review without a review meeting on record',
      description: 'EHC plans due for an annual review of which no review meeting is on record.',
    },
    decided_next_year: {
      column: 'review_decision25',
      description: 'Reviews held whose decision came after the end of the year.',
    },
    decided_in_year: {
      column: 'review_decision24',
      description: 'Reviews held whose decision came in the calendar year.',
    },
    decided_before: {
      column: 'review_decision_prior24',
      description: 'Reviews held whose decision came before the calendar year.',
    },
    decision_not_due: {
      column: 'review_decision_not_due',
      description: 'Reviews held whose decision was not due yet.',
    },
    decision_outstanding: {
      column: 'review_decision_outstanding',
      id: 'ehc-annual-reviews-decision-outstanding',
      name: 'Annual reviews of EHC plans with an overdue decision',
      description: 'Reviews held whose decision was due and had not come.',
    },
    amended: {
      column: 'outcome_amend',
      id: 'ehc-annual-reviews-amended',
      name: 'Annual reviews that amended the EHC plan',
      description: 'Reviews held after which it was decided to amend the plan.',
    },
    ceased: {
      column: 'outcome_cease',
      id: 'ehc-annual-reviews-ceased',
      name: 'Annual reviews that ended the EHC plan',
      description: 'Reviews held after which it was decided that the plan ceases.',
    },
    maintained: {
      column: 'outcome_maintan',
      id: 'ehc-annual-reviews-maintained',
      name: 'Annual reviews that kept the EHC plan as it was',
      description: 'Reviews held after which it was decided to maintain the plan as it was.',
    },
    no_outcome: { column: 'no_outcome', description: 'Reviews held without an outcome on record.' },
    decided_within_4_weeks: {
      column: 'number_decsion_4weeks',
      id: 'ehc-annual-reviews-decided-within-four-weeks',
      name: 'Annual reviews of EHC plans decided within four weeks',
      description: 'Reviews held whose decision came within four weeks of the meeting, as the law requires.',
      share: {
        column: 'pc_decsion_4weeks',
        base: 'the reviews decided, a base that is not published',
        id: 'ehc-annual-reviews-decided-within-four-weeks-rate',
        name: 'Share of annual reviews of EHC plans decided within four weeks',
        polarity: 'HIGH',
      },
    },
    decided_after_4_weeks: {
      column: 'number_decision_gt_4weeks',
      description: 'Reviews held whose decision came more than four weeks after the meeting.',
    },
  },
});

export default ehcAnnualReviews;
