/** Which places of a level are compared: a filter whose every condition says which levels have it. */
import { Field, InputType } from 'type-graphql';
import { refused } from '../../src/refused.js';
import { TrustReach } from '../composition/composition.js';
import { newestExtract } from '../composition/newest-extract.js';
import { anywhere, type Reach, trustsOn } from '../composition/trust-reach.js';
import {
  isOfType,
  LocalAuthorityType,
  type LocalAuthorityTypeName,
} from '../local-authority/local-authority-type.js';
import { SchoolFilter, schoolConditions } from '../school/school-filter.js';
import { allOf, inList } from '../select/conditions.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { TRUST_TYPE_CODES } from '../trust/trust.js';
import { regionsIn } from './codes.js';
import type { LevelName } from './level-figures.js';

@InputType({ description: 'Which places of a level: those that every condition given holds for.' })
export class LevelFilter {
  @Field(() => [String], {
    nullable: true,
    description:
      'In these regions, by GSS code: for LOCAL_AUTHORITY and SCHOOL; for TRUST, those with a school in one of them.',
  })
  region?: string[];

  @Field(() => [LocalAuthorityType], {
    nullable: true,
    description: 'Councils of one of these kinds: for LOCAL_AUTHORITY.',
  })
  type?: LocalAuthorityTypeName[];

  @Field(() => SchoolFilter, { nullable: true, description: 'Schools that it describes: for SCHOOL.' })
  schools?: SchoolFilter;

  @Field(() => [TrustReach], {
    nullable: true,
    description: 'Trusts of one of these reaches today, for TRUST, or the schools in them, for SCHOOL.',
  })
  trustReach?: Reach[];
}

type Conditions = { [name in keyof LevelFilter]-?: (place: Sql, asked: never, select: Select) => Sql };

const isOfRegions = (authority: Sql, regions: string[], select: Select): Sql =>
  inList(
    sql`${authority}.region_code`,
    raw('text'),
    'filter.region',
    regionsIn('filter.region', regions, select.known),
  );
const liesIn = (laCode: Sql, regions: string[], select: Select): Sql =>
  sql`${laCode} IN (SELECT code FROM local_authority a WHERE ${isOfRegions(raw('a'), regions, select)})`;

/** What the filter may have at each level, and what it comes to. */
const CONDITIONS: Record<LevelName, Partial<Conditions>> = {
  REGION: {},
  LOCAL_AUTHORITY: {
    region: isOfRegions,
    type: (authority, types: LocalAuthorityTypeName[]) => isOfType(authority, types),
  },
  SCHOOL: {
    region: (school, regions: string[], select) => liesIn(sql`${school}.la_code`, regions, select),
    schools: (school, filter: SchoolFilter, select) =>
      schoolConditions(filter, school, select, { argument: 'filter.schools' }),
    trustReach: (school, reaches: Reach[], select) =>
      sql`${school}.urn IN (SELECT m.urn FROM group_membership m WHERE ${select.valid(sql`m`)}
        AND m.group_uid IN (${ofReach(reaches, select)}))`,
  },
  TRUST: {
    region: (trust, regions: string[], select) =>
      sql`${trust}.uid IN (SELECT m.group_uid FROM group_membership m JOIN school s ON s.urn = m.urn AND ${select.valid(sql`s`)}
        WHERE ${select.valid(sql`m`)} AND ${liesIn(sql`s.la_code`, regions, select)})`,
    trustReach: (trust, reaches: Reach[], select) => sql`${trust}.uid IN (${ofReach(reaches, select)})`,
  },
};

/** Group UIDs of the trusts of some reaches, by the memberships and the schools that the newest extract has. */
function ofReach(reaches: Reach[], select: Select): Sql {
  const memberships = sql`(SELECT urn, group_uid, joined_on AS began_on, NULL::date AS ended_on FROM group_membership h
    WHERE ${select.valid(sql`h`)} AND h.group_type_code IN ${TRUST_TYPE_CODES})`;
  return sql`SELECT r.group_uid FROM (${trustsOn(anywhere, newestExtract(select), memberships, select)}) r
    WHERE ${inList(sql`r.reach`, raw('text'), 'filter.trustReach', reaches)}`;
}

/** Keeps the places that the filter describes. Refuses a condition that the level does not have. */
export function filterOfLevel(
  level: LevelName,
  filter: LevelFilter | null | undefined,
  place: Sql,
  select: Select,
): Sql {
  const asked = Object.entries(filter ?? {}).filter(([, value]) => value !== null && value !== undefined);
  const conditions = CONDITIONS[level] as Record<string, (place: Sql, asked: unknown, select: Select) => Sql>;
  for (const [name] of asked) {
    if (conditions[name]) continue;
    const has = Object.keys(conditions).map((one) => `filter.${one}`);
    throw refused(`filter.${name}`, `not for this level, which has ${has.join(', ') || 'no filter'}`);
  }
  return allOf(asked.map(([name, value]) => conditions[name]!(place, value, select)));
}
