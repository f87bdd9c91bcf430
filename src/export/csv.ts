/**
 * CSV as RFC 4180 has it, fit to be opened by a spreadsheet: a text that it would take for a formula gets an apostrophe
 * before it. Numbers stay numbers, whatever their sign.
 */
import { stringify } from 'csv-stringify/sync';
import type { Format } from './format.js';
import type { Cell } from './table.js';

const BYTE_ORDER_MARK = '\ufeff';

const write = (rows: Cell[][]): string =>
  stringify(rows, {
    record_delimiter: '\r\n',
    escape_formulas: true,
    cast: { boolean: (value) => String(value) },
  });

export const CSV: Format = {
  mediaTypes: ['text/csv'],
  extension: 'csv',
  isTable: true,
  open: (table, { bom }) => ({
    rows: 0,
    begin: () => (bom ? BYTE_ORDER_MARK : '') + write([table.header]),
    write(entries) {
      const rows: Cell[][] = [];
      for (const entry of entries) table.add(JSON.parse(entry), rows);
      this.rows += rows.length;
      return write(rows);
    },
    end: () => '',
  }),
};
