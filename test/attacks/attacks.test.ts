/**
 * Whatever is thrown at it, the server stays up, refuses in the one shape that errors have, tells nothing of what is
 * inside, and answers others meanwhile. Texts in arguments: test/server/hostile-text.test.ts.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

/** What must never be seen outside: stacks, SQL, paths, and what Postgres and Node say among themselves. */
const INSIDE =
  /\bat .+:\d+:\d+|node_modules|\.(ts|js):\d|\/(home|work|usr|var)\/|SELECT |json_build|pg_|relation "|syntax error at|SQLSTATE|ECONN|Cannot read prop/;

async function post(body: string) {
  const response = await fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  return { status: response.status, text: await response.text() };
}

const othersAreAnswered = async () => {
  expect((await graph.ask('{ regions { name } }')).data.regions).toHaveLength(9);
};

/** Asked while others ask too; answered, or refused as the asker's doing. */
async function survives(body: string): Promise<{ status: number; text: string }> {
  const [answer] = await Promise.all([post(body), othersAreAnswered()]);
  expect(answer.status).toBeLessThan(500);
  expect(answer.text.slice(0, 5_000)).not.toMatch(INSIDE);
  const { errors = [] } = JSON.parse(answer.text) as { errors?: { extensions: { code: string } }[] };
  for (const { extensions } of errors)
    expect(extensions).toEqual({ code: expect.stringMatching(/^[A-Z_]+$/) });
  expect(errors.map(({ extensions }) => extensions.code)).not.toContain('INTERNAL');
  return answer;
}
const asked = (query: string, variables?: unknown) => survives(JSON.stringify({ query, variables }));

const chain = (length: number, of: (next: string) => string, last: string) =>
  `${Array.from({ length }, (_, at) => `fragment F${at} on Region { ${of(`...F${at + 1}`)} }`).join(' ')} fragment F${length} on Region { ${last} }`;

describe('a query that is refused', () => {
  it.each([
    [
      'nested a thousand deep',
      `{ region(code: "E12000007") ${'{ subRegions '.repeat(990)} { name } ${'}'.repeat(990)} }`,
    ],
    ['nested a hundred thousand deep', '{a'.repeat(20_000)],
    [
      'lists within lists to the end',
      `{ region(code: "E12000007") { ${'localAuthorities { nodes { region { '.repeat(5)} name ${'} } }'.repeat(5)} } }`,
    ],
    [
      'a thousand aliases',
      `{ ${Array.from({ length: 1_000 }, (_, at) => `a${at}: england { name }`).join(' ')} }`,
    ],
    [
      'aliases in fragments that double',
      `{ region(code: "E12000007") { ...F0 } } ${chain(12, (next) => `a: subRegions { ${next} } b: subRegions { ${next} }`, 'name')}`,
    ],
    [
      'fragments that spread each other',
      '{ england { ...A } } fragment A on England { ...B } fragment B on England { ...A }',
    ],
    ['a fragment that spreads itself', '{ england { ...A } } fragment A on England { ...A name }'],
    [
      'introspection in a circle',
      `{ __schema { types ${'{ fields { type '.repeat(6)} { name } ${'} }'.repeat(6)} } }`,
    ],
    [
      'introspection under many names',
      `{ ${Array.from({ length: 50 }, (_, at) => `a${at}: __schema { types { fields { type { fields { name } } } } }`).join(' ')} }`,
    ],
    [
      'lists without an end',
      '{ trusts(first: 100) { nodes { schools(first: 100) { nodes { trust { schools(first: 100) { nodes { urn } } } } } } } }',
    ],
    ['a million tokens', `{ england { ${'name '.repeat(15_000)} } }`],
    ['directives without an end', `{ england { name ${'@skip(if: false) '.repeat(1_000)} } }`],
    [
      'two thousand variables',
      `query (${Array.from({ length: 2_000 }, (_, at) => `$v${at}: Int`).join(' ')}) { england { name } }`,
    ],
    ['fifteen thousand braces', '{'.repeat(15_000)],
    [
      'the same field seven hundred times, each to be held against each',
      `{ ${'england { name } '.repeat(700)} }`,
    ],
    ['a text without an end', `{ school(urn: "${'\\\\"'.repeat(10_000)}) { name } }`],
  ])('%s', async (_what, query) => {
    const { status, text } = await asked(query);
    expect(status).toBe(400);
    expect(text.length).toBeLessThan(20_000);
  });

  it.each([
    ['a page of two thousand million', { first: 2_147_483_647 }],
    ['a page beyond every number', { first: 1e300 }],
    ['a page of less than nothing', { first: -2_147_483_648 }],
    ['a page that is no number', { first: 'many' }],
    ['a page that is a list', { first: [100, 100] }],
    ['nothing at all', { first: null }],
  ])('%s, in a variable', async (_what, variables) => {
    const { text } = await asked(
      'query ($first: Int!) { schools(first: $first) { nodes { urn trust { schools(first: $first) { nodes { urn } } } } } }',
      variables,
    );
    expect(JSON.parse(text).errors).toHaveLength(1);
  });

  it('lists of a hundred thousand codes, in a variable', async () => {
    const many = Array.from({ length: 12_000 }, (_, at) => 100_000 + at);
    const { text } = await asked('query ($urns: [Int!]) { schools(urns: $urns) { totalCount } }', {
      urns: many,
    });
    expect(JSON.parse(text).errors[0].message).toMatch(/1,?000/);
  });

  it('a variable nested ten thousand deep', async () => {
    await asked('query ($f: SchoolFilter) { schools(filter: $f) { totalCount } }', {
      f: JSON.parse(`${'{"phase":'.repeat(4_000)}null${'}'.repeat(4_000)}`),
    });
  });
});

describe('a text', () => {
  it('that is looked for has two hundred characters at most, so that it is held against no name for long', async () => {
    const wrong: string[] = [];
    for (const field of [
      'schools(filter: { nameContains: $t }) { totalCount }',
      'indicators(search: $t) { id }',
    ]) {
      const ask = (t: string) => graph.ask(`query ($t: String) { ${field} }`, { t });
      expect((await ask('%'.repeat(200))).errors).toBeUndefined();
      const { errors } = await ask('%'.repeat(201));
      expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
      wrong.push(errors![0]!.message);
    }
    expect(wrong).toEqual([
      expect.stringMatching(/nameContains: 201 characters .* 200/),
      expect.stringMatching(/search: 201 characters .* 200/),
    ]);
  });

  it.each([
    ['a pattern that a regular expression would go round in', `${'a'.repeat(50)}!`.repeat(200)],
    ['a pattern of groups of groups', `${'(a+)+'.repeat(2_000)}$`],
    ['wildcards of LIKE', '%_'.repeat(20_000)],
    ['backslashes', '\\'.repeat(20_001)],
    ['a null byte', 'a\u0000b'],
    ['nothing but null bytes', '\u0000'.repeat(10_000)],
    ['letters that join on and on', 'a\u0301'.repeat(20_000)],
    ['letters of two directions', '\u202e\u2066'.repeat(5_000)],
  ])('of %s is looked for or refused', async (_what, text) => {
    await asked('query ($t: String) { schools(filter: { nameContains: $t }) { totalCount } }', { t: text });
    await asked('query ($t: String) { indicators(search: $t) { id } }', { t: text });
    await asked('query ($t: String!) { localAuthority(code: $t) { name } }', { t: text });
  });

  it.each([
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
  ])('%s is no name of anything', async (name) => {
    await asked('query ($t: ID!) { indicator(id: $t) { name } }', { t: name });
    await asked('query ($t: [ID!]!) { england { indicators(ids: $t) { latest { value } } } }', { t: [name] });
    await asked(`{ ${name} }`);
    await survives(`{"query":"{ england { name } }","variables":{"${name}":{"a":1}},"${name}":{}}`);
  });
});

describe('a body', () => {
  it('of ten million bytes is refused, and its connection closed', async () => {
    const body = JSON.stringify({ query: `{ england { name } } #${'x'.repeat(10_000_000)}` });
    const [refused] = await Promise.all([post(body).catch(() => null), othersAreAnswered()]);
    // The connection may be closed before all of it has been sent.
    if (refused)
      expect([refused.status, JSON.parse(refused.text).errors[0].extensions.code]).toEqual([
        413,
        'QUERY_TOO_LARGE',
      ]);
  });

  it.each([
    ['objects within objects', '{"a":'.repeat(20_000)],
    ['lists within lists', `${'['.repeat(45_000)}${']'.repeat(45_000)}`],
    ['one long number', `{"query":"{ england { name } }","variables":{"a":${'9'.repeat(90_000)}}}`],
    [
      'the same key again and again',
      `{${'"query":"{ england { name } }",'.repeat(2_000)}"query":"{ england { name } }"}`,
    ],
  ])('of %s is answered or refused', async (_what, body) => {
    await survives(body);
  });
});

/** A connection on which a request is written by hand. */
function dial(to: RunningGraph = graph): Socket {
  const { hostname, port } = new URL(to.address);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  return socket;
}
const received = async (socket: Socket) => {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  if (!socket.closed) await once(socket, 'close');
  return text;
};

describe('a connection', () => {
  const HEAD = 'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';

  it.each([
    ['a body that never ends', `${HEAD}Content-Length: 100\r\n\r\n{"query":`, '408', 'TIMED_OUT'],
    [
      'a message for an assistant that never ends',
      `${HEAD.replace('/graphql', '/mcp')}Content-Length: 100\r\n\r\n{`,
      '408',
      'TIMED_OUT',
    ],
    [
      'a question to be saved that never ends',
      `${HEAD.replace('/graphql', '/q')}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
      '408',
      'TIMED_OUT',
    ],
    ['headers that never end', 'POST /graphql HTTP/1.1\r\nHost: x\r\nX-A: ', '408', 'TIMED_OUT'],
  ])('with %s is closed with a clear word, and keeps nobody waiting', async (_what, text, status, code) => {
    const hurried = await startGraph(loadedDatabase('sample'), { REQUEST_DEADLINE_MS: '600' });
    try {
      const socket = dial(hurried);
      socket.write(text);
      expect(await received(socket)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [\\s\\S]*"code":"${code}"`));
    } finally {
      await hurried.close();
    }
  });

  it.each([
    ['no HTTP', 'HELLO\r\n\r\n', '400'],
    [
      'headers of a hundred thousand bytes',
      `GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`,
      '431',
    ],
    [
      'an address of a hundred thousand bytes',
      `GET /graphql?query=${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
      '431',
    ],
    ['two lengths', `${HEAD}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, '400'],
    ['a length and chunks', `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, '400'],
  ])('with %s is refused', async (_what, text, status) => {
    const socket = dial();
    socket.write(text);
    const answer = await received(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/"extensions":\{"code":"[A-Z_]+"\}/);
    expect(answer).not.toMatch(INSIDE);
  });

  it('a thousand at once, that ask nothing or half of something, leave room for others', async () => {
    const sockets = Array.from({ length: 1_000 }, (_, at) => {
      const socket = dial();
      if (at % 2) socket.write(HEAD);
      return socket;
    });
    try {
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      for (let time = 0; time < 5; time += 1) await othersAreAnswered();
    } finally {
      for (const socket of sockets) socket.destroy();
    }
    await othersAreAnswered();
  });

  it('a thousand questions at once are all answered', async () => {
    const answers = await Promise.all(Array.from({ length: 1_000 }, () => graph.ask('{ england { name } }')));
    for (const { data } of answers) expect(data).toEqual({ england: { name: 'England' } });
  });
});

describe('an address', () => {
  const LONG = 'a'.repeat(15_000);
  const UPWARDS = [
    '/../../etc/passwd',
    '/..%2f..%2fetc%2fpasswd',
    '/%2e%2e/%2e%2e/package.json',
    '/....//x',
    '/%00',
    '/%',
    `/${LONG}`,
    '/__proto__',
    '/constructor.csv',
  ];
  it.each([
    '/q',
    '/data',
    '/mcp',
    '/changes.atom',
    '/graphql',
    '/graphql/assets',
    '/metrics',
    '/healthz',
  ])('below %s leads to nothing but a clear 404', async (above) => {
    for (const below of UPWARDS) {
      const socket = dial();
      socket.write(`GET ${above}${below} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      const answer = await received(socket);
      expect(answer, below).toMatch(/^HTTP\/1\.1 404 [\s\S]*"code":"NOT_FOUND"/);
      expect(answer, below).not.toMatch(INSIDE);
      expect(answer.length).toBeLessThan(2_000);
    }
  });

  it.each([
    'query=%',
    'query=%ff%fe',
    'variables=%7B',
    'variables=1',
    'extensions=[1]',
    'query=a&query=b',
    'asOf=%00',
    'a=1&'.repeat(3_500),
  ])('with the parameters %s is refused as what the asker has done', async (search) => {
    for (const path of [
      '/graphql.csv',
      '/graphql.json',
      '/changes.atom',
      '/data/gias-establishments.csv?asOf=x&asOf=y&a=',
    ]) {
      const response = await fetch(`${graph.address}${path}${path.includes('?') ? '&' : '?'}${search}`);
      expect(response.status, path).toBe(400);
      expect(await response.text()).toMatch(/"code":"[A-Z_]+"/);
    }
  });

  it('answers requests that are sent in a row without waiting, each in its turn', async () => {
    const socket = dial();
    const one = (path: string, last = '') => `GET ${path} HTTP/1.1\r\nHost: x\r\n${last}\r\n`;
    socket.write(`${one('/healthz').repeat(50)}${one('/nothing')}${one('/readyz', 'Connection: close\r\n')}`);
    const statuses = [...(await received(socket)).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
    expect(statuses).toEqual([...Array<string>(50).fill('200'), '404', '200']);
  });
});

it('and after all that it is alive, ready and answers', async () => {
  expect((await fetch(`${graph.address}/healthz`)).status).toBe(200);
  expect((await fetch(`${graph.address}/readyz`)).status).toBe(200);
  await othersAreAnswered();
});
