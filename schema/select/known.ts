/** Known: what a question may take for granted of the data, so that it is a constant of the statement instead of a join. */
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import type { DataMemory } from '../../src/database/data-memory.js';
import type { Vocabulary } from '../search/vocabulary.js';
import type { Constant } from './sql.js';

/** Facts of the database that a question is checked against before it is asked: all of one version of the data. */
export interface Known {
  version: number;
  /** When they became that version. */
  changedAt: Date;
  /** The breakdowns that a data set has, without the total. */
  breakdowns: (dataSetId: string) => KnownBreakdown[];
  /** Periods that a data set has, oldest first. */
  periods: (dataSetId: string) => KnownPeriod[];
  /** Each of their facts as an array, in the same order. */
  periodValues: (dataSetId: string) => PeriodValues;
  /** Where the figures of an indicator are; null before its declaration has reached the database. */
  stored: (indicatorId: string) => Stored | null;
  /** How the rows of schools that stand name the school. */
  schoolCodes: (dataSetId: string) => SchoolCodes;
  /** URNs of schools that have several rows in a period, whose sum the school is. */
  schoolsInParts: (dataSetId: string) => number[];
  /** Of those, which local authority each lies in and which trusts hold it, as the registers stand. */
  holdersOf: (urn: number) => Holders;
  /** Of the releases of a data set, the first and the last known day of publication and how many have none. */
  releases: (dataSetId: string) => { firstDay: string | null; lastDay: string | null; undated: number };
  /** Editions of a kind of neighbours, newest first. */
  neighbourEditions: (kind: string) => string[];
  /** Every code that a local authority has or had, 3-digit or GSS, and its 3-digit code. */
  localAuthorities: ReadonlyMap<string, string>;
  /** By every code of a local authority, its region. */
  regionOf: ReadonlyMap<string, string>;
  /** By code, the periods in which a data set has a row for the whole of a region. */
  regionsPublished: (dataSetId: string) => ReadonlyMap<string, ReadonlySet<number>>;
  /** Every region by code, in the order of names; `isPart`: Inner and Outer London. */
  regions: ReadonlyMap<string, { name: string; isPart: boolean }>;
  /** Group UIDs of every academy trust that some extract has had. */
  trusts: ReadonlySet<string>;
  /** What schools are registered as where the register has no closed list of it. */
  registered: { types: { code: string; name: string }[]; religiousCharacters: string[] };
  /** The words that names of places have. */
  vocabulary: Vocabulary;
  /** Every indicator by id, declared or of a dictionary. */
  indicators: ReadonlyMap<string, CataloguedIndicator>;
  /** What was worked out of all the data for other questions. */
  memory: DataMemory;
}

export interface Holders {
  localAuthority: string | null;
  trusts: string[];
}

export interface KnownBreakdown {
  id: number;
  code: string;
  label: string;
  /** By the name of a filter, the published value. */
  filters: Record<string, string>;
  /** A school without a total row is the sum of these. */
  isSchoolPart: boolean;
}

/** Which of these some row has, and which none. */
export interface SchoolCodes {
  urn: boolean;
  laEstab: boolean;
}

export interface KnownPeriod {
  id: number;
  code: string;
  label: string;
  identifier: string;
  kind: string;
  startsOn: string;
  endsOn: string;
  /** The day on which its schools are counted. */
  censusOn: string;
  /** The id of the period of the same kind and length that begins a year before, whoever has it; null where there is none. */
  yearBefore: number | null;
  /** The releases that have it, and for which level. */
  covered: { level: string; release: number }[];
}

export const PERIOD_FACTS = [
  'id',
  'code',
  'label',
  'identifier',
  'kind',
  'startsOn',
  'endsOn',
  'censusOn',
  'yearBefore',
] as const;
export type PeriodValues = Record<(typeof PERIOD_FACTS)[number], Constant>;

/** Where the figures of an indicator are: positions in observation.values, or a measure of series. */
export interface Stored {
  dataSetNumber: number;
  position: number;
  numerator: number | null;
  denominator: number | null;
  multiplier: number | null;
  seriesMeasure: number | null;
  /** By position, what the symbols in its cells mean: edition → symbol → status, lower and upper, as JSON. */
  meanings: Record<number, Constant>;
}
