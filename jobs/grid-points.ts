/**
 * grid_point: latitude and longitude of every point of the grid that the register has a school at. They follow from the point
 * alone, so that a point is never changed; zeros, which stand for a place that is not known, are none.
 */
import { type GridPoint, pointOf } from './british-national-grid.js';
import type { Statements } from './search-names.js';

/** Millionths of a degree are a tenth of a metre: less than the transformation is right to. */
const DEGREES = 1_000_000;
const rounded = (degrees: number) => Math.round(degrees * DEGREES) / DEGREES;

export async function addGridPoints(client: Statements): Promise<void> {
  const { rows }: { rows: GridPoint[] } = await client.query(
    `SELECT DISTINCT easting, northing FROM school s WHERE easting BETWEEN 1 AND 699999 AND northing BETWEEN 1 AND 1299999
     AND NOT EXISTS (SELECT FROM grid_point g WHERE g.easting = s.easting AND g.northing = s.northing)`,
  );
  const points = rows.map(pointOf);
  await client.query(
    'INSERT INTO grid_point SELECT * FROM unnest($1::int[], $2::int[], $3::float8[], $4::float8[])',
    [
      rows.map(({ easting }) => easting),
      rows.map(({ northing }) => northing),
      points.map(({ latitude }) => rounded(latitude)),
      points.map(({ longitude }) => rounded(longitude)),
    ],
  );
}
