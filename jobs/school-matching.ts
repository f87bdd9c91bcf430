/**
 * Which URN does a published school row mean? Rows without URN are known by LAESTAB and belong, in this order,
 * to the school that held the LAESTAB on that year's census day; else to an open predecessor of the school
 * that holds it now; else to either of these under the code that a reorganised LA passed on. What could be two
 * schools stays unjoined, and every route is counted. Days do not depend on each other.
 */
import { LOCAL_AUTHORITY_CHANGES } from './local-authority-changes.js';

export const MATCH_ROUTES = {
  PUBLISHED_URN: 'The file gives the URN.',
  CENSUS_DAY: 'The school held the LAESTAB on that year’s census day.',
  PREDECESSOR: 'The LAESTAB belongs to a later school; its predecessor was open on census day.',
  LA_REORGANISATION: 'As one of these, under the LA code that took over at a reorganisation.',
  UNJOINED: 'No school of the register was found.',
} as const;
export type MatchRoute = keyof typeof MATCH_ROUTES;

export interface RegisterSchool {
  urn: number;
  laEstab: string | null;
  openedOn: string | null;
  closedOn: string | null;
}

/** The schools of which a data set has rows for a period. */
export interface ObservedSchools {
  dataSet: number;
  period: number;
  censusOn: string;
  /** Places known by LAESTAB. */
  places: number[];
  /** Schools known by URN. */
  urns: number[];
}

/** A place that means a school, from one census day to another. */
export interface SchoolPlace {
  placeId: number;
  urn: number;
  firstCensus: string;
  lastCensus: string;
  route: MatchRoute;
}

export interface RouteCount {
  dataSet: number;
  period: number;
  route: MatchRoute;
  places: number;
}

export class SchoolRegister {
  private readonly byUrn = new Map<number, RegisterSchool>();
  private readonly byLaEstab = new Map<string, RegisterSchool[]>();
  private readonly predecessorsOf = new Map<number, number[]>();
  private readonly precededBy = new Map<string, RegisterSchool[]>();

  constructor(schools: RegisterSchool[], links: { urn: number; predecessor: number }[]) {
    for (const school of schools) {
      this.byUrn.set(school.urn, school);
      if (school.laEstab !== null) append(this.byLaEstab, school.laEstab, school);
    }
    for (const { urn, predecessor } of links) append(this.predecessorsOf, urn, predecessor);
  }

  has(urn: number): boolean {
    return this.byUrn.has(urn);
  }

  /** The schools that hold a LAESTAB or last held it. */
  holders(laEstab: string): readonly RegisterSchool[] {
    return this.byLaEstab.get(laEstab) ?? NOBODY;
  }

  /** Their predecessors. */
  predecessors(laEstab: string): readonly RegisterSchool[] {
    let found = this.precededBy.get(laEstab);
    if (!found) {
      found = this.holders(laEstab)
        .flatMap(({ urn }) => this.predecessorsOf.get(urn) ?? [])
        .flatMap((urn) => this.byUrn.get(urn) ?? []);
      this.precededBy.set(laEstab, found);
    }
    return found;
  }
}

const NOBODY: readonly RegisterSchool[] = [];

const wasOpen = ({ openedOn, closedOn }: RegisterSchool, on: string) =>
  (openedOn === null || openedOn <= on) && (closedOn === null || closedOn > on);

const CHANGES_OF = new Map<string, { on: string; to: readonly string[] }[]>();
for (const { from, on, to } of LOCAL_AUTHORITY_CHANGES) append(CHANGES_OF, from, { on, to });

/** The LAESTABs by which a school is known under the codes that took over from its LA after the day. */
const moved = (laEstab: string, on: string): string[] =>
  (CHANGES_OF.get(laEstab.slice(0, 3)) ?? [])
    .filter((change) => change.on > on)
    .flatMap(({ to }) => to.map((code) => code + laEstab.slice(3)));

/** The routes in their order: schools that a LAESTAB may have meant on a day, if they were open. */
const STEPS: {
  route: MatchRoute;
  find: (register: SchoolRegister, laEstab: string, on: string) => readonly RegisterSchool[];
}[] = [
  { route: 'CENSUS_DAY', find: (register, laEstab) => register.holders(laEstab) },
  { route: 'PREDECESSOR', find: (register, laEstab) => register.predecessors(laEstab) },
  {
    route: 'LA_REORGANISATION',
    find: (register, laEstab, on) => moved(laEstab, on).flatMap((code) => register.holders(code)),
  },
  {
    route: 'LA_REORGANISATION',
    find: (register, laEstab, on) => moved(laEstab, on).flatMap((code) => register.predecessors(code)),
  },
];

interface Match {
  urn: number;
  route: MatchRoute;
}

/** The places of one census day that mean a school. */
function matchDay(
  on: string,
  places: readonly number[],
  isNamed: (place: number, urn: number) => boolean,
  laEstabOf: ReadonlyMap<number, string>,
  register: SchoolRegister,
): Map<number, Match> {
  const matches = new Map<number, Match>();
  const taken = new Set<number>();
  for (const { route, find } of STEPS) {
    const pairs: { place: number; urn: number }[] = [];
    const placesOf = new Map<number, number>();
    for (const place of places) {
      if (matches.has(place)) continue;
      const urns: number[] = [];
      for (const school of find(register, laEstabOf.get(place)!, on)) {
        const { urn } = school;
        if (!wasOpen(school, on) || taken.has(urn) || urns.includes(urn) || isNamed(place, urn)) continue;
        urns.push(urn);
        placesOf.set(urn, (placesOf.get(urn) ?? 0) + 1);
      }
      if (urns.length === 1) pairs.push({ place, urn: urns[0]! });
    }
    // Only a pair without a rival counts: a row that could mean two schools, or a school that two rows could
    // mean, stays unjoined. After Dorset's reorganisation 2000 is one school in Bournemouth and one in Dorset.
    for (const { place, urn } of pairs) {
      if (placesOf.get(urn) !== 1) continue;
      matches.set(place, { urn, route });
      taken.add(urn);
    }
  }
  return matches;
}

/** A school that a data set names by its URN is not looked for under a LAESTAB of the same data set and day. */
function namesOf(ofDay: ObservedSchools[]): (place: number, urn: number) => boolean {
  const dataSets = [...new Set(ofDay.filter(({ urns }) => urns.length > 0).map(({ dataSet }) => dataSet))];
  const named = dataSets.map((dataSet) => {
    const own = ofDay.filter((data) => data.dataSet === dataSet);
    return {
      urns: new Set(own.flatMap(({ urns }) => urns)),
      places: new Set(own.flatMap(({ places }) => places)),
    };
  });
  return (place, urn) => named.some(({ urns, places }) => urns.has(urn) && places.has(place));
}

/** What every place known by LAESTAB means, and how many schools of each data set and period were joined by which route. */
export function matchSchools(
  observed: ObservedSchools[],
  laEstabOf: ReadonlyMap<number, string>,
  register: SchoolRegister,
): { places: SchoolPlace[]; counts: RouteCount[] } {
  const places: SchoolPlace[] = [];
  const counts: RouteCount[] = [];
  const runs = new Map<number, SchoolPlace>();
  for (const on of [...new Set(observed.map(({ censusOn }) => censusOn))].sort()) {
    const ofDay = observed.filter(({ censusOn }) => censusOn === on);
    const seen = ofDay.length === 1 ? ofDay[0]!.places : [...new Set(ofDay.flatMap((data) => data.places))];
    const matches = matchDay(on, seen, namesOf(ofDay), laEstabOf, register);
    for (const placeId of seen) {
      const match = matches.get(placeId);
      // A run of the place's days with the same URN and route is one row; a day that is not joined ends it.
      const run = runs.get(placeId);
      if (match && run?.urn === match.urn && run.route === match.route) run.lastCensus = on;
      else if (match) {
        const begun = { placeId, ...match, firstCensus: on, lastCensus: on };
        runs.set(placeId, begun);
        places.push(begun);
      } else runs.delete(placeId);
    }
    for (const { dataSet, period, places: own, urns } of ofDay) {
      const byRoute = new Map<MatchRoute, number>();
      const count = (route: MatchRoute) => byRoute.set(route, (byRoute.get(route) ?? 0) + 1);
      for (const place of own) count(matches.get(place)?.route ?? 'UNJOINED');
      for (const urn of urns) count(register.has(urn) ? 'PUBLISHED_URN' : 'UNJOINED');
      for (const [route, number] of byRoute) counts.push({ dataSet, period, route, places: number });
    }
  }
  return { places, counts };
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values) values.push(value);
  else map.set(key, [value]);
}
