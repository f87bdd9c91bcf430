/**
 * What somebody may spend: a bucket of points that fills up again, a minute's worth at most. Who has spent more
 * than there was waits until it is back. Of whom nothing has been heard for long, nothing is remembered: memory is bounded.
 */
import { LRUCache } from 'lru-cache';

/** Of so many addresses and keys the buckets are remembered; whoever is forgotten begins with a full one. */
const MOST_REMEMBERED = 50_000;
const MINUTE_MS = 60_000;
/** The least that a request costs: to take it in, and to send an answer that is kept. */
export const LEAST_COST = 10;

export class Allowance {
  private left: number;
  private at: number;

  constructor(
    readonly perMinute: number,
    private readonly clock: () => number,
  ) {
    this.left = perMinute;
    this.at = clock();
  }

  /** Points that are left; less than none after a question that cost more. */
  get points(): number {
    const now = this.clock();
    this.left = Math.min(this.perMinute, this.left + ((now - this.at) * this.perMinute) / MINUTE_MS);
    this.at = now;
    return this.left;
  }

  /** Takes so many points off, even more than there are; false where there were none left. */
  take(points: number): boolean {
    if (this.points <= 0) return false;
    this.left -= points;
    return true;
  }

  /** Seconds until there are so many points again. */
  secondsUntil(points: number): number {
    return Math.max(0, Math.ceil(((points - this.points) * MINUTE_MS) / this.perMinute / 1_000));
  }

  /** As headers tell it (draft-ietf-httpapi-ratelimit-headers, 03 to 07). */
  headers(): [string, string][] {
    return [
      ['RateLimit-Limit', String(this.perMinute)],
      ['RateLimit-Remaining', String(Math.max(0, Math.floor(this.points)))],
      ['RateLimit-Reset', String(this.secondsUntil(this.perMinute))],
    ];
  }
}

export class Allowances {
  private readonly remembered = new LRUCache<string, Allowance>({ max: MOST_REMEMBERED });

  constructor(private readonly clock: () => number = () => performance.now()) {}

  /** The allowance of an address or a key. */
  of(name: string, perMinute: number): Allowance {
    const known = this.remembered.get(name);
    if (known && known.perMinute === perMinute) return known;
    const allowance = new Allowance(perMinute, this.clock);
    this.remembered.set(name, allowance);
    return allowance;
  }

  get size(): number {
    return this.remembered.size;
  }
}
