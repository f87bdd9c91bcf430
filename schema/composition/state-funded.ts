/**
 * Which schools are state-funded, who provides them, and under which phase they are counted, by the register's type of
 * establishment. As the Department counts: special schools and alternative provision are phases of their own, whatever
 * phase the register gives them; middle schools go with what they are deemed; all-through schools and those for 16 and
 * over with the secondary ones. Left out: independent schools (the three city technology colleges among them),
 * non-maintained special schools, colleges, and schools of the armed forces.
 */
import { raw, type Sql, sql } from '../select/sql.js';

export const PROVIDERS = {
  MAINTAINED: 'Maintained by the local authority.',
  ACADEMY: 'An academy, converted or sponsored.',
  FREE_SCHOOL: 'A free school, university technical college or studio school: an academy that was new.',
} as const;
export type Provider = keyof typeof PROVIDERS;

export const COMPOSITION_PHASES = {
  PRIMARY: 'Primary, and middle deemed primary.',
  SECONDARY: 'Secondary, middle deemed secondary, all-through, and 16 plus.',
  SPECIAL: 'Special schools.',
  ALTERNATIVE_PROVISION: 'Pupil referral units and other alternative provision.',
  NURSERY: 'Nursery schools.',
} as const;
export type CompositionPhase = keyof typeof COMPOSITION_PHASES;

/** Codes of the register's types. `phase`: where it does not follow from the phase that is registered. */
const TYPES: { codes: string[]; provider: Provider; phase?: CompositionPhase }[] = [
  // Community, voluntary aided, voluntary controlled, foundation; nursery.
  { codes: ['01', '02', '03', '05', '15'], provider: 'MAINTAINED' },
  // Community special, foundation special.
  { codes: ['07', '12'], provider: 'MAINTAINED', phase: 'SPECIAL' },
  // Pupil referral unit.
  { codes: ['14'], provider: 'MAINTAINED', phase: 'ALTERNATIVE_PROVISION' },
  // Sponsor led, converter; 16 to 19.
  { codes: ['28', '34', '45', '46'], provider: 'ACADEMY' },
  { codes: ['33', '44'], provider: 'ACADEMY', phase: 'SPECIAL' },
  { codes: ['42', '43'], provider: 'ACADEMY', phase: 'ALTERNATIVE_PROVISION' },
  // Free school, 16 to 19, university technical college, studio school.
  { codes: ['35', '39', '40', '41'], provider: 'FREE_SCHOOL' },
  { codes: ['36'], provider: 'FREE_SCHOOL', phase: 'SPECIAL' },
  { codes: ['38'], provider: 'FREE_SCHOOL', phase: 'ALTERNATIVE_PROVISION' },
];

const REGISTERED: Record<string, CompositionPhase> = {
  NURSERY: 'NURSERY',
  PRIMARY: 'PRIMARY',
  MIDDLE_DEEMED_PRIMARY: 'PRIMARY',
  SECONDARY: 'SECONDARY',
  MIDDLE_DEEMED_SECONDARY: 'SECONDARY',
  ALL_THROUGH: 'SECONDARY',
  SIXTEEN_PLUS: 'SECONDARY',
};

const quoted = (codes: string[]) => codes.map((code) => `'${code}'`).join(', ');

const PROVIDER_CASE = TYPES.map(
  ({ codes, provider }) => `WHEN type_code IN (${quoted(codes)}) THEN '${provider}'`,
).join(' ');
const PHASE_OF_TYPE = TYPES.flatMap(({ codes, phase }) =>
  phase ? [`WHEN type_code IN (${quoted(codes)}) THEN '${phase}'`] : [],
).join(' ');
const PHASE_REGISTERED = Object.entries(REGISTERED)
  .map(([phase, counted]) => `WHEN phase = '${phase}' THEN '${counted}'`)
  .join(' ');

/** Who provides a row of school; null where it is not state-funded, or its type is not known. */
export const providerOf = (): Sql => raw(`CASE ${PROVIDER_CASE} END`);

/** The phase that a row of school is counted under; null where nothing says. */
export const phaseOf = (): Sql => raw(`CASE ${PHASE_OF_TYPE} ${PHASE_REGISTERED} END`);

const MAINSTREAM = raw(
  `(type_code IN (${quoted(TYPES.flatMap(({ codes, phase }) => (phase ? [] : codes)))}) AND phase IN (${quoted(Object.keys(REGISTERED))}))`,
);
const OTHER_KINDS = (['SPECIAL', 'ALTERNATIVE_PROVISION'] as const)
  .map((kind) => {
    const codes = TYPES.flatMap(({ codes, phase }) => (phase === kind ? codes : []));
    return `WHEN type_code IN (${quoted(codes)}) THEN '${kind}'`;
  })
  .join(' ');

/** Whether a row of school is a state-funded mainstream school whose phase is known. */
export const isMainstream = (): Sql => MAINSTREAM;

/**
 * Among which schools a row of school is set: mainstream ones by the phase that is registered, special schools and
 * alternative provision among themselves; null where it is not state-funded, or nothing says.
 */
export const peersOf = (): Sql => sql`CASE WHEN ${MAINSTREAM} THEN phase ${raw(OTHER_KINDS)} END`;

/**
 * Whether a row of school was open on a day: no longer open on the day on which it closed. An empty day of opening is
 * before records began; one that closed on a day that is not known is never counted, and one that is still proposed
 * has not opened on any day that the register knows of.
 */
export const wasOpenOn = (row: Sql, day: Sql): Sql =>
  sql`(${row}.opened_on IS NULL OR ${row}.opened_on <= ${day}) AND (${row}.closed_on > ${day} OR (${row}.closed_on IS NULL AND ${row}.status <> 'CLOSED')) AND ${row}.status <> 'PROPOSED_TO_OPEN'`;
