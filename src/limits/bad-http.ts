/** What is no HTTP, too long, or too slow in coming is refused in the shape of every refusal, and its connection closed. */
import type { Duplex } from 'node:stream';
import { SAFE_HEADERS } from '../access/headers.js';
import { type ErrorCode, errorBody } from '../errors.js';

const REFUSALS: Record<string, { status: string; code: ErrorCode; message: string }> = {
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: '408 Request Timeout',
    code: 'TIMED_OUT',
    message: 'The request took too long to arrive.',
  },
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    code: 'QUERY_TOO_LARGE',
    message: 'The address and the headers are too long: send a long question with POST.',
  },
};
const OTHERWISE: (typeof REFUSALS)[string] = {
  status: '400 Bad Request',
  code: 'BAD_REQUEST',
  message: 'This is no HTTP request.',
};

export function refuseBadHttp(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  end(socket, REFUSALS[error.code ?? ''] ?? OTHERWISE);
}

/** A tunnel to elsewhere (CONNECT) is asked for. */
export function refuseTunnel(socket: Duplex): void {
  // Node leaves the connection to us, and what goes wrong with it.
  socket.on('error', () => {});
  end(socket, {
    status: '405 Method Not Allowed',
    code: 'BAD_REQUEST',
    message: 'This is no proxy: the graph is at /graphql.',
  });
}

function end(socket: Duplex, { status, code, message }: (typeof REFUSALS)[string]): void {
  const body = errorBody(code, message);
  const headers = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    ...SAFE_HEADERS,
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status}`, ...lines, '', body].join('\r\n'));
}
