/** Lists by the values of indicators: filtered by ranges, ordered by several keys, paged both ways, held against the files' own rows. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

describe.skipIf(!hasRealFiles())('on the published files', () => {
  let graph: RunningGraph;
  let tables: Tables;
  /** The suspension rate of every school in 2016/17, worked out from the rows of the file. */
  let rates: Map<number, number>;

  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
    tables = await openTables(loadedDatabase('real'));
    const rows = await tables.rows(
      `SELECT v.urn, CASE WHEN count(*) = 1 THEN min(v.suspension_rate) ELSE sum(v.suspensions) / sum(v.headcount) * 100 END AS rate,
         count(*) FILTER (WHERE v.suspensions IS NULL OR v.headcount IS NULL)::int AS unknown
       FROM tidy.suspensions_and_permanent_exclusions v WHERE v.period = '201617' AND v.urn IS NOT NULL GROUP BY v.urn`,
    );
    rates = new Map(
      rows.filter(({ rate, unknown }) => rate !== null && unknown === 0).map(({ urn, rate }) => [urn, rate]),
    );
    expect(rates.size).toBeGreaterThan(15_000);
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  const ask = async (question: string, variables: Record<string, unknown> = {}) => {
    const { data, errors } = await graph.ask(question, variables);
    expect(errors).toBeUndefined();
    return data;
  };
  const urnsOf = (list: { nodes: { urn: number }[] }) => list.nodes.map(({ urn }) => urn);
  const registered = (urn: number) => known.has(urn);
  let known: Set<number>;
  beforeAll(async () => {
    known = new Set(
      (await tables.rows('SELECT urn FROM school WHERE to_release IS NULL')).map(({ urn }) => urn),
    );
  });

  it.each([
    ['over: 20', (rate: number) => rate > 20],
    ['min: 20, under: 21', (rate: number) => rate >= 20 && rate < 21],
    ['max: 0', (rate: number) => rate <= 0],
    ['', () => true],
  ])('schools whose rate is within { %s } are those of the file', async (range, isWithin) => {
    const wanted = [...rates].filter(([urn, rate]) => registered(urn) && isWithin(rate)).map(([urn]) => urn);
    const { schools } = await ask(
      `{ schools(first: 100, filter: { indicator: { id: "suspension-rate", period: "2016/17", ${range} } }) { totalCount nodes { urn } } }`,
    );
    expect(wanted.length).toBeGreaterThan(20);
    expect(schools.totalCount).toBe(wanted.length);
    expect(urnsOf(schools)).toEqual(wanted.sort((a, b) => a - b).slice(0, 100));
  });

  it('the same schools are found within a local authority, where each is looked up', async () => {
    const { schools, localAuthority } = await ask(`{
      schools(first: 100, filter: { localAuthority: ["891"], indicator: [{ id: "suspension-rate", period: "201617", over: 5 }] }) { totalCount nodes { urn } }
      localAuthority(code: "891") { schools(first: 100, filter: { indicator: [{ id: "suspension-rate", period: "201617", over: 5 }] }) { totalCount nodes { urn } } } }`);
    const of891 = await tables.rows(
      "SELECT urn FROM school WHERE to_release IS NULL AND la_code = '891' ORDER BY urn",
    );
    expect(urnsOf(schools)).toEqual(of891.map(({ urn }) => urn).filter((urn) => (rates.get(urn) ?? 0) > 5));
    expect(schools.totalCount).toBeGreaterThan(10);
    expect(localAuthority.schools).toEqual(schools);
  });

  it('several ranges must all hold', async () => {
    const { both, one } = await ask(`{
      one: schools(first: 0, filter: { indicator: [{ id: "suspension-rate", period: "201617", over: 20 }] }) { totalCount }
      both: schools(first: 100, filter: { indicator: [{ id: "suspension-rate", period: "201617", over: 20 }, { id: "permanent-exclusion-rate", period: "201617", max: 0 }] }) {
        totalCount nodes { urn indicators(ids: ["suspension-rate", "permanent-exclusion-rate"], periods: ["201617"]) { series { value } } } } }`);
    expect(both.totalCount).toBeLessThan(one.totalCount);
    for (const { indicators } of both.nodes) {
      expect(indicators[0].series[0].value).toBeGreaterThan(20);
      expect(indicators[1].series[0].value).toBe(0);
    }
  });

  it('an order by a value has what is not known last, either way, and ties by URN', async () => {
    const of891 = (
      await tables.rows("SELECT urn FROM school WHERE to_release IS NULL AND la_code = '891'")
    ).map(({ urn }) => urn);
    const inOrder = (sign: number) =>
      [...of891].sort((a, b) => {
        const [one, other] = [rates.get(a), rates.get(b)];
        if (one === undefined || other === undefined) {
          return one === other ? sign * (a - b) : one === undefined ? 1 : -1;
        }
        return sign * (one - other || a - b);
      });
    for (const [direction, sign] of [
      ['ASC', 1],
      ['DESC', -1],
    ] as const) {
      const found: number[] = [];
      let after: string | null = null;
      do {
        const { list } = await ask(
          `query ($after: String) { list: schools(first: 90, after: $after, filter: { localAuthority: "891" }, orderBy: [{ indicator: { id: "suspension-rate", period: "201617" }, direction: ${direction} }]) { nodes { urn } pageInfo { hasNextPage endCursor } } }`,
          { after },
        );
        found.push(...urnsOf(list));
        after = list.pageInfo.hasNextPage ? list.pageInfo.endCursor : null;
      } while (after);
      expect(found).toEqual(inOrder(sign));
    }
  });

  it('the schools of England come in the order of a value, and back', async () => {
    const wanted = [...rates]
      .filter(([urn]) => registered(urn))
      .sort(([a, one], [b, other]) => other - one || b - a)
      .map(([urn]) => urn);
    const by = 'orderBy: [{ indicator: { id: "suspension-rate", period: "201617" }, direction: DESC }]';
    const { first } = await ask(
      `{ first: schools(first: 50, ${by}) { nodes { urn } pageInfo { endCursor } } }`,
    );
    expect(urnsOf(first)).toEqual(wanted.slice(0, 50));
    const { next } = await ask(
      `query ($after: String) { next: schools(first: 50, after: $after, ${by}) { nodes { urn } pageInfo { startCursor } } }`,
      { after: first.pageInfo.endCursor },
    );
    expect(urnsOf(next)).toEqual(wanted.slice(50, 100));
    const { back } = await ask(
      `query ($before: String) { back: schools(last: 50, before: $before, ${by}) { nodes { urn } } }`,
      { before: next.pageInfo.startCursor },
    );
    expect(back.nodes).toEqual(first.nodes);
  });

  it('trusts and local authorities are filtered and ordered by values as rankings have them', async () => {
    // A low rate is the better one: the ranking begins with it, and stands by name where values are equal.
    const { ranking, trusts, some } = await ask(`{
      ranking(indicator: "suspension-rate", level: TRUST, period: "201617", first: 100, skip: 600) { value place { ... on Trust { uid } } }
      trusts(first: 100, filter: { indicator: { id: "suspension-rate", period: "201617", min: 0.5 } }, orderBy: [{ indicator: { id: "suspension-rate", period: "201617" } }, { field: NAME }]) { nodes { uid } }
      some: ranking(indicator: "suspension-rate", level: TRUST, period: "201617", first: 200, skip: 400) { value place { ... on Trust { uid } } } }`);
    const from = [...some, ...ranking].filter(({ value }: { value: number }) => value >= 0.5);
    expect(from.length).toBeGreaterThan(100);
    expect(trusts.nodes.map(({ uid }: { uid: string }) => uid)).toEqual(
      from.slice(0, 100).map(({ place }: { place: { uid: string } }) => place.uid),
    );

    const { authorities, all } = await ask(`{
      authorities: localAuthorities(first: 100, includeAbolished: true, filter: { indicator: { id: "suspension-rate", period: "201617", over: 7 } }, orderBy: [{ indicator: { id: "suspension-rate", period: "201617" }, direction: DESC }]) { nodes { code } }
      all: ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY, period: "201617") { value place { ... on LocalAuthority { code } } } }`);
    const wanted = all
      .filter(({ value }: { value: number }) => value > 7)
      .sort((a: { value: number }, b: { value: number }) => b.value - a.value)
      .map(({ place }: { place: { code: string } }) => place.code);
    expect(authorities.nodes.map(({ code }: { code: string }) => code)).toEqual(wanted);
    expect(wanted.length).toBeGreaterThan(10);
  });

  it('trusts come in the order of how many schools they hold', async () => {
    const wanted = await tables.rows(
      `SELECT uid, name FROM establishment_group g WHERE to_release IS NULL AND type_code IN ('06', '10', '11')
       ORDER BY (SELECT count(*) FROM group_membership m WHERE m.to_release IS NULL AND m.group_uid = g.uid) DESC, name, uid LIMIT 60`,
    );
    const { first } = await ask(
      '{ first: trusts(first: 30, orderBy: [{ field: NUMBER_OF_SCHOOLS, direction: DESC }, { field: NAME }]) { nodes { uid name } pageInfo { endCursor } } }',
    );
    const { next } = await ask(
      'query ($after: String) { next: trusts(first: 30, after: $after, orderBy: [{ field: NUMBER_OF_SCHOOLS, direction: DESC }, { field: NAME }]) { nodes { uid name } } }',
      { after: first.pageInfo.endCursor },
    );
    expect([...first.nodes, ...next.nodes]).toEqual(wanted);
  });

  it('a filtered and ordered list is taken away as it is listed', async () => {
    const by =
      'filter: { indicator: { id: "suspension-rate", period: "201617", over: 40 } }, orderBy: [{ indicator: { id: "suspension-rate", period: "201617" }, direction: DESC }]';
    const { schools } = await ask(`{ schools(first: 100, ${by}) { totalCount nodes { urn name } } }`);
    const response = await fetch(
      `${graph.address}/graphql?${new URLSearchParams({ query: `{ schools(${by}) { nodes { urn name } } }` })}`,
      { headers: { Accept: 'text/csv' } },
    );
    const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
    expect(header).toBe('urn,name');
    expect(lines).toHaveLength(schools.totalCount);
    expect(lines.slice(0, 100).map((line) => Number(line.split(',')[0]))).toEqual(urnsOf(schools));
    const last = await fetch(
      `${graph.address}/graphql?${new URLSearchParams({ query: `{ schools(last: 3, ${by}) { nodes { urn } } }` })}`,
      { headers: { Accept: 'text/csv' } },
    );
    expect((await last.text()).trimEnd().split('\r\n').slice(1)).toEqual(
      lines.slice(-3).map((line) => line.split(',')[0]),
    );
  });
});
