/** Every example of docs/taking-away.md does what the page says, run as a reader would run it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type OwnDatabase, ownDatabase } from './database.js';
import { openTables } from './graph/tables.js';
import { type RunningGraph, startGraph } from './graph.js';

const PAGE = readFileSync('docs/taking-away.md', 'utf8');
const EXAMPLES = [...PAGE.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block]) =>
  block!.split(/\n(?=curl )/).map((command) => command.trim()),
);

let database: OwnDatabase;
let graph: RunningGraph;
let folder: string;
let uid: string;
beforeAll(async () => {
  database = await ownDatabase('sample');
  graph = await startGraph(database.url);
  folder = mkdtempSync(join(tmpdir(), 'schoolgraph-taking-'));
  const tables = await openTables(database.url);
  [{ uid }] = await tables.rows(
    'SELECT group_uid AS uid FROM group_membership WHERE to_release IS NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
  );
  await tables.close();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await graph.close();
  await database.drop();
});

it.each(EXAMPLES.map((command) => [command]))('%s', async (command) => {
  const there = command.replaceAll('http://localhost:4000', graph.address).replace('5143', uid);
  const { stdout } = await promisify(execFile)('sh', ['-c', there], { cwd: folder, maxBuffer: 100_000_000 });
  const [, file] = /-o (\S+)/.exec(command) ?? [];
  if (file) {
    expect(statSync(join(folder, file)).size).toBeGreaterThan(1_000);
    return;
  }
  expect(stdout.length).toBeGreaterThan(50);
  if (command.includes('cite=1')) expect(JSON.parse(stdout).extensions.citations.length).toBeGreaterThan(0);
  if (command.includes('/q ')) expect(JSON.parse(stdout).url).toMatch(/^\/q\/\w{10}$/);
  if (/\.csv/.test(command)) expect(stdout.split('\r\n').length).toBeGreaterThan(5);
});

it('the page has an example of each part', () => {
  expect(EXAMPLES.length).toBeGreaterThan(8);
});
