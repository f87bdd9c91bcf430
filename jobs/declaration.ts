/**
 * What a data set declares about itself. A file in jobs/datasets states every fact about its source once —
 * where it is, how it is written, what its columns and symbols mean — and the pipeline, the database, the
 * graph and the docs derive the rest.
 */
import type { CsvRecord } from './csv-reader.js';
import type { FetchedFile } from './kept-files.js';
import type { ObservationStatus } from './observation-status.js';
import type { RegisterField } from './register-field.js';
import type { PlaceReading, TimeReading } from './row-reading.js';
import type { Cadence } from './schedule.js';

export interface Publisher {
  name: string;
  licence: string;
  licenceUrl: string;
}

/** Where a data set's newest release is. `locate` implementations are in jobs/locate.ts. */
export type Source =
  | { kind: 'gias'; file: string }
  | {
      kind: 'ees';
      slug: string;
      titleHint: RegExp;
      without: string[];
      severalFiles: boolean;
      /** The last release that has the file: one without a file of such a title is later, and no fault. */
      lastRelease?: string;
    }
  /** Performance tables: a file for each school year, from the first to the newest that there is. */
  | { kind: 'performance-tables'; filter: 'CENSUS' | 'PUPILABSENCE'; firstYear: number }
  | { kind: 'file'; url: string }
  /** Editions, each a file, of which any may be wanting as long as one is there; and those that came since, by month. */
  | { kind: 'editions'; urls: string[]; monthly?: MonthlyEditions };

export interface MonthlyEditions {
  /** The newest month (2025-05) that is known: later ones are looked for. */
  after: string;
  url: (month: string) => string;
  editionOf: (url: string) => string;
}

/** How a file that is not CSV becomes a header and records. */
export interface Reading {
  /** Names the form: part of the definition that a release was loaded under. */
  form: string;
  /** The first record is the header. Throws a source fault for what is not such a file. */
  read: (file: FetchedFile) => AsyncIterable<CsvRecord[]>;
}

interface Declared {
  /** Stable, readable: part of URLs and of the graph. */
  id: string;
  title: string;
  description: string;
  publisher: Publisher;
  /** A page about the data, for a person. */
  pageUrl: string;
  /** What its users should know before they rely on it, a sentence or two each: told in docs/data.md. */
  traps?: string[];
  source: Source;
  /** Loaded before the others, which are held against it. */
  isReference?: true;
  /** When it is looked at: a line of the table in jobs/schedule.ts. */
  schedule: Cadence;
  encoding: 'utf-8' | 'windows-1252';
  /** Left out: the file is CSV. */
  reading?: Reading;
  /** Faults of the file itself that are known and harmless. Anything else is refused. */
  tolerates?: {
    /** Every row lacks this many of the header's last columns. */
    missingTrailingFields?: number;
    /** Columns that stand twice in the header and are not read. */
    duplicateColumns?: string[];
    /** At most this many rows of another length than the header's: rejected one by one, where else they refuse the file. */
    raggedRows?: number;
  };
  /** Share of rows that may be unusable before the whole release is refused. */
  maximumRejectedShare: number;
  /** Releases that cover less than the one before and are meant to, as somebody has made sure. */
  newCoverage?: { sha256: string; why: string }[];
}

/** One published column of numbers, under our name; the first of `columns` that the header has is read. */
export interface Measure {
  columns: string[];
  /** Some editions lack the column: there the measure is not available. */
  optional?: boolean;
  /** The editions that lack the column, by id: every other must have it. */
  lackedBy?: string[];
  description: string;
}

export interface FilterDeclaration {
  /** Our name, stable over renamed columns. */
  name: string;
  columns: string[];
  /** Some editions lack the column: there every row is about all. */
  optional?: boolean;
  /** The editions that lack the column, by id: every other must have it. */
  lackedBy?: string[];
  /** The published values that stand for all. */
  total: (string | RegExp)[];
  /** Rows that differ in this filter alone add up to the row without it: checked with every release. */
  addsUp?: boolean;
  /** Published values that sum up others beside them: no parts of the row without it. */
  subtotals?: RegExp;
  /** Names a way of dividing the whole, and no part of it: every topic adds up to all. */
  isTopic?: boolean;
  /** At school level the file has no total: a school's rows, nearly always one, add up to the school. */
  partsOfSchool?: boolean;
  /** What published values are called here, where the file has only a code for them. */
  names?: Record<string, string>;
  /** The filter whose value decides this one's: kept beside it, and no part of a breakdown's code or label. */
  decidedBy?: string;
}

export interface SymbolDeclaration {
  status: ObservationStatus;
  /** What the publisher says that it means. */
  meaning: string;
  /** What is known of the value behind it, for the measures named. */
  bounds?: { measures: string[]; lower: number; upper: number }[];
}

/** A way in which a file has been written. The same symbol means other things in other editions. */
export interface Edition {
  /** Stable: rows keep it beside their symbols for ever. */
  id: string;
  /** A column that only this edition's header has; null for the edition of every other header. */
  marker: string | null;
  /** Only the rows of periods that begin before this day are written in this way. */
  before?: string;
  symbols: Record<string, SymbolDeclaration>;
}

export type Polarity = 'HIGH' | 'LOW' | 'NONE';
export type Unit =
  | 'PUPILS'
  | 'COUNT'
  | 'PLANS'
  | 'PERCENT'
  | 'PER_100_PUPILS'
  | 'SESSIONS'
  | 'PLACES'
  | 'POUNDS'
  | 'SHARE'
  | 'PER_1_000'
  | 'PER_10_000'
  | 'PER_100_000'
  | 'NUMBER'
  | 'SCORE'
  | 'OTHER';

/** Where figures are not comparable. */
export interface ComparabilityBreak {
  /** The first day of the new way of counting, or of the years that stand apart. */
  from: string;
  /** The last day of the years that stand apart; left out where the new way of counting goes on. */
  to?: string;
  note: string;
}

/**
 * What a rate counts, and so how far chance alone moves it: EVENTS, of which a person can have several (Poisson); PEOPLE, or
 * cases, of whom each is counted once at most (binomial); OTHER: neither is a fair model, such as half days that the same
 * pupils miss, or places in a building.
 */
export type Counted = 'EVENTS' | 'PEOPLE' | 'OTHER';

export interface IndicatorDeclaration {
  id: string;
  name: string;
  description: string;
  topic: string;
  unit: Unit;
  /** Decimals to show; figures are stored and calculated unrounded. */
  decimals: number;
  polarity: Polarity;
  measure: string;
  /** For a rate: value = numerator / denominator x per. Only such a rate, or a count, can be pooled. */
  rate?: { numerator: string; denominator: string; per: number; counts: Counted };
  /** A count can be summed over schools unless it says otherwise. */
  additive: boolean;
  breaks?: ComparabilityBreak[];
}

export interface StatisticsDataSet extends Declared {
  kind: 'statistics';
  /** Which place a row is about: tidyPlace() for a file of the tidy data standard. */
  place: PlaceReading;
  /** Which time a row is about: tidyTime(kind) for a file of the tidy data standard. */
  time: TimeReading;
  filters: FilterDeclaration[];
  /** To what the figures of England and the regions are rounded, where the others are not. Left out: to 1. */
  nationalRounding?: number;
  /** Some editions write 46.90% for 46.9. */
  percentSigns?: boolean;
  /** Some numbers are written as powers of ten: -6.02E-05. */
  powersOfTen?: boolean;
  /** Columns that are known and left out on purpose, with the reason. Any other that is not read is a warning. */
  columnsLeftOut?: { reason: string; columns: (string | RegExp)[] }[];
  measures: Record<string, Measure>;
  /** A row's is the first whose marker the header has and whose time it is. */
  editions: Edition[];
  /** Totals that a later release no longer has, which a person has looked at: any other loss is refused. */
  withdrawn?: { place: string; period: string; note: string }[];
  indicators: IndicatorDeclaration[];
}

export interface RegisterDataSet extends Declared {
  kind: 'register';
  table: string;
  /** Postgres column → how it is read. Keys come first and make a row unique. */
  fields: Record<string, RegisterField>;
  key: string[];
  /** The column whose every value is an edition of its own: a release ends rows only of those that it has. */
  edition?: string;
  /** Columns that must hold the code of a local authority, of today or abolished. */
  localAuthorities?: string[];
  /** Rows that are not what the table is for, with the reason: counted, but not an issue. */
  leavesOut?: { reason: string; when: (value: (column: string) => string) => boolean }[];
}

/**
 * A file that is long already: a row for each measure, place and year, and what its measures are stands in a
 * dictionary of its own. Its indicators are made of that dictionary: jobs/series-indicators.ts.
 */
export interface SeriesDataSet extends Declared {
  kind: 'series';
  columns: { measure: string; time: string; place: string; value: string };
  /** Place numbers that are not the 3-digit code of a local authority, and what they mean. */
  places: Record<string, { level: 'NATIONAL' | 'REGIONAL'; code: string }>;
  symbols: Record<string, SymbolDeclaration>;
  /** Rows that are not what the file is for, with the reason: counted, but not an issue. */
  leavesOut: { reason: string; when: (value: (column: string) => string) => boolean }[];
  /** Measures that are also published elsewhere: the file's name for one → our indicator. */
  sameAs: Record<string, string>;
}

export type DataSet = StatisticsDataSet | RegisterDataSet | SeriesDataSet;

export const DFE: Publisher = {
  name: 'Department for Education',
  licence: 'Open Government Licence v3.0',
  licenceUrl: 'https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/',
};
