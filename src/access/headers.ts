/**
 * What browsers are told: which pages may read an answer, and what the one page of ours may do. It asks nobody but this
 * server, and is shown within no other page.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../settings.js';

/** Any origin may read. */
const ANY = '*';

/** Which of our headers another page may read. */
const EXPOSED = [
  'X-SchoolGraph-Data',
  'X-SchoolGraph-Notes',
  'X-SchoolGraph-As-Of',
  'X-Request-Id',
  'Content-Disposition',
  'ETag',
  'Link',
  'RateLimit-Limit',
  'RateLimit-Remaining',
  'RateLimit-Reset',
  'Retry-After',
].join(', ');
const ALLOWED_METHODS = 'GET, HEAD, POST, OPTIONS';
const ALLOWED_HEADERS = [
  'Content-Type',
  'Apollo-Require-Preflight',
  'Authorization',
  'X-API-Key',
  'X-Request-Id',
  // Of the Model Context Protocol.
  'MCP-Protocol-Version',
  'Mcp-Method',
  'Mcp-Name',
].join(', ');
const A_DAY = '86400';
const A_YEAR = 31_536_000;

/** Of every answer, whatever it is: it is what it says, no page of another's, and fetches nothing. The page itself may do more. */
export const SAFE_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
};

/** For every answer: who may read it. */
export function tellBrowsers(request: IncomingMessage, response: ServerResponse, settings: Settings): void {
  const { corsOrigins, trustedProxies } = settings;
  for (const [name, value] of Object.entries(SAFE_HEADERS)) response.setHeader(name, value);
  if (trustedProxies.isSecure(request)) response.setHeader('Strict-Transport-Security', `max-age=${A_YEAR}`);
  const origin = corsOrigins.includes(ANY) ? ANY : request.headers.origin;
  if (origin !== ANY) response.setHeader('Vary', 'Origin');
  if (origin === undefined || (origin !== ANY && !corsOrigins.includes(origin))) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Expose-Headers', EXPOSED);
}

/** Whether a page of this origin may ask at all: whatever is not a page may. Its own address is no proof, for a name can be made to lead here. */
export function isFromAllowedPage(
  { headers: { origin } }: IncomingMessage,
  { corsOrigins }: Settings,
): boolean {
  return origin === undefined || corsOrigins.includes(ANY) || corsOrigins.includes(origin);
}

/** Answers a browser that asks whether a page may send what it wants to send. */
export function answerPreflight(response: ServerResponse): void {
  response.writeHead(204, {
    'Access-Control-Allow-Methods': ALLOWED_METHODS,
    'Access-Control-Allow-Headers': ALLOWED_HEADERS,
    'Access-Control-Max-Age': A_DAY,
  });
  response.end();
}

/** Of our page: it runs its own scripts, asks this server, and is shown within no other. */
export const PAGE_HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    // GraphiQL and its editor set styles on elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
};
