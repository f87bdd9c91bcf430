/**
 * School keys: what schools can be grouped by. Each says where the code stands, as the register has it now, and what a code
 * is called. A school whose code is not known has the code ''.
 */
import {
  ADMISSIONS_POLICIES,
  type CodeListEntry,
  GENDERS,
  PHASES,
  SIXTH_FORMS,
  STATUSES,
  TYPE_GROUPS,
} from '../../jobs/datasets/shared/gias-code-lists.js';
import { newestExtract } from '../composition/newest-extract.js';
import { PROVIDERS, providerOf } from '../composition/state-funded.js';
import { anywhere, membershipsAround, REACHES, trustsOn } from '../composition/trust-reach.js';
import { describedEnum } from '../enum-of.js';
import { trustsNow } from '../school/schools.js';
import { noteAsOf } from '../select/as-of.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

/** Joins to a row of school, under the alias that they have: each once, however many keys need it. */
export class KeyJoins {
  private readonly joined = new Map<string, { alias: Sql; join: Sql }>();

  constructor(
    readonly school: Sql,
    readonly select: Select,
  ) {}

  of(name: string, make: (alias: Sql) => Sql): Sql {
    const known = this.joined.get(name);
    if (known) return known.alias;
    const alias = this.select.alias('k');
    this.joined.set(name, { alias, join: make(alias) });
    return alias;
  }

  get all(): Sql[] {
    return [...this.joined.values()].map(({ join }) => join);
  }
}

interface Key {
  description: string;
  /** The code of a row of school; null where it is not known. */
  code: (joins: KeyJoins) => Sql;
  /** What a code is called; null where nothing says. */
  name: (code: Sql, select: Select) => Sql;
  /** Schools of a kind have the same code (jobs/school-kinds.ts). */
  isOfKinds?: true;
}

/** The code of schools that are in no trust: that is known of them. */
const NO_TRUST = { code: raw("'NONE'"), name: 'In no trust' };

const column = (name: string) => (joins: KeyJoins) => sql`${joins.school}.${raw(name)}`;
const itself = (code: Sql): Sql => code;
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const named = (names: readonly (readonly [string, string])[]) => {
  const cases = raw(names.map(([code, name]) => `WHEN ${quoted(code)} THEN ${quoted(name)}`).join(' '));
  return (code: Sql) => sql`CASE ${code} ${cases} END`;
};
const ofList = (list: readonly CodeListEntry[]) =>
  named(list.map(({ value, name }) => [value, name] as const));
const withoutStop = (words: Record<string, string>) =>
  Object.entries(words).map(([code, text]) => [code, text.replace(/\.$/, '')] as const);

const authority = (joins: KeyJoins) =>
  joins.of(
    'authority',
    (alias) => sql`LEFT JOIN local_authority ${alias} ON ${alias}.code = ${joins.school}.la_code`,
  );
const trust = (joins: KeyJoins) => {
  noteAsOf(joins.select, 'gias-group-links');
  return joins.of(
    'trust',
    (alias) => sql`LEFT JOIN (${trustsNow(joins.select)}) ${alias} ON ${alias}.urn = ${joins.school}.urn`,
  );
};
const reach = (joins: KeyJoins) => {
  const { select } = joins;
  const held = trust(joins);
  const memberships = sql`(${membershipsAround(anywhere, select)})`;
  const trusts = trustsOn(anywhere, newestExtract(select), memberships, select);
  return joins.of(
    'reach',
    (alias) => sql`LEFT JOIN (${trusts}) ${alias} ON ${alias}.group_uid = ${held}.group_uid`,
  );
};

const KEYS = {
  REGION: {
    description: 'Region of the local authority, by GSS code.',
    code: (joins) => sql`${authority(joins)}.region_code`,
    name: (code) => sql`(SELECT r.name FROM region r WHERE r.code = ${code})`,
    isOfKinds: true,
  },
  LOCAL_AUTHORITY: {
    description: 'Local authority whose area it is in, by 3-digit code.',
    code: column('la_code'),
    name: (code) => sql`(SELECT a.name FROM local_authority a WHERE a.code = ${code})`,
    isOfKinds: true,
  },
  TRUST: {
    description:
      'The trust that holds it now, by Group UID; NONE for a school that is in none. Not the trust of the period: see Trust.inclusion.',
    code: (joins) => sql`coalesce(${trust(joins)}.group_uid, ${NO_TRUST.code})`,
    name: (code, select) =>
      sql`CASE WHEN ${code} = ${NO_TRUST.code} THEN ${NO_TRUST.name} ELSE
        (SELECT e.name FROM establishment_group e WHERE e.uid = ${code} AND ${select.valid(sql`e`)}) END`,
  },
  TRUST_REACH: {
    description:
      'How far the open schools of its trust lie apart, on the day of the newest extract (TrustReach); NONE for a school that is in no trust. Not known where its trust has no open state-funded school.',
    code: (joins) => {
      const reached = reach(joins);
      return sql`CASE WHEN ${trust(joins)}.group_uid IS NULL THEN ${NO_TRUST.code} ELSE ${reached}.reach END`;
    },
    name: named([['NONE', NO_TRUST.name], ...withoutStop(REACHES)]),
  },
  PHASE: {
    description: 'Phase of education (Phase).',
    code: column('phase'),
    name: ofList(PHASES),
    isOfKinds: true,
  },
  TYPE: {
    description: 'Type of establishment, by the register’s code.',
    code: column('type_code'),
    name: (code, select) =>
      // Of all types at once, and once for a statement.
      sql`((SELECT jsonb_object_agg(t.type_code, t.type_name) FROM (SELECT type_code, max(type_name) AS type_name
        FROM school s WHERE ${select.valid(sql`s`)} AND type_code IS NOT NULL GROUP BY type_code) t) ->> ${code})`,
    isOfKinds: true,
  },
  TYPE_GROUP: {
    description: 'Group of the type of establishment (TypeGroup).',
    code: column('type_group'),
    name: ofList(TYPE_GROUPS),
    isOfKinds: true,
  },
  PROVIDER: {
    description:
      'Who provides a state-funded school: MAINTAINED, ACADEMY or FREE_SCHOOL (docs/methods/composition.md). Not known where the type is not, and of every other school.',
    code: () => providerOf(),
    name: named(withoutStop(PROVIDERS)),
    isOfKinds: true,
  },
  STATUS: {
    description: 'Whether it is open (SchoolStatus).',
    code: column('status'),
    name: ofList(STATUSES),
    isOfKinds: true,
  },
  RURALITY: {
    description:
      'Rural or urban, in the words of the Office for National Statistics: the same with and without the “(England/Wales)” that the register writes before some.',
    code: (joins) => sql`regexp_replace(${joins.school}.urban_rural, '^\\(England/Wales\\) ', '')`,
    name: itself,
  },
  GENDER: { description: 'Whom it takes (Gender).', code: column('gender'), name: ofList(GENDERS) },
  ADMISSIONS_POLICY: {
    description: 'How it chooses (AdmissionsPolicy).',
    code: column('admissions_policy'),
    name: ofList(ADMISSIONS_POLICIES),
  },
  SIXTH_FORM: {
    description: 'Whether it has a sixth form (SixthForm).',
    code: column('official_sixth_form'),
    name: ofList(SIXTH_FORMS),
  },
  RELIGIOUS_CHARACTER: {
    description: 'Religious character, in the register’s words.',
    code: column('religious_character'),
    name: itself,
  },
} satisfies Record<string, Key>;
export type KeyName = keyof typeof KEYS;

export const SCHOOL_KEYS: Record<KeyName, Key> = KEYS;

export const SchoolKey = describedEnum(
  'SchoolKey',
  'What schools can be grouped by, as the register has it now.',
  KEYS,
);
