/** Figures to compare: of every place that is looked at, the counts of each rate in its newest period and the one before. */
import { authorityRows, rowsOf, schoolRows } from '../observation/rows.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';
import type { Compared, ComparedLevel } from './compared.js';

const NONE = sql`SELECT 0 AS at, ''::text AS code, NULL::float8 AS count, NULL::float8 AS base,
  NULL::float8 AS count_before, NULL::float8 AS base_before, 0 AS brought WHERE false`;

/**
 * A row for each place and rate: `at`, the rate's number in `compared`; counts and bases, null where they are not published;
 * `brought`, the newest release that changed either. `places`: a query of codes, or of URNs. A data set is read once.
 */
export function figuresToCompare(
  level: ComparedLevel,
  compared: readonly Compared[],
  places: Sql,
  select: Select,
): Sql {
  const byDataSet = new Map<string, { at: number; one: Compared }[]>();
  for (const [at, one] of compared.entries()) {
    const { dataSet } = one.indicator;
    byDataSet.set(dataSet.id, [...(byDataSet.get(dataSet.id) ?? []), { at, one }]);
  }
  const queries = [...byDataSet.values()].map((rates) => ofDataSet(level, rates, places, select));
  return queries.length === 0 ? NONE : join(queries, ' UNION ALL ');
}

function ofDataSet(
  level: ComparedLevel,
  rates: readonly { at: number; one: Compared }[],
  places: Sql,
  select: Select,
): Sql {
  const first = rates[0]!.one;
  const { newest } = first;
  const before = rates.find(({ one }) => one.before)?.one.before ?? null;
  const isSchool = level === 'SCHOOL';
  const code = isSchool ? sql`sp.urn` : sql`lp.code`;
  const ofPlaces = sql`${code} = ANY(ARRAY(${places}))`;
  const authorities = authorityRows(select);
  const wanted = {
    indicator: { ...first.indicator, inEveryEdition: true },
    stored: first.stored,
    breakdown: null,
    periods: null,
  };
  const place = isSchool
    ? schoolRows(ofPlaces, wanted, select)
    : { ...authorities, where: sql`${authorities.where} AND ${ofPlaces}` };
  const { observation } = place;
  const columns = new Map<string, Sql>();
  /** Of a school that has several rows their sum; unknown where a part is. */
  const cell = (position: number, period: { id: number } | null): Sql => {
    if (!period) return sql`NULL::float8`;
    const name = `v${position}_${period.id}`;
    const value = sql`${observation}.values[${position}::int]`;
    const ofPeriod = sql`FILTER (WHERE ${observation}.period_id = ${period.id}::smallint)`;
    columns.set(
      name,
      sql`CASE WHEN bool_and(${value} IS NOT NULL) ${ofPeriod} THEN sum(${value}) ${ofPeriod} END AS ${raw(name)}`,
    );
    return sql`g.${raw(name)}`;
  };
  const rows = rates.map(
    ({ at, one: { stored, before: last } }) =>
      sql`(${at}::int, ${cell(stored.numerator, newest)}, ${cell(stored.denominator, newest)}, ${cell(stored.numerator, last)}, ${cell(stored.denominator, last)})`,
  );
  return sql`SELECT v.at, g.code, v.count, v.base, v.count_before, v.base_before, g.brought
    FROM (SELECT ${code}::text AS code, max(${observation}.from_release) AS brought, ${join([...columns.values()])}
      ${rowsOf(place, wanted, select)(before ? [before, newest] : [newest])} GROUP BY ${code}) g
    CROSS JOIN LATERAL (VALUES ${join(rows)}) v(at, count, base, count_before, base_before)`;
}
