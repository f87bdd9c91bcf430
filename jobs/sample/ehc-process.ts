// Makes up what surrounds the EHC plans of an area and a year: requests, assessments, reviews, plans that ceased, needs,
// budgets, residential and work-based placements.
// Rule: every count is of people who are in no other count of its list, so that a file's sums always hold.
import type { AreaCounts, PlanYear } from './ehc-plans.js';
import { apportion, Random } from './random.js';

const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);

/** Shares of plans (or of new ones) by list; all made up. */
const SHARES = {
  /** Of the requests agreed to: in six weeks, later; refused: in six weeks, later; undecided; withdrawn. */
  requests: [58, 8, 22, 4, 6, 2],
  /** Requests in youth accommodation; with mediation alone, tribunal alone, both. */
  requestDisputes: [0.1, 5, 2, 1],
  /** No plan: in time, late; not decided; withdrawn. */
  notIssued: [2.5, 4, 0.1, 0.4],
  /** Mediation alone, tribunal alone, both, about issuing; then about anything else. */
  assessmentDisputes: [1.6, 1, 0.4, 1.2, 2.2, 0.6],
  /** See REVIEW_STATES in ehc-process-files.ts. */
  reviews: [17, 11, 21, 14, 6, 7, 2, 2, 20],
  /** The reasons in the order of the file. */
  ceased: [4, 9, 6, 9, 31, 36, 2, 1, 0, 2],
  /** The needs in the order of the file, the unknown last. */
  needs: [31, 1.4, 11, 0.3, 1.2, 4, 1.3, 21, 21, 4, 2.3, 0.8, 0.7],
  /** Organised arrangements, health, education, social care, integrated. */
  budgets: [19, 1, 16, 58, 6],
  residential: [64, 36],
  workBased: [72, 20, 8],
} as const;

/** Of all plans: those that ceased, have a budget, are residential, work-based. */
const OF_PLANS = { ceased: 0.07, budgets: 0.031, residential: 0.0045, workBased: 0.012 };

export interface ProcessYear {
  requests: AreaCounts;
  assessments: AreaCounts;
  reviews: AreaCounts;
  ceased: AreaCounts;
  needs: AreaCounts;
  newNeeds: AreaCounts;
  budgets: AreaCounts;
  residential: AreaCounts;
  workBased: AreaCounts;
}

export function processOf({ year, caseload, started }: PlanYear, seed: number): ProcessYear {
  const random = new Random(seed, `EHC process ${year.code}`);
  const split = (total: number, shares: readonly number[]): number[] =>
    apportion(
      total,
      shares.map((share) => share * random.factor(0.2)),
      random,
    );
  const each = (areas: AreaCounts, countsOf: (plans: number) => number[]): AreaCounts =>
    new Map([...areas].map(([code, counts]) => [code, countsOf(sum(counts))]));
  const rare = (of: number, shares: readonly number[]): number[] =>
    shares.map((share) => random.count((of * share) / 100));
  return {
    requests: each(started, (plans) => {
      const received = random.count(plans * 1.55);
      return [...split(received, SHARES.requests), ...rare(received, SHARES.requestDisputes)];
    }),
    assessments: each(started, (plans) => [
      plans,
      ...rare(plans, SHARES.notIssued),
      ...rare(plans, SHARES.assessmentDisputes),
    ]),
    reviews: each(caseload, (plans) => split(plans, SHARES.reviews)),
    ceased: each(caseload, (plans) => split(random.count(plans * OF_PLANS.ceased), SHARES.ceased)),
    needs: each(caseload, (plans) => split(plans, SHARES.needs)),
    newNeeds: each(started, (plans) => split(plans, SHARES.needs)),
    budgets: each(caseload, (plans) => split(random.count(plans * OF_PLANS.budgets), SHARES.budgets)),
    residential: each(caseload, (plans) =>
      split(random.count(plans * OF_PLANS.residential), SHARES.residential),
    ),
    workBased: each(caseload, (plans) => split(random.count(plans * OF_PLANS.workBased), SHARES.workBased)),
  };
}
