/** Codes that a searched text may be, and what is looked up by each: exactly, and among what stands in the registers today. */
import { raw, type Sql, sql } from '../select/sql.js';
import { TRUST_TYPE_CODES } from '../trust/trust.js';
import type { SearchFieldName, SearchKindName } from './kinds.js';
import { hasPostcode, isWhole, parsePostcode } from './postcode.js';

/** A lookup: of which kind, by which field, and the rows that have the code. */
interface Lookup {
  kind: SearchKindName;
  field: SearchFieldName;
  /** FROM and WHERE of a table `t`. */
  from: Sql;
  key: string;
  text: Sql;
  stands: Sql;
  score: number;
}

const SCHOOL = {
  kind: 'SCHOOL',
  key: 'urn',
  stands: raw("t.status IN ('OPEN', 'PROPOSED_TO_CLOSE')"),
} as const;
const TRUST = { kind: 'TRUST', key: 'uid', stands: raw("t.status = 'OPEN'") } as const;

const schools = (field: SearchFieldName, text: Sql, condition: Sql, score = 1): Lookup => ({
  ...SCHOOL,
  field,
  text,
  score,
  from: sql`FROM school t WHERE t.to_release IS NULL AND ${condition}`,
});
const trusts = (field: SearchFieldName, text: Sql, condition: Sql, score = 1): Lookup => ({
  ...TRUST,
  field,
  text,
  score,
  from: sql`FROM establishment_group t WHERE t.to_release IS NULL AND t.type_code IN ${TRUST_TYPE_CODES} AND ${condition}`,
});
const authorities = (field: SearchFieldName, text: Sql, condition: Sql): Lookup => ({
  kind: 'LOCAL_AUTHORITY',
  key: 'code',
  stands: raw('t.closed_on IS NULL'),
  field,
  text,
  score: 1,
  from: sql`FROM local_authority t WHERE ${condition}`,
});

/** As it is indexed. */
const SPELLED = raw("replace(t.postcode, ' ', '')");

/** A postcode of which only a part is known fits less well. */
const OF_PART = 0.9;

/** What people write before a code: URN 136205, LAESTAB: 891/4000, Company No. 07618498. */
const LABEL =
  /^\s*(?:(?:urn|la ?estab|ukprn|uid)(?:\s+(?:code|number|no))?[\s:#.=]*|(?:dfe|group|gss|company|postcode|local authority|la|lea)(?:\s+(?:code|id|number|uid|no))?[\s:#.=]+)(?=[a-z]{0,2}\d[a-z\d\s/.-]*$)/i;

/** A text without the label of a code; null where it has none. */
export const unlabelled = (text: string): string | null =>
  LABEL.test(text) ? text.replace(LABEL, '') : null;

/** What the text is looked up by; none where it is no code. */
function lookupsOf(text: string): Lookup[] {
  const code = text.replace(/[\s/.-]/g, '').toUpperCase();
  const found: Lookup[] = [];
  if (/^\d{6}$/.test(code)) found.push(schools('URN', raw('t.urn::text'), sql`t.urn = ${Number(code)}::int`));
  if (/^\d{7}$/.test(code))
    found.push(schools('LAESTAB', raw('t.la_estab'), sql`t.la_estab = ${code}::text`));
  if (/^\d{8}$/.test(code)) {
    found.push(
      schools('UKPRN', raw('t.ukprn'), sql`t.ukprn = ${code}::text`),
      trusts('UKPRN', raw('t.ukprn'), sql`t.ukprn = ${code}::text`),
    );
  }
  if (/^(\d{6,8}|[A-Z]{2}\d{6})$/.test(code)) {
    found.push(
      trusts(
        'COMPANY_NUMBER',
        raw('t.company_number'),
        sql`t.company_number = ${code.padStart(8, '0')}::text`,
      ),
    );
  }
  if (/^\d{1,8}$/.test(code)) found.push(trusts('UID', raw('t.uid'), sql`t.uid = ${code}::text`));
  if (/^TR\d{5}$/.test(code))
    found.push(trusts('GROUP_ID', raw('t.group_id'), sql`t.group_id = ${code}::text`));
  if (/^\d{3}$/.test(code)) found.push(authorities('CODE', raw('t.code'), sql`t.code = ${code}::text`));
  if (/^E\d{8}$/.test(code)) {
    found.push(
      authorities(
        'GSS_CODE',
        sql`${code}::text`,
        sql`t.code IN (SELECT c.code FROM local_authority_code c WHERE c.gss_code = ${code}::text AND c.to_release IS NULL)`,
      ),
      {
        kind: 'REGION',
        key: 'code',
        field: 'GSS_CODE',
        text: raw('t.code'),
        stands: raw('(t.code IS NOT NULL)'),
        score: 1,
        from: sql`FROM region t WHERE t.code = ${code}::text`,
      },
    );
  }
  const postcode = parsePostcode(text);
  if (postcode) {
    const condition = hasPostcode(SPELLED, postcode);
    const score = isWhole(postcode) ? 1 : OF_PART;
    found.push(
      schools('POSTCODE', raw('t.postcode'), condition, score),
      trusts('POSTCODE', raw('t.postcode'), condition, score),
    );
  }
  return found;
}

/** Queries of hits by codes: kind, key, field, text, stands, score; no more than `most` of each. */
export const hitsByCode = (text: string, kinds: ReadonlySet<SearchKindName>, most: number): Sql[] =>
  lookupsOf(text)
    .filter(({ kind }) => kinds.has(kind))
    .map(
      ({ kind, field, key, text: matched, stands, score, from }) =>
        sql`(SELECT ${kind}::text AS kind, t.${raw(key)}::text AS key, ${field}::text AS field, ${matched} AS text, ${stands} AS stands,
          ${score}::float8 AS score, t.name AS name ${from} ORDER BY ${stands} DESC, t.name, t.${raw(key)} LIMIT ${most})`,
    );
