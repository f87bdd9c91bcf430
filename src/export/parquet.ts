/**
 * Parquet: typed columns, written a group of rows at a time and handed on. What is kept until the end is where each group
 * begins. The sources, and that data are made up, stand in the file's own metadata.
 */
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { Format } from './format.js';
import type { Cell } from './table.js';

/** Of a group of rows. */
const CELLS_AT_ONCE = 200_000;

type Element = ConstructorParameters<typeof ParquetWriter>[0]['schema'][number];

const TEXT: Partial<Element> = { type: 'BYTE_ARRAY', converted_type: 'UTF8' };
/** By the name of a type in the graph; any other is a text. */
const ELEMENTS: Record<string, Partial<Element>> = {
  Int: { type: 'INT32' },
  Float: { type: 'DOUBLE' },
  Boolean: { type: 'BOOLEAN' },
  LocalDate: { type: 'INT32', converted_type: 'DATE' },
  DateTimeISO: { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
};

/** A cell as its column holds it. */
const valueIn = (type: string) => {
  if (type === 'LocalDate' || type === 'DateTimeISO')
    return (cell: Cell) => (cell === null ? null : new Date(String(cell)));
  return type in ELEMENTS ? (cell: Cell) => cell : (cell: Cell) => (cell === null ? null : String(cell));
};

export const PARQUET: Format = {
  mediaTypes: ['application/vnd.apache.parquet'],
  extension: 'parquet',
  isTable: true,
  isBinary: true,
  open: (table, _options, { citations, notes, synthetic }) => {
    const { columns } = table;
    const values = columns.map(({ type }) => valueIn(type));
    const bytes = new ByteWriter();
    const writer = new ParquetWriter({
      writer: bytes,
      schema: [
        { name: 'root', num_children: columns.length },
        ...columns.map(
          ({ name, type }): Element => ({ name, repetition_type: 'OPTIONAL', ...(ELEMENTS[type] ?? TEXT) }),
        ),
      ],
      createdBy: 'schoolgraph',
      kvMetadata: [{ key: 'schoolgraph', value: JSON.stringify({ synthetic, notes, sources: citations }) }],
    });
    const rowsAtOnce = Math.ceil(CELLS_AT_ONCE / Math.max(1, columns.length));
    let waiting: Cell[][] = [];
    const flush = () => {
      if (waiting.length > 0) {
        const columnData = columns.map(({ name }, at) => ({
          name,
          data: waiting.map((row) => values[at]!(row[at]!)),
        }));
        writer.write({ columnData, rowGroupSize: waiting.length });
        waiting = [];
      }
    };
    /** What has been written since it was last taken: the place in the file stays known. */
    const taken = () => {
      const part = Buffer.from(bytes.getBytes());
      bytes.index = 0;
      return part;
    };
    return {
      rows: 0,
      begin: taken,
      write(entries) {
        const rows = table.rowsOf(entries);
        this.rows += rows.length;
        for (const row of rows) waiting.push(row);
        if (waiting.length >= rowsAtOnce) flush();
        return taken();
      },
      end: () => {
        flush();
        writer.finish();
        return taken();
      },
    };
  },
};
