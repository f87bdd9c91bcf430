/** What a server tells of itself: numbers for Prometheus, lines for a log, and a name for each request. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Progress } from '../../jobs/progress.js';
import { lineOf, progressOf, sayAs } from '../../src/log.js';
import { loadedDatabase, ownDatabase } from '../database.js';
import { openTables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

const SECRET = 'my-private-text';
const ask = (graph: RunningGraph, query: string, headers: Record<string, string> = {}) =>
  fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

describe('/metrics', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'), { ANSWER_CACHE_MB: '8' });
  });
  afterAll(() => graph.close());

  /** By name and labels, as they are written. */
  async function read(): Promise<Map<string, number>> {
    const response = await fetch(`${graph.address}/metrics`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(
      lines.map((line) => {
        const [, name, value] = /^(\S+(?:\{.*\})?) (\S+)$/.exec(line)!;
        return [name!, Number(value)];
      }),
    );
  }

  it('counts requests by what was asked for and status, and tells what they took and cost', async () => {
    for (const query of [
      '{ england { name } }',
      '{ england { name } }',
      '{ nothing }',
      '{ trusts { nodes { name } } }',
    ])
      await (await ask(graph, query)).text();
    await (await fetch(`${graph.address}/graphql.json?query=%7Bengland%7Bname%7D%7D`)).text();
    await (await fetch(`${graph.address}/${SECRET}`)).text();
    // A request is counted when it is over, which its reader may know first.
    await expect
      .poll(async () => (await read()).get('schoolgraph_requests_total{kind="other",status="404"}'), {
        timeout: 20_000,
      })
      .toBe(1);
    const told = await read();
    expect(told.get('schoolgraph_requests_total{kind="graphql",status="200"}')).toBe(3);
    expect(told.get('schoolgraph_requests_total{kind="graphql",status="400"}')).toBe(1);
    expect(told.get('schoolgraph_requests_total{kind="link",status="200"}')).toBe(1);
    expect(told.get('schoolgraph_request_seconds_count{kind="graphql"}')).toBe(4);
    expect(told.get('schoolgraph_request_seconds_sum{kind="graphql"}')).toBeGreaterThan(0);
    expect(told.get('schoolgraph_question_cost_points_sum')).toBeGreaterThanOrEqual(20);
    expect(told.get('schoolgraph_kept_answers_total{result="hit"}')).toBe(1);
    expect(told.get('schoolgraph_kept_answers_total{result="miss"}')).toBeGreaterThanOrEqual(3);
    expect(told.get('schoolgraph_kept_answers_bytes')).toBeGreaterThan(0);
  });

  it('is written as Prometheus reads it, whatever was asked: what is counted is a counter, and no series comes twice', async () => {
    const before = (await read()).size;
    for (let asked = 0; asked < 50; asked += 1) {
      await (await fetch(`${graph.address}/odd-${asked}/%7B"\\n`)).text();
      await (await ask(graph, `query Odd${asked} { england { name } }`)).text();
    }
    const text = await (await fetch(`${graph.address}/metrics`)).text();
    const types = new Map(
      [...text.matchAll(/^# TYPE (schoolgraph_\w+) (\w+)$/gm)].map(([, name, type]) => [name!, type!]),
    );
    for (const [name, type] of types)
      expect([name, type === 'counter']).toEqual([name, name.endsWith('_total')]);
    const families = new Set<string>();
    const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    for (const line of series) {
      expect(line).toMatch(
        /^[a-z_]\w*(\{(\w+="([^"\\\n]|\\["\\n])*",?)+\})? (-?[\d.]+(e[+-]?\d+)?|\+Inf|Nan)$/i,
      );
      families.add(/^\w+/.exec(line)![0].replace(/_(bucket|sum|count)$/, ''));
    }
    const names = series.map((line) => line.slice(0, line.lastIndexOf(' ')));
    expect(new Set(names).size).toBe(names.length);
    for (const name of types.keys()) expect(families).toContain(name);
    // A kind and a status at most are new, with the buckets of one histogram.
    expect(names.length - before).toBeLessThan(50);
  });

  it('tells how the pool, the loads and the data stand, and of the process', async () => {
    const told = await read();
    for (const state of ['in_use', 'idle', 'waiting'])
      expect(told.get(`schoolgraph_pool_connections{state="${state}"}`)).toBeGreaterThanOrEqual(0);
    expect(told.get('schoolgraph_data_version')).toBeGreaterThan(0);
    const { dataSets } = (await graph.ask('{ dataSets { id release { id } lastRun { outcome } } }')).data;
    const loaded = dataSets.filter(({ release }: { release: unknown }) => release);
    expect(loaded.length).toBeGreaterThan(5);
    for (const { id, lastRun } of loaded) {
      expect(told.get(`schoolgraph_job_last_outcome{data_set="${id}",outcome="${lastRun.outcome}"}`)).toBe(1);
      expect(told.get(`schoolgraph_job_last_finished_seconds{data_set="${id}"}`)).toBeGreaterThan(0);
      expect(told.get(`schoolgraph_data_age_seconds{data_set="${id}"}`)).toBeGreaterThan(0);
    }
    expect(told.get('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(told.get('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    expect([...told.keys()].join('\n')).not.toContain(SECRET);
  });
});

it('a server whose connections are all taken tells its numbers all the same, and that it is not ready', async () => {
  const database = await ownDatabase('sample');
  const tables = await openTables(database.url);
  const graph = await startGraph(database.url, { READER_CONNECTIONS: '1', STATEMENT_TIMEOUT_MS: '120000' });
  try {
    await (await ask(graph, '{ regions { name } }')).text();
    await tables.rows('BEGIN');
    await tables.rows('LOCK TABLE region IN ACCESS EXCLUSIVE MODE');
    const answer = ask(graph, '{ regions { code } }');
    const states = async () => {
      const text = await (await fetch(`${graph.address}/metrics`)).text();
      return { inUse: /connections\{state="in_use"\} (\d+)/.exec(text)![1], text };
    };
    await expect.poll(async () => (await states()).inUse, { timeout: 20_000 }).toBe('1');
    // The first who read have left one question waiting, and one alone.
    await expect
      .poll(async () => /state="waiting"\} (\d+)/.exec((await states()).text)![1], { timeout: 20_000 })
      .toMatch(/^[12]$/);
    expect((await states()).text).not.toContain('schoolgraph_data_age_seconds{');
    await expect
      .poll(async () => (await fetch(`${graph.address}/readyz`)).status, { timeout: 20_000 })
      .toBe(503);
    await tables.rows('COMMIT');
    expect((await answer).status).toBe(200);
    await expect
      .poll(async () => (await fetch(`${graph.address}/readyz`)).status, { timeout: 20_000 })
      .toBe(200);
    await expect
      .poll(async () => (await states()).text, { timeout: 20_000 })
      .toContain('schoolgraph_data_age_seconds{');
  } finally {
    await graph.close();
    await tables.close();
    await database.drop();
  }
});

describe('a request', () => {
  it('has a name, that of whoever asked where it is one', async () => {
    const graph = await startGraph(loadedDatabase('sample'));
    try {
      const names = await Promise.all(
        [1, 2].map(async () => (await ask(graph, '{ england { name } }')).headers.get('x-request-id')),
      );
      expect(new Set(names).size).toBe(2);
      for (const name of names) expect(name).toMatch(/^[0-9a-f-]{36}$/);
      const given = await ask(graph, '{ england { name } }', { 'X-Request-Id': 'trace-0123.abc' });
      expect(given.headers.get('x-request-id')).toBe('trace-0123.abc');
      for (const none of ['short', 'a b c d e f g h', '{"level":"error"}', 'x'.repeat(65)]) {
        const answer = await ask(graph, '{ england { name } }', { 'X-Request-Id': none });
        expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      }
    } finally {
      await graph.close();
    }
  });

  /** The lines that a server with these settings writes while it is asked rightly, wrongly, and for what there is not. */
  async function linesOf(environment: NodeJS.ProcessEnv) {
    const written: string[] = [];
    const graph = await startGraph(loadedDatabase('sample'), environment);
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    try {
      await (
        await ask(graph, `{ england { name } } # ${SECRET}`, { 'X-Request-Id': 'asked-rightly' })
      ).text();
      await (await ask(graph, `{ ${SECRET} }`, { 'X-Request-Id': 'asked-wrongly' })).text();
      await (
        await fetch(`${graph.address}/${SECRET}?a=${SECRET}`, { headers: { 'X-Request-Id': 'not-there' } })
      ).text();
    } finally {
      await graph.close();
      write.mockRestore();
    }
    return written.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  it('is a line of JSON, where lines are for machines, that tells nothing of what was asked', async () => {
    const lines = await linesOf({ LOG_FORMAT: 'json' });
    const by = Object.fromEntries(lines.map((line) => [line.id, line]));
    expect(by['asked-rightly']).toEqual({
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      level: 'info',
      message: 'request',
      id: 'asked-rightly',
      kind: 'graphql',
      method: 'POST',
      status: 200,
      ms: expect.any(Number),
      cost: 2,
      key: null,
      gone: false,
    });
    expect(by['asked-wrongly']).toMatchObject({ level: 'warn', status: 400, cost: null });
    expect(by['not-there']).toMatchObject({ level: 'warn', status: 404, kind: 'other' });
    expect(JSON.stringify(lines)).not.toContain(SECRET);
  });

  it('is told only where it was refused, or where it failed, if nothing else is wanted', async () => {
    // In the order in which they were over, which is not quite that in which they were asked.
    const ids = async (environment: NodeJS.ProcessEnv) =>
      (await linesOf(environment)).map(({ id }) => id).sort();
    expect(await ids({ LOG_FORMAT: 'json', LOG_LEVEL: 'warn' })).toEqual(['asked-wrongly', 'not-there']);
    expect(await ids({ LOG_FORMAT: 'json', LOG_LEVEL: 'error' })).toEqual([]);
    expect(await ids({})).toEqual([]);
  });
});

describe('what a server says', () => {
  const plain = { ...console };
  afterAll(() => {
    Object.assign(console, plain);
  });

  it('is as it was, to a person', () => {
    const { log } = console;
    sayAs({ logFormat: 'text', logLevel: 'info' });
    expect(console.log).toBe(log);
  });

  it('is a line of JSON, to a machine, faults and all', () => {
    const written: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    try {
      sayAs({ logFormat: 'json', logLevel: 'error' });
      console.log('API: http://localhost');
      console.error('two\nlines');
    } finally {
      write.mockRestore();
      Object.assign(console, plain);
    }
    expect(written.map((line) => JSON.parse(line))).toEqual([
      { time: expect.any(String), level: 'error', message: 'two\nlines' },
    ]);
    expect(lineOf('info', { a: 1 })).toMatch(/^\{.*\}\n$/);
  });

  it('is a line of JSON as well where it is how far a load is', () => {
    const written: string[] = [];
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.push(String(text));
      return true;
    });
    const besides = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      sayAs({ logFormat: 'json', logLevel: 'info' });
      const progress = new Progress(progressOf({ logFormat: 'json' }));
      progress.rows('Absence', 1_000, 10, 100);
      vi.advanceTimersByTime(60_000);
      progress.rows('Absence', 2_000, 20, 100);
      progress.done();
      expect(besides).not.toHaveBeenCalled();
    } finally {
      vi.useRealTimers();
      write.mockRestore();
      besides.mockRestore();
      Object.assign(console, plain);
    }
    expect(written.map((line) => JSON.parse(line))).toEqual([
      {
        time: expect.any(String),
        level: 'info',
        message: expect.stringMatching(/^load Absence: 2,000 rows/),
      },
    ]);
  });
});
