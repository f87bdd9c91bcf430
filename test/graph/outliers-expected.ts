/** An answer of outliers, held against what arithmetic gives. */
import { expect } from 'vitest';
import type { Funnel } from './funnel-by-hand.js';

export interface Answer {
  period: { code: string };
  target: number;
  phi: number;
  tauSquared: number;
  places: number;
  judged: number;
  pooled: number;
  belowMinimum: number;
  withheld: number;
  withoutFigure: number;
  high: number;
  low: number;
  poolingNote: string | null;
  note: string | null;
  entries: ({
    place: { code?: string; urn?: number; uid?: string };
    flag: string;
    outside: number | null;
    yearsInARow: number | null;
    pooledPeriods: string[];
  } & Record<
    | 'value'
    | 'numerator'
    | 'denominator'
    | 'expected'
    | 'z'
    | 'lower95'
    | 'upper95'
    | 'lower998'
    | 'upper998',
    number
  >)[];
}

export function expectNear(found: number, expected: number, what: string): void {
  const off = Math.abs(found - expected) / Math.max(1, Math.abs(expected));
  expect(off, `${what}: ${found}, not ${expected}`).toBeLessThan(1e-6);
}

export function expectByHand(
  answer: Answer,
  { target, phi, tauSquared, points, belowMinimum }: Funnel,
  per: number,
): void {
  expectNear(answer.target, target, 'target');
  expectNear(answer.phi, phi, 'phi');
  expectNear(answer.tauSquared, tauSquared, 'tauSquared');
  expect(answer.belowMinimum).toBe(belowMinimum);
  expect(answer.judged).toBe(points.size);
  expect(answer.pooled).toBe([...points.values()].filter(({ isPooled }) => isPooled).length);
  expect(answer.entries).toHaveLength(points.size);
  expect(answer.high).toBe([...points.values()].filter(({ side }) => side > 0).length);
  expect(answer.low).toBe([...points.values()].filter(({ side }) => side < 0).length);
  for (const entry of answer.entries) {
    const { code, urn, uid } = entry.place;
    const key = code ?? uid ?? String(urn);
    const point = points.get(key)!;
    expect(point, key).toBeDefined();
    expectNear(entry.numerator, point.count, `${key}: numerator`);
    expectNear(entry.denominator, point.base, `${key}: denominator`);
    expectNear(entry.value, (per * point.count) / point.base, `${key}: value`);
    expectNear(entry.expected, point.expected, `${key}: expected`);
    expectNear(entry.z, point.z, `${key}: z`);
    for (const limit of ['lower95', 'upper95', 'lower998', 'upper998'] as const) {
      expectNear(entry[limit], point.limits[limit], `${key}: ${limit}`);
    }
    expect(entry.flag, key).toBe(point.side > 0 ? 'HIGH' : point.side < 0 ? 'LOW' : 'NONE');
    expect(entry.outside, key).toBe([null, 95, 99.8][Math.abs(point.side)]);
    expect(entry.pooledPeriods.length, key).toBe(point.isPooled ? 3 : 0);
    expect(entry.yearsInARow, key).toBe(point.years);
  }
}

/** A place is outside on the side that it is flagged for, and on no other. */
export function expectOneSide({ entries }: Answer): void {
  for (const { value, flag, lower95, upper95, z } of entries) {
    const [isAbove, isBelow] = [value > upper95 * (1 + 1e-9), value < lower95 * (1 - 1e-9)];
    expect(isAbove && isBelow).toBe(false);
    if (isAbove) expect(flag).toBe('HIGH');
    if (isBelow) expect(flag).toBe('LOW');
    if (flag === 'NONE') expect(Math.abs(z)).toBeLessThanOrEqual(1.96);
  }
  const sizes = entries.map(({ z }) => Math.abs(z));
  expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
}
