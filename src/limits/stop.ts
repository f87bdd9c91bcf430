/**
 * Nobody waits any longer for what a connection does: Postgres is told to stop it. It is asked as any client may ask, with the
 * connection's own secret (CancelRequest), so that the reader needs no further right, and no other connection.
 */
import { connect } from 'node:net';
import type { Pool, PoolClient, QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** What comes while nothing runs is not heeded: it is said again for as long as something does. */
const AGAIN_MS = 250;
const CANCEL_REQUEST = 80_877_102;

/** What pg knows of a connection, beyond what its types say. */
type Connected = PoolClient & { host: string; port: number; processID: number; secretKey: number };

/** From now until the function is called, `signal` stops what the connection does. Call it before the connection is given back. */
export function stoppedBy(
  signal: AbortSignal | undefined,
  client: PoolClient,
): () => Promise<void> | undefined {
  if (!signal) return () => undefined;
  let sent: Promise<void> | undefined;
  let again: NodeJS.Timeout | undefined;
  const stop = () => {
    sent = Promise.all([sent, cancel(client as Connected)]).then(() => {});
    again ??= setInterval(stop, AGAIN_MS);
  };
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  return () => {
    signal.removeEventListener('abort', stop);
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
export async function connected(pool: Pool, signal: AbortSignal | undefined): Promise<PoolClient> {
  signal?.throwIfAborted();
  const client = await pool.connect();
  if (!signal?.aborted) return client;
  client.release();
  throw signal.reason;
}

const ignored = () => {};

/** Runs one statement on a connection of the pool, until `signal` says that nobody waits for it. */
export async function query<Row extends QueryResultRow>(
  pool: Pool,
  statement: QueryConfig<unknown[]>,
  signal: AbortSignal | undefined,
): Promise<QueryResult<Row>> {
  const client = await connected(pool, signal);
  // What breaks while the statement runs, its promise tells.
  client.on('error', ignored);
  const freed = stoppedBy(signal, client);
  try {
    return await client.query<Row>(statement);
  } finally {
    const stopping = freed();
    if (stopping) await stopping;
    client.off('error', ignored);
    client.release();
  }
}
