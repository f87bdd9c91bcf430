/**
 * Who may ask, and how much. Without a key a request is charged to the address that it comes from, with one to the key.
 * What is refused here has cost nothing yet: no body has been read.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SchoolGraphError } from '../errors.js';
import { Asking } from '../http/asking.js';
import { networkOf } from '../limits/address.js';
import { type Allowance, Allowances, LEAST_COST } from '../limits/allowance.js';
import { spent } from '../limits/reckoning.js';
import type { Settings } from '../settings.js';
import { type ApiKey, type Keys, keyIn } from './keys.js';

/** A name that somebody else has given the request, in a proxy's log for instance. */
const REQUEST_ID = /^[\w.-]{8,64}$/;

/** Keys that are none, and may be tried from one address in a minute. */
const WRONG_KEYS = 60;

/** Why a request is not admitted, as HTTP tells it. */
export interface Refusal {
  status: number;
  error: SchoolGraphError;
  headers: Record<string, string>;
}

export class Gate {
  private readonly allowances = new Allowances();

  constructor(private readonly settings: Settings) {}

  /** The request as one that has begun. */
  begin(request: IncomingMessage, response: ServerResponse, over: (asking: Asking) => void): Asking {
    const given = String(request.headers['x-request-id'] ?? '');
    const asking = new Asking(response, REQUEST_ID.test(given) ? given : randomUUID(), over);
    asking.isPrivate = this.settings.requireApiKey;
    response.setHeader('X-Request-Id', asking.id);
    return asking;
  }

  /** Why it is refused; null where it is admitted, and charged for having come. `keys`: null while there is no database. */
  async admit(request: IncomingMessage, asking: Asking, keys: Keys | null): Promise<Refusal | null> {
    // What asks a browser's leave has no key yet.
    if (request.method === 'OPTIONS') return null;
    const given = keyIn(request.headers);
    if (given !== null && keys) {
      const tries = this.allowances.of(`keys from ${this.networkOf(request)}`, WRONG_KEYS);
      if (tries.points <= 0) return tooMuch(tries, 1);
      const key = await keys.find(given);
      if (!key) {
        tries.take(1);
        return unknown(true);
      }
      asking.key = key.id;
      asking.allowance = this.ofKey(key);
    } else {
      if (keys && this.settings.requireApiKey) return unknown(false);
      asking.allowance = this.ofAddress(request);
    }
    return asking.pay(LEAST_COST) ? null : tooMuch(asking.allowance!, LEAST_COST);
  }

  private ofAddress(request: IncomingMessage): Allowance | null {
    const { rateLimit } = this.settings;
    return rateLimit === 0 ? null : this.allowances.of(this.networkOf(request), rateLimit);
  }

  private networkOf(request: IncomingMessage): string {
    return networkOf(this.settings.trustedProxies.addressOf(request));
  }

  private ofKey({ id, rateLimit }: ApiKey): Allowance | null {
    const perMinute = rateLimit ?? this.settings.rateLimit;
    return perMinute === 0 ? null : this.allowances.of(`key ${id}`, perMinute);
  }
}

function tooMuch(allowance: Allowance, wanted: number): Refusal {
  const seconds = Math.max(1, allowance.secondsUntil(wanted));
  return {
    status: 429,
    error: spent(seconds),
    headers: { 'Retry-After': String(seconds), ...Object.fromEntries(allowance.headers()) },
  };
}

const unknown = (wasGiven: boolean): Refusal => ({
  status: 401,
  error: new SchoolGraphError(
    'UNAUTHENTICATED',
    wasGiven
      ? 'The API key is not known, or has been revoked. Leave it out, or ask whoever runs this server for another'
      : 'This server answers only those who have an API key: send it as "Authorization: Bearer sg_…". Ask whoever runs the server for one',
  ),
  headers: { 'WWW-Authenticate': 'Bearer' },
});
