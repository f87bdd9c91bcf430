/** What is no HTTP, too long, or too slow in coming is refused in the shape of every refusal, and its connection closed. */
import type { Duplex } from 'node:stream';
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
  const { status, code, message } = REFUSALS[error.code ?? ''] ?? OTHERWISE;
  const body = errorBody(code, message);
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
