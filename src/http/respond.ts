/** How an answer goes out: its headers, its body to the end or not at all, and a refusal in the one shape that errors have. */
import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { describeError, type ErrorCode, errorBody } from '../errors.js';
import type { Answer } from '../graph/graph.js';
import type { Asking } from './asking.js';

export async function give(
  response: ServerResponse,
  { status, headers, body, synthetic, broken, end }: Answer,
  asking: Asking,
): Promise<void> {
  asking.answered();
  // The time has passed, or nobody is there any longer.
  if (response.headersSent || response.destroyed) {
    await end?.();
    return;
  }
  for (const [name, value] of asking.allowance?.headers() ?? []) response.setHeader(name, value);
  for (const [name, value] of headers) {
    if (name.toLowerCase() === 'vary') response.appendHeader(name, value);
    else response.setHeader(name, asking.isPrivate ? value.replace(/^public\b/, 'private') : value);
  }
  markSynthetic(response, synthetic);
  response.statusCode = status;
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    response.end(body);
    return;
  }
  try {
    // Breaks the connection off where the body does: half a file must not be taken for a whole one.
    await pipeline(body, response, broken ? { signal: broken } : {});
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE')
      console.error(`the answer to ${asking.id} broke off: ${describeError(broken?.reason ?? error)}`);
  } finally {
    await end?.();
  }
}

export function markSynthetic(response: ServerResponse, synthetic: boolean): void {
  if (synthetic) response.setHeader('X-SchoolGraph-Data', 'synthetic');
}

export function tooLarge(response: ServerResponse, maximum: number): void {
  response.setHeader('Connection', 'close');
  refuse(response, 413, 'QUERY_TOO_LARGE', `The body is larger than ${maximum} bytes.`);
}

export function send(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

/** Answers with an error in the shape that GraphQL clients expect. */
export function refuse(response: ServerResponse, status: number, code: ErrorCode, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  send(response, status, errorBody(code, message));
}
