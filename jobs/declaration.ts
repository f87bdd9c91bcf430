/**
 * What a data set declares about itself. A file in jobs/datasets states every fact about its source once —
 * where it is, how it is written, what its columns and symbols mean — and the pipeline, the database, the
 * graph and the docs derive the rest.
 */
import type { ObservationStatus } from './observation-status.js';
import type { PeriodKind } from './period.js';
import type { RegisterField } from './register-field.js';

export interface Publisher {
  name: string;
  licence: string;
  licenceUrl: string;
}

/** Where a data set's newest release is. `locate` implementations are in jobs/locate.ts. */
export type Source =
  | { kind: 'gias'; file: string }
  | { kind: 'ees'; slug: string; titleHint: RegExp; without: string[]; severalFiles: boolean }
  | { kind: 'file'; url: string };

interface Declared {
  /** Stable, readable: part of URLs and of the graph. */
  id: string;
  title: string;
  description: string;
  publisher: Publisher;
  /** A page about the data, for a person. */
  pageUrl: string;
  source: Source;
  encoding: 'utf-8' | 'windows-1252';
  /** Faults of the file itself that are known and harmless. Anything else is refused. */
  tolerates?: {
    /** Every row lacks this many of the header's last columns. */
    missingTrailingFields?: number;
    /** Columns that stand twice in the header and are not read. */
    duplicateColumns?: string[];
  };
  /** Share of rows that may be unusable before the whole release is refused. */
  maximumRejectedShare: number;
}

/** One published column of numbers, under our name; the first of `columns` that the header has is read. */
export interface Measure {
  columns: string[];
  description: string;
}

export interface FilterDeclaration {
  /** Our name, stable over renamed columns. */
  name: string;
  columns: string[];
  /** The published value that stands for all. */
  total: string[];
  /** At school level the file has no total: a school's rows, nearly always one, add up to the school. */
  partsOfSchool?: boolean;
}

export interface SymbolDeclaration {
  status: ObservationStatus;
  /** What the publisher says that it means. */
  meaning: string;
  /** What is known of the value behind it, for the measures named. */
  bounds?: { measures: string[]; lower: number; upper: number };
}

/** A way in which a file has been written. The same symbol means other things in other editions. */
export interface Edition {
  /** Stable: rows keep it beside their symbols for ever. */
  id: string;
  /** A column that only this edition's header has; null for the edition of every other header. */
  marker: string | null;
  symbols: Record<string, SymbolDeclaration>;
}

export type Polarity = 'HIGH' | 'LOW' | 'NONE';
export type Unit =
  | 'PUPILS'
  | 'COUNT'
  | 'PLANS'
  | 'PERCENT'
  | 'PER_100_PUPILS'
  | 'PER_1_000'
  | 'PER_10_000'
  | 'PER_100_000'
  | 'NUMBER'
  | 'SCORE'
  | 'POUNDS'
  | 'OTHER';

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
  rate?: { numerator: string; denominator: string; per: number };
  /** A count can be summed over schools unless it says otherwise. */
  additive: boolean;
  breaks?: { from: string; note: string }[];
}

export interface StatisticsDataSet extends Declared {
  kind: 'statistics';
  period: PeriodKind;
  filters: FilterDeclaration[];
  /** School rows are known by URN where the file has it, else by LAESTAB. */
  schoolColumns?: { urn: string[]; laEstab: string[] };
  measures: Record<string, Measure>;
  /** The first whose marker the header has. */
  editions: Edition[];
  indicators: IndicatorDeclaration[];
}

export interface RegisterDataSet extends Declared {
  kind: 'register';
  table: string;
  /** Postgres column → how it is read. Keys come first and make a row unique. */
  fields: Record<string, RegisterField>;
  key: string[];
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
