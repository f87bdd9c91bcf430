/**
 * What kind of council a local authority is, by the first three characters of its GSS code: the entity codes of the Office
 * for National Statistics' Register of Geographic Codes. E07, a district below a county, answers for no schools.
 */
import { describedEnum } from '../enum-of.js';
import { raw, type Sql, sql } from '../select/sql.js';

export const TYPES = {
  UNITARY_AUTHORITY: {
    entity: 'E06',
    description: 'Unitary authority (E06), the Isles of Scilly among them.',
  },
  METROPOLITAN_DISTRICT: { entity: 'E08', description: 'Metropolitan district (E08).' },
  LONDON_BOROUGH: { entity: 'E09', description: 'London borough (E09), the City of London among them.' },
  COUNTY: { entity: 'E10', description: 'Shire county with districts below it (E10).' },
} as const;
export type LocalAuthorityTypeName = keyof typeof TYPES;

export const LocalAuthorityType = describedEnum('LocalAuthorityType', 'Kind of council.', TYPES);

const CASES = Object.entries(TYPES)
  .map(([name, { entity }]) => `WHEN '${entity}' THEN '${name}'`)
  .join(' ');

/** Of a row of local_authority. */
export const typeOf = (authority: Sql): Sql => sql`CASE left(${authority}.gss_code, 3) ${raw(CASES)} END`;

/** Keeps those of some types. */
export const isOfType = (authority: Sql, types: readonly LocalAuthorityTypeName[]): Sql =>
  sql`left(${authority}.gss_code, 3) = ANY(${types.map((type) => TYPES[type].entity)}::text[])`;
