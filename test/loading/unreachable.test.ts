/** A publisher that cannot be reached, or breaks off, fails its own data sets only, and says why. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MirrorServer, type Replacement } from '../mirror-server.js';
import { Loading } from './loading.js';
import { EES, GROUPS, PLANS, REFERENCE, SmallMirror } from './small-mirror.js';

const LA_CODES = `${REFERENCE}/las.csv`;
let mirror: SmallMirror;
let server: MirrorServer;
let loading: Loading;

beforeAll(async () => {
  mirror = await SmallMirror.make();
  server = await MirrorServer.start(mirror.folder);
  loading = await Loading.open('empty', { SOURCE_MIRROR: server.address });
  await loading.load(['local-authority-codes', 'gias-groups', 'ehc-plans-timeliness']);
});
afterAll(async () => {
  await loading.close();
  await server.close();
  await mirror.remove();
});
afterEach(() => server.restore());

/** Loads a data set whose address is answered otherwise, and shows that nothing was written. */
async function lookAt(id: string, url: string, ...answers: (Replacement | 'file')[]) {
  const before = await loading.standing();
  server.replace(url, ...answers);
  const { outcome, message } = await loading.loadOne(id);
  expect(await loading.standing()).toEqual(before);
  expect(await loading.lastRun(id)).toMatchObject({ outcome, message });
  return `${outcome}: ${message}`;
}

/** A new edition of the LA codes: what is loaded when a retry succeeds. */
async function newEdition(): Promise<Buffer> {
  const text = await mirror.text(LA_CODES);
  editions += 1;
  return Buffer.from(text.replace('Hartlepool', `Hartlepool ${editions}`));
}
let editions = 0;

describe('what a publisher answers', () => {
  it('404: the data set is unavailable, with the address', async () => {
    expect(await lookAt('local-authority-codes', LA_CODES, { status: 404 })).toMatch(
      /^UNAVAILABLE: .*las\.csv.* is not there$/,
    );
  });

  it('403: unavailable, with the status', async () => {
    expect(await lookAt('local-authority-codes', LA_CODES, { status: 403 })).toMatch(
      /^UNAVAILABLE: .*las\.csv answered with HTTP status 403$/,
    );
  });

  it('500 for good: unavailable, after three attempts and no more', async () => {
    expect(await lookAt('local-authority-codes', LA_CODES, { status: 500 })).toMatch(
      /^UNAVAILABLE: .*las\.csv answered with HTTP status 500$/,
    );
    expect(server.requests).toHaveLength(3);
  });

  it('500 and then the file: loaded', async () => {
    server.replace(LA_CODES, { status: 500 }, { body: await newEdition() });
    expect((await loading.loadOne('local-authority-codes')).outcome).toBe('LOADED');
    expect(server.requests.map(({ status }) => status)).toEqual([500, 200]);
  });

  it('429 with Retry-After: the wait is kept, and the file loaded', async () => {
    server.replace(LA_CODES, { status: 429, headers: { 'Retry-After': '1' } }, { body: await newEdition() });
    const started = performance.now();
    expect((await loading.loadOne('local-authority-codes')).outcome).toBe('LOADED');
    expect(performance.now() - started).toBeGreaterThan(1000);
    expect(server.requests.map(({ status }) => status)).toEqual([429, 200]);
  });

  it('a redirect to a host that is no publisher: refused, and that host is never asked', async () => {
    const asked: string[] = [];
    const elsewhere = createServer((request, response) => {
      asked.push(request.url!);
      response.end('new_la_code\r\nE06000001\r\n');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, 'localhost', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const answer = await lookAt('local-authority-codes', LA_CODES, {
      status: 302,
      headers: { Location: `http://localhost:${port}/las.csv` },
    });
    expect(answer).toMatch(
      /^REFUSED: 127\.0\.0\.1:\d+ redirects to localhost, which is not a publisher's host$/,
    );
    expect(asked).toEqual([]);
    await new Promise((resolve) => elsewhere.close(resolve));
  });

  it('a redirect on the same host: followed', async () => {
    const moved = `${REFERENCE}/moved/las.csv`;
    server.replace(LA_CODES, {
      status: 302,
      headers: { Location: `${server.address}/${moved.replace('https://', '')}` },
    });
    server.replace(moved, { body: await newEdition() });
    expect((await loading.loadOne('local-authority-codes')).outcome).toBe('LOADED');
  });

  it('a slow beginning: waited for', async () => {
    server.replace(LA_CODES, { body: await newEdition(), delayMs: 300 });
    expect((await loading.loadOne('local-authority-codes')).outcome).toBe('LOADED');
  });

  it('a compressed body: read as what it is', async () => {
    const body = await newEdition();
    server.replace(LA_CODES, { body, gzip: true });
    expect((await loading.loadOne('local-authority-codes')).outcome).toBe('LOADED');
    expect(await loading.value('SELECT bytes FROM release ORDER BY id DESC LIMIT 1')).toBe(body.length);
  });
});

describe('a body that breaks off', () => {
  it.each([
    ['shorter than its announced length', false],
    ['a compressed one', true],
  ])('%s is not taken for the whole', async (_what, gzip) => {
    const body = await newEdition();
    expect(await lookAt('local-authority-codes', LA_CODES, { body, gzip, breakAfter: 900 })).toMatch(
      /^UNAVAILABLE: the download of .*las\.csv broke off/,
    );
  });

  it('compressed, cut short and of exactly the announced length, is not taken for the whole', async () => {
    const { gzipSync } = await import('node:zlib');
    const bytes = gzipSync(await newEdition());
    expect(
      await lookAt('local-authority-codes', LA_CODES, {
        body: bytes.subarray(0, bytes.length - 20),
        headers: { 'Content-Encoding': 'gzip' },
      }),
    ).toMatch(/^UNAVAILABLE: the download of .*las\.csv broke off/);
  });

  it('of a JSON document is the publisher’s fault, not ours', async () => {
    const url = `${EES}/publications/${PLANS}`;
    expect(
      await lookAt('ehc-plans-timeliness', url, { body: await mirror.text(`${url}.json`), breakAfter: 50 }),
    ).toMatch(/^UNAVAILABLE: /);
  });

  it('leaves no half file behind', async () => {
    const { readdir } = await import('node:fs/promises');
    expect((await readdir(loading.keptFiles)).filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  it('is forgotten when the whole comes', async () => {
    server.replace(LA_CODES, { body: await newEdition() });
    expect((await loading.loadOne('local-authority-codes')).outcome).toBe('LOADED');
  });
});

describe('one publisher of several', () => {
  it('that fails does not keep the others from being loaded', async () => {
    server.replace(`${EES}/publications/${PLANS}`, { status: 503, headers: { 'Retry-After': '0' } });
    server.replace(GROUPS, { status: 404 });
    server.replace(LA_CODES, { body: await newEdition() });
    const results = await loading.load(['gias-groups', 'ehc-plans-timeliness', 'local-authority-codes']);
    expect(results.map(({ outcome }) => outcome)).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'LOADED']);
  });

  it('that refuses the connection is unavailable, with the reason, and asked once a pass', async () => {
    const gone = createServer(() => {});
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const results = await loading.load(undefined, { SOURCE_MIRROR: `http://127.0.0.1:${port}` });
    for (const { outcome, message } of results) {
      expect({ outcome, message }).toEqual({
        outcome: 'UNAVAILABLE',
        message: expect.stringMatching(/^127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED/),
      });
    }
  });
});
