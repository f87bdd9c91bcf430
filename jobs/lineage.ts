/**
 * Cleans the register's links between establishments into a lineage: each pair once, in one direction, without
 * cycles, with what happened and when. Links and schools in, edges and findings out; nothing else is read, so that the
 * same register always gives the same lineage. Why each rule is as it is: docs/decisions/0011-lineage.md.
 */
import { cyclesOf } from './cycles.js';

export interface EstablishmentLink {
  urn: number;
  linkUrn: number;
  type: string;
  on: string | null;
}

/** What the register says of a school that a link leads to or from. Days are ISO texts. */
export interface LinkedSchool {
  openedOn: string | null;
  closedOn: string | null;
  /** An academy or a free school. */
  isAcademy: boolean;
}

export const LINEAGE_EVENTS = {
  CONVERSION: 'One school became an academy or a free school, under a new URN.',
  REPLACEMENT: 'One school took the place of another, as something other than an academy.',
  AMALGAMATION: 'Several schools became one new school.',
  MERGER: 'A school was taken into another that went on.',
  SPLIT: 'One school became several.',
} as const;
export type LineageEvent = keyof typeof LINEAGE_EVENTS;

export interface LineageEdge {
  predecessor: number;
  successor: number;
  event: LineageEvent;
  /** The register does not name the event: it was worked out from the dates, the types and the other edges. */
  eventIsInferred: boolean;
  on: string | null;
  /** The register gives no day: it is that of the successor's opening or the predecessor's closing. */
  onIsInferred: boolean;
}

/** How many links were, as they stand in the register, not sound. */
export interface LineageFindings {
  /** A school that is linked with itself. */
  selfLinks: number;
  /** Stated by one of the two schools only. */
  oneSided: number;
  /** The two schools contradict each other, or say no direction: told by which of them ended first. */
  directedByDates: number;
  /** As these, and the dates do not tell either: left out. */
  undecided: number;
  /** Edges left out because they closed a cycle. */
  cycleEdges: number;
  /** Edges of which one end is not in the register. */
  notInRegister: number;
  /** Neither link has a day, and it was inferred. */
  datesInferred: number;
  /** Nor could it be inferred. */
  undated: number;
}

/** What a link says, by its type; null for one that is not about lineage (a shared sixth form, places that moved). */
function meaningOf(
  type: string,
): { linkIs: 'PREDECESSOR' | 'SUCCESSOR' | null; event: LineageEvent | null } | null {
  const words = type.toLowerCase();
  const linkIs = words.startsWith('predecessor')
    ? 'PREDECESSOR'
    : words.startsWith('successor')
      ? 'SUCCESSOR'
      : null;
  const event = words.includes('amalgamat')
    ? 'AMALGAMATION'
    : words.includes('merged')
      ? 'MERGER'
      : words.includes('split')
        ? 'SPLIT'
        : null;
  // "Closure" stands opposite to "Merged - …": which of the two closed is told by the dates.
  return linkIs || event || words === 'closure' ? { linkIs, event } : null;
}

/** Two linked schools, `one` under the lower URN. */
interface Pair {
  one: number;
  other: number;
  /** Which of them says so: a pair that only one of the two states is one-sided. */
  statedByOne: boolean;
  statedByOther: boolean;
  /** Which of them was called the successor. */
  calledOne: boolean;
  calledOther: boolean;
  event: LineageEvent | null;
  /** The latest day that is given. */
  day: string | null;
}

/** A pair whose direction is known. */
interface Directed {
  predecessor: number;
  successor: number;
  event: LineageEvent | null;
  day: string | null;
}

interface Dated extends Omit<Directed, 'day'> {
  on: string | null;
  onIsInferred: boolean;
}

const LATEST = '9999-12-31';
const EARLIEST = '0000-01-01';

export function lineageOf(
  links: readonly EstablishmentLink[],
  schools: ReadonlyMap<number, LinkedSchool>,
): { edges: LineageEdge[]; findings: LineageFindings } {
  const findings: LineageFindings = {
    selfLinks: 0,
    oneSided: 0,
    directedByDates: 0,
    undecided: 0,
    cycleEdges: 0,
    notInRegister: 0,
    datesInferred: 0,
    undated: 0,
  };
  const directed: Directed[] = [];
  for (const pair of pairsOf(links, findings)) {
    const { one, other, event, day } = pair;
    if (pair.statedByOne !== pair.statedByOther) findings.oneSided += 1;
    let successor: number | null;
    if (pair.calledOne !== pair.calledOther) successor = pair.calledOne ? one : other;
    else {
      successor = laterOf(one, other, schools);
      findings[successor === null ? 'undecided' : 'directedByDates'] += 1;
    }
    if (successor !== null)
      directed.push({ predecessor: successor === one ? other : one, successor, event, day });
  }
  const sound = withoutCycles(directed, schools);
  findings.cycleEdges = directed.length - sound.length;
  const dated = sound.map((edge) => datedBy(edge, schools));
  for (const { predecessor, successor, on, onIsInferred } of dated) {
    if (!schools.has(predecessor) || !schools.has(successor)) findings.notInRegister += 1;
    if (on === null) findings.undated += 1;
    else if (onIsInferred) findings.datesInferred += 1;
  }
  return { edges: named(dated, schools), findings };
}

function pairsOf(links: readonly EstablishmentLink[], findings: LineageFindings): Iterable<Pair> {
  const pairs = new Map<string, Pair>();
  // Links are many, and their types few.
  const meanings = new Map<string, ReturnType<typeof meaningOf>>();
  for (const { urn, linkUrn, type, on } of links) {
    let meaning = meanings.get(type);
    if (meaning === undefined) {
      meaning = meaningOf(type);
      meanings.set(type, meaning);
    }
    if (!meaning) continue;
    if (urn === linkUrn) {
      findings.selfLinks += 1;
      continue;
    }
    const isOne = urn < linkUrn;
    const one = isOne ? urn : linkUrn;
    const other = isOne ? linkUrn : urn;
    const key = `${one} ${other}`;
    let pair = pairs.get(key);
    if (!pair) {
      pair = {
        one,
        other,
        statedByOne: false,
        statedByOther: false,
        calledOne: false,
        calledOther: false,
        event: null,
        day: null,
      };
      pairs.set(key, pair);
    }
    if (isOne) pair.statedByOne = true;
    else pair.statedByOther = true;
    if (meaning.linkIs) {
      if ((meaning.linkIs === 'SUCCESSOR') === isOne) pair.calledOther = true;
      else pair.calledOne = true;
    }
    // Where one side names the event and the other only the order, the named one holds.
    pair.event ??= meaning.event;
    // The two sides may name the last day of one school and the first of the other: the later is the first day after.
    if (on && (pair.day === null || on > pair.day)) pair.day = on;
  }
  return pairs.values();
}

/** Which of two came after: the one that ended later, or else began later. Null where the register does not tell. */
function laterOf(one: number, other: number, schools: ReadonlyMap<number, LinkedSchool>): number | null {
  const [first, second] = [schools.get(one), schools.get(other)];
  if (!first || !second) return null;
  const ends = [first, second].map(({ closedOn }) => closedOn ?? LATEST) as [string, string];
  if (ends[0] !== ends[1]) return ends[0] > ends[1] ? one : other;
  const begins = [first, second].map(({ openedOn }) => openedOn ?? EARLIEST) as [string, string];
  if (begins[0] !== begins[1]) return begins[0] > begins[1] ? one : other;
  return null;
}

/**
 * Leaves out of every cycle the edges that lead back in time: from a school that began later to one that began
 * earlier, or, begun on the same day, from the higher URN (they are given in order). Any cycle has such an edge, and what
 * remains has an order, so that no cycle can.
 */
function withoutCycles<T extends { predecessor: number; successor: number }>(
  edges: T[],
  schools: ReadonlyMap<number, LinkedSchool>,
): T[] {
  const cycleOf = cyclesOf(edges);
  const leadsOn = (from: number, to: number) => {
    const [begun, begins] = [from, to].map((urn) => schools.get(urn)?.openedOn ?? EARLIEST) as [
      string,
      string,
    ];
    return begun === begins ? from < to : begun < begins;
  };
  return edges.filter(({ predecessor, successor }) => {
    const cycle = cycleOf.get(predecessor);
    return cycle === undefined || cycle !== cycleOf.get(successor) || leadsOn(predecessor, successor);
  });
}

/** An edge on the day that a link gives, or else the register for one of the schools. */
function datedBy(
  { predecessor, successor, event, day }: Directed,
  schools: ReadonlyMap<number, LinkedSchool>,
): Dated {
  if (day !== null) return { predecessor, successor, event, on: day, onIsInferred: false };
  const opening = schools.get(successor)?.openedOn ?? null;
  const closing = schools.get(predecessor)?.closedOn ?? null;
  // One that took another in had opened before.
  const on = event === 'MERGER' ? (closing ?? opening) : (opening ?? closing);
  return { predecessor, successor, event, on, onIsInferred: on !== null };
}

/** Days by which a link may stand before or after the opening that it is about. */
const ABOUT_THE_SAME_DAY_MS = 31 * 86_400_000;

/** Names what happened where the register says only that one came after the other. */
function named(edges: Dated[], schools: ReadonlyMap<number, LinkedSchool>): LineageEdge[] {
  const into = new Map<string, number>();
  const outOf = new Map<string, number>();
  const intoKey = ({ successor, on }: { successor: number; on: string | null }) => `${successor} ${on}`;
  const outOfKey = ({ predecessor, on }: { predecessor: number; on: string | null }) =>
    `${predecessor} ${on}`;
  for (const edge of edges) {
    into.set(intoKey(edge), (into.get(intoKey(edge)) ?? 0) + 1);
    outOf.set(outOfKey(edge), (outOf.get(outOfKey(edge)) ?? 0) + 1);
  }
  const wentOn = ({ successor, on }: { successor: number; on: string | null }) => {
    const opened = schools.get(successor)?.openedOn;
    return Boolean(on && opened && Date.parse(opened) < Date.parse(on) - ABOUT_THE_SAME_DAY_MS);
  };
  return edges.map((edge) => {
    const { predecessor, successor, event, on, onIsInferred } = edge;
    const inferred: LineageEvent = wentOn(edge)
      ? 'MERGER'
      : into.get(intoKey(edge))! > 1
        ? 'AMALGAMATION'
        : outOf.get(outOfKey(edge))! > 1
          ? 'SPLIT'
          : schools.get(successor)?.isAcademy
            ? 'CONVERSION'
            : 'REPLACEMENT';
    return {
      predecessor,
      successor,
      event: event ?? inferred,
      eventIsInferred: event === null,
      on,
      onIsInferred,
    };
  });
}
