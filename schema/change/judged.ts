/**
 * Comparisons and what chance makes of them: each place's newest rate beside its own of the period before, and a local
 * authority's beside that of its neighbours together. All that is asked for at once is one family of tests, of which the
 * false discoveries are controlled.
 */

import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { editionOf, IN_EDITIONS, type NeighbourKindName } from '../neighbour/kinds.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import { controlled, pValue } from '../statistics/p-value.js';
import { zOfDifference } from '../statistics/two-rates.js';
import { type Compared, comparedAt } from './compared.js';
import { figuresToCompare } from './figures.js';

/** The share of what is listed that may be chance. */
export const FALSE_DISCOVERIES = 0.05;
/** How much of what is counted must be expected in either rate, were both the same, for the normal test to be fair. */
export const LEAST_EXPECTED = 5;

/** Whom a question is about: queries of codes of local authorities, of URNs, and of the UIDs of trusts with the URNs they hold. */
export interface Places {
  authorities: Sql;
  schools: Sql;
  /** Columns: uid, urn. */
  held: Sql;
}

/** Names of queries of a WITH. */
export interface Judged {
  queries: Sql;
  /** Whom it is about: local authorities, schools, and trusts with their schools. */
  scope: Sql;
  urns: Sql;
  held: Sql;
  /** Every comparison that was made or could not be: kind, level, code, rate, counts, z, p; `is_fair`. */
  compared: Sql;
  /** Those that could be judged, with `adjusted`. */
  judged: Sql;
  /** The rates: at, id, per, polarity, newest, before. */
  rates: Sql;
}

const COLUMNS = sql`count::float8, base::float8, other_count::float8, other_base::float8`;

export function judgedOf(
  places: Places,
  indicators: readonly CataloguedIndicator[],
  since: Sql,
  select: Select,
): Judged {
  const names = ['scope', 'urns', 'held', 'near', 'la', 'sch', 'rates', 'comp', 'judged', 'adj'];
  const [scope, urns, held, near, authority, school, rates, compared, judged, adjusted] = names.map((name) =>
    select.alias(name),
  ) as [Sql, Sql, Sql, Sql, Sql, Sql, Sql, Sql, Sql, Sql];
  const ofAuthorities = comparedAt('LOCAL_AUTHORITY', indicators, select);
  // A school has no neighbours: only its movements are compared.
  const ofSchools = comparedAt('SCHOOL', indicators, select).filter(({ before }) => before !== null);
  // One list of rates: those of schools are numbered after those of local authorities.
  const list = [...ofAuthorities, ...ofSchools].map(rateRow);
  const first = ofAuthorities.length;
  const z = (counts: 'EVENTS' | 'PEOPLE') =>
    zOfDifference(
      counts,
      { count: raw('c.count'), base: raw('c.base') },
      { count: raw('c.other_count'), base: raw('c.other_base') },
    )!;
  const least = sql`least(c.base, c.other_base)`;
  const pooled = sql`((c.count + c.other_count) / nullif(c.base + c.other_base, 0))`;
  const queries = sql`
    ${scope} AS MATERIALIZED (${places.authorities}),
    ${held} AS MATERIALIZED (${places.held}),
    ${urns} AS MATERIALIZED (SELECT urn FROM (${places.schools}) u UNION SELECT urn FROM ${held}),
    ${near} AS MATERIALIZED (${neighbours(sql`SELECT code FROM ${scope}`, select)}),
    ${authority} AS MATERIALIZED (${figuresToCompare('LOCAL_AUTHORITY', ofAuthorities, sql`SELECT code FROM ${scope} UNION SELECT neighbour_code FROM ${near}`, select)}),
    ${school} AS MATERIALIZED (${figuresToCompare('SCHOOL', ofSchools, sql`SELECT urn FROM ${urns}`, select)}),
    ${rates} AS MATERIALIZED (SELECT * FROM jsonb_to_recordset(${JSON.stringify(list)}::jsonb)
      AS r(at int, id text, counts text, per float8, polarity text, newest smallint, before smallint, data_set smallint)),
    ${compared} AS MATERIALIZED (
      SELECT c.*, r.counts, r.per, r.polarity, c.count IS NOT NULL AND c.base > 0 AND c.other_count IS NOT NULL AND c.other_base > 0 AS is_known,
        c.base > 0 AND c.other_base > 0 AND ${pooled} * ${least} >= ${LEAST_EXPECTED}::float8
          AND (r.counts = 'EVENTS' OR (1 - ${pooled}) * ${least} >= ${LEAST_EXPECTED}::float8) AS is_fair
      FROM (
        SELECT 'MOVEMENT' AS kind, 'LOCAL_AUTHORITY' AS level, code, at, ${COLUMNS}, 1 AS others, brought FROM (
          SELECT *, count_before AS other_count, base_before AS other_base FROM ${authority}) f WHERE code IN (SELECT code FROM ${scope})
        UNION ALL SELECT 'MOVEMENT', 'SCHOOL', code, at + ${first}::int, ${COLUMNS}, 1, brought FROM (
          SELECT *, count_before AS other_count, base_before AS other_base FROM ${school}) f WHERE code IN (SELECT urn::text FROM ${urns})
        UNION ALL SELECT 'MOVEMENT', 'TRUST', h.uid, f.at + ${first}::int, sum(f.count), sum(f.base), sum(f.count_before), sum(f.base_before), count(*)::int, max(f.brought)
          FROM ${held} h JOIN ${school} f ON f.code = h.urn::text
          WHERE f.count IS NOT NULL AND f.base IS NOT NULL AND f.count_before IS NOT NULL AND f.base_before IS NOT NULL GROUP BY h.uid, f.at
        UNION ALL SELECT g.kind, 'LOCAL_AUTHORITY', f.code, f.at, f.count, f.base, g.count, g.base, g.others, greatest(f.brought, g.brought)
          FROM (SELECT n.kind, n.la_code, o.at, sum(o.count) AS count, sum(o.base) AS base, count(*)::int AS others, max(o.brought) AS brought
            FROM ${near} n JOIN ${authority} o ON o.code = n.neighbour_code WHERE o.count IS NOT NULL AND o.base IS NOT NULL GROUP BY n.kind, n.la_code, o.at) g
          JOIN ${authority} f ON f.code = g.la_code AND f.at = g.at
      ) c JOIN ${rates} r ON r.at = c.at WHERE (c.kind <> 'MOVEMENT' OR r.before IS NOT NULL) AND ${since}),
    ${judged} AS MATERIALIZED (
      SELECT t.*, ${pValue(sql`t.z`)} AS p FROM (
        SELECT c.*, CASE c.counts WHEN 'EVENTS' THEN ${z('EVENTS')} ELSE ${z('PEOPLE')} END AS z FROM ${compared} c WHERE c.is_known AND c.is_fair
      ) t WHERE t.z IS NOT NULL),
    ${adjusted} AS MATERIALIZED (${controlled(judged, raw('p'))})`;
  return { queries, scope, urns, held, compared, judged: adjusted, rates };
}

const rateRow = ({ indicator, stored, newest, before }: Compared, at: number) => ({
  at,
  id: indicator.id,
  counts: indicator.rate!.counts,
  per: indicator.rate!.per,
  polarity: indicator.polarity,
  newest: newest.id,
  before: before?.id ?? null,
  data_set: stored.dataSetNumber,
});

/** Neighbours of both kinds, in the newest edition of each. */
function neighbours(codes: Sql, select: Select): Sql {
  const queries = Object.entries(IN_EDITIONS).flatMap(([kind, { table }]) => {
    const edition = editionOf({ kind: kind as NeighbourKindName }, select);
    if (edition === null) return [];
    return [
      sql`SELECT ${`${kind}_NEIGHBOURS`}::text AS kind, n.la_code, n.neighbour_code FROM ${table} n WHERE n.edition = ${edition} AND n.la_code IN (${codes})`,
    ];
  });
  return queries.length === 0
    ? sql`SELECT ''::text AS kind, ''::text AS la_code, ''::text AS neighbour_code WHERE false`
    : join(queries, ' UNION ALL ');
}
