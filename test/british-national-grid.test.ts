/** Points of the grid and degrees: held against test points that the Ordnance Survey publishes with OSTN15. */
import { expect, it } from 'vitest';
import { gridPointOf, pointOf } from '../jobs/british-national-grid.js';

/** Degrees (ETRS89) and metres (OSGB36) of points in England, from the OSTN15 developer pack. */
const POINTS = [
  [49.9222639373, -6.29977752014, 91492.146, 11318.804],
  [50.4388582561, -4.10864563561, 250359.811, 62016.569],
  [50.9312793791, -1.450514337, 438710.92, 114792.25],
  [51.4275474302, -2.54407618349, 362269.991, 169978.69],
  [51.4893656495, -0.1199255718, 530624.974, 178388.464],
  [51.8943663735, 0.89724327012, 599445.59, 225722.826],
] as const;

it.each(POINTS)('%s, %s lies within 5 metres of %s, %s', (latitude, longitude, easting, northing) => {
  const point = gridPointOf({ latitude, longitude });
  expect(Math.hypot(point.easting - easting, point.northing - northing)).toBeLessThan(5);
  const back = pointOf({ easting, northing });
  expect(Math.abs(back.latitude - latitude)).toBeLessThan(5 / 111_000);
  expect(Math.abs(back.longitude - longitude)).toBeLessThan(5 / 68_000);
});

it('there and back is the same point, to the centimetre', () => {
  for (const [, , easting, northing] of POINTS) {
    const back = gridPointOf(pointOf({ easting, northing }));
    expect(Math.hypot(back.easting - easting, back.northing - northing)).toBeLessThan(0.01);
  }
});
