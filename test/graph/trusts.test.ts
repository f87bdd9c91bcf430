/** A trust's figure is the sum over the schools that it holds today, worked out here once more from the tables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

/** A published row of a school that the trust holds today. */
interface SchoolRow {
  uid: string;
  period: string;
  urn: number;
  headcount: number | null;
  headcountRaw: string | null;
  suspensions: number | null;
  suspensionsRaw: string | null;
}

describe.skipIf(!hasRealFiles())('the figures of a trust', () => {
  let graph: RunningGraph;
  let tables: Tables;
  let uids: string[];
  let rows: SchoolRow[];
  let held: Map<string, number>;

  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
    tables = await openTables(loadedDatabase('real'));
    // The largest, a middling one, two that hold a middle school with two rows, and small ones.
    const picked = await tables.rows(`
      (SELECT group_uid FROM group_membership WHERE to_release IS NULL AND group_type_code = '06'
       GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 12)
      UNION
      (SELECT group_uid FROM group_membership WHERE to_release IS NULL AND group_type_code IN ('06', '10')
       GROUP BY 1 HAVING count(*) BETWEEN 1 AND 3 ORDER BY md5(group_uid) LIMIT 60)`);
    uids = [...new Set([...picked.map(({ group_uid }) => group_uid), '2311', '2233'])];
    rows = await tables.rows(
      `SELECT m.group_uid AS uid, dp.code AS period, m.urn, o.values[d.headcount] AS headcount, o.raw ->> d.headcount::text AS "headcountRaw",
         o.values[d.suspensions] AS suspensions, o.raw ->> d.suspensions::text AS "suspensionsRaw"
       FROM (SELECT number, array_position(measures, 'headcount') AS headcount,
               array_position(measures, 'suspensions') AS suspensions
             FROM data_set WHERE id = 'suspensions-and-permanent-exclusions') d
       JOIN group_membership m ON m.group_uid = ANY($1) AND m.to_release IS NULL
       JOIN school_place sp ON sp.urn = m.urn
       JOIN observation o ON o.place_id = sp.place_id AND o.data_set_number = d.number AND o.to_release IS NULL
       JOIN period pe ON pe.id = o.period_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census
       JOIN data_set_period dp ON dp.period_id = o.period_id AND dp.data_set_number = d.number`,
      [uids],
    );
    const memberships = await tables.rows(
      'SELECT group_uid, count(*)::int AS schools FROM group_membership WHERE to_release IS NULL AND group_uid = ANY($1) GROUP BY 1',
      [uids],
    );
    held = new Map(memberships.map(({ group_uid, schools }) => [group_uid, schools]));
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  /** What must come out, from the schools' own rows; x is 1 or 2. */
  function expected(uid: string, period: string) {
    const here = rows.filter((row) => row.uid === uid && row.period === period);
    const there = (value: number | null, printed: string | null) => value !== null || printed === 'x';
    const known = here.filter(
      (row) => there(row.headcount, row.headcountRaw) && there(row.suspensions, row.suspensionsRaw),
    );
    const withheld = known.filter((row) => row.suspensions === null).length;
    const counted = known.reduce((sum, row) => sum + (row.suspensions ?? 0), 0);
    // Not a number where a school's pupils are withheld: then nothing is known of the rate.
    const pupils = known.reduce((sum, row) => sum + (row.headcount ?? Number.NaN), 0);
    const schoolsWithFigures = new Set(known.map(({ urn }) => urn)).size;
    const rate = (count: number) => (Number.isNaN(pupils) || pupils === 0 ? null : (100 * count) / pupils);
    return {
      rows: here.length,
      parts: known.length,
      withheld,
      counted,
      pupils,
      schoolsWithFigures,
      value: withheld > 0 ? null : rate(counted),
      lower: withheld > 0 ? rate(counted + withheld) : null,
      upper: withheld > 0 ? rate(counted + 2 * withheld) : null,
    };
  }

  const close = (value: number | null, wanted: number | null) =>
    wanted === null ? expect(value).toBeNull() : expect(value).toBeCloseTo(wanted, 9);

  async function series(id: string) {
    const { data, errors } = await graph.ask(
      `query ($uids: [ID!], $id: ID!) { trusts(uids: $uids, first: 100) { nodes { uid indicator(id: $id) { series {
        period { code } value lower upper status raw numerator denominator isDerived schools schoolsWithFigures release { id } } } } } }`,
      { uids, id },
    );
    expect(errors).toBeUndefined();
    // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
    return data.trusts.nodes as { uid: string; indicator: { series: any[] } }[];
  }

  it('cover withheld, complete and absent years, so that what follows means something', () => {
    const all = uids.flatMap((uid) => ['201213', '201617'].map((period) => expected(uid, period)));
    expect(all.filter(({ withheld }) => withheld > 0).length).toBeGreaterThan(5);
    expect(all.filter(({ value }) => value !== null).length).toBeGreaterThan(5);
    expect(all.filter(({ rows }) => rows === 0).length).toBeGreaterThan(5);
  });

  it('are sums of suspensions over sums of pupils, with bounds where a school’s number is withheld', async () => {
    const trusts = await series('suspension-rate');
    expect(trusts).toHaveLength(uids.length);
    let compared = 0;
    for (const { uid, indicator } of trusts) {
      const periods = new Set(rows.filter((row) => row.uid === uid).map(({ period }) => period));
      expect(new Set(indicator.series.map(({ period }) => period.code))).toEqual(periods);
      for (const figure of indicator.series) {
        const wanted = expected(uid, figure.period.code);
        if (wanted.parts === 0) {
          expect(figure.value).toBeNull();
          expect(figure.status).not.toBe('ACTUAL');
          continue;
        }
        close(figure.value, wanted.value);
        close(figure.lower, wanted.lower);
        close(figure.upper, wanted.upper);
        expect(figure.denominator).toBe(Number.isNaN(wanted.pupils) ? null : wanted.pupils);
        expect(figure.numerator).toBe(wanted.withheld > 0 ? null : wanted.counted);
        const known = wanted.pupils === 0 ? 'NOT_APPLICABLE' : 'ACTUAL';
        expect(figure.status).toBe(wanted.withheld > 0 || Number.isNaN(wanted.pupils) ? 'SUPPRESSED' : known);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(300);
  });

  it('say how many of its schools had figures, and how many it holds', async () => {
    for (const { uid, indicator } of await series('suspension-rate')) {
      for (const figure of indicator.series) {
        const { schoolsWithFigures } = expected(uid, figure.period.code);
        expect({ uid, period: figure.period.code, n: figure.schoolsWithFigures, of: figure.schools }).toEqual(
          {
            uid,
            period: figure.period.code,
            n: schoolsWithFigures,
            of: held.get(uid),
          },
        );
      }
    }
  });

  it('are plain sums for a count, and never an unmarked sum of what happens to be known', async () => {
    for (const { uid, indicator } of await series('suspensions')) {
      for (const figure of indicator.series) {
        const here = rows.filter((row) => row.uid === uid && row.period === figure.period.code);
        const withheld = here.filter((row) => row.suspensionsRaw === 'x').length;
        const counted = here.reduce((sum, row) => sum + (row.suspensions ?? 0), 0);
        expect(figure.value).toBe(withheld > 0 ? null : counted);
        expect(figure.lower).toBe(withheld > 0 ? counted + withheld : null);
        expect(figure.upper).toBe(withheld > 0 ? counted + 2 * withheld : null);
        expect(figure.status).toBe(withheld > 0 ? 'SUPPRESSED' : 'ACTUAL');
      }
    }
  });

  it('are marked as derived, without a printed text and without one release', async () => {
    for (const { indicator } of await series('headcount')) {
      for (const figure of indicator.series) {
        expect(figure).toMatchObject({ isDerived: true, raw: null, release: null });
      }
    }
  });

  it('are its own in a list as they are alone', async () => {
    const { data } = await graph.ask(`{
      trust(uid: "5143") { indicator(id: "suspension-rate") { latest { value lower upper status schools } } }
      trusts(uids: ["5143"]) { nodes { indicator(id: "suspension-rate") { latest { value lower upper status schools } } } }
      schools(filter: { trust: "5143" }, first: 1) { nodes { trust { indicator(id: "suspension-rate") { latest { value lower upper status schools } } } } } }`);
    expect(data.trust.indicator.latest.schools).toBe(75);
    expect(data.trusts.nodes).toEqual([data.trust]);
    expect(data.schools.nodes).toEqual([{ trust: data.trust }]);
  });

  it('are nothing at all where no file has rows of schools', async () => {
    const { data, errors } = await graph.ask(
      '{ trust(uid: "5143") { indicator(id: "ehc-plans") { latest { value } series { value } } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.trust.indicator).toEqual({ latest: null, series: [] });
  });
});
