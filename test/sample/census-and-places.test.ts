/** The sample's census, needs, absence, capacity, reasons and groups: one school, one number, in every file that has it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectNone, groupBy, type Row, sum, type Table, tableOf } from './tables.js';
import { EXCLUSIONS, WrittenSample } from './written-sample.js';

let sample: WrittenSample;
const files = new Map<string, Table>();

beforeAll(async () => {
  sample = await WrittenSample.write();
  for (const { path } of sample.written.files) {
    if (/\/files\/|download-data|scorecard_data/.test(path))
      files.set(path, tableOf(await readFile(join(sample.folder, path), 'utf8')));
  }
});
afterAll(async () => {
  await sample?.remove();
});

/** The file that has these columns. */
function fileWith(...columns: string[]): Table {
  const found = [...files.values()].filter(({ header }) =>
    columns.every((column) => header.includes(column)),
  );
  expect(found).toHaveLength(1);
  return found[0]!;
}
const census = (year: string) =>
  [...files].find(([path]) => path.includes('CENSUS') && path.includes(year))![1];
const NEWEST = '202425';

describe('the school census of the sample', () => {
  it('has the roll of the exclusions, made of girls and boys, and of languages', () => {
    const headcounts = new Map(
      sample
        .find('by school')
        .rows.filter((row) => row.time_period === NEWEST)
        .map((row) => [row.school_urn, row.headcount]),
    );
    const { rows } = census('2024-2025');
    const schools = rows.filter((row) => row.URN !== 'NAT');
    const counted = schools.filter((row) => row.SCHOOLTYPE !== 'Independent school');
    expect(counted).toHaveLength(headcounts.size);
    expectNone(counted.filter((row) => headcounts.get(row.URN!) !== row.NOR));
    expectNone(schools.filter((row) => Number(row.NORG) + Number(row.NORB) !== Number(row.NOR)));
    expectNone(
      counted.filter(
        (row) => Number(row.NUMEAL) + Number(row.NUMENGFL) + Number(row.NUMUNCFL) !== Number(row.NOR),
      ),
    );
    expectNone(counted.filter((row) => Number(row.TSENELSE) + Number(row.TSENELK) > Number(row.NOR)));
  });

  it('asks independent schools neither languages nor meals, and ends with England by kind', () => {
    for (const year of ['2023-2024', '2024-2025']) {
      const { rows } = census(year);
      const independent = rows.filter((row) => row.SCHOOLTYPE === 'Independent school');
      expect(independent.length).toBeGreaterThan(20);
      expectNone(independent.filter((row) => row.NUMEAL !== 'NA' || row.PNUMFSMEVER !== 'NA'));
      const national = rows.slice(-3);
      expect(national.map((row) => [row.URN, row.ESTAB])).toEqual([
        ['NAT', 'PRI'],
        ['NAT', 'SEC'],
        ['NAT', 'SPE'],
      ]);
      for (const england of national) {
        const own = rows.filter((row) => row.URN !== 'NAT' && row.SCHOOLTYPE === england.SCHOOLTYPE);
        for (const column of ['NOR', 'TSENELSE', 'NUMFSM'])
          expect(sum(own, column)).toBe(Number(england[column]));
      }
    }
  });

  it('gives nearly every pupil of a special school a plan', () => {
    const england = census('2024-2025').rows.at(-1)!;
    expect(Number(england.TSENELSE) / Number(england.NOR)).toBeCloseTo(0.98, 1);
  });
});

describe('the files of the same schools', () => {
  it('agree on pupils, plans and support: census, areas and schools', () => {
    const areas = fileWith('type_of_establishment');
    const schools = fileWith('sen_primary_need');
    const byUrn = groupBy(schools.rows, (row) => row.school_urn!);
    const inCensus = census('2024-2025').rows.filter((row) => row.URN !== 'NAT' && row.NUMEAL !== 'NA');
    expect(byUrn.size).toBe(inCensus.length);
    const count = (rows: readonly Row[], provision: string) =>
      rows.find((row) => row.sen_provision === provision)!.pupil_count;
    expectNone(
      inCensus.filter((row) => {
        const own = byUrn.get(row.URN!)!;
        return (
          count(own, 'All pupils') !== row.NOR ||
          count(own, 'EHC plan') !== row.TSENELSE ||
          count(own, 'SEN support') !== row.TSENELK
        );
      }),
    );
    const england = areas.rows.find(
      (row) =>
        row.time_period === NEWEST &&
        row.geographic_level === 'National' &&
        row.phase_type_grouping === 'Total',
    )!;
    expect(sum(inCensus, 'NOR')).toBe(Number(england.total_pupils));
    expect(sum(inCensus, 'TSENELSE')).toBe(Number(england.ehc_plan));
  });

  it('miss as many sessions by term as in the year, and by reason as in all', () => {
    const { rows } = fileWith('term');
    const wrong: string[] = [];
    for (const place of groupBy(rows, (row) =>
      [row.time_period, row.region_code, row.old_la_code, row.school_type].join(),
    ).values()) {
      const year = place.find((row) => row.term === 'Total')!;
      const terms = place.filter((row) => row.term !== 'Total');
      for (const column of ['sess_possible', 'sess_overall', 'sess_auth_illness', 'sess_unauth_noyet'])
        if (sum(terms, column) !== Number(year[column])) wrong.push(`${year.la_name} ${column}`);
      if (Number(year.sess_authorised) + Number(year.sess_unauthorised) !== Number(year.sess_overall))
        wrong.push(`${year.la_name} overall`);
      const reasons = Object.keys(year).filter(
        (column) => /^sess_auth_/.test(column) && !/total|ext_holiday/.test(column),
      );
      if (reasons.reduce((all, column) => all + Number(year[column]), 0) !== Number(year.sess_authorised))
        wrong.push(`${year.la_name} reasons`);
    }
    expectNone(wrong);
  });

  it('have places or pupils left over, and England is the sum of its schools', () => {
    const schools = fileWith('school_places', 'school_urn').rows;
    const england = fileWith('school_places', 'count_schools').rows;
    expectNone(
      schools.filter(
        (row) =>
          Number(row.school_places) - Number(row.pupils_on_roll) !==
          Number(row.unfilled_places) - Number(row.pupils_over_capacity),
      ),
    );
    for (const row of england) {
      const own = schools.filter(
        (school) =>
          school.time_period === row.time_period &&
          (row.school_phase === 'Total' || school.school_phase === row.school_phase),
      );
      expect(own).toHaveLength(Number(row.count_schools));
      expect(sum(own, 'unfilled_places')).toBe(Number(row.unfilled_places));
    }
  });

  it('give every exclusion one reason', () => {
    const { header, rows } = sample.find('by reason');
    const counts = new Map(
      sample
        .find('by geography')
        .rows.map((row) => [
          [row.time_period, row.region_code, row.old_la_code, row.education_phase].join(),
          row,
        ]),
    );
    expect(rows).toHaveLength(counts.size);
    const all = (row: Row, prefix: string) =>
      header
        .filter((column) => column.startsWith(prefix))
        .reduce((so, column) => so + Number(row[column]), 0);
    expectNone(
      rows.filter((row) => {
        const total = counts.get(
          [row.time_period, row.region_code, row.old_la_code, row.education_phase].join(),
        )!;
        return (
          all(row, 'perm_') !== Number(total.perm_excl) || all(row, 'susp_') !== Number(total.suspension)
        );
      }),
    );
    expect(sample.written.files.some(({ path }) => path.includes(EXCLUSIONS))).toBe(true);
  });

  it('score every authority of today and England in three years, with all the symbols', () => {
    const { rows } = fileWith('LANumber');
    expect(groupBy(rows, (row) => row.Year!).size).toBe(3);
    expect(rows.filter((row) => row.geographic_level === 'National')).toHaveLength(3);
    const symbols = new Set(
      rows.flatMap((row) => Object.values(row).filter((cell) => /^(z|NA|Low|LOW)$/.test(cell))),
    );
    expect(symbols).toEqual(new Set(['z', 'NA', 'Low', 'LOW']));
  });

  it('are members of open and closed groups, each with the day of joining', async () => {
    const links = await sample.register('alllinksdata');
    const open = await sample.register('grouplinks_edubaseallacademiesandfree');
    const key = (row: Row, group: string) => `${row.URN} ${row[group]}`;
    const all = new Set(links.rows.map((row) => key(row, 'Group UID')));
    expectNone(open.rows.filter((row) => !all.has(key(row, 'Linked UID'))));
    expect(links.rows.some((row) => row['Group Status'] === 'Closed' && row['Closed Date'] !== '')).toBe(
      true,
    );
    expectNone(links.rows.filter((row) => !/^\d\d\/\d\d\/\d{4}$/.test(row['Joined date']!)));
  });
});
