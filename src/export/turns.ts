/** Turns: so many at once, the others wait in the order they came, for so long. */
import { SchoolGraphError } from '../errors.js';

export class Turns {
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    private readonly atOnce: number,
    private readonly patienceMs: number,
  ) {}

  /** Waits for a turn. Whoever has had one gives it back. */
  async take(): Promise<void> {
    if (this.taken < this.atOnce) {
      this.taken += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const turn = () => {
        clearTimeout(patience);
        resolve();
      };
      const patience = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(turn), 1);
        reject(
          new SchoolGraphError(
            'BUSY',
            `${this.atOnce} lists are being taken away, as many as can be at once: ask again in a while.`,
          ),
        );
      }, this.patienceMs);
      this.waiting.push(turn);
    });
  }

  /** Gives a turn back: to whoever has waited longest. */
  giveBack(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.taken -= 1;
  }
}
