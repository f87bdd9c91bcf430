/**
 * The statistics that SQL works out are those of their methods: held against exact values that are worked out here by
 * other means, and against worked examples of the literature. docs/methods/chance.md
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Counted } from '../jobs/declaration.js';
import { raw, type Sql, sql } from '../schema/select/sql.js';
import { averageOf } from '../schema/statistics/average.js';
import { type Interval, ofEvents, ofPeople, ofRate } from '../schema/statistics/interval.js';
import { bandOf, quartilesOf } from '../schema/statistics/quartile-band.js';
import {
  isBeyondChance,
  type Rate,
  ratio,
  ratioInterval,
  zOfDifference,
} from '../schema/statistics/two-rates.js';
import { loadedDatabase } from './database.js';
import { openTables, type Tables } from './graph/tables.js';

let tables: Tables;
beforeAll(async () => {
  tables = await openTables(loadedDatabase('sample'));
});
afterAll(() => tables.close());

/** What a piece of SQL comes to, one row of it. */
const of = async (what: Record<string, Sql>, from = raw('')) => {
  const columns = Object.entries(what).map(([name, piece]) => sql`${piece} AS ${raw(name)}`);
  const listed = columns.slice(1).reduce((left, right) => sql`${left}, ${right}`, columns[0]!);
  const { text, values } = sql`SELECT ${listed} ${from}`.statement;
  return (await tables.rows(text, values))[0];
};
const number = (value: number | null) => sql`${value}::float8`;
const limits = async ({ lower, upper }: Interval): Promise<{ lower: number; upper: number }> =>
  of({ lower, upper });

/** P(X ≤ count) of a Poisson distribution. */
function poissonUpTo(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let at = 1; at <= count; at += 1) {
    term *= mean / at;
    sum += term;
  }
  return sum;
}

/** Where a falling function comes down to a value. */
function solved(falling: (at: number) => number, value: number, most: number): number {
  let [low, high] = [0, most];
  for (let step = 0; step < 200; step += 1) {
    const middle = (low + high) / 2;
    if (falling(middle) > value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The means of which a count is as unlikely as 2.5 per cent, on either side: exact limits. */
const exact = (count: number) => ({
  lower: count === 0 ? 0 : solved((mean) => poissonUpTo(count - 1, mean), 0.975, count + 10),
  upper: solved((mean) => poissonUpTo(count, mean), 0.025, 3 * count + 20),
});

describe('of counts of events', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])('%i: the limits are the exact ones of Poisson', async (count) => {
    const found = await limits(ofEvents(number(count)));
    expect(found.lower).toBeCloseTo(exact(count).lower, 5);
    expect(found.upper).toBeCloseTo(exact(count).upper, 5);
  });

  it.each([
    10, 11, 15, 20, 37, 50, 100, 250, 500,
  ])('%i: Byar’s limits lie within two in a thousand of the exact ones', async (count) => {
    const found = await limits(ofEvents(number(count)));
    expect(Math.abs(found.lower / exact(count).lower - 1)).toBeLessThan(0.002);
    expect(Math.abs(found.upper / exact(count).upper - 1)).toBeLessThan(0.002);
  });

  it('an estimate between two counts has limits between theirs, and what is unknown or below zero none', async () => {
    const between = await limits(ofEvents(number(20.5)));
    const [below, above] = [await limits(ofEvents(number(20))), await limits(ofEvents(number(21)))];
    expect(between.lower).toBeGreaterThan(below.lower);
    expect(between.upper).toBeLessThan(above.upper);
    for (const none of [null, -1]) {
      expect(await limits(ofEvents(number(none)))).toEqual({ lower: null, upper: null });
    }
  });

  it('a rate has the limits of its count, over its base, in its own unit', async () => {
    const found = await limits(ofRate({ counts: 'EVENTS', per: 100 }, number(50), number(1_000))!);
    expect(found.lower).toBeCloseTo(exact(50).lower / 10, 2);
    expect(found.upper).toBeCloseTo(exact(50).upper / 10, 2);
    expect(ofRate({ counts: 'OTHER', per: 100 }, number(50), number(1_000))).toBeNull();
    expect(await limits(ofRate({ counts: 'EVENTS', per: 100 }, number(5), number(0))!)).toEqual({
      lower: null,
      upper: null,
    });
  });
});

describe('of people', () => {
  // R. G. Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('%i of %i: Wilson’s score interval is that of Newcombe’s table', async (count, base, lower, upper) => {
    const found = await limits(ofPeople(number(count), number(base)));
    expect(found.lower).toBeCloseTo(lower, 4);
    expect(found.upper).toBeCloseTo(upper, 4);
  });

  it('its limits are the shares that the score test would just not reject', async () => {
    for (const [count, base] of [
      [3, 40],
      [120, 1_300],
      [39, 40],
    ] as const) {
      const found = await limits(ofPeople(number(count), number(base)));
      for (const share of [found.lower, found.upper]) {
        const z = (count / base - share) / Math.sqrt((share * (1 - share)) / base);
        expect(Math.abs(z)).toBeCloseTo(1.959964, 5);
      }
    }
  });

  it('never leaves 0 to 1, and is null where more are counted than there are', async () => {
    expect((await limits(ofPeople(number(0), number(7)))).lower).toBeCloseTo(0, 12);
    expect((await limits(ofPeople(number(7), number(7)))).upper).toBeCloseTo(1, 12);
    expect(await limits(ofPeople(number(8), number(7)))).toEqual({ lower: null, upper: null });
    expect(await limits(ofPeople(number(0), number(0)))).toEqual({ lower: null, upper: null });
  });
});

describe('of two rates', () => {
  const rate = (count: number | null, base: number | null): Rate => ({
    count: number(count),
    base: number(base),
  });
  const compared = async (counts: Counted, one: Rate, other: Rate) => {
    const { lower, upper } = ratioInterval(counts, one, other)!;
    return of({
      ratio: ratio(one, other),
      lower,
      upper,
      z: zOfDifference(counts, one, other)!,
      beyond: isBeyondChance(counts, one, other),
    });
  };

  it('of events: breast cancer after fluoroscopy, 41 in 28,010 and 15 in 19,017 person-years (Rothman, Greenland and Lash, chapter 14)', async () => {
    const found = await compared('EVENTS', rate(41, 28_010), rate(15, 19_017));
    expect(found.ratio).toBeCloseTo(1.86, 2);
    expect(found.lower).toBeCloseTo(1.03, 2);
    expect(found.upper).toBeCloseTo(3.35, 2);
    // The score statistic: cases above what the share of person-time would have, over its standard error.
    const share = 28_010 / (28_010 + 19_017);
    expect(found.z).toBeCloseTo((41 - 56 * share) / Math.sqrt(56 * share * (1 - share)), 6);
    expect(found.beyond).toBe(true);
  });

  it('of people: heart attacks, 189 of 11,034 with placebo and 104 of 11,037 with aspirin (Physicians’ Health Study)', async () => {
    const found = await compared('PEOPLE', rate(189, 11_034), rate(104, 11_037));
    expect(found.ratio).toBeCloseTo(1.82, 2);
    expect(found.lower).toBeCloseTo(1.43, 2);
    expect(found.upper).toBeCloseTo(2.306, 2);
    // The square of the statistic is Pearson's chi-square of the table, without correction: 25.01.
    const table = [
      [189, 11_034 - 189],
      [104, 11_037 - 104],
    ] as const;
    const total = 11_034 + 11_037;
    const chiSquare = table
      .flatMap((row, at) =>
        row.map((cell, column) => {
          const whole = at === 0 ? 11_034 : 11_037;
          const expected = (whole * (table[0][column]! + table[1][column]!)) / total;
          return (cell - expected) ** 2 / expected;
        }),
      )
      .reduce((sum, one) => sum + one, 0);
    expect(chiSquare).toBeCloseTo(25.01, 2);
    expect(found.z ** 2).toBeCloseTo(chiSquare, 6);
    expect(found.beyond).toBe(true);
  });

  it('turned round, the difference changes its sign and the ratio is its inverse', async () => {
    const one = await compared('EVENTS', rate(30, 900), rate(20, 1_000));
    const other = await compared('EVENTS', rate(20, 1_000), rate(30, 900));
    expect(one.z).toBeCloseTo(-other.z, 12);
    expect(one.ratio).toBeCloseTo(1 / other.ratio, 12);
    expect(one.lower).toBeCloseTo(1 / other.upper, 12);
    expect(one.beyond).toBe(other.beyond);
  });

  it('a difference of 1.95 standard errors is not beyond chance, and one of 1.98 is', async () => {
    const base = 100_000;
    const z = (count: number) => (count - 400) / Math.sqrt(count + 400);
    const [just, beyond] = [457, 458];
    expect([z(just) < 1.96, z(beyond) > 1.96]).toEqual([true, true]);
    expect((await compared('EVENTS', rate(just, base), rate(400, base))).beyond).toBe(false);
    expect((await compared('EVENTS', rate(beyond, base), rate(400, base))).beyond).toBe(true);
  });

  it('is null where a count is zero, where nothing is known, and where no model is fair', async () => {
    expect(await compared('EVENTS', rate(0, 100), rate(5, 100))).toMatchObject({ lower: null, upper: null });
    expect(await compared('EVENTS', rate(0, 100), rate(0, 100))).toMatchObject({ z: null, beyond: null });
    expect(await compared('PEOPLE', rate(null, 100), rate(5, 100))).toMatchObject({ z: null, beyond: null });
    expect(await compared('PEOPLE', rate(5, 0), rate(5, 100))).toMatchObject({ ratio: null, z: null });
    expect([
      ratioInterval('OTHER', rate(1, 2), rate(1, 2)),
      zOfDifference('OTHER', rate(1, 2), rate(1, 2)),
    ]).toEqual([null, null]);
    expect((await of({ beyond: isBeyondChance('OTHER', rate(1, 2), rate(1, 2)) })).beyond).toBeNull();
  });
});

describe('of many values', () => {
  it('quartiles are those of type 7: 3.25, 5.5 and 7.75 of one to ten, as R documents them', async () => {
    const { quartiles } = await of(
      { quartiles: quartilesOf(raw('v::float8')) },
      raw('FROM generate_series(1, 10) v'),
    );
    expect(quartiles).toEqual([3.25, 5.5, 7.75]);
  });

  it('a limit belongs to the band of the lower values, whichever way is good', async () => {
    const quartiles = raw("'{25,50,75}'::float8[]");
    for (const [polarity, bands] of [
      ['LOW', 'AABBCCD'],
      ['HIGH', 'DDCCBBA'],
    ] as const) {
      const found: string[] = [];
      for (const value of [0, 25, 26, 50, 51, 75, 76]) {
        found.push((await of({ band: bandOf(number(value), quartiles, polarity) })).band);
      }
      expect(found.join('')).toBe(bands);
    }
    expect((await of({ band: bandOf(number(null), quartiles, 'LOW') })).band).toBeNull();
  });

  const averaged = (rows: string, multiplier: number | null) => {
    const { average, method, used } = averageOf({
      value: raw('value'),
      numerator: raw('numerator'),
      denominator: raw('denominator'),
      multiplier,
      inOrder: raw('value'),
    });
    return of({ average, method, used }, raw(`FROM (VALUES ${rows}) v (value, numerator, denominator)`));
  };

  it('the average of rates is the ratio of sums where all counts are known, and else the plain mean', async () => {
    const [small, large] = ['(10::float8, 10::float8, 100::float8)', '(20, 200, 1000)'];
    expect(await averaged(`${small}, ${large}`, 100)).toEqual({
      average: (100 * 210) / 1_100,
      method: 'RATIO_OF_SUMS',
      used: 2,
    });
    expect(await averaged(`${small}, (20, NULL, 1000)`, 100)).toEqual({
      average: 15,
      method: 'PLAIN_MEAN',
      used: 2,
    });
    expect(await averaged(`${small}, ${large}`, null)).toEqual({
      average: 15,
      method: 'PLAIN_MEAN',
      used: 2,
    });
  });

  it('what has no value does not go in, and is no zero', async () => {
    expect(await averaged('(10::float8, 10::float8, 100::float8), (NULL, NULL, 500)', 100)).toEqual({
      average: 10,
      method: 'RATIO_OF_SUMS',
      used: 1,
    });
    expect(await averaged('(NULL::float8, NULL::float8, NULL::float8)', 100)).toEqual({
      average: null,
      method: null,
      used: 0,
    });
  });
});
