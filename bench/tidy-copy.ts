/**
 * What somebody who serves the same data from plain tables would make of them: one row per figure, keys, foreign
 * keys, and an index for every way in which the questions look. It is made from the project's own tables without
 * the code that answers questions, so that equal answers prove something.
 * Only totals are copied, not parts of a whole: smaller tables than ours, to the advantage of those that read them.
 */
import type pg from 'pg';
import { TRUST_TYPES } from '../jobs/datasets/shared/gias-code-lists.js';
import { FUNCTIONS } from './tidy-functions.js';

export const TIDY_SCHEMA = 'tidy_copy';

/** Rises with every change of the statements below, so that an older copy is made anew. */
const EDITION = 3;

const ACTUAL_OR_SYMBOL = (value: string, symbol: string) =>
  `CASE WHEN ${value} IS NOT NULL THEN 'ACTUAL' ELSE coalesce(${symbol}.status, 'NOT_AVAILABLE') END`;

const symbolOf = (alias: string, position: string) =>
  `LEFT JOIN symbol ${alias} ON ${alias}.data_set_number = i.data_set_number AND ${alias}.edition = o.edition
    AND ${alias}.position = i.${position} AND ${alias}.symbol = o.raw ->> i.${position}::text`;

/** A cell that has a number, or one that is withheld, takes part in a sum. */
const there = (number: string, status: string) =>
  `(${number} IS NOT NULL OR ${status} IN ('SUPPRESSED', 'LOW', 'UNRELIABLE'))`;

const PLACES = `
CREATE TABLE tidy_copy.region (code text PRIMARY KEY, name text NOT NULL);
INSERT INTO tidy_copy.region SELECT code, name FROM region;

CREATE TABLE tidy_copy.nation (code text PRIMARY KEY, name text NOT NULL);
INSERT INTO tidy_copy.nation SELECT code, 'England' FROM place WHERE level = 'NATIONAL';

CREATE TABLE tidy_copy.local_authority (
  code text PRIMARY KEY,
  gss_code text UNIQUE,
  name text NOT NULL,
  region_code text REFERENCES tidy_copy.region,
  opened_on date,
  closed_on date
);
INSERT INTO tidy_copy.local_authority SELECT code, gss_code, name, region_code, opened_on, closed_on FROM local_authority;
CREATE INDEX ON tidy_copy.local_authority (region_code);

CREATE TABLE tidy_copy.trust (
  uid text PRIMARY KEY,
  name text NOT NULL,
  status text NOT NULL,
  type_name text NOT NULL,
  company_number text,
  postcode text
);
INSERT INTO tidy_copy.trust
SELECT uid, name, status, type_name, company_number, postcode FROM establishment_group
WHERE to_release IS NULL AND type_code IN (${TRUST_TYPES.map(({ code }) => `'${code}'`).join(', ')});

CREATE TABLE tidy_copy.school (
  urn integer PRIMARY KEY,
  name text NOT NULL,
  la_code text REFERENCES tidy_copy.local_authority,
  trust_uid text REFERENCES tidy_copy.trust,
  la_estab text,
  type_name text,
  type_group text,
  status text NOT NULL,
  phase text,
  opened_on date,
  closed_on date,
  low_age smallint,
  high_age smallint,
  gender text,
  religious_character text,
  capacity integer,
  number_of_pupils integer,
  street text,
  town text,
  postcode text,
  website text
);
INSERT INTO tidy_copy.school
SELECT s.urn, s.name, a.code, t.uid, s.la_estab, s.type_name, s.type_group, s.status, s.phase, s.opened_on, s.closed_on,
  s.low_age, s.high_age, s.gender, s.religious_character, s.capacity, s.number_of_pupils, s.street, s.town, s.postcode, s.website
FROM school s
LEFT JOIN local_authority a ON a.code = s.la_code
LEFT JOIN LATERAL (
  SELECT t.uid FROM group_membership m JOIN tidy_copy.trust t ON t.uid = m.group_uid
  WHERE m.urn = s.urn AND m.to_release IS NULL ORDER BY m.joined_on DESC NULLS LAST, m.group_uid LIMIT 1
) t ON true
WHERE s.to_release IS NULL;
CREATE INDEX ON tidy_copy.school (la_code, urn);
CREATE INDEX ON tidy_copy.school (trust_uid, urn);
CREATE INDEX ON tidy_copy.school (name, urn);
CREATE INDEX ON tidy_copy.school (phase, status, name, urn);
CREATE INDEX ON tidy_copy.school (status, urn);
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;
CREATE INDEX ON tidy_copy.school USING gin (lower(name) gin_trgm_ops);

CREATE TABLE tidy_copy.neighbour (
  la_code text REFERENCES tidy_copy.local_authority,
  rank smallint,
  neighbour_code text NOT NULL REFERENCES tidy_copy.local_authority,
  closeness text NOT NULL,
  PRIMARY KEY (la_code, rank)
);
INSERT INTO tidy_copy.neighbour
SELECT la_code, rank, neighbour_code, closeness FROM statistical_neighbour
WHERE to_release IS NULL AND edition = (SELECT max(edition) FROM statistical_neighbour WHERE to_release IS NULL);
CREATE INDEX ON tidy_copy.neighbour (neighbour_code);

CREATE TABLE tidy_copy.indicator (
  id text PRIMARY KEY,
  name text NOT NULL,
  unit text NOT NULL,
  polarity text,
  multiplier double precision
);
INSERT INTO tidy_copy.indicator SELECT id, name, unit, polarity, multiplier FROM indicator;
`;

/** A school with one row in a period keeps what is published; several rows (a middle school) are added up. `is_summed`: it goes into sums, known or withheld. */
const SCHOOL_FIGURES = `
CREATE TABLE tidy_copy.school_figure (
  urn integer REFERENCES tidy_copy.school,
  indicator_id text REFERENCES tidy_copy.indicator,
  starts_on date,
  period_code text NOT NULL,
  value double precision,
  status text NOT NULL,
  numerator double precision,
  denominator double precision,
  is_summed boolean NOT NULL
);
INSERT INTO tidy_copy.school_figure
WITH cell AS (
  SELECT sp.urn, i.id AS indicator_id, i.data_set_number, o.period_id, i.multiplier, i.multiplier IS NOT NULL AS is_rate,
    o.values[i.position] AS v, o.values[i.numerator_position] AS n, o.values[i.denominator_position] AS d,
    coalesce(o.raw ->> i.position::text, o.values[i.position]::text) AS raw,
    ${ACTUAL_OR_SYMBOL('o.values[i.position]', 'vs')} AS status,
    ${ACTUAL_OR_SYMBOL('o.values[i.numerator_position]', 'ns')} AS n_status,
    ${ACTUAL_OR_SYMBOL('o.values[i.denominator_position]', 'ds')} AS d_status
  FROM school_place sp
  JOIN observation o ON o.place_id = sp.place_id AND o.to_release IS NULL
  JOIN period pe ON pe.id = o.period_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census
  JOIN breakdown b ON b.id = o.breakdown_id AND b.school_part
  JOIN indicator i ON i.data_set_number = o.data_set_number AND i.position IS NOT NULL
  ${symbolOf('vs', 'position')}
  ${symbolOf('ns', 'numerator_position')}
  ${symbolOf('ds', 'denominator_position')}
), sum_of AS (
  SELECT urn, indicator_id, data_set_number, period_id, is_rate, count(*) AS cells, min(v) AS v, min(status) AS status,
    min(multiplier) AS multiplier,
    count(*) FILTER (WHERE takes_part) AS parts,
    bool_and(n IS NOT NULL) FILTER (WHERE takes_part) AS n_known,
    bool_and(d IS NOT NULL) FILTER (WHERE takes_part) AS d_known,
    bool_and(v IS NOT NULL) FILTER (WHERE takes_part) AS v_known,
    sum(n) FILTER (WHERE takes_part) AS n, sum(d) FILTER (WHERE takes_part) AS d, sum(v) FILTER (WHERE takes_part) AS v_sum,
    min(CASE WHEN is_rate THEN n_status ELSE status END) FILTER (WHERE CASE WHEN is_rate THEN n_status ELSE status END <> 'ACTUAL') AS unknown_status
  FROM (SELECT *, CASE WHEN is_rate THEN ${there('d', 'd_status')} AND ${there('n', 'n_status')} ELSE ${there('v', 'status')} END AS takes_part
    FROM cell WHERE raw IS NOT NULL OR (is_rate AND n IS NOT NULL AND d IS NOT NULL)) cell
  GROUP BY urn, indicator_id, data_set_number, period_id, is_rate
)
SELECT s.urn, s.indicator_id, pe.starts_on, dp.code,
  CASE WHEN cells = 1 THEN s.v
    WHEN is_rate THEN CASE WHEN n_known AND d_known THEN n / nullif(d, 0) * multiplier END
    WHEN v_known THEN v_sum END,
  CASE WHEN cells = 1 THEN s.status
    WHEN parts = 0 THEN coalesce(unknown_status, 'NOT_AVAILABLE')
    WHEN NOT CASE WHEN is_rate THEN n_known AND d_known ELSE v_known END THEN 'SUPPRESSED'
    WHEN is_rate AND d = 0 THEN 'NOT_APPLICABLE'
    ELSE 'ACTUAL' END,
  CASE WHEN is_rate AND n_known THEN n END, CASE WHEN is_rate AND d_known THEN d END, parts > 0
FROM sum_of s
JOIN tidy_copy.school known ON known.urn = s.urn
JOIN period pe ON pe.id = s.period_id
JOIN data_set_period dp ON dp.data_set_number = s.data_set_number AND dp.period_id = s.period_id;
ALTER TABLE tidy_copy.school_figure ADD PRIMARY KEY (urn, indicator_id, starts_on);
CREATE INDEX ON tidy_copy.school_figure (indicator_id, starts_on, value);
CREATE INDEX ON tidy_copy.school_figure (indicator_id, starts_on, urn) INCLUDE (value, numerator, denominator, is_summed);
`;

/** Of the places that a table has: `key` names them in the figures. */
const figuresOf = (places: string, key: string, level: string) => `
CREATE TABLE tidy_copy.${places}_figure (
  ${key} text REFERENCES tidy_copy.${places},
  indicator_id text REFERENCES tidy_copy.indicator,
  starts_on date,
  period_code text NOT NULL,
  value double precision,
  status text NOT NULL,
  numerator double precision,
  denominator double precision
);
INSERT INTO tidy_copy.${places}_figure
SELECT a.code, i.id, pe.starts_on, dp.code, o.values[i.position],
  ${ACTUAL_OR_SYMBOL('o.values[i.position]', 'vs')}, o.values[i.numerator_position], o.values[i.denominator_position]
FROM tidy_copy.${places} a
JOIN place p ON p.level = '${level}' AND p.code = a.code
JOIN observation o ON o.place_id = p.id AND o.to_release IS NULL AND o.breakdown_id = 0
JOIN indicator i ON i.data_set_number = o.data_set_number AND i.position IS NOT NULL
JOIN period pe ON pe.id = o.period_id
JOIN data_set_period dp ON dp.data_set_number = o.data_set_number AND dp.period_id = o.period_id
${symbolOf('vs', 'position')}
WHERE coalesce(o.raw ->> i.position::text, o.values[i.position]::text) IS NOT NULL
UNION ALL
SELECT a.code, i.id, pe.starts_on, sp.code, s.values[sp.position],
  CASE WHEN s.values[sp.position] IS NOT NULL THEN 'ACTUAL' ELSE coalesce(sy.status, 'NOT_AVAILABLE') END, NULL, NULL
FROM tidy_copy.${places} a
JOIN place p ON p.level = '${level}' AND p.code = a.code
JOIN series s ON s.place_id = p.id AND s.to_release IS NULL
JOIN indicator i ON i.series_measure = s.measure
JOIN data_set ds ON ds.number = i.data_set_number
JOIN series_period sp ON sp.measure = s.measure AND sp.to_release IS NULL
JOIN period pe ON pe.id = sp.period_id
LEFT JOIN symbol sy ON s.values[sp.position] IS NULL AND sy.data_set_number = i.data_set_number AND sy.edition = ds.id
  AND sy.position = 0 AND sy.symbol = s.raw ->> sp.position::text
WHERE s.values[sp.position] IS NOT NULL OR s.raw ->> sp.position::text IS NOT NULL;
ALTER TABLE tidy_copy.${places}_figure ADD PRIMARY KEY (${key}, indicator_id, starts_on);
CREATE INDEX ON tidy_copy.${places}_figure (indicator_id, starts_on, value DESC NULLS LAST)
  INCLUDE (${key}, numerator, denominator);
`;

/** Where only Inner and Outer London are published, a rate of London is that of its local authorities together. */
const LONDON_FIGURES = `
INSERT INTO tidy_copy.region_figure
SELECT a.region_code, f.indicator_id, f.starts_on, f.period_code,
  CASE WHEN bool_and(f.status = 'ACTUAL') THEN sum(f.numerator) / nullif(sum(f.denominator), 0) * i.multiplier END,
  CASE WHEN bool_and(f.status = 'ACTUAL') THEN 'ACTUAL' ELSE 'SUPPRESSED' END,
  CASE WHEN bool_and(f.status = 'ACTUAL') THEN sum(f.numerator) END,
  CASE WHEN bool_and(f.status = 'ACTUAL') THEN sum(f.denominator) END
FROM tidy_copy.local_authority_figure f
JOIN tidy_copy.local_authority a ON a.code = f.la_code AND a.closed_on IS NULL
JOIN tidy_copy.indicator i ON i.id = f.indicator_id AND i.multiplier IS NOT NULL
WHERE a.region_code = 'E12000007' AND NOT EXISTS (SELECT FROM tidy_copy.region_figure r
  WHERE r.region_code = a.region_code AND r.indicator_id = f.indicator_id AND r.starts_on = f.starts_on)
GROUP BY a.region_code, f.indicator_id, f.starts_on, f.period_code, i.multiplier
HAVING count(*) = (SELECT count(*) FROM tidy_copy.local_authority WHERE region_code = 'E12000007' AND closed_on IS NULL);
`;

const FIGURES = [
  SCHOOL_FIGURES,
  figuresOf('local_authority', 'la_code', 'LOCAL_AUTHORITY'),
  figuresOf('region', 'region_code', 'REGIONAL'),
  figuresOf('nation', 'nation_code', 'NATIONAL'),
  LONDON_FIGURES,
];

/** Makes the copy, unless one of the data as they stand is there. */
export async function makeTidyCopy(client: pg.Client, say: (line: string) => void): Promise<void> {
  const { rows } = await client.query('SELECT version FROM schoolgraph.data_version');
  const mark = `${EDITION} of data version ${rows[0].version}`;
  const found = await client.query(
    "SELECT obj_description(oid, 'pg_namespace') AS mark FROM pg_namespace WHERE nspname = $1",
    [TIDY_SCHEMA],
  );
  if (found.rows[0]?.mark === mark) return;
  say('Making the tidy copy …');
  await client.query(
    `DROP SCHEMA IF EXISTS ${TIDY_SCHEMA} CASCADE; CREATE SCHEMA ${TIDY_SCHEMA}; SET search_path = schoolgraph, public`,
  );
  for (const part of [PLACES, ...FIGURES, FUNCTIONS]) await client.query(part);
  for (const table of [
    'school',
    'trust',
    'local_authority',
    'neighbour',
    'school_figure',
    'local_authority_figure',
    'region_figure',
    'nation_figure',
    'indicator',
  ]) {
    await client.query(`VACUUM (ANALYZE) ${TIDY_SCHEMA}.${table}`);
  }
  await client.query(`COMMENT ON SCHEMA ${TIDY_SCHEMA} IS '${mark}'; RESET search_path`);
}
