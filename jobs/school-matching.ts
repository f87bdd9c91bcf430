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

/** A school of the register, and what is noted of it on the way: hundreds of thousands of maps would take longer. */
interface School extends RegisterSchool {
  /** The last census day on which a place was found to mean it. */
  takenOn: string;
  /** The last step in which it was sought, how many places sought it, and which did last. */
  step: number;
  seekers: number;
  seeker: Place | null;
}

/** A place known by LAESTAB. */
interface Place {
  id: number;
  laEstab: string;
  /** The schools that hold its LAESTAB or last held it. */
  holders: readonly School[];
  /** What it could mean, as far as is known. */
  sought: School | null;
  /** What it means on the day that is looked at. */
  school: School | null;
  route: MatchRoute;
  /** What it has meant since when. */
  run: SchoolPlace | null;
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
  private readonly byUrn = new Map<number, School>();
  private readonly byLaEstab = new Map<string, School[]>();
  private readonly predecessorsOf = new Map<number, number[]>();
  private readonly precededBy = new Map<string, School[]>();

  constructor(schools: RegisterSchool[], links: { urn: number; predecessor: number }[]) {
    for (const { urn, laEstab, openedOn, closedOn } of schools) {
      const school = { urn, laEstab, openedOn, closedOn, takenOn: '', step: 0, seekers: 0, seeker: null };
      this.byUrn.set(urn, school);
      if (laEstab !== null) append(this.byLaEstab, laEstab, school);
    }
    for (const { urn, predecessor } of links) append(this.predecessorsOf, urn, predecessor);
  }

  has(urn: number): boolean {
    return this.byUrn.has(urn);
  }

  /** The schools that hold a LAESTAB or last held it. */
  holders(laEstab: string): readonly School[] {
    return this.byLaEstab.get(laEstab) ?? NOBODY;
  }

  /** Their predecessors. */
  predecessors(laEstab: string): readonly School[] {
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

const NOBODY: readonly School[] = [];

const wasOpen = ({ openedOn, closedOn }: School, on: string) =>
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
  find: (register: SchoolRegister, place: Place, on: string) => readonly School[];
}[] = [
  { route: 'CENSUS_DAY', find: (_register, { holders }) => holders },
  { route: 'PREDECESSOR', find: (register, { laEstab }) => register.predecessors(laEstab) },
  {
    route: 'LA_REORGANISATION',
    find: (register, { laEstab }, on) => moved(laEstab, on).flatMap((code) => register.holders(code)),
  },
  {
    route: 'LA_REORGANISATION',
    find: (register, { laEstab }, on) => moved(laEstab, on).flatMap((code) => register.predecessors(code)),
  },
];

/** Finds what the places of one census day mean. */
function matchDay(
  on: string,
  places: readonly Place[],
  isNamed: (place: number, urn: number) => boolean,
  register: SchoolRegister,
  firstStep: number,
): void {
  for (const place of places) place.school = null;
  for (const [at, { route, find }] of STEPS.entries()) {
    const step = firstStep + at;
    const pairs: Place[] = [];
    for (const place of places) {
      if (place.school) continue;
      let found: School | null = null;
      let several = false;
      for (const school of find(register, place, on)) {
        if (school.step === step && school.seeker === place) continue;
        if (!wasOpen(school, on) || school.takenOn === on || isNamed(place.id, school.urn)) continue;
        school.seekers = school.step === step ? school.seekers + 1 : 1;
        school.step = step;
        school.seeker = place;
        several ||= found !== null;
        found = school;
      }
      if (!found || several) continue;
      place.sought = found;
      pairs.push(place);
    }
    // Only a pair without a rival counts: a row that could mean two schools, or a school that two rows could
    // mean, stays unjoined. After Dorset's reorganisation 2000 is one school in Bournemouth and one in Dorset.
    for (const place of pairs) {
      const school = place.sought!;
      if (school.seekers > 1) continue;
      place.school = school;
      place.route = route;
      school.takenOn = on;
    }
  }
}

/** A school that a data set names by its URN is not looked for under a LAESTAB of the same data set and day. */
function namesOf(ofDay: ObservedSchools[]): (place: number, urn: number) => boolean {
  const dataSets = [...new Set(ofDay.filter(({ urns }) => urns.length > 0).map(({ dataSet }) => dataSet))];
  const named = dataSets.flatMap((dataSet) => {
    const own = ofDay.filter((data) => data.dataSet === dataSet);
    const places = new Set(own.flatMap((data) => data.places));
    return places.size > 0 ? [{ urns: new Set(own.flatMap(({ urns }) => urns)), places }] : [];
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
  const known = new Map<number, Place>();
  for (const [id, laEstab] of laEstabOf) {
    known.set(id, {
      id,
      laEstab,
      holders: register.holders(laEstab),
      sought: null,
      school: null,
      route: 'UNJOINED',
      run: null,
    });
  }
  const days = [...new Set(observed.map(({ censusOn }) => censusOn))].sort();
  for (const [at, on] of days.entries()) {
    const ofDay = observed
      .filter(({ censusOn }) => censusOn === on)
      .map((data) => ({ ...data, seen: data.places.map((id) => known.get(id)!) }));
    const seen = ofDay.length === 1 ? ofDay[0]!.seen : [...new Set(ofDay.flatMap((data) => data.seen))];
    matchDay(on, seen, namesOf(ofDay), register, 1 + at * STEPS.length);
    for (const place of seen) {
      const { id: placeId, school, route, run } = place;
      // A run of the place's days with the same URN and route is one row; a day that is not joined ends it.
      if (school && run?.urn === school.urn && run.route === route) run.lastCensus = on;
      else if (school) {
        place.run = { placeId, urn: school.urn, firstCensus: on, lastCensus: on, route };
        places.push(place.run);
      } else place.run = null;
    }
    for (const { dataSet, period, seen: own, urns } of ofDay) {
      const byRoute = new Map<MatchRoute, number>();
      const count = (route: MatchRoute) => byRoute.set(route, (byRoute.get(route) ?? 0) + 1);
      for (const { school, route } of own) count(school ? route : 'UNJOINED');
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
