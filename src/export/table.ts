/**
 * Entries as rows of a table. The columns are known beforehand; an entry of a list within an entry is a row of its own,
 * on which the columns above are repeated. An entry whose inner list is empty keeps one row: nothing is left out.
 */
import type { Column, Listing, Path } from '../../schema/select/listing.js';

export type Cell = string | number | boolean | null;

/** What is read of a list at once: the JSON of an entry, or a row with its columns as Postgres writes them. */
export type Entry = string | readonly (string | null)[];

/** A list as the rows of a table. */
export interface Rows {
  readonly columns: readonly Column[];
  rowsOf: (entries: readonly Entry[]) => Cell[][];
  /** The JSON of each entry. */
  linesOf: (entries: readonly Entry[]) => readonly string[];
}

type Reader = (value: unknown) => unknown;

interface Level {
  cells: { at: number; read: Reader }[];
  /** The entries of the list within an object of this level; null where there is no further one. */
  within: ((value: unknown) => unknown[]) | null;
}

export class Table implements Rows {
  private readonly levels: Level[];
  private readonly above: Cell[];

  constructor(
    private readonly listing: Pick<Listing, 'columns' | 'nested'>,
    /** What stands above the list. */
    head: unknown,
  ) {
    const { columns, nested } = listing;
    this.levels = [null, ...nested, null].map((_, level) => ({
      cells: columns.flatMap((column, at) =>
        column.level === level ? [{ at, read: readerOf(column.path) }] : [],
      ),
      within: null,
    }));
    nested.forEach(({ list, entry }, at) => {
      const [listOf, entryOf] = [readerOf(list), readerOf(entry)];
      this.levels[at + 1]!.within = (value) => ((listOf(value) ?? []) as unknown[]).map(entryOf);
    });
    this.above = columns.map(() => null);
    for (const { at, read } of this.levels[0]!.cells) this.above[at] = cellOf(read(head));
  }

  get columns(): readonly Column[] {
    return this.listing.columns;
  }

  /** The rows of some entries, each the JSON of one. */
  rowsOf(entries: readonly Entry[]): Cell[][] {
    const rows: Cell[][] = [];
    for (const entry of JSON.parse(`[${entries.join(',')}]`)) this.fill(1, entry, this.above, rows);
    return rows;
  }

  linesOf(entries: readonly Entry[]): readonly string[] {
    return entries as readonly string[];
  }

  private fill(level: number, value: unknown, above: Cell[], rows: Cell[][]): void {
    const { cells, within } = this.levels[level]!;
    const row = above.slice();
    for (const { at, read } of cells) row[at] = cellOf(read(value));
    const inner = within?.(value);
    if (inner && inner.length > 0) for (const entry of inner) this.fill(level + 1, entry, row, rows);
    else rows.push(row);
  }
}

/** Rows that are a table already, whose cells are told apart by the types of their columns. */
export class PlainTable implements Rows {
  private readonly readers: ((text: string) => Cell)[];

  constructor(readonly columns: readonly Column[]) {
    this.readers = columns.map(({ type }) =>
      type === 'Int' || type === 'Float'
        ? Number
        : type === 'Boolean'
          ? (text) => text === 't'
          : (text) => text,
    );
  }

  rowsOf(entries: readonly Entry[]): Cell[][] {
    return (entries as readonly (readonly (string | null)[])[]).map((row) =>
      row.map((text, at) => (text === null ? null : this.readers[at]!(text))),
    );
  }

  linesOf(entries: readonly Entry[]): readonly string[] {
    return this.rowsOf(entries).map((row) =>
      JSON.stringify(Object.fromEntries(row.map((cell, at) => [this.columns[at]!.name, cell]))),
    );
  }
}

function readerOf(path: Path): Reader {
  const [first, ...rest] = path;
  if (first === undefined) return (value) => value;
  const step: Reader = (value) => (value as Record<string | number, unknown> | null | undefined)?.[first];
  if (rest.length === 0) return step;
  const further = readerOf(rest);
  return (value) => further(step(value));
}

/** What stands in a cell: of a list of texts, all of them. */
function cellOf(value: unknown): Cell {
  if (Array.isArray(value)) return value.join('; ');
  return (value ?? null) as Cell;
}
