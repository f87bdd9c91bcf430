/** Bodies: no more of one is held than a question may have. */
import type { IncomingMessage } from 'node:http';
import { Gone } from '../http/asking.js';

/** The text of the request's body; null where it is larger than `maximum`. Rejects with Gone where it never ends. */
export function readText(request: IncomingMessage, maximum: number): Promise<string | null> {
  if (Number(request.headers['content-length'] ?? 0) > maximum) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maximum) chunks.push(chunk);
      else resolve(null);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.on('error', () => reject(new Gone('whoever asked has gone away')));
  });
}
