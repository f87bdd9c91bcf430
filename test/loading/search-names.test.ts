/** What is found follows the registers: names, old names, words and points; and pages go on while a register is replaced. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { wordsOf } from '../../jobs/search-words.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from './loading.js';
import { ESTABLISHMENTS, SmallMirror } from './small-mirror.js';

let mirror: SmallMirror;
let loading: Loading;
let graph: RunningGraph;
const REGISTER = ['gias-establishments', 'gias-establishment-links', 'gias-groups'];

beforeAll(async () => {
  mirror = await SmallMirror.make({ schools: 200, trusts: 20 });
  loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
  await loading.load(REGISTER);
  graph = await startGraph(loading.database.url);
});
afterAll(async () => {
  await graph.close();
  await loading.close();
  await mirror.remove();
});

const names = () =>
  loading.rows('SELECT *, xmin::text AS written FROM search_name ORDER BY kind, key, field, name');
const found = async (text: string) => {
  const { data, errors } = await graph.ask(
    'query ($text: String!) { search(text: $text, first: 5) { matched text result { ... on School { urn } } } }',
    { text },
  );
  expect(errors).toBeUndefined();
  return data.search as { matched: string; text: string; result: { urn?: number } }[];
};
const rename = (urn: number, from: string, to: string) =>
  mirror.editLines(ESTABLISHMENTS, (lines) =>
    lines.map((line) => (line.startsWith(`${urn},`) ? line.replace(from, to) : line)),
  );

it('every name has its words, every word the number of names that have it, every point its degrees', async () => {
  const all = await names();
  expect(all.length).toBeGreaterThan(150);
  for (const { name, words } of all) expect(words).toEqual(wordsOf(name));
  const counted = new Map<string, number>();
  for (const { words } of all) for (const word of words) counted.set(word, (counted.get(word) ?? 0) + 1);
  const kept = await loading.rows('SELECT word, names FROM search_word');
  expect(new Map(kept.map(({ word, names: count }) => [word, count]))).toEqual(counted);
  const missing = await loading.rows(
    'SELECT urn FROM school s WHERE easting > 0 AND northing > 0 AND NOT EXISTS (SELECT FROM grid_point g WHERE g.easting = s.easting AND g.northing = s.northing)',
  );
  expect(missing).toEqual([]);
});

it('no word waits to be put into the index, for every search to look through', async () => {
  expect(await loading.value("SELECT gin_clean_pending_list('search_name_by_word')::int")).toBe(0);
});

it('a school that is renamed is found by both names, and nothing else is written', async () => {
  const before = await names();
  const [{ urn, name }] = await loading.rows(
    "SELECT urn, name FROM school WHERE to_release IS NULL AND status = 'OPEN' AND name ~ '^[A-Za-z ]+$' ORDER BY urn LIMIT 1",
  );
  await rename(urn, name, 'Quixotic Zephyr Academy');
  expect(await loading.loadOne('gias-establishments')).toMatchObject({ outcome: 'LOADED' });
  expect((await found('quixotik zephir'))[0]).toEqual({
    matched: 'NAME',
    text: 'Quixotic Zephyr Academy',
    result: { urn },
  });
  expect(await found(name)).toContainEqual({ matched: 'PREVIOUS_NAME', text: name, result: { urn } });
  const others = (rows: { key: string }[]) => rows.filter(({ key }) => key !== String(urn));
  const changed = others(await names()).filter((row) => !others(before).some((old) => isSame(old, row)));
  // Schools that came out of it are found by its new name as well.
  for (const row of changed) expect(row).toMatchObject({ field: 'PREDECESSOR_NAME' });
  await rename(urn, 'Quixotic Zephyr Academy', name);
  await loading.loadOne('gias-establishments');
});

const isSame = (one: object, other: object) => JSON.stringify(one) === JSON.stringify(other);

it('a page goes on where the one before ended while a release comes between them', async () => {
  const page = async (after: string | null) => {
    const { data, errors } = await graph.ask(
      'query ($after: String) { schools(first: 20, after: $after, orderBy: [{ field: LOW_AGE, direction: DESC }, { field: NAME }]) { nodes { urn name } pageInfo { endCursor hasNextPage } } }',
      { after },
    );
    expect(errors).toBeUndefined();
    return data.schools as {
      nodes: { urn: number; name: string }[];
      pageInfo: { endCursor: string; hasNextPage: boolean };
    };
  };
  const order = () =>
    loading
      .rows(
        'SELECT urn FROM school WHERE to_release IS NULL ORDER BY low_age DESC NULLS LAST, name COLLATE "C", urn',
      )
      .then((rows) => rows.map(({ urn }) => urn));
  const before = await order();
  const one = await page(null);
  expect(one.nodes.map(({ urn }) => urn)).toEqual(before.slice(0, 20));
  // The school at which the page ended goes to the front of its age, and the first of the next page to the end.
  const last = one.nodes.at(-1)!;
  const next = (await page(one.pageInfo.endCursor)).nodes[0]!;
  await rename(last.urn, last.name, 'AAA School');
  await rename(next.urn, next.name, 'Zzz School');
  expect(await loading.loadOne('gias-establishments')).toMatchObject({ outcome: 'LOADED' });
  const seen = new Set(one.nodes.map(({ urn }) => urn));
  const pages: number[] = [];
  let after: string | null = one.pageInfo.endCursor;
  while (after) {
    const { nodes, pageInfo } = await page(after);
    pages.push(...nodes.map(({ urn }) => urn));
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  }
  const now = await order();
  expect(now).not.toEqual(before);
  expect(pages).toEqual(now.filter((urn) => !seen.has(urn)));
  expect(pages).toContain(next.urn);
});
