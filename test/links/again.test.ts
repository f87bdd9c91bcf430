/** A file of today can be had again when there is another: by the address that comes with it, byte for byte. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from '../loading/loading.js';
import { ESTABLISHMENTS, SmallMirror } from '../loading/small-mirror.js';

const ID = 'gias-establishments';
const [FIRST, SECOND] = ['2026-08-03', '2026-08-10'] as const;

let mirror: SmallMirror;
let loading: Loading;
let graph: RunningGraph;
beforeAll(async () => {
  mirror = await SmallMirror.make();
  const original = await mirror.text(ESTABLISHMENTS);
  const of = (day: string) => ESTABLISHMENTS.replace('20260901', day.replaceAll('-', ''));
  await mirror.write(of(FIRST), original);
  await mirror.write(of(SECOND), original.replaceAll('"Sample ', '"Renamed '));
  loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
  expect((await loading.loadOne(ID, { GIAS_DATE: FIRST })).outcome).toBe('LOADED');
  graph = await startGraph(loading.database.url, { ANSWER_CACHE_MB: '16' });
});
afterAll(async () => {
  await graph.close();
  await loading.close();
  await mirror.remove();
});

async function open(path: string) {
  const response = await fetch(`${graph.address}${path}`);
  const [, again] = /<([^>]*)>; rel="cite-as"/.exec(response.headers.get('link') ?? '') ?? [];
  return { bytes: Buffer.from(await response.arrayBuffer()), again, headers: response.headers };
}

it('whatever is published in between', async () => {
  const query = '{ schools(orderBy: { field: NAME }) { nodes { urn name phase openedOn } } }';
  const links = ['csv', 'xlsx', 'jsonl'].map(
    (ending) => `/graphql.${ending}?${new URLSearchParams({ query, bom: '1' })}`,
  );
  const before = await Promise.all(links.map(open));
  for (const { again, headers } of before) {
    expect(new URLSearchParams(again!.split('?')[1]).get('asOf')).toBe(FIRST);
    expect(headers.get('x-schoolgraph-as-of')).toBe(FIRST);
  }
  expect((await loading.loadOne(ID, { GIAS_DATE: SECOND })).outcome).toBe('LOADED');
  await expect
    .poll(async () => (await open(links[0]!)).bytes.toString(), { timeout: 20_000 })
    .toContain('Renamed ');
  for (const [at, { bytes, again }] of before.entries()) {
    expect((await open(again!)).bytes.equals(bytes)).toBe(true);
    const now = await open(links[at]!);
    expect(now.bytes.equals(bytes)).toBe(false);
    expect(new URLSearchParams(now.again!.split('?')[1]).get('asOf')).toBe(SECOND);
  }
});

it.each([
  ['what is of no day', '{ localAuthorityReorganisations { on note } }'],
  [
    'what has no known day of publication',
    '{ localAuthorities { nodes { neighbours(kind: STATISTICAL, first: 3) { rank } } } }',
  ],
])('%s has no such address', async (_what, query) => {
  const { again, headers } = await open(`/graphql.csv?${new URLSearchParams({ query })}`);
  expect(headers.get('etag')).not.toBeNull();
  expect(again).toBeUndefined();
});
