/** What comes over HTTP and is no question is refused with a clear 4xx and a code. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { type Answer, type RunningGraph, startGraph } from '../graph.js';

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

const JSON_TYPE = { 'Content-Type': 'application/json' };
const QUESTION = JSON.stringify({ query: '{ england { name } }' });

async function send(path: string, request: RequestInit) {
  const response = await fetch(`${graph.address}${path}`, request);
  const text = await response.text();
  const answer = (text === '' ? {} : JSON.parse(text)) as Answer;
  return { status: response.status, headers: response.headers, answer, error: answer.errors?.[0] };
}
const post = (body: string, headers: Record<string, string> = JSON_TYPE) =>
  send('/graphql', { method: 'POST', headers, body });

/** The first line and the rest of an answer to a request written by hand. */
function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(graph.address);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(received));
  });
}

describe('a body', () => {
  it.each([
    ['nothing', ''],
    ['half of one', '{"query": "{ england'],
    ['HTML', '<html></html>'],
    ['null', 'null'],
    ['a number', '1'],
    ['a text', '"{ england { name } }"'],
    ['an empty object', '{}'],
    ['a query that is a number', '{"query": 1}'],
    ['variables that are a text', '{"query": "{ england { name } }", "variables": "{}"}'],
    ['variables that are a list', '{"query": "{ england { name } }", "variables": [1]}'],
    ['bytes that are no text', '\u0000\ufffd\u0001'],
  ])('that is %s is refused', async (_what, body) => {
    const { status, error } = await post(body);
    expect(status).toBe(400);
    expect(error!.extensions).toEqual({ code: 'BAD_REQUEST' });
    expect(error!.message.length).toBeGreaterThan(20);
  });

  it('that is a batch is refused, of one as of many', async () => {
    for (const batch of ['[]', `[${QUESTION}]`, `[${QUESTION},${QUESTION}]`]) {
      const { status, error } = await post(batch);
      expect(status).toBe(400);
      expect(error).toMatchObject({
        message: expect.stringMatching(/batching/i),
        extensions: { code: 'BAD_REQUEST' },
      });
    }
  });

  it.each([
    ['a query that is none', '{ england { name }', 'GRAPHQL_PARSE_FAILED'],
    ['an empty query', ' ', 'GRAPHQL_PARSE_FAILED'],
    ['a query of nothing but a comment', '# nothing', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ england { nome } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'fragments that spread each other',
      '{ england { ...A } } fragment A on England { ...B } fragment B on England { ...A }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['an unknown fragment', '{ england { ...A } }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a variable that is not declared', '{ school(urn: $urn) { name } }', 'GRAPHQL_VALIDATION_FAILED'],
    [
      'two fields under one name',
      '{ it: england { name } it: regions { name } }',
      'GRAPHQL_VALIDATION_FAILED',
    ],
  ])('with %s is refused', async (_what, query, code) => {
    const { status, error } = await post(JSON.stringify({ query }));
    expect(status).toBe(400);
    expect(error!.extensions).toEqual({ code });
  });

  it('in which text follows the JSON’s own escapes is understood', async () => {
    const { answer } = await post('{"query": "{ \\u0065ngland { name } }"}', {
      'Content-Type': 'application/json; charset=utf-8',
    });
    expect(answer.data).toEqual({ england: { name: 'England' } });
  });
});

it.each(['mutation { a }', 'subscription { a }'])('%s is refused as the asker’s doing', async (query) => {
  const { error } = await post(JSON.stringify({ query }));
  expect(error!.extensions.code).not.toBe('INTERNAL');
  expect(error!.message).toMatch(/mutation|subscription/);
});

it('a persisted query that is not known is refused in the words on which clients send the whole one', async () => {
  const { error } = await post('{"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}}');
  expect(error!.extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
});

describe('a request that a foreign page could send without asking first (CSRF)', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
  ])('is refused as %s', async (type) => {
    const { status, error } = await post(QUESTION, { 'Content-Type': type });
    expect(status).toBe(400);
    expect(error).toMatchObject({
      message: expect.stringContaining('CSRF'),
      extensions: { code: 'BAD_REQUEST' },
    });
  });

  it('is refused as a GET without the header that needs a preflight, and answered with it', async () => {
    const path = `/graphql?query=${encodeURIComponent('{ england { name } }')}`;
    const refused = await send(path, {});
    expect(refused.status).toBe(400);
    expect(refused.error!.extensions.code).toBe('BAD_REQUEST');
    const answered = await send(path, { headers: { 'Apollo-Require-Preflight': 'true' } });
    expect(answered).toMatchObject({ status: 200, answer: { data: { england: { name: 'England' } } } });
  });

  it('is refused also from a browser that would take the page', async () => {
    const { status } = await send('/graphql?query=%7Bengland%7Bname%7D%7D', {
      headers: { Accept: 'text/html' },
    });
    expect(status).toBe(400);
  });
});

describe('another page’s browser (CORS)', () => {
  it('may ask first, and is told what it may send', async () => {
    const { status, headers } = await send('/graphql', {
      method: 'OPTIONS',
      headers: {
        Origin: 'https://dashboard.example',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'content-type',
      },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    expect(headers.get('access-control-allow-headers')!.toLowerCase()).toContain('content-type');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('may read the answer, a refusal, and whether the data are synthetic', async () => {
    for (const body of [QUESTION, '{']) {
      const { headers } = await post(body, { ...JSON_TYPE, Origin: 'https://dashboard.example' });
      expect(headers.get('access-control-allow-origin')).toBe('*');
      expect(headers.get('access-control-expose-headers')).toContain('X-SchoolGraph-Data');
      expect(headers.get('content-type')).toMatch(/^application\/json/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });
});

describe('a method or an address that is not ours', () => {
  it.each(['PUT', 'DELETE', 'PATCH'])('%s is refused, with what is allowed', async (method) => {
    const { status, headers, error } = await send('/graphql', { method });
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe('GET, HEAD, POST, OPTIONS');
    expect(error!.extensions.code).toBe('BAD_REQUEST');
  });

  it.each([
    '/nothing',
    '/graphql/',
    '/graphql/x',
    '/graphql/assets/../../package.json',
    '/graphql/assets/constructor',
    '/graphql/assets/%2e%2e%2fpackage.json',
    '/GRAPHQL',
    '/.env',
  ])('%s is not found', async (path) => {
    const received = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(received).toMatch(/^HTTP\/1\.1 404 /);
    expect(received).toContain('"code":"NOT_FOUND"');
  });

  it.each([
    '//',
    '///',
    '/%',
    '/%00',
    '*',
    'http://',
  ])('%s is refused, and is no fault of ours', async (path) => {
    const received = await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(received).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it.each([
    ['CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n', '405', 'BAD_REQUEST'],
    ['GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', '400', 'BAD_REQUEST'],
    [
      'POST /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: all\r\nContent-Length: 2\r\n\r\n{}',
      '417',
      'BAD_REQUEST',
    ],
    ['TRACE /mcp HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '405', 'BAD_REQUEST'],
    ['ASK /graphql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '400', 'BAD_REQUEST'],
    ['DELETE /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '405', 'BAD_REQUEST'],
    ['POST /data HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '405', 'BAD_REQUEST'],
    ['GET /changes.atom/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '404', 'NOT_FOUND'],
    [
      'GET /graphql.csv?query=%7Bregions%7Bname%7D%7D&asOf=2020-01-01&asOf=2021-01-01 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
      '400',
      'BAD_REQUEST',
    ],
    ['GET /data/x.csv HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', '404', 'NOT_FOUND'],
  ])('%s is refused in the one shape of errors, with the headers that all have', async (text, status, code) => {
    const [head = '', ...rest] = (await raw(text)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    for (const header of [
      'X-Content-Type-Options: nosniff',
      "Content-Security-Policy: default-src 'none'",
      'Referrer-Policy: no-referrer',
      'X-Frame-Options: DENY',
    ])
      expect(head).toContain(header);
    expect(rest.join()).toMatch(
      new RegExp(`\\{"errors":\\[\\{"message":"[A-Za-z].*","extensions":\\{"code":"${code}"\\}\\}\\]\\}`),
    );
  });

  it('a browser that asks first is told what it may, whatever the address', async () => {
    for (const path of ['/graphql', '/graphql.csv', '/q', '/data', '/changes.atom', '/mcp'])
      expect([path, (await send(path, { method: 'OPTIONS' })).status]).toEqual([path, 204]);
  });

  it('/ leads to the graph', async () => {
    const response = await fetch(`${graph.address}/`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql']);
  });
});

describe('what browsers are told', () => {
  it('the page may run its own scripts, ask this server, and be shown in no other page', async () => {
    const { headers } = await fetch(`${graph.address}/graphql`, { headers: { Accept: 'text/html' } });
    const policy = Object.fromEntries(
      headers
        .get('content-security-policy')!
        .split('; ')
        .map((part) => [part.split(' ')[0], part.split(' ').slice(1).join(' ')]),
    );
    expect(policy).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(JSON.stringify(policy)).not.toMatch(/http|\*/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('that the connection is to stay encrypted, where a trusted proxy says that it is', async () => {
    const behind = await startGraph(loadedDatabase('sample'), { TRUSTED_PROXIES: '127.0.0.1' });
    try {
      const over = async (scheme: string) =>
        (await fetch(`${behind.address}/healthz`, { headers: { 'X-Forwarded-Proto': scheme } })).headers;
      expect((await over('https')).get('strict-transport-security')).toBe('max-age=31536000');
      expect((await over('http')).get('strict-transport-security')).toBeNull();
    } finally {
      await behind.close();
    }
    const { headers } = await fetch(`${graph.address}/healthz`, {
      headers: { 'X-Forwarded-Proto': 'https' },
    });
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('which origins may read, where an operator names them', async () => {
    const named = await startGraph(loadedDatabase('sample'), {
      CORS_ORIGINS: 'https://dashboard.example, http://localhost:3000',
    });
    try {
      const from = async (origin?: string) =>
        (
          await fetch(`${named.address}/graphql`, {
            method: 'OPTIONS',
            ...(origin ? { headers: { Origin: origin } } : {}),
          })
        ).headers;
      expect((await from('https://dashboard.example')).get('access-control-allow-origin')).toBe(
        'https://dashboard.example',
      );
      for (const other of ['https://other.example', 'https://dashboard.example.other', 'null', undefined])
        expect((await from(other)).get('access-control-allow-origin')).toBeNull();
      expect((await from('https://other.example')).get('vary')).toContain('Origin');
    } finally {
      await named.close();
    }
  });
});
