/**
 * The SQL of figures: all that is asked of one data set, breakdown and choice of periods is read in one pass, a LATERAL
 * join of the place's row, and nothing is in it that was not asked.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { clauses, type Issued, issuedStatements } from './issued.js';
import { openTables } from './tables.js';

const EXCLUSIONS = 'suspensions-and-permanent-exclusions';
const WHOLE = 900_001;
const IN_PARTS = 900_002;
const HOLDER = '90005';

const statements = issuedStatements();
let database: OwnDatabase;
let graph: RunningGraph;
beforeAll(async () => {
  database = await ownDatabase('sample');
  const tables = await openTables(database.url);
  // The sample has no school that is the sum of several rows.
  await tables.rows(
    'INSERT INTO school_in_parts (data_set_number, urn) SELECT number, $1 FROM data_set WHERE id = $2',
    [IN_PARTS, EXCLUSIONS],
  );
  await tables.rows(
    `INSERT INTO group_membership SELECT (json_populate_record(m, json_build_object('urn', $1::int))).* FROM group_membership m
     WHERE group_uid = $2 AND to_release IS NULL LIMIT 1`,
    [IN_PARTS, HOLDER],
  );
  // Of London the real files publish only the halves.
  await tables.rows(
    `DELETE FROM observation WHERE place_id = (SELECT id FROM place WHERE level = 'REGIONAL' AND code = 'E12000007')
     AND data_set_number = (SELECT number FROM data_set WHERE id = $1)`,
    [EXCLUSIONS],
  );
  await tables.close();
  graph = await startGraph(database.url, { ANSWER_CACHE_MB: '0' });
});
afterAll(async () => {
  await graph.close();
  await database.drop();
});

const asked = async (query: string): Promise<Issued> => {
  statements.take();
  const { errors } = await graph.ask(query);
  expect(errors).toBeUndefined();
  const issued = statements.take();
  expect(issued).toHaveLength(1);
  return issued[0]!;
};
const times = (part: string, { text }: Issued) => text.split(part).length - 1;
const passes = (statement: Issued) => times('LEFT JOIN LATERAL', statement);
const ofSchool = (urn: number, fields: string) => asked(`{ school(urn: ${urn}) { ${fields} } }`);

describe('figures of one data set', () => {
  it('are read in one pass: the newest period first, then all, a column for each', async () => {
    const { text, values } = await ofSchool(
      WHOLE,
      'indicators(ids: ["suspension-rate", "permanent-exclusion-rate"]) { latest { value } }',
    );
    expect(clauses(text)).toMatchInlineSnapshot(`
      "SELECT json_build_object('school', (SELECT json_build_object('indicators', json_build_array(json_build_object('latest', CASE WHEN f3.period_id IS NOT NULL THEN json_build_object('value', f3.value_5) END), json_build_object('latest', CASE WHEN f3.period_id IS NOT NULL THEN json_build_object('value', f3.value_3) END)))
      FROM school t1
      LEFT JOIN LATERAL (SELECT o2.period_id AS period_id, o2.values[$1::int] AS value_5, o2.values[$2::int] AS value_3
      FROM school_observation o2
      WHERE o2.urn = t1.urn AND o2.data_set_number = $3::smallint AND o2.is_newest) f3 ON true
      WHERE t1.urn = $4 AND t1.to_release IS NULL
      LIMIT 1)) AS answer, version::float8, synthetic
      FROM data_version"
    `);
    expect(values).toContain(WHOLE);
  });

  it('are read in one pass by whatever fields they are asked for', async () => {
    const statement = await ofSchool(
      WHOLE,
      'a: indicator(id: "suspensions") { latest { value } } b: indicator(id: "headcount") { latest { status } } indicators(ids: ["suspensions"]) { latest { raw } }',
    );
    expect(passes(statement)).toBe(1);
  });

  it('of several periods are an array for each indicator, of one pass', async () => {
    const { text } = await asked(
      '{ localAuthority(code: "888") { a: indicator(id: "suspensions") { series { value } } b: indicator(id: "headcount") { series { value status } } } }',
    );
    expect(clauses(text)).toMatchInlineSnapshot(`
      "SELECT json_build_object('localAuthority', (SELECT json_build_object('a', json_build_object('series', coalesce(l4.array_1, '[]')), 'b', json_build_object('series', coalesce(l4.array_2, '[]')))
      FROM local_authority t1
      LEFT JOIN LATERAL (SELECT json_agg(json_build_object('value', f3.value_4)
      ORDER BY f3.in_time) AS array_1, json_agg(json_build_object('value', f3.value_1, 'status', f3.status_1)
      ORDER BY f3.in_time) AS array_2
      FROM (SELECT o2.period_id AS period_id, o2.values[$1::int] AS value_4, o2.values[$2::int] AS value_1, CASE WHEN o2.values[$3::int] IS NOT NULL THEN 'ACTUAL' ELSE coalesce(($4::jsonb #>> ARRAY[o2.edition, o2.raw ->> $5::text, 'status']), 'NOT_AVAILABLE') END AS status_1, array_position($6::smallint[], o2.period_id) AS in_time
      FROM observation o2
      WHERE o2.place_id = t1.place_id AND o2.data_set_number = $7::smallint AND o2.period_id = ANY($8::smallint[]) AND o2.breakdown_id = 0 AND o2.to_release IS NULL ) f3) l4 ON true
      WHERE t1.code = $9
      LIMIT 1)) AS answer, version::float8, synthetic
      FROM data_version"
    `);
  });

  it('are read apart where the breakdown or the periods are others, or newest and all are asked for', async () => {
    const breakdowns = await asked(
      '{ localAuthority(code: "888") { a: indicator(id: "suspensions") { latest { value } } b: indicator(id: "suspensions", breakdown: "special") { latest { value } } } }',
    );
    expect(passes(breakdowns)).toBe(2);
    const both = await ofSchool(WHOLE, 'indicator(id: "suspensions") { latest { value } series { value } }');
    expect(passes(both)).toBe(2);
  });
});

it('figures of two data sets are read in two passes', async () => {
  const statement = await ofSchool(
    WHOLE,
    'indicators(ids: ["suspension-rate", "pupils-with-eal-rate", "permanent-exclusion-rate"]) { latest { value } }',
  );
  expect(passes(statement)).toBe(2);
});

describe('what is not asked is not in the statement', () => {
  const SYMBOL = '::jsonb #>>';

  it('a value looks no symbol up, a status one', async () => {
    expect(times(SYMBOL, await ofSchool(WHOLE, 'indicator(id: "suspensions") { latest { value } }'))).toBe(0);
    expect(times(SYMBOL, await ofSchool(WHOLE, 'indicator(id: "suspensions") { latest { status } }'))).toBe(
      1,
    );
  });

  it('a period, a symbol and a release are joined by nobody: what they mean is known before', async () => {
    const statement = await asked(
      '{ localAuthority(code: "888") { indicator(id: "suspension-rate") { latest { status lower upper period { code label startsOn } } } } }',
    );
    expect(statement.text).not.toMatch(/\b(FROM|JOIN) (symbol|period|data_set|release|coverage)\b/);
  });

  it('what is known is sent once, however often it is read', async () => {
    const { text, values } = await asked(
      '{ localAuthority(code: "888") { indicator(id: "suspensions") { latest { value period { code label } } series { value period { code label } } } } }',
    );
    const labels = values.filter((value) => Array.isArray(value) && value.includes('2024/25'));
    expect(labels).toHaveLength(1);
    expect(text.split(`$${values.indexOf(labels[0]) + 1}::text[]`)).toHaveLength(3);
  });

  it('an indicator of which nothing is asked is no pass', async () => {
    const statement = await ofSchool(WHOLE, 'indicator(id: "suspensions") { __typename }');
    expect(passes(statement)).toBe(0);
  });
});

describe('a school that is the sum of several rows', () => {
  const FIGURE = 'indicator(id: "suspensions") { latest { value } }';

  it('is added up where it is named, and another is not', async () => {
    expect(times('GROUP BY', await ofSchool(IN_PARTS, FIGURE))).toBe(1);
    expect(times('GROUP BY', await ofSchool(WHOLE, FIGURE))).toBe(0);
    // Of another data set it has one row.
    const census = await ofSchool(IN_PARTS, 'indicator(id: "pupils-with-eal-rate") { latest { value } }');
    expect(times('GROUP BY', census)).toBe(0);
  });

  it('is read by a branch of its own in a list, which knows the few that there are', async () => {
    const { text, values } = await asked(`{ schools(first: 2) { nodes { ${FIGURE} } } }`);
    const branches = clauses(text)
      .split('\n')
      .filter((clause) => /<> ALL|= ANY\(\$\d+::int\[\]\) AND sp/.test(clause))
      .map((clause) => /t1\.urn (<> ALL|= ANY)/.exec(clause)![0]);
    // The newest row of a school in parts is not kept: only the sum says which they are.
    expect(branches).toEqual(['t1.urn = ANY']);
    expect(values.filter((value) => Array.isArray(value) && value[0] === IN_PARTS)).toHaveLength(1);
    expect(times('GROUP BY', { text, values })).toBe(1);
  });

  it('is looked for in a trust or a local authority only where that is known to have one', async () => {
    const inList = async (place: string) =>
      times('GROUP BY', await asked(`{ ${place} { schools(first: 2) { nodes { ${FIGURE} } } } }`));
    const [area, elsewhere] = ['localAuthority(code: "805")', 'localAuthority(code: "202")'];
    expect(await inList(area)).toBe(1);
    expect(await inList(elsewhere)).toBe(0);
    expect(await inList(`trust(uid: "${HOLDER}")`)).toBe(1);
    expect(await inList('trust(uid: "90001")')).toBe(0);
    // As of a day it may have been another.
    expect(await inList('localAuthority(code: "202", asOf: "2100-01-01")')).toBe(1);
  });

  it('is not looked for where the data set has none', async () => {
    const { text } = await asked(
      '{ schools(first: 2) { nodes { indicator(id: "pupils-with-eal-rate") { latest { value } } } } }',
    );
    expect(text).not.toContain('<> ALL');
    expect(text).not.toContain('GROUP BY');
  });
});

describe('a region', () => {
  const sums = (statement: Issued) => times('bool_and', statement) > 0;
  const ofRegions = (place: string, indicator: string) =>
    asked(`{ ${place} { indicator(id: "${indicator}") { latest { value } } } }`);

  it('is the sum of its local authorities only where it is known to have no row of its own', async () => {
    expect(sums(await ofRegions('region(code: "E12000004")', 'suspension-rate'))).toBe(false);
    expect(sums(await ofRegions('region(code: "E12000007")', 'suspension-rate'))).toBe(true);
    expect(sums(await ofRegions('regions', 'suspension-rate'))).toBe(true);
    expect(sums(await ofRegions('regions', 'ehc-plans-within-20-weeks-rate'))).toBe(false);
    const asOf = 'region(code: "E12000004", asOf: "2100-01-01")';
    expect(sums(await ofRegions(asOf, 'suspension-rate'))).toBe(true);
  });

  it('is that of the local authority in a comparison', async () => {
    const ofRegion = (code: string) =>
      asked(
        `{ localAuthority(code: "${code}") { comparison(indicator: "suspension-rate") { regionValue } } }`,
      );
    expect(sums(await ofRegion('891'))).toBe(false);
    expect(sums(await ofRegion('202'))).toBe(true);
  });
});

describe('a comparison', () => {
  it('in a period that is named looks for none, and for no year before', async () => {
    const { text } = await asked(
      '{ localAuthority(code: "891") { comparison(indicator: "suspension-rate", period: "202425") { value rank neighbourAverage change { difference } } } }',
    );
    expect(text).not.toContain('having_it');
    expect(text).not.toMatch(/\b(FROM|JOIN) period\b/);
    // Nobody is sorted for one rank.
    expect(text).not.toContain('rank() OVER');
  });
});

describe('beside figures', () => {
  it('a trust is found first and then looked up, so that not all trusts are gone through', async () => {
    const { text } = await ofSchool(WHOLE, 'trust { name }');
    expect(clauses(text)).toMatchInlineSnapshot(`
      "SELECT json_build_object('school', (SELECT json_build_object('trust', CASE WHEN t3.uid IS NOT NULL THEN json_build_object('name', t3."name") END)
      FROM school t1
      LEFT JOIN LATERAL (SELECT m.group_uid
      FROM group_membership m
      WHERE m.urn = t1.urn AND m.to_release IS NULL AND m.group_type_code IN ('06', '10', '11')
      ORDER BY m.joined_on DESC NULLS LAST, m.group_uid
      LIMIT 1) m2 ON true
      LEFT JOIN establishment_group t3 ON t3.to_release IS NULL AND t3.uid = m2.group_uid
      WHERE t1.urn = $1 AND t1.to_release IS NULL
      LIMIT 1)) AS answer, version::float8, synthetic
      FROM data_version"
    `);
  });

  it('a search is counted while it is made: once', async () => {
    const query = (filter: string) =>
      `{ schools(first: 3, filter: { ${filter} }) { totalCount nodes { urn } } }`;
    const search = await asked(query('nameContains: "church"'));
    expect(times('FROM school ', search)).toBe(1);
    expect(times('count(*) OVER ()', search)).toBe(1);
    // What indexes find in order is not read to its end for a page; it is counted beside it.
    const filter = await asked(query('phase: [PRIMARY]'));
    expect(times('FROM school ', filter)).toBe(2);
    expect(times('count(*) OVER ()', filter)).toBe(0);
  });
});

describe('figures of every local authority', () => {
  const compared = (fields: string) =>
    asked(`{ localAuthority(code: "888") { comparison(indicator: "suspension-rate") { ${fields} } } }`);

  it('are read in one go, and put beside the places', async () => {
    const { text } = await asked(
      '{ ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY) { rank value } }',
    );
    expect(clauses(text)).toContain('FROM observation o2');
    expect(text).toMatch(/FULL JOIN \(SELECT .* ON f\d+\.key = t\d+\.place_id/s);
    expect(text).not.toContain('LEFT JOIN LATERAL');
  });

  it('are read in one go for a comparison with all, and looked up for one with neighbours', async () => {
    expect((await compared('band')).text).toContain('FULL JOIN');
    expect((await compared('rank neighbours { value }')).text).not.toContain('FULL JOIN');
  });

  it('are looked up as of a day', async () => {
    const ranked = (args: string) =>
      asked(`{ ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY${args}) { rank } }`);
    expect((await ranked(', asOf: "2100-01-01"')).text).not.toContain('FULL JOIN');
  });
});
