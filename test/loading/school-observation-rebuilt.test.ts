/** Whatever is loaded, and in whatever order, the rows that are kept of each school are those that stand. */
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Loading } from './loading.js';
import { EVERY_KIND, EVERY_ROW_OF_SCHOOLS, KEPT_KINDS, KEPT_OF_SCHOOLS } from './rows-of-schools.js';
import { ESTABLISHMENTS, EXCLUSIONS, SmallMirror } from './small-mirror.js';

const STATISTICS = 'suspensions-and-permanent-exclusions';
const REGISTER = 'gias-establishments';
const RELEASE = '2026-07-16';

/** In one order, and as text: numbers that Postgres tells apart. */
const inOrder = (rows: string) =>
  `SELECT urn, data_set_number, period_id, breakdown_id, edition, values::text, raw::text, kind, is_newest, is_in_parts FROM (${rows}) x ORDER BY 1, 2, 3, 4, row_hash`;

const sorted = (kinds: string) => `SELECT * FROM (${kinds}) x ORDER BY x.*::text`;

describe('what is kept of each school', () => {
  let mirror: SmallMirror;
  let loading: Loading;
  let file: string;
  let versionUrl: string;
  let original: string;
  let versionText: string;
  let rows: string[][];
  let at: Record<'urn' | 'laEstab' | 'period' | 'phase' | 'headcount', number>;

  beforeAll(async () => {
    mirror = await SmallMirror.make();
    const release = await mirror.release(EXCLUSIONS);
    file = release.fileUrl(/by school/);
    versionUrl = release.versionUrl;
    await mirror.edit(release.contentUrl, (text) => text.replaceAll(/"numDataFileRows": ?\d+,?/g, ''));
    rows = parse(await mirror.text(file), { bom: true }) as string[][];
    const column = (name: string) => rows[0]!.indexOf(name);
    at = {
      urn: column('school_urn'),
      laEstab: column('school_laestab'),
      period: column('time_period'),
      phase: column('education_phase'),
      headcount: column('headcount'),
    };
    // Every second school is known by LAESTAB alone.
    rows = rows.map((row, n) => (n === 0 || Number(row[at.urn]) % 2 ? row : row.with(at.urn, '')));
    versionText = await mirror.text(versionUrl);
    original = await mirror.text(ESTABLISHMENTS);
    await publish(rows, RELEASE);
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
  });
  afterAll(async () => {
    await loading.close();
    await mirror.remove();
  });

  async function publish(edition: string[][], day: string) {
    await mirror.write(
      file,
      `${edition.map((row) => row.map((cell) => `"${cell}"`).join(',')).join('\r\n')}\r\n`,
    );
    await mirror.write(versionUrl, versionText.replaceAll(RELEASE, day).replace('2024/25', `of ${day}`));
  }

  async function load(id: string, environment: NodeJS.ProcessEnv = {}) {
    const { outcome, message } = await loading.loadOne(id, environment);
    expect({ outcome, message }).toMatchObject({ outcome: 'LOADED' });
  }

  /** Returns what is kept, once it is what stands. */
  async function kept(): Promise<Record<string, unknown>[]> {
    const found = await loading.rows(inOrder(KEPT_OF_SCHOOLS));
    expect(found).toEqual(await loading.rows(inOrder(EVERY_ROW_OF_SCHOOLS)));
    const [everyKind, keptKinds] = [EVERY_KIND, KEPT_KINDS].map((kinds) => loading.rows(sorted(kinds)));
    expect(await keptKinds).toEqual(await everyKind);
    return found;
  }

  const newestOf = (found: Record<string, unknown>[]) => found.filter(({ is_newest }) => is_newest).length;
  const newestPeriod = () =>
    rows
      .slice(1)
      .map((row) => row[at.period]!)
      .sort()
      .at(-1)!;

  it('is all of it when figures come before the register, the register after them, and links last', async () => {
    await load(STATISTICS);
    const before = await kept();
    await load(REGISTER);
    const after = await kept();
    // Those known by LAESTAB alone.
    expect(after.length).toBeGreaterThan(before.length);
    await load('gias-establishment-links');
    await load('school-census');
    await load('school-absence');
    expect((await kept()).length).toBeGreaterThan(after.length);
  });

  it('has the row before as the newest when a release takes one away, and another when it is put right', async () => {
    const before = await kept();
    const gone = rows.findIndex((row) => row[at.period] === newestPeriod());
    const edition = rows.filter((_row, n) => n !== gone);
    const changed = edition.findLastIndex((row) => row[at.period] === newestPeriod());
    await publish(edition.with(changed, edition[changed]!.with(at.headcount, '4321')), '2026-08-16');
    await load(STATISTICS);
    expect(await kept()).not.toEqual(before);
    await publish(rows, '2026-09-16');
    await load(STATISTICS);
    expect(await kept()).toEqual(before);
  });

  it('has no newest row of a school that is published in parts, until it no longer is', async () => {
    const before = await kept();
    const one = rows.findIndex((row, n) => n > 0 && row[at.phase] === 'State-funded primary');
    await publish([...rows, rows[one]!.with(at.phase, 'State-funded secondary')], '2026-10-16');
    await load(STATISTICS);
    expect(await loading.value('SELECT count(*)::int FROM school_in_parts')).toBe(1);
    const found = await kept();
    expect(found).toHaveLength(before.length + 1);
    expect(newestOf(found)).toBe(newestOf(before) - 1);
    await publish(rows, '2026-11-16');
    await load(STATISTICS);
    expect(await loading.value('SELECT count(*)::int FROM school_in_parts')).toBe(0);
    expect(await kept()).toEqual(before);
  });

  it('stays when a release is loaded late, and goes with a school whose number changes', async () => {
    const before = await kept();
    await publish(
      rows.map((row, n) => (n === 0 ? row : row.with(at.headcount, '77'))),
      '2026-08-30',
    );
    await load(STATISTICS);
    expect(await kept()).toEqual(before);
    const [, urn] = /^(\d{6}),/m.exec(original.slice(original.indexOf('\n') + 1))!;
    expect(Number(urn)).toBeGreaterThan(900_000);
    await mirror.editLines(ESTABLISHMENTS, (lines) =>
      lines.map((line, n) => (n % 7 === 1 ? line.replace(/,"(\d{4})",/, ',"",') : line)),
    );
    await load(REGISTER);
    expect((await kept()).length).toBeLessThan(before.length);
    await mirror.write(ESTABLISHMENTS, original);
    await load(REGISTER);
    expect(await kept()).toEqual(before);
  });

  it('says of which kind a school is now', async () => {
    const before = await kept();
    const kindsOf = (found: Record<string, unknown>[]) => found.map(({ kind }) => kind);
    await mirror.editLines(ESTABLISHMENTS, (lines) =>
      lines.map((line, n) =>
        n % 5 === 1 ? line.replace(/,"Open",/, ',"Open, but proposed to close",') : line,
      ),
    );
    await load(REGISTER);
    const after = await kept();
    expect(kindsOf(after)).not.toEqual(kindsOf(before));
    expect(after).toHaveLength(before.length);
    await mirror.write(ESTABLISHMENTS, original);
    await load(REGISTER);
    expect(await kept()).toEqual(before);
  });

  it('is the same read again from the kept files', async () => {
    const before = await kept();
    for (const id of [STATISTICS, 'school-census', REGISTER, 'gias-establishment-links']) {
      expect(await loading.loads().reread([loading.dataSet(id)])).toMatchObject([{ outcome: 'LOADED' }]);
      expect(await kept()).toEqual(before);
    }
  });
});
