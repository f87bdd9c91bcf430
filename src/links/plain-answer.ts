/** What is asked at other addresses than the graph's, and answered in JSON or refused as everything is. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Asking } from '../asking.js';
import type { Answer } from '../graph.js';

export interface Request {
  method: string;
  pathname: string;
  search: string;
  headers: IncomingHttpHeaders;
  /** The text of the body; null where it is too large. */
  body: () => Promise<string | null>;
  /** Whoever asks does so over https, as far as a trusted proxy says. */
  isSecure: boolean;
  asking: Asking;
}

export const json = (status: number, body: unknown, headers: [string, string][] = []): Answer => ({
  status,
  headers: [['Content-Type', 'application/json; charset=utf-8'], ['Cache-Control', 'no-store'], ...headers],
  body: JSON.stringify(body),
  synthetic: false,
});

/** An error in the shape that every other has. */
export const refusal = (
  status: number,
  code: string,
  message: string,
  headers: [string, string][] = [],
): Answer => json(status, { errors: [{ message, extensions: { code } }] }, headers);

/** What an address says beside a question, each once: of two days nobody knows which is meant. */
const BESIDE = ['asOf', 'bom', 'cite'];

/** Why an address is refused that says something twice; null where it does not. */
export function givenTwice(search: string): Answer | null {
  const parameters = new URLSearchParams(search);
  const twice = BESIDE.find((name) => parameters.getAll(name).length > 1);
  return twice === undefined ? null : refusal(400, 'BAD_REQUEST', `${twice}: it is given more than once.`);
}
