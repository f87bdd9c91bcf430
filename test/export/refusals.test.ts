/** What cannot be taken away is refused as any question is: a 4xx, a code, a sentence, and no byte of a file. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatFor } from '../../src/export/format.js';
import { Turns } from '../../src/export/turns.js';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { take } from './taking.js';

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'), { MAX_DEPTH: '8', MAX_ALIASES: '5' });
});
afterAll(() => graph.close());

describe('a question is refused', () => {
  it.each([
    ['that is none', '{ schools {', 'GRAPHQL_PARSE_FAILED', /Syntax Error/],
    [
      'with an unknown field',
      '{ schools { nodes { nome } } }',
      'GRAPHQL_VALIDATION_FAILED',
      /no such field on type "School"/,
    ],
    [
      'that is too deep',
      '{ localAuthority(code: "202") { region { localAuthorities(first: 1) { nodes { region { localAuthorities(first: 1) { nodes { region { name } } } } } } } } }',
      'GRAPHQL_VALIDATION_FAILED',
      /depth/i,
    ],
    [
      'with too many aliases',
      '{ schools { nodes { a: urn b: urn c: urn d: urn e: urn f: urn } } }',
      'GRAPHQL_VALIDATION_FAILED',
      /alias/i,
    ],
    ['that leads to no list', '{ england { name } }', 'BAD_USER_INPUT', /no list/],
    [
      'for the indicators of a place alone, which are columns',
      '{ england { indicators(ids: ["headcount"]) { latest { value } } } }',
      'BAD_USER_INPUT',
      /no list/,
    ],
    [
      'with two lists side by side',
      '{ schools { nodes { urn } } england { regions { name } } }',
      'BAD_USER_INPUT',
      /schools and england\.regions/,
    ],
    [
      'with a list twice',
      '{ schools { nodes { urn } edges { node { name } } } }',
      'BAD_USER_INPUT',
      /schools and schools/,
    ],
    [
      'with two lists within an entry',
      '{ schools { nodes { predecessors { urn } links { urn } } } }',
      'BAD_USER_INPUT',
      /schools\.predecessors and schools\.links/,
    ],
    [
      'with the series of two indicators',
      '{ regions { indicators(ids: ["headcount", "suspension-rate"]) { series { value } } } }',
      'BAD_USER_INPUT',
      /indicators\.1\.series and regions\.indicators\.2\.series/,
    ],
    [
      'for what resolvers answer, naming it',
      '{ schools { nodes { indicator(id: "headcount") { latest { release { url } } } } } }',
      'BAD_USER_INPUT',
      /^schools\.indicator\.latest\.release cannot be taken away/,
    ],
    ['for a list that resolvers answer', '{ dataSets { id } }', 'BAD_USER_INPUT', /^dataSets cannot/],
    ['for the schema', '{ __schema { types { name } } }', 'BAD_USER_INPUT', /^__schema cannot/],
    [
      'for a page within entries that does not say how large it is',
      '{ trusts { nodes { schools { nodes { urn } } } } }',
      'BAD_USER_INPUT',
      /^first: it is missing/,
    ],
    [
      'for a page within entries that is too large',
      '{ trusts { nodes { schools(first: 101) { nodes { urn } } } } }',
      'BAD_USER_INPUT',
      /^first: a page has 0 to 100/,
    ],
    [
      'for lists within an entry that come to too much',
      '{ trusts { nodes { schools(first: 100) { nodes { localAuthority { schools(first: 100) { nodes { localAuthority { schools(first: 100) { nodes { urn } } } } } } } } } } }',
      'GRAPHQL_VALIDATION_FAILED',
      /depth/i,
    ],
    [
      'for fewer than none',
      '{ schools(first: -1) { nodes { urn } } }',
      'BAD_USER_INPUT',
      /^first: 0 to 1000000/,
    ],
    ['for more than can be', '{ schools(first: 1000001) { nodes { urn } } }', 'BAD_USER_INPUT', /1000000/],
    ['after what is no cursor', '{ schools(after: "x") { nodes { urn } } }', 'BAD_USER_INPUT', /cursor/],
    [
      'for an indicator that is none',
      '{ schools { nodes { indicator(id: "x") { latest { value } } } } }',
      'UNKNOWN_INDICATOR',
      /^id: there is no indicator of this id/,
    ],
    [
      'with a code that cannot be',
      '{ localAuthority(code: "x") { schools { nodes { urn } } } }',
      'BAD_USER_INPUT',
      /code/,
    ],
    [
      'without a variable that it needs',
      'query ($urns: [Int!]!) { schools(urns: $urns) { nodes { urn } } }',
      'BAD_USER_INPUT',
      /urns/,
    ],
    ['that is a mutation', 'mutation { a }', 'BAD_REQUEST', /mutation/],
  ])('%s', async (_what, query, code, message) => {
    const { status, error, headers } = await take(graph, 'text/csv', query);
    expect(error).toMatchObject({ message: expect.stringMatching(message), extensions: { code } });
    // A mutation is refused with 200, as it is in an answer.
    if (code !== 'BAD_REQUEST') expect(status).toBe(400);
    expect(headers.get('content-disposition')).toBeNull();
    expect(headers.get('content-type')).toMatch(/^application\/json;/);
  });

  it('as a table only where it is none: JSON lines hold lists side by side', async () => {
    const query = '{ schools(first: 2) { nodes { urn predecessors { urn } links { urn } } } }';
    const { data } = await graph.ask(query);
    const { text } = await take(graph, 'application/jsonl', query);
    expect(
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(data.schools.nodes);
  });
});

describe('a request', () => {
  const query = '/graphql?query=%7Bregions%7Bcode%7D%7D';

  it('may be a link: GET, with variables, and no header but Accept', async () => {
    const response = await fetch(`${graph.address}${query}`, { headers: { Accept: 'text/csv' } });
    expect(response.status).toBe(200);
    expect(await response.text()).toMatch(/^code\r\nE12/);
    const search = new URLSearchParams({
      query: 'query ($n: Int) { schools(first: $n) { nodes { urn } } }',
      variables: '{"n": 2}',
    });
    const two = await fetch(`${graph.address}/graphql?${search}`, { headers: { Accept: 'text/csv' } });
    expect((await two.text()).trim().split('\r\n')).toHaveLength(3);
  });

  it('of a foreign page that could be sent without asking first is refused as ever', async () => {
    const response = await fetch(`${graph.address}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'text/plain', Accept: 'text/csv' },
      body: '{"query": "{ regions { code } }"}',
    });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('CSRF');
  });

  it('says in its headers what the file is, whether it is made up, and that it may be read', async () => {
    const { headers } = await take(graph, 'text/csv', '{ regions { code } }');
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(headers.get('x-schoolgraph-data')).toBe('synthetic');
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="schoolgraph-regions-\d{4}-\d\d-\d\d\.csv"$/,
    );
    for (const name of ['X-SchoolGraph-Data', 'X-SchoolGraph-Notes', 'Content-Disposition'])
      expect(headers.get('access-control-expose-headers')).toContain(name);
    const lines = await take(graph, 'application/x-ndjson', '{ regions { code } }');
    expect(lines.headers.get('content-type')).toBe('application/jsonl; charset=utf-8');
    expect(lines.headers.get('content-disposition')).toMatch(/\.jsonl"$/);
  });

  it.each([
    ['text/csv', 'csv'],
    ['TEXT/CSV; charset=utf-8', 'csv'],
    ['application/jsonl', 'jsonl'],
    ['application/x-ndjson', 'jsonl'],
    ['text/csv, */*;q=0.1', 'csv'],
    ['application/json;q=0.5, application/jsonl', 'jsonl'],
    ['application/jsonl;q=0.3, text/csv;q=0.4', 'csv'],
    ['application/json, text/csv', undefined],
    ['*/*', undefined],
    ['text/csv;q=0', undefined],
    ['text/html, application/xhtml+xml, */*;q=0.8', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('that accepts %s gets %s', (accept, extension) => {
    expect(formatFor(accept)?.extension).toBe(extension);
  });
});

describe('when as many lists are being taken away as can be', () => {
  it('the next waits for its turn, in order', async () => {
    const turns = new Turns(1, 10_000);
    await turns.take();
    const order: number[] = [];
    const waiting = [1, 2].map((one) => turns.take().then(() => order.push(one)));
    turns.giveBack();
    await waiting[0];
    expect(order).toEqual([1]);
    turns.giveBack();
    await waiting[1];
    expect(order).toEqual([1, 2]);
  });

  it('and is told when it takes too long, which leaves the turns as they were', async () => {
    const turns = new Turns(1, 20);
    await turns.take();
    await expect(turns.take()).rejects.toMatchObject({ code: 'BUSY' });
    turns.giveBack();
    await turns.take();
  });
});
