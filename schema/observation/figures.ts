/**
 * Figures: SQL for the values of one indicator for one place, a row per period. Three kinds of place:
 * - published: the file has a row for the place itself;
 * - school: the file's rows for the school, nearly always one (a middle school may have a row for each phase);
 * - pooled: nothing is published; the figure is made of the rows of a trust's schools or a region's LAs.
 * A pooled rate is the sum of numerators over the sum of denominators, never a mean of rates. A withheld cell
 * is not nothing: the sum then has no value, only bounds.
 */
import sql, { raw, type Sql } from 'sql-template-tag';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { SchoolGraphError } from '../../src/errors.js';
import type { Select } from '../select/select.js';

export type FigureSource =
  | { kind: 'published'; level: 'NATIONAL' | 'LOCAL_AUTHORITY'; code: Sql }
  | { kind: 'school'; urn: Sql }
  /** `schools`: a query of urns; `held`: how many schools there are to ask. */
  | { kind: 'trust'; schools: Sql; held: Sql }
  /** Published where it is, else pooled from its local authorities. */
  | { kind: 'region'; code: Sql };

/** Statuses that leave a number unknown, but there: a sum over them has bounds and no value. */
const WITHHELD = raw("('SUPPRESSED', 'LOW', 'UNRELIABLE')");

/**
 * Which period each figure of an indicator is about, and how its file spells it: a row per period_id with code, label,
 * identifier, data_set_number and release_id, the release that it is cited to (null: see coverage).
 */
export const spelledPeriods = (indicator: CataloguedIndicator, select: Select): Sql =>
  indicator.series
    ? sql`(SELECT i.data_set_number, sp.period_id, sp.code, sp.label, sp.identifier,
          (SELECT max(r.id) FROM release r WHERE r.data_set_number = i.data_set_number AND r.id <= sp.last_release
            AND ${select.released(sql`r.id`)}) AS release_id
        FROM indicator i JOIN series_period sp ON sp.measure = i.series_measure AND ${select.valid(sql`sp`)}
        WHERE i.id = ${indicator.id})`
    : sql`(SELECT dp.*, NULL::int AS release_id FROM data_set_period dp
        WHERE dp.data_set_number = (SELECT data_set_number FROM indicator WHERE id = ${indicator.id}))`;

/** The id of a place as published. */
const placeId = (level: string, code: Sql): Sql =>
  sql`(SELECT id FROM place WHERE level = ${raw(`'${level}'`)} AND code = ${code})`;

/**
 * Columns: period_id, value, lower, upper, status, raw, numerator, denominator, is_derived, parts (schools or LAs
 * that went in), held (schools that could have; null where the figure is not pooled over schools), level (the level
 * of the rows that it is made of).
 */
export function figures(
  source: FigureSource,
  indicator: CataloguedIndicator,
  breakdown: string | null,
  select: Select,
): Sql {
  if (indicator.series) return ofSeries(source, indicator, select);
  switch (source.kind) {
    case 'published':
      return published(
        cells(select, indicator, breakdown, false, sql`o.place_id = ${placeId(source.level, source.code)}`),
        source.level,
      );
    case 'school':
      return pooled(indicator, {
        rows: schoolCells(select, indicator, breakdown, sql`sp.urn = ${source.urn}`),
        level: 'SCHOOL',
        held: sql`NULL::int`,
        singleAsPublished: true,
      });
    case 'trust':
      refuseUnlessAdditive(indicator, 'a trust');
      return pooled(indicator, {
        rows: schoolCells(select, indicator, breakdown, sql`sp.urn IN (${source.schools})`),
        level: 'SCHOOL',
        held: source.held,
        singleAsPublished: false,
      });
    case 'region':
      return regional(select, source.code, indicator, breakdown);
  }
}

/** A series has its own rows for England, regions and local authorities, and none for schools. */
function ofSeries(source: FigureSource, indicator: CataloguedIndicator, select: Select): Sql {
  switch (source.kind) {
    case 'published':
      return series(select, indicator, source.level, source.code);
    case 'region':
      return series(select, indicator, 'REGIONAL', source.code);
    case 'school':
      return series(select, indicator, 'SCHOOL', sql`${source.urn}::text`);
    case 'trust':
      refuseUnlessAdditive(indicator, 'a trust');
      throw new Error('a series does not add up');
  }
}

/** The published cells of a place, from the one row that holds them all. */
const series = (select: Select, indicator: CataloguedIndicator, level: string, code: Sql): Sql => sql`(
    SELECT sp.period_id, c.value, sy.lower, sy.upper,
      CASE WHEN c.value IS NOT NULL THEN 'ACTUAL' ELSE coalesce(sy.status, 'NOT_AVAILABLE') END AS status,
      coalesce(c.raw, c.value::text) AS raw, NULL::float8 AS numerator, NULL::float8 AS denominator,
      false AS is_derived, 1 AS parts, NULL::int AS held, ${raw(`'${level}'`)} AS level
    FROM indicator i
    JOIN data_set ds ON ds.number = i.data_set_number
    JOIN series s ON s.measure = i.series_measure AND ${select.valid(sql`s`)} AND s.place_id = ${placeId(level, code)}
    JOIN series_period sp ON sp.measure = i.series_measure AND ${select.valid(sql`sp`)}
    CROSS JOIN LATERAL (SELECT s.values[sp.position] AS value, s.raw ->> sp.position::text AS raw) c
    LEFT JOIN symbol sy ON c.value IS NULL AND sy.data_set_number = i.data_set_number AND sy.edition = ds.id
      AND sy.position = 0 AND sy.symbol = c.raw
    WHERE i.id = ${indicator.id} AND (c.value IS NOT NULL OR c.raw IS NOT NULL)
  )`;

/**
 * The region's own rows, and for periods without one the sum of its LAs' (London, where only Inner and Outer London
 * are published: those are rounded, LAs are not). Only where every LA that exists has a total in the
 * period, or for a part of the whole any row: an LA without a secondary school has none for it.
 */
function regional(select: Select, code: Sql, indicator: CataloguedIndicator, breakdown: string | null): Sql {
  const own = published(
    cells(select, indicator, breakdown, false, sql`o.place_id = ${placeId('REGIONAL', code)}`),
    'REGIONAL',
  );
  if (!isAdditive(indicator)) return own;
  const authorities = sql`SELECT p.id FROM place p JOIN local_authority a ON a.code = p.code
    WHERE p.level = 'LOCAL_AUTHORITY' AND a.region_code = ${code} AND a.closed_on IS NULL`;
  const made = pooled(indicator, {
    rows: cells(select, indicator, breakdown, false, sql`o.place_id IN (${authorities})`),
    level: 'LOCAL_AUTHORITY',
    held: sql`NULL::int`,
    singleAsPublished: false,
  });
  const complete = sql`(SELECT count(DISTINCT t.place_id) FROM observation t
      WHERE t.place_id IN (${authorities}) AND t.period_id = y.period_id AND ${select.valid(sql`t`)}
        ${breakdown === null ? sql`AND t.breakdown_id = 0` : sql``}
        AND t.data_set_number = (SELECT data_set_number FROM indicator WHERE id = ${indicator.id}))
    = (SELECT count(*) FROM local_authority WHERE region_code = ${code} AND closed_on IS NULL)`;
  return sql`(WITH own AS (SELECT * FROM ${own} x) SELECT * FROM own
    UNION ALL SELECT * FROM ${made} y
    WHERE NOT EXISTS (SELECT FROM own WHERE own.period_id = y.period_id) AND ${complete})`;
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
  select: Select,
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
  const symbol = (alias: string, position: string) =>
    raw(`LEFT JOIN symbol ${alias} ON ${alias}.data_set_number = i.data_set_number AND ${alias}.edition = o.edition
      AND ${alias}.position = i.${position} AND ${alias}.symbol = o.raw ->> i.${position}::text`);
  const status = (alias: string, position: string) =>
    raw(
      `CASE WHEN o.values[i.${position}] IS NOT NULL THEN 'ACTUAL' ELSE coalesce(${alias}.status, 'NOT_AVAILABLE') END`,
    );
  return sql`(
    SELECT o.period_id, ${atSchool ? sql`sp.urn` : sql`o.place_id`} AS part, i.multiplier,
      o.values[i.position] AS v, o.values[i.numerator_position] AS n, o.values[i.denominator_position] AS d,
      coalesce(o.raw ->> i.position::text, o.values[i.position]::text) AS raw,
      ${status('vs', 'position')} AS status,
      ${status('ns', 'numerator_position')} AS n_status, ${status('ds', 'denominator_position')} AS d_status,
      coalesce(o.values[i.position], vs.lower) AS v_lower, coalesce(o.values[i.position], vs.upper) AS v_upper,
      coalesce(o.values[i.numerator_position], ns.lower) AS n_lower,
      coalesce(o.values[i.numerator_position], ns.upper) AS n_upper
    FROM indicator i
    ${join}
    JOIN observation o ON o.data_set_number = i.data_set_number AND ${select.valid(sql`o`)} AND ${where} AND ${ofBreakdown}
    ${symbol('vs', 'position')}
    ${symbol('ns', 'numerator_position')}
    ${symbol('ds', 'denominator_position')}
    WHERE i.id = ${indicator.id}
  )`;
}

/** The cells of schools: published under a URN, or under a LAESTAB that meant the school on census day. */
function schoolCells(
  select: Select,
  indicator: CataloguedIndicator,
  breakdown: string | null,
  where: Sql,
): Sql {
  return cells(
    select,
    indicator,
    breakdown,
    true,
    sql`o.place_id = sp.place_id AND EXISTS (SELECT FROM period pe WHERE pe.id = o.period_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census)`,
    sql`JOIN school_place sp ON ${where}`,
  );
}

/** Bounds of a published cell: of the value itself, or for a rate of its numerator over its denominator. */
const boundOf = (bound: 'lower' | 'upper') =>
  raw(`CASE WHEN c.v IS NULL THEN coalesce(c.v_${bound}, c.n_${bound} / nullif(c.d, 0) * c.multiplier) END`);

function published(rows: Sql, level: string): Sql {
  return sql`(
    SELECT c.period_id, c.v AS value, ${boundOf('lower')} AS lower, ${boundOf('upper')} AS upper,
      c.status, c.raw, c.n AS numerator, c.d AS denominator, false AS is_derived, 1 AS parts, NULL::int AS held,
      ${raw(`'${level}'`)} AS level
    FROM ${rows} c WHERE c.raw IS NOT NULL)`;
}

interface Pool {
  rows: Sql;
  level: string;
  held: Sql;
  /** A period with one cell keeps that cell's own published value. */
  singleAsPublished: boolean;
}

/**
 * Sums cells by period. A cell takes part when its number is known or withheld; one that is not applicable or
 * not available says nothing about the sum, and is left out and not counted in `parts`.
 */
function pooled(indicator: CataloguedIndicator, { rows, level, held, singleAsPublished }: Pool): Sql {
  const isRate = indicator.rate !== undefined;
  const there = (number: string, status: string) =>
    sql`(${raw(number)} IS NOT NULL OR ${raw(status)} IN ${WITHHELD})`;
  const takesPart = isRate
    ? sql`(${there('c.d', 'c.d_status')} AND ${there('c.n', 'c.n_status')})`
    : there('c.v', 'c.status');
  const [status, known, lower, upper] = (
    isRate
      ? ['c.n_status', 'c.n', 'coalesce(c.n_lower, 0)', 'c.n_upper']
      : ['c.status', 'c.v', 'coalesce(c.v_lower, 0)', 'c.v_upper']
  ).map((column) => raw(column)) as [Sql, Sql, Sql, Sql];
  // A sum with an unknown term is unknown, where SQL's sum() would pass over it.
  const sumOf = (term: Sql) =>
    sql`CASE WHEN bool_and(${term} IS NOT NULL) FILTER (WHERE ${takesPart}) THEN sum(${term}) FILTER (WHERE ${takesPart}) END`;
  const base = sumOf(raw('c.d'));
  const over = isRate ? sql` / nullif(${base}, 0) * min(c.multiplier)` : sql``;
  const allKnown = isRate ? sql`${known} IS NOT NULL AND c.d IS NOT NULL` : sql`${known} IS NOT NULL`;
  const complete = sql`bool_and(${allKnown}) FILTER (WHERE ${takesPart})`;
  const single = singleAsPublished ? sql`count(*) = 1` : sql`false`;
  return sql`(
    SELECT c.period_id,
      CASE WHEN ${single} THEN min(c.v) ELSE (${sumOf(known)})${over} END AS value,
      CASE WHEN ${single} THEN min(${boundOf('lower')}) WHEN ${complete} THEN NULL ELSE (${sumOf(lower)})${over} END AS lower,
      CASE WHEN ${single} THEN min(${boundOf('upper')}) WHEN ${complete} THEN NULL ELSE (${sumOf(upper)})${over} END AS upper,
      CASE WHEN ${single} THEN min(c.status)
        WHEN count(*) FILTER (WHERE ${takesPart}) = 0 THEN coalesce(min(${status}) FILTER (WHERE ${status} <> 'ACTUAL'), 'NOT_AVAILABLE')
        WHEN NOT ${complete} THEN 'SUPPRESSED'
        ${isRate ? sql`WHEN (${base}) = 0 THEN 'NOT_APPLICABLE'` : sql``}
        ELSE 'ACTUAL' END AS status,
      CASE WHEN ${single} THEN min(c.raw) END AS raw,
      ${isRate ? sumOf(known) : sql`NULL::float8`} AS numerator,
      ${isRate ? base : sql`NULL::float8`} AS denominator,
      NOT (${single}) AS is_derived,
      (count(DISTINCT c.part) FILTER (WHERE ${takesPart}))::int AS parts,
      ${held} AS held, ${raw(`'${level}'`)} AS level
    FROM ${rows} c
    -- A file without the column has no figure: that is no row, and no cell that is not available.
    WHERE c.raw IS NOT NULL ${isRate ? sql`OR (c.n IS NOT NULL AND c.d IS NOT NULL)` : sql``} GROUP BY c.period_id)`;
}
