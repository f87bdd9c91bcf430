/** A cursor names values, not a position: it stays good while rows come and go. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

let database: OwnDatabase;
let graph: RunningGraph;
let writer: Tables;
let code: string;
beforeAll(async () => {
  database = await ownDatabase('sample');
  graph = await startGraph(database.url);
  writer = await openTables(database.url);
  const [largest] = await writer.rows(
    'SELECT la_code FROM school WHERE to_release IS NULL AND la_code IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1',
  );
  code = largest.la_code;
});
afterAll(async () => {
  await graph.close();
  await writer.close();
  await database.drop();
});

it('a cursor stays good when rows come before and after it, and its own row goes', async () => {
  const page = async (after: string | null) => {
    const { data, errors } = await graph.ask(
      `query ($after: String, $code: [String!]) { schools(first: 5, after: $after, filter: { localAuthority: $code }, orderBy: { field: NAME }) { nodes { urn name } pageInfo { endCursor } } }`,
      { after, code: [code] },
    );
    expect(errors).toBeUndefined();
    return data.schools as { nodes: { urn: number; name: string }[]; pageInfo: { endCursor: string } };
  };
  const first = await page(null);
  const second = await page(first.pageInfo.endCursor);
  const last = first.nodes.at(-1)!;
  await writer.rows(
    `INSERT INTO school (urn, la_code, name, status, from_release, row_hash)
     VALUES (999998, $1, $2, 'OPEN', 1, 1), (999999, $1, $3, 'OPEN', 1, 2)`,
    [code, `${first.nodes[0]!.name} `, `${second.nodes[0]!.name} `],
  );
  await writer.rows('UPDATE school SET to_release = from_release WHERE urn = $1 AND to_release IS NULL', [
    last.urn,
  ]);
  const next = await page(first.pageInfo.endCursor);
  const wanted = await writer.rows(
    `SELECT urn, name FROM school WHERE to_release IS NULL AND la_code = $1 AND (name, urn) > ($2, $3) ORDER BY name, urn LIMIT 5`,
    [code, last.name, last.urn],
  );
  expect(next.nodes).toEqual(wanted);
  expect(next.nodes.map(({ urn }) => urn)).toEqual(expect.arrayContaining([second.nodes[0]!.urn, 999_999]));
  expect((await page(null)).nodes.map(({ urn }) => urn)).toContain(999_998);
});

it('a cursor holds the period that was the newest of an indicator, and the pages after it go by that', async () => {
  const page = async (period: string | null, after: string | null) => {
    const { data, errors } = await graph.ask(
      `query ($after: String, $period: String) { schools(first: 5, after: $after,
        orderBy: [{ indicator: { id: "headcount", period: $period }, direction: DESC }]) { nodes { urn } pageInfo { endCursor } } }`,
      { after, period },
    );
    expect(errors).toBeUndefined();
    return data.schools as { nodes: { urn: number }[]; pageInfo: { endCursor: string } };
  };
  const read = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64').toString()) as unknown[];
  const periods = (
    await writer.rows(
      `SELECT dp.code FROM coverage c JOIN indicator i ON i.data_set_number = c.data_set_number AND i.id = 'headcount'
       JOIN data_set_period dp ON dp.data_set_number = c.data_set_number AND dp.period_id = c.period_id
       JOIN period p ON p.id = c.period_id WHERE c.level = 'SCHOOL' GROUP BY 1 ORDER BY min(p.starts_on)`,
    )
  ).map((row: { code: string }) => row.code);
  const [before, newest] = periods.slice(-2);
  const [list, held] = read((await page(null, null)).pageInfo.endCursor);
  expect(held).toEqual([newest]);

  // As the first page would have been while the period before was the newest.
  const first = await page(before!, null);
  const then = read(first.pageInfo.endCursor).with(0, list);
  const next = await page(null, Buffer.from(JSON.stringify(then)).toString('base64'));
  expect(next.nodes).toEqual((await page(before!, first.pageInfo.endCursor)).nodes);
  expect(next.nodes).not.toEqual((await page(newest!, (await page(newest!, null)).pageInfo.endCursor)).nodes);
  expect(read(next.pageInfo.endCursor)[1]).toEqual([before]);
});
