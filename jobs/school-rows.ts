/**
 * What is worked out of the rows that schools have in a data set, so that no question has to: which schools are the sum of
 * several rows of a period (school_in_parts), and of every other the row of its newest period (school_newest). Only
 * differences are written. So many rows can be new here that Postgres has no statistics of them and would look each up the
 * wrong way: it is told to go through them all.
 */
import type { PoolClient } from 'pg';

/** The breakdown that stands for all, of whatever data set. */
const TOTAL_BREAKDOWN = 0;

/** Of one data set, or of all where what published places mean has changed. */
export async function rebuildSchoolRows(client: PoolClient, dataSetId: string | null): Promise<void> {
  const { rows } = await client.query<{ number: number; parts: number[] }>(
    `SELECT d.number, coalesce(array_agg(b.id) FILTER (WHERE b.id IS NOT NULL), '{}') AS parts
     FROM data_set d LEFT JOIN breakdown b ON b.data_set_number = d.number AND b.school_part
     WHERE d.number IN (SELECT data_set_number FROM coverage WHERE level = 'SCHOOL') AND ($1::text IS NULL OR d.id = $1)
     GROUP BY d.number ORDER BY d.number`,
    [dataSetId],
  );
  for (const { number, parts } of rows) await rebuild(client, number, [TOTAL_BREAKDOWN, ...parts]);
}

/**
 * A school is in parts where a place of it has several rows of a period: a middle school under each of two phases. Its newest
 * row, and where two places mean it one of them, is found as one number, rank of the period x 2^32 + place: to sort all
 * rows would take five times as long.
 */
async function rebuild(client: PoolClient, number: number, breakdowns: number[]): Promise<void> {
  const isOfSchools = `o.data_set_number = ${number} AND o.to_release IS NULL AND o.breakdown_id = ANY('{${breakdowns.join(',')}}'::int[])`;
  await client.query(`
    SET LOCAL enable_nestloop = off;
    CREATE TEMP TABLE rows_of_places AS
    SELECT o.place_id, o.period_id, ${breakdowns.length === 1 ? '1' : 'count(*)'} AS rows
    FROM observation o WHERE ${isOfSchools} ${breakdowns.length === 1 ? '' : 'GROUP BY o.place_id, o.period_id'};
    DELETE FROM school_in_parts WHERE data_set_number = ${number};
    INSERT INTO school_in_parts SELECT DISTINCT ${number}, sp.urn
    FROM rows_of_places r JOIN school_place sp ON sp.place_id = r.place_id WHERE r.rows > 1;
    CREATE TEMP TABLE newest_found AS
    WITH ranked AS (SELECT id, census_on, rank() OVER (ORDER BY starts_on, id) AS rank FROM period),
    newest AS (
      SELECT sp.urn, max((t.rank << 32) + r.place_id) AS found FROM rows_of_places r
      JOIN ranked t ON t.id = r.period_id
      JOIN school_place sp ON sp.place_id = r.place_id AND t.census_on BETWEEN sp.first_census AND sp.last_census
      GROUP BY sp.urn)
    SELECT n.urn, t.id AS period_id, (n.found & 4294967295)::int AS place_id
    FROM newest n JOIN ranked t ON t.rank = n.found >> 32
    WHERE n.urn NOT IN (SELECT urn FROM school_in_parts WHERE data_set_number = ${number});
    DELETE FROM school_newest s WHERE s.data_set_number = ${number} AND s.urn NOT IN (SELECT urn FROM newest_found);
    INSERT INTO school_newest AS s (urn, data_set_number, period_id, edition, values, raw)
    SELECT n.urn, ${number}, o.period_id, o.edition, o.values, o.raw
    FROM newest_found n JOIN observation o ON o.place_id = n.place_id AND o.period_id = n.period_id AND ${isOfSchools}
    ON CONFLICT (urn, data_set_number) DO UPDATE SET period_id = excluded.period_id, edition = excluded.edition,
      values = excluded.values, raw = excluded.raw
    WHERE (s.period_id, s.edition, s.values, s.raw) IS DISTINCT FROM (excluded.period_id, excluded.edition, excluded.values, excluded.raw);
    DROP TABLE rows_of_places, newest_found;
    SET LOCAL enable_nestloop = on`);
}
