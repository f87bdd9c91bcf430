/** A comparison holds what plain SQL says of ranks, bands, averages and changes, and tells what it left out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { bandOf, type Compared, grouped, known, quantile, rankOf, WHOLE } from './compared-figures.js';
import { openTables, type Tables } from './tables.js';

/** The published rates of local authorities, from positions and periods: period, code, value, count, base. */
const RATES = (measure: string, count: string) => `
  SELECT dp.code AS period, p.code, o.values[m.at]::float8 AS value, o.values[m.count]::float8 AS count, o.values[m.base]::float8 AS base
  FROM data_set d
  CROSS JOIN LATERAL (SELECT array_position(d.measures, '${measure}') AS at, array_position(d.measures, '${count}') AS count,
    array_position(d.measures, 'headcount') AS base) m
  JOIN observation o ON o.data_set_number = d.number AND o.breakdown_id = 0 AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id AND p.level = $1
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id
  WHERE d.id = 'suspensions-and-permanent-exclusions'`;

interface Rate {
  period: string;
  code: string;
  value: number | null;
  count: number | null;
  base: number | null;
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  const compare = async (code: string, args: string, what = WHOLE): Promise<Compared> => {
    const { data, errors } = await graph.ask(
      `{ localAuthority(code: "${code}") { comparison(${args}) ${what} } }`,
    );
    expect(errors).toBeUndefined();
    return data.localAuthority.comparison;
  };
  const refusal = async (args: string) =>
    (await graph.ask(`{ localAuthority(code: "891") { comparison(${args}) { value } } }`)).errors?.[0];

  describe('of the suspension rate, worked out anew from the rows of the file', () => {
    let rates: Rate[];
    let newest: string;
    let before: string;
    let statistical: Map<string, { la_code: string; code: string; rank: number; closeness: string }[]>;
    beforeAll(async () => {
      rates = await tables.rows(RATES('suspension_rate', 'suspensions'), ['LOCAL_AUTHORITY']);
      [before, newest] = [...new Set(rates.map(({ period }) => period))].sort().slice(-2) as [string, string];
      const rows = await tables.rows(
        'SELECT la_code, neighbour_code AS code, rank, closeness FROM statistical_neighbour WHERE to_release IS NULL AND edition = (SELECT max(edition) FROM statistical_neighbour) ORDER BY la_code, rank',
      );
      statistical = grouped(rows, ({ la_code }) => la_code);
    });
    const at = (code: string, period: string) =>
      rates.find((rate) => rate.code === code && rate.period === period);

    it('ranks, bands, averages and neighbours are what counting gives', async () => {
      const all = known(rates.filter(({ period }) => period === newest).map(({ value }) => value));
      const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(all, share));
      const withAll = [...statistical].filter(([code, others]) =>
        [code, ...others.map((other) => other.code)].every((each) => at(each, newest)),
      );
      expect(withAll.length).toBeGreaterThan(which === 'real' ? 100 : 0);
      for (const [code, others] of withAll.slice(0, 25)) {
        const compared = await compare(code, 'indicator: "suspension-rate"');
        const own = at(code, newest)!;
        const near = others.map((other) => ({ ...other, figure: at(other.code, newest)! }));
        const among = known([own.value, ...near.map(({ figure }) => figure.value)]);
        const used = near.filter(({ figure }) => figure.value !== null);
        const sum = (of: 'count' | 'base') => used.reduce((total, { figure }) => total + figure[of]!, 0);
        expect(compared, code).toMatchObject({
          against: 'STATISTICAL',
          period: { code: newest },
          periodAgeYears: 0,
          value: own.value,
          observation: { value: own.value },
          rank: own.value === null ? null : rankOf(own.value, among, true),
          of: among.length,
          nationalRank: own.value === null ? null : rankOf(own.value, all, true),
          nationalOf: all.length,
          band: own.value === null ? null : bandOf(own.value, compared.quartiles, true),
          neighboursAveraged: used.length,
          neighboursLeftOut: near.length - used.length,
          averageMethod: 'RATIO_OF_SUMS',
        });
        compared.quartiles.forEach((limit: number, index: number) => {
          expect(limit).toBeCloseTo(quartiles[index]!, 9);
        });
        expect(compared.neighbourAverage).toBeCloseTo((100 * sum('count')) / sum('base'), 9);
        expect(compared.neighbours).toEqual(
          near.map(({ code: other, rank, closeness, figure }) => ({
            localAuthority: { code: other },
            value: figure.value,
            rank: figure.value === null ? null : rankOf(figure.value, among, true),
            closenessRank: rank,
            closeness,
            observation: { value: figure.value },
          })),
        );
      }
    });

    it('the change is from the year before, and beyond chance where the pooled z is beyond 1.96', async () => {
      let judged = 0;
      for (const [code] of [...statistical].slice(0, 40)) {
        const { change, notes } = await compare(
          code,
          `indicator: "suspension-rate", period: "${newest}"`,
          '{ change { fromPeriod { code } from to difference direction isBeyondChance note } notes }',
        );
        const [to, from] = [at(code, newest), at(code, before)];
        if (known([to?.value, from?.value]).length < 2) {
          expect(change).toBeNull();
          expect(notes.join(' ')).toContain('No change since the period before');
          continue;
        }
        const difference = to!.value! - from!.value!;
        expect(change).toMatchObject({
          fromPeriod: { code: before },
          from: from!.value,
          to: to!.value,
          direction: difference === 0 ? 'SAME' : difference < 0 ? 'BETTER' : 'WORSE',
        });
        expect(change.difference).toBeCloseTo(difference, 9);
        const pooled = (to!.count! + from!.count!) / (to!.base! + from!.base!);
        const z =
          (to!.count! / to!.base! - from!.count! / from!.base!) /
          Math.sqrt(pooled * (1 / to!.base! + 1 / from!.base!));
        expect(change.isBeyondChance, code).toBe(Math.abs(z) > 1.96);
        judged += 1;
      }
      expect(judged).toBeGreaterThan(0);
    });

    it('region and England are those of the file', async () => {
      const [england] = await tables.rows(`${RATES('suspension_rate', 'suspensions')} AND dp.code = $2`, [
        'NATIONAL',
        newest,
      ]);
      const regions = await tables.rows(`${RATES('suspension_rate', 'suspensions')} AND dp.code = $2`, [
        'REGIONAL',
        newest,
      ]);
      const [{ region }] = await tables.rows(
        "SELECT region_code AS region FROM local_authority WHERE code = '891'",
      );
      const compared = await compare('891', `indicator: "suspension-rate", period: "${newest}"`);
      expect(compared.nationalValue).toBe(england.value);
      expect(compared.regionValue).toBe(regions.find(({ code }) => code === region)?.value);
    });

    it('against a region, and against those that are named, the same is counted over other neighbours', async () => {
      const inRegion = await tables.rows(
        `SELECT code FROM local_authority WHERE region_code = (SELECT region_code FROM local_authority WHERE code = '891')
         AND closed_on IS NULL AND code <> '891'`,
      );
      const named = ['888', '926', '830'];
      for (const [args, codes] of [
        ['against: REGION', inRegion.map(({ code }) => code)],
        [`against: CUSTOM, codes: ["${named.join('", "')}"]`, named],
      ] as const) {
        const compared = await compare('891', `indicator: "suspension-rate", period: "${newest}", ${args}`);
        const among = known([...codes, '891'].map((code) => at(code, newest)?.value));
        expect(compared.neighbours.map(({ localAuthority }: Compared) => localAuthority.code).sort()).toEqual(
          codes.toSorted(),
        );
        expect(compared).toMatchObject({
          edition: null,
          of: among.length,
          rank: rankOf(at('891', newest)!.value!, among, true),
        });
      }
    });

    it('the period is the newest that all of them have, and else the newest of those with most, which is said', async () => {
      const codes = [...new Set(rates.map(({ code }) => code))];
      const [abolished] = codes
        .filter((code) => !at(code, newest))
        .concat(
          await tables
            .rows(
              "SELECT code FROM local_authority WHERE closed_on IS NOT NULL AND code <> '891' ORDER BY code",
            )
            .then((rows) => rows.map(({ code }) => code)),
        );
      const compared = await compare(
        '891',
        `indicator: "suspension-rate", against: CUSTOM, codes: ["888", "${abolished}"]`,
      );
      const having = grouped(
        rates.filter(({ code }) => ['891', '888', abolished].includes(code)),
        ({ period }) => period,
      );
      const most = Math.max(...[...having.values()].map((rows) => rows.length));
      const expected = [...having]
        .filter(([, rows]) => rows.length === most)
        .map(([period]) => period)
        .sort()
        .at(-1);
      expect(compared.period.code).toBe(expected);
      const isSaid = compared.notes.some((note: string) =>
        note.startsWith('No period has a figure of all 3'),
      );
      expect(isSaid).toBe(most < 3);
    });
  });

  it('where neither way is good nothing is ranked, and the note says so', async () => {
    const compared = await compare('891', 'indicator: "ehc-plans"');
    expect(compared).toMatchObject({
      rank: null,
      of: null,
      nationalRank: null,
      nationalOf: null,
      band: null,
    });
    expect(compared.neighbours.every(({ rank }: Compared) => rank === null)).toBe(true);
    expect(compared.notes).toContain('Neither way is good: nothing is ranked, and there are no bands.');
    expect(compared.averageMethod).toBe('PLAIN_MEAN');
    const values = known(compared.neighbours.map(({ value }: Compared) => value));
    expect(compared.neighbourAverage).toBeCloseTo(
      values.reduce((sum, value) => sum + value, 0) / values.length,
      9,
    );
  });

  it('a withheld value is left out and counted, and never zero', async () => {
    // The measure of which most cells of local authorities are withheld, in the period where most are.
    const [withheld] = await tables.rows(`
      SELECT i.id, dp.code AS period, min(p.code) AS code FROM indicator i
      JOIN observation o ON o.data_set_number = i.data_set_number AND o.to_release IS NULL AND o.breakdown_id = 0
      JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY'
      JOIN local_authority a ON a.code = p.code AND a.closed_on IS NULL AND a.region_code IS NOT NULL
      JOIN data_set_period dp ON dp.data_set_number = o.data_set_number AND dp.period_id = o.period_id
      WHERE i.id LIKE 'ehc-%-rate' AND o.values[i.position] IS NULL AND o.raw ? i.position::text
      GROUP BY 1, 2 HAVING count(*) < 100 ORDER BY count(*) DESC, 1, 2 LIMIT 1`);
    expect(withheld).toBeDefined();
    const { id, period, code } = withheld;
    const own = await compare(code, `indicator: "${id}", period: "${period}", against: REGION`);
    expect(own).toMatchObject({ value: null, rank: null, nationalRank: null, band: null, change: null });
    expect(own.notes.join(' ')).toContain('Its own value in the period is not known (');
    const other = own.neighbours.find(({ value }: Compared) => value !== null);
    const seen = await compare(
      other.localAuthority.code,
      `indicator: "${id}", period: "${period}", against: REGION`,
    );
    const left = seen.neighbours.filter(({ value }: Compared) => value === null);
    expect(left.map(({ localAuthority }: Compared) => localAuthority.code)).toContain(code);
    expect(seen.neighboursLeftOut).toBe(left.length);
    expect(seen.neighboursAveraged).toBe(seen.neighbours.length - left.length);
    const [{ name }] = await tables.rows('SELECT name FROM local_authority WHERE code = $1', [code]);
    expect(seen.notes.find((note: string) => note.startsWith('Left out'))).toContain(name);
    const values = known(seen.neighbours.map(({ value }: Compared) => value));
    expect(seen.neighbourAverage).toBeGreaterThanOrEqual(Math.min(...values));
    expect(seen.neighbourAverage).toBeLessThanOrEqual(Math.max(...values));
  });

  it('without a neighbour there is no rank among neighbours, and the note says why there is none', async () => {
    const { data } = await graph.ask(
      `{ localAuthority(code: "891", asOf: "2020-01-01") { comparison(indicator: "suspension-rate") ${WHOLE} } }`,
    );
    const { neighbours, rank, edition, neighbourAverage, averageMethod, notes } =
      data.localAuthority.comparison;
    expect({ neighbours, rank, edition, neighbourAverage, averageMethod }).toEqual({
      neighbours: [],
      rank: null,
      edition: null,
      neighbourAverage: null,
      averageMethod: null,
    });
    expect(notes).toContain('No edition of statistical neighbours is loaded.');
  });

  it('as of a day before anything was published there is no period, and that is no mistake', async () => {
    const { data, errors } = await graph.ask(
      `{ localAuthority(code: "891", asOf: "1990-01-01") { comparison(indicator: "suspension-rate", against: REGION) ${WHOLE} } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.localAuthority.comparison).toMatchObject({
      period: null,
      value: null,
      change: null,
      notes: ['No period has a figure of any of them.'],
    });
  });

  it.each([
    ['indicator: "suspension-rat"', 'suspension-rate'],
    ['indicator: "suspension-rate", period: "1901"', 'It has:'],
    ['indicator: "suspension-rate", breakdown: "x"', 'total'],
    ['indicator: "suspension-rate", edition: "1999-01"', 'there are 2025-05'],
    [
      'indicator: "suspension-rate", against: REGION, edition: "2022"',
      'only STATISTICAL and GEOGRAPHIC have editions',
    ],
    [
      'indicator: "suspension-rate", against: CUSTOM, codes: ["999"]',
      'codes: no local authority has this code',
    ],
    ['indicator: "suspension-rate", against: CUSTOM, codes: ["891"]', 'the local authority itself'],
    ['indicator: "suspension-rate", against: CUSTOM', 'CUSTOM needs the codes'],
    ['indicator: "school-absence-rate"', 'Levels that it has: '],
  ])('%s is refused, and what there is instead is named', async (args, told) => {
    expect((await refusal(args))?.message).toContain(told);
  });
});
