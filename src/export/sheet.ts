/**
 * Cells and rows of a spreadsheet as SpreadsheetML (ECMA-376) has them. Numbers are numbers, days are days, and a text is a
 * text whatever it begins with: no cell is ever a formula. Texts stand in their cells, so that a sheet needs no memory of
 * those before.
 */
import type { Cell } from './table.js';

/** What a column holds: the name of its type in the graph. */
type CellType = string;

/** Places in the list of styles: see STYLES in workbook.ts. */
const DAY_STYLE = 1;
const MOMENT_STYLE = 2;
const HEADER_STYLE = 3;

/** The most that a cell may hold. */
const LONGEST_TEXT = 32_767;
/** The most columns of a sheet. */
export const MOST_COLUMNS = 16_384;

const DAY_MS = 86_400_000;
/** Day 0, for days from 1 March 1900 on: spreadsheets know a 29 February of 1900, which there was not. */
const DAY_0 = Date.UTC(1899, 11, 30);
const FIRST_DAY = Date.UTC(1900, 2, 1);

/** Characters that XML cannot hold as they are, and a text that would be read as one of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_IN_XML = /[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)/g;
const MARKUP = /[&<>]/g;
const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const escaped = (text: string): string =>
  (text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text)
    .replace(NOT_IN_XML, (one) => `_x${one.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`)
    .replace(MARKUP, (one) => ESCAPED[one]!);

/** A, B … Z, AA … */
function letters(at: number): string {
  const last = String.fromCharCode(65 + (at % 26));
  return at < 26 ? last : letters(Math.floor(at / 26) - 1) + last;
}

/** The number by which spreadsheets know a moment; null where they cannot. */
function serialOf(text: string): number | null {
  const time = Date.parse(text);
  return Number.isNaN(time) || time < FIRST_DAY ? null : (time - DAY_0) / DAY_MS;
}

const STYLE_OF: Record<string, number> = { LocalDate: DAY_STYLE, DateTimeISO: MOMENT_STYLE };

/** Writes the rows of one sheet, one after another. */
export class Sheet {
  private readonly letters: string[];
  private row = 0;

  constructor(private readonly types: readonly CellType[]) {
    this.letters = types.map((_, at) => letters(at));
  }

  static readonly BEGIN =
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>';
  static readonly END = '</sheetData></worksheet>';

  header(names: readonly string[]): string {
    return this.write(names.map((name, at) => this.text(at, name, ` s="${HEADER_STYLE}"`)));
  }

  rows(rows: readonly (readonly Cell[])[]): string {
    let written = '';
    for (const row of rows) written += this.write(row.map((cell, at) => this.cell(at, cell)));
    return written;
  }

  private write(cells: string[]): string {
    this.row += 1;
    return `<row r="${this.row}">${cells.join('')}</row>`;
  }

  private cell(at: number, cell: Cell): string {
    if (cell === null) return '';
    const place = `<c r="${this.letters[at]}${this.row + 1}"`;
    if (typeof cell === 'number') return `${place}><v>${cell}</v></c>`;
    if (typeof cell === 'boolean') return `${place} t="b"><v>${cell ? 1 : 0}</v></c>`;
    const style = STYLE_OF[this.types[at]!];
    const serial = style === undefined ? null : serialOf(cell);
    return serial === null ? this.text(at, cell) : `${place} s="${style}"><v>${serial}</v></c>`;
  }

  private text(at: number, text: string, style = ''): string {
    return `<c r="${this.letters[at]}${this.row + 1}"${style} t="inlineStr"><is><t xml:space="preserve">${escaped(text)}</t></is></c>`;
  }
}
