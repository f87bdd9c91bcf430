/** A server begins to listen; or says in a sentence why it cannot. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SchoolGraphError } from '../errors.js';
import type { Settings } from '../settings.js';

/** Connections that may wait to be taken, where the system lets so many: of a burst that finds no room, some would be broken off. */
const BACKLOG = 4_096;

/** Returns the port, which is another than asked for where that was 0. */
export async function listening(http: Server, { port, host }: Settings): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new SchoolGraphError(
              'PORT_IN_USE',
              `Port ${port} is taken by another program. Stop it, or choose another: PORT=${port + 1} npm start`,
            )
          : new SchoolGraphError('PORT_IN_USE', `The server cannot listen on port ${port}: ${error.message}`),
      );
    });
    http.listen({ port, backlog: BACKLOG, ...(host ? { host } : {}) }, resolve);
  });
  return (http.address() as AddressInfo).port;
}
