/** Schools near a place: which, how far and in what order, held against distances on the globe that plain SQL works out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gridPointOf } from '../../jobs/british-national-grid.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { issuedStatements } from './issued.js';
import { openTables, type Tables } from './tables.js';

const statements = issuedStatements();

interface Nearby {
  distanceKm: number;
  school: { urn: number };
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  /** A school with coordinates, whose postcode others share the first part of. */
  let here: { urn: number; postcode: string; easting: number; northing: number };
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    const rows = await tables.rows(
      `SELECT urn, postcode, easting, northing FROM (
         SELECT *, count(*) OVER (PARTITION BY postcode) AS alike,
           count(*) FILTER (WHERE easting > 0) OVER (PARTITION BY split_part(postcode, ' ', 1)) AS around
         FROM school WHERE to_release IS NULL AND postcode IS NOT NULL) s
       WHERE easting > 0 AND status = 'OPEN' AND alike = 1 AND around > 2 ORDER BY md5(urn::text) LIMIT 1`,
    );
    here = rows[0];
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  const near = async (args: string, schools = 'schools(first: 100)') => {
    const { data, errors } = await graph.ask(
      `{ schoolsNear(${args}) { locatedBy note withoutCoordinates location { latitude longitude easting northing }
        ${schools} { totalCount nodes { distanceKm school { urn } } pageInfo { hasNextPage endCursor hasPreviousPage startCursor } } } }`,
    );
    expect(errors).toBeUndefined();
    return data.schoolsNear;
  };
  const wanted = async (
    { easting, northing }: { easting: number; northing: number },
    km: number,
    where = 'true',
  ) =>
    tables.rows(
      `SELECT urn, sqrt((easting - $1::float8) ^ 2 + (northing - $2::float8) ^ 2) / 1000 AS km FROM school s
       WHERE to_release IS NULL AND easting > 0 AND ${where} AND (easting - $1::float8) ^ 2 + (northing - $2::float8) ^ 2 <= ($3::float8 * 1000) ^ 2 ORDER BY km, urn`,
      [easting, northing, km],
    );

  it('of a postcode are those round the schools that have it, the nearest first', async () => {
    const found = await near(`postcode: "${here.postcode}", km: 10`);
    expect(found).toMatchObject({
      locatedBy: 'POSTCODE',
      note: null,
      location: { easting: here.easting, northing: here.northing },
    });
    const expected = await wanted(here, 10);
    expect(found.schools.totalCount).toBe(expected.length);
    expect(found.schools.nodes.map(({ school }: Nearby) => school.urn)).toEqual(
      expected.slice(0, 100).map(({ urn }) => urn),
    );
    found.schools.nodes.forEach(({ distanceKm }: Nearby, at: number) => {
      expect(distanceKm).toBeCloseTo(expected[at].km, 3);
    });
    expect(found.schools.nodes[0]).toEqual({ distanceKm: 0, school: { urn: here.urn } });
  });

  it('of a point are as far as a globe has them, to 4 in 10,000 and 10 metres', async () => {
    const { latitude, longitude } = (await near(`postcode: "${here.postcode}"`)).location;
    const { locatedBy, schools } = await near(
      `point: { latitude: ${latitude}, longitude: ${longitude} }, km: 40`,
    );
    expect(locatedBy).toBe('POINT');
    const globe = await tables.rows(
      `SELECT urn, 2 * 6371.0088 * asin(sqrt(sin(radians(latitude - $1) / 2) ^ 2 + cos(radians($1)) * cos(radians(latitude)) * sin(radians(longitude - $2) / 2) ^ 2)) AS km
       FROM school s JOIN grid_point g USING (easting, northing) WHERE to_release IS NULL`,
      [latitude, longitude],
    );
    const byUrn = new Map(globe.map(({ urn, km }) => [urn, km]));
    expect(schools.nodes.length).toBeGreaterThan(2);
    // A sphere is not the earth: it is wrong by up to 3 in 1,000.
    for (const { distanceKm, school } of schools.nodes as Nearby[])
      expect(Math.abs(distanceKm - byUrn.get(school.urn)!)).toBeLessThan(0.01 + distanceKm * 0.004);
  });

  it('has the latitude and longitude of each school with coordinates, and of no other', async () => {
    const rows = await tables.rows(
      `(SELECT urn, easting, northing FROM school WHERE to_release IS NULL AND easting > 0 AND northing > 0 ORDER BY md5(urn::text) LIMIT 50)
       UNION ALL (SELECT urn, NULL, NULL FROM school WHERE to_release IS NULL AND NOT coalesce(easting > 0 AND northing > 0, false) ORDER BY md5(urn::text) LIMIT 40)`,
    );
    const { data } = await graph.ask(
      'query ($urns: [Int!]) { schools(urns: $urns, first: 100) { nodes { urn location { latitude longitude easting northing } } } }',
      { urns: rows.map(({ urn }) => urn) },
    );
    expect(data.schools.nodes).toHaveLength(rows.length);
    const byUrn = new Map(rows.map((row) => [row.urn, row]));
    for (const { urn, location } of data.schools.nodes) {
      const { easting, northing } = byUrn.get(urn)!;
      if (easting === null) expect(location).toBeNull();
      else {
        expect(location).toMatchObject({ easting, northing });
        const back = gridPointOf(location);
        expect(Math.hypot(back.easting - easting, back.northing - northing)).toBeLessThan(0.2);
      }
    }
  });

  it('is rougher where no school has the postcode, and says so', async () => {
    const [outward, inward] = here.postcode.split(' ') as [string, string];
    const spelled = await tables.rows(
      "SELECT replace(postcode, ' ', '') AS postcode FROM school WHERE to_release IS NULL",
    );
    const taken = new Set(spelled.map(({ postcode }) => postcode));
    const free = ['AA', 'ZX', 'QJ', 'BB', 'XY']
      .map((unit) => inward[0] + unit)
      .find((one) => !taken.has(outward + one))!;
    const sector = await near(`postcode: "${outward} ${free}"`);
    expect(sector).toMatchObject({ locatedBy: 'SECTOR', note: expect.stringContaining('its sector') });
    const middle = async (like: string) =>
      (
        await tables.rows(
          'SELECT avg(easting)::float8 AS easting, avg(northing)::float8 AS northing FROM school WHERE to_release IS NULL AND easting > 0 AND postcode LIKE $1',
          [like],
        )
      )[0];
    const ofSector = await middle(`${outward} ${inward[0]}%`);
    expect(Math.abs(sector.location.easting - ofSector.easting)).toBeLessThan(1);
    const part = await near(`postcode: "${outward.toLowerCase()}"`);
    expect(part).toMatchObject({ locatedBy: 'OUTWARD_CODE', note: expect.stringContaining('first part') });
    const ofPart = await middle(`${outward} %`);
    expect(Math.abs(part.location.northing - ofPart.northing)).toBeLessThan(1);
  });

  it('is empty, with a note, round a postcode that no school shares anything of', async () => {
    expect(await near('postcode: "QQ99 9QQ"')).toMatchObject({
      locatedBy: null,
      location: null,
      note: expect.stringContaining('give a point'),
      schools: { totalCount: 0, nodes: [] },
    });
  });

  it('comes page by page, both ways, and filtered', async () => {
    const at = `postcode: "${here.postcode}", km: 60, filter: { status: [OPEN], phase: [PRIMARY] }`;
    const all = await wanted(here, 60, "status = 'OPEN' AND phase = 'PRIMARY'");
    expect(all.length).toBeGreaterThan(10);
    const one = await near(at, 'schools(first: 5)');
    expect(one.schools).toMatchObject({ totalCount: all.length, pageInfo: { hasNextPage: true } });
    const two = await near(at, `schools(first: 5, after: "${one.schools.pageInfo.endCursor}")`);
    const urns = (page: { schools: { nodes: Nearby[] } }) =>
      page.schools.nodes.map(({ school }) => school.urn);
    expect([...urns(one), ...urns(two)]).toEqual(all.slice(0, 10).map(({ urn }) => urn));
    expect(two.schools.totalCount).toBe(all.length);
    const back = await near(at, `schools(last: 5, before: "${two.schools.pageInfo.startCursor}")`);
    expect(back.schools.nodes).toEqual(one.schools.nodes);
    const [{ n }] = await tables.rows(
      "SELECT count(*)::int AS n FROM school WHERE to_release IS NULL AND status = 'OPEN' AND phase = 'PRIMARY' AND (easting IS NULL OR easting = 0)",
    );
    expect(one.withoutCoordinates).toBe(n);
  });

  it('takes one statement, and is taken away as a list', async () => {
    const query = `{ schoolsNear(postcode: "${here.postcode}", km: 20) { locatedBy schools { nodes { distanceKm school { urn localAuthority { name } } } } } }`;
    await graph.ask(query);
    statements.take();
    const { data } = await graph.ask(query.replace('schools {', 'schools(first: 100) {'));
    expect(statements.take()).toHaveLength(1);
    const response = await fetch(`${graph.address}/graphql?${new URLSearchParams({ query })}`, {
      headers: { Accept: 'text/csv' },
    });
    const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
    expect(header).toMatch(/distanceKm,.*school\.urn/);
    expect(lines).toHaveLength((await wanted(here, 20)).length);
    expect(lines[0]).toContain(String(data.schoolsNear.schools.nodes[0].school.urn));
  });

  it.each([
    ['km: 5', /^postcode, point: one of the two/],
    ['postcode: "NG1", point: { latitude: 52, longitude: 0 }', /^postcode, point: one of the two/],
    ['postcode: "Nottingham"', /^postcode: one such as NG1 1NG/],
    ['postcode: ""', /^postcode: one such as/],
    ['postcode: "NG1", km: 0', /^km: more than 0, and 100/],
    ['postcode: "NG1", km: 100.5', /^km: more than 0/],
    ['point: { latitude: 48.85, longitude: 2.35 }', /^point: not in England/],
    ['point: { latitude: -0.1, longitude: 51.5 }', /^point: not in England/],
  ])('schoolsNear(%s) is refused', async (args, message) => {
    const { errors } = await graph.ask(`{ schoolsNear(${args}) { locatedBy } }`);
    expect(errors).toHaveLength(1);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toMatch(message);
  });
});
