// The kinds of school the sample makes: which types they have before and after they join a trust, ages, rolls, numbers.
// Rule: how many there are of each kind, and how large they are, is made up.
import type { TypeCode } from './register-codes.js';

/** The phases that the suspensions are published by. */
export const COUNTED_PHASES = ['State-funded primary', 'State-funded secondary', 'Special'] as const;
export type CountedPhase = (typeof COUNTED_PHASES)[number];

type Ages = readonly [low: number, high: number];

export interface Kind {
  phase: string;
  /** Under which phase its suspensions are counted, if at all. */
  counted: CountedPhase | null;
  /** How common it is among the schools that are not the first of their authority. */
  weight: number;
  ages: readonly Ages[];
  /** Median roll, and how far rolls lie apart. */
  roll: number;
  spread: number;
  /** Where its establishment numbers begin. */
  numbers: number;
  types: readonly (readonly [TypeCode, number])[];
  /** The types it has as an academy; without them it stays what it is. */
  academy?: { converter: TypeCode; sponsored: TypeCode; free: readonly (readonly [TypeCode, number])[] };
  /** How many of 100 may be handed to trusts. */
  academyShare: number;
  label: string;
}

const PRIMARY_TYPES = [
  ['01', 58],
  ['02', 18],
  ['03', 16],
  ['05', 8],
] as const;
const SECONDARY_TYPES = [
  ['01', 45],
  ['02', 20],
  ['05', 30],
  ['03', 5],
] as const;
const MAINSTREAM = { converter: '34', sponsored: '28', free: [['35', 1]] } as const;
const SPECIAL = { converter: '44', sponsored: '33', free: [['36', 1]] } as const;

/** Types of a free secondary school; a few are technical colleges and studio schools. */
const SECONDARY = {
  converter: '34',
  sponsored: '28',
  free: [
    ['35', 80],
    ['40', 12],
    ['41', 8],
  ],
} as const;

export const KINDS = {
  primary: {
    phase: '2',
    counted: 'State-funded primary',
    weight: 70,
    ages: [
      [3, 11],
      [4, 11],
      [5, 11],
      [3, 11],
      [4, 7],
      [7, 11],
    ],
    roll: 260,
    spread: 0.45,
    numbers: 2000,
    types: PRIMARY_TYPES,
    academy: MAINSTREAM,
    academyShare: 56,
    label: 'Primary School',
  },
  secondary: {
    phase: '4',
    counted: 'State-funded secondary',
    weight: 9,
    ages: [
      [11, 16],
      [11, 18],
    ],
    roll: 1020,
    spread: 0.3,
    numbers: 4000,
    types: SECONDARY_TYPES,
    academy: SECONDARY,
    academyShare: 85,
    label: 'High School',
  },
  special: {
    phase: '0',
    counted: 'Special',
    weight: 2.5,
    ages: [
      [3, 19],
      [5, 16],
      [11, 19],
      [2, 11],
    ],
    roll: 135,
    spread: 0.45,
    numbers: 7000,
    types: [
      ['07', 82],
      ['12', 10],
      ['08', 8],
    ],
    academy: SPECIAL,
    academyShare: 52,
    label: 'Special School',
  },
  pru: {
    phase: '0',
    counted: null,
    weight: 2.4,
    ages: [
      [11, 16],
      [5, 16],
    ],
    roll: 55,
    spread: 0.5,
    numbers: 1100,
    types: [['14', 1]],
    academy: { converter: '42', sponsored: '43', free: [['38', 1]] },
    academyShare: 45,
    label: 'Pupil Referral Unit',
  },
  nursery: {
    phase: '1',
    counted: null,
    weight: 2.6,
    ages: [
      [2, 5],
      [3, 5],
    ],
    roll: 90,
    spread: 0.3,
    numbers: 1000,
    types: [['15', 1]],
    academyShare: 0,
    label: 'Nursery School',
  },
  allThrough: {
    phase: '7',
    counted: 'State-funded secondary',
    weight: 1.2,
    ages: [
      [3, 18],
      [4, 16],
    ],
    roll: 1150,
    spread: 0.3,
    numbers: 6900,
    types: [
      ['01', 60],
      ['05', 30],
      ['02', 10],
    ],
    academy: MAINSTREAM,
    academyShare: 75,
    label: 'School',
  },
  middlePrimary: {
    phase: '3',
    counted: 'State-funded primary',
    weight: 0.5,
    ages: [
      [8, 12],
      [5, 12],
    ],
    roll: 330,
    spread: 0.3,
    numbers: 3900,
    types: [
      ['01', 80],
      ['02', 20],
    ],
    academy: MAINSTREAM,
    academyShare: 30,
    label: 'Middle School',
  },
  middleSecondary: {
    phase: '5',
    counted: 'State-funded secondary',
    weight: 1.3,
    ages: [
      [9, 13],
      [10, 14],
    ],
    roll: 460,
    spread: 0.3,
    numbers: 4500,
    types: [
      ['01', 60],
      ['03', 15],
      ['05', 25],
    ],
    academy: MAINSTREAM,
    academyShare: 60,
    label: 'Middle School',
  },
  sixteenPlus: {
    phase: '6',
    counted: null,
    weight: 1.2,
    ages: [
      [16, 19],
      [16, 99],
    ],
    roll: 1400,
    spread: 0.4,
    numbers: 8000,
    types: [
      ['18', 70],
      ['31', 30],
    ],
    academy: { converter: '45', sponsored: '46', free: [['39', 1]] },
    academyShare: 40,
    label: 'Sixth Form College',
  },
  independent: {
    phase: '0',
    counted: null,
    weight: 5,
    ages: [
      [3, 18],
      [4, 11],
      [11, 18],
      [2, 16],
    ],
    roll: 240,
    spread: 0.6,
    numbers: 6000,
    types: [['11', 1]],
    academyShare: 0,
    label: 'College',
  },
  independentSpecial: {
    phase: '0',
    counted: null,
    weight: 1.8,
    ages: [
      [7, 18],
      [11, 19],
    ],
    roll: 40,
    spread: 0.5,
    numbers: 6300,
    types: [['10', 1]],
    academyShare: 0,
    label: 'House School',
  },
  service: {
    phase: '0',
    counted: null,
    weight: 0,
    ages: [[3, 11]],
    roll: 120,
    spread: 0.2,
    numbers: 1000,
    types: [['26', 1]],
    academyShare: 0,
    label: 'School Abroad',
  },
} as const satisfies Record<string, Kind>;
export type KindName = keyof typeof KINDS;

export function kindOf(name: KindName): Kind {
  return KINDS[name];
}
