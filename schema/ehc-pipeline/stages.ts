/**
 * Stages: which published figure each stage of the way to an EHC plan is, in which period, and which two of them make a
 * rate. What is done in a calendar year is beside what is in place in a January: the two before and after that year.
 * docs/methods/ehc-pipeline.md
 */
import type { GraphQLObjectType } from 'graphql';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import type { ComparabilityBreak, Counted } from '../../jobs/declaration.js';
import { refused } from '../../src/refused.js';
import type { PlaceIndicatorRow } from '../observation/passes.js';
import { knownIndicator, placeIndicator } from '../place/place.js';
import type { TableRow } from '../select/field-sql.js';
import type { KnownPeriod } from '../select/known.js';
import type { Select } from '../select/select.js';

/** Which period of the indicator belongs to a calendar year: the year, or the January that begins or follows it. */
type When = 'YEAR' | 'JANUARY' | 'NEXT_JANUARY';

export const STAGES = {
  requests: { id: 'ehc-requests', when: 'YEAR' },
  agreed: { id: 'ehc-requests-agreed', when: 'YEAR' },
  refused: { id: 'ehc-requests-refused', when: 'YEAR' },
  assessed: { id: 'ehc-assessments', when: 'YEAR' },
  assessedWithPlan: { id: 'ehc-assessments-plan-issued', when: 'YEAR' },
  plansIssued: { id: 'ehc-plans-new', when: 'YEAR' },
  plansTimed: { id: 'ehc-plans-issued', when: 'YEAR' },
  within20Weeks: { id: 'ehc-plans-within-20-weeks', when: 'YEAR' },
  ceased: { id: 'ehc-plans-ceased', when: 'YEAR' },
  caseloadBefore: { id: 'ehc-plans', when: 'JANUARY' },
  caseload: { id: 'ehc-plans', when: 'NEXT_JANUARY' },
} satisfies Record<string, { id: string; when: When }>;
export type Stage = keyof typeof STAGES;

interface Rate {
  description: string;
  numerator: Stage;
  denominator: Stage;
  /** The base in words, after "of 100". */
  of: string;
  counts: Counted;
}

/** Each is of two counts that one file publishes for the same people, but the last, which sets a year against a stock. */
export const RATES = {
  AGREED: {
    description: 'Requests after which it was decided to assess, of 100 requests received in the year.',
    numerator: 'agreed',
    denominator: 'requests',
    of: 'requests received in the year, those withdrawn or not yet decided included',
    counts: 'PEOPLE',
  },
  REFUSED: {
    description: 'Requests after which it was decided not to assess, of 100 requests received in the year.',
    numerator: 'refused',
    denominator: 'requests',
    of: 'requests received in the year, those withdrawn or not yet decided included',
    counts: 'PEOPLE',
  },
  PLAN_ISSUED: {
    description: 'Assessments after which a plan was issued, of 100 assessments of the year.',
    numerator: 'assessedWithPlan',
    denominator: 'assessed',
    of: 'assessments of the year, those withdrawn or not yet decided included',
    counts: 'PEOPLE',
  },
  WITHIN_20_WEEKS: {
    description: 'Plans issued within 20 weeks of the request, of 100 plans issued in the year.',
    numerator: 'within20Weeks',
    denominator: 'plansTimed',
    of: 'plans issued in the year whose time since the request is known, exceptions that the law allows included',
    counts: 'PEOPLE',
  },
  CEASED: {
    description:
      'Plans that ceased in the year, for every 100 in place in the January that begins it. No share: a plan can begin and cease in one year.',
    numerator: 'ceased',
    denominator: 'caseloadBefore',
    of: 'plans in place in the January that begins the year',
    counts: 'EVENTS',
  },
} satisfies Record<string, Rate>;
export type RateName = keyof typeof RATES;

export const rateOf = (name: RateName): Rate => RATES[name];

export const indicatorOf = (stage: Stage, select: Select): CataloguedIndicator =>
  knownIndicator(select, STAGES[stage].id);

const yearOf = ({ startsOn }: KnownPeriod) => Number(startsOn.slice(0, 4));

/** The stage's period of a calendar year; undefined where its file has none. */
export function periodOf(stage: Stage, year: number, select: Select): KnownPeriod | undefined {
  const january = STAGES[stage].when === 'NEXT_JANUARY' ? year + 1 : year;
  return select.known
    .periods(indicatorOf(stage, select).dataSet.id)
    .find((period) => yearOf(period) === january);
}

/** What a pipeline is read from. */
export interface PipelineRow {
  place: TableRow;
  type: GraphQLObjectType;
  /** As the coverage of a data set names it. */
  level: 'NATIONAL' | 'REGIONAL' | 'LOCAL_AUTHORITY';
  year: number;
}

/** The indicator of a stage for the place, in its period of the year; null where its file has no such period. */
export function askedOf(
  stage: Stage,
  { place, type, year }: PipelineRow,
  select: Select,
): PlaceIndicatorRow | null {
  const period = periodOf(stage, year, select);
  return period
    ? placeIndicator({ row: place, type }, select, { id: STAGES[stage].id, periods: [period.code] })
    : null;
}

/** The calendar year that is meant: as asked, or the newest that all files of a year's work have at a level. Null before any is loaded. */
export function meantYear(asked: string | null | undefined, level: string, select: Select): number | null {
  const files = [
    ...new Set(
      (Object.keys(STAGES) as Stage[])
        .filter((stage) => STAGES[stage].when === 'YEAR')
        .map((stage) => indicatorOf(stage, select).dataSet.id),
    ),
  ].map((id) =>
    select.known
      .periods(id)
      .filter(({ covered }) => covered.some((one) => one.level === level && select.isReleased(one.release))),
  );
  const some = [...new Set(files.flat().map(yearOf))].sort();
  if (typeof asked === 'string') {
    const found = files.flat().find(({ code, label }) => code === asked || label === asked);
    if (found) return yearOf(found);
    throw refused(
      'period',
      `it is no calendar year of the EHC plan files. They have: ${some.join(', ') || 'none yet'}`,
    );
  }
  return (
    some.findLast((year) => files.every((has) => has.some((period) => yearOf(period) === year))) ??
    some.at(-1) ??
    null
  );
}

/** The breaks that lie between the beginnings of two periods, or none. */
export const breaksBetween = (
  breaks: readonly ComparabilityBreak[],
  one: KnownPeriod,
  other: KnownPeriod,
): ComparabilityBreak[] => breaks.filter(({ from }) => one.startsOn < from !== other.startsOn < from);
