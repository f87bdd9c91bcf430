/** What a question costs is known before it is answered, is told with its answer, and is limited. */
import { readFileSync } from 'node:fs';
import { type GraphQLSchema, Kind, parse } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { QUESTIONS } from '../../bench/questions.js';
import { buildGraph } from '../../schema/build.js';
import { costOf } from '../../src/limits/cost.js';
import { readSettings } from '../../src/settings.js';
import { loadedDatabase } from '../database.js';
import { type Answer, type RunningGraph, startGraph } from '../graph.js';

const { maximumCost } = readSettings({});

async function post(graph: RunningGraph, query: string, variables: Record<string, unknown> = {}) {
  const response = await fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Answer) };
}

describe('without a database', () => {
  let schema: GraphQLSchema;
  beforeAll(async () => {
    schema = await buildGraph();
  });

  function costs(query: string, variableValues: Record<string, unknown> = {}): number {
    const { definitions } = parse(query);
    const operation = definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
    const fragments = Object.fromEntries(
      definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
    );
    return costOf({ schema, fragments, operation: operation as never, variableValues });
  }

  it('pages multiply, and what is within them', () => {
    const page = costs('{ trusts(first: 10) { nodes { name } } }');
    const within = costs('{ trusts(first: 10) { nodes { schools(first: 5) { nodes { urn } } } } }');
    expect(page).toBe(1 + 1 + 10);
    expect(within).toBe(1 + 1 + 10 * (1 + 1 + 5));
    expect(costs('{ trusts(first: 20) { nodes { name } } }')).toBe(page + 10);
    expect(costs('{ trusts(last: 10) { nodes { name } } }')).toBe(page);
  });

  it('a page in a variable counts like one that is written out', () => {
    const query = (first: string) => `($first: Int!) { schools(first: ${first}) { nodes { urn } } }`;
    for (const first of [1, 20, 100])
      expect(costs(`query ${query('$first')}`, { first })).toBe(costs(`query ${query(String(first))}`));
  });

  it('a page that nobody asks a number for is one of twenty', () => {
    expect(costs('{ trusts { nodes { name } } }')).toBe(costs('{ trusts(first: 20) { nodes { name } } }'));
  });

  it('indicators count one by one, and fields that are left out count nothing', () => {
    const one = costs('{ england { indicators(ids: ["headcount"]) { latest { value } } } }');
    const three = costs('{ england { indicators(ids: ["a", "b", "c"]) { latest { value } } } }');
    expect(three - one).toBe(4);
    expect(costs('{ england { name indicators(ids: ["a"]) @skip(if: true) { latest { value } } } }')).toBe(
      costs('{ england { name } }'),
    );
  });

  it('values that all schools or trusts are chosen or ordered by count one by one', () => {
    const schools = (what: string) => costs(`{ schools(first: 1${what}) { nodes { urn } } }`);
    const over = '{ id: "a", over: 1 }';
    const [none, one, three] = [
      schools(''),
      schools(`, filter: { indicator: [${over}] }`),
      schools(
        `, filter: { indicator: [${over}, ${over}] }, orderBy: [{ indicator: { id: "a" } }, { field: NAME }]`,
      ),
    ];
    expect(one - none).toBeGreaterThan(1_000);
    expect(three - none).toBe(3 * (one - none));
    expect(
      costs('{ trusts(first: 1, orderBy: [{ indicator: { id: "a" } }]) { nodes { uid } } }'),
    ).toBeGreaterThan(1_000);
  });

  it('a fragment counts as often as it is spread, and a field that is asked twice once', () => {
    const fragment = 'fragment F on Trust { schools(first: 9) { nodes { urn } } }';
    const once = costs(`{ a: trust(uid: "1") { ...F } } ${fragment}`);
    expect(costs(`{ a: trust(uid: "1") { ...F } b: trust(uid: "1") { ...F } } ${fragment}`)).toBe(
      2 * once - 1,
    );
    expect(costs(`{ a: trust(uid: "1") { ...F ...F } } ${fragment}`)).toBe(once);
  });

  it('a page of less than nothing takes nothing off', () => {
    expect(costs('{ schools(first: -100) { nodes { urn } } england { name } }')).toBeGreaterThan(
      costs('{ england { name } }'),
    );
  });

  it('what goes through everything costs more than what it answers with', () => {
    const judged = costs('{ outliers(indicator: "a", level: SCHOOL) { judged } }');
    expect(judged).toBeGreaterThan(costs('{ outliers(indicator: "a", level: LOCAL_AUTHORITY) { judged } }'));
    expect(judged).toBeGreaterThan(maximumCost / 4);
  });

  it.each(
    QUESTIONS.filter(({ ours }) => !ours.accept).map(({ name, ours }) => [name, ours] as const),
  )('the question of the benchmark %s may cost four times as much', (_name, { query, variables }) => {
    const subject = {
      urn: 1,
      code: '891',
      uid: '1',
      id: 'a',
      period: 'a',
      periods: ['1', '2', '3', '4', '5', '6'],
      pages: [Array(100).fill('a'), Array(60).fill('a')],
      term: 'a',
      phase: 'PRIMARY',
      status: 'OPEN',
    };
    expect(costs(query, variables(subject as never, null) as never) * 4).toBeLessThan(maximumCost);
  });

  it.each(
    ['docs/asking.md', 'docs/comparing.md', 'README.md'].flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/```graphql\n(.*?)```/gs)].map(
        ([, query], at) => [page, at + 1, query!] as const,
      ),
    ),
  )('question of %s, %i, may cost four times as much', (_page, _at, query) => {
    expect(costs(query) * 4).toBeLessThan(maximumCost);
  });

  it.each([
    [
      'schools of schools of schools',
      '{ trusts(first: 100) { nodes { schools(first: 100) { nodes { trust { schools(first: 100) { nodes { urn } } } } } } } }',
    ],
    [
      'fifty indicators of ten thousand schools',
      `{ localAuthorities(first: 100) { nodes { schools(first: 100) { nodes { indicators(ids: [${'"a" '.repeat(50)}]) { series { value } } } } } } }`,
    ],
    [
      'everything judged under three names',
      `{ ${['a', 'b', 'c'].map((key) => `${key}: outliers(indicator: "a", level: SCHOOL) { judged }`).join(' ')} }`,
    ],
    [
      'all schools put together sixty times',
      `{ ${Array.from({ length: 60 }, (_, at) => `a${at}: aggregate(indicator: "a", groupBy: [REGION]) { groupCount }`).join(' ')} }`,
    ],
    ['every trust’s inclusion', '{ trusts(first: 100) { nodes { inclusion { schools } } } }'],
    [
      'types of fields of types of fields',
      '{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }',
    ],
  ])('%s cost too much', (_what, query) => {
    expect(costs(query)).toBeGreaterThan(maximumCost);
  });

  it('a document of too many fields is refused before they are all counted', () => {
    const levels = Array.from(
      { length: 18 },
      (_, at) =>
        `fragment F${at} on Region { a: subRegions { ...F${at + 1} } b: subRegions { ...F${at + 1} } }`,
    );
    expect(() =>
      costs(`{ region(code: "a") { ...F0 } } ${levels.join(' ')} fragment F18 on Region { name }`),
    ).toThrow(/20,000 fields/);
  });
});

describe('in an answer', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'), { ANSWER_CACHE_MB: '8', MAX_COST: '500' });
  });
  afterAll(() => graph.close());

  it('it is told, whichever way the answer was made', async () => {
    const query = 'query ($first: Int!) { schools(first: $first) { nodes { urn } } }';
    // First by Apollo, then straight from Postgres for another page, then as it was kept.
    const first = await post(graph, query, { first: 3 });
    const second = await post(graph, query, { first: 4 });
    const third = await post(graph, query, { first: 4 });
    expect(first.extensions!.cost).toBeGreaterThan(0);
    expect(second.extensions!.cost).toBe(first.extensions!.cost! + 1);
    expect(third).toEqual(second);
    const resolved = await post(graph, '{ dataStatus { synthetic } }');
    expect(resolved.extensions).toEqual({ cost: 2 });
  });

  it('the most that a question may cost is answered, and a point more is refused', async () => {
    const query =
      'query ($first: Int!) { trusts(first: $first) { nodes { schools(first: 40) { nodes { urn } } } } }';
    const { extensions } = await post(graph, query, { first: 1 });
    const each = 42;
    const most = 1 + Math.floor((500 - extensions!.cost!) / each);
    const under = await post(graph, query, { first: most });
    expect(under).toMatchObject({ status: 200, extensions: { cost: extensions!.cost! + (most - 1) * each } });
    for (const _time of ['the first', 'again']) {
      const over = await post(graph, query, { first: most + 1 });
      expect(over.status).toBe(400);
      expect(over.data).toBeUndefined();
      expect(over.errors).toEqual([
        {
          message: expect.stringMatching(
            new RegExp(
              `^The question costs ${extensions!.cost! + most * each} points, and may cost 500\\. Most of it is trusts\\.nodes\\.schools.*\\(first\\)`,
            ),
          ),
          extensions: { code: 'QUERY_TOO_LARGE' },
        },
      ]);
    }
  });

  it('a page of less than nothing is refused, in a variable as written out', async () => {
    const literal = await post(graph, '{ schools(first: -1) { nodes { urn } } }');
    const variable = await post(graph, 'query ($n: Int!) { schools(first: $n) { nodes { urn } } }', {
      n: -1,
    });
    for (const { errors } of [literal, variable])
      expect(errors).toMatchObject([
        {
          message: expect.stringMatching(/^first: a page has 0 to 100/),
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ]);
  });

  it('a list that is taken away is not held to it: it is as long as it is', async () => {
    const response = await fetch(`${graph.address}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/csv' },
      body: JSON.stringify({ query: '{ schools(first: 2000) { nodes { urn } } }' }),
    });
    expect(response.status).toBe(200);
    expect((await response.text()).trim().split('\r\n')).toHaveLength(2_001);
  });
});

it('an argument that is null where it must not be is refused at its field, and takes nothing off the rest', async () => {
  const graph = await startGraph(loadedDatabase('sample'), { MAX_COST: '500' });
  try {
    // A variable that has a default may be null, where the argument has one too: nobody sees it before it is asked.
    const query =
      'query ($n: Int = 5) { schools(first: $n) { nodes { urn } } england { name indicators(ids: ["headcount"]) { latest { value } } } MORE }';
    const ask = (more: string, accept = 'application/json') =>
      fetch(`${graph.address}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Accept: accept },
        body: JSON.stringify({ query: query.replace('MORE', more), variables: { n: null } }),
      });
    const wrong = {
      message: 'first: It is of type "Int!", and must not be null.',
      extensions: { code: 'BAD_USER_INPUT' },
    };
    const answer = await ask('');
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      data: { schools: null, england: { name: 'England' } },
      errors: [{ ...wrong, path: ['schools'] }],
      extensions: { cost: expect.any(Number) },
    });
    const within = await graph.ask(
      'query ($n: Int = 5) { trusts(first: 1) { nodes { schools(first: $n) { totalCount } } } england { name } }',
      { n: null },
    );
    expect(within).toMatchObject({ data: { trusts: null, england: { name: 'England' } }, errors: [wrong] });
    const dear = await ask('trusts(first: 100) { nodes { schools(first: 100) { nodes { urn } } } }');
    expect(dear.status).toBe(400);
    expect(await dear.json()).toMatchObject({ errors: [{ extensions: { code: 'QUERY_TOO_LARGE' } }] });
    const file = await fetch(`${graph.address}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'text/csv' },
      body: JSON.stringify({
        query: 'query ($n: Int = 5) { schools(first: $n) { nodes { urn } } }',
        variables: { n: null },
      }),
    });
    expect([file.status, await file.json()]).toMatchObject([400, { errors: [wrong] }]);
  } finally {
    await graph.close();
  }
});
