// Makes the places of the sample's schools: where, of which kind, how many pupils. A school's lineage lives on one site.
// Rule: every local authority of today gets at least one; establishment numbers are unique within an old or new authority.
import { AREAS, numberSpace, OVERSEAS } from './local-authorities.js';
import { apportion, Random } from './random.js';
import { REGION_BY_GSS } from './regions.js';
import type { TypeCode } from './register-codes.js';
import { KINDS, type KindName, kindOf } from './school-kinds.js';
import { postcode, saintName, schoolStems, street } from './school-names.js';

export interface Site {
  index: number;
  /** Today's code of the local authority. */
  area: string;
  kind: KindName;
  number: number;
  /** The name between "Sample" and the kind: Oakfield, St Zoë's. */
  stem: string;
  /** Religious character: code of the register. */
  faith: '00' | '02' | '03' | '06';
  type: TypeCode;
  gender: '1' | '2' | '3';
  ages: readonly [low: number, high: number];
  /** Pupils in an ordinary year, and how that drifts from year to year. */
  roll: number;
  drift: number;
  fsmShare: number;
  boyShare: number;
  /** How many more (or fewer) suspensions than its phase would let one expect. */
  strictness: number;
  easting: number;
  northing: number;
  street: string;
  postcode: string;
  ukprn: number;
}

/** Small authorities that cannot hold what the others do. */
const TINY: Readonly<Record<string, readonly KindName[]>> = {
  '201': ['primary', 'independent'],
  '420': ['allThrough'],
};
/** How far the establishment numbers of two sites lie apart. */
const NUMBER_STEP = 4;
const ALWAYS: readonly KindName[] = ['primary', 'secondary', 'special'];
const SIZE_BY_GSS: Readonly<Record<string, number>> = { E06: 1, E08: 1.5, E09: 1.1, E10: 3.2 };

/** Made-up size of each area of today; both the schools and the plans use it. */
export function areaSizes(seed: number): Map<string, number> {
  const random = new Random(seed, 'area sizes');
  return new Map(
    AREAS.map(({ code, gss }) => [
      code,
      (SIZE_BY_GSS[gss.slice(0, 3)] ?? 1) * random.factor(0.35) * (code in TINY ? 0.04 : 1),
    ]),
  );
}

const KIND_WEIGHTS = Object.entries(KINDS).map(([name, { weight }]) => [name as KindName, weight] as const);

export function makeSites(seed: number, count: number): Site[] {
  const random = new Random(seed, 'sites');
  const sizes = areaSizes(seed);
  const stems = schoolStems(random);
  const taken = new Map<string, number>();
  const sites: Site[] = [];

  /** Every fourth number: those between are kept for new numbers after a conversion, a merger or a reorganisation. */
  const nextNumber = (area: string, kind: KindName): number => {
    const key = `${numberSpace(area)}/${kind}`;
    const number = (taken.get(key) ?? kindOf(kind).numbers - NUMBER_STEP) + NUMBER_STEP;
    taken.set(key, number);
    return number;
  };

  const addSite = (area: string, kind: KindName, centre: readonly [number, number], reach: number): void => {
    const facts = kindOf(kind);
    const type = random.weighted(facts.types);
    const faith = faithOf(type, random);
    sites.push({
      index: sites.length,
      area,
      kind,
      number: nextNumber(area, kind),
      stem: faith === '02' || faith === '03' ? saintName(random) : stems[sites.length % stems.length]!,
      faith,
      type,
      gender: kind === 'secondary' && random.chance(0.13) ? random.pick(['1', '2'] as const) : '3',
      ages: random.pick(facts.ages),
      roll: Math.max(12, Math.round(facts.roll * random.factor(facts.spread))),
      drift: 0.012 * random.normal(),
      fsmShare: Math.min(0.72, 0.24 * random.factor(0.55)),
      boyShare: 0.5 + 0.02 * random.normal() + (facts.counted === 'Special' || kind === 'pru' ? 0.2 : 0),
      strictness: random.factor(facts.counted === 'State-funded primary' ? 0.9 : 0.6),
      easting: Math.round(centre[0] + reach * random.normal()),
      northing: Math.round(centre[1] + reach * random.normal()),
      street: street(random),
      postcode: postcode(random),
      ukprn: 99_000_000 + sites.length,
    });
  };

  const spare = Math.max(0, count - AREAS.length);
  const extra = apportion(
    spare,
    AREAS.map(({ code }) => (code in TINY ? 0 : sizes.get(code)!)),
    random,
  );
  AREAS.forEach(({ code, region, gss }, i) => {
    const box = REGION_BY_GSS.get(region)!;
    const centre = [random.integer(...box.easting), random.integer(...box.northing)] as const;
    const reach = gss.startsWith('E09') ? 1500 : gss.startsWith('E10') ? 7000 : 3500;
    const first: readonly KindName[] = TINY[code] ?? ALWAYS;
    const wanted = code in TINY ? first.length : 1 + extra[i]!;
    for (let n = 0; n < wanted; n += 1)
      addSite(code, first[n] ?? random.weighted(KIND_WEIGHTS), centre, reach);
  });
  addSite(OVERSEAS.code, 'service', [0, 0], 0);
  return sites;
}

function faithOf(type: TypeCode, random: Random): Site['faith'] {
  if (type === '02') return random.chance(0.55) ? '03' : '02';
  if (type === '03') return '02';
  return type === '11' || type === '10' ? '06' : '00';
}

/** How many pupils there is room for. */
export const placesOf = (site: Site): number => Math.ceil((site.roll * 1.08) / 15) * 15;

/** Pupils on a census day, `year` years after January 2020; a new school fills up over five years. */
export function rollIn(site: Site, year: number, yearsOpen: number): number {
  const full = site.roll * (1 + site.drift * (year - 3)) * (1 + 0.015 * Math.sin(site.index * 7 + year * 3));
  return Math.max(12, Math.round(full * Math.min(1, 0.25 + yearsOpen * 0.2)));
}
