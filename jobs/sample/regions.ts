// The nine regions: GSS code, the statistics' name, the register's letter and name, and a box of the national grid.
// Rule: the boxes are rough and made up for the sample; they only keep schools near where their region is.

export interface Region {
  gss: string;
  name: string;
  /** GOR (code) and GOR (name) in the register. */
  letter: string;
  registerName: string;
  easting: readonly [number, number];
  northing: readonly [number, number];
}

type Row = readonly [string, string, string, string, readonly [number, number], readonly [number, number]];

const ROWS: readonly Row[] = [
  ['E12000001', 'North East', 'A', 'North East', [405_000, 440_000], [525_000, 590_000]],
  ['E12000002', 'North West', 'B', 'North West', [345_000, 390_000], [370_000, 480_000]],
  [
    'E12000003',
    'Yorkshire and The Humber',
    'D',
    'Yorkshire and the Humber',
    [410_000, 490_000],
    [390_000, 480_000],
  ],
  ['E12000004', 'East Midlands', 'E', 'East Midlands', [430_000, 510_000], [290_000, 380_000]],
  ['E12000005', 'West Midlands', 'F', 'West Midlands', [350_000, 430_000], [250_000, 330_000]],
  ['E12000006', 'East of England', 'G', 'East of England', [505_000, 610_000], [210_000, 310_000]],
  ['E12000007', 'London', 'H', 'London', [512_000, 550_000], [166_000, 196_000]],
  ['E12000008', 'South East', 'J', 'South East', [430_000, 590_000], [125_000, 215_000]],
  ['E12000009', 'South West', 'K', 'South West', [250_000, 400_000], [70_000, 190_000]],
];

export const REGIONS: readonly Region[] = ROWS.map(
  ([gss, name, letter, registerName, easting, northing]) => ({
    gss,
    name,
    letter,
    registerName,
    easting,
    northing,
  }),
);

export const REGION_BY_GSS: ReadonlyMap<string, Region> = new Map(
  REGIONS.map((region) => [region.gss, region]),
);
