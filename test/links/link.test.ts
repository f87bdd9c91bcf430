/** A plain link: an address that a browser, a spreadsheet or a script opens without a header, and that answers as ever. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { take } from '../export/taking.js';
import { type RunningGraph, startGraph } from '../graph.js';

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

const REGIONS = '{ regions { code name } }';
const linkTo = (ending: string, query: string, more: Record<string, string> = {}) =>
  `/graphql.${ending}?${new URLSearchParams({ query, ...more })}`;

async function open(path: string, request: RequestInit = {}) {
  const response = await fetch(`${graph.address}${path}`, request);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

it.each([
  ['csv', 'text/csv'],
  ['jsonl', 'application/jsonl'],
])('.%s is the file that Accept: %s has', async (ending, accept) => {
  for (const headers of [{ Accept: '*/*' }, { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }]) {
    const link = await open(linkTo(ending, REGIONS), { headers });
    const { text, headers: told } = await take(graph, accept, REGIONS);
    expect(link.text).toBe(text);
    for (const name of ['content-type', 'content-disposition', 'x-schoolgraph-data'])
      expect(link.headers.get(name)).toBe(told.get(name));
    expect(link.headers.get('access-control-allow-origin')).toBe('*');
  }
});

it('.json is the answer', async () => {
  const { status, headers, text } = await open(linkTo('json', REGIONS), { headers: { Accept: 'text/html' } });
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
  expect(JSON.parse(text)).toEqual(await graph.ask(REGIONS));
});

it('takes variables, the name of an operation, and a byte order mark', async () => {
  const query = 'query A { england { code } } query B($code: String!) { region(code: $code) { code name } }';
  const variables = JSON.stringify({ code: 'E12000001' });
  const { text } = await open(linkTo('json', query, { operationName: 'B', variables }));
  expect(JSON.parse(text).data.region.name).toBe('North East');
  const response = await fetch(`${graph.address}${linkTo('csv', REGIONS, { bom: '1' })}`);
  expect(Buffer.from(await response.arrayBuffer()).toString()).toMatch(/^\ufeffcode,name\r\n/);
});

it.each([
  ['GET', linkTo('csv', REGIONS, { cite: 'true' }), 'cite'],
  ['GET', linkTo('csv', REGIONS, { bom: 'yes' }), 'bom'],
  ['GET', `/graphql?${new URLSearchParams({ query: REGIONS, cite: '' })}`, 'cite'],
  ['POST', '/graphql?cite=on', 'cite'],
  ['GET', '/data/gias-establishments.csv?bom=true', 'bom'],
])('a word that switches nothing on is refused, and not passed over: %s %s', async (method, path, name) => {
  const body =
    method === 'POST'
      ? { body: JSON.stringify({ query: REGIONS }), headers: { 'Content-Type': 'application/json' } }
      : {};
  const { status, text } = await open(path, { method, ...body });
  expect(status).toBe(400);
  const { errors } = JSON.parse(text);
  expect(errors[0].message).toBe(`${name}: must be 1. Leave it out where it is not wanted.`);
  expect(errors[0].extensions.code).toBe('BAD_REQUEST');
});

describe('as of a day', () => {
  const QUERY =
    'query { school(urn: 100000) { name } regions { indicator(id: "suspensions") { latest { value } } } ...more } fragment more on Query { schools(first: 3) { nodes { urn } } dataSets { id } }';

  it('every root field that can be asked as of a day is', async () => {
    const day = '2026-07-16';
    const { data, extensions } = await graph.ask(
      `{ school(urn: 100000, asOf: "${day}") { name } regions(asOf: "${day}") { indicator(id: "suspensions") { latest { value } } } schools(first: 3, asOf: "${day}") { nodes { urn } } dataSets { id } }`,
    );
    const link = JSON.parse((await open(linkTo('json', QUERY, { asOf: day }))).text);
    expect(link.data).toEqual(data);
    expect(link.extensions).toEqual(extensions);
    expect(link.data).not.toEqual((await graph.ask(QUERY)).data);
  });

  it('one that says of which is asked as of that one', async () => {
    const query = '{ schools(asOf: "1990-01-01", first: 1) { totalCount } }';
    const link = JSON.parse((await open(linkTo('json', query, { asOf: '2026-11-01' }))).text);
    expect(link.data.schools.totalCount).toBe(0);
  });

  it('is in the name of the file', async () => {
    const { headers } = await open(
      linkTo('csv', '{ schools(first: 1) { nodes { urn } } }', { asOf: '2020-06-01' }),
    );
    expect(headers.get('content-disposition')).toBe(
      'attachment; filename="schoolgraph-schools-2020-06-01.csv"',
    );
  });

  it('is refused for what cannot be asked as of a day', async () => {
    const { status, text } = await open(linkTo('json', '{ dataSets { id } }', { asOf: '2026-07-16' }));
    expect(status).toBe(400);
    expect(JSON.parse(text).errors[0].extensions.code).toBe('BAD_USER_INPUT');
  });

  it('must be a day', async () => {
    const { status, text } = await open(linkTo('json', REGIONS, { asOf: 'yesterday' }));
    expect(status).toBe(400);
    expect(JSON.parse(text).errors[0]).toMatchObject({
      message: expect.stringContaining('LocalDate'),
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
  });
});

describe('what is wrong is an error as ever:', () => {
  it.each([
    ['no question', '/graphql.csv', 'BAD_REQUEST', /query/],
    ['a question that is none', linkTo('csv', '{ regions {'), 'GRAPHQL_PARSE_FAILED', /./],
    [
      'a field that there is not',
      linkTo('csv', '{ regions { nome } }'),
      'GRAPHQL_VALIDATION_FAILED',
      /no such field on type "Region"/,
    ],
    ['variables that are no JSON', linkTo('csv', REGIONS, { variables: '{' }), 'BAD_REQUEST', /variables/],
    ['two questions', `${linkTo('csv', REGIONS)}&query=x`, 'BAD_REQUEST', /query/],
    ['no list', linkTo('csv', '{ england { name } }'), 'BAD_USER_INPUT', /leads to no list/],
    [
      'several lists',
      linkTo('csv', '{ regions { code } trusts(first: 1) { nodes { uid } } }'),
      'BAD_USER_INPUT',
      /two lists side by side, regions and trusts/,
    ],
  ])('%s', async (_what, path, code, message) => {
    const { status, headers, text } = await open(path);
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    const [error] = JSON.parse(text).errors;
    expect(error).toMatchObject({ message: expect.stringMatching(message), extensions: { code } });
  });

  it('an ending that there is not, with those that there are', async () => {
    const { status, text } = await open('/graphql.pdf');
    expect(status).toBe(404);
    expect(JSON.parse(text).errors[0].message).toContain('/graphql.csv');
  });

  it('another method', async () => {
    const { status, headers } = await open(linkTo('csv', REGIONS), { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});
