/** Funnel limits with overdispersion in plain arithmetic: what outliers must answer, from counts and bases alone. */

export type Kind = 'EVENTS' | 'PEOPLE';
export interface Count {
  key: string;
  /** Years back from the one that is judged: 0, -1, … */
  n: number;
  /** Null where it is withheld. */
  count: number | null;
  base: number | null;
}
export interface Point {
  key: string;
  isPooled: boolean;
  count: number;
  base: number;
  expected: number;
  z: number;
  limits: { lower95: number; upper95: number; lower998: number; upper998: number };
  side: number;
  years: number | null;
}
export interface Funnel {
  target: number;
  phi: number;
  tauSquared: number;
  points: Map<string, Point>;
  belowMinimum: number;
}

const LEAST = 5;
const Z95 = 1.959963984540054;
const Z998 = 3.090232306167813;

/** Between the values on either side, as R does without being told otherwise. */
function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (at - Math.floor(at)) * (above - below);
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

/** One year by itself. `canPool`: whether small places may be put together with the two years before. */
export function funnel(kind: Kind, per: number, counts: Count[], year: number, canPool: boolean): Funnel {
  const known = counts.filter(
    (one): one is Count & { count: number; base: number } =>
      one.count !== null && one.base !== null && one.base > 0,
  );
  const rates = new Map<number, number>();
  for (const n of new Set(known.map((one) => one.n))) {
    const there = known.filter((one) => one.n === n);
    rates.set(n, sum(there.map(({ count }) => count)) / sum(there.map(({ base }) => base)));
  }
  const byKey = new Map<string, typeof known>();
  for (const one of known) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  const isEnough = (expected: number, base: number) =>
    expected >= LEAST && (kind === 'EVENTS' || base - expected >= LEAST);
  let belowMinimum = 0;
  const scored: (Omit<Point, 'z' | 'limits' | 'side' | 'years'> & { deviation: number; variance: number })[] =
    [];
  for (const [key, rows] of byKey) {
    const own = rows.filter(({ n }) => n === year);
    if (own.length === 0) continue;
    const put = (together: typeof rows) => ({
      count: sum(together.map(({ count }) => count)),
      base: sum(together.map(({ base }) => base)),
      expected: sum(together.map(({ n, base }) => rates.get(n)! * base)),
    });
    let used = put(own);
    let isPooled = false;
    const three = rows.filter(({ n }) => n <= year && n > year - 3);
    if (!isEnough(used.expected, used.base) && canPool && three.length === 3) {
      isPooled = true;
      used = put(three);
    }
    if (!isEnough(used.expected, used.base)) {
      belowMinimum += 1;
      continue;
    }
    const { count, base, expected } = used;
    const deviation =
      kind === 'EVENTS'
        ? Math.sqrt(count / expected) - 1
        : Math.asin(Math.sqrt(count / base)) - Math.asin(Math.sqrt(expected / base));
    scored.push({
      key,
      isPooled,
      ...used,
      deviation,
      variance: kind === 'EVENTS' ? 1 / (4 * expected) : 1 / (4 * base),
    });
  }
  const z = scored.map(({ deviation, variance }) => deviation / Math.sqrt(variance));
  const [low, high] = [quantile(z, 0.1), quantile(z, 0.9)];
  const phi = sum(z.map((one) => Math.min(Math.max(one, low), high) ** 2)) / z.length;
  const weights = scored.map(({ variance }) => 1 / variance);
  const k = z.length;
  const between = (k * phi - (k - 1)) / (sum(weights) - sum(weights.map((one) => one ** 2)) / sum(weights));
  const tauSquared = k > 1 && k * phi > k - 1 ? Math.max(0, between) : 0;
  const points = new Map<string, Point>();
  for (const { key, isPooled, count, base, expected, deviation, variance } of scored) {
    const error = Math.sqrt(variance + tauSquared);
    const limit = (deviate: number) => {
      if (kind === 'EVENTS') return ((per * expected) / base) * Math.max(0, 1 + deviate * error) ** 2;
      const angle = Math.asin(Math.sqrt(expected / base)) + deviate * error;
      return per * Math.sin(Math.min(Math.max(angle, 0), Math.PI / 2)) ** 2;
    };
    const adjusted = deviation / error;
    const beyond = Math.abs(adjusted) > Z998 ? 2 : Math.abs(adjusted) > Z95 ? 1 : 0;
    points.set(key, {
      key,
      isPooled,
      count,
      base,
      expected,
      z: adjusted,
      limits: { lower95: limit(-Z95), upper95: limit(Z95), lower998: limit(-Z998), upper998: limit(Z998) },
      side: Math.sign(adjusted) * beyond,
      years: null,
    });
  }
  return { target: per * rates.get(year)!, phi, tauSquared, points, belowMinimum };
}

/** The year that is judged, and how many years each place has been outside. `canPool` by years back: 0 is the first. */
export function withYears(kind: Kind, per: number, counts: Count[], canPool: boolean[]): Funnel {
  const judged = canPool.map((each, at) => funnel(kind, per, counts, -at, each));
  for (const [key, point] of judged[0]!.points) {
    if (point.isPooled) continue;
    const ended = judged.findIndex(({ points }) => {
      const then = points.get(key);
      return !then || then.isPooled || then.side * point.side <= 0;
    });
    point.years = ended === -1 ? judged.length : ended;
  }
  return judged[0]!;
}
