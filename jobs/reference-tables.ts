/**
 * local_authority and region, rebuilt from the reference files: one row per 3-digit code under its newest
 * name and GSS code, with the place that files publish it under, and one per region. Only what differs is written.
 */
import type { PoolClient } from 'pg';

export async function rebuildLocalAuthorities(client: PoolClient): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE authority_now ON COMMIT DROP AS
    SELECT DISTINCT ON (code) code, CASE WHEN gss_code LIKE 'E%' THEN gss_code END AS gss_code, name,
      CASE WHEN parent_code LIKE 'E12%' THEN parent_code END AS region_code,
      min(opened_on) OVER (PARTITION BY code) AS opened_on, closed_on
    FROM local_authority_code
    WHERE to_release IS NULL
    ORDER BY code, status = 'live' DESC, opened_on DESC NULLS LAST;
    DELETE FROM local_authority WHERE code NOT IN (SELECT code FROM authority_now);
    INSERT INTO place (id, level, code)
    SELECT (SELECT coalesce(max(id), 0) FROM place) + row_number() OVER (ORDER BY n.code), 'LOCAL_AUTHORITY', n.code FROM authority_now n
    WHERE NOT EXISTS (SELECT FROM place p WHERE p.level = 'LOCAL_AUTHORITY' AND p.code = n.code);
    INSERT INTO local_authority AS a (code, gss_code, name, region_code, opened_on, closed_on, place_id)
    SELECT n.code, n.gss_code, n.name, n.region_code, n.opened_on, n.closed_on, p.id
    FROM authority_now n JOIN place p ON p.level = 'LOCAL_AUTHORITY' AND p.code = n.code
    ON CONFLICT (code) DO UPDATE SET gss_code = excluded.gss_code, name = excluded.name,
      region_code = excluded.region_code, opened_on = excluded.opened_on, closed_on = excluded.closed_on
    WHERE (a.gss_code, a.name, a.region_code, a.opened_on, a.closed_on)
      IS DISTINCT FROM (excluded.gss_code, excluded.name, excluded.region_code, excluded.opened_on, excluded.closed_on)`);
}

export async function rebuildRegions(client: PoolClient): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE region_now ON COMMIT DROP AS
    SELECT region_code AS code, min(region_name) AS name
    FROM region_local_authority WHERE to_release IS NULL GROUP BY region_code;
    DELETE FROM region WHERE parent_code IS NULL AND code NOT IN (SELECT code FROM region_now);
    INSERT INTO region AS r (code, name) SELECT code, name FROM region_now
    ON CONFLICT (code) DO UPDATE SET name = excluded.name WHERE r.name <> excluded.name`);
}
