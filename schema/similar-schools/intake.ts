/**
 * Intake: the characteristics by which schools are compared, each in standard deviations of all open schools of the same
 * phase. What a school has no figure for is missing: it is never taken for zero, nor for the mean. docs/methods/similar-schools.md
 */
import { refused } from '../../src/refused.js';
import { describedEnum } from '../enum-of.js';
import { figureOfLevel, LEVELS, type LevelFigure, placesOfLevel } from '../place/level-figures.js';
import { rowOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';

/** By the indicator that is read for each; none for what is always held. */
const CHARACTERISTICS = {
  PHASE: {
    indicator: null,
    description:
      'Always held: a school is compared with those of its phase and kind alone. To name it adds nothing to the distance.',
  },
  SIZE: { indicator: 'roll', description: 'Pupils on roll.' },
  FSM: {
    indicator: 'pupils-with-fsm-ever-rate',
    description: 'Share of pupils eligible for free school meals at any time in the last six years.',
  },
  EAL: {
    indicator: 'pupils-with-eal-rate',
    description: 'Share of pupils with English as an additional language.',
  },
  SEN_SUPPORT: {
    indicator: 'pupils-with-sen-support-rate',
    description: 'Share of pupils with SEN support.',
  },
  EHC_PLANS: { indicator: 'pupils-with-ehc-plan-rate', description: 'Share of pupils with an EHC plan.' },
  ABSENCE: { indicator: 'school-absence-rate', description: 'Half days missed, in per cent.' },
  PERSISTENT_ABSENCE: {
    indicator: 'school-persistent-absence-rate',
    description: 'Share of pupils who missed 10 per cent or more.',
  },
} as const;
export type CharacteristicName = keyof typeof CHARACTERISTICS;

export const Characteristic = describedEnum(
  'Characteristic',
  'What schools are alike in, or not.',
  CHARACTERISTICS,
);

/** A characteristic that is compared. Its columns in SQL end with its number. */
export interface Compared {
  name: CharacteristicName;
  number: number;
  indicator: string;
  asked: LevelFigure['asked'];
  value: Sql;
}

export interface Intake {
  compared: Compared[];
  /** Another figure of each school. */
  figureOf: (indicator: string) => LevelFigure;
  /** FROM … WHERE of the schools that `isKept` keeps: to be taken when every column has been asked for. */
  from: (isKept: (school: Sql) => Sql) => Sql;
  school: Sql;
}

/** The characteristics that are asked for. Refuses none, and what `without` names. */
export function readIntake(on: CharacteristicName[], select: Select, without?: CharacteristicName): Intake {
  const place = rowOf(select.alias('t'));
  const names = [...new Set(on)].filter((name) => CHARACTERISTICS[name].indicator !== null);
  if (names.length === 0 || (without && names.includes(without))) {
    const has = Object.keys(CHARACTERISTICS).filter((name) => name !== without && name !== 'PHASE');
    throw refused('on', `name one or more of ${has.join(', ')}`);
  }
  const figure = (indicator: string) => figureOfLevel({ indicator, level: 'SCHOOL' }, place, select);
  const compared = names.map((name, at) => {
    const indicator = CHARACTERISTICS[name].indicator!;
    const { asked, observed } = figure(indicator);
    return { name, number: at + 1, indicator, asked, value: observed.row.figure('value') };
  });
  return {
    compared,
    figureOf: figure,
    from: (isKept) =>
      placesOfLevel(LEVELS.SCHOOL, place, { isKept: isKept(place.alias), isListed: sql`true` }, select),
    school: place.alias,
  };
}

/** For each characteristic, `make` of its number as a suffix of columns: value_1. */
export const each = (
  compared: Compared[],
  make: (number: Sql, one: Compared) => Sql,
  separator = ', ',
): Sql =>
  join(
    compared.map((one) => make(raw(`_${one.number}`), one)),
    separator,
  );

/** What is said of all schools of a phase: mean_1, deviation_1 (of a population: they are all), schools_1 … */
export const sumsOf = (compared: Compared[]): Sql =>
  each(
    compared,
    (n) =>
      sql`avg(value${n}) AS mean${n}, stddev_pop(value${n}) AS deviation${n}, count(value${n})::int AS schools${n}`,
  );

/** A difference in standard deviations; none where all are the same. */
export const inDeviations = (difference: Sql, deviation: Sql): Sql =>
  sql`CASE WHEN ${deviation} > 0 THEN (${difference}) / ${deviation} ELSE ${difference} END`;

/** How many characteristics both schools have, of columns difference_1 … */
export const sharedBy = (compared: Compared[]): Sql =>
  each(compared, (n) => sql`(difference${n} IS NOT NULL)::int`, ' + ');

/** Root of the mean square of the differences that there are. */
export const distanceOf = (compared: Compared[]): Sql =>
  sql`sqrt((${each(compared, (n) => sql`coalesce(difference${n} ^ 2, 0)`, ' + ')}) / nullif(${sharedBy(compared)}, 0))`;
