/** No error and no note says anything that was in the question: it says where, and what is allowed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../schema/build.js';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { everywhere } from './asked-everywhere.js';

const SECRET = 'Zqxcanary7';
const NUMBER = '77773';
/** A number only where it stands alone: names of requests are made of any. */
const SECRETS = new RegExp(`${SECRET}|(?<![\\w.])(77,?773|98,?765\\.4\\d*)(?!\\w)|1987-06-05`, 'i');

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

interface Sent {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** All that is answered, headers and all: what follows each other is joined by lines. */
async function answered(path: string, sent: Sent = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(`${graph.address}${path}`, { redirect: 'manual', ...sent });
  const headers = [...response.headers].map((header) => header.join(': '));
  return { status: response.status, text: [...headers, await response.text()].join('\n') };
}
const posted = (body: unknown, path = '/graphql', headers: Record<string, string> = {}) =>
  answered(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

/** Data that say what they are of. */
const SAYS_ITSELF: Record<string, string[]> = {
  // The day, and the bounds, that were asked for.
  'composition(asAt:)': ['asAt'],
  'histogram(from:)': ['from', 'to'],
  'histogram(to:)': ['from', 'to'],
};
/** Without the fields of the data that do. */
const withoutThem = (text: string, name: string): string => {
  const said = SAYS_ITSELF[name.split('.')[1]!] ?? [];
  return said.length === 0
    ? text
    : text.replace(new RegExp(`"(${said.join('|')})":("[^"]*"|[\\d.e+-]+)`, 'g'), '');
};

it('every argument of every field, and every part of one, is refused or answered without what was given', async () => {
  const text = [`"${SECRET}"`];
  const asked = everywhere(await buildGraph(), {
    String: text,
    ID: text,
    Int: [NUMBER, `-${NUMBER}`],
    Float: ['98765.4321'],
    LocalDate: ['"1987-06-05"', ...text],
    Boolean: text,
    enum: [SECRET.toUpperCase()],
  });
  expect(asked.length).toBeGreaterThan(600);
  const errors = { refused: 0, answered: 0 };
  for (const { name, query } of asked) {
    const { text: told } = await posted({ query });
    expect(withoutThem(told, name), `${name}: ${query}`).not.toMatch(SECRETS);
    expect(told, name).not.toMatch(/"code":"INTERNAL"/);
    errors[told.includes('"errors":') ? 'refused' : 'answered'] += 1;
  }
  // Most are wrong, and some are simply found nowhere: neither is told by the other's words.
  expect(errors.refused).toBeGreaterThan(400);
}, 120_000);

describe('what is said instead is where it stands, and what is allowed', () => {
  it.each<[string, string, Record<string, unknown>, RegExp]>([
    [
      'a code',
      '{ localAuthority(code: "Zqxcanary7") { name } }',
      {},
      /^code: a local authority has a 3-digit code/,
    ],
    [
      'one of a list',
      '{ localAuthorities(codes: ["301", "Zqxcanary7", "302"]) { totalCount } }',
      {},
      /^the 2nd of codes: a local authority has a 3-digit code/,
    ],
    [
      'several of a list, given in a variable',
      'query ($codes: [String!]) { localAuthorities(codes: $codes) { totalCount } }',
      { codes: ['001', '301', '002', '003', '004', '005', '006'] },
      /^the 1st, 3rd, 4th, 5th, 6th and 1 more of codes: no local authority has this code\. Codes are/,
    ],
    [
      'an id, with those that are nearest',
      '{ england { indicator(id: "suspensoin-rate") { latest { value } } } }',
      {},
      /^id: there is no indicator of this id\. Nearest: suspension-rate, /,
    ],
    [
      'an id in a list within a filter',
      '{ schools(filter: { indicator: [{ id: "headcount" }, { id: "Zqxcanary7" }] }) { totalCount } }',
      {},
      /^id of the 2nd of filter\.indicator: there is no indicator/,
    ],
    [
      'a part of a criterion',
      '{ findLocalAuthorities(by: [{ indicator: "headcount" }, { indicator: "headcount", period: "Zqxcanary7" }]) { matching } }',
      {},
      /^period of the 2nd of by: headcount has no such period\. It has: /,
    ],
    [
      'a value of a variable',
      'query ($x: [SchoolStatus!]) { schools(filter: { status: $x }) { totalCount } }',
      { x: ['OPEN', 'Zqxcanary7'] },
      /^the 2nd of filter\.status: This value does not exist in "SchoolStatus" enum\. It has: OPEN, CLOSED/,
    ],
    [
      'a part of a variable',
      'query ($x: SchoolFilter) { schools(filter: $x) { totalCount } }',
      { x: { lowAge: { min: 'Zqxcanary7' } } },
      /^filter\.lowAge\.min: Int cannot represent non-integer value$/,
    ],
    [
      'a key that is none',
      'query ($x: SchoolFilter) { schools(filter: $x) { totalCount } }',
      { x: { Zqxcanary7: 1 } },
      /^filter: There is no such field in type "SchoolFilter"\.$/,
    ],
    [
      'a day',
      'query ($x: LocalDate) { england(asOf: $x) { name } }',
      { x: 'Zqxcanary7' },
      /^asOf: Value is not a valid LocalDate: a day is written 2022-09-01$/,
    ],
    [
      'a page',
      '{ schools(first: 77773) { totalCount } }',
      {},
      /^first: a page has 0 to 100 entries; take the rest with after: pageInfo\.endCursor$/,
    ],
    [
      'a variable that is missing',
      'query ($x: Int!) { school(urn: $x) { name } }',
      {},
      /^urn: A variable of required type "Int!" was not provided\.$/,
    ],
  ])('%s', async (_what, query, variables, told) => {
    const { errors } = await graph.ask(query, variables);
    expect(errors!.map(({ message }) => message)).toEqual([expect.stringMatching(told)]);
    expect(JSON.stringify(errors)).not.toMatch(SECRETS);
  });
});

describe('names and texts of a question are not said again', () => {
  const S = SECRET;
  it.each<[string, string, RegExp, Record<string, unknown>?]>([
    ['a field', `{ england { ${S} } }`, /^There is no such field on type "England"/],
    [
      'a field, nearly',
      '{ england { nome } }',
      /^There is no such field on type "England"\. Did you mean "name"/,
    ],
    ['an argument', `{ england(${S}: 1) { name } }`, /^There is no such argument on field "Query\.england"/],
    ['a directive', `{ england @${S} { name } }`, /^There is no such directive/],
    ['a fragment', `{ england { ...${S} } }`, /^There is no such fragment/],
    ['a type', `query ($x: ${S}) { school(urn: $x) { name } }`, /^There is no such type/],
    ['a type of a fragment', `{ england { ... on ${S} { name } } }`, /^There is no such type/],
    [
      'a fragment of another type',
      `{ england { ...${S} } } fragment ${S} on Trust { name }`,
      /cannot be spread here/,
    ],
    [
      'a fragment of none',
      `{ england { ...${S} } } fragment ${S} on Int { name }`,
      /non composite type "Int"/,
    ],
    [
      'a fragment for nothing',
      `{ england { name } } fragment ${S} on England { name }`,
      /^A fragment is never used/,
    ],
    [
      'a fragment within itself',
      `{ england { ...A } } fragment A on England { ...${S} } fragment ${S} on England { ...A }`,
      /^A fragment cannot be spread within itself/,
    ],
    [
      'a variable that is none',
      `query Q${S} { school(urn: $${S}) { name } }`,
      /A variable is not defined by the operation/,
    ],
    [
      'a variable for nothing',
      `query Q${S} ($${S}: Int) { england { name } }`,
      /^A variable is never used in the operation/,
    ],
    [
      'a variable of another type',
      `query ($${S}: String!) { school(urn: $${S}) { name } }`,
      /of type "String!" used in position/,
    ],
    [
      'a variable twice',
      `query ($${S}: Int!, $${S}: Int!) { school(urn: $${S}) { name } }`,
      /only one variable of the same name/,
    ],
    [
      'an operation twice',
      `query ${S} { england { name } } query ${S} { england { name } }`,
      /only one operation of the same name/,
    ],
    ['an argument twice', '{ school(urn: 1, urn: 77773) { name } }', /only one argument of the same name/],
    [
      'a key twice',
      `{ a${S}: england { name } a${S}: regions { name } }`,
      /^Fields under one key of the answer conflict/,
    ],
    [
      'a key twice, below',
      `{ a: england { b${S}: name } a: england { b${S}: __typename } }`,
      /under one key conflict/,
    ],
    ['a field without any below', `{ england { name { ${S} } } }`, /must not have a selection/],
    ['a text', `{ school(urn: "${S}") { name } }`, /^urn: Int cannot represent non-integer value$/],
    ['a text in place of an enum', `{ schools(filter: { status: "${S}" }) { totalCount } }`, /SchoolStatus/],
    ['a text where none belongs', `{ england "${S}" }`, /^Syntax Error: Expected Name, found String\.$/],
    [
      'a text like a message, in place of an enum',
      `{ schools(filter: { status: "x. Did you mean the enum value ${S}, or \\"${S}\\"?" }) { totalCount } }`,
      /SchoolStatus/,
    ],
    ['a name where none belongs', `{ england(: ${S}) }`, /^Syntax Error: /],
    ['a word for an operation', `${S} { england }`, /^Syntax Error: Unexpected Name\.$/],
    ['a text without an end', `{ school(urn: "${S}`, /^Syntax Error: Unterminated string/],
    ['an escape', `{ school(urn: "\\u{${S}}") }`, /^Syntax Error: Invalid Unicode escape sequence\.$/],
    ['a number', `{ school(urn: 0${NUMBER}) { name } }`, /^Syntax Error: Invalid number/],
    ['a mutation', `mutation ${S} { ${S} }`, /./],
    ['a subscription', `subscription ${S} { ${S} }`, /./],
    [
      'a variable in a default',
      `query ($a: Int = $${S}) { school(urn: $a) { name } }`,
      /^Syntax Error: Unexpected variable/,
    ],
    [
      'aliases, where there are too many',
      `{ ${Array.from({ length: 61 }, (_, at) => `${S}${at}: england { name }`).join(' ')} }`,
      /Aliases limit/,
    ],
    [
      'aliases, where they cost too much',
      `{ ${S}: schools(first: 100) { nodes { ${S}: trust { ${S}: schools(first: 100) { nodes { ${S}: trust { ${S}: schools(first: 100) { nodes { urn } } } } } } } } }`,
      /Most of it is schools\.nodes\.trust\.schools/,
    ],
    [
      'a variable like a message',
      'query ($n: Int!) { schools(first: $n) { totalCount } }',
      /^first: /,
      { n: `a"; Int ${S}` },
    ],
    [
      'a variable that ends like one',
      'query ($n: Int!) { schools(first: $n) { totalCount } }',
      /^first: /,
      { n: `${S} Int cannot represent a value: b` },
    ],
    [
      'a variable that says where',
      'query ($n: Int!) { schools(first: $n) { totalCount } }',
      /^first: /,
      { n: `" at "x.${S}"; Int` },
    ],
  ])('%s', async (_what, query, message, variables = {}) => {
    const { text } = await posted({ query, variables });
    const { errors } = JSON.parse(text.slice(text.indexOf('{"'))) as {
      errors: { message: string; path?: unknown }[];
    };
    expect(
      errors.some((error) => message.test(error.message)),
      text,
    ).toBe(true);
    expect(JSON.stringify(errors.map((error) => error.message))).not.toMatch(SECRETS);
  });

  it('nor the name of an operation that there is not', async () => {
    const { text } = await posted({
      query: 'query A { england { name } } query B { england { name } }',
      operationName: SECRET,
    });
    expect(text).toMatch(/There is no operation of the name that operationName gives/);
    expect(text).not.toMatch(SECRETS);
  });
});

describe('nor what came beside a question', () => {
  const S = SECRET;
  const csv = (more: string) => `/graphql.csv?query=${encodeURIComponent('{ regions { name } }')}${more}`;
  const rpc = (method: string, params: unknown) => ({ jsonrpc: '2.0', id: 1, method, params });
  const MCP = { Accept: 'application/json, text/event-stream' };
  const tool = (name: string, given: unknown) => rpc('tools/call', { name, arguments: given });
  it.each<[string, string, Sent]>([
    ['an address', `/${S}`, {}],
    ['an address below one', `/graphql/${S}`, {}],
    ['an ending', `/graphql.${S.toLowerCase()}`, {}],
    ['a saved question', `/q/${S}`, {}],
    ['an ending of one', `/q/1111111111.${S.toLowerCase()}`, {}],
    ['a data set', `/data/${S.toLowerCase()}.csv`, {}],
    ['an ending of one', `/data/gias-establishments.${S.toLowerCase()}`, {}],
    ['a day of one', `/data/gias-establishments.csv?asOf=${S}`, {}],
    ['a day before any release', '/data/gias-establishments.csv?asOf=1987-06-05', {}],
    ['an asset', `/graphql/assets/${S}`, {}],
    ['a day of a link', csv(`&asOf=${S}`), {}],
    ['a day of a link that can have none', `/graphql.csv?query=${S}&asOf=1987-06-05`, {}],
    ['variables', csv(`&variables=${S}`), {}],
    ['extensions', csv(`&extensions=${S}`), {}],
    [
      'a hash',
      csv(`&extensions=%7B%22persistedQuery%22:%7B%22version%22:1,%22sha256Hash%22:%22${S}%22%7D%7D`),
      {},
    ],
    ['a name of an operation', csv(`&operationName=${S}`), {}],
    ['a parameter of the feed', `/changes.atom?${S}=1`, {}],
    ['a place of the feed', `/changes.atom?localAuthority=${S}`, {}],
    ['a list of the feed', `/changes.atom?codes=301,${S}`, {}],
    ['a URN of the feed', `/changes.atom?urns=${S}`, {}],
    ['schools of the feed', '/changes.atom?urns=777730', {}],
    ['a trust of the feed', '/changes.atom?trust=77773', {}],
    ['an indicator of the feed', `/changes.atom?localAuthority=301&indicators=${S}`, {}],
    ['a day of the feed', `/changes.atom?localAuthority=301&since=${S}`, {}],
    ['a method', '/graphql', { method: 'PUT', headers: { [S]: S } }],
    ['a key', '/graphql.json?query={regions{name}}', { headers: { 'X-API-Key': S } }],
    ['a token', '/graphql.json?query={regions{name}}', { headers: { Authorization: `Bearer ${S}` } }],
    [
      'what is accepted',
      `/graphql?query=%7B${S}%7D`,
      { headers: { Accept: S, 'Apollo-Require-Preflight': S } },
    ],
    ['a type of content', '/graphql', { method: 'POST', headers: { 'Content-Type': `text/${S}` }, body: S }],
    ['an origin', '/graphql', { headers: { Origin: `https://${S}.example` } }],
    [
      'a body',
      '/graphql',
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: `{"query": ${S}` },
    ],
    [
      'a body that is saved',
      '/q',
      { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: `{"query":"{ ${S} }"}` },
    ],
    ...(
      [
        ['a message', S],
        ['a method of the protocol', rpc(S, {})],
        ['a tool', tool(S, {})],
        ['what a tool takes', tool('compare_local_authority', { code: S, indicator: S, against: S })],
        ['a code that a tool takes', tool('compare_local_authority', { code: S, indicator: S })],
        ['a type', tool('get_schema', { types: ['Region', S] })],
        ['an example', tool('worked_examples', { id: S })],
        ['a question to a tool', tool('ask', { query: `{ ${S} }`, variables: { [S]: S } })],
        ['who a client is', rpc('initialize', { protocolVersion: 1, clientInfo: { [S]: S } })],
        ['a resource', rpc('resources/read', { uri: S })],
      ] as const
    ).map(([what, body]): [string, string, Sent] => [
      `${what} (MCP)`,
      '/mcp',
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...MCP },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      },
    ]),
    [
      'a revision of the protocol',
      '/mcp',
      {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...MCP, 'MCP-Protocol-Version': S },
        body: JSON.stringify(rpc('tools/list', {})),
      },
    ],
  ])('%s', async (_what, path, sent) => {
    const { text } = await answered(path, sent);
    expect(text).toMatch(/"(errors?|isError)":/);
    expect(text).not.toMatch(SECRETS);
  });

  it('but a file says by which address it is had again, and a request may be given a name', async () => {
    const { text } = await answered(csv('').replace('name', `${S}:name`), {
      headers: { 'X-Request-Id': `${S}-1` },
    });
    expect(text).toContain(`x-request-id: ${S}-1`);
    expect(text).toMatch(new RegExp(`link: .*${S}`));
  });
});
