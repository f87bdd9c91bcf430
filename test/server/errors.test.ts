/** A fault of ours says that it is ours, gives a reference, and shows nothing of what is inside. */
import pg from 'pg';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  type MockInstance,
  vi,
} from 'vitest';
import { loadedDatabase, type OwnDatabase, onServer, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

let log: MockInstance<typeof console.error>;
beforeEach(() => {
  log = vi.spyOn(console, 'error').mockImplementation(() => {});
});
afterEach(() => {
  log.mockRestore();
});

const ABOUT_SCHOOLS =
  '{ trusts(first: 1) { nodes { schools(first: 1) { nodes { indicator(id: "suspension-rate") { series { value } } } } } } }';

describe('a question of which one part is asked wrongly', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'));
  });
  afterAll(() => graph.close());

  it('is answered in the other parts, with one error that names the wrong one', async () => {
    const { data, errors } = await graph.ask(
      '{ england { name } wrong: school(urn: 1) { urn } regions { name } bad: england { indicator(id: "nope") { latest { value } } } }',
    );
    expect(data).toMatchObject({ england: { name: 'England' }, wrong: null, bad: null });
    expect(data.regions).toHaveLength(9);
    expect(errors?.map(({ path, extensions }) => ({ path, code: extensions.code }))).toEqual([
      { path: ['wrong'], code: 'BAD_USER_INPUT' },
      { path: ['bad'], code: 'UNKNOWN_INDICATOR' },
    ]);
  });
});

describe('a question that takes too long', () => {
  let database: OwnDatabase;
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    database = await ownDatabase('sample');
    graph = await startGraph(database.url, { STATEMENT_TIMEOUT_MS: '500', READER_CONNECTIONS: '1' });
    tables = await openTables(database.url);
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
    await database.drop();
  });

  it.each([
    ['in one statement', ABOUT_SCHOOLS],
    ['in a snapshot', ABOUT_SCHOOLS.replace('series { value', 'series { release { id } value')],
  ])('%s is stopped, and says what to do', async (_how, query) => {
    // However fast the machine: it waits for what another holds.
    await tables.rows('BEGIN');
    await tables.rows('LOCK TABLE school IN ACCESS EXCLUSIVE MODE');
    const { data, errors } = await graph.ask(query).finally(() => tables.rows('ROLLBACK'));
    expect(data).toEqual({ trusts: null });
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/took too long.*fewer/),
        path: ['trusts'],
        locations: expect.anything(),
        extensions: { code: 'TIMED_OUT' },
      },
    ]);
    // It is the asker's to mend, and no fault to look into.
    expect(log).not.toHaveBeenCalled();
    // The one connection is good for the next.
    expect(await graph.ask('{ regions { code } dataStatus { synthetic } }')).toMatchObject({
      data: { dataStatus: { synthetic: true } },
    });
  });
});

describe('a fault of ours', () => {
  let database: OwnDatabase;
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    database = await ownDatabase('sample');
    graph = await startGraph(database.url, { READER_CONNECTIONS: '1' });
    tables = await openTables(database.url);
    await tables.rows('DROP TABLE establishment_link CASCADE');
    await tables.rows('ALTER TABLE issue RENAME TO issue_elsewhere');
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
    await database.drop();
  });

  it.each([
    ['in the statement', '{ schools(first: 1) { nodes { links { urn } } } }', 'establishment_link'],
    ['in a resolver', '{ dataStatus { dataSets { lastRun { issues { value } } } } }', 'issue'],
  ])('%s is masked, and logged under the reference that the asker gets', async (_where, query, table) => {
    const response = await fetch(`${graph.address}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query }),
    });
    const text = await response.text();
    const { errors } = JSON.parse(text);
    expect(errors.length).toBeGreaterThan(0);
    const logged = log.mock.calls.flat().join('\n');
    for (const { message, extensions } of errors) {
      expect(extensions).toEqual({ code: 'INTERNAL' });
      const [, reference] =
        /^Something went wrong here, and it is not your doing\. Reference: ([0-9a-f-]{36})$/.exec(message)!;
      expect(logged).toContain(reference);
    }
    expect(text).not.toMatch(
      new RegExp(`${table}"|relation|SELECT|stacktrace|node_modules|\\.ts|\\.js|/work|postgres`),
    );
    expect(logged).toMatch(new RegExp(`relation "(schoolgraph\\.)?${table}" does not exist`));
  });

  it('leaves the other questions answered, on the same connection', async () => {
    const { data, errors } = await graph.ask(
      '{ schools(first: 1) { nodes { urn } } dataStatus { synthetic } }',
    );
    expect(errors).toBeUndefined();
    expect(data.dataStatus.synthetic).toBe(true);
  });
});

describe('a database that goes away', () => {
  it('is said with 503 and not as a fault of the question; when it is back, so is the graph', async () => {
    const database = await ownDatabase('sample');
    const graph = await startGraph(database.url);
    const name = new URL(database.url).pathname.slice(1);
    const server = new URL(loadedDatabase('sample'));
    server.pathname = '/postgres';
    const ready = async () => (await fetch(`${graph.address}/readyz`)).status;
    try {
      await onServer(server.href, `ALTER DATABASE "${name}" ALLOW_CONNECTIONS false`);
      await onServer(
        server.href,
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`,
      );
      // Each goes when it comes round to it; one that is left would answer.
      const left = () => onServer(server.href, `SELECT FROM pg_stat_activity WHERE datname = '${name}'`);
      await expect.poll(left, { timeout: 20_000 }).toEqual([]);
      await expect.poll(ready, { timeout: 20_000 }).toBe(503);
      const response = await fetch(`${graph.address}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{"query":"{ regions { code } }"}',
      });
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toMatch(/^\d+$/);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      expect(await response.json()).toMatchObject({
        errors: [{ extensions: { code: 'DATABASE_UNAVAILABLE' } }],
      });
      expect((await fetch(`${graph.address}/healthz`)).status).toBe(200);
      await onServer(server.href, `ALTER DATABASE "${name}" ALLOW_CONNECTIONS true`);
      await expect.poll(ready, { timeout: 20_000 }).toBe(200);
      expect((await graph.ask('{ regions { code } dataStatus { synthetic } }')).errors).toBeUndefined();
    } finally {
      await graph.close();
      await database.drop();
    }
  });

  it('costs no connection for ever, however often one dies as a question begins', async () => {
    const graph = await startGraph(loadedDatabase('sample'), { READER_CONNECTIONS: '1' });
    try {
      const query = pg.Client.prototype.query;
      const dying = vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (
        this: pg.Client,
        ...args: unknown[]
      ) {
        if (typeof args[0] === 'string' && args[0].startsWith('BEGIN'))
          return Promise.reject(new Error('Connection terminated unexpectedly'));
        return Reflect.apply(query, this, args);
      } as typeof query);
      for (let round = 0; round < 3; round += 1) {
        expect((await graph.ask('{ dataStatus { synthetic } }')).errors![0]!.extensions.code).toMatch(
          /INTERNAL|DATABASE_UNAVAILABLE/,
        );
      }
      dying.mockRestore();
      expect((await graph.ask('{ dataStatus { synthetic } }')).data.dataStatus.synthetic).toBe(true);
    } finally {
      await graph.close();
    }
  });
});
