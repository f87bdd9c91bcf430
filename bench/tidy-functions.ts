/**
 * SQL written by hand for questions that generated fields do not express, on the tidy copy: as functions, which PostGraphile
 * serves as fields as its manual advises, and where the floor asks the same, as the text that both are made of.
 */

/** A local authority beside its neighbours: `figure`, a row for each local authority, and `compared`, one row. */
export const comparedSql = (code: string, indicator: string, startsOn: string) => `
  figure AS MATERIALIZED (
    SELECT f.la_code, f.value, f.numerator, f.denominator, i.polarity, i.multiplier,
      f.la_code = ${code} AS is_self, n.la_code IS NOT NULL AS is_neighbour,
      rank() OVER (PARTITION BY f.la_code = ${code} OR n.la_code IS NOT NULL
        ORDER BY CASE i.polarity WHEN 'LOW' THEN f.value ELSE - f.value END NULLS LAST) AS rank
    FROM tidy_copy.indicator i
    JOIN tidy_copy.local_authority_figure f ON f.indicator_id = i.id AND f.starts_on = ${startsOn}
    LEFT JOIN tidy_copy.neighbour n ON n.la_code = ${code} AND n.neighbour_code = f.la_code
    WHERE i.id = ${indicator}
  ), overall AS (
    SELECT max(polarity) AS polarity, max(value) FILTER (WHERE is_self) AS value,
      max(rank) FILTER (WHERE is_self AND value IS NOT NULL) AS rank,
      count(value) FILTER (WHERE is_self OR is_neighbour) AS of,
      percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY value) AS quartiles,
      CASE WHEN bool_and(numerator IS NOT NULL AND denominator IS NOT NULL) FILTER (WHERE is_neighbour AND value IS NOT NULL)
        THEN max(multiplier) * sum(numerator) FILTER (WHERE is_neighbour AND value IS NOT NULL)
          / nullif(sum(denominator) FILTER (WHERE is_neighbour AND value IS NOT NULL), 0)
        ELSE avg(value) FILTER (WHERE is_neighbour) END AS neighbour_average
    FROM figure
  ), compared AS MATERIALIZED (
    SELECT o.value, CASE WHEN o.of > 1 THEN o.rank END AS rank, o.of, o.neighbour_average,
      (CASE o.polarity WHEN 'LOW' THEN '{A,B,C,D}' ELSE '{D,C,B,A}' END::text[])[
        CASE WHEN o.value <= o.quartiles[1] THEN 1 WHEN o.value <= o.quartiles[2] THEN 2
          WHEN o.value <= o.quartiles[3] THEN 3 WHEN o.value > o.quartiles[3] THEN 4 END] AS band,
      (SELECT r.value FROM tidy_copy.local_authority a JOIN tidy_copy.region_figure r ON r.region_code = a.region_code
        WHERE a.code = ${code} AND r.indicator_id = ${indicator} AND r.starts_on = ${startsOn}) AS region_value,
      (SELECT e.value FROM tidy_copy.nation_figure e WHERE e.indicator_id = ${indicator} AND e.starts_on = ${startsOn}) AS national_value,
      (SELECT b.value FROM tidy_copy.local_authority_figure b WHERE b.la_code = ${code} AND b.indicator_id = ${indicator}
        AND b.starts_on = (${startsOn} - interval '1 year')::date) AS value_before
    FROM overall o
  )`;

/** The schools of a status by region and phase, with the sums of their figures: without a sum where a number is withheld. */
export const byRegionAndPhaseSql = (indicator: string, startsOn: string, status: string) => `
  SELECT region_code, phase, schools, schools_with_figures,
    CASE WHEN multiplier IS NULL THEN value_sum ELSE numerator / nullif(denominator, 0) * multiplier END AS value,
    numerator, denominator
  FROM (
    SELECT a.region_code, s.phase, max(i.multiplier) AS multiplier, count(*) AS schools,
      count(*) FILTER (WHERE f.is_summed) AS schools_with_figures,
      CASE WHEN bool_and(f.value IS NOT NULL) FILTER (WHERE f.is_summed) THEN sum(f.value) FILTER (WHERE f.is_summed) END AS value_sum,
      CASE WHEN bool_and(f.numerator IS NOT NULL) FILTER (WHERE f.is_summed) THEN sum(f.numerator) FILTER (WHERE f.is_summed) END AS numerator,
      CASE WHEN bool_and(f.denominator IS NOT NULL) FILTER (WHERE f.is_summed) THEN sum(f.denominator) FILTER (WHERE f.is_summed) END AS denominator
    FROM tidy_copy.school s
    CROSS JOIN tidy_copy.indicator i
    LEFT JOIN tidy_copy.local_authority a ON a.code = s.la_code
    LEFT JOIN tidy_copy.school_figure f ON f.urn = s.urn AND f.indicator_id = i.id AND f.starts_on = ${startsOn}
    WHERE s.status = ${status} AND i.id = ${indicator}
    GROUP BY a.region_code, s.phase
  ) g`;

export const FUNCTIONS = `
CREATE FUNCTION tidy_copy.school_latest(school tidy_copy.school, ids text[]) RETURNS SETOF tidy_copy.school_figure
LANGUAGE sql STABLE AS $$
  SELECT f.* FROM unnest(ids) WITH ORDINALITY AS asked (id, at)
  CROSS JOIN LATERAL (SELECT * FROM tidy_copy.school_figure f WHERE f.urn = school.urn AND f.indicator_id = asked.id
    ORDER BY f.starts_on DESC LIMIT 1) f
  ORDER BY asked.at
$$;
CREATE FUNCTION tidy_copy.local_authority_figures(authority tidy_copy.local_authority, ids text[], periods text[])
RETURNS SETOF tidy_copy.local_authority_figure LANGUAGE sql STABLE AS $$
  SELECT f.* FROM tidy_copy.local_authority_figure f
  WHERE f.la_code = authority.code AND f.indicator_id = ANY(ids) AND f.period_code = ANY(periods)
  ORDER BY f.indicator_id, f.starts_on
$$;
CREATE FUNCTION tidy_copy.schools_named(name_contains text, phase text, status text) RETURNS SETOF tidy_copy.school
LANGUAGE sql STABLE AS $$
  SELECT s.* FROM tidy_copy.school s
  WHERE lower(s.name) LIKE '%' || lower(name_contains) || '%' AND s.phase = schools_named.phase AND s.status = schools_named.status
  ORDER BY s.name, s.urn
$$;
CREATE FUNCTION tidy_copy.local_authorities_ranked(indicator_id text, period_code text)
RETURNS SETOF tidy_copy.local_authority_figure LANGUAGE sql STABLE AS $$
  SELECT f.* FROM tidy_copy.local_authority_figure f
  WHERE f.indicator_id = local_authorities_ranked.indicator_id AND f.period_code = local_authorities_ranked.period_code
    AND f.value IS NOT NULL
  ORDER BY f.value DESC, f.la_code
$$;
CREATE TYPE tidy_copy.comparison AS (value double precision, rank integer, "of" integer, band text, neighbour_average double precision,
  region_value double precision, national_value double precision, value_before double precision);
CREATE FUNCTION tidy_copy.local_authority_comparison(authority tidy_copy.local_authority, indicator_id text, starts_on date)
RETURNS tidy_copy.comparison LANGUAGE sql STABLE AS $$
  WITH ${comparedSql('authority.code', 'local_authority_comparison.indicator_id', 'local_authority_comparison.starts_on')}
  SELECT value, rank::integer, "of"::integer, band, neighbour_average, region_value, national_value, value_before FROM compared
$$;
CREATE FUNCTION tidy_copy.schools_by_region_and_phase(indicator_id text, starts_on date, school_status text)
RETURNS TABLE (region_code text, phase text, schools integer, schools_with_figures integer,
  value double precision, numerator double precision, denominator double precision) LANGUAGE sql STABLE AS $$
  SELECT region_code, phase, schools::integer, schools_with_figures::integer, value, numerator, denominator
  FROM (${byRegionAndPhaseSql('schools_by_region_and_phase.indicator_id', 'schools_by_region_and_phase.starts_on', 'school_status')}) g
$$;
`;
