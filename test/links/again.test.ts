/** A file of today can be had again when there is another: by the address that comes with it, byte for byte. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
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

async function open(path: string, { address } = graph) {
  const response = await fetch(`${address}${path}`);
  const [, again] = /<([^>]*)>; rel="cite-as"/.exec(response.headers.get('link') ?? '') ?? [];
  return { bytes: Buffer.from(await response.arrayBuffer()), again, headers: response.headers };
}

it('whatever is published in between', async () => {
  const query = '{ schools(orderBy: { field: NAME }) { nodes { urn name phase openedOn } } }';
  const links = ['csv', 'xlsx', 'jsonl'].map(
    (ending) => `/graphql.${ending}?${new URLSearchParams({ query, bom: '1' })}`,
  );
  const before = await Promise.all(links.map((link) => open(link)));
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

/** Figures that are older than the register: only both of them together have a day as of which all of it is there. */
describe.skipIf(!hasRealFiles())('each kind of list, of the published files', () => {
  let real: RunningGraph;
  beforeAll(async () => {
    real = await startGraph(loadedDatabase('real'), { ANSWER_CACHE_MB: '0' });
  });
  afterAll(() => real.close());

  it.each([
    '{ schools(filter: { localAuthority: ["891"] }, orderBy: { indicator: { id: "suspension-rate" } }) { nodes { urn trust { name } } } }',
    '{ localAuthority(code: "891") { schools { nodes { urn indicator(id: "suspension-rate") { series { value status } } } } } }',
    '{ trusts(filter: { reach: [SEVERAL_REGIONS] }) { nodes { uid indicator(id: "suspension-rate") { latest { lower upper } } } } }',
    '{ schoolsNear(postcode: "E17 4DP") { schools { nodes { distanceKm school { urn } } } } }',
    '{ aggregate(indicator: "suspension-rate", groupBy: [PHASE]) { groups { schools keys { name } observation { lower upper } } } }',
    '{ aggregate(indicator: "suspension-rate", groupBy: [REGION, TYPE], filter: { status: [OPEN] }) { groups { schools } } }',
    '{ ranking(indicator: "suspension-rate", level: TRUST) { rank value } }',
    '{ outliers(indicator: "suspension-rate", level: SCHOOL, within: "891") { entries { place { name } value } } }',
    '{ localAuthorities { nodes { code indicator(id: "ehc-plans") { series { value } } } } }',
  ])('%s', async (query) => {
    const now = await open(`/graphql.jsonl?${new URLSearchParams({ query })}`, real);
    expect(now.bytes.length).toBeGreaterThan(100);
    const then = await open(now.again!, real);
    expect(then.bytes.toString()).toBe(now.bytes.toString());
  });
});
