/**
 * Nobody waits any longer for what a connection does: Postgres is told to stop it. It is asked as any client may ask, with the
 * connection's own secret (CancelRequest), so that the reader needs no further right, and no other connection.
 */
import { connect } from 'node:net';
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';
import type { Waiting } from './waiting.js';

/** What comes while nothing runs is not heeded: it is said again for as long as something does. */
const AGAIN_MS = 250;
const CANCEL_REQUEST = 80_877_102;

/** What pg knows of a connection, beyond what its types say. */
type Connected = PoolClient & { host: string; port: number; processID: number; secretKey: number };

/** From now until the function is called, what the connection does is stopped where nobody waits. Call it before the connection is given back. */
export function stoppedBy(waiting: Waiting | undefined, client: PoolClient): () => Promise<void> | undefined {
  if (!waiting) return () => undefined;
  let sent: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;
  const stop = () => {
    sent = Promise.all([sent, cancel(client as Connected)]).then(() => {});
    again ??= setInterval(stop, AGAIN_MS);
  };
  const unheard = waiting.whenOver(stop);
  return () => {
    unheard();
    clearInterval(again);
    return sent;
  };
}

/** Resolves when Postgres has closed the connection, having passed the request on: it cannot meet what is asked next. */
function cancel({ host, port, processID, secretKey }: Connected): Promise<void> {
  const request = Buffer.alloc(16);
  for (const [at, value] of [16, CANCEL_REQUEST, processID, secretKey].entries())
    request.writeInt32BE(value, at * 4);
  return new Promise((resolve) => {
    const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
    socket.on('connect', () => socket.write(request));
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** A connection of the pool, unless nobody waits any longer by the time that there is one. */
export async function connected(pool: Pool, waiting: Waiting | undefined): Promise<PoolClient> {
  waiting?.throwIfOver();
  const client = await pool.connect();
  if (!waiting?.over) return client;
  client.release();
  throw waiting.over;
}

const ignored = () => {};

/** Runs one statement on a connection of the pool, as long as somebody waits for it. */
export async function query<Row extends QueryResultRow>(
  pool: Pool,
  statement: QueryConfig<unknown[]>,
  waiting: Waiting | undefined,
): Promise<QueryResult<Row>> {
  const client = await connected(pool, waiting);
  // What breaks while the statement runs, its promise tells.
  client.on('error', ignored);
  const freed = stoppedBy(waiting, client);
  try {
    return await client.query<Row>(statement);
  } finally {
    const stopping = freed();
    if (stopping) await stopping;
    client.off('error', ignored);
    client.release();
  }
}
