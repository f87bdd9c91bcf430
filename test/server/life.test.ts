/** From listening to closing: the server says at each moment what it can do. */
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/database/database.js';
import { GraphHttpServer } from '../../src/http/server.js';
import { readSettings } from '../../src/settings.js';
import { hasRealFiles, loadedDatabase, ownDatabase } from '../database.js';
import { openTables } from '../graph/tables.js';
import { startGraph } from '../graph.js';

const open: { close: () => Promise<unknown> }[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

const settingsOf = (url: string, port = '0') =>
  readSettings({ PORT: port, HOST: '127.0.0.1', DATABASE_URL: url });
const ask = (address: string, query = '{ england { name } }') =>
  fetch(`${address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
  });

describe('while starting', () => {
  it('is alive, not ready, and answers questions with 503 until it is open', async () => {
    const settings = settingsOf(loadedDatabase('sample'));
    const server = new GraphHttpServer(settings);
    open.push(server);
    const address = `http://127.0.0.1:${await server.listen()}`;
    const health = await fetch(`${address}/healthz`);
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
    const ready = await fetch(`${address}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { errors: [{ extensions: { code: 'STARTING' } }] },
    ]);
    for (const response of [
      await ask(address),
      await fetch(`${address}/graphql`, { headers: { Accept: 'text/html' } }),
    ]) {
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('2');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(await response.json()).toMatchObject({
        errors: [{ message: expect.stringMatching(/moment/), extensions: { code: 'STARTING' } }],
      });
    }
    const { readerUrl, readerOptions } = await openDatabase(settings, () => {});
    await server.open(readerUrl, readerOptions);
    const opened = await fetch(`${address}/readyz`);
    expect([opened.status, await opened.json()]).toEqual([200, { status: 'ready', synthetic: true }]);
    expect((await ask(address)).status).toBe(200);
  });

  it('says which port is taken, and what to do', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => other.close(resolve)) });
    const { port } = other.address() as AddressInfo;
    const server = new GraphHttpServer(settingsOf(loadedDatabase('sample'), String(port)));
    await expect(server.listen()).rejects.toMatchObject({
      code: 'PORT_IN_USE',
      message: expect.stringMatching(new RegExp(`Port ${port} is taken.*PORT=${port + 1} npm start`)),
    });
    await server.close();
  });

  it('can be closed before it was opened', async () => {
    const server = new GraphHttpServer(settingsOf(loadedDatabase('sample')));
    const address = `http://127.0.0.1:${await server.listen()}`;
    await server.close();
    await expect(fetch(`${address}/healthz`)).rejects.toThrow();
  });
});

describe('on made-up data', () => {
  it('every answer says so: in a header, in the graph, on the page', async () => {
    const graph = await startGraph(loadedDatabase('sample'));
    open.push(graph);
    const answer = await ask(graph.address, '{ dataStatus { synthetic } }');
    expect(answer.headers.get('x-schoolgraph-data')).toBe('synthetic');
    expect(await answer.json()).toMatchObject({ data: { dataStatus: { synthetic: true } } });
    const refusal = await ask(graph.address, '{ nothing }');
    expect(refusal.headers.get('x-schoolgraph-data')).toBe('synthetic');
    const page = await fetch(`${graph.address}/graphql`, { headers: { Accept: 'text/html' } });
    expect(page.headers.get('x-schoolgraph-data')).toBe('synthetic');
    expect(await page.text()).toMatch(/SYNTHETIC SAMPLE/);
  });
});

describe.skipIf(!hasRealFiles())('on real data', () => {
  it('nothing says that they are made up', async () => {
    const graph = await startGraph(loadedDatabase('real'));
    open.push(graph);
    const answer = await ask(graph.address, '{ dataStatus { synthetic } }');
    expect(answer.headers.has('x-schoolgraph-data')).toBe(false);
    expect(await answer.json()).toMatchObject({ data: { dataStatus: { synthetic: false } } });
    expect(await (await fetch(`${graph.address}/readyz`)).json()).toEqual({
      status: 'ready',
      synthetic: false,
    });
    const page = await fetch(`${graph.address}/graphql`, { headers: { Accept: 'text/html' } });
    expect(await page.text()).not.toMatch(/SYNTHETIC/);
  });
});

describe('when the data change', () => {
  it('says so within a second or two, without a restart', async () => {
    const database = await ownDatabase('sample');
    const tables = await openTables(database.url);
    const graph = await startGraph(database.url);
    try {
      expect((await ask(graph.address)).headers.get('x-schoolgraph-data')).toBe('synthetic');
      await tables.rows('UPDATE data_version SET version = version + 1, synthetic = false');
      await expect
        .poll(async () => (await ask(graph.address)).headers.get('x-schoolgraph-data'), { timeout: 20_000 })
        .toBeNull();
    } finally {
      await graph.close();
      await tables.close();
      await database.drop();
    }
  });
});

it('a connection may rest for longer than what stands in front keeps one: a minute', async () => {
  const graph = await startGraph(loadedDatabase('sample'));
  open.push(graph);
  expect((await ask(graph.address)).headers.get('keep-alive')).toBe('timeout=65');
});

describe('when it closes', () => {
  it('finishes the answer under way, takes no other, and leaves no connection to the database', async () => {
    const database = await ownDatabase('sample');
    const tables = await openTables(database.url);
    const graph = await startGraph(database.url);
    const breakOff = vi.spyOn(Server.prototype, 'closeAllConnections');
    try {
      await ask(graph.address);
      await tables.rows('BEGIN');
      await tables.rows('LOCK TABLE region IN ACCESS EXCLUSIVE MODE');
      const answer = ask(graph.address, '{ regions { name } dataStatus { synthetic } }');
      await expect
        .poll(
          async () =>
            (
              await tables.rows(
                "SELECT count(*)::int AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE d.datname = current_database() AND l.relation = 'region'::regclass AND NOT l.granted",
              )
            )[0].n,
          { timeout: 20_000 },
        )
        .toBe(1);
      let closed = false;
      const closing = graph.close().then(() => {
        closed = true;
      });
      await expect(fetch(`${graph.address}/healthz`)).rejects.toThrow();
      expect(closed).toBe(false);
      await tables.rows('COMMIT');
      const response = await answer;
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ data: { dataStatus: { synthetic: true } } });
      // The reader keeps the connection for other questions: that is not waited for, nor is it broken off in the end.
      await closing;
      expect(breakOff).not.toHaveBeenCalled();
      await expect
        .poll(
          async () =>
            tables.rows(
              "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'",
            ),
          { timeout: 20_000 },
        )
        .toEqual([]);
    } finally {
      breakOff.mockRestore();
      await tables.close();
      await database.drop();
    }
  });

  /** A list under way, of which somebody has read the beginning. */
  async function taken(graph: { address: string }) {
    const query = '{ schools { nodes { urn name trust { name } localAuthority { name region { name } } } } }';
    const link = `${graph.address}/graphql.csv?query=${encodeURIComponent(query)}`;
    const whole = await (await fetch(link)).text();
    const under = await new Promise<IncomingMessage>((resolve) => get(link, resolve));
    await once(under, 'readable');
    return { whole, under };
  }

  it('lets a file that is being taken away come to its end, however long that takes', async () => {
    const graph = await startGraph(loadedDatabase(hasRealFiles() ? 'real' : 'sample'));
    const { whole, under } = await taken(graph);
    let closed = false;
    const closing = graph.close(new AbortController().signal).then(() => {
      closed = true;
    });
    await expect
      .poll(
        () =>
          fetch(`${graph.address}/healthz`).then(
            () => false,
            () => true,
          ),
        { timeout: 20_000 },
      )
      .toBe(true);
    if (hasRealFiles()) expect(closed).toBe(false);
    let read = '';
    for await (const part of under.setEncoding('utf8')) read += part;
    expect(read).toBe(whole);
    await closing;
  });

  it.each([
    ['has asked nothing yet, as browsers keep one ready', ''],
    ['has not said all that it asks', 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Le'],
    ['has had its answer', 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('does not wait for a connection that %s', async (_, said) => {
    const graph = await startGraph(loadedDatabase('sample'));
    const { port } = new URL(graph.address);
    const socket = connect(Number(port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(said);
    // That it has arrived: another that came later has been answered.
    expect((await fetch(`${graph.address}/healthz`)).status).toBe(200);
    const gone = once(socket.resume(), 'close');
    // However long it could wait.
    await graph.close(new AbortController().signal);
    await gone;
  });

  it.skipIf(!hasRealFiles())(
    'waits no longer than it is to, and then breaks off what has not come to its end',
    async () => {
      const graph = await startGraph(loadedDatabase('real'), { SHUTDOWN_MS: '0' });
      const { under } = await taken(graph);
      const broken = once(under, 'error').then(([error]) => error.code);
      await graph.close();
      under.resume();
      expect(await broken).toBe('ECONNRESET');
    },
  );
});
