/** Which schools of the register: conditions of a list, of a ranking, of whatever is asked of some schools only. */
import { Field, InputType, Int } from 'type-graphql';
import { entryOf, refused } from '../../src/refused.js';
import { describedEnum } from '../enum-of.js';
import { authoritiesIn, regionsIn, trustsIn } from '../place/codes.js';
import { IndicatorRange, IntRange, isWithin, valuesWithin } from '../place/values.js';
import { allOf, inList, NameContains, nameHas } from '../select/conditions.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { schoolsOfTrusts } from '../trust/trust.js';
import { AdmissionsPolicy, Gender, Phase, SchoolStatus, SixthForm, TypeGroup } from './school.js';

const RURALITIES = {
  URBAN: { description: 'Any of the urban kinds.', has: 'urban' },
  RURAL: { description: 'Any of the rural kinds.', has: 'rural' },
};
type RuralityName = keyof typeof RURALITIES;
const Rurality = describedEnum(
  'Rurality',
  'Whether a school lies in a town or in the country, by School.urbanRural.',
  RURALITIES,
);

@InputType({
  description:
    'Which schools: those that every condition given holds for. A condition with several values keeps what has any of them; what is not known has none.',
})
export class SchoolFilter {
  @Field(() => [SchoolStatus], { nullable: true, description: 'Of one of these statuses.' })
  status?: string[];

  @Field(() => [Phase], { nullable: true, description: 'Of one of these phases.' })
  phase?: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'Of one of these types, by the register’s code or name: 34, Academy converter.',
  })
  type?: string[];

  @Field(() => [TypeGroup], { nullable: true, description: 'Of one of these type groups.' })
  typeGroup?: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'In these local authorities, by 3-digit or GSS code.',
  })
  localAuthority?: string[];

  @Field(() => [String], { nullable: true, description: 'In these regions, by GSS code.' })
  region?: string[];

  @Field(() => [String], { nullable: true, description: 'Held by one of these trusts today, by UID.' })
  trust?: string[];

  @Field(() => [Gender], { nullable: true, description: 'That take these.' })
  gender?: string[];

  @Field(() => [String], {
    nullable: true,
    description: 'Of one of these religious characters, as registered: Church of England.',
  })
  religiousCharacter?: string[];

  @Field(() => [AdmissionsPolicy], { nullable: true, description: 'That choose in one of these ways.' })
  admissionsPolicy?: string[];

  @Field(() => [SixthForm], { nullable: true, description: 'With a sixth form, or without.' })
  sixthForm?: string[];

  @Field(() => [Rurality], { nullable: true, description: 'In towns, or in the country.' })
  rurality?: RuralityName[];

  @Field(() => IntRange, { nullable: true, description: 'Whose youngest age, by statute, is within these.' })
  lowAge?: IntRange;

  @Field(() => IntRange, { nullable: true, description: 'Whose oldest age, by statute, is within these.' })
  highAge?: IntRange;

  @Field(() => Int, {
    nullable: true,
    description: 'That take children of this age, by statute: from lowAge to highAge.',
  })
  takesAge?: number;

  @Field(() => IntRange, { nullable: true, description: 'With so many pupils on roll, as registered.' })
  numberOfPupils?: IntRange;

  @NameContains
  nameContains?: string;

  @Field(() => [IndicatorRange], {
    nullable: true,
    description: 'Whose values of indicators lie within all of these ranges.',
  })
  indicator?: IndicatorRange[];
}

/** Conditions that hold for every school of a kind or for none (jobs/school-kinds.ts). */
const OF_KINDS = new Set<string>([
  'status',
  'phase',
  'type',
  'typeGroup',
  'localAuthority',
  'region',
] satisfies (keyof SchoolFilter)[]);

/** Whether a filter describes all schools of a kind or none of them. */
export const isOfKinds = (filter: SchoolFilter | null | undefined): boolean =>
  Object.entries(filter ?? {}).every(([name, value]) => !isGiven(value) || OF_KINDS.has(name));

/**
 * The condition that a school is one that the filter describes. `few`: there are few schools to look at, because they are
 * those of a place. `argument`: where the filter stands.
 */
export function schoolConditions(
  filter: SchoolFilter,
  school: Sql,
  select: Select,
  { few = false, argument = 'filter' } = {},
): Sql {
  const within = (name: keyof SchoolFilter) => `${argument}.${name}`;
  const has = (column: string, name: keyof SchoolFilter, values?: readonly string[] | null) =>
    values && inList(sql`${school}.${raw(column)}`, raw('text'), within(name), values);
  const isInRegion = (regions: readonly string[]) =>
    sql`${school}.la_code IN (SELECT code FROM local_authority WHERE ${inList(sql`region_code`, raw('text'), within('region'), regions)})`;
  const isHeldBy = (trusts: readonly string[]) =>
    sql`${school}.urn IN (${schoolsOfTrusts((uid) => inList(uid, raw('text'), within('trust'), trusts), select)})`;
  const { localAuthority, region, trust } = filter;
  const { types, religiousCharacters } = select.known.registered;
  const isFew = few || isGiven(localAuthority) || isGiven(trust);
  return allOf([
    has('status', 'status', filter.status),
    has('phase', 'phase', filter.phase),
    has(
      'type_code',
      'type',
      filter.type?.map((type, at, all) => codeOfType(type, types, entryOf(within('type'), at, all.length))),
    ),
    has('type_group', 'typeGroup', filter.typeGroup),
    localAuthority &&
      has('la_code', 'localAuthority', authoritiesIn(within('localAuthority'), localAuthority, select.known)),
    region && isInRegion(regionsIn(within('region'), region, select.known)),
    trust && isHeldBy(trustsIn(within('trust'), trust, select.known)),
    has('gender', 'gender', filter.gender),
    has(
      'religious_character',
      'religiousCharacter',
      filter.religiousCharacter?.map((name, at, all) => {
        const where = entryOf(within('religiousCharacter'), at, all.length);
        return oneOf(name, religiousCharacters, where, 'religious character');
      }),
    ),
    has('admissions_policy', 'admissionsPolicy', filter.admissionsPolicy),
    has('official_sixth_form', 'sixthForm', filter.sixthForm),
    filter.rurality &&
      sql`${school}.urban_rural ~* ANY(${filter.rurality.map((name) => RURALITIES[name].has)}::text[])`,
    filter.lowAge && isWithin(sql`${school}.low_age`, filter.lowAge),
    filter.highAge && isWithin(sql`${school}.high_age`, filter.highAge),
    isGiven(filter.takesAge) && sql`${filter.takesAge}::int BETWEEN ${school}.low_age AND ${school}.high_age`,
    filter.numberOfPupils && isWithin(sql`${school}.number_of_pupils`, filter.numberOfPupils),
    filter.nameContains ? nameHas(school, filter.nameContains, within('nameContains')) : null,
    filter.indicator && valuesWithin('SCHOOL', school, filter.indicator, isFew, select),
  ]);
}

/** The code of a type that is named by its code or its name. */
function codeOfType(
  asked: string,
  types: readonly { code: string; name: string }[],
  argument: string,
): string {
  const wanted = asked.trim().toLowerCase();
  const found = types.find(({ code, name }) => code === wanted || name.toLowerCase() === wanted);
  if (found) return found.code;
  return unknown(
    asked,
    argument,
    'type of establishment',
    types.map(({ code, name }) => `${code} (${name})`),
  );
}

/** The name as the register writes it, in whatever case it is asked for. */
function oneOf(asked: string, names: readonly string[], argument: string, what: string): string {
  const wanted = asked.trim().toLowerCase();
  return names.find((name) => name.toLowerCase() === wanted) ?? unknown(asked, argument, what, names);
}

function unknown(asked: string, argument: string, what: string, there: readonly string[]): string {
  // Before the first load there is nothing to be wrong about.
  if (there.length === 0) return asked;
  throw refused(argument, `the register has no such ${what}. It has: ${there.join(', ')}`);
}

const isGiven = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;
