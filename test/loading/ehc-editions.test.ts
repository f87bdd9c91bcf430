/**
 * The EHC plan files of 2022 and then those of 2025: one series across the break, each point citing its own release,
 * nothing mixed, and what only 2022 had still there.
 */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { RunResult } from '../../jobs/run.js';
import { dataSetsOf, OF_THE_PAST } from '../data-sets.js';
import { hasRealFiles } from '../database.js';
import { type PublishedRow, publishedRows } from '../ees-release.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from './loading.js';

const PLANS = 'education-health-and-care-plans';
const EHC = dataSetsOf(PLANS).map(({ id }) => id);
const EARLIER = () => `${inject('mirror')}-earlier`;
const ONLY_2025 = [
  'ehc-annual-reviews',
  'ehc-plans-ceased',
  'ehc-plans-new-primary-need',
  'ehc-plans-primary-need',
  'ehc-residential-settings',
  'ehc-work-based-placements',
];
const PAST = OF_THE_PAST.map(({ id }) => id).filter((id) => EHC.includes(id));

interface Point {
  period: { code: string; label: string };
  raw: string;
  value: number | null;
  status: string;
  release: { title: string };
}

const byOutcome = (results: RunResult[], outcome: string) =>
  results.filter((result) => result.outcome === outcome).map(({ dataSet }) => dataSet.id);

describe.skipIf(!hasRealFiles() || !existsSync(EARLIER()))('the release of 2022, then that of 2025', () => {
  let loading: Loading;
  let graph: RunningGraph;
  let first: RunResult[];
  let second: RunResult[];
  beforeAll(async () => {
    loading = await Loading.open('empty', { SOURCE_MIRROR: EARLIER(), GIAS_DATE: '2020-10-21' });
    first = await loading.load(EHC);
    second = await loading.load(['local-authority-codes', 'region-local-authorities', ...EHC], {
      SOURCE_MIRROR: inject('mirror')!,
      GIAS_DATE: '2022-09-01',
    });
    graph = await startGraph(loading.database.url);
  });
  afterAll(async () => {
    await graph?.close();
    await loading?.close();
  });

  const printed = (title: string) => publishedRows(EARLIER(), PLANS, '2022', title);
  const isEngland = (row: PublishedRow) => row['geographic_level'] === 'National';
  const series = async (place: string, id: string, breakdown?: string): Promise<Point[]> => {
    const { data, errors } = await graph.ask(
      `{ place: ${place} { indicator(id: "${id}"${breakdown ? `, breakdown: "${breakdown}"` : ''}) {
        series { period { code label } raw value status release { title } } } } }`,
    );
    expect(errors).toBeUndefined();
    return data.place.indicator.series;
  };

  it('load all that each of them has, and say of the rest that it is not there', () => {
    expect(byOutcome(first, 'UNAVAILABLE')).toEqual(ONLY_2025);
    expect(byOutcome(first, 'LOADED')).toEqual(EHC.filter((id) => !ONLY_2025.includes(id)));
    for (const { outcome, message } of first) {
      if (outcome === 'UNAVAILABLE')
        expect(message).toMatch(
          /^a file with the columns of ehc-[a-z-]+ in Reporting year 2022 of .* is not there\. To do: /,
        );
    }
    expect(byOutcome(second, 'UNCHANGED')).toEqual(PAST);
    for (const { dataSet, message } of second)
      if (PAST.includes(dataSet.id))
        expect(message).toBe(
          'not in Reporting year 2025: the release 2022 was the last to have it, and what stands stays',
        );
    expect(byOutcome(second, 'LOADED').filter((id) => EHC.includes(id))).toEqual(
      EHC.filter((id) => !PAST.includes(id)),
    );
  });

  it('are one series of plans of England: 2010 to 2018 from the one, 2019 to 2025 from the other', async () => {
    const of2022 = (await printed('EHC plans by age')).filter(
      (row) => isEngland(row) && row['characteristic_age'] === 'Total',
    );
    const of2025 = (
      await publishedRows(
        inject('mirror')!,
        PLANS,
        '2025',
        'Number of education, health and care (EHC) plans as at January each year',
      )
    ).filter((row) => isEngland(row) && row['breakdown'] === 'All EHC plans');
    const expected = [
      ...of2022
        .filter((row) => Number(row['time_period']) < 2019)
        .map((row) => ({ year: row['time_period'], raw: row['Total_ehc'], release: 'Reporting year 2022' })),
      ...of2025.map((row) => ({
        year: `20${row['time_period']!.slice(4)}`,
        raw: row['ehcplans'],
        release: 'Reporting year 2025',
      })),
    ].toSorted((a, b) => Number(a.year) - Number(b.year));
    const points = await series('england', 'ehc-plans');
    expect(points).toHaveLength(16);
    expect(points.map(({ period, raw, release }: Point) => ({ label: period.label, raw, release }))).toEqual(
      expected.map(({ year, raw, release }) => ({
        label: `January ${year}`,
        raw,
        release: { title: release },
      })),
    );
    expect(points.slice(0, 5).map(({ status }: Point) => status)).toEqual(Array(5).fill('NOT_APPLICABLE'));
    expect(points[5]).toMatchObject({ value: 4_203, status: 'ACTUAL' });
    expect(points.at(-1)).toMatchObject({ value: 638_745, status: 'ACTUAL' });
  });

  it.each([
    ['ehc-plans', 'EHC plans by age', 'Total_ehc', 'Total', 0],
    ['ehc-plans-new', 'New EHC plans by age', 'Total_new_ehc', 'Total', null],
    ['ehc-requests-refused', 'SEN2 management information', 'AssRefusedEHC', undefined, null],
    ['ehc-assessments-plan-issued', 'SEN2 management information', 'NewallEHC', undefined, null],
    ['ehc-plans-within-20-weeks', 'SEN2 management information', 'IncExc20weekEHC', undefined, null],
    ['ehc-personal-budgets-education', 'SEN2 management information', 'DirectPayEducation', undefined, 1],
  ])('hold %s of Nottinghamshire and Buckinghamshire before 2019 as "%s" prints them', async (id, title, column, total, january) => {
    for (const code of ['891', '825']) {
      const rows = (await printed(title)).filter(
        (row) => row['old_la_code'] === code && row['characteristic_age'] === total,
      );
      const points = await series(`localAuthority(code: "${code}")`, id);
      const label = (year: number) => (january === null ? `${year}` : `January ${year + january}`);
      const old = points.filter(({ release }: Point) => release.title === 'Reporting year 2022');
      expect(old.length).toBeGreaterThan(2);
      expect(old.map(({ period, raw }: Point) => [period.label, Number(raw) || raw])).toEqual(
        rows
          .filter((row) => Number(row['time_period']) < 2019)
          .toSorted((a, b) => Number(a['time_period']) - Number(b['time_period']))
          .map((row) => [label(Number(row['time_period'])), Number(row[column]) || row[column]]),
      );
      expect(points.length, 'no point stands twice').toBe(
        new Set(points.map(({ period }: Point) => period.label)).size,
      );
    }
  });

  it('keep the figures of 2022 for the years that both have, beside those that took their place', async () => {
    const both = await loading.rows(
      `SELECT dp.label, o.values[1] AS plans, r.title, o.to_release IS NULL AS stands
       FROM observation o JOIN data_set d ON d.number = o.data_set_number AND d.id = 'ehc-plans-caseload'
       JOIN place p ON p.id = o.place_id AND p.level = 'NATIONAL'
       JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id
       JOIN release r ON r.id = o.from_release
       WHERE o.breakdown_id = 0 AND dp.label IN ('January 2018', 'January 2021') ORDER BY dp.label, r.title`,
    );
    expect(both).toEqual([
      { label: 'January 2018', plans: 285_722, title: 'Reporting year 2022', stands: true },
      { label: 'January 2021', plans: 430_697, title: 'Reporting year 2022', stands: false },
      { label: 'January 2021', plans: 430_697, title: 'Reporting year 2025', stands: true },
    ]);
  });

  it('keep what only 2022 had: statements, age bands, types of establishment, management information', async () => {
    const [age, types, management] = await Promise.all(
      ['EHC plans by age', 'EHC plans by establishment type', 'SEN2 management information'].map(printed),
    );
    const find = (rows: PublishedRow[] | undefined, year: string, with_: PublishedRow = {}) =>
      rows!.find(
        (row) =>
          isEngland(row) &&
          row['time_period'] === year &&
          Object.entries(with_).every(([name, value]) => row[name] === value),
      )!;
    const value = async (id: string, label: string, breakdown?: string) =>
      (await series('england', id, breakdown)).find(({ period }: Point) => period.label === label)?.value;
    expect(await value('sen-statements', 'January 2014')).toBe(
      Number(find(age, '2014', { characteristic_age: 'Total' })['Total_st']),
    );
    expect(await value('sen-statements-and-ehc-plans', 'January 2017', 'age-11-to-15')).toBe(
      Number(find(age, '2017', { characteristic_age: 'Age 11 to 15' })['Total_all']),
    );
    expect(
      await value('ehc-plans-by-establishment', 'January 2021', 'special-school/special-independent'),
    ).toBe(Number(find(types, '2021', { establishment_type: 'Special - Independent' })['Total_ehc']));
    expect(await value('ehc-mediation', '2021')).toBe(Number(find(management, '2021')['NewEHCMediation']));
    expect(await value('sen-statements', 'January 2014')).toBe(237_111);
    for (const id of PAST) {
      const rows =
        { 'ehc-management-information': 1_294, 'ehc-plans-by-establishment': 68_624 }[id] ?? 11_814;
      expect(
        await loading.value(
          `SELECT count(*) FROM observation o JOIN data_set d ON d.number = o.data_set_number
           WHERE d.id = $1 AND o.to_release IS NULL`,
          [id],
        ),
        id,
      ).toBe(rows);
    }
  });

  it('know no age band of 2022 beside the ages of 2025', async () => {
    const bands = await loading.rows(
      `SELECT DISTINCT d.id FROM breakdown b JOIN data_set d ON d.number = b.data_set_number
       WHERE b.filters ? 'age_band' ORDER BY 1`,
    );
    expect(bands.map(({ id }) => id)).toEqual(['ehc-plans-by-age-band', 'ehc-plans-new-by-age-band']);
  });

  it('end the one total that 2025 no longer has, which a person has looked at', async () => {
    const scilly = await loading.rows(
      `SELECT o.values[1] AS plans, o.to_release IS NULL AS stands FROM observation o
       JOIN data_set d ON d.number = o.data_set_number AND d.id = 'ehc-plans-new'
       JOIN place p ON p.id = o.place_id AND p.code = '420'
       JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id AND dp.code = '2019'`,
    );
    expect(scilly).toEqual([{ plans: 0, stands: false }]);
  });

  it('are found unchanged when looked at again', async () => {
    const again = await loading.load(EHC, { SOURCE_MIRROR: inject('mirror')!, GIAS_DATE: '2022-09-01' });
    expect(byOutcome(again, 'UNCHANGED')).toEqual(EHC);
  });
});
