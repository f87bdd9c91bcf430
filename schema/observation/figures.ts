/**
 * Figures: SQL for the values of one indicator for one place, a row per period. Three kinds of place:
 * - published: the file has a row for the place itself;
 * - school: the file's rows for the school, nearly always one (a middle school may have a row for each phase);
 * - pooled: nothing is published; the figure is made of its schools' or sub-regions' rows.
 * A pooled rate is the sum of numerators over the sum of denominators, never a mean of rates. A withheld cell
 * is not nothing: the sum then has no value, only bounds.
 */
import sql, { raw, type Sql } from 'sql-template-tag';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { SchoolGraphError } from '../../src/errors.js';

export type FigureSource =
  | { kind: 'published'; level: 'NATIONAL' | 'LOCAL_AUTHORITY'; code: Sql }
  | { kind: 'school'; urn: Sql }
  /** `schools`: a query of urns; `held`: how many schools there are to ask. */
  | { kind: 'trust'; schools: Sql; held: Sql }
  /** Published where it is, else pooled from its sub-regions. */
  | { kind: 'region'; code: Sql };

/** The level whose releases a source's figures are cited to. */
export const levelOfSource = (source: FigureSource): string =>
  source.kind === 'published' ? source.level : source.kind === 'region' ? 'REGIONAL' : 'SCHOOL';

/** Statuses that leave a number unknown, but there: a sum over them has bounds and no value. */
const WITHHELD = raw("('SUPPRESSED', 'LOW', 'UNRELIABLE')");

/** The id of a place as published. */
const placeId = (level: string, code: Sql): Sql =>
  sql`(SELECT id FROM place WHERE level = ${raw(`'${level}'`)} AND code = ${code})`;

/**
 * Columns: period_id, value, lower, upper, status, raw, numerator, denominator, is_derived, parts (schools or
 * sub-regions that went in), held (schools that could have; null where the figure is not pooled over schools).
 */
export function figures(source: FigureSource, indicator: CataloguedIndicator, breakdown: string | null): Sql {
  switch (source.kind) {
    case 'published':
      return published(
        cells(indicator, breakdown, false, sql`o.place_id = ${placeId(source.level, source.code)}`),
      );
    case 'school':
      return pooled(
        indicator,
        schoolCells(indicator, breakdown, sql`sp.urn = ${source.urn}`),
        sql`NULL::int`,
        true,
      );
    case 'trust':
      refuseUnlessAdditive(indicator, 'a trust');
      return pooled(
        indicator,
        schoolCells(indicator, breakdown, sql`sp.urn IN (${source.schools})`),
        source.held,
        false,
      );
    case 'region': {
      const own = published(
        cells(indicator, breakdown, false, sql`o.place_id = ${placeId('REGIONAL', source.code)}`),
      );
      if (!isAdditive(indicator)) return own;
      const parts = sql`o.place_id IN (SELECT p.id FROM place p JOIN region r ON r.code = p.code WHERE p.level = 'REGIONAL' AND r.parent_code = ${source.code})`;
      const made = pooled(indicator, cells(indicator, breakdown, false, parts), sql`NULL::int`, false);
      return sql`(WITH own AS (SELECT * FROM ${own} x) SELECT * FROM own UNION ALL SELECT * FROM ${made} y WHERE NOT EXISTS (SELECT FROM own WHERE own.period_id = y.period_id))`;
    }
  }
}

const isAdditive = ({ additive, rate }: CataloguedIndicator) => additive || rate !== undefined;

function refuseUnlessAdditive(indicator: CataloguedIndicator, where: string): void {
  if (!isAdditive(indicator)) {
    throw new SchoolGraphError(
      'NOT_ADDITIVE',
      `${indicator.id} has no figure for ${where}: its published values cannot be added up, and no count and base are published to work it out from`,
    );
  }
}

/** The published cells of current observations, a row each: v, n, d and what their symbols say. */
function cells(
  indicator: CataloguedIndicator,
  breakdown: string | null,
  atSchool: boolean,
  where: Sql,
  join = sql``,
): Sql {
  const ofBreakdown =
    breakdown !== null
      ? sql`o.breakdown_id = (SELECT b.id FROM breakdown b WHERE b.data_set_number = i.data_set_number AND b.code = ${breakdown})`
      : atSchool
        ? sql`o.breakdown_id IN (SELECT b.id FROM breakdown b WHERE b.school_part AND (b.data_set_number = i.data_set_number OR b.id = 0))`
        : sql`o.breakdown_id = 0`;
  return sql`(
    SELECT o.period_id, ${atSchool ? sql`sp.urn` : sql`o.place_id`} AS part, i.multiplier,
      o.values[i.position] AS v, o.values[i.numerator_position] AS n, o.values[i.denominator_position] AS d,
      coalesce(o.raw ->> i.position::text, o.values[i.position]::text) AS raw,
      CASE WHEN o.values[i.position] IS NOT NULL THEN 'ACTUAL' ELSE coalesce(vs.status, 'NOT_AVAILABLE') END AS status,
      vs.lower AS v_lower, vs.upper AS v_upper,
      CASE WHEN o.values[i.numerator_position] IS NOT NULL THEN 'ACTUAL' ELSE coalesce(ns.status, 'NOT_AVAILABLE') END AS n_status,
      coalesce(o.values[i.numerator_position], ns.lower) AS n_lower,
      coalesce(o.values[i.numerator_position], ns.upper) AS n_upper
    FROM indicator i
    ${join}
    JOIN observation o ON o.data_set_number = i.data_set_number AND o.to_release IS NULL AND ${where} AND ${ofBreakdown}
    LEFT JOIN symbol vs ON vs.data_set_number = i.data_set_number AND vs.edition = o.edition AND vs.position = i.position
      AND vs.symbol = o.raw ->> i.position::text
    LEFT JOIN symbol ns ON ns.data_set_number = i.data_set_number AND ns.edition = o.edition AND ns.position = i.numerator_position
      AND ns.symbol = o.raw ->> i.numerator_position::text
    WHERE i.id = ${indicator.id}
  )`;
}

/** The cells of schools: published under a URN, or under a LAESTAB that meant the school on census day. */
function schoolCells(indicator: CataloguedIndicator, breakdown: string | null, where: Sql): Sql {
  return cells(
    indicator,
    breakdown,
    true,
    sql`o.place_id = sp.place_id AND EXISTS (SELECT FROM period pe WHERE pe.id = o.period_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census)`,
    sql`JOIN school_place sp ON ${where}`,
  );
}

function published(rows: Sql): Sql {
  return sql`(
    SELECT c.period_id, c.v AS value,
      CASE WHEN c.v IS NULL THEN coalesce(c.v_lower, c.n_lower / nullif(c.d, 0) * c.multiplier) END AS lower,
      CASE WHEN c.v IS NULL THEN coalesce(c.v_upper, c.n_upper / nullif(c.d, 0) * c.multiplier) END AS upper,
      c.status, c.raw, c.n AS numerator, c.d AS denominator, false AS is_derived, 1 AS parts, NULL::int AS held
    FROM ${rows} c)`;
}

/**
 * Sums cells by period. A cell takes part when its number is known or withheld; one that is not applicable or
 * not available says nothing about the sum, and is left out and not counted in `parts`.
 * With `singleAsPublished`, a period with one cell keeps that cell's own published value.
 */
function pooled(indicator: CataloguedIndicator, rows: Sql, held: Sql, singleAsPublished: boolean): Sql {
  const isRate = indicator.rate !== undefined;
  const status = raw(isRate ? 'c.n_status' : 'c.status');
  const takesPart = isRate
    ? sql`(c.d IS NOT NULL AND (c.n IS NOT NULL OR c.n_status IN ${WITHHELD}))`
    : sql`(c.v IS NOT NULL OR c.status IN ${WITHHELD})`;
  const lower = raw(isRate ? 'coalesce(c.n_lower, 0)' : 'coalesce(c.v, c.v_lower, 0)');
  const upper = raw(isRate ? 'c.n_upper' : 'coalesce(c.v, c.v_upper)');
  const known = raw(isRate ? 'c.n' : 'c.v');
  const over = isRate ? sql` / nullif(sum(c.d) FILTER (WHERE ${takesPart}), 0) * min(c.multiplier)` : sql``;
  // A sum with an unknown term is unknown, where SQL's sum() would pass over it.
  const sumOf = (term: Sql) =>
    sql`CASE WHEN bool_and(${term} IS NOT NULL) FILTER (WHERE ${takesPart}) THEN sum(${term}) FILTER (WHERE ${takesPart}) END`;
  const single = singleAsPublished ? sql`count(*) = 1` : sql`false`;
  return sql`(
    SELECT c.period_id,
      CASE WHEN ${single} THEN min(c.v) ELSE (${sumOf(known)})${over} END AS value,
      CASE WHEN bool_and(${known} IS NOT NULL) FILTER (WHERE ${takesPart}) THEN NULL ELSE (${sumOf(lower)})${over} END AS lower,
      CASE WHEN bool_and(${known} IS NOT NULL) FILTER (WHERE ${takesPart}) THEN NULL ELSE (${sumOf(upper)})${over} END AS upper,
      CASE WHEN ${single} THEN min(c.status)
        WHEN count(*) FILTER (WHERE ${takesPart}) = 0 THEN min(${status})
        WHEN NOT bool_and(${known} IS NOT NULL) FILTER (WHERE ${takesPart}) THEN 'SUPPRESSED'
        ${isRate ? sql`WHEN sum(c.d) FILTER (WHERE ${takesPart}) = 0 THEN 'NOT_APPLICABLE'` : sql``}
        ELSE 'ACTUAL' END AS status,
      CASE WHEN ${single} THEN min(c.raw) END AS raw,
      ${isRate ? sumOf(known) : sql`NULL::float8`} AS numerator,
      ${isRate ? sql`sum(c.d) FILTER (WHERE ${takesPart})` : sql`NULL::float8`} AS denominator,
      NOT (${single}) AS is_derived,
      (count(DISTINCT c.part) FILTER (WHERE ${takesPart}))::int AS parts,
      ${held} AS held
    FROM ${rows} c GROUP BY c.period_id)`;
}
