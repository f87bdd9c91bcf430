/** Rankings and distributions of every level are what counting and sorting by hand make of the published rows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { takeLines } from '../export/taking.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

/** Percentile by the rule of type 7: the value at position p (n − 1), between the two nearest. */
function percentile(sorted: number[], p: number): number {
  const at = (p / 100) * (sorted.length - 1);
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return low + (high - low) * (at - Math.floor(at));
}

/** A share of every school of the register in one census, looked up by the URN that the file has, without the graph's joins. */
const SHARES = `
  SELECT s.urn, s.name, s.phase, s.status, s.la_code, o.row_hash IS NOT NULL AS there, o.values[m.rate] AS value,
    o.values[m.counted] AS counted, o.values[m.base] AS base
  FROM data_set d
  CROSS JOIN LATERAL (SELECT array_position(d.measures, 'ehc_plan_rate') AS rate, array_position(d.measures, 'ehc_plan') AS counted,
    array_position(d.measures, 'roll') AS base) m
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.code = $1
  CROSS JOIN school s
  LEFT JOIN place p ON p.level = 'SCHOOL' AND p.code = s.urn::text
  LEFT JOIN observation o ON o.place_id = p.id AND o.data_set_number = d.number AND o.period_id = dp.period_id AND o.to_release IS NULL
  WHERE d.id = 'school-census' AND s.to_release IS NULL AND (s.status IN ('OPEN', 'PROPOSED_TO_CLOSE') OR o.row_hash IS NOT NULL)`;

const RATES_OF_AUTHORITIES = `
  SELECT la.code, o.values[array_position(d.measures, 'suspension_rate')] AS value
  FROM data_set d
  JOIN observation o ON o.data_set_number = d.number AND o.breakdown_id = 0 AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY'
  JOIN local_authority la ON la.code = p.code
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id
  WHERE d.id = 'suspensions-and-permanent-exclusions' AND dp.code = $1`;

interface Share {
  urn: number;
  name: string;
  phase: string | null;
  status: string;
  la_code: string | null;
  there: boolean;
  value: number | null;
  counted: number | null;
  base: number | null;
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  let census: string;
  let year: string;
  let shares: Share[];
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    const newest = async (dataSet: string) =>
      (
        await tables.rows(
          `SELECT max(dp.code) AS code FROM data_set_period dp JOIN data_set d ON d.number = dp.data_set_number WHERE d.id = $1`,
          [dataSet],
        )
      )[0].code as string;
    census = await newest('school-census');
    year = await newest('suspensions-and-permanent-exclusions');
    shares = await tables.rows(SHARES, [census]);
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  const ask = async (query: string) => {
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    return data;
  };
  const valuesOf = (rows: { value: number | null }[]) =>
    rows.flatMap(({ value }) => (value === null ? [] : [value])).sort((one, other) => one - other);

  it('tells the percentiles that each of several fields asks for apart, however alike and however many they are', async () => {
    const many = Array.from({ length: 40 }, (_, n) => n);
    const lists: [string, number[]][] = [
      ['half', [2.5]],
      ['two', [2, 5]],
      ['many', [...many, 50]],
      ['others', [...many, 90]],
      ['again', [2, 5]],
    ];
    const { distribution } =
      await ask(`{ distribution(indicator: "suspension-rate", level: LOCAL_AUTHORITY, period: "${year}") {
      ${lists.map(([name, at]) => `${name}: percentiles(at: [${at}]) { at value }`).join(' ')} } }`);
    const rows = (await tables.rows(RATES_OF_AUTHORITIES, [year])) as { value: number | null }[];
    const values = rows.flatMap(({ value }) => value ?? []).sort((one, other) => one - other);
    expect(values.length).toBeGreaterThan(1);
    for (const [name, at] of lists) {
      expect(distribution[name].map((one: { at: number }) => one.at)).toEqual(at);
      for (const one of distribution[name]) expect(one.value).toBeCloseTo(percentile(values, one.at), 10);
    }
  });

  it('tells how local authorities lie: counts, extremes, mean, percentiles, bars, and England beside them', async () => {
    const { distribution: told } =
      await ask(`{ distribution(indicator: "suspension-rate", level: LOCAL_AUTHORITY) {
      period { code } places withValue withheld withoutValue withoutRow min max mean standardDeviation
      percentiles { at value } some: percentiles(at: [12.5, 100, 0]) { at value } histogram(bins: 7) { from to count } england { value } } }`);
    const rows = await tables.rows(RATES_OF_AUTHORITIES, [year]);
    const values = valuesOf(rows);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(told.period.code).toBe(year);
    expect(told.withValue).toBe(values.length);
    expect(told.places).toBe(told.withValue + told.withheld + told.withoutValue + told.withoutRow);
    expect([told.min, told.max]).toEqual([values[0], values.at(-1)]);
    expect(told.mean).toBeCloseTo(mean, 10);
    expect(told.standardDeviation).toBeCloseTo(
      Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)),
      10,
    );
    expect(told.percentiles.map(({ at }: { at: number }) => at)).toEqual([5, 10, 25, 50, 75, 90, 95]);
    for (const { at, value } of [...told.percentiles, ...told.some]) {
      expect(value).toBeCloseTo(percentile(values, at), 10);
    }
    expect(told.histogram).toHaveLength(7);
    const width = (values.at(-1)! - values[0]!) / 7;
    for (const [at, bin] of told.histogram.entries()) {
      const [from, to] = [values[0]! + at * width, values[0]! + (at + 1) * width];
      expect(bin.from).toBeCloseTo(from, 10);
      expect(bin.to).toBeCloseTo(to, 10);
    }
    // No value lies on an inner edge; so that who counts it is no question of rounding.
    expect(told.histogram.map(({ count }: { count: number }) => count)).toEqual(
      told.histogram.map(
        ({ from, to }: { from: number; to: number }, at: number) =>
          values.filter((value) => value >= from && (value < to || at === 6)).length,
      ),
    );
    const england = await ask(
      `{ england { indicator(id: "suspension-rate") { observation(period: "${year}") { value } } } }`,
    );
    expect(told.england).toEqual(england.england.indicator.observation);
  });

  it('tells how schools lie, and how many are left out, whatever filter', async () => {
    const { all, some } = await ask(`{
      all: distribution(indicator: "pupils-with-ehc-plan-rate", level: SCHOOL, period: "${census}") { places withValue withoutRow min max percentiles { at value } }
      some: distribution(indicator: "pupils-with-ehc-plan-rate", level: SCHOOL, period: "${census}", filter: { schools: { phase: [SECONDARY], status: [OPEN] } }) {
        places withValue withoutRow mean percentiles { at value } histogram(bins: 4, from: 0, to: 8) { from to count } } }`);
    expect([all.places, all.withoutRow]).toEqual([
      shares.length,
      shares.filter(({ there }) => !there).length,
    ]);
    const values = valuesOf(shares);
    expect([all.withValue, all.min, all.max]).toEqual([values.length, values[0], values.at(-1)]);
    for (const { at, value } of all.percentiles) expect(value).toBeCloseTo(percentile(values, at), 10);

    const secondary = shares.filter(({ phase, status }) => phase === 'SECONDARY' && status === 'OPEN');
    const theirs = valuesOf(secondary);
    expect(theirs.length).toBeGreaterThan(which === 'real' ? 3000 : 10);
    expect([some.places, some.withValue]).toEqual([secondary.length, theirs.length]);
    expect(some.mean).toBeCloseTo(theirs.reduce((sum, value) => sum + value, 0) / theirs.length, 10);
    for (const { at, value } of some.percentiles) expect(value).toBeCloseTo(percentile(theirs, at), 10);
    expect(some.histogram).toEqual(
      [0, 2, 4, 6].map((from) => ({
        from,
        to: from + 2,
        count: theirs.filter((value) => value >= from && (value < from + 2 || (value === 8 && from === 6)))
          .length,
      })),
    );
  });

  it('pools a trust’s figure from its schools before it ranks trusts', async () => {
    const members = await tables.rows(
      `SELECT m.group_uid AS uid, m.urn FROM group_membership m JOIN establishment_group g ON g.uid = m.group_uid AND g.to_release IS NULL
       WHERE m.to_release IS NULL AND g.type_code IN ('06', '10', '11')`,
    );
    const byUrn = new Map(shares.map((share) => [share.urn, share]));
    const sums = new Map<string, { counted: number; base: number }>();
    for (const { uid, urn } of members) {
      const share = byUrn.get(urn);
      if (!share || share.counted === null || share.base === null) continue;
      const sum = sums.get(uid) ?? { counted: 0, base: 0 };
      sums.set(uid, { counted: sum.counted + share.counted, base: sum.base + share.base });
    }
    const rates = [...sums].flatMap(([uid, { counted, base }]) =>
      base > 0 ? [{ uid, rate: (counted / base) * 100 }] : [],
    );
    const { ranking, distribution } = await ask(`{
      ranking(indicator: "pupils-with-ehc-plan-rate", level: TRUST, period: "${census}", first: 200) { rank value of place { ... on Trust { uid } } observation { value } }
      distribution(indicator: "pupils-with-ehc-plan-rate", level: TRUST, period: "${census}") { withValue percentiles(at: [50]) { value } } }`);
    expect(distribution.withValue).toBe(rates.length);
    expect(distribution.percentiles[0].value).toBeCloseTo(
      percentile(valuesOf(rates.map(({ rate }) => ({ value: rate }))), 50),
      10,
    );
    const expected = new Map(rates.map(({ uid, rate }) => [uid, rate]));
    const known = ranking.filter(({ value }: { value: number | null }) => value !== null);
    expect(known.length).toBe(Math.min(rates.length, 200));
    for (const { value, of, place, observation } of known) {
      expect(value).toBeCloseTo(expected.get(place.uid)!, 10);
      expect(observation.value).toBe(value);
      expect(of).toBe(rates.length);
    }
  });

  it('ranks schools among all, page by page, and says at which percentile each stands', async () => {
    const page = (skip: number) =>
      ask(`{ ranking(indicator: "suspension-rate", level: SCHOOL, filter: { schools: { phase: [SECONDARY] } }, first: 15, skip: ${skip}) {
        rank value of percentile observation { value status } place { name ... on School { urn } } } }`);
    const [{ ranking: first }, { ranking: second }] = [await page(0), await page(15)];
    const both = [...first, ...second];
    const urns = both.map(({ place }) => place.urn);
    expect(new Set(urns).size).toBe(30);
    // Each school's own figure is the one that it is ranked by.
    const own =
      await ask(`{ schools(urns: [${urns}], first: 100) { nodes { urn indicator(id: "suspension-rate") {
      observation(period: "${year}") { value } } } } }`);
    const values = new Map(
      own.schools.nodes.map((node: { urn: number; indicator: { observation: unknown } }) => [
        node.urn,
        node.indicator.observation,
      ]),
    );
    for (const { place, value, observation } of both) {
      expect(observation.value).toBe(value);
      expect(values.get(place.urn)).toEqual({ value });
    }
    for (const [at, { value, rank }] of both.entries()) {
      const before = both[at - 1];
      if (!before) expect(rank).toBe(1);
      else if (value === before.value) expect(rank).toBe(before.rank);
      else {
        expect(value).toBeGreaterThan(before.value);
        expect(rank).toBe(at + 1);
      }
    }
    const { distribution } =
      await ask(`{ distribution(indicator: "suspension-rate", level: SCHOOL, filter: { schools: { phase: [SECONDARY] } }) {
      withValue percentiles(at: [${both.map(({ percentile }) => percentile)}]) { value } } }`);
    expect(both[0].of).toBe(distribution.withValue);
    for (const [at, { value }] of both.entries()) {
      expect(distribution.percentiles[at].value).toBeCloseTo(value, 6);
    }
  });

  it('is taken away whole, in its order, however many schools it has', async () => {
    const ranked = (more: string) =>
      `{ ranking(indicator: "suspension-rate", level: SCHOOL, filter: { schools: { phase: [SECONDARY] } }${more}) { rank value place { ... on School { urn } } } }`;
    const lines = await takeLines(graph, ranked(''));
    const { distribution } = await ask(
      '{ distribution(indicator: "suspension-rate", level: SCHOOL, filter: { schools: { phase: [SECONDARY] } }) { places } }',
    );
    expect(lines).toHaveLength(distribution.places);
    expect(lines.length).toBeGreaterThan(which === 'real' ? 3000 : 200);
    expect(lines.slice(0, 200)).toEqual((await ask(ranked(''))).ranking);
    expect(await takeLines(graph, ranked(', first: 5, skip: 5'))).toEqual(lines.slice(5, 10));
  });

  it('keeps the local authorities and schools of a region alone', async () => {
    const [{ code }] = await tables.rows(
      'SELECT region_code AS code FROM local_authority WHERE closed_on IS NULL AND region_code IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1',
    );
    const { ranking, distribution } = await ask(`{
      ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY, filter: { region: ["${code}"] }) { rank of place { ... on LocalAuthority { code region { code } } } }
      distribution(indicator: "suspension-rate", level: SCHOOL, filter: { region: ["${code}"] }) { places } }`);
    const authorities = await tables.rows(
      'SELECT code FROM local_authority WHERE closed_on IS NULL AND region_code = $1',
      [code],
    );
    expect(ranking.map(({ place }: { place: { code: string } }) => place.code)).toEqual(
      expect.arrayContaining(authorities.map((authority) => authority.code)),
    );
    expect(
      new Set(ranking.map(({ place }: { place: { region: { code: string } } }) => place.region.code)),
    ).toEqual(new Set([code]));
    const { all } = await ask(
      '{ all: distribution(indicator: "suspension-rate", level: SCHOOL) { places } }',
    );
    expect(distribution.places).toBeGreaterThan(0);
    expect(distribution.places).toBeLessThan(all.places);
  });

  it('tells the same of an indicator of a series, in its own newest period', async () => {
    const [{ id, measure }] = await tables.rows(
      `SELECT i.id, i.series_measure AS measure FROM indicator i WHERE i.series_measure IS NOT NULL
       AND EXISTS (SELECT FROM series s JOIN place p ON p.id = s.place_id AND p.level = 'LOCAL_AUTHORITY' WHERE s.measure = i.series_measure) ORDER BY i.id LIMIT 1`,
    );
    const rows = await tables.rows(
      `SELECT s.values[n.position] AS value FROM (
         SELECT sp.position FROM series_period sp JOIN period pe ON pe.id = sp.period_id
         WHERE sp.measure = $1 AND sp.to_release IS NULL ORDER BY pe.starts_on DESC LIMIT 1) n
       JOIN series s ON s.measure = $1 AND s.to_release IS NULL
       JOIN place p ON p.id = s.place_id AND p.level = 'LOCAL_AUTHORITY' JOIN local_authority la ON la.code = p.code`,
      [measure],
    );
    const { distribution } = await ask(
      `{ distribution(indicator: "${id}", level: LOCAL_AUTHORITY) { withValue min max percentiles(at: [50]) { value } period { kind startsOn } } }`,
    );
    const values = valuesOf(rows);
    expect(values.length).toBeGreaterThan(10);
    expect([distribution.withValue, distribution.min, distribution.max]).toEqual([
      values.length,
      values[0],
      values.at(-1),
    ]);
    expect(distribution.percentiles[0].value).toBeCloseTo(percentile(values, 50), 10);
    expect(distribution.period.startsOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it('keeps the trusts of a reach, and the schools in them', async () => {
    const reach = await ask('{ england { composition { byTrustReach { reach trusts } } } }');
    for (const { reach: name, trusts } of reach.england.composition.byTrustReach) {
      const { distribution, schools } = await ask(`{
        distribution(indicator: "pupils-with-ehc-plan", level: TRUST, filter: { trustReach: [${name}] }) { places }
        schools: distribution(indicator: "pupils-with-ehc-plan", level: SCHOOL, filter: { trustReach: [${name}], schools: { status: [OPEN] } }) { places } }`);
      // A trust that is closed and still holds schools is in a composition, and not among the trusts of today.
      expect(distribution.places).toBeLessThanOrEqual(trusts);
      expect(distribution.places).toBeGreaterThan(trusts * 0.9);
      expect(schools.places).toBeGreaterThanOrEqual(name === 'STANDALONE' ? trusts * 0.9 : trusts * 1.8);
    }
  });

  it('has no statistic where no value is known, and bars of one width where all are the same', async () => {
    const { distribution } = await ask(
      '{ distribution(indicator: "suspension-rate", level: SCHOOL, filter: { schools: { nameContains: "no such school" } }) { places min mean standardDeviation percentiles(at: [50]) { value } histogram { count } } }',
    );
    expect(distribution).toEqual({
      places: 0,
      min: null,
      mean: null,
      standardDeviation: null,
      percentiles: [{ value: null }],
      histogram: [],
    });
    const [{ urn }] = shares.filter(({ value }) => value !== null) as [Share];
    const { one } = await ask(
      `{ one: ranking(indicator: "pupils-with-ehc-plan-rate", level: SCHOOL, period: "${census}", filter: { schools: { nameContains: ${JSON.stringify(shares.find((share) => share.urn === urn)!.name)} } }, first: 1) { percentile of } }`,
    );
    expect(one[0].percentile === null).toBe(one[0].of === 1);
  });

  it('says what there is instead of a level, period, filter or percentile that there is not', async () => {
    const refusal = async (question: string) => (await graph.ask(`{ ${question} }`)).errors?.[0]?.message;
    expect(
      await refusal('distribution(indicator: "pupils-with-ehc-plan-rate", level: LOCAL_AUTHORITY) { mean }'),
    ).toContain('SCHOOL');
    expect(await refusal('distribution(indicator: "school-absence-rate", level: TRUST) { mean }')).toContain(
      'cannot be added up',
    );
    expect(await refusal('ranking(indicator: "ehc-plans", level: SCHOOL) { rank }')).toContain(
      'LOCAL_AUTHORITY',
    );
    expect(
      await refusal(
        'ranking(indicator: "suspension-rate", level: REGION, filter: { region: ["E12000004"] }) { rank }',
      ),
    ).toContain('no filter');
    expect(
      await refusal(
        'ranking(indicator: "suspension-rate", level: TRUST, filter: { schools: { phase: [PRIMARY] } }) { rank }',
      ),
    ).toContain('filter.region, filter.trustReach');
    expect(
      await refusal('ranking(indicator: "suspension-rate", level: SCHOOL, first: 201) { rank }'),
    ).toContain('200');
    expect(
      await refusal(
        'distribution(indicator: "suspension-rate", level: REGION) { percentiles(at: [101]) { value } }',
      ),
    ).toContain('0 to 100');
    expect(
      await refusal(
        'distribution(indicator: "suspension-rate", level: REGION) { histogram(from: 2, to: 1) { count } }',
      ),
    ).toContain('less than to');
  });
});
