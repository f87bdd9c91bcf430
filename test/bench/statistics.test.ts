/** The arithmetic of the benchmark's summary: what is kept and quoted rests on it. */
import { describe, expect, it } from 'vitest';
import { difference } from '../../bench/answers.js';
import type { Measured } from '../../bench/load-generator.js';
import { type Finding, summarise } from '../../bench/report.js';
import { geometricMean, median, ratioOf } from '../../bench/statistics.js';

const rounds = (...perSecond: number[]): Measured[] =>
  perSecond.map((each) => ({ perSecond: each, answers: each, p50: 1, p99: 2 }));

const finding = (question: string, measured: Finding['rounds']): Finding => ({
  question,
  title: question,
  concurrency: 1,
  rounds: measured,
});

describe('summary of the benchmark', () => {
  it('takes the middle of an odd number of rounds, and between the middle two of an even one', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([9, 1, 5, 6])).toBe(5.5);
    expect(() => median([])).toThrow();
  });

  it('means ratios geometrically, so that twice and half are the same as equal', () => {
    expect(geometricMean([2, 0.5])).toBeCloseTo(1, 12);
    expect(geometricMean([1, 10, 100])).toBeCloseTo(10, 10);
  });

  it('takes ratios within a round, as what else the machine did befell both', () => {
    // In the second round everything was ten times slower; the medians by themselves would say 3.
    expect(ratioOf([100, 20, 300], [50, 10, 100])).toEqual({ median: 2, least: 2, greatest: 3 });
  });

  it('tells the worst question, and how far the floor is', () => {
    const summary = summarise([
      finding('fast', {
        uncached: rounds(400, 400, 400),
        postgraphile: rounds(100, 100, 100),
        floor: rounds(800, 800, 800),
      }),
      finding('slow', {
        uncached: rounds(90, 100, 110),
        postgraphile: rounds(100, 100, 100),
        floor: rounds(180, 200, 220),
      }),
    ]);
    expect(summary).toEqual({
      uncachedVsPostgraphileGeoMean: 2,
      worstVsPostgraphile: 1,
      worstQuestion: 'slow x 1',
      vsFloorGeoMean: 2,
      cachedVsPostgraphileGeoMean: null,
      uncachedVsFunctionsGeoMean: 2,
    });
  });
});

describe('equality of answers', () => {
  const answer = {
    name: 'A',
    figures: [
      [1, null],
      ['201617', 0.1 + 0.2],
    ],
  };

  it('allows for the last digits of a number and for nothing else', () => {
    expect(
      difference(answer, {
        name: 'A',
        figures: [
          [1, null],
          ['201617', 0.3],
        ],
      }),
    ).toBeNull();
    expect(
      difference(answer, {
        ...answer,
        figures: [
          [1, 0],
          ['201617', 0.3],
        ],
      }),
    ).toBe('answer.figures.0.1: null and 0');
    expect(difference(answer, { ...answer, figures: [[1, null]] })).toBe('answer.figures: 2 entries and 1');
    expect(difference(answer, { ...answer, name: undefined })).toBe('answer.name: "A" and undefined');
    expect(difference([1, 2], [2, 1])).toBe('answer.0: 1 and 2');
    expect(difference(1, 1.000001)).toBe('answer: 1 and 1.000001');
    expect(difference({}, [])).toBe('answer: a list and none');
  });
});
