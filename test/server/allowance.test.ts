/** How much somebody may ask: a bucket of points for each address, told in headers, and a clear 429 when it is empty. */
import { describe, expect, it } from 'vitest';
import { networkOf, Proxies } from '../../src/limits/address.js';
import { Allowances, LEAST_COST } from '../../src/limits/allowance.js';
import { readSettings } from '../../src/settings.js';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

const MINUTE = 60_000;

describe('an allowance', () => {
  /** Allowances on a clock that stands until it is moved. */
  function standing() {
    const time = { now: 5_000 };
    return { time, allowances: new Allowances(() => time.now) };
  }

  it('is spent, and is back when a minute has passed, and is never more than that of a minute', () => {
    const { time, allowances } = standing();
    const allowance = allowances.of('somebody', 600);
    expect(allowance.take(600)).toBe(true);
    expect(allowance.take(1)).toBe(false);
    expect(allowance.secondsUntil(10)).toBe(1);
    time.now += 1_000;
    expect(allowance.points).toBeCloseTo(10);
    expect(allowance.take(10)).toBe(true);
    time.now += 10 * MINUTE;
    expect(allowance.points).toBe(600);
  });

  it('can be overdrawn by a large question, which is then waited for', () => {
    const { time, allowances } = standing();
    const allowance = allowances.of('somebody', 600);
    expect(allowance.take(1_200)).toBe(true);
    expect(allowance.secondsUntil(0)).toBe(60);
    time.now += MINUTE - 1;
    expect(allowance.take(1)).toBe(false);
    time.now += 200;
    expect(allowance.take(1)).toBe(true);
  });

  it('is each one’s own, and remembered within bounds', () => {
    const { allowances } = standing();
    allowances.of('one', 600).take(600);
    expect(allowances.of('other', 600).points).toBe(600);
    expect(allowances.of('one', 600).points).toBe(0);
    for (let at = 0; at < 60_000; at += 1) allowances.of(String(at), 600);
    expect(allowances.size).toBe(50_000);
  });
});

describe('an address', () => {
  const from = (remoteAddress: string, headers: Record<string, string> = {}) =>
    ({ socket: { remoteAddress }, headers }) as never;
  const proxies = new Proxies(['10.0.0.0/8', '::1']);

  it('is the other end of the connection, whatever the headers say', () => {
    const nobody = new Proxies([]);
    expect(nobody.addressOf(from('10.0.0.1', { 'x-forwarded-for': '203.0.113.9' }))).toBe('10.0.0.1');
    expect(proxies.addressOf(from('203.0.113.1', { 'x-forwarded-for': '203.0.113.9' }))).toBe('203.0.113.1');
    expect(nobody.addressOf(from('::ffff:192.0.2.1'))).toBe('192.0.2.1');
  });

  it('is what a trusted proxy has seen, and not what was written before that', () => {
    const forwarded = (list: string) =>
      proxies.addressOf(from('::ffff:10.0.0.1', { 'x-forwarded-for': list }));
    expect(forwarded('203.0.113.9')).toBe('203.0.113.9');
    expect(forwarded('198.51.100.1, 203.0.113.9')).toBe('203.0.113.9');
    expect(forwarded('203.0.113.9, 10.1.1.1')).toBe('203.0.113.9');
    expect(forwarded('203.0.113.9, rubbish')).toBe('10.0.0.1');
    expect(forwarded('')).toBe('10.0.0.1');
  });

  it('of IPv6 stands for its network of 64 bits', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
    expect(networkOf('2001:0db8:0001:0002::9')).toBe('2001:db8:1:2');
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0');
    expect(networkOf('::1')).toBe('0:0:0:0');
    expect(networkOf('192.0.2.1')).toBe('192.0.2.1');
  });

  it.each(['10.0.0.0/33', 'proxy.example', '10.0.0.1/8/8', '10.0.0'])('%s is none', (wrong) => {
    expect(() => readSettings({ TRUSTED_PROXIES: wrong })).toThrow(/TRUSTED_PROXIES.*10\.0\.0\.0\/8/);
  });
});

describe('over HTTP', () => {
  const QUESTION = '{ england { name } }';
  const ask = (graph: RunningGraph, query = QUESTION, headers: Record<string, string> = {}) =>
    fetch(`${graph.address}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ query }),
    });
  async function withGraph(environment: NodeJS.ProcessEnv, use: (graph: RunningGraph) => Promise<void>) {
    const graph = await startGraph(loadedDatabase('sample'), environment);
    try {
      await use(graph);
    } finally {
      await graph.close();
    }
  }

  it('the last points are answered for, and then there is a clear 429 that says when to come back', async () => {
    await withGraph({ RATE_LIMIT: '30' }, async (graph) => {
      const response = await ask(graph);
      expect(response.status).toBe(200);
      expect(response.headers.get('ratelimit-limit')).toBe('30');
      expect(Number(response.headers.get('ratelimit-remaining'))).toBeGreaterThanOrEqual(20);
      expect(Number(response.headers.get('ratelimit-reset'))).toBeGreaterThan(0);
      // More than there is left, and more than comes back while this runs.
      const large = await ask(graph, '{ trusts(first: 100) { nodes { name schools { totalCount } } } }');
      expect(large.status).toBe(200);
      const refused = await ask(graph);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.headers.get('ratelimit-remaining')).toBe('0');
      expect(refused.headers.get('access-control-allow-origin')).toBe('*');
      expect(await refused.json()).toMatchObject({
        errors: [
          { message: expect.stringMatching(/Ask again in \d+ s/), extensions: { code: 'RATE_LIMITED' } },
        ],
      });
      // Health is told all the same, and the page shown.
      expect((await fetch(`${graph.address}/readyz`)).status).toBe(200);
      const page = await fetch(`${graph.address}/graphql`, { headers: { Accept: 'text/html' } });
      expect(page.status).toBe(200);
    });
  });

  it('a question is charged what it costs, and at least so much, kept or not', async () => {
    await withGraph({ RATE_LIMIT: '1000000', ANSWER_CACHE_MB: '8' }, async (graph) => {
      const began = performance.now();
      const left = async (query: string) => {
        const response = await ask(graph, query);
        const { extensions } = (await response.json()) as { extensions: { cost: number } };
        return { cost: extensions.cost, left: Number(response.headers.get('ratelimit-remaining')) };
      };
      const dear = await left('{ trusts(first: 100) { nodes { schools(first: 90) { nodes { name } } } } }');
      expect(dear.cost).toBeGreaterThan(9_000);
      // What came back meanwhile.
      const back = ((performance.now() - began) * 1_000_000) / MINUTE;
      expect(dear.left).toBeLessThanOrEqual(1_000_000 - dear.cost + back);
      expect((await left(QUESTION)).cost).toBeLessThan(LEAST_COST);
    });
  });

  it('a long text is charged for being read, once where it is valid, and as often as it is sent where it is not', async () => {
    await withGraph({ RATE_LIMIT: '1000000' }, async (graph) => {
      /** Points taken off, of which some may have come back meanwhile. */
      const taken = async (query: string) => {
        const began = performance.now();
        const before = Number((await ask(graph)).headers.get('ratelimit-remaining'));
        const after = Number((await ask(graph, query)).headers.get('ratelimit-remaining'));
        return { off: before - after, back: ((performance.now() - began) * 1_000_000) / MINUTE };
      };
      const long = `{ england { ${'name '.repeat(400)} } } #${'x'.repeat(70_000)}`;
      const wrong = long.replace('england', 'nowhere');
      for (let time = 0; time < 2; time += 1) {
        const { off, back } = await taken(wrong);
        expect(off + back).toBeGreaterThanOrEqual(wrong.length - 1_000);
      }
      const first = await taken(long);
      expect(first.off + first.back).toBeGreaterThanOrEqual(long.length - 1_000);
      expect((await taken(long)).off).toBeLessThan(1_000);
    });
  });

  it('who stands behind a trusted proxy is told apart, and nobody by a header that anybody could send', async () => {
    const spend = async (graph: RunningGraph, address: string) => {
      const headers = { 'X-Forwarded-For': address };
      await (await ask(graph, '{ trusts(first: 100) { nodes { name } } }', headers)).text();
      return (await ask(graph, QUESTION, headers)).status;
    };
    await withGraph({ RATE_LIMIT: '60', TRUSTED_PROXIES: '127.0.0.1' }, async (graph) => {
      expect(await spend(graph, '203.0.113.1')).toBe(429);
      expect((await ask(graph, QUESTION, { 'X-Forwarded-For': '203.0.113.2' })).status).toBe(200);
    });
    await withGraph({ RATE_LIMIT: '60' }, async (graph) => {
      expect(await spend(graph, '203.0.113.1')).toBe(429);
      expect((await ask(graph, QUESTION, { 'X-Forwarded-For': '203.0.113.2' })).status).toBe(429);
    });
  });

  it('questions that were let in together are still refused where the first has spent it all', async () => {
    await withGraph({ RATE_LIMIT: '200' }, async (graph) => {
      const query = '{ trusts(first: 100) { nodes { schools(first: 10) { nodes { urn } } } } }';
      const statuses = await Promise.all(
        Array.from({ length: 8 }, async () => (await ask(graph, query)).status),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(1);
      expect(new Set(statuses)).toEqual(new Set([200, 429]));
    });
  });
});
