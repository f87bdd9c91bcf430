/**
 * CSV as RFC 4180 has it, fit to be opened by a spreadsheet: a text that it would take for a formula gets an apostrophe
 * before it. Numbers stay numbers, whatever their sign.
 */
import type { Format } from './format.js';
import type { Cell } from './table.js';

const BYTE_ORDER_MARK = '\ufeff';

/** As a spreadsheet sees them, some of which read the wide characters like the narrow ones. */
const FORMULA = /^[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const QUOTED = /[",\r\n]/;

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function write(rows: Cell[][]): string {
  let lines = '';
  for (const row of rows) {
    for (let at = 0; at < row.length; at += 1) lines += (at === 0 ? '' : ',') + cell(row[at]!);
    lines += '\r\n';
  }
  return lines;
}

export const CSV: Format = {
  mediaTypes: ['text/csv'],
  extension: 'csv',
  isTable: true,
  isBinary: false,
  open: (table, { bom }) => ({
    rows: 0,
    begin: () => (bom ? BYTE_ORDER_MARK : '') + write([table.columns.map(({ name }) => name)]),
    write(entries) {
      const rows = table.rowsOf(entries);
      this.rows += rows.length;
      return write(rows);
    },
    end: () => '',
  }),
};
