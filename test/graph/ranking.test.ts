/** A ranking has every place, the best first; equal values share a rank, and what is not known has none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

/** Rates of local authorities and the ranks that follow, with no help of the graph: from positions and periods. */
const BY_HAND = `
  SELECT la.code, la.name, o.values[m.at]::float8 AS value,
    (SELECT count(*)::int + 1 FROM observation other JOIN place p ON p.id = other.place_id AND p.level = 'LOCAL_AUTHORITY'
      WHERE other.data_set_number = d.number AND other.period_id = o.period_id AND other.breakdown_id = 0 AND other.to_release IS NULL
        AND other.values[m.at] < o.values[m.at]) AS rank
  FROM data_set d
  CROSS JOIN LATERAL (SELECT array_position(d.measures, 'suspension_rate') AS at) m
  JOIN observation o ON o.data_set_number = d.number AND o.breakdown_id = 0 AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY'
  JOIN local_authority la ON la.code = p.code
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id AND dp.code = $1
  WHERE d.id = 'suspensions-and-permanent-exclusions'
  ORDER BY value NULLS LAST, la.name, la.code`;

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  let newest: string;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    [{ newest }] = (await tables.rows(
      `SELECT max(dp.code) AS newest FROM data_set_period dp JOIN data_set d ON d.number = dp.data_set_number
       WHERE d.id = 'suspensions-and-permanent-exclusions'`,
    )) as [{ newest: string }];
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  it('gives the ranks that counting gives, the lowest suspension rate first', async () => {
    const { data, errors } = await graph.ask(
      '{ ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY) { rank value observation { period { code } } place { __typename name ... on LocalAuthority { code } } } }',
    );
    expect(errors).toBeUndefined();
    const expected = await tables.rows(BY_HAND, [newest]);
    const ranked = data.ranking.filter(({ observation }: { observation: unknown }) => observation !== null);
    expect(
      ranked.map(({ rank, value, place }: { rank: number; value: number; place: { code: string } }) => ({
        code: place.code,
        value,
        rank,
      })),
    ).toEqual(expected.map(({ code, value, rank }) => ({ code, value, rank: value === null ? null : rank })));
    expect(ranked[0].observation.period.code).toBe(newest);
    expect(ranked[0].place.__typename).toBe('LocalAuthority');
  });

  it('lists every local authority that exists, those without a figure last and without a rank', async () => {
    const { data } = await graph.ask(
      '{ ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY) { rank place { ... on LocalAuthority { code } } } }',
    );
    const existing = await tables.rows('SELECT code FROM local_authority WHERE closed_on IS NULL');
    const listed = data.ranking.map(({ place }: { place: { code: string } }) => place.code);
    expect(listed).toEqual(expect.arrayContaining(existing.map(({ code }) => code)));
    const ranks = data.ranking.map(({ rank }: { rank: number | null }) => rank);
    const firstWithout = ranks.indexOf(null);
    if (firstWithout !== -1)
      expect(ranks.slice(firstWithout).every((rank: unknown) => rank === null)).toBe(true);
  });

  it('goes down from the highest, without ranks, where neither way is good', async () => {
    const { data } = await graph.ask(
      '{ ranking(indicator: "ehc-plans", level: REGION) { rank value place { name } } }',
    );
    const values = data.ranking.map(({ value }: { value: number }) => value);
    expect(values).toHaveLength(9);
    expect(data.ranking.every(({ rank }: { rank: unknown }) => rank === null)).toBe(true);
    expect(values).toEqual(values.toSorted((one: number, other: number) => other - one));
  });

  it('says what there is instead of a period, level or breakdown that there is not', async () => {
    const ask = async (args: string) =>
      (await graph.ask(`{ ranking(${args}) { rank } }`)).errors?.[0]?.message;
    expect(await ask('indicator: "suspension-rate", level: REGION, period: "1901"')).toContain(newest);
    expect(await ask('indicator: "suspension-rat", level: REGION')).toContain('suspension-rate');
    expect(await ask('indicator: "suspension-rate", level: REGION, breakdown: "x"')).toContain('total');
  });
});
