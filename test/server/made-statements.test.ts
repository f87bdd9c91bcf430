/**
 * A statement is made once for a question, and asked again with other places: the answer is the one that the question gets
 * on its own, whatever differs between the places.
 */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { statementOf } from '../../schema/select/statement.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

vi.mock(import('../../schema/select/statement.js'), async (original) => {
  const real = await original();
  return { ...real, statementOf: vi.fn(real.statementOf) };
});

let graph: RunningGraph;
let tables: Tables;
const which = hasRealFiles() ? 'real' : 'sample';
beforeAll(async () => {
  graph = await startGraph(loadedDatabase(which));
  tables = await openTables(loadedDatabase(which));
});
afterAll(async () => {
  await tables.close();
  await graph.close();
});

/** Calls `during` and tells how many statements were made of questions meanwhile. */
async function made(during: () => Promise<unknown>): Promise<number> {
  const { calls } = vi.mocked(statementOf).mock;
  const before = calls.length;
  await during();
  return calls.length - before;
}

const FIGURES = 'indicators(ids: $ids) { latest { value lower upper status isDerived schools } }';
const IDS = ['suspension-rate', 'permanent-exclusions', 'headcount'];
let fresh = 0;

/** The answer to the question as nobody has asked it before: graphql-js's. */
function alone(query: string, variables: Record<string, unknown>) {
  fresh += 1;
  return graph.ask(`${query} # ${fresh}`, variables);
}

async function sameAsAlone(query: string, questions: Record<string, unknown>[]): Promise<void> {
  await graph.ask(query, questions[0]); // a text is remembered when it has been answered
  for (const variables of [...questions, ...questions]) {
    expect(await graph.ask(query, variables)).toEqual(await alone(query, variables));
  }
}

describe('a question with other variables', () => {
  it('about other schools, those in parts among them, has the figures of each', async () => {
    const schools = await tables.rows(
      `(SELECT urn FROM school_in_parts LIMIT 3) UNION ALL
       (SELECT urn FROM school WHERE to_release IS NULL ORDER BY md5(urn::text) LIMIT 12) UNION ALL SELECT 999998`,
    );
    const query = `query($urn: Int!, $ids: [ID!]!) { school(urn: $urn) { urn name ${FIGURES} } }`;
    await sameAsAlone(
      query,
      schools.map(({ urn }) => ({ urn, ids: IDS })),
    );
    const again = schools.map(({ urn }) => ({ urn, ids: IDS }));
    expect(
      await made(async () => {
        for (const variables of again) await graph.ask(query, variables);
      }),
    ).toBe(0);
  });

  it('about other local authorities, by either code, and other trusts and regions', async () => {
    const authorities = await tables.rows(
      'SELECT code, gss_code FROM local_authority WHERE gss_code IS NOT NULL ORDER BY code LIMIT 6',
    );
    await sameAsAlone(
      `query($code: String!, $ids: [ID!]!) { localAuthority(code: $code) { code name ${FIGURES} } }`,
      authorities.flatMap(({ code, gss_code }) => [
        { code, ids: IDS },
        { code: gss_code, ids: IDS.slice(1) },
      ]),
    );
    const trusts = await tables.rows(
      "SELECT uid FROM establishment_group WHERE type_code = '06' AND to_release IS NULL ORDER BY uid LIMIT 6",
    );
    await sameAsAlone(
      `query($uid: ID!, $ids: [ID!]!) { trust(uid: $uid) { uid name ${FIGURES} } }`,
      trusts.map(({ uid }) => ({ uid, ids: IDS })),
    );
    const regions = await tables.rows('SELECT code FROM region ORDER BY code LIMIT 4');
    await sameAsAlone(
      `query($code: String!, $ids: [ID!]!) { region(code: $code) { code name ${FIGURES} } }`,
      regions.map(({ code }) => ({ code, ids: IDS })),
    );
  });

  it('about the schools of other trusts and local authorities, those in parts among them', async () => {
    const query = (place: string, argument: string) =>
      `query($${argument}: ${argument === 'uid' ? 'ID' : 'String'}!, $ids: [ID!]!) { ${place}(${argument}: $${argument}) { schools(first: 100) { nodes { urn ${FIGURES} } } } }`;
    const authorities = await tables.rows(
      `(SELECT s.la_code AS code FROM school_in_parts p JOIN school s ON s.urn = p.urn AND s.to_release IS NULL LIMIT 2)
       UNION ALL (SELECT code FROM local_authority WHERE closed_on IS NULL ORDER BY md5(code) LIMIT 3)`,
    );
    await sameAsAlone(
      query('localAuthority', 'code'),
      authorities.map(({ code }) => ({ code, ids: IDS })),
    );
    const trusts = await tables.rows(
      `(SELECT m.group_uid AS uid FROM school_in_parts p JOIN group_membership m ON m.urn = p.urn AND m.to_release IS NULL LIMIT 2)
       UNION ALL (SELECT uid FROM establishment_group WHERE type_code = '06' AND to_release IS NULL ORDER BY uid LIMIT 3)`,
    );
    await sameAsAlone(
      query('trust', 'uid'),
      trusts.map(({ uid }) => ({ uid, ids: IDS })),
    );
  });

  it('of a comparison in another region has the value of that region, published or summed', async () => {
    const query = `query($code: String!) { localAuthority(code: $code) { comparison(indicator: "suspension-rate") {
      regionValue regionObservation { isDerived } region: regionValueShown } } }`;
    const codes = ['202', '891', '888', 'E09000007', 'E10000024'];
    await sameAsAlone(
      query,
      codes.map((code) => ({ code })),
    );
    if (which === 'sample') return; // it has rows of every region
    const derived = await Promise.all(
      codes.map(async (code) => {
        const { data } = await graph.ask(query, { code });
        return data.localAuthority.comparison.regionObservation.isDerived;
      }),
    );
    expect(derived).toEqual([true, false, false, true, false]);
  });

  it('is refused where only the other value is wrong', async () => {
    const query = 'query($code: String!) { localAuthority(code: $code) { code } }';
    const [{ code }] = (await tables.rows('SELECT min(code) AS code FROM local_authority')) as [
      { code: string },
    ];
    await sameAsAlone(query, [{ code }, { code }]);
    const { errors } = await graph.ask(query, { code: 'Nottinghamshire' });
    expect(errors?.[0]?.message).toContain('3-digit code');
    expect((await graph.ask(query, { code })).data.localAuthority.code).toBe(code);
  });

  it('is another where the variable says something else as well, or stands within a value', async () => {
    const [one, other] = (await tables.rows(
      'SELECT code FROM local_authority WHERE closed_on IS NULL ORDER BY code LIMIT 2',
    )) as [{ code: string }, { code: string }];
    await sameAsAlone(
      `query($code: String!) { localAuthority(code: $code) { code }
        schools(first: 3, filter: { localAuthority: [$code] }) { totalCount nodes { urn } } }`,
      [one, other],
    );
    await sameAsAlone(
      `query($code: String!, $filter: SchoolFilter) { localAuthority(code: $code) { code schools(first: 3, filter: $filter) { totalCount } } }`,
      [
        { ...one, filter: { nameContains: 'a' } },
        { ...other, filter: { nameContains: 'e' } },
        { ...one, filter: null },
      ],
    );
    await sameAsAlone(
      'query($urn: Int!, $with: Boolean!) { school(urn: $urn) { urn name @include(if: $with) } }',
      [
        { urn: 100000, with: true },
        { urn: 100000, with: false },
      ],
    );
  });

  it('is asked by the name of the operation that is meant', async () => {
    const query = 'query A { england { code } } query B { england { name } }';
    const ask = async (operationName: string) => {
      const response = await fetch(`${graph.address}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query, operationName }),
      });
      return (await response.json()) as { data: unknown };
    };
    for (const _ of [1, 2, 3]) {
      expect((await ask('A')).data).toEqual({ england: { code: 'E92000001' } });
      expect((await ask('B')).data).toEqual({ england: { name: 'England' } });
    }
  });
});
