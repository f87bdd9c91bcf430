/** Who borders whom, from boundary files: what is a border, which file answers for whom, and what is refused. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bordersOf } from '../../jobs/boundaries-file.js';
import dataSet from '../../jobs/datasets/local-authority-boundaries.js';
import { Loading } from './loading.js';
import { SmallMirror } from './small-mirror.js';

const [FILE_2016, FILE_2022] = (dataSet.source as { urls: string[] }).urls as [string, string];

type Ring = [number, number][];
const square = (x: number, y: number): Ring => [
  [x, y],
  [x + 1, y],
  [x + 1, y + 1],
  [x, y + 1],
  [x, y],
];
const polygon = (...rings: Ring[]) => ({ type: 'Polygon' as const, coordinates: rings });
const parts = (...rings: Ring[]) => ({
  type: 'MultiPolygon' as const,
  coordinates: rings.map((ring) => [ring]),
});

describe('a border', () => {
  it('is a shared line; a shared corner is none, and an island has none', () => {
    const areas = [square(0, 0), square(1, 0), square(1, 1), square(5, 5)].map((ring) => polygon(ring));
    expect(bordersOf(areas)).toEqual([[1], [0, 2], [1], []]);
  });

  it('is had by an area that lies within another, and by each of several parts', () => {
    const hole = square(1, 1);
    const around: Ring = [
      [0, 0],
      [3, 0],
      [3, 3],
      [0, 3],
      [0, 0],
    ];
    expect(bordersOf([polygon(around, hole), polygon(hole), parts(square(3, 0), square(9, 9))])).toEqual([
      [1],
      [0],
      [],
    ]);
    expect(bordersOf([parts(square(0, 0), square(8, 8)), polygon(square(9, 8))])).toEqual([[1], [0]]);
  });

  it('between two parts of one area is none', () => {
    expect(bordersOf([parts(square(0, 0), square(1, 0)), polygon(square(2, 0))])).toEqual([[1], [0]]);
  });
});

/** A file of areas in a row of squares, each bordering the next. */
const inARow = (code: string, name: string, codes: string[]): string =>
  JSON.stringify({
    type: 'FeatureCollection',
    features: codes.map((area, at) => ({
      type: 'Feature',
      properties: { [code]: area, [name]: `Area ${area}` },
      geometry: polygon(square(at, 0)),
    })),
  });

describe('boundary files', () => {
  let mirror: SmallMirror;
  let loading: Loading;
  // Nottinghamshire, Doncaster and Barnsley (metropolitan districts), Derbyshire, Northamptonshire.
  const of2016 = inARow('LA15CD', 'LA15NM', [
    'E10000024',
    'E08000017',
    'E08000016',
    'E10000007',
    'E10000021',
  ]);
  // West Northamptonshire, Derbyshire, Nottinghamshire, South Yorkshire (no local authority), Cumbria; Powys in Wales.
  const of2022 = inARow('UTLA22CD', 'UTLA22NM', [
    'E06000062',
    'E10000007',
    'E10000024',
    'E11000003',
    'E10000006',
    'W06000023',
  ]);
  const put = async (url: string, text: string) => mirror.write(url, text);
  const load = () => loading.loadOne('local-authority-boundaries');
  const borders = async (edition: string) =>
    (
      await loading.rows(
        `SELECT la_code || ' ' || neighbour_code || ' ' || drawn_in AS border FROM geographic_neighbour
         WHERE edition = $1 AND la_code < neighbour_code ORDER BY 1`,
        [edition],
      )
    ).map(({ border }) => border);

  beforeAll(async () => {
    mirror = await SmallMirror.make();
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    await put(FILE_2016, of2016);
    await put(FILE_2022, of2022);
    // The other order than that of the catalogue: which codes are local authorities is worked out when both stand.
    expect(await load()).toMatchObject({ outcome: 'LOADED' });
    await loading.load(['local-authority-codes']);
  });
  afterAll(async () => {
    await loading.close();
    await mirror.remove();
  });

  it('are kept as drawn, whatever their areas are areas of', async () => {
    expect(
      await loading.value("SELECT neighbour_codes FROM boundary_area WHERE area_code = 'E11000003'"),
    ).toEqual(['E10000006', 'E10000024']);
  });

  it('of 2016 answer for themselves', async () => {
    expect(await borders('2016')).toEqual(['370 371 2016', '370 830 2016', '371 891 2016', '830 928 2016']);
  });

  it('of 2022 are completed by the metropolitan districts, and corrected where 2016 draws both', async () => {
    // In 2022 Derbyshire (830) borders West Northamptonshire (941) and Nottinghamshire (891); the latter border is in
    // neither of the lines of 2016, which draw both, and so it is none.
    expect(await borders('2022')).toEqual(['370 371 2016', '370 830 2016', '371 891 2016', '830 941 2022']);
    const drawn = await loading.rows(
      "SELECT la_code FROM drawn_local_authority WHERE edition = '2022' ORDER BY 1",
    );
    expect(drawn.map(({ la_code }) => la_code)).toEqual(['370', '371', '830', '891', '909', '941']);
  });

  it('are borders both ways round, and never with oneself', async () => {
    expect(
      await loading.value(`SELECT count(*)::int FROM geographic_neighbour g WHERE la_code = neighbour_code OR NOT EXISTS (
        SELECT FROM geographic_neighbour b WHERE (b.edition, b.la_code, b.neighbour_code) = (g.edition, g.neighbour_code, g.la_code))`),
    ).toBe(0);
  });

  it('of which one is missing leave what was loaded of it', async () => {
    const before = await borders('2022');
    await put(FILE_2016, of2016.replace('Area E10000007', 'Derbyshire'));
    await rm(mirror.path(FILE_2022));
    expect(await load()).toMatchObject({ outcome: 'LOADED' });
    expect(await borders('2022')).toEqual(before);
    await put(FILE_2022, of2022);
  });

  const FAULTS: Record<string, [string, string]> = {
    renamed_property: [
      of2022.replaceAll('UTLA22CD', 'CTYUA23CD'),
      'feature 1 has no UTLA22CD; its properties are CTYUA23CD, UTLA22NM',
    ],
    not_a_code: [of2022.replaceAll('E10000006', 'Cumbria'), 'holds "Cumbria", which is not such a code'],
    area_twice: [of2022.replace('E10000006', 'E10000024'), 'duplicate key: line 5 repeats line 3'],
    a_point: [of2022.replace('"Polygon"', '"Point"'), 'feature 1 (Area E06000062) is a Point, not an area'],
    not_geojson: ['{"error":"unavailable"}', 'is JSON, but not a GeoJSON FeatureCollection'],
    no_area: ['{"type":"FeatureCollection","features":[]}', 'draws no area'],
    html_page: [
      '<html><body>Sorry</body></html>',
      'answered with an HTML page that is not GeoJSON, or was cut short',
    ],
    cut_short: [of2022.slice(0, 500), 'that is not GeoJSON, or was cut short'],
    borders_apart: [
      of2022
        .replace(/\[\[\[(\d),0\]/g, '[[[$1.001,0]')
        .replace(/,\[(\d),0\]\]\]/g, ',[$1.001,0]]]')
        .replace(/\[(\d),1\]/g, '[$1.002,1]'),
      'share a line with another: the file does not keep borders together',
    ],
  };
  it.each(Object.keys(FAULTS))('are refused, and what stood stays: %s', async (fault) => {
    const [text, sentence] = FAULTS[fault]!;
    const before = await loading.standing();
    await put(FILE_2022, text);
    const result = await load();
    expect(result).toMatchObject({ outcome: 'REFUSED', message: expect.stringContaining(sentence) });
    expect(await loading.standing()).toEqual(before);
    await put(FILE_2022, of2022);
  });
});
