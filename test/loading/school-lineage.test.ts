/** school_lineage follows the register: written when links or schools change, and only where they did. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Loading } from './loading.js';
import { ESTABLISHMENTS, LINKS, SmallMirror } from './small-mirror.js';

let mirror: SmallMirror;
let loading: Loading;
const REGISTER = ['gias-establishments', 'gias-establishment-links'];
const lineage = () =>
  loading.rows('SELECT *, xmin::text AS written FROM school_lineage ORDER BY predecessor_urn, successor_urn');

beforeAll(async () => {
  mirror = await SmallMirror.make({ schools: 200, trusts: 20 });
  loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
});
afterAll(async () => {
  await loading.close();
  await mirror.remove();
});

it('is the same whichever of the two files is loaded first', async () => {
  await loading.load(REGISTER);
  const inOrder = (await lineage()).map(({ written, ...edge }) => edge);
  expect(inOrder.length).toBeGreaterThan(20);
  expect(new Set(inOrder.map(({ event }) => event))).toContain('CONVERSION');
  const other = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
  try {
    await other.load([...REGISTER].reverse());
    expect(await other.rows('SELECT * FROM school_lineage ORDER BY predecessor_urn, successor_urn')).toEqual(
      inOrder,
    );
  } finally {
    await other.close();
  }
});

it('changes one row where one link changes, and leaves the others unwritten', async () => {
  const before = await lineage();
  const changed = before[3];
  const ends = [changed.predecessor_urn, changed.successor_urn].map(String);
  await mirror.editLines(LINKS, ([header, ...lines]) => [
    header!,
    ...lines.filter((line) => !ends.every((urn) => line.includes(urn))),
  ]);
  expect(await loading.loadOne('gias-establishment-links')).toMatchObject({ outcome: 'LOADED' });
  expect(await lineage()).toEqual(before.filter((edge) => edge !== changed));
});

it('is dated anew when a school’s dates become known', async () => {
  await mirror.editLines(LINKS, ([header, ...lines]) => [
    header!,
    ...lines.map((line) => line.replace(/"\d\d-\d\d-\d{4}"$/, '""')),
  ]);
  await loading.loadOne('gias-establishment-links');
  const [edge] = (await lineage()).filter(({ on_is_inferred }) => on_is_inferred);
  const opened = await loading.value(
    'SELECT opened_on::text FROM school WHERE urn = $1 AND to_release IS NULL',
    [edge.successor_urn],
  );
  const written = (opened as string).split('-').reverse().join('-');
  await mirror.editLines(ESTABLISHMENTS, (lines) =>
    lines.map((line) =>
      line.startsWith(`${edge.successor_urn},`) ? line.replaceAll(written, '05-05-2015') : line,
    ),
  );
  await loading.loadOne('gias-establishments');
  expect(
    await loading.value(
      'SELECT happened_on::text FROM school_lineage WHERE predecessor_urn = $1 AND successor_urn = $2',
      [edge.predecessor_urn, edge.successor_urn],
    ),
  ).toBe('2015-05-05');
});
