/** A series is followed over schools and local authorities that came after one another: whose figures, and where it cannot be. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase, type OwnDatabase, ownDatabase } from '../database.js';
import { publishedRows } from '../ees-release.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { exclusionsRows } from './published-file.js';
import { openTables, type Tables } from './tables.js';

const POINT =
  'period { code label } startsAnew note observation { value lower upper status isDerived numerator denominator }';
interface Point {
  period: { code: string; label: string };
  startsAnew: boolean;
  note: string | null;
  urns: number[];
  codes: string[];
  observation: Record<string, unknown> | null;
}

const along = async (
  graph: RunningGraph,
  urn: number,
  indicator = 'suspensions',
  lineage = 'ALONG_LINEAGE',
) => {
  const { data, errors } = await graph.ask(
    `{ school(urn: ${urn}) { series(indicator: "${indicator}", lineage: ${lineage}) { notes points { urns ${POINT} } } indicator(id: "${indicator}") { series { value status period { code } } } } }`,
  );
  expect(errors).toBeUndefined();
  return data.school as {
    series: { notes: string[]; points: Point[] };
    indicator: { series: { value: number | null; status: string; period: { code: string } }[] };
  };
};
const onBoundary = async (
  graph: RunningGraph,
  code: string,
  indicator: string,
  basis = 'CURRENT_BOUNDARY',
) => {
  const { data, errors } = await graph.ask(
    `{ localAuthority(code: "${code}") { series(indicator: "${indicator}", basis: ${basis}) { notes points { codes ${POINT} } } indicator(id: "${indicator}") { series { value status period { code } } } } }`,
  );
  expect(errors).toBeUndefined();
  return data.localAuthority as {
    series: { notes: string[]; points: Point[] };
    indicator: { series: { value: number | null; status: string; period: { code: string } }[] };
  };
};
const values = (points: Point[]) =>
  points.map(({ period, observation }) => [period.code, observation?.value ?? null]);

describe('on the sample, with schools and local authorities put together', () => {
  let database: OwnDatabase;
  let graph: RunningGraph;
  let tables: Tables;
  let [first, second, third]: number[] = [];
  let periods: { id: number; code: string }[];
  /** Suspensions and headcount of three schools by period, from their rows. */
  const rows = new Map<string, { suspensions: number; headcount: number }>();
  const AUTHORITIES = ['301', '302', '303'];

  beforeAll(async () => {
    database = await ownDatabase('sample');
    tables = await openTables(database.url);
    periods = await tables.rows(
      `SELECT y.id, dp.code FROM data_set d JOIN data_set_period dp ON dp.data_set_number = d.number JOIN period y ON y.id = dp.period_id
       WHERE d.id = 'suspensions-and-permanent-exclusions' ORDER BY y.starts_on`,
    );
    const schools = await tables.rows(
      `SELECT sp.urn FROM data_set d JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL
       JOIN period y ON y.id = o.period_id JOIN school_place sp ON sp.place_id = o.place_id AND y.census_on BETWEEN sp.first_census AND sp.last_census
       WHERE d.id = 'suspensions-and-permanent-exclusions' AND o.values[array_position(d.measures, 'suspensions')] IS NOT NULL
         AND NOT EXISTS (SELECT FROM school_lineage l WHERE sp.urn IN (l.predecessor_urn, l.successor_urn))
       GROUP BY sp.urn HAVING count(*) = $1 ORDER BY sp.urn LIMIT 3`,
      [periods.length],
    );
    [first, second, third] = schools.map(({ urn }) => urn);
    for (const row of await tables.rows(
      `SELECT sp.urn, dp.code, o.values[array_position(d.measures, 'suspensions')] AS suspensions, o.values[array_position(d.measures, 'headcount')] AS headcount
       FROM data_set d JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL
       JOIN period y ON y.id = o.period_id JOIN school_place sp ON sp.place_id = o.place_id AND y.census_on BETWEEN sp.first_census AND sp.last_census
       JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id
       WHERE d.id = 'suspensions-and-permanent-exclusions' AND sp.urn = ANY($1)`,
      [[first, second, third]],
    )) {
      rows.set(`${row.urn} ${row.code}`, row);
    }
    // The third school came out of the other two, after half of the periods; of the second, one period has no figure.
    await tables.rows(
      'DELETE FROM observation o USING school_place sp WHERE sp.place_id = o.place_id AND sp.urn = $1 AND o.period_id = ANY($2)',
      [third, periods.slice(0, 3).map(({ id }) => id)],
    );
    await tables.rows(
      'DELETE FROM observation o USING school_place sp WHERE sp.place_id = o.place_id AND sp.urn = $1 AND o.period_id = $2',
      [second, periods[1]!.id],
    );
    await tables.rows("UPDATE school SET opened_on = '2000-09-01', closed_on = NULL WHERE urn = ANY($1)", [
      [first, second, third],
    ]);
    await tables.rows(
      `INSERT INTO school_lineage (predecessor_urn, successor_urn, event, event_is_inferred, happened_on, on_is_inferred)
       VALUES ($1, $3, 'AMALGAMATION', false, '2023-09-01', false), ($2, $3, 'AMALGAMATION', false, '2023-09-01', false)`,
      [first, second, third],
    );
    // Two local authorities became a third one.
    await tables.rows(
      `INSERT INTO local_authority_reorganisation SELECT max(id) + 1, '2023-04-01', 'MERGED', '{301,302}', '{303}', '{}', '{}', true, 'Two became one.' FROM local_authority_reorganisation`,
    );
    await tables.rows(
      "INSERT INTO local_authority_succession (from_code, to_code, happened_on) VALUES ('301', '303', '2023-04-01'), ('302', '303', '2023-04-01')",
    );
    for (const [codes, kept] of [
      [['303'], periods.slice(0, 3)],
      [['301', '302'], periods.slice(3)],
    ] as const) {
      await tables.rows(
        `DELETE FROM observation o USING place p, data_set d WHERE p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY' AND p.code = ANY($1)
          AND d.id = 'suspensions-and-permanent-exclusions' AND o.data_set_number = d.number AND o.period_id = ANY($2)`,
        [codes, kept.map(({ id }) => id)],
      );
    }
    graph = await startGraph(database.url);
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
    await database.drop();
  });

  it('adds up two schools that became one, and says whose figures each point is', async () => {
    const { series } = await along(graph, third!);
    const sum = (period: string) =>
      rows.get(`${first} ${period}`)!.suspensions + rows.get(`${second} ${period}`)!.suspensions;
    const codes = periods.map(({ code }) => code);
    expect(values(series.points)).toEqual([
      [codes[0], sum(codes[0]!)],
      [codes[1], null],
      [codes[2], sum(codes[2]!)],
      ...codes.slice(3).map((code) => [code, rows.get(`${third} ${code}`)!.suspensions]),
    ]);
    expect(series.points.map(({ urns }) => urns)).toEqual([
      [first, second],
      [first],
      [first, second],
      ...codes.slice(3).map(() => [third]),
    ]);
    expect(series.points[0]!.observation!.isDerived).toBe(true);
    expect(series.points[3]!.observation!.isDerived).toBe(false);
  });

  it('makes a rate of sums, not of rates', async () => {
    const { series } = await along(graph, third!, 'suspension-rate');
    const [one, other] = [first, second].map((urn) => rows.get(`${urn} ${periods[0]!.code}`)!);
    expect(series.points[0]!.observation!.value).toBeCloseTo(
      (100 * (one!.suspensions + other!.suspensions)) / (one!.headcount + other!.headcount),
      9,
    );
  });

  it('leaves a gap where one of the schools has no figure, naming it, and says where other schools begin', async () => {
    const { series } = await along(graph, third!);
    expect(series.points[1]!.note).toContain(`no figure of URN ${second}`);
    expect(series.points[3]!.startsAnew).toBe(true);
    expect(series.points[3]!.note).toContain(
      `URN ${first}, ${second}, from here on of URN ${third} (AMALGAMATION on 2023-09-01)`,
    );
    expect(series.points[4]!.startsAnew).toBe(false);
  });

  it('leaves a gap where the school that it came out of went to several', async () => {
    await tables.rows(
      `INSERT INTO school_lineage (predecessor_urn, successor_urn, event, event_is_inferred, happened_on, on_is_inferred)
       VALUES ($1, 999998, 'SPLIT', false, '2023-09-01', false)`,
      [first],
    );
    try {
      const { series } = await along(graph, third!);
      expect(series.points[0]!.observation).toBeNull();
      expect(series.points[0]!.note).toContain('went to several');
    } finally {
      await tables.rows('DELETE FROM school_lineage WHERE successor_urn = 999998');
    }
  });

  it('does not add a school that was merged into one that went on, and says so', async () => {
    await tables.rows("UPDATE school_lineage SET event = 'MERGER' WHERE successor_urn = $1", [third]);
    try {
      const { series } = await along(graph, third!);
      expect(series.points.map(({ period }) => period.code)).toEqual(
        periods.slice(3).map(({ code }) => code),
      );
      expect(series.notes).toHaveLength(2);
      expect(series.notes[0]).toContain(`URN ${first} was merged into it on 2023-09-01`);
    } finally {
      await tables.rows("UPDATE school_lineage SET event = 'AMALGAMATION' WHERE successor_urn = $1", [third]);
    }
  });

  it('as published has the school’s own figures and no other', async () => {
    const { series } = await along(graph, third!, 'suspensions', 'AS_PUBLISHED');
    expect(values(series.points)).toEqual(
      periods.slice(3).map(({ code }) => [code, rows.get(`${third} ${code}`)!.suspensions]),
    );
  });

  it('adds up local authorities that became one', async () => {
    const before = await Promise.all(
      AUTHORITIES.slice(0, 2).map((code) => onBoundary(graph, code, 'suspensions', 'AS_PUBLISHED')),
    );
    const { series } = await onBoundary(graph, '303', 'suspensions');
    for (const at of [0, 1, 2]) {
      const [one, other] = before.map(({ series: { points } }) => points[at]!.observation!.value as number);
      expect(series.points[at]!.observation).toMatchObject({ value: one! + other!, isDerived: true });
      expect(series.points[at]!.codes).toEqual(['301', '302']);
    }
    expect(series.points[3]).toMatchObject({ codes: ['303'], startsAnew: true });
    expect(series.points[3]!.note).toContain('The figures before are of 301, 302, from here on of 303.');
    expect(series.notes.join(' ')).toContain('Two became one.');
  });

  it('cannot divide what became one, and says why', async () => {
    const { series } = await onBoundary(graph, '301', 'suspensions');
    expect(values(series.points.slice(3))).toEqual(periods.slice(3).map(({ code }) => [code, null]));
    expect(series.points[3]!.note).toContain('Two became one.');
  });

  it('refuses an indicator and a breakdown that there are not, naming what there is', async () => {
    const message = async (args: string) =>
      (await graph.ask(`{ school(urn: ${third}) { series(${args}, lineage: ALONG_LINEAGE) { notes } } }`))
        .errors?.[0]?.message;
    expect(await message('indicator: "suspension"')).toContain('suspensions');
    expect(await message('indicator: "suspensions", breakdown: "x"')).toContain('total');
    expect(await message('indicator: "ehc-plans"')).toMatch(/ehc-plans is not published.*LOCAL_AUTHORITY/);
    const { errors } = await graph.ask(
      '{ localAuthority(code: "301") { series(indicator: "roll", basis: CURRENT_BOUNDARY) { notes } } }',
    );
    expect(errors?.[0]?.message).toMatch(/roll is not published.*SCHOOL/);
  });
});

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  it('a series as published is that of the indicator, for schools and local authorities', async () => {
    const graph = await startGraph(loadedDatabase(which));
    const tables = await openTables(loadedDatabase(which));
    try {
      const schools = await tables.rows(
        'SELECT successor_urn AS urn FROM school_lineage JOIN school_place ON urn = successor_urn GROUP BY 1 ORDER BY 1 LIMIT 15',
      );
      let points = 0;
      for (const { urn } of schools) {
        const { series, indicator } = await along(graph, urn, 'suspension-rate', 'AS_PUBLISHED');
        expect(values(series.points)).toEqual(
          indicator.series.map(({ period, value }) => [period.code, value]),
        );
        points += series.points.length;
      }
      for (const code of ['301', '822', '835']) {
        for (const id of ['suspension-rate', 'ehc-plans', 'lait-sen-ehc-all-20wks']) {
          const known = await tables.rows('SELECT 1 FROM indicator WHERE id = $1', [id]);
          if (known.length === 0) continue;
          const { series, indicator } = await onBoundary(graph, code, id, 'AS_PUBLISHED');
          expect(values(series.points)).toEqual(
            indicator.series.map(({ period, value }) => [period.code, value]),
          );
          points += series.points.length;
        }
      }
      expect(points).toBeGreaterThan(which === 'real' ? 60 : 10);
    } finally {
      await tables.close();
      await graph.close();
    }
  });
});

describe.skipIf(!hasRealFiles())('on the published files', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  it('Northamptonshire since 2021 is its two successors, as the file of EHC plans prints them', async () => {
    const { series } = await onBoundary(graph, '928', 'ehc-plans');
    const printed = await publishedRows(
      inject('mirror')!,
      'education-health-and-care-plans',
      '2025',
      'Number of education, health and care (EHC) plans as at January each year',
    );
    const plans = (code: string, year: string) =>
      Number(
        printed.find(
          (row) =>
            row.old_la_code === code &&
            row.time_period === year &&
            row.breakdown_topic === 'All EHC plans' &&
            row.breakdown === 'All EHC plans',
        )!.ehcplans,
      );
    expect(values(series.points)).toEqual([
      ...['201819', '201920', '202021'].map((year) => [year, plans('928', year)]),
      ...['202122', '202223', '202324', '202425'].map((year) => [
        year,
        plans('940', year) + plans('941', year),
      ]),
    ]);
    expect(series.points.filter(({ startsAnew }) => startsAnew).map(({ period }) => period.code)).toEqual([
      '202122',
      '202223',
    ]);
  });

  it('a part of a divided county has no figure before, and the county’s reorganisation is the reason', async () => {
    const { series } = await onBoundary(graph, '940', 'ehc-plans');
    expect(values(series.points).slice(0, 3)).toEqual(
      ['201819', '201920', '202021'].map((year) => [year, null]),
    );
    expect(series.points[0]!.note).toContain(
      'cannot be divided between North Northamptonshire and West Northamptonshire',
    );
    expect(series.points[0]!.codes).toEqual(['928']);
  });

  it('areas along new lines have no figure before: Dorset and Bournemouth, Christchurch and Poole', async () => {
    for (const code of ['838', '839']) {
      const { series } = await onBoundary(graph, code, 'ehc-plans');
      expect(series.points[0]).toMatchObject({ observation: null, period: { code: '201819' } });
      expect(series.points[0]!.note).toContain('Christchurch went from Dorset');
      expect(series.points[1]!.codes).toEqual([code]);
    }
  });

  it('2008/09, published half under Bedfordshire and half under its successors, is a gap', async () => {
    const { series } = await onBoundary(graph, '820', 'suspensions');
    const of = (label: string) => series.points.find(({ period }) => period.label === label)!;
    expect(of('2008/09')).toMatchObject({ observation: null, codes: ['820'] });
    expect(of('2008/09').note).toContain('under its own code and under those of the reorganisation');
    const printed = await exclusionsRows('200910', 'Local authority');
    const suspended = (code: string) =>
      Number(printed.find((row) => row.old_la_code === code && /total/i.test(row.school_type!))!.fixed_excl);
    expect(of('2009/10').observation!.value).toBe(suspended('822') + suspended('823'));
  });

  it('a rate without counts cannot be added up: LAIT', async () => {
    const { data } = await graph.ask(
      '{ localAuthority(code: "928") { series(indicator: "lait-sen-ehc-all-20wks", basis: CURRENT_BOUNDARY) { points { note observation { value } codes } } } }',
    );
    const gaps = data.localAuthority.series.points.filter(({ observation }: Point) => observation === null);
    expect(gaps.length).toBeGreaterThan(0);
    for (const { note } of gaps) expect(note).toContain('no counts to add up');
  });

  it('Our Lady and St Joseph, until 2014 two schools, has the sum of what their LAESTABs were printed with', async () => {
    const { series } = await along(graph, 139423, 'headcount');
    const printed = async (laEstab: string, year: string) =>
      Number(
        (await exclusionsRows(laEstab, year)).find(
          (row) => Object.values(row).includes(laEstab) && row.time_period === year,
        )!.headcount,
      );
    const [{ data: one }, { data: other }] = (await Promise.all(
      [100948, 100964].map((urn) => graph.ask(`{ school(urn: ${urn}) { laEstab } }`)),
    )) as [{ data: { school: { laEstab: string } } }, { data: { school: { laEstab: string } } }];
    for (const year of ['200607', '201314']) {
      const point = series.points.find(({ period }) => period.code === year)!;
      expect(point.urns).toEqual([100948, 100964]);
      expect(point.observation!.value).toBe(
        (await printed(one.school.laEstab, year)) + (await printed(other.school.laEstab, year)),
      );
    }
    expect(series.points.find(({ period }) => period.code === '201415')).toMatchObject({
      urns: [139423],
      startsAnew: true,
    });
  });
});
