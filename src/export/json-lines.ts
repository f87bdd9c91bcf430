/** JSON lines: each entry as the graph answers with it, in the text that Postgres made. */
import type { Format } from './format.js';

export const JSON_LINES: Format = {
  mediaTypes: ['application/jsonl', 'application/x-ndjson'],
  extension: 'jsonl',
  isTable: false,
  isBinary: false,
  open: (table) => ({
    rows: 0,
    begin: () => '',
    write(entries) {
      this.rows += entries.length;
      const whole = table.linesOf(entries);
      const lines = whole.join('\n');
      // Postgres sets the entries of a list within an entry each on a line; in a text a new line is written \n.
      const isPlain = !whole.some((entry) => entry.includes('\n'));
      return `${isPlain ? lines : whole.map((entry) => entry.replaceAll('\n', '')).join('\n')}\n`;
    },
    end: () => '',
  }),
};
