/** What an answer is called is the asker's choice: aliases of any number, length and name. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables } from './tables.js';

let graph: RunningGraph;
let urns: number[];

beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
  const tables = await openTables(loadedDatabase('sample'));
  const rows = await tables.rows(
    `SELECT m.urn FROM group_membership m JOIN school s USING (urn) WHERE m.to_release IS NULL AND s.to_release IS NULL
       AND m.group_type_code = '06' AND s.la_code IS NOT NULL ORDER BY m.group_uid, m.urn LIMIT 3`,
  );
  urns = rows.map(({ urn }) => urn);
  await tables.close();
});
afterAll(() => graph.close());

async function ask(query: string, variables?: Record<string, unknown>) {
  const { data, errors } = await graph.ask(query, variables);
  expect(errors).toBeUndefined();
  return data;
}

describe('aliases', () => {
  it('ask one field twice with other arguments', async () => {
    const data = await ask(
      `{ first: school(urn: ${urns[0]}) { urn a: indicator(id: "headcount") { latest { value } } b: indicator(id: "suspensions") { indicator { id } } }
        second: school(urn: ${urns[1]}) { urn } }`,
    );
    expect(data.first.urn).toBe(urns[0]);
    expect(data.first.a.latest.value).toBeGreaterThan(0);
    expect(data.first.b).toEqual({ indicator: { id: 'suspensions' } });
    expect(data.second).toEqual({ urn: urns[1] });
  });

  it('ask a list’s nodes twice with other selections', async () => {
    const { schools } = await ask(
      `query ($urns: [Int!]) { schools(urns: $urns) { x: nodes { urn localAuthority { code } } y: nodes { name localAuthority { name region { code } } } edges { node { phase } } e: edges { c: cursor } count: totalCount totalCount } }`,
      { urns },
    );
    expect(schools.x.map((node: { urn: number }) => node.urn)).toEqual(urns);
    expect(Object.keys(schools.x[0])).toEqual(['urn', 'localAuthority']);
    expect(Object.keys(schools.x[0].localAuthority)).toEqual(['code']);
    expect(Object.keys(schools.y[0])).toEqual(['name', 'localAuthority']);
    expect(Object.keys(schools.y[0].localAuthority)).toEqual(['name', 'region']);
    expect(Object.keys(schools.edges[0].node)).toEqual(['phase']);
    expect(schools.e).toHaveLength(3);
    expect([schools.count, schools.totalCount]).toEqual([3, 3]);
  });

  it('longer than a Postgres name that differ only at the end stay apart', async () => {
    const long = 'a'.repeat(70);
    const data = await ask(`{ ${long}1: school(urn: ${urns[0]}) { ${long}x: urn ${long}y: name }
      ${long}2: school(urn: ${urns[1]}) { ${long}x: urn ${long}y: name } }`);
    expect(data[`${long}1`][`${long}x`]).toBe(urns[0]);
    expect(data[`${long}2`][`${long}x`]).toBe(urns[1]);
    expect(data[`${long}1`][`${long}y`]).toEqual(expect.any(String));
  });

  it('may be what the server calls things itself', async () => {
    const { england } = await ask(`{ england { indicator(id: "suspensions") {
      _indicator: latest { _release: value _isDerived: status release { id } }
      indicator { id }
      latest { value status release { id } } } } }`);
    const { latest, _indicator, indicator } = england.indicator;
    expect(indicator).toEqual({ id: 'suspensions' });
    expect(_indicator).toEqual({
      _release: latest.value,
      _isDerived: latest.status,
      release: latest.release,
    });
    const odd = await ask(
      `{ schools(urns: [${urns[0]}]) { p: totalCount n: nodes { v0: urn cursor: name n: phase } } }`,
    );
    expect(odd.schools.p).toBe(1);
    expect(odd.schools.n[0].v0).toBe(urns[0]);
    const proto = await ask(`{ constructor: school(urn: ${urns[0]}) { toString: urn __proto: name } }`);
    expect(proto.constructor.toString).toBe(urns[0]);
  });
});

describe('more than fifty response keys', () => {
  const keys = (field: string) => Array.from({ length: 57 }, (_, at) => `k${at}: ${field}`).join(' ');
  it.each([
    ['on a school', `{ it: school(urn: URN) { ${keys('urn')} } }`],
    ['on a connection', `{ it: schools(urns: [URN]) { ${keys('totalCount')} } }`],
    ['on a page info', `{ c: schools(urns: [URN]) { it: pageInfo { ${keys('hasNextPage')} } } }`],
    ['on edges', `{ c: schools(urns: [URN]) { it: edges { ${keys('cursor')} } } }`],
    ['on nodes', `{ c: schools(urns: [URN]) { it: nodes { ${keys('name')} } } }`],
    [
      'on an observation',
      `{ c: school(urn: URN) { c: indicator(id: "headcount") { it: latest { ${keys('value')} } } } }`,
    ],
    ['on the root', `{ ${keys('school(urn: URN) { urn }')} }`],
  ])('%s all come back, alike', async (_where, query) => {
    let it = await ask(query.replaceAll('URN', String(urns[0])));
    while (it.c) it = it.c;
    const holder = it.it ?? it;
    const values = Object.values(Array.isArray(holder) ? holder[0] : holder);
    expect(values).toHaveLength(57);
    for (const value of values) expect(value).toEqual(values[0]);
  });

  it('keep numbers and texts as they are with fewer', async () => {
    const fields = 'urn name lowAge highAge percentageFsm numberOfPupils capacity openedOn postcode';
    const { few, many } = await ask(
      `{ few: school(urn: ${urns[0]}) { ${fields} } many: school(urn: ${urns[0]}) { ${fields} ${keys('phase').replace(/k5[0-6]: phase/g, '')} } }`,
    );
    expect(many).toMatchObject(few);
  });
});
