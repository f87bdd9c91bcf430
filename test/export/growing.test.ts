/** A file that is made of bytes is written in parts, and what has been written is forgotten: memory does not grow with the rows. */
import { expect, it } from 'vitest';
import type { Column } from '../../schema/select/listing.js';
import { formatNamed } from '../../src/export/format.js';
import { Table } from '../../src/export/table.js';

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

const ENTRIES = Array.from({ length: BATCH }, (_, row) =>
  JSON.stringify(Object.fromEntries(COLUMNS.map(({ name, type }) => [name, VALUES[type]!(row)]))),
);

/** Writes so many batches, and tells the bytes, the largest part, and the most memory that the process had. */
function write(ending: string, batches: number) {
  const table = new Table({ columns: COLUMNS, nested: [] }, null);
  const about = { citations: [], notes: [], synthetic: false, datedOn: null };
  const writer = formatNamed(ending)!.open(table, { bom: false, sources: false }, about);
  let [bytes, largest, memory] = [0, 0, 0];
  const take = (part: string | Buffer) => {
    bytes += part.length;
    largest = Math.max(largest, part.length);
    memory = Math.max(memory, process.memoryUsage.rss());
  };
  take(writer.begin());
  for (let batch = 0; batch < batches; batch += 1) take(writer.write(ENTRIES));
  take(writer.end());
  expect(writer.rows).toBe(batches * BATCH);
  return { bytes, largest, memory };
}

it.each(['xlsx', 'parquet'])('.%s', (ending) => {
  const few = [1, 2, 3].map(() => write(ending, 40));
  const before = Math.max(...few.map(({ memory }) => memory));
  const many = write(ending, 120);
  expect(many.bytes).toBeGreaterThan(2 * few[0]!.bytes);
  expect(many.largest).toBeLessThan(many.bytes / 2);
  expect(many.memory - before).toBeLessThan(80_000_000);
});
