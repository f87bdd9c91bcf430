/** What stands in the tables after loading the published files, held against the files as csv-parse reads them. */
import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import iconv from 'iconv-lite';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { EES, GIAS, REFERENCE } from './small-mirror.js';

type Row = Record<string, string>;

describe.skipIf(!hasRealFiles())('the published files in the tables', () => {
  let client: pg.Client;
  beforeAll(async () => {
    client = new pg.Client({
      connectionString: loadedDatabase('real'),
      options: '-c search_path=schoolgraph',
    });
    await client.connect();
  });
  afterAll(() => client.end());

  const rows = async (sql: string, parameters: unknown[] = []) => (await client.query(sql, parameters)).rows;
  const count = async (table: string) =>
    Number((await rows(`SELECT count(*) FROM ${table} WHERE to_release IS NULL`))[0].count);

  /** A file's header and rows, read without our reader. A row shorter than the header ends with empty fields. */
  async function file(url: string, encoding: 'utf8' | 'win1252' = 'utf8') {
    const text = iconv.decode(await readFile(`${inject('mirror')}/${url.replace('https://', '')}`), encoding);
    const [header, ...lines] = parse(text, { bom: true, relax_column_count_less: true }) as string[][];
    return {
      header: header!,
      lines,
      rows: lines.map(
        (fields): Row => Object.fromEntries(header!.map((name, at) => [name, fields[at] ?? ''])),
      ),
    };
  }

  /** Rows of a data set's file and what became of them: every row is in the table or an issue with a reason. */
  async function account(id: string) {
    const [run] = await rows(
      `SELECT r.id, r.rows_read, r.rows_rejected, r.rows_added FROM run r JOIN data_set d ON d.number = r.data_set_number
       WHERE d.id = $1`,
      [id],
    );
    const issues = await rows(
      `SELECT file, line, column_name, value, reason, kind FROM issue WHERE run_id = $1 ORDER BY file, line`,
      [run.id],
    );
    for (const issue of issues) {
      expect(issue.line).toBeGreaterThan(1);
      expect(issue.reason).not.toBe('');
      expect(issue.column_name).not.toBe('');
    }
    const without = issues.filter(({ kind }) => kind !== 'FIELD');
    expect(without.filter(({ kind }) => kind === 'REJECTED')).toHaveLength(run.rows_rejected);
    expect(run.rows_added + without.length).toBe(run.rows_read);
    return { read: run.rows_read, kept: run.rows_added, issues };
  }

  it('hold all 44,717 establishments, each field as printed', async () => {
    const { rows: printed } = await file(`${GIAS}/edubasealldata20220901.csv`, 'win1252');
    expect(printed).toHaveLength(44_717);
    const { read, kept } = await account('gias-establishments');
    expect({ read, kept, stored: await count('school') }).toEqual({
      read: 44_717,
      kept: 44_717,
      stored: 44_717,
    });

    // The register's ways of saying that a day is not known.
    const unknown = new Set(['', '01-01-1900', '01-01-1902']);
    const iso = (day: string) => (unknown.has(day) ? null : day.split('-').reverse().join('-'));
    const expected = new Map(
      printed.map((row) => [
        Number(row.URN),
        [
          row.EstablishmentName!.trim(),
          row['LA (code)'] || null,
          iso(row.OpenDate!),
          iso(row.CloseDate!),
          row.Postcode || null,
          row.UKPRN || null,
          row.SchoolCapacity === '' ? null : Number(row.SchoolCapacity),
          row['TypeOfEstablishment (name)'] || null,
        ],
      ]),
    );
    const stored = await rows(
      `SELECT urn, name, la_code, opened_on::text, closed_on::text, postcode, ukprn, capacity, type_name
       FROM school WHERE to_release IS NULL`,
    );
    const other = stored.filter(({ urn, ...fields }) => {
      const printedFields = expected.get(urn);
      return JSON.stringify(printedFields) !== JSON.stringify(Object.values(fields));
    });
    expect(other.slice(0, 5)).toEqual([]);
  });

  it('keep the curly apostrophes of names, and no letter that windows-1252 does not have', async () => {
    for (const [name, column, sql] of [
      ['allgroupsdata', 'Group Name', 'SELECT name FROM establishment_group'],
      ['links_edubasealldata', 'LinkName', 'SELECT link_name AS name FROM establishment_link'],
    ] as const) {
      const { rows: printed } = await file(`${GIAS}/${name}20220901.csv`, 'win1252');
      const curly = printed.map((row) => row[column]!.trim()).filter((value) => value.includes('’'));
      expect(curly.length).toBeGreaterThan(0);
      const stored = (await rows(sql)).map((row) => row.name as string);
      expect(stored.filter((value) => value.includes('’')).sort()).toEqual(curly.sort());
      expect(stored.filter((value) => /[\u0080-\u009f\ufffd]/.test(value))).toEqual([]);
    }
  });

  it('hold all 6,863 groups', async () => {
    const { lines } = await file(`${GIAS}/allgroupsdata20220901.csv`, 'win1252');
    expect(lines).toHaveLength(6_863);
    expect(await account('gias-groups')).toMatchObject({ read: 6_863, kept: 6_863 });
    expect(await count('establishment_group')).toBe(6_863);
  });

  it('hold all 17,147 group links, each one field shorter than the header, as declared', async () => {
    const {
      header,
      lines,
      rows: printed,
    } = await file(`${GIAS}/grouplinks_edubaseallacademiesandfree20220901.csv`, 'win1252');
    expect(lines).toHaveLength(17_147);
    expect(new Set(lines.map((fields) => fields.length))).toEqual(new Set([header.length - 1]));
    expect(await account('gias-group-links')).toMatchObject({ read: 17_147, kept: 17_147 });
    const stored = await rows(
      'SELECT urn, group_uid, group_type_code FROM group_membership WHERE to_release IS NULL',
    );
    const key = (urn: unknown, uid: unknown, type: unknown) => `${urn} ${uid} ${type}`;
    expect(
      stored.map(({ urn, group_uid, group_type_code }) => key(urn, group_uid, group_type_code)).sort(),
    ).toEqual(printed.map((row) => key(row.URN, row['Linked UID'], row['Group Type (code)'])).sort());
  });

  it('hold all 31,274 links between establishments', async () => {
    const { lines } = await file(`${GIAS}/links_edubasealldata20220901.csv`, 'win1252');
    expect(lines).toHaveLength(31_274);
    expect(await account('gias-establishment-links')).toMatchObject({ read: 31_274, kept: 31_274 });
    expect(await count('establishment_link')).toBe(31_274);
  });

  it('hold every local authority of the reference files, or the reason why not', async () => {
    for (const [id, name, table] of [
      ['local-authority-codes', 'las.csv', 'local_authority_code'],
      ['region-local-authorities', 'region_la_hierarchy.csv', 'region_local_authority'],
    ] as const) {
      const { lines } = await file(`${REFERENCE}/${name}`);
      const { read, kept, issues } = await account(id);
      expect(read).toBe(lines.length);
      expect(await count(table)).toBe(kept);
      expect(new Set(issues.map(({ kind }) => kind))).toEqual(new Set(['LEFT_OUT']));
    }
    expect((await rows('SELECT count(*)::int AS n FROM region WHERE parent_code IS NULL'))[0].n).toBe(9);
  });

  const filesOf = async (id: string) =>
    (
      await rows(
        `SELECT f.url FROM release_file f JOIN release r ON r.id = f.release_id JOIN data_set d ON d.number = r.data_set_number
         WHERE d.id = $1 ORDER BY f.ordinal`,
        [id],
      )
    ).map(({ url }) => url as string);

  it('hold every figure on exclusions of England, the regions and the local authorities as printed', async () => {
    const [url] = await filesOf('suspensions-and-permanent-exclusions');
    const { rows: printed } = await file(url!);
    expect(printed).toHaveLength(242_170);
    const { read } = await account('suspensions-and-permanent-exclusions');
    expect(read).toBe(242_170);

    const cells = [
      'headcount',
      'perm_excl',
      'perm_excl_rate',
      'fixed_excl',
      'fixed_excl_rate',
      'one_plus_fixed',
      'one_plus_fixed_rate',
    ];
    const figures = (row: Row) => cells.map((name) => row[name]!.trim()).join(' ');
    const england = printed.find(
      (row) =>
        row.time_period === '201617' &&
        /^national$/i.test(row.geographic_level!) &&
        row.school_type === 'Total',
    )!;
    expect(figures(england)).toBe('8025075 7720 0.1 381865 4.76 183475 2.29');
    const nottinghamshire = printed.find(
      (row) =>
        row.time_period === '201617' &&
        row.old_la_code === '891' &&
        /^local auth/i.test(row.geographic_level!) &&
        row.school_type === 'Total',
    )!;
    expect(nottinghamshire).toMatchObject({ headcount: '119043', perm_excl: '53' });

    const measures = [
      'headcount',
      'permanent_exclusions',
      'permanent_exclusion_rate',
      'suspensions',
      'suspension_rate',
      'pupils_suspended',
      'pupils_suspended_rate',
    ];
    const stored = await rows(
      `SELECT level, place_code, period, breakdown, concat_ws(' ', ${measures.map((name) => `coalesce(${name}_raw, ${name}::text)`).join(', ')}) AS figures
       FROM tidy.suspensions_and_permanent_exclusions WHERE level IN ('NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY')`,
    );
    const slug = (name: string) =>
      name === 'Total' ? 'total' : name.toLowerCase().replace(/[^a-z0-9]+/g, '-');
    const placeOf = (row: Row) =>
      ({
        national: `NATIONAL ${row.country_code}`,
        regional: `REGIONAL ${row.region_code}`,
        'local authority': `LOCAL_AUTHORITY ${row.old_la_code}`,
      })[row.geographic_level!.toLowerCase()];
    const expected = printed
      .filter((row) => placeOf(row))
      .map((row) => `${placeOf(row)} ${row.time_period} ${slug(row.school_type!)}: ${figures(row)}`)
      .sort();
    expect(
      stored
        .map((row) => `${row.level} ${row.place_code} ${row.period} ${row.breakdown}: ${row.figures}`)
        .sort(),
    ).toEqual(expected);
  });

  it('hold the EHC plan figures of England as printed', async () => {
    const find = async (id: string, matches: (row: Row) => boolean) => {
      const [url] = await filesOf(id);
      expect(url).toContain(EES);
      const { rows: printed, lines } = await file(url!);
      expect((await account(id)).read).toBe(lines.length);
      return printed.filter((row) => row.geographic_level === 'National' && matches(row));
    };
    const caseload = await find(
      'ehc-plans-caseload',
      (row) => row.breakdown === 'All EHC plans' && row.breakdown_topic === 'All EHC plans',
    );
    expect(
      await rows(
        `SELECT period, plans::text FROM tidy.ehc_plans_caseload WHERE level = 'NATIONAL' AND breakdown = 'total' ORDER BY period`,
      ),
    ).toEqual(
      caseload
        .map((row) => ({ period: row.time_period, plans: row.ehcplans }))
        .sort((a, b) => Number(a.period) - Number(b.period)),
    );
    expect(caseload.find((row) => row.time_period === '202021')!.ehcplans).toBe('430697');
    expect(caseload.find((row) => row.time_period === '202425')!.ehcplans).toBe('638745');

    const [timely] = await find('ehc-plans-timeliness', (row) => row.time_period === '2024');
    const [stored] = await rows(
      `SELECT within_20_weeks_rate, within_20_weeks_excluding_exceptions_rate FROM tidy.ehc_plans_timeliness
       WHERE level = 'NATIONAL' AND period = '2024' AND breakdown = 'total'`,
    );
    expect(stored).toEqual({
      within_20_weeks_rate: Number(timely!.pc_plans_issued_within_20_weeks),
      within_20_weeks_excluding_exceptions_rate: Number(timely!.PC_plans_issued_20_weeks_ex),
    });
    expect(stored.within_20_weeks_rate.toFixed(1)).toBe('45.9');
    expect(stored.within_20_weeks_excluding_exceptions_rate.toFixed(1)).toBe('46.4');
    await find('ehc-plans-new', () => true);
  });
});
