/** Every limit: just under is answered, just over is a clear 4xx with a code. */
import { request } from 'node:http';
import { getIntrospectionQuery } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSettings } from '../../src/settings.js';
import { loadedDatabase } from '../database.js';
import { type Answer, type RunningGraph, startGraph } from '../graph.js';

const { maximumDepth, maximumAliases, maximumTokens, maximumBodyBytes } = readSettings({});
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

async function post(body: string) {
  const response = await fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  return { status: response.status, ...((await response.json()) as Answer) };
}
const ask = (query: string) => post(JSON.stringify({ query }));

async function refused(query: string, message: RegExp) {
  const { status, errors } = await ask(query);
  expect(status).toBe(400);
  expect(errors).toHaveLength(1);
  expect(errors![0]!.message).toMatch(message);
  expect(['QUERY_TOO_LARGE', 'GRAPHQL_VALIDATION_FAILED', 'GRAPHQL_PARSE_FAILED']).toContain(
    errors![0]!.extensions.code,
  );
}
async function answered(query: string) {
  const { status, data, errors } = await ask(query);
  expect(errors).toBeUndefined();
  expect(status).toBe(200);
  return data;
}

describe('depth', () => {
  /** A query of this many levels, leaves counted. */
  const nested = (levels: number) =>
    `{ region(code: "E12000007") ${'{ subRegions '.repeat(levels - 2)} { name } ${'}'.repeat(levels - 2)} }`;

  it('is 16 levels', async () => {
    expect(maximumDepth).toBe(16);
    await answered(nested(maximumDepth));
    await refused(nested(maximumDepth + 1), /depth.*16.*17/i);
  });

  it('counts through fragments', async () => {
    await refused(
      `{ region(code: "E12000007") { ...A } } fragment A on Region ${'{ subRegions '.repeat(9)} { ...B } ${'}'.repeat(9)} fragment B on Region ${'{ subRegions '.repeat(9)} { name } ${'}'.repeat(9)}`,
      /depth/i,
    );
  });

  it('leaves room for the introspection of every tool', async () => {
    const data = await answered(
      getIntrospectionQuery({
        descriptions: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    );
    expect(data.__schema.types.length).toBeGreaterThan(20);
  });
});

describe('aliases', () => {
  const aliased = (count: number) => Array.from({ length: count }, (_, at) => `a${at}: name`).join(' ');

  it('are 60', async () => {
    expect(maximumAliases).toBe(60);
    expect(Object.keys((await answered(`{ england { ${aliased(60)} } }`)).england)).toHaveLength(60);
    await refused(`{ england { ${aliased(61)} } }`, /alias.*60.*61/i);
  });

  it('count each time that a fragment is spread', async () => {
    const fragment = `fragment F on Place { ${aliased(31)} }`;
    await refused(`{ england { ...F } region(code: "E12000004") { ...F } } ${fragment}`, /alias/i);
  });
});

describe('tokens', () => {
  /** A query of this many tokens: 27 and three lists, none longer than a list may be. */
  const long = (tokens: number) => {
    const entries = (value: string, at: number) => `${value} `.repeat(Math.floor((tokens - 27 + at) / 3));
    return `{ schools(first: 1 filter: { status: [${entries('OPEN', 0)}] phase: [${entries('PRIMARY', 1)}] typeGroup: [${entries('ACADEMIES', 2)}] }) { totalCount } }`;
  };

  it('are 3,000', async () => {
    expect(maximumTokens).toBe(3_000);
    expect((await answered(long(maximumTokens))).schools.totalCount).toBeGreaterThan(0);
    await refused(long(maximumTokens + 1), /3000 tokens/);
  });
});

describe('the body', () => {
  const ofSize = (bytes: number) => {
    const [before, after] = ['{"query":"{ england { name } } #', '"}'];
    return `${before}${'x'.repeat(bytes - before.length - after.length)}${after}`;
  };

  it('is 100 KB', async () => {
    expect(maximumBodyBytes).toBe(100 * 1024);
    expect((await post(ofSize(maximumBodyBytes))).data).toEqual({ england: { name: 'England' } });
    const { status, errors } = await post(ofSize(maximumBodyBytes + 1));
    expect(status).toBe(413);
    expect(errors![0]).toMatchObject({
      message: expect.stringContaining('102400'),
      extensions: { code: 'QUERY_TOO_LARGE' },
    });
  });

  it('is measured in bytes, not in letters', async () => {
    const body = JSON.stringify({ query: `{ england { name } } #${'é'.repeat(maximumBodyBytes / 2)}` });
    expect(body.length).toBeLessThan(maximumBodyBytes);
    expect((await post(body)).status).toBe(413);
  });

  it('is measured as it comes where its length is not given', async () => {
    const status = await new Promise<number>((resolve, reject) => {
      const sent = request(
        `${graph.address}/graphql`,
        { method: 'POST', headers: { 'Content-Type': 'application/json' } },
        (response) => {
          response.resume();
          resolve(response.statusCode!);
        },
      );
      sent.on('error', reject);
      for (const chunk of ofSize(maximumBodyBytes + 1).match(/.{1,20000}/gs)!) sent.write(chunk);
      sent.end();
    });
    expect(status).toBe(413);
  });

  it('may be much too large without harm to the next', async () => {
    await post(ofSize(2_000_000)).catch(() => {});
    await answered('{ england { name } }');
  });
});

describe('a small query that means a large one', () => {
  const chain = (length: number, last: string, more = '') =>
    `{ england { ...F0 } } ${Array.from({ length }, (_, at) => `fragment F${at} on England { ${more} ...F${at + 1} ...F${at + 1} }`).join(' ')} fragment F${length} on England { ${last} }`;

  it.each([
    ['fragments that double thirty times', chain(30, 'name')],
    ['fragments that double, with an alias each', chain(30, 'name', 'a: name')],
    ['fragments that double, with lists', chain(30, 'name', 'regions { name }')],
    ['a field two thousand times', `{ england { ${'name '.repeat(2_000)} } }`],
    [
      'lists of lists of lists',
      '{ regions { localAuthorities(first: 100) { nodes { schools(first: 100) { nodes { trust { schools(first: 100) { nodes { urn } } } } } } } } }',
    ],
    ['directives without end', `{ england { name ${'@skip(if: false) '.repeat(300)} } }`],
  ])('is answered or refused at once: %s', async (_what, query) => {
    // Work, not time: others may have the processor meanwhile.
    const before = process.cpuUsage();
    const { status, errors } = await ask(query);
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
    expect(status).toBeLessThan(500);
    for (const { extensions } of errors ?? []) expect(extensions.code).not.toBe('INTERNAL');
  });
});

it('an operator can set other limits', async () => {
  const strict = await startGraph(loadedDatabase('sample'), {
    MAX_DEPTH: '3',
    MAX_ALIASES: '1',
    MAX_TOKENS: '50',
    MAX_BODY_BYTES: '1000',
  });
  try {
    expect((await strict.ask('{ a: england { name } }')).data).toEqual({ a: { name: 'England' } });
    expect((await strict.ask('{ a: england { b: name } }')).errors![0]!.message).toMatch(/alias/i);
    expect(
      (await strict.ask('{ region(code: "E12000007") { subRegions { subRegions { name } } } }')).errors![0]!
        .message,
    ).toMatch(/depth/i);
    expect((await strict.ask(`{ england { ${'name '.repeat(60)} } }`)).errors![0]!.message).toMatch(
      /50 tokens/,
    );
    expect((await strict.ask(`{ england { name } } #${'x'.repeat(1_000)}`)).errors![0]!.extensions.code).toBe(
      'QUERY_TOO_LARGE',
    );
  } finally {
    await strict.close();
  }
});
