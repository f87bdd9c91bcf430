/** Faults between a publisher and us: what does not come, comes late, comes from elsewhere or comes in part. */
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askedToWait, type Patience } from '../../jobs/patience.js';
import { EES, GROUPS, PLANS } from '../loading/small-mirror.js';
import type { Replacement } from '../mirror-server.js';
import { expectOneLineWithToDo, type Refused, Rehearsal } from './rehearsal.js';

let rehearsal: Rehearsal;
/** What a load waited for between two attempts, in milliseconds: it is noted and not waited. */
let waits: number[] = [];
const wait: Patience['wait'] = async (ms) => void waits.push(ms);

beforeAll(async () => {
  rehearsal = await Rehearsal.open(['list', 'statistics']);
});
afterAll(() => rehearsal.close());
afterEach(() => {
  rehearsal.server.restore();
  rehearsal.loading.patience = {};
  waits = [];
});

const asked = () => rehearsal.server.requests.map(({ status }) => status);

interface Fault extends Refused {
  fault: string;
  serve: (edition: Buffer) => Replacement;
  patience?: Partial<Patience>;
  /** Times that the publisher is asked, where it is not once. */
  times?: number;
}

const NEXT_LOOK = /^nothing now, the next look asks again; if it stays so, /;
const BROKE_OFF = /the download of \S+las\.csv broke off \(.+\)$/;
const HALF = 4_000;

const FAULTS: Fault[] = [
  {
    fault: 'a source that never answers',
    serve: () => ({ stallAfter: 0 }),
    patience: { answerMs: 200 },
    outcome: 'UNAVAILABLE',
    says: /^127\.0\.0\.1:\d+ cannot be reached \(no answer within 0\.2 s\)$/,
    toDo: /look at this machine's way to it, or name a mirror with SOURCE_MIRROR$/,
  },
  {
    fault: 'a source that stalls in the middle of the file',
    serve: (body) => ({ body, stallAfter: HALF }),
    patience: { silenceMs: 200 },
    outcome: 'UNAVAILABLE',
    says: /broke off \(nothing more came for 0\.2 s\)$/,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'a compressed source that stalls in the middle of the file',
    serve: (body) => ({ body, gzip: true, stallAfter: 1_000 }),
    patience: { silenceMs: 200 },
    outcome: 'UNAVAILABLE',
    says: /broke off \(nothing more came for 0\.2 s\)$/,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'a source so slow that it would hold up the others for hours',
    serve: (body) => ({ body, drip: { pieces: 1_000, pauseMs: 20 } }),
    patience: { wholeMs: 300 },
    outcome: 'UNAVAILABLE',
    says: /broke off \(it was not whole after 0\.3 s\)$/,
    toDo: NEXT_LOOK,
  },
  {
    fault: '404',
    serve: () => ({ status: 404 }),
    times: 2, // with and without .json: a mirror may have either
    outcome: 'UNAVAILABLE',
    says: /las\.csv is not there$/,
    toDo: /if the publisher has moved it, change the source in jobs\/datasets$/,
  },
  {
    fault: '403',
    serve: () => ({ status: 403 }),
    outcome: 'UNAVAILABLE',
    says: /las\.csv answered with HTTP status 403$/,
    toDo: NEXT_LOOK,
  },
  {
    fault: '500 for good, asked three times',
    serve: () => ({ status: 500 }),
    patience: { wait },
    times: 3,
    outcome: 'UNAVAILABLE',
    says: /las\.csv answered with HTTP status 500 3 times$/,
    toDo: NEXT_LOOK,
  },
  {
    fault: '429 that asks for an hour, and is left alone',
    serve: () => ({ status: 429, headers: { 'Retry-After': '3600' } }),
    patience: { wait },
    outcome: 'UNAVAILABLE',
    says: /las\.csv answered with HTTP status 429 and asks to be left alone for 3600 s$/,
    toDo: /^nothing now, the next look asks again; until then do not start other loads/,
  },
  {
    fault: '503 that asks for a day far away, and is left alone',
    serve: () => ({ status: 503, headers: { 'Retry-After': 'Fri, 31 Dec 2999 23:59:59 GMT' } }),
    patience: { wait },
    outcome: 'UNAVAILABLE',
    says: /las\.csv answered with HTTP status 503 and asks to be left alone for \d+ s$/,
    toDo: /^nothing now, the next look asks again; until then do not start other loads/,
  },
  {
    fault: 'a connection that is closed instead of an answer, asked three times',
    serve: () => ({ breakAfter: 0 }),
    patience: { wait },
    times: 3,
    outcome: 'UNAVAILABLE',
    says: /^127\.0\.0\.1:\d+ cannot be reached \(.+\)$/,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'a redirect that leads to itself',
    serve: () => ({ status: 302, headers: { Location: 'las.csv' } }),
    times: 4,
    outcome: 'UNAVAILABLE',
    says: /cannot be reached \(.*redirects.*\)$/,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'an HTML page with status 200',
    serve: () => ({ body: '<!DOCTYPE html>\n<html><body>Try, again, later</body></html>\n' }),
    outcome: 'REFUSED',
    says: /las\.csv answered with an HTML page instead of a CSV file$/,
    toDo: /tell the publisher/,
  },
  {
    fault: 'a JSON document with status 200',
    serve: () => ({ body: '{"code":"error.IOerror.download.extract","message":"a, b"}\n' }),
    outcome: 'REFUSED',
    says: /las\.csv answered with a JSON document instead of a CSV file$/,
    toDo: /tell the publisher/,
  },
  {
    fault: 'a body that breaks off before its announced length',
    serve: (body) => ({ body, breakAfter: HALF }),
    outcome: 'UNAVAILABLE',
    says: BROKE_OFF,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'a body in chunks that breaks off before the last',
    serve: (body) => ({ body, framing: 'chunked', breakAfter: HALF }),
    outcome: 'UNAVAILABLE',
    says: BROKE_OFF,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'a compressed body that breaks off',
    serve: (body) => ({ body, gzip: true, breakAfter: 1_000 }),
    outcome: 'UNAVAILABLE',
    says: BROKE_OFF,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'a compressed body that is cut short and of exactly the announced length',
    serve: (body) => ({
      body: gzipSync(body).subarray(0, -20),
      headers: { 'Content-Encoding': 'gzip' },
    }),
    outcome: 'UNAVAILABLE',
    says: BROKE_OFF,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'a compressed body that ends with the connection, too early',
    serve: (body) => ({
      body: gzipSync(body).subarray(0, -20),
      headers: { 'Content-Encoding': 'gzip' },
      framing: 'none',
    }),
    outcome: 'UNAVAILABLE',
    says: BROKE_OFF,
    toDo: NEXT_LOOK,
  },
  {
    fault: 'a body without a length that ends with the connection, whole or not',
    serve: (body) => ({ body: body.subarray(0, body.lastIndexOf('\n', -2) + 1), framing: 'none' }),
    outcome: 'REFUSED',
    says: /las\.csv came without a length: whether all of it came cannot be known$/,
    toDo: /^serve it with Content-Length, chunked or compressed, or take it from a mirror/,
  },
  {
    fault: 'a gzip bomb',
    serve: () => ({ body: Buffer.alloc(64 * 1024 * 1024, '0'), gzip: true }),
    patience: { maximumFileBytes: 1024 * 1024 },
    outcome: 'REFUSED',
    says: /las\.csv is larger than 1 MB$/,
    toDo: /tell the publisher/,
  },
  {
    fault: 'a compression that nobody knows',
    serve: (body) => ({ body, headers: { 'Content-Encoding': 'zstd' } }),
    outcome: 'REFUSED',
    says: /las\.csv came in an unknown encoding, zstd$/,
    toDo: /tell the publisher/,
  },
];

describe('is not loaded, what stood stays, the operator reads what to do, and the next good file is loaded:', () => {
  it.each(FAULTS.map((fault) => [fault.fault, fault] as const))('%s', async (_fault, fault) => {
    const { serve, patience = {}, times = 1 } = fault;
    rehearsal.loading.patience = patience;
    const answers = [serve(await rehearsal.nextEdition('list'))];
    rehearsal.server.replace(rehearsal.urlOf('list'), ...answers);
    rehearsal.server.replace(`${rehearsal.urlOf('list')}.json`, ...answers);
    await rehearsal.changesNothing('list', fault, () => rehearsal.loading.load([rehearsal.idOf('list')]));
    // The publisher notes a request when its answer is over, which whoever asked may know first.
    const requests = () => rehearsal.server.requests.filter(({ url }) => url.includes('las.csv'));
    await expect.poll(requests, { timeout: 20_000 }).toHaveLength(times);
    await rehearsal.heals('list');
    const left = await readdir(rehearsal.loading.keptFiles);
    expect(left.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
  });

  it('a redirect to a forbidden host, which is never asked', async () => {
    const askedElsewhere: string[] = [];
    const elsewhere = createServer((request, response) => {
      askedElsewhere.push(request.url!);
      response.end('new_la_code\r\nE06000001\r\n');
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, 'localhost', resolve));
    const { port } = elsewhere.address() as AddressInfo;
    await rehearsal.refuses(
      'list',
      {
        outcome: 'REFUSED',
        says: /^127\.0\.0\.1:\d+ redirects to localhost, which is not a publisher's host$/,
        toDo: /^do not follow it by hand; .* add the host to PUBLISHER_HOSTS in jobs\/fetch\.ts$/,
      },
      { answers: [{ status: 302, headers: { Location: `http://localhost:${port}/las.csv` } }] },
    );
    expect(askedElsewhere).toEqual([]);
    await new Promise((resolve) => elsewhere.close(resolve));
  });

  it.each([
    [
      'a gzip bomb in place of a JSON document',
      { body: Buffer.alloc(64 * 1024 * 1024, ' '), gzip: true },
      'REFUSED',
      /education-health-and-care-plans is larger than 20 MB$/,
    ],
    [
      'a JSON document that breaks off',
      { body: '{"latestRelease": {}}', breakAfter: 9 },
      'UNAVAILABLE',
      /broke off/,
    ],
    [
      'an HTML page in place of a JSON document',
      { body: '<html>Sorry</html>' },
      'REFUSED',
      /should be a JSON document but begins with "<html>Sorry<\/html>"$/,
    ],
  ] as const)('%s', async (_fault, answer, outcome, says) => {
    rehearsal.server.replace(`${EES}/publications/${PLANS}`, answer);
    await rehearsal.refuses('statistics', { outcome, says, toDo: NEXT_LOOK });
  });

  it('a publisher that refuses the connection, asked once for all its data sets', async () => {
    const before = await rehearsal.answer('statistics');
    // A port that was free a moment ago could be another's by now.
    const results = await rehearsal.loading.load(undefined, { SOURCE_MIRROR: 'http://127.0.0.1:1' });
    for (const { outcome, message } of results) {
      expect({ outcome, message }).toMatchObject({ outcome: 'UNAVAILABLE' });
      expectOneLineWithToDo(message, {
        says: /^127\.0\.0\.1:\d+ cannot be reached \(.*ECONNREFUSED/,
        toDo: NEXT_LOOK,
      });
    }
    expect(await rehearsal.answer('statistics')).toEqual(before);
    await rehearsal.heals('statistics');
  });

  it('one publisher of several, and the others are loaded all the same', async () => {
    rehearsal.loading.patience = { wait };
    rehearsal.server.replace(`${EES}/publications/${PLANS}`, {
      status: 503,
      headers: { 'Retry-After': '0' },
    });
    rehearsal.server.replace(GROUPS, { status: 404 });
    rehearsal.server.replace(rehearsal.urlOf('list'), { body: await rehearsal.nextEdition('list') });
    const results = await rehearsal.loading.load([
      'gias-groups',
      'ehc-plans-timeliness',
      'local-authority-codes',
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['UNAVAILABLE', 'UNAVAILABLE', 'LOADED']);
    await rehearsal.heals('statistics');
  });
});

describe('is waited for, and loaded:', () => {
  it('a slow source', async () => {
    await rehearsal.getsThrough('list', (body) => [
      { body, delayMs: 200, drip: { pieces: 20, pauseMs: 20 } },
    ]);
  });

  it('429 with Retry-After: exactly as long as it asks', async () => {
    rehearsal.loading.patience = { wait };
    const busy = { status: 429, headers: { 'Retry-After': '7' } };
    await rehearsal.getsThrough('list', (body) => [busy, { body }]);
    expect({ waits, asked: asked() }).toEqual({ waits: [7_000], asked: [429, 200] });
  });

  it('500, then success', async () => {
    rehearsal.loading.patience = { wait };
    await rehearsal.getsThrough('list', (body) => [{ status: 500 }, { status: 502 }, { body }]);
    expect({ waits, asked: asked() }).toEqual({ waits: [1_000, 2_000], asked: [500, 502, 200] });
  });

  it('a connection that is closed instead of an answer, then success', async () => {
    rehearsal.loading.patience = { wait };
    await rehearsal.getsThrough('list', (body) => [{ breakAfter: 0 }, { body }]);
    expect(waits).toEqual([1_000]);
  });

  it('a redirect on the same host', async () => {
    const moved = rehearsal.urlOf('list').replace('las.csv', 'moved/las.csv');
    const location = `${rehearsal.server.address}/${moved.replace('https://', '')}`;
    await rehearsal.getsThrough('list', (body) => {
      rehearsal.server.replace(moved, { body });
      return [{ status: 302, headers: { Location: location } }];
    });
  });

  it('a compressed body, kept and counted as what it is', async () => {
    let length = 0;
    await rehearsal.getsThrough('list', (body) => {
      length = body.length;
      return [{ body, gzip: true, framing: 'none' }];
    });
    expect(await rehearsal.loading.value('SELECT bytes FROM release ORDER BY id DESC LIMIT 1')).toBe(length);
  });

  it('a body in chunks', async () => {
    await rehearsal.getsThrough('list', (body) => [{ body, framing: 'chunked' }]);
  });
});

it.each([
  ['7', 7_000],
  ['0', null],
  ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
  ['Wed, 31 Dec 2025 23:59:59 GMT', null],
  ['soon', null],
  [undefined, null],
])('Retry-After: %s is understood as %s ms', (header, ms) => {
  expect(askedToWait(header, Date.parse('2026-01-01T00:00:00Z'))).toBe(ms);
});
