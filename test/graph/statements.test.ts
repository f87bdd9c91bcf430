/** One question is one statement, plus at most a handful for what several answers share, however many schools. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { clauses, type Issued, issuedStatements, onOneLine } from './issued.js';
import { openTables } from './tables.js';

const statements = issuedStatements();

const TO_TRUST_AND_BACK = (urn: number) => `{ school(urn: ${urn}) { name trust { uid name
  indicator(id: "suspension-rate") { latest { value } }
  schools(first: 100) { totalCount nodes { urn name localAuthority { code name indicator(id: "suspension-rate") {
    indicator { id name } series { value status period { code label } release { id sha256 dataSet { id publisher } } releases { id } } } } } } } } }`;

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let few: number;
  let many: number;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    const tables = await openTables(loadedDatabase(which));
    const trustOf = (having: string) =>
      tables.rows(`SELECT min(urn) AS urn, count(*)::int AS schools FROM group_membership WHERE to_release IS NULL
        AND group_type_code = '06' GROUP BY group_uid HAVING ${having} ORDER BY count(*) DESC, group_uid LIMIT 1`);
    few = (await trustOf('count(*) = 2'))[0].urn;
    many = (await trustOf('count(*) <= 100'))[0].urn;
    await tables.close();
  });
  afterAll(() => graph.close());

  const asked = async (query: string) => {
    statements.take();
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    return { data, statements: statements.take().map(({ text }) => onOneLine(text)) };
  };

  it('school → trust → schools → local authority → suspension rate takes as many for 2 schools as for all', async () => {
    const two = await asked(TO_TRUST_AND_BACK(few));
    const all = await asked(TO_TRUST_AND_BACK(many));
    expect(two.data.school.trust.schools.nodes).toHaveLength(2);
    expect(all.data.school.trust.schools.nodes.length).toBeGreaterThan(which === 'real' ? 74 : 5);
    expect(all.statements).toHaveLength(two.statements.length);
    expect(all.statements).toEqual([
      'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
      expect.stringContaining('json_build_object'),
      expect.stringContaining('"release" "Release"'),
      expect.stringContaining('"data_set" "DataSet"'),
      'ROLLBACK',
    ]);
  });

  it('takes one statement, and no transaction, where SQL says it all', async () => {
    const { statements } = await asked(
      `{ school(urn: ${many}) { name trust { schools(first: 100) { nodes { urn localAuthority { name indicator(id: "suspension-rate") { latest { value status period { label } } } } } } } }
        england { indicator(id: "headcount") { series { value } } } regions { name } localAuthorities(first: 100) { totalCount nodes { code region { name } } } }`,
    );
    expect(statements).toHaveLength(1);
  });

  it('takes one statement for neighbours, lineage and reorganisations, whatever is asked below them', async () => {
    const { statements } = await asked(
      `{ localAuthorities(first: 50) { nodes { code neighbours(kind: STATISTICAL, first: 10) { rank closeness localAuthority { name
          indicator(id: "suspension-rate") { latest { value } } } } g: neighbours(kind: GEOGRAPHIC) { localAuthority { name region { name } } }
          neighboursNote(kind: GEOGRAPHIC) predecessors { name } reorganisations { on note } } }
        school(urn: ${many}) { predecessors { name localAuthority { name } } successors { urn } lineage { event school { name } } } }`,
    );
    expect(statements).toHaveLength(1);
  });

  it('takes one statement for comparisons, against whomever, and for how robust they are', async () => {
    const { statements } = await asked(
      `{ localAuthorities(first: 20) { nodes { code
          comparison(indicator: "suspension-rate") { rank of nationalRank nationalOf band quartiles neighbourAverage averageMethod regionValue nationalValue
            neighbours { rank value closeness localAuthority { name } observation { status } } change { from to difference isBeyondChance } notes }
          c: comparison(indicator: "ehc-plans", against: CUSTOM, codes: ["888", "891", "926"]) { neighbours { value } notes }
          r: comparison(indicator: "suspension-rate", against: REGION) { rank }
          neighbourRobustness(indicator: "suspension-rate") { rankChanges variants { rank } notes } } } }`,
    );
    expect(statements).toHaveLength(1);
  });

  it('takes no statement where nothing of the database is asked', async () => {
    expect(
      (await asked('{ __typename indicators { id name } __schema { queryType { name } } }')).statements,
    ).toEqual([]);
  });

  it('asks a source that all figures share once', async () => {
    const { statements } = await asked(
      '{ localAuthorities(first: 100) { nodes { a: indicator(id: "suspensions") { series { release { id } } } b: indicator(id: "ehc-plans") { series { release { dataSet { id } } releases { url } } } } } }',
    );
    expect(statements.filter((text) => text.includes('"release" "Release"'))).toHaveLength(1);
    expect(statements).toHaveLength(5);
  });
});

describe('the statement of a small question', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'));
  });
  afterAll(() => graph.close());

  it('has only what was asked, a join for what is one, and every value as a parameter', async () => {
    const { errors } = await graph.ask(
      '{ schools(first: 2, filter: { status: [OPEN] }) { nodes { urn la: localAuthority { name } } pageInfo { endCursor } } }',
    );
    expect(errors).toBeUndefined();
    const issued = statements.take();
    expect(issued).toHaveLength(1);
    const [{ text, values }] = issued as [Issued];
    expect(clauses(text)).toMatchInlineSnapshot(`
      "SELECT json_build_object('schools', (SELECT json_build_object('nodes', coalesce(json_agg(p.node_1
      ORDER BY p.n) FILTER (WHERE p.n <= $1), '[]'), 'pageInfo', json_build_object('endCursor', (array_agg(p.cursor
      ORDER BY p.n) FILTER (WHERE p.n <= $2))[least(count(*), $3)]))
      FROM ( SELECT json_build_object('urn', t1."urn", 'la', CASE WHEN t2.code IS NOT NULL THEN json_build_object('name', t2."name") END) AS node_1, translate(encode(convert_to(json_build_array($4::text, t1.urn)::text, 'UTF8'), 'base64'), E' ', '') AS cursor, row_number() OVER (ORDER BY t1.urn) AS n
      FROM (SELECT t3.*
      FROM school t3
      WHERE t3.to_release IS NULL AND t3.status = $5::text AND true
      ORDER BY t3.urn
      LIMIT $6) t1
      LEFT JOIN local_authority t2 ON t2.code = t1.la_code ) p
      HAVING true)) AS answer, version::float8, synthetic
      FROM data_version"
    `);
    expect(values).toEqual([2, 2, 2, 'schools by URN ASC', 'OPEN', 2]);
  });

  it('is the same, under the same name, whatever the values', async () => {
    const query =
      'query ($urn: Int!, $name: String) { school(urn: $urn) { name } schools(filter: { nameContains: $name }) { totalCount } }';
    await graph.ask(query, { urn: 100001, name: 'academy' });
    await graph.ask(query, { urn: 100002, name: "'; DROP TABLE school; --" });
    const issued = statements.take();
    expect(issued).toHaveLength(2);
    expect(issued[0]!.name).toEqual(expect.any(String));
    expect(issued[1]).toMatchObject({ name: issued[0]!.name, text: issued[0]!.text });
    expect(issued[1]!.values).toContain("%'; DROP TABLE school; --%");
    expect(issued[1]!.text).not.toContain('DROP');
  });

  it('grows with what is asked, never with what there is', async () => {
    await graph.ask('{ schools(first: 1) { nodes { urn } } }');
    await graph.ask('{ schools(first: 100) { nodes { urn } } }');
    const [one, hundred] = statements.take();
    expect(hundred!.text).toBe(one!.text);
  });
});
