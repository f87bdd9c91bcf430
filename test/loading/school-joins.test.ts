/**
 * Which school does a published row without URN mean? Each route's joins, held against the register and its links as
 * csv-parse reads them.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { GIAS } from './small-mirror.js';

const CENSUS_DAY = '2017-01-19';
const AFTER = '2017-01-20';

interface School {
  urn: string;
  laEstab: string;
  opened: string;
  closed: string;
}

describe.skipIf(!hasRealFiles())('the 21,319 schools with rows for 2016/17', () => {
  let client: pg.Client;
  const byLaEstab = new Map<string, School[]>();
  const byUrn = new Map<string, School>();
  const predecessors = new Map<string, string[]>();
  /** LAESTAB → the URN and route of the join. */
  const joins = new Map<string, { urn: string; route: string }>();
  let published: Set<string>;

  beforeAll(async () => {
    client = new pg.Client({
      connectionString: loadedDatabase('real'),
      options: '-c search_path=schoolgraph',
    });
    await client.connect();
    const read = async (url: string): Promise<Record<string, string>[]> =>
      parse(await readFile(`${inject('mirror')}/${url.replace('https://', '')}`, 'latin1'), {
        columns: true,
        bom: true,
        relax_column_count_less: true,
      });
    const iso = (day: string) => day.split('-').reverse().join('-');
    for (const row of await read(`${GIAS}/edubasealldata20220901.csv`)) {
      const la = row['LA (code)']!;
      const school = {
        urn: row.URN!,
        laEstab: la && row.EstablishmentNumber ? la + row.EstablishmentNumber.padStart(4, '0') : '',
        opened: iso(row.OpenDate!),
        closed: iso(row.CloseDate!),
      };
      byUrn.set(school.urn, school);
      if (school.laEstab) byLaEstab.set(school.laEstab, [...(byLaEstab.get(school.laEstab) ?? []), school]);
    }
    for (const row of await read(`${GIAS}/links_edubasealldata20220901.csv`)) {
      if (row.LinkType!.startsWith('Predecessor'))
        predecessors.set(row.URN!, [...(predecessors.get(row.URN!) ?? []), row.LinkURN!]);
    }
    const found = await client.query(
      `SELECT p.code, sp.urn::text, sp.route FROM school_place sp JOIN place p ON p.id = sp.place_id
       WHERE $1::date BETWEEN sp.first_census AND sp.last_census
         AND EXISTS (SELECT FROM observation o JOIN data_set_period dp ON dp.data_set_number = o.data_set_number
           AND dp.period_id = o.period_id AND dp.code = '201617' WHERE o.place_id = p.id AND o.to_release IS NULL)`,
      [CENSUS_DAY],
    );
    for (const { code, urn, route } of found.rows) {
      expect(joins.has(code), `${code} is joined once`).toBe(false);
      joins.set(code, { urn, route });
    }
    const exclusions = (
      await client.query(
        `SELECT f.url FROM release_file f JOIN release r ON r.id = f.release_id
         JOIN data_set d ON d.number = r.data_set_number WHERE d.id = 'suspensions-and-permanent-exclusions'`,
      )
    ).rows[0].url;
    published = new Set(
      (await read(exclusions))
        .filter((row) => row.time_period === '201617' && row.geographic_level === 'School')
        .map((row) => row.laestab!),
    );
  });
  afterAll(() => client.end());

  const wasOpen = ({ opened, closed }: School) =>
    (opened === '' || opened < AFTER) && (closed === '' || closed === '1900-01-01' || closed > CENSUS_DAY);
  const holders = (laEstab: string) => (byLaEstab.get(laEstab) ?? []).filter(wasOpen);
  const openPredecessors = (laEstab: string) => [
    ...new Set(
      (byLaEstab.get(laEstab) ?? [])
        .flatMap(({ urn }) => predecessors.get(urn) ?? [])
        .map((urn) => byUrn.get(urn))
        .filter((school) => school !== undefined && wasOpen(school))
        .map((school) => school!.urn),
    ),
  ];
  const joinedBy = (route: string) => [...joins].filter(([, join]) => join.route === route);

  it('are joined by these routes, and all are counted', async () => {
    expect(published.size).toBe(21_319);
    const { rows } = await client.query(
      `SELECT m.route, m.places::int FROM school_match m JOIN data_set_period dp
         ON dp.data_set_number = m.data_set_number AND dp.period_id = m.period_id AND dp.code = '201617'`,
    );
    const routes = Object.fromEntries(rows.map(({ route, places }) => [route, places]));
    expect(routes).toEqual({ CENSUS_DAY: 18_970, PREDECESSOR: 1_186, LA_REORGANISATION: 492, UNJOINED: 671 });
    expect(rows.reduce((sum, { places }) => sum + places, 0)).toBe(21_319);
    expect(joins.size).toBe(21_319 - 671);
    for (const laEstab of joins.keys()) expect(published.has(laEstab)).toBe(true);
  });

  it('never share a school: one row means one URN, and one URN one row', () => {
    expect(new Set([...joins.values()].map(({ urn }) => urn)).size).toBe(joins.size);
  });

  it('by census day, are the one school that held the LAESTAB that day; every such school is joined', () => {
    for (const [laEstab, { urn }] of joinedBy('CENSUS_DAY')) {
      expect(
        holders(laEstab).map((school) => school.urn),
        laEstab,
      ).toEqual([urn]);
    }
    const certain = [...published].filter((laEstab) => holders(laEstab).length === 1);
    expect(joinedBy('CENSUS_DAY')).toHaveLength(certain.length);
  });

  it('by predecessor, had no holder that day, and one predecessor of a later holder that was open', () => {
    for (const [laEstab, { urn }] of joinedBy('PREDECESSOR')) {
      expect(holders(laEstab), laEstab).not.toHaveLength(1);
      expect(openPredecessors(laEstab), laEstab).toContain(urn);
    }
  });

  it('by reorganisation, are found under a code that took over from the old one', () => {
    const took = new Map([
      ['835', ['838', '839']],
      ['836', ['839']],
      ['837', ['839']],
      ['928', ['940', '941']],
    ]);
    for (const [laEstab, { urn }] of joinedBy('LA_REORGANISATION')) {
      const moved = (took.get(laEstab.slice(0, 3)) ?? []).map((code) => code + laEstab.slice(3));
      const possible = moved.flatMap((code) => [
        ...holders(code).map((school) => school.urn),
        ...openPredecessors(code),
      ]);
      expect(possible, laEstab).toContain(urn);
    }
  });

  it('left unjoined, had no one school that held the LAESTAB that day', () => {
    const unjoined = [...published].filter((laEstab) => !joins.has(laEstab));
    expect(unjoined).toHaveLength(671);
    for (const laEstab of unjoined) expect(holders(laEstab), laEstab).not.toHaveLength(1);
  });
});
