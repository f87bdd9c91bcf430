/**
 * Points of the British National Grid (EPSG:27700, in metres, on the datum OSGB36), which the register gives, and of WGS84,
 * which maps and telephones give. Between the two lies the Helmert transformation of the Ordnance Survey: right to about 5
 * metres. Its grid of corrections (OSTN15) would be right to 0.1, and is 15 MB.
 */
import proj4 from 'proj4';

export interface GridPoint {
  easting: number;
  northing: number;
}

/** Degrees. */
export interface Point {
  latitude: number;
  longitude: number;
}

// https://www.ordnancesurvey.co.uk/documents/resources/guide-coordinate-systems-great-britain.pdf, sections 6.6 and 7.
const grid = proj4(
  '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +towgs84=446.448,-125.157,542.06,0.1502,0.247,0.8421,-20.4894 +units=m',
  'WGS84',
);

export function pointOf({ easting, northing }: GridPoint): Point {
  const [longitude, latitude] = grid.forward([easting, northing]) as [number, number];
  return { latitude, longitude };
}

export function gridPointOf({ latitude, longitude }: Point): GridPoint {
  const [easting, northing] = grid.inverse([longitude, latitude]) as [number, number];
  return { easting, northing };
}
