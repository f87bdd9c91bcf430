/** A school's figures are those that were printed for whoever held its LAESTAB on census day, symbols and all. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { EXCLUSIONS_COLUMNS, exclusionsRows, type PublishedRow } from './published-file.js';
import { openTables, type Tables } from './tables.js';

/** The third Thursday of January 2017. */
const CENSUS_DAY = '2017-01-19';

interface School {
  urn: number;
  laEstab: string | null;
  openedOn: string | null;
  closedOn: string | null;
  indicators: { indicator: { id: keyof typeof EXCLUSIONS_COLUMNS }; series: Figure[] }[];
}
interface Figure {
  period: { code: string };
  value: number | null;
  lower: number | null;
  upper: number | null;
  status: string;
  raw: string | null;
  numerator: number | null;
  denominator: number | null;
  isDerived: boolean;
}

describe.skipIf(!hasRealFiles())('the figures of a school', () => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
    tables = await openTables(loadedDatabase('real'));
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  const FIGURE =
    'period { code } value lower upper status raw numerator denominator isDerived schools schoolsWithFigures';

  async function ask(query: string, variables?: Record<string, unknown>) {
    const { data, errors } = await graph.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  }

  describe('in Nottinghamshire in 2016/17, against the printed rows', () => {
    let printed: Map<string, PublishedRow>;
    let schools: School[];

    beforeAll(async () => {
      const rows = await exclusionsRows('Academic year,201617,School,', ',891,');
      printed = new Map(rows.map((row) => [row['laestab']!, row]));
      expect(printed.size).toBe(rows.length);
      schools = [];
      for (let after: string | null = null; ; ) {
        const { localAuthority } = await ask(
          `query ($after: String, $ids: [ID!]!) { localAuthority(code: "891") { schools(first: 100, after: $after) {
            nodes { urn laEstab openedOn closedOn indicators(ids: $ids, periods: ["201617"]) { indicator { id } series { ${FIGURE} } } }
            pageInfo { hasNextPage endCursor } } } }`,
          { after, ids: Object.keys(EXCLUSIONS_COLUMNS) },
        );
        schools.push(...localAuthority.schools.nodes);
        if (!localAuthority.schools.pageInfo.hasNextPage) break;
        after = localAuthority.schools.pageInfo.endCursor;
      }
    });

    const holdsOnCensusDay = ({ openedOn, closedOn }: School) =>
      (openedOn === null || openedOn <= CENSUS_DAY) && (closedOn === null || closedOn > CENSUS_DAY);
    const figuresOf = (school: School) =>
      school.indicators.flatMap(({ indicator, series }) =>
        series.map((figure) => ({ id: indicator.id, figure })),
      );

    it('are the printed ones for the school that held the LAESTAB on census day, and nobody else’s', () => {
      const holders = schools.filter(
        (school) => holdsOnCensusDay(school) && printed.has(school.laEstab ?? ''),
      );
      expect(holders.length).toBeGreaterThan(250);
      for (const school of holders) {
        const row = printed.get(school.laEstab!)!;
        expect(school.indicators.map(({ series }) => series.length)).toEqual([1, 1, 1, 1, 1, 1, 1]);
        for (const { id, figure } of figuresOf(school)) {
          const cell = row[EXCLUSIONS_COLUMNS[id]]!;
          expect({ urn: school.urn, id, raw: figure.raw }).toEqual({ urn: school.urn, id, raw: cell });
          expect(figure.value).toBe(['x', '.'].includes(cell) ? null : Number(cell));
        }
      }
      const later = schools.filter(
        (school) =>
          school.laEstab && printed.has(school.laEstab) && school.openedOn && school.openedOn > CENSUS_DAY,
      );
      expect(later.length).toBeGreaterThan(5);
      for (const school of later) expect(figuresOf(school)).toEqual([]);
    });

    it('say what an x is: withheld, one or two; and a rate that much over the pupils', () => {
      const withheld = schools.flatMap(figuresOf).filter(({ figure }) => figure.raw === 'x');
      expect(withheld.length).toBeGreaterThan(50);
      for (const { id, figure } of withheld) {
        expect(figure).toMatchObject({ value: null, status: 'SUPPRESSED' });
        if (id.endsWith('-rate')) {
          expect(figure.numerator).toBeNull();
          expect(figure.lower).toBeCloseTo(100 / figure.denominator!, 10);
          expect(figure.upper).toBeCloseTo(200 / figure.denominator!, 10);
        } else expect([figure.lower, figure.upper]).toEqual([1, 2]);
      }
    });

    it('are 0 exactly where 0 is printed', () => {
      const zeros = schools.flatMap(figuresOf).filter(({ figure }) => figure.value === 0);
      expect(zeros.length).toBeGreaterThan(100);
      for (const { figure } of zeros)
        expect(figure).toMatchObject({ raw: '0', status: 'ACTUAL', lower: null, upper: null });
    });

    it('of a published row are not derived, and are not pooled over schools', () => {
      for (const { figure } of schools.flatMap(figuresOf)) {
        expect(figure).toMatchObject({ isDerived: false, schools: null, schoolsWithFigures: null });
      }
    });
  });

  it('are not applicable where a full stop is printed', async () => {
    const places = await tables.rows(`
      SELECT sp.urn, dp.code AS period FROM observation o
      JOIN data_set d ON d.number = o.data_set_number AND d.id = 'suspensions-and-permanent-exclusions'
      JOIN period pe ON pe.id = o.period_id
      JOIN school_place sp ON sp.place_id = o.place_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census
      JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id
      WHERE o.to_release IS NULL AND o.raw ->> array_position(d.measures, 'suspension_rate')::text = '.'
        AND (SELECT count(*) FROM observation x WHERE x.place_id = o.place_id AND x.period_id = o.period_id
          AND x.data_set_number = o.data_set_number AND x.to_release IS NULL) = 1
      ORDER BY 1, 2 LIMIT 25`);
    expect(places).toHaveLength(25);
    const { schools } = await ask(
      `query ($urns: [Int!]) { schools(urns: $urns, first: 100) { nodes { urn indicator(id: "suspension-rate") { series { ${FIGURE} } } } } }`,
      { urns: places.map(({ urn }) => urn) },
    );
    for (const { urn, period } of places) {
      const { indicator } = schools.nodes.find((school: School) => school.urn === urn);
      expect(indicator.series.find((figure: Figure) => figure.period.code === period)).toMatchObject({
        value: null,
        lower: null,
        upper: null,
        status: 'NOT_APPLICABLE',
        raw: '.',
      });
    }
  });

  describe('that became an academy under the same LAESTAB', () => {
    it('are its predecessor’s before the conversion and its own after', async () => {
      const pairs = await tables.rows(`
        SELECT s.urn, p.urn AS predecessor, s.la_estab, s.opened_on::text AS "openedOn"
        FROM school s JOIN school p ON p.la_estab = s.la_estab AND p.urn <> s.urn AND p.to_release IS NULL
        WHERE s.to_release IS NULL AND s.opened_on BETWEEN '2011-03-01' AND '2014-12-01'
          AND p.closed_on BETWEEN s.opened_on - 2 AND s.opened_on AND p.opened_on IS NULL
          AND (SELECT count(*) FROM school x WHERE x.la_estab = s.la_estab AND x.to_release IS NULL) = 2
        ORDER BY md5(s.urn::text) LIMIT 40`);
      expect(pairs.length).toBeGreaterThan(20);
      const latest = new Map<string, string>(
        (
          await tables.rows(
            'SELECT p.census_on::text AS day, d.code FROM period p JOIN data_set_period d ON d.period_id = p.id',
          )
        ).map(({ day, code }) => [code, day]),
      );
      interface Held {
        urn: number;
        laEstab: string;
        indicator: { series: { period: { code: string } }[] };
      }
      const { schools } = await ask(
        'query ($urns: [Int!]) { schools(urns: $urns, first: 100) { nodes { urn laEstab indicator(id: "headcount") { series { period { code } value } } } } }',
        { urns: pairs.flatMap(({ urn, predecessor }) => [urn, predecessor]) },
      );
      const found = new Map((schools.nodes as Held[]).map((school) => [school.urn, school]));
      let before = 0;
      let after = 0;
      for (const { urn, predecessor, la_estab, openedOn } of pairs) {
        const [school, former] = [urn, predecessor].map((wanted) => found.get(wanted)!) as [Held, Held];
        expect([school.laEstab, former.laEstab]).toEqual([la_estab, la_estab]);
        const days = (place: Held) => place.indicator.series.map(({ period }) => latest.get(period.code)!);
        for (const day of days(school)) expect(day >= openedOn, `${urn} on ${day}`).toBe(true);
        for (const day of days(former)) expect(day < openedOn, `${predecessor} on ${day}`).toBe(true);
        const printed = await tables.rows(
          `SELECT DISTINCT o.period_id FROM observation o JOIN place p ON p.id = o.place_id
           WHERE p.level = 'LAESTAB' AND p.code = $1 AND o.to_release IS NULL`,
          [la_estab],
        );
        expect(days(school).length + days(former).length).toBe(printed.length);
        before += days(former).length;
        after += days(school).length;
      }
      expect(before).toBeGreaterThan(80);
      expect(after).toBeGreaterThan(80);
    });
  });

  describe('that is a middle school with a row for each of two phases', () => {
    it.each([
      // URN, LAESTAB of 2012/13
      [137947, '8234006'],
      [138714, '8234056'],
      [117559, '9194627'],
    ])('are the sum of the two: URN %d', async (urn, laEstab) => {
      const rows = (await exclusionsRows('Academic year,201213,School,', laEstab)).filter(
        (row) => row['laestab'] === laEstab,
      );
      expect(rows).toHaveLength(2);
      const { school } = await ask(
        `query ($urn: Int!, $ids: [ID!]!) { school(urn: $urn) { indicators(ids: $ids, periods: ["201213"]) { indicator { id } series { ${FIGURE} } } } }`,
        { urn, ids: Object.keys(EXCLUSIONS_COLUMNS) },
      );
      const figures = new Map<string, Figure>(
        (school as School).indicators.map(({ indicator, series }) => [indicator.id, series[0]!]),
      );
      const sum = (column: string, x: number | null) =>
        rows.reduce<number | null>(
          (total, row) =>
            total === null || (row[column] === 'x' && x === null)
              ? null
              : total + (row[column] === 'x' ? x! : Number(row[column])),
          0,
        );
      const pupils = sum('headcount', null)!;
      for (const [id, column] of Object.entries(EXCLUSIONS_COLUMNS)) {
        const figure = figures.get(id)!;
        const isRate = id.endsWith('-rate');
        const counted = isRate ? column.replace('_rate', '') : column;
        const over = (count: number | null) => (count === null || !isRate ? count : (100 * count) / pupils);
        const value = over(sum(counted, null));
        if (value === null) {
          expect(figure).toMatchObject({ value: null, status: 'SUPPRESSED', raw: null, isDerived: true });
          expect(figure.lower).toBeCloseTo(over(sum(counted, 1))!, 9);
          expect(figure.upper).toBeCloseTo(over(sum(counted, 2))!, 9);
        } else {
          expect(figure).toMatchObject({
            status: 'ACTUAL',
            lower: null,
            upper: null,
            raw: null,
            isDerived: true,
          });
          expect(figure.value).toBeCloseTo(value, 9);
        }
      }
    });

    it('are one phase’s own where that is asked for', async () => {
      const { school } = await ask(
        `{ school(urn: 137947) { indicator(id: "suspensions", breakdown: "state-funded-primary") { observation(period: "201213") { value raw isDerived } } } }`,
      );
      expect(school.indicator.observation).toEqual({ value: 20, raw: '20', isDerived: false });
    });

    it('are listed as unjoined where the register has no such school: 3824050 in 2011/12', async () => {
      expect(await tables.rows("SELECT urn FROM school WHERE la_estab = '3824050'")).toEqual([]);
      const unjoined: string[] = [];
      for (let skip = 0; ; skip += 100) {
        const { dataStatus } = await ask(
          'query ($skip: Int!) { dataStatus { unjoinedSchools(period: "201112", skip: $skip) { laEstab } } }',
          { skip },
        );
        unjoined.push(...dataStatus.unjoinedSchools.map(({ laEstab }: { laEstab: string }) => laEstab));
        if (dataStatus.unjoinedSchools.length < 100) break;
      }
      expect(unjoined.filter((laEstab) => laEstab === '3824050')).toHaveLength(1);
      expect(new Set(unjoined).size).toBe(unjoined.length);
    });
  });
});
