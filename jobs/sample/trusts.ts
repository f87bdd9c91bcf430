// Shares the sample's sites out to made-up trusts: many with one school, a few with up to forty across several authorities.
// Rule: a site goes to at most one trust, and no trust of the plan is left without a school.
import { AREAS } from './local-authorities.js';
import { Random } from './random.js';
import { kindOf } from './school-kinds.js';
import { trustNames } from './school-names.js';
import type { Site } from './sites.js';

export interface TrustPlan {
  kind: 'MAT' | 'SAT';
  name: string;
  sites: Site[];
  /** Whether the same people also stand in the register as a sponsor. */
  sponsor: boolean;
  /** How much more (or less) its schools suspend once they have joined. */
  strictness: number;
}

const LARGEST = 40;
const SINGLE_SHARE = 0.54;
/** Share of all sites that trusts hold. */
const ACADEMY_SHARE = 0.44;

/** Sizes from large to small that add up to about `total`: the n-th is about the first over n. */
export function trustSizes(trusts: number, total: number): number[] {
  const sizes = (first: number): number[] =>
    Array.from({ length: trusts }, (_, i) =>
      Math.min(LARGEST, Math.max(2, Math.round(first / (i + 1) ** 0.9))),
    );
  let low = 2;
  let high = 4000;
  for (let step = 0; step < 30; step += 1) {
    const middle = (low + high) / 2;
    if (sizes(middle).reduce((a, b) => a + b, 0) > total) high = middle;
    else low = middle;
  }
  return sizes(low);
}

export function planTrusts(seed: number, sites: readonly Site[], wanted: number): TrustPlan[] {
  const random = new Random(seed, 'trusts');
  const names = trustNames(random);
  const pool = new Map<string, Site[]>();
  for (const site of sites) {
    if (site.area === '201' || !random.chance(kindOf(site.kind).academyShare / 100)) continue;
    pool.set(site.area, [...(pool.get(site.area) ?? []), site]);
  }
  const budget = Math.round(sites.length * ACADEMY_SHARE);
  const singles = Math.min(Math.round(wanted * SINGLE_SHARE), Math.floor(budget / 3));
  const sizes = trustSizes(Math.min(wanted - singles, Math.floor((budget - singles) / 2)), budget - singles);

  const plans = sizes.map((size, i): TrustPlan => {
    const home = random.pick(AREAS);
    const neighbours = random.shuffled(AREAS.filter((la) => la.region === home.region && la !== home));
    const reach = Math.min(neighbours.length, Math.ceil(size / 6));
    const far = size > 14 && random.chance(0.3) ? [random.pick(AREAS)] : [];
    const areas = [home, ...neighbours.slice(0, reach), ...far];
    const chosen = takeFrom(
      pool,
      areas.map(({ code }) => code),
      size,
      random,
    );
    const missing = Math.max(0, Math.min(size, 2) - chosen.length);
    chosen.push(
      ...takeFrom(
        pool,
        random.shuffled(AREAS).map(({ code }) => code),
        missing,
        random,
      ),
    );
    return {
      kind: 'MAT',
      name: names[i % names.length]!,
      sites: chosen,
      sponsor: random.chance(0.45),
      strictness: random.factor(0.25),
    };
  });
  for (let i = 0; i < singles; i += 1) {
    const [site] = takeFrom(
      pool,
      random.shuffled(AREAS).map(({ code }) => code),
      1,
      random,
    );
    if (!site) break;
    plans.push({
      kind: 'SAT',
      name: `Sample ${site.stem} Academy Trust`,
      sites: [site],
      sponsor: random.chance(0.08),
      strictness: random.factor(0.15),
    });
  }
  return plans.filter((plan) => plan.sites.length > 0);
}

/** Takes up to `wanted` sites, going round the areas so that a trust spans them; larger schools are not preferred. */
function takeFrom(
  pool: Map<string, Site[]>,
  areas: readonly string[],
  wanted: number,
  random: Random,
): Site[] {
  const taken: Site[] = [];
  while (taken.length < wanted) {
    const before = taken.length;
    for (const [turn, area] of areas.entries()) {
      const left = pool.get(area);
      if (!left?.length) continue;
      const share = turn === 0 ? 3 : 1;
      for (let n = 0; n < share && left.length > 0 && taken.length < wanted; n += 1) {
        taken.push(left.splice(random.integer(0, left.length - 1), 1)[0]!);
      }
    }
    if (taken.length === before) break;
  }
  return taken;
}
