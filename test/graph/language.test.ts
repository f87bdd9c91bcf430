/** GraphQL's own rules hold, although the answer comes from one SQL statement. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

let graph: RunningGraph;
let tables: Tables;
let urns: number[];
let trust: string;

beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
  tables = await openTables(loadedDatabase('sample'));
  const rows = await tables.rows(
    "SELECT m.urn, m.group_uid FROM group_membership m JOIN school s USING (urn) WHERE m.to_release IS NULL AND s.to_release IS NULL AND m.group_type_code = '06' AND s.la_code IS NOT NULL ORDER BY m.group_uid, m.urn LIMIT 3",
  );
  urns = rows.map(({ urn }) => urn);
  trust = rows[0].group_uid;
});
afterAll(async () => {
  await graph.close();
  await tables.close();
});

async function ask(query: string, variables?: Record<string, unknown>) {
  const { data, errors } = await graph.ask(query, variables);
  expect(errors).toBeUndefined();
  return data;
}

/** Asks with an operation name, which graph.ask does not. */
async function askNamed(query: string, operationName?: string, variables?: Record<string, unknown>) {
  const response = await fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query, operationName, variables }),
  });
  return { status: response.status, ...((await response.json()) as { data?: unknown; errors?: unknown[] }) };
}

describe('fragments', () => {
  it('named, inline and on the interface are asked like fields', async () => {
    const data = await ask(
      `query ($trust: ID!) {
        england { ...Rate name } region(code: "E12000004") { ...Rate } localAuthority(code: "891") { ...Rate }
        trust(uid: $trust) { ...Rate ... on Trust { uid } } school(urn: ${urns[0]}) { ... on Place { name } ...Rate ... { urn } }
      }
      fragment Rate on Place { __typename name ...Latest }
      fragment Latest on Place { indicator(id: "suspension-rate") { ...Figure } }
      fragment Figure on PlaceIndicator { latest { status ... on Observation { period { label } } } }`,
      { trust },
    );
    for (const [key, type] of Object.entries({
      england: 'England',
      region: 'Region',
      localAuthority: 'LocalAuthority',
      trust: 'Trust',
      school: 'School',
    })) {
      expect(data[key].__typename).toBe(type);
      expect(data[key].name).toEqual(expect.any(String));
      expect(data[key].indicator).toHaveProperty('latest');
    }
    expect(data.england.indicator.latest).toEqual({
      status: 'ACTUAL',
      period: { label: expect.any(String) },
    });
    expect(data.trust.uid).toBe(trust);
    expect(data.school.urn).toBe(urns[0]);
  });

  it('and fields of the same name are merged', async () => {
    const data = await ask(`{
      england { indicator(id: "headcount") { latest { value } } }
      england { indicator(id: "headcount") { latest { status } indicator { id } } ...More }
      schools(urns: [${urns[0]}]) { nodes { urn } nodes { localAuthority { code } } } }
      fragment More on England { indicator(id: "headcount") { latest { period { code } period { label } } } }`);
    expect(data.england.indicator).toEqual({
      latest: {
        value: expect.any(Number),
        status: 'ACTUAL',
        period: { code: expect.any(String), label: expect.any(String) },
      },
      indicator: { id: 'headcount' },
    });
    expect(data.schools.nodes).toEqual([{ urn: urns[0], localAuthority: { code: expect.any(String) } }]);
  });
});

describe('@skip and @include', () => {
  const query = () => `query ($yes: Boolean!, $no: Boolean = false) {
    england @include(if: $yes) { name code @skip(if: $yes) ... @include(if: $no) { indicator(id: "nope") { latest { value } } } }
    region(code: "E12000004") @skip(if: $yes) { name }
    schools(urns: [${urns}]) { totalCount @include(if: $no) nodes @skip(if: $yes) { urn } ...Page @include(if: $yes) } }
    fragment Page on SchoolConnection { pageInfo { hasNextPage @include(if: $no) hasPreviousPage } }`;
  it('leave out what they say, at every level, and what is left out is not asked', async () => {
    expect(await ask(query(), { yes: true })).toEqual({
      england: { name: 'England' },
      schools: { pageInfo: { hasPreviousPage: false } },
    });
    const other = await ask(query(), { yes: false });
    expect(Object.keys(other)).toEqual(['region', 'schools']);
    expect(Object.keys(other.schools)).toEqual(['nodes']);
  });

  it('may leave nothing', async () => {
    expect(await ask('{ england @skip(if: true) { name } }')).toEqual({});
    expect(
      await ask('{ schools { nodes @skip(if: true) { urn } } england { name @skip(if: true) } }'),
    ).toEqual({ schools: {}, england: {} });
  });
});

describe('variables', () => {
  it('have their defaults, and null where null is given', async () => {
    const query = `query ($first: Int! = 2, $after: String = null, $direction: Direction! = DESC, $breakdown: String, $ids: [ID!]! = ["headcount"]) {
      schools(first: $first, after: $after, orderBy: { field: URN, direction: $direction }) { nodes { urn } }
      england { indicators(ids: $ids, breakdown: $breakdown) { indicator { id } latest { breakdown { code } } } } }`;
    const newest = (
      await tables.rows('SELECT urn FROM school WHERE to_release IS NULL ORDER BY urn DESC LIMIT 3')
    ).map(({ urn }) => ({ urn }));
    const plain = await ask(query);
    expect(plain.schools.nodes).toEqual(newest.slice(0, 2));
    expect(plain.england.indicators).toEqual([
      { indicator: { id: 'headcount' }, latest: { breakdown: { code: 'total' } } },
    ]);
    expect(await ask(query, { after: null, breakdown: null })).toEqual(plain);
    expect((await ask(query, { first: 3 })).schools.nodes).toEqual(newest);
    expect(
      (await ask(query, { direction: 'ASC', breakdown: 'special' })).england.indicators[0].latest.breakdown
        .code,
    ).toBe('special');
  });

  it('may be whole input objects, and single values for lists', async () => {
    const data = await ask(
      'query ($filter: SchoolFilter, $order: [SchoolOrder!], $urns: [Int!]) { schools(filter: $filter, orderBy: $order, urns: $urns) { nodes { urn } } }',
      { filter: { status: null }, order: { field: 'URN' }, urns: urns[0] },
    );
    expect(data.schools.nodes).toEqual([{ urn: urns[0] }]);
  });

  it('of the type Int are right for first, as Relay and its clients declare it', async () => {
    expect(
      (await ask('query ($n: Int = 5) { schools(first: $n) { nodes { urn } } }')).schools.nodes,
    ).toHaveLength(5);
  });
});

it('null for an optional argument is the same as leaving it out', async () => {
  const place = `school(urn: ${urns[0]})`;
  const page = '{ nodes { urn } pageInfo { hasPreviousPage hasNextPage endCursor } }';
  const left =
    await ask(`{ schools(first: 3) ${page} ${place} { indicator(id: "headcount") { series { value } } indicators(ids: ["headcount"]) { series { value } } }
    trusts(first: 3) { nodes { uid } } localAuthorities(first: 3) { nodes { code } } indicators { id } dataStatus { schoolMatches { route schools period } } }`);
  const given = await ask(`{ schools(first: 3, after: null, filter: null, orderBy: null, urns: null) ${page}
    ${place} { indicator(id: "headcount", breakdown: null) { series { value } } indicators(ids: ["headcount"], breakdown: null, periods: null) { series { value } } }
    trusts(first: 3, after: null, filter: null, uids: null) { nodes { uid } } localAuthorities(first: 3, after: null, codes: null, region: null) { nodes { code } }
    indicators(search: null, topic: null) { id } dataStatus { schoolMatches(period: null) { route schools period } } }`);
  expect(given).toEqual(left);
});

it('__typename is right at every level', async () => {
  const data =
    await ask(`{ __typename england { __typename indicator(id: "headcount") { __typename indicator { __typename dataSet { __typename } }
      latest { __typename period { __typename } breakdown { __typename } release { __typename dataSet { __typename } } } } regions { __typename } }
    schools(urns: [${urns[0]}]) { __typename pageInfo { __typename } edges { __typename node { __typename } } nodes { __typename localAuthority { __typename region { __typename } } trust { __typename schools(first: 1) { __typename nodes { __typename } } } links { __typename } } }
    dataStatus { __typename dataSets { __typename lastRun { __typename issues { __typename } } } } }`);
  expect(data.__typename).toBe('Query');
  expect(data.england).toMatchObject({
    __typename: 'England',
    indicator: {
      __typename: 'PlaceIndicator',
      indicator: { __typename: 'Indicator', dataSet: { __typename: 'DataSet' } },
      latest: {
        __typename: 'Observation',
        period: { __typename: 'Period' },
        breakdown: { __typename: 'Breakdown' },
        release: { __typename: 'Release', dataSet: { __typename: 'DataSet' } },
      },
    },
  });
  expect(data.england.regions[0]).toEqual({ __typename: 'Region' });
  expect(data.schools).toMatchObject({
    __typename: 'SchoolConnection',
    pageInfo: { __typename: 'PageInfo' },
    edges: [{ __typename: 'SchoolEdge', node: { __typename: 'School' } }],
    nodes: [
      {
        __typename: 'School',
        localAuthority: { __typename: 'LocalAuthority', region: { __typename: 'Region' } },
        trust: {
          __typename: 'Trust',
          schools: { __typename: 'SchoolConnection', nodes: [{ __typename: 'School' }] },
        },
      },
    ],
  });
  expect(data.dataStatus.dataSets[0]).toMatchObject({
    __typename: 'DataSet',
    lastRun: { __typename: 'Run' },
  });
});

describe('several operations in one document', () => {
  const document =
    'query A { england { code } } query B($code: String = "E12000004") { region(code: $code) { code ...Name } } fragment Name on Region { name }';
  it('answer the one that is named', async () => {
    expect((await askNamed(document, 'A')).data).toEqual({ england: { code: 'E92000001' } });
    expect((await askNamed(document, 'B')).data).toEqual({
      region: { code: 'E12000004', name: 'East Midlands' },
    });
    expect((await askNamed(document, 'B', { code: 'E12000001' })).data).toEqual({
      region: { code: 'E12000001', name: 'North East' },
    });
  });

  it('are refused without a name, or with one that is not there', async () => {
    expect(await askNamed(document)).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
    expect(await askNamed(document, 'C')).toMatchObject({
      status: 400,
      errors: [{ extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } }],
    });
  });
});
