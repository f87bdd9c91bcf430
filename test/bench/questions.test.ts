/** The questions of the benchmark: what can be told of them without a server. */
import { readFile } from 'node:fs/promises';
import { buildSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { COMPARISON } from '../../bench/questions/comparison.js';
import { QUESTIONS } from '../../bench/questions.js';

describe('questions of the benchmark', () => {
  it('have names of their own, by which one is asked for alone', () => {
    const names = QUESTIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['comparison', 'aggregate']));
  });

  it.each(QUESTIONS)('$name can be asked of this API', async ({ ours: { query } }) => {
    const schema = buildSchema(await readFile('schema/schema.graphql', 'utf8'));
    expect(validate(schema, parse(query))).toEqual([]);
  });
});

describe('a comparison from plain figures, as an asker of generated fields works it out', () => {
  const figure = (
    laCode: string,
    value: number | null,
    numerator: number | null,
    denominator: number | null,
  ) => ({
    laCode,
    value,
    numerator,
    denominator,
  });
  const answer = (polarity: string, all: unknown[]) => ({
    localAuthorityByCode: {
      code: '1',
      name: 'One',
      neighbours: ['2', '3', '4'].map((code) => ({ localAuthority: { code, name: `Name ${code}` } })),
      region: { figures: [{ value: 2.5 }] },
      before: [{ value: 3 }],
    },
    indicatorByRowId: { polarity, multiplier: 100 },
    england: [],
    all,
  });
  const shape = (given: unknown) => COMPARISON.postgraphile.shape(given, { startsOn: '2016-09-01' });
  const all = [
    figure('1', 4, 4, 100),
    figure('2', 1, 10, 1_000),
    figure('3', 4, 4, 100),
    figure('4', null, null, null),
    figure('5', 2, 2, 100),
    figure('6', 6, 6, 100),
  ];

  it('ranks, bands, averages and takes the difference, leaving out what is not known', () => {
    // Of 1, 2, 4, 4 and 6 the quartiles are 2, 4 and 4; of two neighbours 14 in 1,100.
    expect(shape(answer('LOW', all))).toEqual({
      code: '1',
      name: 'One',
      value: 4,
      rank: 2,
      of: 3,
      band: 'B',
      neighbours: [
        ['2', 'Name 2', 1],
        ['3', 'Name 3', 4],
        ['4', 'Name 4', null],
      ],
      neighbourAverage: 1_400 / 1_100,
      regionValue: 2.5,
      nationalValue: null,
      change: [3, 4, 1],
      startsOn: '2016-09-01',
    });
  });

  it('turns ranks and bands round where more is better', () => {
    expect(shape(answer('HIGH', all))).toMatchObject({ rank: 1, band: 'C' });
  });

  it('takes the plain mean where a count is not published', () => {
    const without = all.map((one) => ({ ...one, numerator: null }));
    expect(shape(answer('LOW', without))).toMatchObject({ neighbourAverage: 2.5 });
  });
});
