/** What an answer says of itself in its header is true of the data it was made from, at the moment of the change too. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from '../database.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

let database: OwnDatabase;
let graph: RunningGraph;
let writer: Tables;
beforeAll(async () => {
  database = await ownDatabase('sample');
  graph = await startGraph(database.url);
  writer = await openTables(database.url);
});
afterAll(async () => {
  await writer.close();
  await graph.close();
  await database.drop();
});

async function header(query: string): Promise<string | null> {
  const response = await fetch(`${graph.address}/graphql`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  await response.json();
  return response.headers.get('X-SchoolGraph-Data');
}

it.each([
  ['one statement', '{ england { name } }'],
  ['resolvers', '{ dataStatus { synthetic } }'],
  ['both', '{ england { name } dataStatus { synthetic } }'],
])('the header of an answer made by %s changes with the data, not a second later', async (_how, query) => {
  // Each change follows the question before it at once, well within the second that the server trusts its memory.
  for (const synthetic of [true, false, true, false, true]) {
    await writer.rows(`UPDATE data_version SET synthetic = ${synthetic}, version = version + 1`);
    expect(await header(query)).toBe(synthetic ? 'synthetic' : null);
  }
});
