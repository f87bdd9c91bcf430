/**
 * A question that SQL answers as a whole is answered without graphql-js (docs/decisions/0015-what-graphql-js-still-does.md):
 * what comes out is what graphql-js would have made of it.
 */
import { type GraphQLSchema, getNamedType, isLeafType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../schema/build.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { everyField, isAnsweredBySql, writtenQuestions } from './questions.js';
import { openTables } from './tables.js';

let schema: GraphQLSchema;
beforeAll(async () => {
  schema = await buildGraph();
});

interface Told {
  status: number;
  headers: Record<string, string>;
  text: string;
}

async function post(graph: RunningGraph, body: unknown, headers: Record<string, string> = {}): Promise<Told> {
  const response = await fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const {
    date: _date,
    'content-length': _length,
    'x-request-id': _id,
    ...kept
  } = Object.fromEntries(response.headers);
  return { status: response.status, headers: kept, text: await response.text() };
}

/** JSON as graphql-js's answer is written; Postgres writes blanks beside its colons. */
const isOfGraphqlJs = (text: string) => text === `${JSON.stringify(JSON.parse(text))}\n`;

let asked = 0;
/** Asks under a text that is new, which graphql-js answers, and again. */
async function bothWays(graph: RunningGraph, query: string, more: Record<string, unknown> = {}) {
  asked += 1;
  const body = { query: `${query}\n# ${asked}`, ...more };
  const slow = await post(graph, body);
  const fast = await post(graph, body);
  expect(isOfGraphqlJs(slow.text)).toBe(true);
  // The order of the keys too.
  expect(JSON.stringify(JSON.parse(fast.text))).toBe(JSON.stringify(JSON.parse(slow.text)));
  expect({ ...fast, text: '' }).toEqual({ ...slow, text: '' });
  return { slow, fast, isStraight: !isOfGraphqlJs(fast.text) };
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let roots: Record<string, string>;
  let period: string;
  beforeAll(async () => {
    // Nothing is kept, so that what is asked again is answered again.
    graph = await startGraph(loadedDatabase(which), {
      ANSWER_CACHE_MB: '0',
      MAX_TOKENS: '50000',
      MAX_COST: '10000000',
    });
    // A fresh server does not know yet how Accept headers are answered.
    await post(graph, { query: '{ __typename }' });
    const tables = await openTables(loadedDatabase(which));
    const [{ urn, uid, la_code }] = await tables.rows(
      `SELECT s.urn, m.group_uid AS uid, s.la_code FROM school s JOIN group_membership m ON m.urn = s.urn AND m.to_release IS NULL
       WHERE s.to_release IS NULL AND m.group_type_code = '06' AND s.la_code IS NOT NULL
         AND EXISTS (SELECT FROM school_lineage l WHERE l.successor_urn = s.urn)
       ORDER BY s.opened_on IS NULL, s.urn LIMIT 1`,
    );
    const [published] = await tables.rows(
      `SELECT max(dp.code) AS code FROM data_set_period dp JOIN indicator i USING (data_set_number) WHERE i.id = 'suspensions'`,
    );
    period = published.code;
    const [{ outward }] = await tables.rows(
      "SELECT split_part(postcode, ' ', 1) AS outward FROM school WHERE to_release IS NULL AND easting > 0 AND postcode LIKE '% %' ORDER BY urn LIMIT 1",
    );
    await tables.close();
    roots = {
      england: '',
      region: '(code: "E12000001")',
      regions: '',
      localAuthority: `(code: "${la_code}")`,
      localAuthorities: '(first: 5)',
      localAuthorityReorganisations: '',
      trust: `(uid: "${uid}")`,
      trusts: '(first: 5)',
      school: `(urn: ${urn})`,
      schools: '(first: 20)',
      neighbourEditions: '',
      aggregate: '(indicator: "suspension-rate", groupBy: [REGION, PHASE])',
      changes: `(localAuthority: "${la_code}", first: 30)`,
      ranking: '(indicator: "suspensions", level: LOCAL_AUTHORITY)',
      distribution: '(indicator: "suspensions", level: LOCAL_AUTHORITY)',
      findLocalAuthorities: '(by: [{ indicator: "suspensions" }, { academies: SCHOOLS }], sample: 3)',
      similarSchools: `(school: ${urn}, first: 3)`,
      outlierPairs: `(localAuthority: "${la_code}", maximumDistance: 3, minimumDifference: 0, first: 3)`,
      outliers: '(indicator: "permanent-exclusion-rate", level: LOCAL_AUTHORITY)',
      revisions: '(indicator: "suspensions", place: "E92000001")',
      search: '(text: "church of england primary", first: 5)',
      // The first part of a postcode is located only roughly, and says so.
      schoolsNear: `(postcode: "${outward}", km: 100)`,
    };
  });
  afterAll(() => graph.close());

  it('every question of the docs and the tests', async () => {
    const questions = writtenQuestions(schema);
    let straight = 0;
    for (const question of questions) {
      const { isStraight } = await bothWays(graph, question);
      straight += isStraight ? 1 : 0;
    }
    expect(questions.length).toBeGreaterThan(60);
    expect(straight).toBeGreaterThan(questions.length / 3);
  });

  it('every field below every root field, each with something in it', async () => {
    const root = schema.getQueryType()!;
    const bySql = Object.values(root.getFields()).filter((field) => isAnsweredBySql(root, field));
    expect(bySql.map(({ name }) => name).sort()).toEqual(Object.keys(roots).sort());
    const seen = new Set<string>();
    for (const field of bySql) {
      const named = getNamedType(field.type);
      if (!isObjectType(named)) throw new Error(`${field.name} is no object`);
      for (const depth of [1, 3]) {
        const query = `{ __typename ${field.name}${roots[field.name]} { ${everyField(named, depth)} } }`;
        const { fast, isStraight } = await bothWays(graph, query.replaceAll('PERIOD', period));
        const { data, errors } = JSON.parse(fast.text);
        expect(errors, field.name).toBeUndefined();
        expect(isStraight, field.name).toBe(true);
        note(data, seen);
      }
    }
    // A column has one type: that graphql-js took one value of it tells of all.
    const never = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !type.name.startsWith('__')
        ? Object.values(type.getFields())
            .filter((field) => isLeafType(getNamedType(field.type)) && isAnsweredBySql(type, field))
            .map(({ name }) => `${type.name}.${name}`)
            .filter((name) => !seen.has(name))
        : [],
    );
    expect(never.filter((name) => !NEVER_SEEN[which].includes(name))).toEqual([]);
    // Everything there is, of every place, both ways.
  }, 240_000);
});

/** Fields that have a value only where several releases are loaded, which is proven where those are (test/loading). */
const OF_HISTORY = [
  'TrustMembership.to',
  'TrustMembership.toBasis',
  'Revision.oldValue',
  'Revision.oldStatus',
  'Revision.oldRaw',
  'Revision.newValue',
  'Revision.newStatus',
  'Revision.newRaw',
];
/** Said only where another field is null: test/graph/comparison.test.ts. */
const INSTEAD = ['ComparisonChange.note'];
/** What is said of a school without figures (test/graph/similar-schools.test.ts). */
const OF_WANT = ['SimilarSchools.note'];
/** Said only where something cannot be done, which is proven in outliers.test.ts. */
const OF_CARE = ['Outliers.note', 'Outliers.poolingNote'];
/** Said of local authorities that are gone, or were not yet, as groups: test/graph/aggregate.test.ts. */
const OF_REORGANISED = ['AggregateKey.note'];
const NEVER_SEEN = {
  // There is no file of school capacity among the published ones, and nothing lies between figures of these schools.
  real: [
    ...OF_HISTORY,
    ...INSTEAD,
    ...OF_WANT,
    ...OF_CARE,
    ...OF_REORGANISED,
    'Trust.openedOn',
    'PhasePlaces.schools',
    'SchoolSeriesPoint.note',
  ],
  sample: [
    ...OF_HISTORY,
    ...INSTEAD,
    ...OF_WANT,
    ...OF_CARE,
    ...OF_REORGANISED,
    'LeftOut.status',
    'Outliers.targetLower',
    'Outliers.targetUpper',
    'Trust.openedOn',
    'Trust.closedOn',
    'Trust.town',
    'Trust.postcode',
    'School.website',
    'Observation.upper',
    // Both files of school places have the same newest year there.
    'SchoolPlaces.note',
  ],
};

/** Notes which fields of which types an answer has a value of. */
function note(value: unknown, seen: Set<string>): void {
  if (Array.isArray(value)) for (const entry of value) note(entry, seen);
  else if (value !== null && typeof value === 'object') {
    const { __typename: type, ...fields } = value as Record<string, unknown>;
    for (const [name, inside] of Object.entries(fields)) {
      if (inside !== null) seen.add(`${type}.${name}`);
      note(inside, seen);
    }
  }
}

describe('whatever a question is put like', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'), { ANSWER_CACHE_MB: '0', MAX_ALIASES: '300' });
    await post(graph, { query: '{ __typename }' });
  });
  afterAll(() => graph.close());

  const LONG = 'a'.repeat(70);
  const keys = (count: number) => Array.from({ length: count }, (_, at) => `z${count - at}: code`).join(' ');
  it.each<[string, string, Record<string, unknown>?]>([
    [
      'variables, with defaults',
      'query ($first: Int = 2, $code: String!) { schools(first: $first) { nodes { urn } } region(code: $code) { name } }',
      { variables: { code: 'E12000001' } },
    ],
    [
      'a list in a variable',
      'query ($status: [SchoolStatus!]) { schools(first: 2, filter: { status: $status }) { totalCount } }',
      { variables: { status: ['OPEN'] } },
    ],
    [
      'fragments, named and inline, on the type and its interface',
      '{ england { ...A ... on Place { name } ... { code } } regions { ...B } } fragment A on England { code ...C } fragment B on Place { name __typename } fragment C on Place { n: name }',
    ],
    [
      '@skip and @include',
      'query ($yes: Boolean!, $no: Boolean!) { england { name @skip(if: $yes) code @include(if: $yes) } regions @include(if: $no) { name } again: regions @skip(if: $no) { name ... @include(if: $no) { code } } }',
      { variables: { yes: true, no: false } },
    ],
    [
      'one of several operations',
      'query A { england { name } } query B { regions { name } }',
      { operationName: 'B' },
    ],
    [
      'an interface, by its own fields and by those of its types',
      '{ ranking(indicator: "suspensions", level: REGION) { rank place { name ... on Region { code __typename } ... on School { urn } } } }',
    ],
    ['fields that merge', '{ regions { name subRegions { code } } regions { subRegions { name } code } }'],
    [
      '__typename everywhere',
      '{ t: __typename schools(first: 2) { __typename edges { __typename cursor node { __typename } } pageInfo { endCursor __typename } nodes { u: urn __typename localAuthority { __typename } } } __typename }',
    ],
    [
      'keys of seventy letters',
      `{ ${LONG}1: england { ${LONG}x: name ${LONG}y: code } ${LONG}2: england { name } }`,
    ],
    ['46 keys', `{ regions { ${keys(46)} } }`],
    ['91 keys', `{ regions { ${keys(91)} name } }`],
    ['200 keys, of a text with braces', `{ regions { ${keys(200)} } }`],
    [
      'something that there is not',
      '{ school(urn: 999999) { name trust { name } } trust(uid: "0") { name } }',
    ],
    [
      'notes',
      '{ region(code: "E12000001", asOf: "1990-01-01") { indicator(id: "suspensions") { latest { value } } } }',
    ],
    [
      'client awareness',
      '{ england { name } }',
      { extensions: { clientLibrary: { name: 'x', version: '1' } } },
    ],
    [
      'null for what is left out',
      '{ england { name } }',
      { variables: null, operationName: null, extensions: null },
    ],
  ])('%s: the answer is the same, without graphql-js', async (_how, query, more) => {
    const { fast, isStraight } = await bothWays(graph, query, more);
    expect(JSON.parse(fast.text).errors).toBeUndefined();
    expect(isStraight).toBe(true);
  });

  it.each<[string, string, Record<string, unknown>?]>([
    [
      'a variable that does not fit',
      'query ($urn: Int!) { school(urn: $urn) { name } }',
      { variables: { urn: 'x' } },
    ],
    ['a variable that is missing', 'query ($urn: Int!) { school(urn: $urn) { name } }'],
    ['an operation that there is not', 'query A { england { name } }', { operationName: 'B' }],
    ['several operations and no name', 'query A { england { name } } query B { regions { name } }'],
    ['an argument that is refused', '{ england { name } school(urn: 1) { name } }'],
    ['a page that is too large', '{ schools(first: 101) { nodes { urn } } }'],
    ['a text that Postgres cannot hold', '{ trusts(filter: { nameContains: "\\u0000" }) { totalCount } }'],
    ['introspection', '{ england { name } __schema { queryType { name } } }'],
    ['a resolver', '{ england { indicator(id: "suspensions") { indicator { name } } } }'],
    ['a mutation', 'mutation { a }'],
    [
      'a persisted query',
      '{ england { name } }',
      { extensions: { persistedQuery: { version: 1, sha256Hash: '0' } } },
    ],
  ])('%s is answered by graphql-js, asked again as at first', async (_how, query, more) => {
    const { isStraight } = await bothWays(graph, query, more);
    expect(isStraight).toBe(false);
  });

  it('the content type is the one that is asked for', async () => {
    for (const accept of [
      '*/*',
      'application/json',
      'application/graphql-response+json',
      'application/graphql-response+json, application/json;q=0.9',
      'text/html, application/json;q=0.5',
    ]) {
      const body = { query: `{ england { name } } # ${accept}` };
      const first = await post(graph, body, { Accept: accept });
      const again = await post(graph, body, { Accept: accept });
      expect(again.headers).toEqual(first.headers);
      expect(isOfGraphqlJs(again.text)).toBe(false);
    }
    for (const accept of ['text/html', 'image/png']) {
      const body = { query: `{ england { name } }` };
      const first = await post(graph, body, { Accept: accept });
      expect(first.status).toBe(406);
      expect(await post(graph, body, { Accept: accept })).toEqual(first);
    }
  });
});
