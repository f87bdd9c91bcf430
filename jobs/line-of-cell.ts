/**
 * The line on which each cell of a statistics file stands, in flat arrays: a million entries of a Map would be what
 * memory and the garbage collector feel most. Open addressing, never more than half full.
 */
export class LineOfCell {
  private places = new Int32Array(1024);
  private rests = new Float64Array(1024);
  /** 0 where nothing stands: lines count from 1. */
  private lines = new Int32Array(1024);
  private size = 0;

  /** Notes the line of a cell, known by its place and a whole number. Returns the line that has it already, or 0. */
  claim(place: number, rest: number, line: number): number {
    if (this.size * 2 >= this.lines.length) this.grow();
    const at = this.find(place, rest);
    const earlier = this.lines[at]!;
    if (earlier === 0) this.put(at, place, rest, line);
    return earlier;
  }

  private put(at: number, place: number, rest: number, line: number): void {
    this.places[at] = place;
    this.rests[at] = rest;
    this.lines[at] = line;
    this.size += 1;
  }

  /** Where the cell stands, or would. */
  private find(place: number, rest: number): number {
    const mask = this.lines.length - 1;
    let mixed = Math.imul(place, 0x9e37_79b1) ^ Math.imul(rest | 0, 0x85eb_ca6b) ^ (rest / 0x1_0000_0000);
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb_352d);
    let at = (mixed ^ (mixed >>> 15)) & mask;
    while (this.lines[at] !== 0 && (this.places[at] !== place || this.rests[at] !== rest))
      at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { places, rests, lines } = this;
    this.places = new Int32Array(places.length * 2);
    this.rests = new Float64Array(rests.length * 2);
    this.lines = new Int32Array(lines.length * 2);
    this.size = 0;
    for (let at = 0; at < lines.length; at += 1) {
      if (lines[at] !== 0) this.put(this.find(places[at]!, rests[at]!), places[at]!, rests[at]!, lines[at]!);
    }
  }
}
