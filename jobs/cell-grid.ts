/**
 * The cells of one measure while its file is read: a row for each place, a column for each period. Numbers are kept
 * as numbers, not as the text they were cut from: hundreds of thousands of small strings are what memory and the
 * garbage collector would feel.
 */
export class CellGrid {
  private width = 16;
  private numbers = new Float64Array(0);
  /** Line of the file by cell; 0 where there is none. */
  private lines = new Int32Array(0);
  private readonly texts = new Map<number, string>();
  /** Rows that have a cell, in the order in which they came. */
  readonly rows = new Set<number>();

  /** Line of the cell that stands there already, or 0. */
  lineAt(row: number, column: number): number {
    return column < this.width ? (this.lines[row * this.width + column] ?? 0) : 0;
  }

  /** `text`: what was published, where it is not the plain text of the number. `number`: NaN where there is none. */
  set(row: number, column: number, number: number, text: string | null, line: number): void {
    this.makeRoom(row, column);
    const at = row * this.width + column;
    this.numbers[at] = number;
    this.lines[at] = line;
    if (text !== null) this.texts.set(at, text);
    this.rows.add(row);
  }

  /** The published text of a cell that is not plainly a number. */
  textAt(row: number, column: number): string | undefined {
    return this.texts.size > 0 ? this.texts.get(row * this.width + column) : undefined;
  }

  /** The number in the shortest text that means it, NULL where there is none. */
  numberAt(row: number, column: number): string {
    if (this.lineAt(row, column) === 0) return 'NULL';
    const number = this.numbers[row * this.width + column]!;
    return Number.isNaN(number) ? 'NULL' : String(number);
  }

  private makeRoom(row: number, column: number): void {
    if (column >= this.width) this.widen();
    const needed = (row + 1) * this.width;
    if (needed <= this.lines.length) return;
    const length = Math.max(needed, this.lines.length * 2, 200 * this.width);
    const numbers = new Float64Array(length);
    numbers.set(this.numbers);
    this.numbers = numbers;
    const lines = new Int32Array(length);
    lines.set(this.lines);
    this.lines = lines;
  }

  private widen(): void {
    const before = { width: this.width, numbers: this.numbers, lines: this.lines, texts: [...this.texts] };
    this.width *= 2;
    this.numbers = new Float64Array(before.numbers.length * 2);
    this.lines = new Int32Array(before.lines.length * 2);
    const place = (at: number) => Math.floor(at / before.width) * this.width + (at % before.width);
    for (let at = 0; at < before.lines.length; at += 1) {
      this.numbers[place(at)] = before.numbers[at]!;
      this.lines[place(at)] = before.lines[at]!;
    }
    this.texts.clear();
    for (const [at, text] of before.texts) this.texts.set(place(at), text);
  }
}
