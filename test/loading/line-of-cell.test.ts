/** A cell that comes twice is told with the line on which it came first, however many cells there are. */
import { describe, expect, it } from 'vitest';
import { LineOfCell } from '../../jobs/line-of-cell.js';

describe('the line of every cell', () => {
  it('is known again, of a hundred thousand cells that differ in place or in the rest, beyond 32 bits as well', () => {
    const lines = new LineOfCell();
    const cells = Array.from({ length: 100_000 }, (_, at) => ({
      place: at % 317,
      rest: Math.floor(at / 317) * 0x8000 * 65_537 + (at % 2),
    }));
    for (const [at, { place, rest }] of cells.entries()) expect(lines.claim(place, rest, at + 2)).toBe(0);
    for (const [at, { place, rest }] of cells.entries()) expect(lines.claim(place, rest, 1)).toBe(at + 2);
  });
});
