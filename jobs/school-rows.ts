/**
 * What is worked out of the rows that schools have in a data set, so that no question has to: of each school its rows, with
 * that of its newest period marked (school_observation), and which schools are the sum of several rows of a period
 * (school_in_parts). Only differences are written. So many rows can be new here that Postgres has no statistics of them and
 * would look each up the wrong way: it is told to go through them all.
 */
import type { PoolClient } from 'pg';
import { KIND_OF_EACH } from './school-kinds.js';

/** The breakdown that stands for all, of whatever data set. */
const TOTAL_BREAKDOWN = 0;

/** `dataSets`: the numbers of those that have new rows, or places that have come to mean another school. */
export async function rebuildSchoolRows(client: PoolClient, dataSets: number[]): Promise<void> {
  const { rows } = await client.query<{ number: number; parts: number[] }>(
    `SELECT d.number, coalesce(array_agg(b.id) FILTER (WHERE b.id IS NOT NULL), '{}') AS parts
     FROM data_set d LEFT JOIN breakdown b ON b.data_set_number = d.number AND b.school_part
     WHERE d.number IN (SELECT data_set_number FROM coverage WHERE level = 'SCHOOL') AND d.number = ANY($1::smallint[])
     GROUP BY d.number ORDER BY d.number`,
    [dataSets],
  );
  for (const { number, parts } of rows) await rebuild(client, number, [TOTAL_BREAKDOWN, ...parts]);
}

/**
 * A school is in parts where a place has several rows for it in a period: a middle school under each of two phases. Its rows
 * then have several breakdowns; few have, and only those are looked through. A row is known by its hash. The newest is
 * found as one number, rank of the period x 2^32 + place: to sort all rows would take five times as long. What is new is
 * written period by period and by URN, so that the rows of all schools in a period can be read beside the register one after
 * the other; it is fetched from where it lies once that order is known, as long rows are slow to join and to sort.
 */
async function rebuild(client: PoolClient, number: number, breakdowns: number[]): Promise<void> {
  const isOfSchools = `o.data_set_number = ${number} AND o.to_release IS NULL AND o.breakdown_id = ANY('{${breakdowns.join(',')}}'::int[])`;
  // A few: Postgres looks them up in a table that it keeps in memory.
  const isInParts = `(f.urn IN (SELECT urn FROM school_in_parts WHERE data_set_number = ${number}))`;
  const isNewest = `(f.turn = l.turn AND NOT ${isInParts})`;
  // A row that one of these has changed lies elsewhere, and the next does not see it.
  const keptWhere = (which: string) =>
    `FROM found f JOIN last l USING (urn) WHERE s.data_set_number = ${number} AND s.ctid = f.kept AND ${which}`;
  await client.query(`
    SET LOCAL enable_nestloop = off;
    CREATE TEMP TABLE found AS
    SELECT f.urn, f.place_id, f.period_id, f.breakdown_id, f.turn, f.lies, kept.row AS kept
    FROM (SELECT sp.urn, o.row_hash, o.place_id, o.period_id, o.breakdown_id, (t.rank << 32) + o.place_id AS turn, o.ctid AS lies
      FROM observation o
      JOIN (SELECT id, census_on, rank() OVER (ORDER BY starts_on, id) AS rank FROM period) t ON t.id = o.period_id
      JOIN school_place sp ON sp.place_id = o.place_id AND t.census_on BETWEEN sp.first_census AND sp.last_census
      WHERE ${isOfSchools}) f
    FULL JOIN (SELECT s.urn, s.row_hash, s.ctid AS row FROM school_observation s WHERE s.data_set_number = ${number}) kept
      ON kept.urn = f.urn AND kept.row_hash = f.row_hash;
    CREATE TEMP TABLE last AS
    SELECT urn, max(turn) AS turn, min(breakdown_id) <> max(breakdown_id) AS has_several FROM found WHERE urn IS NOT NULL GROUP BY urn;
    DELETE FROM school_in_parts WHERE data_set_number = ${number};
    INSERT INTO school_in_parts SELECT DISTINCT ${number}, urn FROM (
      SELECT f.urn FROM found f JOIN last l USING (urn) WHERE l.has_several
      GROUP BY f.urn, f.place_id, f.period_id HAVING count(*) > 1) several;
    DELETE FROM school_observation s WHERE s.ctid = ANY(ARRAY(SELECT kept FROM found WHERE urn IS NULL));
    UPDATE school_observation s SET is_newest = false, is_in_parts = ${isInParts} ${keptWhere(`s.is_newest AND NOT ${isNewest}`)};
    UPDATE school_observation s SET is_newest = true, is_in_parts = ${isInParts} ${keptWhere(`NOT s.is_newest AND ${isNewest}`)};
    UPDATE school_observation s SET is_in_parts = ${isInParts} ${keptWhere(`s.is_in_parts <> ${isInParts}`)};
    INSERT INTO school_observation (row_hash, urn, breakdown_id, data_set_number, period_id, kind, is_newest, is_in_parts, edition, values, raw)
    SELECT o.row_hash, f.urn, o.breakdown_id, ${number}, o.period_id, f.kind, f.is_newest, f.is_in_parts, o.edition, o.values, o.raw
    FROM (
      SELECT f.urn, f.lies, k.kind, ${isNewest} AS is_newest, ${isInParts} AS is_in_parts
      FROM found f JOIN last l USING (urn)
      LEFT JOIN (${KIND_OF_EACH}) k ON k.urn = f.urn
      WHERE f.kept IS NULL
      ORDER BY f.period_id, f.urn
    ) f CROSS JOIN LATERAL (SELECT * FROM observation o WHERE o.ctid = f.lies OFFSET 0) o;
    DROP TABLE found, last;
    SET LOCAL enable_nestloop = on`);
}
