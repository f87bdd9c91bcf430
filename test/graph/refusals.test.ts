/** What is asked wrongly is refused in a sentence with a stable code; what does not exist is null. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

const refusal = async (query: string, variables?: Record<string, unknown>) => {
  const { errors } = await graph.ask(query, variables);
  expect(errors).toHaveLength(1);
  return errors![0]!;
};

describe('what does not exist', () => {
  it.each([
    'school(urn: 999999) { name }',
    'localAuthority(code: "000") { name }',
    'localAuthority(code: "E00000000") { name }',
    'region(code: "E12999999") { name }',
    'trust(uid: "99999999") { name }',
    'indicator(id: "no-such-thing") { name }',
  ])('is null: %s', async (field) => {
    const { data, errors } = await graph.ask(`{ it: ${field} }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ it: null });
  });

  it.each([
    [
      'similarSchools(school: 999999) { others }',
      /^similarSchools\(school:\): no school of the register has this URN/,
    ],
    [
      'revisions(indicator: "headcount", place: "999999") { oldValue }',
      /^revisions\(place:\): no school of the register has this URN/,
    ],
  ])('is told of what is worked out for one school too: %s', async (field, told) => {
    const { data, errors, extensions } = await graph.ask(`{ it: ${field} }`);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ it: null });
    expect(extensions!.notes).toEqual([{ message: expect.stringMatching(told) }]);
  });

  it.each([
    ['school', 'urn: Int!', 999_999, 136_205, /^school\(urn:\): no school of the register has this URN/],
    [
      'localAuthority',
      'code: String!',
      '099',
      '301',
      /^localAuthority\(code:\): no local authority has this code/,
    ],
    ['localAuthority', 'code: String!', 'E00000000', '301', /^localAuthority\(code:\): .*lists all$/],
    ['region', 'code: String!', 'E12999999', 'E12000004', /^region\(code:\): no region has this code/],
    ['trust', 'uid: ID!', '99999999', null, /^trust\(uid:\): no trust has this Group UID/],
  ] as const)('is told in a note beside it: %s(%s), %s', async (field, argument, none, one, told) => {
    const [name, type] = argument.split(': ');
    const query = `query ($it: ${type}) { it: ${field}(${name}: $it) { name } england { name } MORE }`;
    // By one statement, asked for the first time and again; and by Apollo, whose resolvers read besides.
    for (const more of ['', '', 'dataStatus { synthetic }']) {
      const { data, errors, extensions } = await graph.ask(query.replace('MORE', more), { it: none });
      expect(errors).toBeUndefined();
      expect(data).toMatchObject({ it: null, england: { name: 'England' } });
      expect(extensions!.notes).toEqual([{ message: expect.stringMatching(told) }]);
      expect(JSON.stringify(extensions)).not.toContain(String(none));
      if (one === null || field === 'school') continue;
      const there = await graph.ask(query.replace('MORE', more), { it: one });
      expect(there.data.it).not.toBeNull();
      expect(there.extensions!.notes).toBeUndefined();
    }
  });

  it('is null for a place without a row in a period that there is', async () => {
    const [period] = (await graph.ask('{ indicator(id: "ehc-plans") { periods { code } } }')).data.indicator
      .periods;
    const { data, errors } = await graph.ask(
      `{ trusts(first: 1) { nodes { indicator(id: "ehc-plans") { observation(period: "${period.code}") { value } } } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.trusts.nodes).toEqual([{ indicator: { observation: null } }]);
  });
});

describe('an unknown period', () => {
  it.each([
    ['period', '{ england { indicator(id: "headcount") { observation(period: "189900") { value } } } }'],
    ['periods', '{ england { indicators(ids: ["headcount"], periods: ["189900"]) { series { value } } } }'],
  ])('is refused with those that there are: %s', async (argument, query) => {
    const { data } = await graph.ask('{ indicator(id: "headcount") { periods { code } } }');
    const { message, extensions } = await refusal(query);
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(message).toMatch(new RegExp(`^${argument}: headcount has no such period\\.`));
    expect(data.indicator.periods.length).toBeGreaterThan(3);
    for (const { code } of data.indicator.periods) expect(message).toContain(code);
  });
});

describe('a wrong period', () => {
  it.each([
    'ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY, period: "189900") { value }',
    'distribution(indicator: "suspension-rate", level: SCHOOL, period: "189900") { mean }',
    'outliers(indicator: "suspension-rate", level: LOCAL_AUTHORITY, period: "189900") { judged }',
    'aggregate(indicator: "suspension-rate", groupBy: [PHASE], period: "189900") { groupCount }',
    'findLocalAuthorities(by: [{ indicator: "suspension-rate", period: "189900" }]) { matching }',
    'localAuthority(code: "301") { comparison(indicator: "suspension-rate", period: "189900") { value } }',
    'localAuthority(code: "301") { neighbourRobustness(indicator: "suspension-rate", period: "189900") { value } }',
    'england { disparity(indicator: "suspension-rate", group: "special", reference: "rest", period: "189900") { ratio } }',
    'england { disparities(indicator: "suspension-rate", reference: "rest", dimension: "phase", period: "189900") { ratio } }',
    'trusts(first: 1) { nodes { inclusion(indicators: ["suspension-rate"], period: "189900") { schools } } }',
  ])('is refused by the name of its argument, with those that there are: %s', async (field) => {
    const { message, extensions } = await refusal(`{ it: ${field} }`);
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(message).toMatch(/^(by\.)?period: .*202223/);
  });
});

describe('a code that no place has, where it narrows a question down', () => {
  const REGION = /no region has this code\. There are (E12\d{6} \([A-Z][A-Za-z ]+\)(, |$)){9}$/;
  const AUTHORITY =
    /no local authority has this code\. Codes are of three digits \(891\) or nine characters \(E10000024\); localAuthorities\(/;
  const TRUST = /no trust has this Group UID\. trusts\(/;
  it.each<[string, string, RegExp]>([
    [
      'ranking(indicator: "headcount", level: LOCAL_AUTHORITY, filter: { region: ["E12999999"] }) { rank }',
      'filter.region',
      REGION,
    ],
    [
      'distribution(indicator: "headcount", level: SCHOOL, filter: { region: ["E12999999"] }) { mean }',
      'filter.region',
      REGION,
    ],
    [
      'distribution(indicator: "headcount", level: TRUST, filter: { region: ["E12999999"] }) { mean }',
      'filter.region',
      REGION,
    ],
    [
      'ranking(indicator: "headcount", level: SCHOOL, filter: { schools: { region: ["E12999999"] } }) { rank }',
      'filter.schools.region',
      REGION,
    ],
    [
      'ranking(indicator: "headcount", level: SCHOOL, filter: { schools: { localAuthority: ["000"] } }) { rank }',
      'filter.schools.localAuthority',
      AUTHORITY,
    ],
    [
      'ranking(indicator: "headcount", level: SCHOOL, filter: { schools: { trust: "99999999" } }) { rank }',
      'filter.schools.trust',
      TRUST,
    ],
    ['schools(filter: { region: ["E12000004", "E12999999"] }) { totalCount }', 'filter.region', REGION],
    [
      'schools(filter: { localAuthority: ["301", "E10999999"] }) { totalCount }',
      'filter.localAuthority',
      AUTHORITY,
    ],
    ['schools(filter: { trust: "99999999" }) { totalCount }', 'filter.trust', TRUST],
    [
      'aggregate(indicator: "headcount", groupBy: [REGION], filter: { region: ["E12999999"] }) { groupCount }',
      'filter.region',
      REGION,
    ],
    [
      'aggregate(indicator: "headcount", groupBy: [REGION], filter: { localAuthority: ["000"] }) { groupCount }',
      'filter.localAuthority',
      AUTHORITY,
    ],
    [
      'trusts(first: 1) { nodes { schools(filter: { region: ["E12999999"] }) { totalCount } } }',
      'filter.region',
      REGION,
    ],
    ['localAuthorities(region: "E12999999") { totalCount }', 'region', REGION],
    ['localAuthorities(codes: ["301", "000"]) { totalCount }', 'codes', AUTHORITY],
    ['findLocalAuthorities(by: [], region: ["E12999999"]) { matching }', 'region', REGION],
    [
      'outliers(indicator: "suspension-rate", level: SCHOOL, within: "E12999999") { judged }',
      'within',
      REGION,
    ],
    ['outliers(indicator: "suspension-rate", level: SCHOOL, within: "000") { judged }', 'within', AUTHORITY],
    [
      'outliers(indicator: "suspension-rate", level: SCHOOL, neighboursOf: "E10999999") { judged }',
      'neighboursOf',
      AUTHORITY,
    ],
    ['changes(localAuthority: "000") { tests }', 'localAuthority', AUTHORITY],
    ['changes(codes: ["301", "E10999999"]) { tests }', 'codes', AUTHORITY],
    ['changes(trust: "99999999") { tests }', 'trust', TRUST],
    ['revisions(indicator: "ehc-plans", place: "000") { newValue }', 'place', AUTHORITY],
    ['localAuthority(code: "301") { neighbours(kind: CUSTOM, codes: ["000"]) { rank } }', 'codes', AUTHORITY],
  ])('is refused with what there is: %s', async (field, argument, pattern) => {
    const { message, extensions } = await refusal(`{ it: ${field} }`);
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(message).toMatch(pattern);
    // The first of two is right, where there are two.
    expect([`${argument}: `, `the 2nd of ${argument}: `], message).toContain(/^.*?: /.exec(message)![0]);
  });

  it('is refused where it is a part of a region, of which no register says what lies in it', async () => {
    const { message } = await refusal('{ localAuthorities(region: "E13000001") { totalCount } }');
    expect(message).toMatch(/^region: no register says what lies in Inner London\. There are E12/);
  });

  it('names a few of many', async () => {
    const codes = Array.from({ length: 9 }, (_, at) => `00${at}`);
    const { message } = await refusal(
      'query ($codes: [String!]) { localAuthorities(codes: $codes) { totalCount } }',
      { codes },
    );
    expect(message).toMatch(
      /^the 1st, 2nd, 3rd, 4th, 5th and 4 more of codes: no local authority has this code\./,
    );
  });

  it('of a pasted list of schools or trusts is left out', async () => {
    const { data } = await graph.ask(
      '{ schools(urns: [999999]) { totalCount } trusts(uids: ["99999999"]) { totalCount } revisions(indicator: "ehc-plans", place: "999999") { newValue } }',
    );
    expect(data).toEqual({ schools: { totalCount: 0 }, trusts: { totalCount: 0 }, revisions: null });
  });

  it('narrows down by either code of a local authority', async () => {
    const { data } = await graph.ask(`{ localAuthority(code: "301") { gssCode } }`);
    const by = async (code: string) =>
      (
        await graph.ask(
          'query ($codes: [String!]) { schools(filter: { localAuthority: $codes }) { totalCount } }',
          { codes: [code] },
        )
      ).data.schools;
    expect(await by(data.localAuthority.gssCode)).toEqual(await by('301'));
  });
});

describe('an empty period', () => {
  it.each([
    ['aggregate(indicator: "suspensions", groupBy: [PHASE], period: "") { groupCount }'],
    ['ranking(indicator: "suspensions", level: REGION, period: "") { rank }'],
    ['outliers(indicator: "suspension-rate", level: LOCAL_AUTHORITY, period: "") { period { code } }'],
    [
      'localAuthority(code: "301") { comparison(indicator: "suspension-rate", period: "") { period { code } } }',
    ],
    [
      'localAuthority(code: "301") { disparities(indicator: "suspension-rate", reference: "rest", dimension: "phase", period: "") { ratio } }',
    ],
    ['trusts(first: 1) { nodes { inclusion(indicators: ["suspension-rate"], period: "") { schools } } }'],
    ['trusts(first: 1) { nodes { inclusion(period: "") { schools } } }'],
    ['england { ehcPipeline(period: "") { year } }'],
    ['localAuthority(code: "301") { schoolPlaces(period: "") { year } }'],
  ])('is no period, and not the newest: %s', async (field) => {
    const { message, extensions } = await refusal(`{ it: ${field} }`);
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(message).toMatch(/20\d\d/);
  });
});

describe('an unknown indicator', () => {
  it.each([
    '{ england { indicator(id: "suspension-rates") { latest { value } } } }',
    '{ england { indicators(ids: ["headcount", "suspension-rates"]) { latest { value } } } }',
    '{ schools(first: 1) { nodes { indicator(id: "suspension-rates") { latest { value } } } } }',
  ])('is refused with the nearest of those that exist: %s', async (query) => {
    const { message, extensions } = await refusal(query);
    expect(extensions).toEqual({ code: 'UNKNOWN_INDICATOR' });
    expect(message).toMatch(
      /^(id|the 2nd of ids): there is no indicator of this id\. Nearest: suspension-rate, [a-z0-9-]+/,
    );
    expect(message.length).toBeLessThan(400);
  });
});

describe('an unknown breakdown', () => {
  it('is refused with those that there are', async () => {
    const { message, extensions } = await refusal(
      '{ england { indicator(id: "suspension-rate", breakdown: "primary") { latest { value } } } }',
    );
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(message).toMatch(/suspension-rate has no breakdown of this code.*total.*state-funded-primary/);
  });

  it('is refused in a list of indicators, naming the one that lacks it', async () => {
    const { message, extensions } = await refusal(
      '{ england { indicators(ids: ["suspensions", "ehc-plans"], breakdown: "special") { latest { value } } } }',
    );
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(message).toContain('breakdown: ehc-plans has no breakdown of this code');
  });
});

describe('a malformed argument', () => {
  it.each([
    ['school(urn: 12345) { name }', 'urn'],
    ['school(urn: -136205) { name }', 'urn'],
    ['school(urn: 1362050) { name }', 'urn'],
    ['localAuthority(code: "89") { name }', 'code'],
    ['localAuthority(code: "8910") { name }', 'code'],
    ['localAuthority(code: "891 ") { name }', 'code'],
    ['localAuthority(code: "891\\n") { name }', 'code'],
    ['localAuthority(code: "") { name }', 'code'],
    ['localAuthority(code: "Nottinghamshire") { name }', 'code'],
    ['localAuthorities(codes: ["891", "x"]) { totalCount }', 'codes'],
    ['localAuthorities(region: "London") { totalCount }', 'region'],
    ['schools(filter: { localAuthority: ["Leeds"] }) { totalCount }', 'filter.localAuthority'],
    ['schools(filter: { region: ["London"] }) { totalCount }', 'filter.region'],
    ['schools(filter: { trust: "TR00044" }) { totalCount }', 'filter.trust'],
    ['schools(urns: [136205, 5]) { totalCount }', 'urns'],
    ['trusts(uids: ["TR00044"]) { totalCount }', 'uids'],
    ['changes(urns: [5]) { tests }', 'urns'],
    ['changes(localAuthority: "") { tests }', 'localAuthority'],
    ['outliers(indicator: "suspension-rate", level: SCHOOL, within: "") { judged }', 'within'],
    ['revisions(indicator: "ehc-plans", place: "London") { newValue }', 'place'],
    ['region(code: "London") { name }', 'code'],
    ['region(code: "E12000007\\n") { name }', 'code'],
    ['trust(uid: "TR00044") { name }', 'uid'],
    ['trust(uid: "") { name }', 'uid'],
  ])('is refused, naming the argument: %s', async (field, argument) => {
    const { message, extensions } = await refusal(`{ it: ${field} }`);
    expect(extensions).toEqual({ code: 'BAD_USER_INPUT' });
    expect(message).toMatch(new RegExp(`^(the 2nd of )?${argument}: `));
  });

  it('of a type that GraphQL knows is refused before anything is asked', async () => {
    for (const query of [
      '{ school(urn: "136205") { name } }',
      '{ schools(filter: { phase: [PRIMAY] }) { totalCount } }',
      '{ schools(filter: { fase: [PRIMARY] }) { totalCount } }',
      '{ school(urn: 99999999999) { name } }',
      '{ schools(first: 1.5) { totalCount } }',
      '{ school { name } }',
    ]) {
      expect((await refusal(query)).extensions.code).toBe('GRAPHQL_VALIDATION_FAILED');
    }
    const wrongVariable = await refusal('query ($urn: Int!) { school(urn: $urn) { name } }', { urn: 'x' });
    expect(wrongVariable.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('is refused at its place in the query, and the other root fields are answered', async () => {
    const { data, errors } = await graph.ask(
      '{ england { name }\n  school(urn: 5) { name }\n  regions { code } }',
    );
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^urn: /),
        path: ['school'],
        locations: [{ line: 2, column: 3 }],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    expect(data.england).toEqual({ name: 'England' });
    expect(data.school).toBeNull();
    expect(data.regions.length).toBe(9);
  });
});

describe('a list that is too long', () => {
  const thousandAndOne = Array.from({ length: 1_001 }, (_, at) => at);
  it.each([
    ['query ($list: [Int!]) { schools(urns: $list) { totalCount } }', 'urns', (at: number) => 100_000 + at],
    ['query ($list: [String!]) { localAuthorities(codes: $list) { totalCount } }', 'codes', () => '891'],
    ['query ($list: [ID!]) { trusts(uids: $list) { totalCount } }', 'uids', String],
    [
      'query ($list: [String!]) { schools(filter: { localAuthority: $list }) { totalCount } }',
      'filter.localAuthority',
      () => '891',
    ],
    [
      'query ($list: [String!]) { schools(filter: { region: $list }) { totalCount } }',
      'filter.region',
      () => 'E12000004',
    ],
  ])('is refused at 1,001 and answered at 1,000: %s', async (query, argument, entry) => {
    const list = thousandAndOne.map((at) => entry(at));
    expect(await refusal(query, { list })).toMatchObject({
      message: expect.stringMatching(new RegExp(`^${argument}: 1001 entries .* 1000`)),
      extensions: { code: 'BAD_USER_INPUT' },
    });
    const { data, errors } = await graph.ask(query, { list: list.slice(1) });
    expect(errors).toBeUndefined();
    expect(Object.values(data)[0]).toEqual({ totalCount: expect.any(Number) });
  });

  it('is refused at 51 indicators and answered at 50', async () => {
    const query = 'query ($ids: [ID!]!) { england { indicators(ids: $ids) { latest { value } } } }';
    const ids = Array.from({ length: 51 }, () => 'headcount');
    expect((await refusal(query, { ids })).message).toMatch(/^ids: 51 entries .* 50/);
    const { data } = await graph.ask(query, { ids: ids.slice(1) });
    expect(data.england.indicators).toHaveLength(50);
  });

  it('is refused where nested pages multiply beyond bounds', async () => {
    const { extensions, message } = await refusal(
      '{ trusts(first: 100) { nodes { schools(first: 100) { nodes { localAuthority { schools(first: 100) { nodes { urn } } } } } } } }',
    );
    expect(extensions).toEqual({ code: 'QUERY_TOO_LARGE' });
    expect(message).toMatch(/smaller pages/);
  });
});
