/** The primary type of need named in EHC plans: the same columns in the file of all plans and in that of new ones. */
import type { Count } from './counts-and-shares.js';

/** Our name → the publisher's abbreviation and the need in words. */
const NEEDS: Record<string, [abbreviation: string, need: string]> = {
  autism: ['asd', 'autistic spectrum disorder'],
  hearing: ['hi', 'hearing impairment'],
  moderate_learning: ['mld', 'moderate learning difficulty'],
  multi_sensory: ['msi', 'multi-sensory impairment'],
  other: ['oth', 'other difficulty or disability'],
  physical: ['pd', 'physical disability'],
  profound_learning: ['pmld', 'profound and multiple learning difficulty'],
  social_emotional_mental_health: ['semh', 'social, emotional and mental health'],
  speech_language_communication: ['slcn', 'speech, language and communication needs'],
  severe_learning: ['sld', 'severe learning difficulty'],
  specific_learning: ['spld', 'specific learning difficulty'],
  vision: ['vi', 'vision impairment'],
};

/** `prefix` begins the indicators' ids, `plans` the names, `whose` the descriptions. */
export function primaryNeedCounts(about: {
  prefix: string;
  plans: string;
  whose: string;
  base: string;
}): Record<string, Count> {
  const count = (column: string, percent: string, id: string, words: string, label: string): Count => ({
    column,
    description: `${about.whose} ${words}.`,
    id: `${about.prefix}-primary-need-${id}`,
    name: `${about.plans} with primary need: ${label}`,
    share: {
      column: percent,
      of: 'plans',
      base: about.base,
      id: `${about.prefix}-primary-need-${id}-rate`,
      name: `Share of ${about.plans} with primary need: ${label}`,
    },
  });
  const needs = Object.entries(NEEDS).map(([measure, [abbreviation, need]]): [string, Count] => [
    measure,
    count(
      `number_${abbreviation}`,
      `${abbreviation}_pc`,
      measure.replaceAll('_', '-'),
      `with ${need} as the primary need`,
      need,
    ),
  ]);
  return {
    ...Object.fromEntries(needs),
    unknown: count(
      'number_need_unknown',
      'unknown_pc',
      'unknown',
      'whose primary need is not known',
      'not known',
    ),
  };
}
