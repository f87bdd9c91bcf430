/**
 * Which local authorities border which, worked out from the areas that boundary files draw (boundary_area): an area
 * is a local authority when its GSS code is one that the reference list gives to a 3-digit code. Rebuilt when boundaries
 * or the reference list change, so that the order of loading does not matter; only differences are written.
 */
import type { PoolClient } from 'pg';

/**
 * An edition that another one completes and corrects. The boundaries of 2022 draw metropolitan counties and not
 * their districts, and leave out borders that run in tidal water, such as the Thames in London, where those of 2016 draw
 * both (docs/decisions/0010-who-borders-whom.md).
 */
export const COMPLETED = [{ edition: '2022', by: '2016', districts: 'E08' }] as const;

export async function rebuildGeographicNeighbours(client: PoolClient): Promise<void> {
  await client.query(`
    CREATE TEMP TABLE area ON COMMIT DROP AS
    SELECT DISTINCT b.edition, b.area_code, c.code AS la_code, b.neighbour_codes
    FROM boundary_area b
    JOIN local_authority_code c ON c.gss_code = b.area_code AND c.to_release IS NULL
    WHERE b.to_release IS NULL;
    CREATE TEMP TABLE border ON COMMIT DROP AS
    SELECT DISTINCT a.edition, a.la_code, n.la_code AS neighbour_code
    FROM area a JOIN area n ON n.edition = a.edition AND n.area_code = ANY(a.neighbour_codes)
    WHERE n.la_code <> a.la_code;
    CREATE TEMP TABLE drawn_now (edition text, la_code text, drawn_in text) ON COMMIT DROP;
    CREATE TEMP TABLE border_now (edition text, la_code text, neighbour_code text, drawn_in text) ON COMMIT DROP;
    CREATE TEMP TABLE completed (edition text, by_edition text, districts text) ON COMMIT DROP`);
  await client.query('INSERT INTO completed SELECT * FROM unnest($1::text[], $2::text[], $3::text[])', [
    COMPLETED.map(({ edition }) => edition),
    COMPLETED.map(({ by }) => by),
    COMPLETED.map(({ districts }) => districts),
  ]);
  await client.query(`
    -- What an edition draws itself, and the districts that it leaves to another.
    INSERT INTO drawn_now SELECT DISTINCT edition, la_code, edition FROM area;
    INSERT INTO drawn_now
    SELECT DISTINCT c.edition, a.la_code, a.edition
    FROM completed c
    JOIN area a ON a.edition = c.by_edition AND starts_with(a.area_code, c.districts)
    WHERE EXISTS (SELECT FROM area own WHERE own.edition = c.edition)
      AND NOT EXISTS (SELECT FROM area own WHERE own.edition = c.edition AND own.la_code = a.la_code);
    -- A border between two that both editions know is as the other edition draws it; any other is its own.
    INSERT INTO border_now
    SELECT b.edition, b.la_code, b.neighbour_code, b.edition
    FROM border b LEFT JOIN completed c ON c.edition = b.edition
    WHERE NOT (
      EXISTS (SELECT FROM area a WHERE a.edition = c.by_edition AND a.la_code = b.la_code)
      AND EXISTS (SELECT FROM area a WHERE a.edition = c.by_edition AND a.la_code = b.neighbour_code));
    INSERT INTO border_now
    SELECT c.edition, b.la_code, b.neighbour_code, b.edition
    FROM completed c
    JOIN border b ON b.edition = c.by_edition
    JOIN drawn_now one ON one.edition = c.edition AND one.la_code = b.la_code
    JOIN drawn_now other ON other.edition = c.edition AND other.la_code = b.neighbour_code`);
  await client.query(`
    DELETE FROM drawn_local_authority d
    WHERE NOT EXISTS (SELECT FROM drawn_now n WHERE n.edition = d.edition AND n.la_code = d.la_code);
    INSERT INTO drawn_local_authority SELECT edition, la_code FROM drawn_now ON CONFLICT DO NOTHING;
    DELETE FROM geographic_neighbour g
    WHERE NOT EXISTS (SELECT FROM border_now n
      WHERE (n.edition, n.la_code, n.neighbour_code, n.drawn_in) = (g.edition, g.la_code, g.neighbour_code, g.drawn_in));
    INSERT INTO geographic_neighbour SELECT edition, la_code, neighbour_code, drawn_in FROM border_now
    ON CONFLICT DO NOTHING`);
}
