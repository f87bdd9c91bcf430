/** What a disparity of two cells must say, in plain arithmetic. */
import { ofEvents, ofPeople } from './chance.js';

const Z = 1.959963984540054;

/** A cell: a number or what its symbol allows. */
export interface Cell {
  count: number | null;
  base: number | null;
  lower: number | null;
  upper: number | null;
}
export interface Limits {
  lower: number | null;
  upper: number | null;
}

const isSome = (kind: 'EVENTS' | 'PEOPLE', { count, base }: Cell) =>
  count !== null && count > 0 && (kind === 'EVENTS' || count < base!);

function logRatio(kind: 'EVENTS' | 'PEOPLE', group: Cell, reference: Cell) {
  if (!isSome(kind, group) || !isSome(kind, reference)) return null;
  const ratio = group.count! / group.base! / (reference.count! / reference.base!);
  const less = kind === 'PEOPLE' ? 1 / group.base! + 1 / reference.base! : 0;
  return { log: Math.log(ratio), variance: 1 / group.count! + 1 / reference.count! - less };
}
const around = (log: number, variance: number): Limits => ({
  lower: Math.exp(log - Z * Math.sqrt(variance)),
  upper: Math.exp(log + Z * Math.sqrt(variance)),
});

/** Everything that a disparity of two cells must say. */
export function byHand(
  kind: 'EVENTS' | 'PEOPLE',
  per: number,
  group: Cell,
  reference: Cell,
  england: [Cell, Cell] | null,
) {
  const [b1, b2] = [group.base!, reference.base!];
  const isKnown = group.count !== null && reference.count !== null;
  const over = (one: number, other: number) => (other === 0 ? null : one / other);
  const both = <T>(of: (one: number, other: number) => T) =>
    isKnown ? of(group.count!, reference.count!) : null;
  const bounds = (of: (one: number, other: number) => number | null): Limits | null => {
    if (isKnown || group.lower === null || reference.lower === null) return null;
    return { lower: of(group.lower, reference.upper!), upper: of(group.upper!, reference.lower) };
  };
  const ratio = (one: number, other: number) => over(one / b1, other / b2);
  const difference = (one: number, other: number) => per * (one / b1 - other / b2);
  const excess = (one: number, other: number) => one - (b1 * other) / b2;
  const log = logRatio(kind, group, reference);
  const there = england && logRatio(kind, ...england);
  const interval =
    kind === 'EVENTS'
      ? (count: number, base: number) => ofEvents(count).map((limit) => limit / base)
      : ofPeople;
  return {
    ratio: both(ratio),
    ratioInterval: log && around(log.log, log.variance),
    ratioBounds: bounds(ratio),
    difference: both(difference),
    differenceInterval: both((one, other) => {
      const [l1, u1] = interval(one, b1) as [number, number];
      const [l2, u2] = interval(other, b2) as [number, number];
      const [r1, r2] = [one / b1, other / b2];
      return {
        lower: per * (r1 - r2 - Math.hypot(r1 - l1, u2 - r2)),
        upper: per * (r1 - r2 + Math.hypot(u1 - r1, r2 - l2)),
      };
    }),
    differenceBounds: bounds(difference),
    excess: both(excess),
    excessBounds: bounds(excess),
    isBeyondChance: both((one, other) => {
      const pooled = (one + other) / (b1 + b2);
      const spread = kind === 'EVENTS' ? pooled : pooled * (1 - pooled);
      const error = Math.sqrt(spread * (1 / b1 + 1 / b2));
      return error === 0 ? null : Math.abs(one / b1 - other / b2) / error > Z;
    }),
    timesEngland: log && there && Math.exp(log.log - there.log),
    timesEnglandInterval: log && there && around(log.log - there.log, log.variance + there.variance),
    differsFromEngland:
      log && there && Math.abs(log.log - there.log) > Z * Math.sqrt(log.variance + there.variance),
  };
}
