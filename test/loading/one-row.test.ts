/** A new edition writes what it changes and nothing else, and what it replaces stays readable under its release. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles } from '../database.js';
import { MirrorServer } from '../mirror-server.js';
import { Loading } from './loading.js';
import { EES, ESTABLISHMENTS, EXCLUSIONS, PLANS, SmallMirror } from './small-mirror.js';

const history = (loading: Loading, urn: number) =>
  loading.rows('SELECT name, from_release, to_release FROM school WHERE urn = $1 ORDER BY from_release', [
    urn,
  ]);

describe('one row of the register', () => {
  const ID = 'gias-establishments';
  const URN = 900_001;
  let mirror: SmallMirror;
  let loading: Loading;
  let original: string;
  let line: string;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    await loading.load();
    original = await mirror.text(ESTABLISHMENTS);
    line = original.split('\r\n').find((row) => row.startsWith(`${URN},`))!;
  });
  afterAll(async () => {
    await loading.close();
    await mirror.remove();
  });

  /** Publishes a new edition and returns its release, and what the run says it wrote. */
  async function publish(text: string) {
    await mirror.write(ESTABLISHMENTS, text);
    const others = await othersThan(URN);
    const { outcome, message } = await loading.loadOne(ID);
    expect({ outcome, message }).toMatchObject({ outcome: 'LOADED' });
    expect(await othersThan(URN)).toEqual(others);
    const { release_id, rows_added, rows_ended } = await loading.lastRun(ID);
    return { release: release_id as number, rows_added, rows_ended };
  }

  /** Every table that readers see, without what one new edition of one school's row must change. */
  async function othersThan(urn: number) {
    // Schools are counted by kind; a name is searched for by its words, and a school by the names of those before it.
    const { release, release_file, data_version, school, school_kind, search_name, search_word, ...tables } =
      await loading.standing();
    const schools = await loading.value(
      'SELECT md5(string_agg(s::text, chr(10) ORDER BY urn, from_release)) FROM school s WHERE urn <> $1',
      [urn],
    );
    const names = await loading.value(
      `SELECT md5(string_agg(n::text, chr(10) ORDER BY kind, key, field, name)) FROM search_name n WHERE key <> $1 AND field = 'NAME'`,
      [String(urn)],
    );
    return { ...tables, schools, names };
  }

  it('changed, changed back, removed and added: each time that row alone is written', async () => {
    const [first] = await history(loading, URN);
    const name = first.name as string;

    const changed = await publish(original.replace(line, line.replace(name, 'Sample Renamed School')));
    expect(changed).toMatchObject({ rows_added: 1, rows_ended: 1 });
    expect(await history(loading, URN)).toEqual([
      { name, from_release: first.from_release, to_release: changed.release },
      { name: 'Sample Renamed School', from_release: changed.release, to_release: null },
    ]);

    const back = await publish(original);
    expect(back).toMatchObject({ rows_added: 1, rows_ended: 1 });
    expect((await history(loading, URN)).at(-1)).toEqual({
      name,
      from_release: back.release,
      to_release: null,
    });

    const removed = await publish(original.replace(`${line}\r\n`, ''));
    expect(removed).toMatchObject({ rows_added: 0, rows_ended: 1 });
    expect((await history(loading, URN)).at(-1)).toEqual({
      name,
      from_release: back.release,
      to_release: removed.release,
    });

    const added = await publish(original);
    expect(added).toMatchObject({ rows_added: 1, rows_ended: 0 });
    expect(await history(loading, URN)).toHaveLength(4);
  });

  it('in another order, nothing is written but the release', async () => {
    const [header, ...rows] = original.trimEnd().split('\r\n');
    expect(await publish(`${[header, ...rows.toReversed()].join('\r\n')}\r\n`)).toMatchObject({
      rows_added: 0,
      rows_ended: 0,
    });
  });

  it('with its columns in another order, nothing is written but the release', async () => {
    const turned = (parse(original) as string[][]).map((row) =>
      row
        .toReversed()
        .map((value) => `"${value.replaceAll('"', '""')}"`)
        .join(','),
    );
    expect(await publish(`${turned.join('\r\n')}\r\n`)).toMatchObject({ rows_added: 0, rows_ended: 0 });
  });
});

describe('an edition that covers fewer years', () => {
  let mirror: SmallMirror;
  let loading: Loading;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    await loading.load(['ehc-plans-timeliness', 'suspensions-and-permanent-exclusions']);
  });
  afterAll(async () => {
    await loading.close();
    await mirror.remove();
  });

  it('does not take the earlier ones away, and each year names the release that covers it', async () => {
    const url = (await mirror.release(PLANS)).fileUrl(/20 weeks/);
    const periods = () =>
      loading.rows(
        `SELECT period, release_id, count(*) AS rows FROM tidy.ehc_plans_timeliness GROUP BY 1, 2 ORDER BY 1`,
      );
    const before = await periods();
    expect(before.map(({ period }) => period)).toEqual(['2020', '2021', '2022', '2023', '2024', '2025']);
    await mirror.editLines(url, (lines) => lines.filter((line) => !/^202[01],/.test(line)));
    expect(await loading.loadOne('ehc-plans-timeliness')).toMatchObject({ outcome: 'LOADED' });
    const { release_id, rows_ended } = await loading.lastRun('ehc-plans-timeliness');
    expect(rows_ended).toBe(0);
    expect(await periods()).toEqual(
      before.map((row, at) => ({ ...row, release_id: at < 2 ? row.release_id : release_id })),
    );
  });

  it('at one level only does not take the earlier ones of that level away', async () => {
    const schools = (await mirror.release(EXCLUSIONS)).fileUrl(/by school/);
    const rowsOfLevels = () =>
      loading.rows(
        `SELECT level, period, count(*) AS rows FROM tidy.suspensions_and_permanent_exclusions GROUP BY 1, 2 ORDER BY 1, 2`,
      );
    const before = await rowsOfLevels();
    expect(before.filter(({ level }) => level === 'SCHOOL')).toHaveLength(6);
    // As published today: the file of schools has fewer years than the file of local authorities.
    await mirror.editLines(schools, (lines) =>
      lines.filter((line, at) => at === 0 || line.startsWith('202425,')),
    );
    expect(await loading.loadOne('suspensions-and-permanent-exclusions')).toMatchObject({
      outcome: 'LOADED',
    });
    expect(await rowsOfLevels()).toEqual(before);
  });
});

describe.skipIf(!hasRealFiles())('one value of the published 20-week figures', () => {
  let server: MirrorServer;
  let loading: Loading;
  beforeAll(async () => {
    server = await MirrorServer.start(inject('mirror')!);
    loading = await Loading.open('real', { SOURCE_MIRROR: server.address, GIAS_DATE: '2022-09-01' });
  });
  afterAll(async () => {
    await loading.close();
    await server.close();
  });

  it('changed in a copy of the file: exactly that row changes, and the old value stays under its release', async () => {
    const url = await loading.value(
      `SELECT r.url FROM release r JOIN data_set d ON d.number = r.data_set_number WHERE d.id = 'ehc-plans-timeliness'`,
    );
    expect(url).toContain(EES);
    const text = await readFile(`${inject('mirror')}/${url.replace('https://', '')}`, 'utf8');
    const line = text.split('\r\n').find((row) => /^2024,Calendar year,Local authority,.*,891,/.test(row))!;
    const issued = Number(line.split(',')[12]);
    const changed = line
      .split(',')
      .with(12, String(issued + 1))
      .join(',');
    server.replace(url, { body: text.replace(line, changed) });

    const rows = await loading.value('SELECT count(*) FROM observation');
    expect(await loading.loadOne('ehc-plans-timeliness')).toMatchObject({ outcome: 'LOADED' });
    const { release_id, rows_added, rows_ended } = await loading.lastRun('ehc-plans-timeliness');
    expect({ rows_added, rows_ended }).toEqual({ rows_added: 1, rows_ended: 1 });
    expect(await loading.value('SELECT count(*) FROM observation')).toBe(rows + 1);
    const versions = await loading.rows(
      `SELECT o.values[array_position(d.measures, 'issued')] AS issued, o.to_release,
         o.from_release = $1 AS new FROM observation o JOIN data_set d ON d.number = o.data_set_number
       WHERE o.to_release = $1 OR o.from_release = $1 ORDER BY o.from_release`,
      [release_id],
    );
    expect(versions).toEqual([
      { issued, to_release: release_id, new: false },
      { issued: issued + 1, to_release: null, new: true },
    ]);
  });
});
