// Makes up what the January census counts of every school: girls and boys, needs, languages, free school meals.
// Rule: the roll is the headcount of the exclusions; girls and boys, and the languages, add up to it.
import type { SchoolYear } from './exclusions.js';
import { apportion, Random } from './random.js';
import type { CountedPhase } from './school-kinds.js';

export interface PupilYear {
  schoolYear: SchoolYear;
  girls: number;
  boys: number;
  ehcPlan: number;
  senSupport: number;
  eal: number;
  english: number;
  languageUnknown: number;
  fsm: number;
  fsmEver: number;
  /** Pupils of whom it is counted: those of school age. */
  fsmEverBase: number;
}

/** Shares of the roll. Nearly every pupil of a special school has a plan. */
const EHC_PLAN: Readonly<Record<CountedPhase, number>> = {
  'State-funded primary': 0.028,
  'State-funded secondary': 0.025,
  Special: 0.985,
};
const SEN_SUPPORT: Readonly<Record<CountedPhase, number>> = {
  'State-funded primary': 0.14,
  'State-funded secondary': 0.125,
  Special: 0.01,
};

export function pupilYears(seed: number, schoolYears: readonly SchoolYear[]): PupilYear[] {
  const random = new Random(seed, 'pupils');
  return schoolYears.map((schoolYear) => {
    const { headcount, phase, school } = schoolYear;
    const share = (of: number, spread: number) =>
      Math.min(headcount, Math.round(headcount * Math.min(1, of * random.factor(spread))));
    const boys = Math.min(headcount, Math.max(0, Math.round(headcount * school.site.boyShare)));
    const ehcPlan =
      phase === 'Special' ? Math.round(headcount * EHC_PLAN.Special) : share(EHC_PLAN[phase], 0.4);
    const [eal, english, languageUnknown] = apportion(
      headcount,
      [0.2 * random.factor(0.7), 0.79, 0.005],
      random,
    ) as [number, number, number];
    const fsmEverBase = Math.round(headcount * (phase === 'State-funded primary' ? 0.93 : 0.88));
    const fsm = Math.round(headcount * school.site.fsmShare);
    return {
      schoolYear,
      girls: headcount - boys,
      boys,
      ehcPlan,
      senSupport: Math.min(headcount - ehcPlan, share(SEN_SUPPORT[phase], 0.3)),
      eal,
      english,
      languageUnknown,
      fsm,
      fsmEver: Math.min(fsmEverBase, Math.round(fsm * 1.05)),
      fsmEverBase,
    };
  });
}
