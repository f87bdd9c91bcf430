/**
 * What a question costs, counted and not timed: the questions of the benchmark take one statement each, and Postgres comes
 * upon so many rows for each row of the answer. The bounds are about twice what it is now.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Question, Subject } from '../../bench/question.js';
import { QUESTIONS } from '../../bench/questions.js';
import { PLANNING } from '../../src/graph/graph.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { issuedStatements } from './issued.js';
import { type Scan, scansOf } from './rows-read.js';
import { openTables, type Tables } from './tables.js';

/** How many subjects a question is put to. */
const SUBJECTS = 5;

/** Tables that grow with what is published: no question goes through all of one. */
const LARGE = ['observation', 'school', 'place', 'school_place', 'establishment_group', 'group_membership'];

const PERIODS = (indicator: string, most: number) => `(SELECT array_agg(code) FROM (
  SELECT dp.code FROM data_set_period dp JOIN period p ON p.id = dp.period_id
  JOIN indicator i ON i.data_set_number = dp.data_set_number WHERE i.id = '${indicator}' ORDER BY p.starts_on DESC LIMIT ${most}) newest)`;

const IN_TRUST = `JOIN group_membership m ON m.urn = s.urn AND m.to_release IS NULL AND m.group_type_code = '06'`;

const RANKED = `SELECT 'ehc-plans' AS id, (${PERIODS('ehc-plans', 1)})[1] AS period,
  json_build_array(array_agg(code ORDER BY code) FILTER (WHERE n <= 100), array_agg(code ORDER BY code) FILTER (WHERE n > 100)) AS pages
  FROM (SELECT code, row_number() OVER (ORDER BY code) AS n FROM local_authority WHERE closed_on IS NULL) a`;

interface Cost {
  /** Whom the question is put to: plain SQL. */
  subjects: string;
  /** How many rows may be read for each row of the answer. */
  most: number;
  /** Of a few thousand schools Postgres may as well read all: only what the real register costs says anything. */
  ofMany?: true;
  /** Most of a table is asked for: it may be gone through. */
  ofWhole?: true;
}

const COSTS: Record<string, Cost> = {
  'one-school': {
    subjects: `SELECT s.urn FROM school s ${IN_TRUST} WHERE s.to_release IS NULL AND s.status = 'OPEN'
      AND EXISTS (SELECT FROM school_place sp WHERE sp.urn = s.urn) ORDER BY md5(s.urn::text)`,
    most: 3.5,
  },
  'authority-schools': {
    subjects: `SELECT la_code AS code FROM school WHERE to_release IS NULL AND la_code IS NOT NULL
      GROUP BY la_code ORDER BY least(count(*), 100) DESC, md5(la_code)`,
    most: 4,
  },
  // A row of observation holds all measures of its data set: five figures.
  neighbours: {
    subjects: `SELECT la_code AS code, ${PERIODS('suspension-rate', 6)} AS periods FROM statistical_neighbour
      WHERE to_release IS NULL GROUP BY la_code ORDER BY md5(la_code)`,
    most: 0.8,
  },
  ranking: { subjects: RANKED, most: 2.5 },
  'ranking-by-pages': { subjects: RANKED, most: 5 },
  // What is found has to be counted, and is then of any phase and status.
  list: {
    subjects: `SELECT term, 'PRIMARY' AS phase, 'OPEN' AS status FROM unnest(ARRAY['church', 'park', 'st ', 'green', 'academy']) term`,
    most: 4.5,
    ofMany: true,
  },
  // Schools that are closed are read too.
  export: { subjects: `SELECT 'OPEN' AS status`, most: 3, ofWhole: true },
  'trust-schools': {
    subjects: `SELECT m.group_uid AS uid FROM school s ${IN_TRUST} WHERE s.to_release IS NULL GROUP BY 1
      ORDER BY least(count(*), 20) DESC, md5(m.group_uid)`,
    most: 3,
  },
  // For the band and the region the figures of all local authorities are read, and eleven are answered.
  comparison: {
    subjects: `SELECT la_code AS code, 'suspension-rate' AS id, (${PERIODS('suspension-rate', 1)})[1] AS period
      FROM statistical_neighbour WHERE to_release IS NULL GROUP BY la_code ORDER BY md5(la_code)`,
    most: 65,
  },
  // Every school is read for a row of each of some ninety groups.
  aggregate: {
    subjects: `SELECT 'suspension-rate' AS id, (${PERIODS('suspension-rate', 1)})[1] AS period, 'OPEN' AS status`,
    most: 4_000,
    ofWhole: true,
  },
};

/** Rows of an answer: its figures, the places that they are of, and what is counted. */
function answered(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + answered(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  const isRow = 'name' in value || 'value' in value;
  const counted = 'totalCount' in value ? (value.totalCount as number) : 0;
  return answered(Object.values(value)) + counted + (isRow ? 1 : 0);
}

/** Of a list that is taken away: what opens its snapshot, reads on in it and ends it. */
const AROUND = /^(BEGIN|FETCH|ROLLBACK)/;

const byRows = (one: Scan, other: Scan) => other.rows - one.rows;

/** Fails where so many rows were not needed for the answer, and says which node read most. */
function expectFew(asked: string, scans: Scan[], rows: number, most: number, large = LARGE): void {
  const read = scans.reduce((sum, scan) => sum + scan.rows, 0);
  const [greatest] = [...scans].sort(byRows);
  const told = `${asked} reads ${read} rows for the ${rows} of its answer: ${(read / rows).toFixed(2)} each, of which ${greatest!.rows} by ${greatest!.how}`;
  expect(rows, `${asked} has an answer`).toBeGreaterThan(0);
  expect(read / rows, told).toBeLessThanOrEqual(most);
  const throughAll = scans.filter(({ table, how }) => large.includes(table) && how.startsWith('Seq Scan'));
  expect(throughAll, `${asked} goes through all of a large table`).toEqual([]);
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  const statements = issuedStatements();
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which), PLANNING);
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  const ask = async ({ ours }: Question, subject: Subject) => {
    statements.take();
    const response = await fetch(`${graph.address}/graphql`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(ours.accept ? { Accept: ours.accept } : {}) },
      body: JSON.stringify({ query: ours.query, variables: ours.variables(subject, null) }),
    });
    const text = await response.text();
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const line of lines) expect(line.errors).toBeUndefined();
    return { rows: answered(lines), issued: statements.take() };
  };

  it.each(QUESTIONS.map((question) => [question.name, question] as const))('%s', async (name, question) => {
    const { subjects, most, ofMany, ofWhole } = COSTS[name]!;
    const chosen: Subject[] = await tables.rows(`${subjects} LIMIT ${SUBJECTS}`);
    expect(chosen.length).toBeGreaterThan(0);
    for (const subject of chosen) {
      const { rows, issued } = await ask(question, subject);
      const reading = issued.filter(({ text }) => !AROUND.test(text));
      // A list that is taken away: which version its snapshot has, what stands above the list, and the list.
      expect(reading, name).toHaveLength(question.ours.accept ? 3 : 1);
      if (ofMany && which === 'sample') continue;
      const scans: Scan[] = [];
      for (const one of reading) scans.push(...(await scansOf(one, tables)));
      const asked = `${name} ${JSON.stringify(question.ours.variables(subject, null))}`;
      expectFew(asked, scans, rows, most, ofWhole ? [] : LARGE);
    }
  });

  /** Whom the local authority is compared with, and how many rows that may read. */
  it.each([
    [
      'its neighbours alone',
      '{ value rank neighbours { localAuthority { code } value } neighbourAverage }',
      1_300,
    ],
    [
      'all local authorities too',
      '{ value rank nationalRank band neighbours { localAuthority { code } value } neighbourAverage }',
      2_200,
    ],
  ])('a comparison with %s', async (_with, what, most) => {
    const [{ code }] = await tables.rows(
      'SELECT la_code AS code FROM statistical_neighbour WHERE to_release IS NULL GROUP BY 1 ORDER BY md5(la_code) LIMIT 1',
    );
    statements.take();
    const { data, errors } = await graph.ask(
      `{ localAuthority(code: "${code}") { comparison(indicator: "suspension-rate") ${what} } }`,
    );
    expect(errors).toBeUndefined();
    expect(data.localAuthority.comparison.neighbours).toHaveLength(10);
    const issued = statements.take();
    expect(issued).toHaveLength(1);
    expectFew(`a comparison of ${code}`, await scansOf(issued[0]!, tables), 1, most);
  });

  /** The day is that of the newest of the registers, so that the answer is the same. At most it takes one way through what all of them hold. */
  it.each([
    [
      'local authorities with schools',
      'localAuthorities',
      'nodes { schools(first: 3) { totalCount nodes { name } } }',
    ],
    ['trusts with schools', 'trusts', 'nodes { schools(first: 3) { totalCount } }'],
    [
      'trusts by how many schools they hold',
      'trusts',
      'nodes { name }',
      'filter: { numberOfSchools: { min: 2 } }',
    ],
  ])('%s, as of a day, read little more than now', async (_what, field, below, filter = '') => {
    const [{ day, members }] = await tables.rows(
      `SELECT max(published_on)::text AS day, (SELECT count(*)::int FROM group_membership) AS members
       FROM release r JOIN data_set d ON d.number = r.data_set_number WHERE d.id LIKE 'gias-%'`,
    );
    const held = ['school', 'group_membership'];
    const readBy = async (asOf: string) => {
      statements.take();
      const { data, errors } = await graph.ask(
        `{ list: ${field}(first: 50 ${filter} ${asOf}) { ${below} } }`,
      );
      expect(errors).toBeUndefined();
      const scans = (await Promise.all(statements.take().map((one) => scansOf(one, tables)))).flat();
      return {
        data,
        rows: scans.reduce((sum, { table, rows }) => sum + (held.includes(table) ? rows : 0), 0),
      };
    };
    const [now, then] = [await readBy(''), await readBy(`asOf: "${day}"`)];
    expect(then.data).toEqual(now.data);
    expect(then.rows).toBeLessThan(Math.max(4 * now.rows, 2 * members));
  });

  it('a question that goes through everything is noticed, and what read most is named', async () => {
    const text = 'SELECT count(*) FROM observation WHERE edition <> ALL($1::text[])';
    const scans = await scansOf({ text, values: [['none', "it's"]] }, tables);
    const [{ rows }] = await tables.rows('SELECT count(*)::int AS rows FROM observation');
    expect(scans.find(({ table }) => table === 'observation')?.rows).toBe(rows);
    expect(() => expectFew('everything', scans, 1_000, 1)).toThrow(/by Seq Scan on observation/);
    expect(() => expectFew('everything', scans, 1, rows * 2)).toThrow(/all of a large table/);
  });
});
