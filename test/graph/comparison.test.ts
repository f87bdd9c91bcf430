/** A comparison holds what plain SQL says of ranks, bands, averages and changes, and tells what it left out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
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

const WHOLE = `{ against edition period { code } periodAgeYears value observation { value status } rank of nationalRank nationalOf band quartiles
  neighbours { localAuthority { code } value rank closenessRank closeness observation { value } }
  neighbourAverage averageMethod neighboursAveraged neighboursLeftOut regionValue nationalValue
  change { fromPeriod { code } from to difference direction isBeyondChance note } notes }`;

/** 1 is the best, ties share the smaller rank. */
const rankOf = (value: number, among: number[], lowIsGood: boolean) =>
  1 + among.filter((other) => (lowIsGood ? other < value : other > value)).length;

/** Type 7 of Hyndman and Fan: linear interpolation between the order statistics. */
function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = (sorted.length - 1) * share;
  const below = Math.floor(at);
  return sorted[below]! + (at - below) * ((sorted[below + 1] ?? sorted[below]!) - sorted[below]!);
}

/** As the local authority interactive tool: a limit belongs to the band of the lower values. */
function bandOf(value: number, quartiles: number[], lowIsGood: boolean): string {
  const at = quartiles.filter((limit) => value > limit).length;
  return (lowIsGood ? 'ABCD' : 'DCBA')[at]!;
}

const known = (values: (number | null | undefined)[]): number[] =>
  values.filter((value): value is number => typeof value === 'number');

function grouped<T>(rows: T[], by: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(by(row), [...(groups.get(by(row)) ?? []), row]);
  return groups;
}

// biome-ignore lint/suspicious/noExplicitAny: the answer of a question
type Compared = any;

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
            .rows("SELECT code FROM local_authority WHERE closed_on IS NOT NULL AND code <> '891'")
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
    expect(own.notes.join(' ')).toContain('Its own value in the period is withheld or not published');
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
    ['indicator: "suspension-rate", against: REGION, edition: "2022"', 'REGION has no editions'],
    ['indicator: "suspension-rate", against: CUSTOM, codes: ["999"]', 'there is no local authority "999"'],
    ['indicator: "suspension-rate", against: CUSTOM, codes: ["891"]', 'the local authority itself'],
    ['indicator: "suspension-rate", against: CUSTOM', 'CUSTOM needs the codes'],
    ['indicator: "school-absence-rate"', 'Levels that it has: '],
  ])('%s is refused, and what there is instead is named', async (args, told) => {
    expect((await refusal(args))?.message).toContain(told);
  });
});

describe.skipIf(!hasRealFiles())('of the published files', () => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
    tables = await openTables(loadedDatabase('real'));
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

  /** LAIT's own file: a measure of a year for every local authority, with no help of the graph. */
  const lait = (measure: string, year: string) =>
    tables.rows(
      `SELECT p.code, s.values[sp.position]::float8 AS value FROM series s JOIN place p ON p.id = s.place_id AND p.level = 'LOCAL_AUTHORITY'
       JOIN series_measure m ON m.number = s.measure JOIN indicator i ON i.series_measure = m.number AND i.id = $1
       JOIN series_period sp ON sp.measure = s.measure AND sp.to_release IS NULL AND sp.code = $2
       WHERE s.to_release IS NULL`,
      [measure, year],
    );

  it.each([
    'lait-avg-attain8-score',
    'lait-pripermex',
  ])('%s: ranks and bands of all 152 are those of the definitions, the average is the plain mean', async (id) => {
    const { data } = await graph.ask(`{ indicator(id: "${id}") { polarity } }`);
    const lowIsGood = data.indicator.polarity === 'LOW';
    const { period } = await compare('891', `indicator: "${id}"`, '{ period { code } }');
    const rows = await lait(id, period.code);
    const all = known(rows.map(({ value }) => value));
    const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(all, share));
    const answer = await graph.ask(
      `{ localAuthorities(first: 100) { nodes { code comparison(indicator: "${id}", period: "${period.code}") { value nationalRank nationalOf band averageMethod neighbourAverage neighbours { value } } } } }`,
    );
    const bands = new Map<string, number>();
    for (const { code, comparison } of answer.data.localAuthorities.nodes) {
      const value = rows.find((row) => row.code === code)?.value ?? null;
      expect(comparison.value).toBe(value);
      expect(comparison.nationalOf).toBe(all.length);
      expect(comparison.nationalRank).toBe(value === null ? null : rankOf(value, all, lowIsGood));
      expect(comparison.band, `${code}: ${value} in ${quartiles}`).toBe(
        value === null ? null : bandOf(value, quartiles, lowIsGood),
      );
      bands.set(comparison.band, (bands.get(comparison.band) ?? 0) + 1);
      const values = known(comparison.neighbours.map((one: Compared) => one.value));
      expect(comparison.averageMethod).toBe(values.length > 0 ? 'PLAIN_MEAN' : null);
      if (values.length > 0)
        expect(comparison.neighbourAverage).toBeCloseTo(
          values.reduce((sum, one) => sum + one, 0) / values.length,
          9,
        );
    }
    expect([...bands.keys()].filter(Boolean).sort()).toEqual(['A', 'B', 'C', 'D']);
  });

  it('no bands where the publisher’s dictionary says that the values lie too close together', async () => {
    const [{ id }] = await tables.rows(
      "SELECT id FROM indicator WHERE NOT has_quartile_bands AND polarity = 'HIGH' AND series_measure IS NOT NULL ORDER BY id LIMIT 1",
    );
    const compared = await compare('891', `indicator: "${id}"`);
    expect(compared.band).toBeNull();
    expect(compared.notes).toContain('No bands: the publisher says that the values lie too close together.');
    expect(compared.nationalRank).not.toBeNull();
  });

  it('no change between years that are not consecutive, nor across a break of the series, and the note says which', async () => {
    const what = '{ change { from to } notes }';
    // From 2023 on each person is returned: 2023 is not comparable with 2022.
    const rate = 'indicator: "ehc-plans-within-20-weeks-rate"';
    const across = await compare('891', `${rate}, period: "2023"`, what);
    expect(across.change).toBeNull();
    expect(across.notes.join(' ')).toContain(
      'the series is not comparable. From 2023 local authorities return',
    );
    for (const period of ['2022', '2024']) {
      expect((await compare('891', `${rate}, period: "${period}"`, what)).change, period).not.toBeNull();
    }
    // This measure of LAIT has 2020/21 and 2022/23, and nothing between.
    const gap = 'lait-fsp-gooddev-chinese';
    const years = await tables.rows(
      `SELECT p.starts_on::text AS day FROM series_period sp JOIN period p ON p.id = sp.period_id
       JOIN indicator i ON i.series_measure = sp.measure AND i.id = $1 WHERE sp.to_release IS NULL`,
      [gap],
    );
    expect(years.map(({ day }) => day)).not.toContain('2021-09-01');
    const apart = await compare('891', `indicator: "${gap}", period: "2023"`, `{ value ${what.slice(1)}`);
    expect(apart).toMatchObject({ value: expect.any(Number), change: null });
    expect(apart.notes).toContain('No change since the period before: it has no figure for it.');
  });

  it('says why it does not tell whether a change is beyond chance, or where the test is rough', async () => {
    const what = '{ change { from to isBeyondChance note } }';
    expect((await compare('891', 'indicator: "lait-avg-attain8-score"', what)).change).toMatchObject({
      isBeyondChance: null,
      note: expect.stringContaining('It is no rate whose counts are published'),
    });
    const absence = 'indicator: "absence-rate", breakdown: "state-funded-secondary"';
    expect((await compare('891', absence, what)).change).toMatchObject({
      isBeyondChance: null,
      note: expect.stringContaining('no simple model of chance'),
    });
    // Rutland: a handful of permanent exclusions a year.
    expect((await compare('857', 'indicator: "permanent-exclusion-rate"', what)).change).toMatchObject({
      isBeyondChance: false,
      note: 'A count is below 10: the test is rough.',
    });
  });

  it('names the parts where only parts of the whole are published', async () => {
    const compared = await compare('891', 'indicator: "absence-rate"', '{ period { code } value notes }');
    expect(compared).toMatchObject({ period: null, value: null });
    expect(compared.notes[0]).toContain('There are parts, by breakdown: special');
  });

  it('a period that is asked for carries its age', async () => {
    const compared = await compare('891', 'indicator: "suspension-rate", period: "2013/14"');
    expect(compared.periodAgeYears).toBe(3);
    expect(compared.notes).toContain('2013/14 is 3 years older than the newest period of the indicator.');
  });

  it('says who of those compared was abolished where that makes the period old', async () => {
    // Lancashire borders Cumbria, whose last year is 2022.
    const timely = 'indicator: "ehc-plans-within-20-weeks-rate", against: GEOGRAPHIC';
    const compared = await compare('888', timely, '{ period { code } periodAgeYears notes }');
    expect(compared).toMatchObject({ period: { code: '2022' }, periodAgeYears: 2 });
    expect(compared.notes).toContain(
      '2022 is 2 years older than the newest period of the indicator. Of those compared, Cumbria was abolished on 2023-03-31.',
    );
    const later = await compare(
      '888',
      `${timely}, period: "2024"`,
      '{ periodAgeYears neighboursLeftOut notes }',
    );
    expect(later).toMatchObject({ periodAgeYears: 0, neighboursLeftOut: 1 });
    expect(later.notes.join(' ')).toContain(
      'Left out, because their values in the period are withheld or not published: Cumbria.',
    );
  });

  it('the edition can be chosen, and Nottinghamshire’s comparison is what the page of methods shows', async () => {
    const compared = await compare('891', 'indicator: "suspension-rate", edition: "2025-05"');
    expect(compared).toMatchObject({
      value: 5.5,
      rank: 10,
      of: 11,
      nationalRank: 114,
      nationalOf: 152,
      band: 'C',
      neighbourAverage: expect.closeTo(4.442, 3),
      regionValue: 4.61,
      nationalValue: 4.76,
      change: { from: 5.36, to: 5.5, direction: 'WORSE', isBeyondChance: false },
    });
  });
});
