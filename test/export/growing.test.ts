/** A file that is made of bytes is written in parts, and what has been written is forgotten: memory does not grow with the rows. */
import { expect, it } from 'vitest';
import type { Column } from '../../schema/select/listing.js';
import { formatNamed } from '../../src/export/format.js';
import { Table } from '../../src/export/table.js';
import { bytesInUse } from './bytes-in-use.js';

const TYPES = [
  'Int',
  'String',
  'LocalDate',
  'Float',
  'String',
  'String',
  'Boolean',
  'String',
  'String',
  'String',
];
const COLUMNS: Column[] = TYPES.map((type, at) => ({
  name: `c${at}`,
  level: 1,
  path: [`c${at}`],
  type,
  meaning: '',
  values: {},
}));
const VALUES: Record<string, (row: number) => unknown> = {
  Int: (row) => row,
  Float: (row) => row / 7,
  Boolean: (row) => row % 2 === 0,
  LocalDate: (row) => new Date(Date.UTC(2000, 0, 1 + (row % 9_000))).toISOString().slice(0, 10),
  String: (row) => `A school of some name, ${(row * 7_919) % 10_007}`,
};
const BATCH = 1_000;
const MOST_BYTES = 2_000_000;

const ENTRIES = Array.from({ length: BATCH }, (_, row) =>
  JSON.stringify(Object.fromEntries(COLUMNS.map(({ name, type }) => [name, VALUES[type]!(row)]))),
);

/** Writes so many batches, and tells the bytes, the largest part, and the most memory that was in use, looked at four times. */
function write(ending: string, batches: number) {
  const table = new Table({ columns: COLUMNS, nested: [] }, null);
  const about = { citations: [], notes: [], synthetic: false, datedOn: null };
  const writer = formatNamed(ending)!.open(table, { bom: false, sources: false }, about);
  let [bytes, largest, memory] = [0, 0, 0];
  const take = (part: string | Buffer) => {
    bytes += part.length;
    largest = Math.max(largest, part.length);
  };
  take(writer.begin());
  for (let batch = 1; batch <= batches; batch += 1) {
    take(writer.write(ENTRIES));
    if (batch % (batches / 4) === 0) memory = Math.max(memory, bytesInUse());
  }
  take(writer.end());
  expect(writer.rows).toBe(batches * BATCH);
  return { bytes, largest, memory };
}

it.each(['xlsx', 'parquet'])('.%s', (ending) => {
  const few = write(ending, 40);
  const many = write(ending, 120);
  expect(many.bytes).toBeGreaterThan(2 * few.bytes);
  expect(many.largest).toBeLessThan(many.bytes / 2);
  expect(many.memory - few.memory).toBeLessThan(MOST_BYTES);
});
