/**
 * An answer is kept while the data stand: asked again it costs no statement, and it is never one of other data, of another
 * question, of a question that failed, or of what moves while the data stand.
 */
import type { GraphQLObjectType } from 'graphql';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildGraph } from '../../schema/build.js';
import { AnswerCache } from '../../src/answers/answer-cache.js';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { everyField, standsStill } from '../graph/questions.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

let database: OwnDatabase;
let graph: RunningGraph;
let writer: Tables;
let issued: string[] = [];

/** What the server looks at between questions, at most once a second, whoever asks. */
const BETWEEN_QUESTIONS = 'SELECT version::float8, synthetic FROM data_version';

beforeEach(async () => {
  database = await ownDatabase('sample');
  graph = await startGraph(database.url, {
    MAX_TOKENS: '50000',
    MAX_COST: '10000000',
    ANSWER_CACHE_MB: '64',
  });
  writer = await openTables(database.url);
  const query = pg.Client.prototype.query;
  vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
    const [first] = args as [string | { text: string }];
    const text = typeof first === 'string' ? first : first.text;
    if (text !== BETWEEN_QUESTIONS) issued.push(text);
    return Reflect.apply(query, this, args);
  } as typeof query);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await writer.close();
  await graph.close();
  await database.drop();
});

async function ask(query: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  issued = [];
  const response = await fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ query, ...more }),
  });
  const answer = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, ...answer, statements: issued.length };
}

/** What a publication does to the version, with whatever else it does. */
const publish = async (statement: string, values: unknown[] = []) => {
  await writer.rows('BEGIN');
  await writer.rows(statement, values);
  await writer.rows('UPDATE data_version SET version = version + 1');
  await writer.rows('COMMIT');
};

const FIGURE = '{ england { indicator(id: "suspensions") { latest { value } } } }';
const WITH_SOURCE =
  '{ england { indicator(id: "suspensions") { indicator { name } latest { value release { title dataSet { publisher } } } } } }';

it.each([
  ['that is all SQL', FIGURE],
  ['with ordinary resolvers', WITH_SOURCE],
  ['of the catalogue', '{ indicator(id: "suspensions") { name periods { code } breakdowns { code } } }'],
  ['of the data sets', '{ dataSets { id release { title files { sha256 } findings { message } } } }'],
])('an answer %s is kept, with its header and its content type', async (_what, query) => {
  const first = await ask(query);
  expect(first.errors).toBeUndefined();
  expect(first.statements).toBeGreaterThan(0);
  const again = await ask(query);
  expect(again.statements).toBe(0);
  expect(again.data).toEqual(first.data);
  expect(again.headers.get('X-SchoolGraph-Data')).toBe('synthetic');
  expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'));
  expect(again.headers.get('access-control-allow-origin')).toBe('*');
  const accept = 'application/graphql-response+json';
  await ask('{ __typename }', {}, { Accept: accept });
  const other = await ask(query, {}, { Accept: accept });
  expect(other.statements).toBe(0);
  expect(other.headers.get('content-type')).toContain(accept);
});

it.each(['text/csv', 'application/jsonl'])('a file of %s is kept, with its name', async (accept) => {
  const take = async (search = '') => {
    issued = [];
    const response = await fetch(`${graph.address}/graphql${search}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: accept },
      body: JSON.stringify({ query: '{ schools(first: 100) { nodes { urn name } } }' }),
    });
    const { date: _date, ...headers } = Object.fromEntries(response.headers);
    return { body: Buffer.from(await response.arrayBuffer()).toString(), headers, statements: issued.length };
  };
  const first = await take();
  expect(first.statements).toBeGreaterThan(0);
  expect(first.body.split('\n').length).toBeGreaterThan(100);
  const again = await take();
  expect(again.statements).toBe(0);
  expect(again.body).toBe(first.body);
  for (const name of ['content-disposition', 'content-type', 'x-schoolgraph-data', 'cache-control'])
    expect(again.headers[name]).toBe(first.headers[name]);
  const marked = await take('?bom=1');
  expect(marked.statements).toBeGreaterThan(0);
  if (accept === 'text/csv') expect(marked.body).toBe(`\uFEFF${first.body}`);
  await publish('SELECT 1');
  await expect.poll(async () => (await take()).statements, { timeout: 20_000 }).toBeGreaterThan(0);
});

it('an answer with notes keeps them', async () => {
  const query = '{ england(asOf: "1990-01-01") { indicator(id: "suspensions") { latest { value } } } }';
  const { extensions } = await ask(query);
  expect(extensions.notes.length).toBeGreaterThan(0);
  // By graphql-js and from its memory; after a publication, without graphql-js and from its memory.
  expect(await ask(query)).toMatchObject({ extensions, statements: 0 });
  await publish('SELECT 1');
  await expect.poll(async () => (await ask(query)).statements, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(await ask(query)).toMatchObject({ extensions, statements: 0 });
});

it('other variables, another operation and other blanks are other questions', async () => {
  const query = 'query One($code: String!) { region(code: $code) { code } } query Two { england { code } }';
  const north = { operationName: 'One', variables: { code: 'E12000001' } };
  const south = { operationName: 'One', variables: { code: 'E12000009' } };
  for (let round = 0; round < 3; round += 1) {
    expect((await ask(query, north)).data).toEqual({ region: { code: 'E12000001' } });
    expect((await ask(query, south)).data).toEqual({ region: { code: 'E12000009' } });
    expect((await ask(query, { operationName: 'Two' })).data).toEqual({ england: { code: 'E92000001' } });
  }
  expect((await ask(query, north)).statements).toBe(0);
});

it.each([
  ['that is all SQL', FIGURE],
  ['with ordinary resolvers', WITH_SOURCE],
])('a publication ends it for a question %s: at most a second later', async (_what, query) => {
  const before = (await ask(query)).data.england.indicator.latest.value;
  await ask(query);
  await publish(
    `UPDATE observation o SET values = (SELECT array_agg(x + 1) FROM unnest(o.values) x)
     FROM place p WHERE p.id = o.place_id AND p.level = 'NATIONAL'`,
  );
  const value = async () => (await ask(query)).data.england.indicator.latest.value;
  await expect.poll(value, { timeout: 20_000 }).toBe(before + 1);
  expect(await ask(query)).toMatchObject({ statements: 0 });
});

it('a publication that any other question meets ends it at once', async () => {
  await ask(FIGURE);
  expect((await ask(FIGURE)).statements).toBe(0);
  await publish('SELECT 1');
  // Within the second that the server trusts its memory.
  await ask('{ regions { name } }');
  expect((await ask(FIGURE)).statements).toBeGreaterThan(0);
});

it.each([
  ['one that is wrong', '{ england { nome } }'],
  ['one that is refused', '{ school(urn: 1) { name } }'],
  ['one that is answered in part', '{ england { name } school(urn: 1) { name } }'],
])('%s is not kept', async (_what, query) => {
  expect((await ask(query)).errors).toHaveLength(1);
  const refusal = await ask(query);
  expect(refusal.errors).toHaveLength(1);
  expect(refusal.headers.get('content-type')).toMatch(/json/);
});

it('one that failed is asked again, and answered when it can be', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await ask('{ england { name } }');
  await writer.rows('REVOKE SELECT ON region FROM schoolgraph_reader');
  expect((await ask('{ regions { name } }')).errors[0].extensions.code).toBe('INTERNAL');
  await writer.rows('GRANT SELECT ON region TO schoolgraph_reader');
  expect((await ask('{ regions { name } }')).data.regions.length).toBeGreaterThan(8);
});

it('one statement that fails is not asked twice', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {});
  await ask('{ england { name } }');
  await ask('query ($no: Boolean!) { regions { name code @skip(if: $no) } }', { variables: { no: true } });
  await writer.rows('REVOKE SELECT ON region FROM schoolgraph_reader');
  const failed = await ask('query ($no: Boolean!) { regions { name code @skip(if: $no) } }', {
    variables: { no: false },
  });
  expect(failed.errors).toMatchObject([{ path: ['regions'], extensions: { code: 'INTERNAL' } }]);
  expect(failed.statements).toBe(1);
});

describe('what moves while the data stand is not kept:', () => {
  it('the last run of a data set, by whatever way it is reached', async () => {
    for (const query of [
      '{ dataStatus { dataSets { id lastRun { message } } } }',
      '{ dataSets { id ...Looked } } fragment Looked on DataSet { lastRun { message } }',
    ]) {
      await writer.rows("UPDATE run SET message = 'before'");
      expect(JSON.stringify((await ask(query)).data)).toContain('before');
      await ask(query);
      await writer.rows("UPDATE run SET message = 'after'");
      expect(JSON.stringify((await ask(query)).data)).not.toContain('before');
    }
  });

  it('the age of figures, which the time of day makes', async () => {
    const query = '{ coverage { indicators(first: 1) { levels { ageInYears warning } } } }';
    await ask(query);
    expect((await ask(query)).statements).toBeGreaterThan(0);
  });

  it('and nothing else reads what moves', async () => {
    // Runs and their issues are written without a publication: nothing that is kept may come of them.
    const schema = await buildGraph();
    const fieldsOf = (type: string, depth: number) =>
      everyField(schema.getType(type) as GraphQLObjectType, depth, standsStill).replaceAll(
        'PERIOD',
        '202425',
      );
    const questions = [
      `{ dataSets { ${fieldsOf('DataSet', 2)} } }`,
      `{ indicators(first: 3) { ${fieldsOf('Indicator', 2)} } }`,
      `{ coverage { indicators(first: 3) { ${fieldsOf('IndicatorCoverage', 1)} } registers { ${fieldsOf('RegisterCoverage', 2)} } } }`,
      `{ england { ${fieldsOf('England', 2)} } }`,
      `{ schools(first: 2) { nodes { ${fieldsOf('School', 2)} } } }`,
      `{ trusts(first: 2) { nodes { ${fieldsOf('Trust', 2)} } } }`,
      `{ localAuthorities(first: 2) { nodes { ${fieldsOf('LocalAuthority', 2)} } } }`,
      `{ neighbourEditions { ${fieldsOf('NeighbourEdition', 3)} } }`,
    ];
    for (const query of questions) {
      const { errors } = await ask(query);
      expect(errors, query).toBeUndefined();
      expect(issued.length).toBeGreaterThan(0);
      expect(
        issued.filter((text) => /\b(FROM|JOIN) "?(run|issue)\b|now\(\)|current_(date|time)/i.test(text)),
      ).toEqual([]);
    }
  });
});

it('ANSWER_CACHE_MB=0 keeps nothing', async () => {
  const without = await startGraph(database.url);
  try {
    for (let round = 0; round < 3; round += 1) {
      issued = [];
      await without.ask(FIGURE);
      expect(issued).toHaveLength(1);
    }
  } finally {
    await without.close();
  }
});

describe('the memory for answers', () => {
  const MB = 1024 * 1024;
  it('is bounded, whatever comes, and the answers asked for last stay', () => {
    const cache = new AnswerCache(2);
    cache.get(1, 'any');
    for (let at = 0; at < 10_000; at += 1) {
      cache.put(1, `question ${at}`, 'x'.repeat(10_000), { synthetic: false });
      expect(cache.bytes).toBeLessThanOrEqual(2 * MB);
    }
    expect(cache.bytes).toBeGreaterThan(1.9 * MB);
    expect(cache.get(1, 'question 9999')?.body.toString()).toBe('x'.repeat(10_000));
    expect(cache.get(1, 'question 0')).toBeUndefined();
  });

  it('counts long questions with short answers', () => {
    const cache = new AnswerCache(1);
    cache.get(1, 'any');
    for (let at = 0; at < 100; at += 1)
      cache.put(1, `${at}${'q'.repeat(50_000)}`, '{}', { synthetic: false });
    expect(cache.bytes).toBeLessThanOrEqual(MB);
  });

  it('takes no answer larger than a quarter of it', () => {
    const cache = new AnswerCache(1);
    cache.get(1, 'any');
    cache.put(1, 'small', 'x'.repeat(1_000), { synthetic: false });
    cache.put(1, 'large', 'x'.repeat(MB / 4), { synthetic: false });
    expect(cache.get(1, 'large')).toBeUndefined();
    expect(cache.get(1, 'small')).toBeDefined();
  });

  it('takes no answer of other data than it is asked about, and forgets when that moves', () => {
    const cache = new AnswerCache(1);
    cache.get(2, 'any');
    cache.put(1, 'q', 'old', { synthetic: false });
    expect(cache.get(2, 'q')).toBeUndefined();
    cache.put(2, 'q', 'new', { synthetic: false });
    expect(cache.get(2, 'q')?.body.toString()).toBe('new');
    expect(cache.get(3, 'q')).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });
});
