/** One request: whose allowance it is charged to, and for how long somebody waits for its answer. */
import type { ServerResponse } from 'node:http';
import { type Allowance, LEAST_COST } from '../limits/allowance.js';
import { Waiting } from '../limits/waiting.js';
import { refuse } from './respond.js';

const LATE = 'There was no answer in time, and the question was stopped. Ask for less, or again in a while.';
const LATE_RETRY_SECONDS = '10';

export class Asking {
  readonly began = performance.now();
  /** In points; null where no question was understood. */
  cost: number | null = null;
  /** Not everybody may ask: no cache on the way may hold the answer. */
  isPrivate = false;
  /** Number of the API key that it came with; null without one. */
  key: number | null = null;
  /** What it is charged to; null where it is charged to nobody. */
  allowance: Allowance | null = null;
  readonly waiting = new Waiting();
  private paid = 0;
  private deadline: NodeJS.Timeout | undefined;

  /** `id`: names the request, here and for whoever asked. `over`: called when it has been answered, or given up. */
  constructor(
    private readonly response: ServerResponse,
    readonly id: string,
    over: (asking: Asking) => void,
  ) {
    response.on('close', () => {
      this.answered();
      over(this);
      if (!response.writableFinished) this.waiting.end(new Gone('whoever asked has gone away'));
    });
  }

  /** Begins the time in which an answer must begin: where it passes, that is told instead. */
  within(milliseconds: number): void {
    this.deadline = setTimeout(() => {
      if (this.response.headersSent) return;
      this.response.setHeader('Retry-After', LATE_RETRY_SECONDS);
      refuse(this.response, 503, 'TIMED_OUT', LATE);
      this.waiting.end(new Gone('the time for an answer has passed'));
    }, milliseconds);
  }

  /** An answer is on its way. */
  answered(): void {
    clearTimeout(this.deadline);
  }

  /** Charges what has not been charged yet; false where there is nothing left to charge it to. */
  pay(points: number): boolean {
    const due = Math.max(LEAST_COST, points) - this.paid;
    if (due <= 0 || !this.allowance) return true;
    if (!this.allowance.take(due)) return false;
    this.paid += due;
    return true;
  }
}

/** Nobody waits for the answer: it need not be told, nor looked into. */
export class Gone extends Error {
  override readonly name = 'Gone';
}
