/** What is asked at other addresses than the graph's, and answered in JSON or refused as everything is. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from '../graph/graph.js';
import type { Asking } from '../http/asking.js';

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

/** What is switched on by an address with 1. */
const SWITCHES = ['bom', 'cite'];
/** What an address says beside a question, each once: of two days nobody knows which is meant. */
const BESIDE = ['asOf', ...SWITCHES];

/** Why an address is refused that says something twice, or switches on with another word than 1; null where it does not. */
export function saidWrongly(search: string): Answer | null {
  if (search === '') return null;
  const parameters = new URLSearchParams(search);
  const twice = BESIDE.find((name) => parameters.getAll(name).length > 1);
  if (twice !== undefined) return refusal(400, 'BAD_REQUEST', `${twice}: it is given more than once.`);
  const unclear = SWITCHES.find((name) => !['1', '0'].includes(parameters.get(name) ?? '0'));
  return unclear === undefined
    ? null
    : refusal(400, 'BAD_REQUEST', `${unclear}: must be 1. Leave it out where it is not wanted.`);
}
