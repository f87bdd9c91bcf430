/**
 * Which URN does a published school row mean? Rows without URN are known by LAESTAB and belong, in this order,
 * to the school that held the LAESTAB on that year's census day; else to an open predecessor of the school
 * that holds it now; else to either of these under the code that a reorganised LA passed on. What could be two
 * schools stays unjoined, and every route is counted. Rebuilt when the register or the published places change, so that
 * the order of loading does not matter; only differences are written.
 */
import type { PoolClient } from 'pg';
import { LOCAL_AUTHORITY_CHANGES } from './local-authority-changes.js';

export const MATCH_ROUTES = {
  PUBLISHED_URN: 'The file gives the URN.',
  CENSUS_DAY: 'The school held the LAESTAB on that year’s census day.',
  PREDECESSOR: 'The LAESTAB belongs to a later school; its predecessor was open on census day.',
  LA_REORGANISATION: 'As one of these, under the LA code that took over at a reorganisation.',
  UNJOINED: 'No school of the register was found.',
} as const;

/** Who held a LAESTAB on a day, and who is an open predecessor of its holder. */
const HELD = `
  SELECT w.place_id, w.census_on, w.data_sets, s.urn
  FROM sought w
  JOIN school s ON s.la_estab = w.la_estab AND s.to_release IS NULL
    AND (s.opened_on IS NULL OR s.opened_on <= w.census_on)
    AND (s.closed_on IS NULL OR s.closed_on > w.census_on)`;
const PRECEDED = `
  SELECT w.place_id, w.census_on, w.data_sets, p.urn
  FROM sought w
  JOIN school s ON s.la_estab = w.la_estab AND s.to_release IS NULL
  JOIN establishment_link l ON l.urn = s.urn AND l.to_release IS NULL AND l.link_type LIKE 'Predecessor%'
  JOIN school p ON p.urn = l.link_urn AND p.to_release IS NULL
    AND (p.opened_on IS NULL OR p.opened_on <= w.census_on)
    AND (p.closed_on IS NULL OR p.closed_on > w.census_on)`;

/** Sought LAESTABs under the code that took over from their LA after the day. */
const MOVED = `
  SELECT w.place_id, w.census_on, w.data_sets, c.to_code || right(w.la_estab, 4) AS la_estab
  FROM wanted w JOIN la_change c ON c.from_code = left(w.la_estab, 3) AND c.changed_on > w.census_on`;

/** The routes in their order: what is sought, and how it is found. */
const STEPS: { route: keyof typeof MATCH_ROUTES; sought: string; found: string }[] = [
  { route: 'CENSUS_DAY', sought: 'SELECT * FROM wanted', found: HELD },
  { route: 'PREDECESSOR', sought: 'SELECT * FROM wanted', found: PRECEDED },
  { route: 'LA_REORGANISATION', sought: MOVED, found: HELD },
  { route: 'LA_REORGANISATION', sought: MOVED, found: PRECEDED },
];

export async function rebuildSchoolPlaces(client: PoolClient): Promise<void> {
  await client.query("SET LOCAL work_mem = '128MB'");
  await client.query(`
    CREATE TEMP TABLE observed ON COMMIT DROP AS
    SELECT DISTINCT o.place_id, p.code AS la_estab, pe.census_on, o.data_set_number, o.period_id
    FROM observation o
    JOIN place p ON p.id = o.place_id AND p.level = 'LAESTAB'
    JOIN period pe ON pe.id = o.period_id
    WHERE o.to_release IS NULL;
    CREATE TEMP TABLE wanted ON COMMIT DROP AS
    SELECT place_id, la_estab, census_on, array_agg(DISTINCT data_set_number) AS data_sets FROM observed GROUP BY 1, 2, 3;
    CREATE TEMP TABLE matched (place_id int, census_on date, urn int, route text) ON COMMIT DROP;
    CREATE TEMP TABLE la_change (from_code text, to_code text, changed_on date) ON COMMIT DROP;
    ANALYZE wanted`);
  await client.query('INSERT INTO la_change SELECT * FROM unnest($1::text[], $2::text[], $3::date[])', [
    CHANGES.map(({ from }) => from),
    CHANGES.map(({ to }) => to),
    CHANGES.map(({ on }) => on),
  ]);
  // A school that a data set names by its URN is not looked for under a LAESTAB of the same data set and day.
  await client.query(`
    CREATE TEMP TABLE named ON COMMIT DROP AS
    SELECT p.code::int AS urn, pe.census_on, array_agg(DISTINCT o.data_set_number) AS data_sets
    FROM observation o
    JOIN place p ON p.id = o.place_id AND p.level = 'SCHOOL'
    JOIN period pe ON pe.id = o.period_id
    WHERE o.to_release IS NULL
    GROUP BY 1, 2`);
  for (const { route, sought, found } of STEPS) {
    // Only a pair without a rival counts: a row that could mean two schools, or a school that two rows could
    // mean, stays unjoined. After Dorset's reorganisation 2000 is one school in Bournemouth and one in Dorset.
    await client.query(
      `WITH sought AS MATERIALIZED (${sought}), pair AS MATERIALIZED (
         SELECT DISTINCT f.* FROM (${found}) f
         WHERE NOT EXISTS (SELECT FROM matched m WHERE m.urn = f.urn AND m.census_on = f.census_on)
           AND NOT EXISTS (SELECT FROM named n WHERE n.urn = f.urn AND n.census_on = f.census_on
             AND n.data_sets && f.data_sets)
       ), judged AS (
         SELECT *, count(*) OVER (PARTITION BY place_id, census_on) AS schools,
           count(*) OVER (PARTITION BY urn, census_on) AS places FROM pair
       )
       INSERT INTO matched SELECT place_id, census_on, urn, $1 FROM judged WHERE schools = 1 AND places = 1`,
      [route],
    );
    await client.query(`
      DELETE FROM wanted w USING matched m WHERE m.place_id = w.place_id AND m.census_on = w.census_on;
      CREATE INDEX IF NOT EXISTS matched_urn ON matched (urn, census_on);
      ANALYZE matched, wanted`);
  }
  await client.query(`
    CREATE TEMP TABLE place_now ON COMMIT DROP AS
    SELECT place_id, urn, min(census_on) AS first_census, max(census_on) AS last_census, route
    FROM (
      -- A run of census days with the same URN and route is one row: numbering the days of the place, and
      -- those of the run, the difference stays the same within it. A day that is not joined ends a run.
      SELECT d.place_id, d.census_on, m.urn, m.route, row_number() OVER (PARTITION BY d.place_id ORDER BY d.census_on)
        - row_number() OVER (PARTITION BY d.place_id, m.urn, m.route ORDER BY d.census_on) AS run
      FROM (SELECT DISTINCT place_id, census_on FROM observed) d
      LEFT JOIN matched m ON m.place_id = d.place_id AND m.census_on = d.census_on
    ) m
    WHERE urn IS NOT NULL
    GROUP BY place_id, urn, route, run
    UNION ALL
    SELECT id, code::int, '-infinity', 'infinity', 'PUBLISHED_URN' FROM place WHERE level = 'SCHOOL'`);
  await client.query(`
    DELETE FROM school_place sp WHERE NOT EXISTS (
      SELECT FROM place_now n WHERE n.place_id = sp.place_id AND n.urn = sp.urn AND n.first_census = sp.first_census
        AND n.last_census = sp.last_census AND n.route = sp.route);
    INSERT INTO school_place SELECT place_id, urn, first_census, last_census, route FROM place_now n
    ON CONFLICT DO NOTHING`);
  await client.query(`
    DELETE FROM school_match;
    INSERT INTO school_match
    SELECT data_set_number, period_id, route, sum(places) FROM (
    SELECT w.data_set_number, w.period_id, coalesce(m.route, 'UNJOINED') AS route, count(*) AS places
    FROM observed w LEFT JOIN matched m ON m.place_id = w.place_id AND m.census_on = w.census_on
    GROUP BY 1, 2, 3
    UNION ALL
    SELECT o.data_set_number, o.period_id, CASE WHEN s.urn IS NULL THEN 'UNJOINED' ELSE 'PUBLISHED_URN' END, count(DISTINCT o.place_id)
    FROM observation o
    JOIN place p ON p.id = o.place_id AND p.level = 'SCHOOL'
    LEFT JOIN school s ON s.urn = p.code::int AND s.to_release IS NULL
    WHERE o.to_release IS NULL
    GROUP BY 1, 2, 3) routes
    GROUP BY 1, 2, 3`);
}

const CHANGES = LOCAL_AUTHORITY_CHANGES.flatMap(({ from, to, on }) =>
  to.map((code) => ({ from, to: code, on })),
);
