/** Ways to write a list that is taken away: what each must be able to, and which one an Accept header asks for. */
import type { Citation } from '../citing/citation.js';
import { CSV } from './csv.js';
import { JSON_LINES } from './json-lines.js';
import { PARQUET } from './parquet.js';
import type { Entry, Rows } from './table.js';
import { XLSX } from './xlsx.js';

export interface Format {
  /** As Accept headers name it; the answer is called by the first. */
  mediaTypes: readonly [string, ...string[]];
  /** Of the file's name. */
  extension: string;
  /** Whether the list must be a table. */
  isTable: boolean;
  /** Of bytes, and not of text. */
  isBinary: boolean;
  open: (table: Rows, options: FormatOptions, about: About) => Writer;
}

export interface FormatOptions {
  /** Begins the file with the mark by which some spreadsheets know UTF-8. */
  bom: boolean;
  /** In place of the list, a table of its sources. */
  sources: boolean;
}

/** What is to be told of a list, beside it. */
export interface About {
  citations: readonly Citation[];
  notes: readonly string[];
  synthetic: boolean;
  /** The day as of which the same list is had again; null where it cannot be. */
  datedOn: string | null;
}

/** Writes one file. */
export interface Writer {
  begin: () => Part;
  write: (entries: readonly Entry[]) => Part;
  end: () => Part;
  /** Lines written, without the header. */
  rows: number;
}

export type Part = string | Buffer;

const FORMATS: readonly Format[] = [CSV, XLSX, PARQUET, JSON_LINES];

/** The format of files that are named so: csv. */
export const formatNamed = (extension: string): Format | null =>
  FORMATS.find((format) => format.extension === extension) ?? null;

/** What the names of files end with. */
export const EXTENSIONS: readonly string[] = FORMATS.map(({ extension }) => extension);

/** What asks for an ordinary answer. */
const ANSWERS = ['application/json', 'application/graphql-response+json', '*/*', 'application/*'];

/** The format that an Accept header prefers to an answer; null for an ordinary answer. */
export function formatFor(accept = ''): Format | null {
  let best: { format: Format | null; quality: number } | null = null;
  for (const range of accept.split(',')) {
    const [type, ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = FORMATS.find(({ mediaTypes }) => mediaTypes.includes(type!)) ?? null;
    if (!format && !ANSWERS.includes(type!)) continue;
    const quality = Number(
      /^q=([\d.]+)$/.exec(parameters.find((one) => one.startsWith('q=')) ?? '')?.[1] ?? 1,
    );
    if (quality > (best?.quality ?? 0)) best = { format, quality };
  }
  return best?.format ?? null;
}
