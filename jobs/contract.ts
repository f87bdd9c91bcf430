/**
 * contract: does a file's header hold what the declaration reads? A needed column that is missing or stands
 * twice refuses the file; a column that is new, or an optional one that is gone, is a warning. Where each
 * column is, is decided here once and by name: order and case are the publisher's to change.
 */
import type { DataSet, Edition, StatisticsDataSet } from './declaration.js';
import { TIDY_COLUMNS_NOT_READ } from './row-reading.js';
import { CHANGE_THE_DECLARATION, sourceFault } from './source-fault.js';

/** A column to be found under the first of its names that the header has. */
export interface WantedColumn {
  names: string[];
  optional: boolean;
}

/** The editions in which a file may be written, by columns that only their headers have; the first that fits a row is its. */
export function editionsOf({ editions }: StatisticsDataSet, header: string[]): Edition[] {
  const lower = new Set(header.map((name) => name.toLowerCase()));
  return editions.filter(({ marker }) => marker === null || lower.has(marker.toLowerCase()));
}

/** What is wanted of a file with this header. */
export function columnsOf(dataSet: DataSet, header: string[]): WantedColumn[] {
  if (dataSet.kind === 'register') {
    return Object.values(dataSet.fields).flatMap(({ columns, optional, dispensable }) =>
      columns.map((name) => ({ names: [name], optional: optional || dispensable?.includes(name) === true })),
    );
  }
  if (dataSet.kind === 'series') {
    return Object.values(dataSet.columns).map((name) => ({ names: [name], optional: false }));
  }
  return [...dataSet.time.columns, ...dataSet.place.columns, ...ownColumnsOf(dataSet, header)];
}

/** The columns by which a statistics file differs from others of its publication: what it counts, and by what. */
export function ownColumnsOf(dataSet: StatisticsDataSet, header: string[]): WantedColumn[] {
  const edition = editionsOf(dataSet, header)[0]!.id;
  return [...dataSet.filters, ...Object.values(dataSet.measures)].map(
    ({ columns, optional = false, lackedBy = [] }) => ({
      names: columns,
      optional: optional || lackedBy.includes(edition),
    }),
  );
}

export const splitHeader = (line: string): string[] =>
  line.split(',').map((name) => name.replaceAll('"', '').trim());

const find = (header: string[], { names }: WantedColumn): number => {
  for (const name of names) {
    const at = header.findIndex((column) => column.toLowerCase() === name.toLowerCase());
    if (at !== -1) return at;
  }
  return -1;
};

/** The wanted columns that a header needs and has not. */
export const missingColumns = (header: string[], wanted: WantedColumn[]): WantedColumn[] =>
  wanted.filter((column) => !column.optional && find(header, column) === -1);

/** As a person reads them: each under any of the names it may have. */
export const nameColumns = (columns: WantedColumn[]): string[] =>
  columns.map(({ names }) => names.join(' or '));

export interface Contract {
  /** Index of the wanted column with this first name; -1 where an optional one is missing. */
  indexOf: (name: string) => number;
  /** Whether the header has a column, read or not. */
  has: (name: string) => boolean;
  /** Its names, in order. */
  header: string[];
  /** How many fields a row must have. */
  width: number;
  warnings: string[];
}

/** Whether a column is declared as left out. */
const isLeftOut = (dataSet: DataSet, name: string): boolean =>
  dataSet.kind === 'statistics' &&
  (dataSet.columnsLeftOut ?? []).some(({ columns }) =>
    columns.some((column) => (typeof column === 'string' ? column === name : column.test(name))),
  );

/** Holds a header against the declaration. Throws a source fault naming every column at fault. */
export function agree(dataSet: DataSet, header: string[]): Contract {
  const names = header.map((name) => name.trim());
  const wanted = columnsOf(dataSet, names);
  const missing = nameColumns(missingColumns(names, wanted));
  if (missing.length > 0) {
    throw sourceFault(
      `missing column${missing.length > 1 ? 's' : ''} ${missing.join(', ')}; the header has ${names.length} columns: ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', …' : ''}`,
      CHANGE_THE_DECLARATION,
    );
  }
  const tolerated = dataSet.tolerates?.duplicateColumns ?? [];
  const lower = names.map((name) => name.toLowerCase());
  const twice = names.filter(
    (name, at) => lower.indexOf(name.toLowerCase()) !== at && !tolerated.includes(name),
  );
  if (twice.length > 0) {
    throw sourceFault(
      `duplicate column ${[...new Set(twice)].join(', ')}: which one is meant cannot be known`,
    );
  }

  const gone = wanted.filter((column) => column.optional && find(names, column) === -1);
  const known = new Set(
    [
      ...wanted.flatMap(({ names: ours }) => ours),
      ...(dataSet.kind === 'statistics' ? TIDY_COLUMNS_NOT_READ : []),
    ].map((name) => name.toLowerCase()),
  );
  const unread = names.filter((name) => !known.has(name.toLowerCase()) && !isLeftOut(dataSet, name));
  const index = new Map(wanted.map((column) => [column.names[0]!, find(names, column)]));
  return {
    indexOf: (name) => index.get(name) ?? -1,
    has: (name) => lower.includes(name.toLowerCase()),
    header: names,
    width: names.length - (dataSet.tolerates?.missingTrailingFields ?? 0),
    warnings: [
      ...(gone.length > 0 && dataSet.kind === 'register'
        ? [`columns not in this file: ${gone.map(({ names: ours }) => ours[0]).join(', ')}`]
        : []),
      ...(unread.length > 0 && dataSet.kind === 'statistics'
        ? [`columns not read: ${unread.join(', ')}`]
        : []),
    ],
  };
}
