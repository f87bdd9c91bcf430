/** The EHC pipeline has the published figures of one calendar year, and rates that are the quotients of them. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { publishedRows } from '../ees-release.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

/** Stage → data set, measure, and how many years after the pipeline's the period begins. */
const PUBLISHED = {
  requests: ['ehc-requests', 'requests', 0],
  refused: ['ehc-requests', 'refused', 0],
  assessed: ['ehc-assessments', 'assessments', 0],
  assessedWithPlan: ['ehc-assessments', 'issued', 0],
  plansIssued: ['ehc-plans-new', 'plans', 0],
  within20Weeks: ['ehc-plans-timeliness', 'within_20_weeks', 0],
  ceased: ['ehc-plans-ceased', 'ceased', 0],
  caseloadBefore: ['ehc-plans-caseload', 'plans', 0],
  caseload: ['ehc-plans-caseload', 'plans', 1],
} as const;
const TIMED = ['ehc-plans-timeliness', 'issued', 0] as const;

/** Cells of the totals of all places of a level, by data set, measure and the year in which the period begins. */
const CELLS = `
  SELECT p.code, o.values[array_position(d.measures, $2)]::float8 AS value
  FROM data_set d JOIN observation o ON o.data_set_number = d.number AND o.breakdown_id = 0 AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id JOIN period y ON y.id = o.period_id
  WHERE d.id = $1 AND extract(year FROM y.starts_on) = $3`;

const PIPELINE = `ehcPipeline { year notes
  ${Object.keys(PUBLISHED)
    .map((stage) => `${stage} { value period { kind startsOn } }`)
    .join(' ')}
  rates { rate of value lower upper numerator denominator neighbours { edition neighbours withFigures value numerator denominator isBeyondChance } } }`;

/** The interval of a share by its textbook formula. */
function wilson(count: number, base: number): [number, number] {
  const z = 1.959963984540054;
  const p = count / base;
  const middle = p + z ** 2 / (2 * base);
  const half = z * Math.sqrt((p * (1 - p)) / base + z ** 2 / (4 * base ** 2));
  const scale = 100 / (1 + z ** 2 / base);
  return [(middle - half) * scale, (middle + half) * scale];
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  const cells = new Map<string, Map<string, number | null>>();
  let newest: number;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    [{ newest }] = (await tables.rows(
      `SELECT extract(year FROM max(y.starts_on))::int AS newest FROM data_set d
       JOIN data_set_period dp ON dp.data_set_number = d.number JOIN period y ON y.id = dp.period_id WHERE d.id = 'ehc-requests'`,
    )) as [{ newest: number }];
    for (const [name, [dataSet, measure, later]] of Object.entries({ ...PUBLISHED, timed: TIMED })) {
      const rows = await tables.rows(CELLS, [dataSet, measure, newest + later]);
      cells.set(name, new Map(rows.map(({ code, value }) => [code, value])));
    }
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  it('has every stage as its file publishes it, for local authorities, regions and England', async () => {
    const { data, errors } = await graph.ask(
      `{ localAuthorities(first: 100) { nodes { code ${PIPELINE} } } regions { code ${PIPELINE} } england { code ${PIPELINE} } }`,
    );
    expect(errors).toBeUndefined();
    const places = [...data.localAuthorities.nodes, ...data.regions, data.england];
    expect(places.length).toBeGreaterThan(10);
    for (const { code, ehcPipeline } of places) {
      expect(ehcPipeline.year).toBe(newest);
      for (const stage of Object.keys(PUBLISHED)) {
        expect(ehcPipeline[stage]?.value ?? null, `${code} ${stage}`).toBe(
          cells.get(stage)!.get(code) ?? null,
        );
      }
    }
  });

  it('tells a year’s work from what is in place in a January', async () => {
    const { data } = await graph.ask(`{ england { ${PIPELINE} } }`);
    const { requests, ceased, caseloadBefore, caseload } = data.england.ehcPipeline;
    expect([requests, ceased].map(({ period }) => [period.kind, period.startsOn])).toEqual([
      ['CALENDAR_YEAR', `${newest}-01-01`],
      ['CALENDAR_YEAR', `${newest}-01-01`],
    ]);
    expect([caseloadBefore, caseload].map(({ period }) => period.kind)).toEqual([
      'JANUARY_CENSUS',
      'JANUARY_CENSUS',
    ]);
    expect([caseloadBefore, caseload].map(({ period }) => Number(period.startsOn.slice(0, 4)))).toEqual([
      newest,
      newest + 1,
    ]);
  });

  it('makes each rate of two published counts, with its interval, and says out of what', async () => {
    const { data } = await graph.ask(`{ localAuthorities(first: 100) { nodes { code ${PIPELINE} } } }`);
    const made: Record<string, [string, string]> = {
      REFUSED: ['refused', 'requests'],
      PLAN_ISSUED: ['assessedWithPlan', 'assessed'],
      WITHIN_20_WEEKS: ['within20Weeks', 'timed'],
      CEASED: ['ceased', 'caseloadBefore'],
    };
    let compared = 0;
    for (const { code, ehcPipeline } of data.localAuthorities.nodes) {
      for (const [name, stages] of Object.entries(made)) {
        const rate = ehcPipeline.rates.find(({ rate: one }: { rate: string }) => one === name);
        const [count, base] = stages.map((stage) => cells.get(stage)!.get(code) ?? null);
        expect([rate.numerator, rate.denominator]).toEqual([count, base]);
        expect(rate.of.length).toBeGreaterThan(20);
        if (count === null || base === null || count === undefined || base === undefined) {
          expect(rate.value).toBeNull();
          continue;
        }
        expect(rate.value).toBeCloseTo((100 * count) / base, 9);
        if (name === 'CEASED') {
          expect(rate.lower).toBeLessThanOrEqual(rate.value);
          expect(rate.upper).toBeGreaterThan(rate.value);
        } else {
          const [lower, upper] = wilson(count, base);
          expect(rate.lower).toBeCloseTo(lower, 6);
          expect(rate.upper).toBeCloseTo(upper, 6);
        }
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('sets beside it the sum over its statistical neighbours, where all of them publish both counts', async () => {
    const { data } = await graph.ask(`{ localAuthorities(first: 100) { nodes { code ${PIPELINE} } } }`);
    const neighbours = await tables.rows(
      `SELECT la_code, neighbour_code FROM statistical_neighbour WHERE to_release IS NULL
       AND edition = (SELECT max(edition) FROM statistical_neighbour WHERE to_release IS NULL)`,
    );
    let whole = 0;
    for (const { code, ehcPipeline } of data.localAuthorities.nodes) {
      const { neighbours: told } = ehcPipeline.rates.find(({ rate }: { rate: string }) => rate === 'REFUSED');
      const codes = neighbours.filter(({ la_code }) => la_code === code).map((row) => row.neighbour_code);
      if (codes.length === 0) {
        expect(told).toBeNull();
        continue;
      }
      const pairs = codes.map((one) =>
        ['refused', 'requests'].map((stage) => cells.get(stage)!.get(one) ?? null),
      );
      const known = pairs.filter(([count, base]) => count !== null && base !== null) as [number, number][];
      expect([told.neighbours, told.withFigures]).toEqual([codes.length, known.length]);
      if (known.length < codes.length) {
        expect([told.value, told.numerator, told.isBeyondChance]).toEqual([null, null, null]);
        continue;
      }
      const count = known.reduce((sum, [one]) => sum + one, 0);
      const base = known.reduce((sum, [, one]) => sum + one, 0);
      expect(told.value).toBeCloseTo((100 * count) / base, 9);
      const own = ['refused', 'requests'].map((stage) => cells.get(stage)!.get(code) ?? null);
      if (own[0] !== null && own[1] !== null) {
        const pooled = (own[0]! + count) / (own[1]! + base);
        const z =
          (own[0]! / own[1]! - count / base) / Math.sqrt(pooled * (1 - pooled) * (1 / own[1]! + 1 / base));
        expect(told.isBeyondChance).toBe(Math.abs(z) > 1.959963984540054);
      }
      whole += 1;
    }
    expect(whole).toBeGreaterThan(which === 'real' ? 50 : 0);
  });

  it('names the years that there are, for one that there is not', async () => {
    const { errors } = await graph.ask('{ england { ehcPipeline(period: "1901") { year } } }');
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain(String(newest));
  });

  it('says of an older year that it was collected in another way', async () => {
    const { data } = await graph.ask(
      '{ england { ehcPipeline(period: "2022") { year notes ceased { value } } } }',
    );
    expect(data.england.ehcPipeline.year).toBe(2022);
    expect(data.england.ehcPipeline.notes.join(' ')).toContain('From 2023 local authorities return a record');
  });
});

describe.skipIf(!hasRealFiles())('on the published files', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  it('says that Yorkshire’s new plans of 2022 are the region’s, in every local authority of it and in no other', async () => {
    const { data } = await graph.ask(
      '{ localAuthorities(first: 100) { nodes { code ehcPipeline(period: "2022") { plansIssued { value } notes } } } bradford: localAuthority(code: "380") { ehcPipeline(period: "2022") { plansIssued { value } notes } } }',
    );
    const told = (notes: string[]) => notes.some((note) => note.includes('the whole region'));
    expect(data.bradford.ehcPipeline.plansIssued.value).toBe(6078);
    expect(told(data.bradford.ehcPipeline.notes)).toBe(true);
    for (const { code, ehcPipeline } of data.localAuthorities.nodes) {
      expect(told(ehcPipeline.notes), code).toBe(ehcPipeline.plansIssued?.value === 6078);
    }
  });

  it.each([
    [
      'Requests for EHC needs assessments',
      { requests: 'requests_received_in_year', refused: 'requests_decided_not_to_assess' },
    ],
    ['EHC needs assessments', { assessed: 'assess_in_year', assessedWithPlan: 'assess_issued' }],
    ['Number of new EHC plans during the calendar year', { plansIssued: 'new_ehc_plans' }],
    ['Timeliness of EHC plans (20 weeks)', { within20Weeks: 'plans_issued_within_20_weeks' }],
    ['Ceased EHC plans', { ceased: 'total_ceased' }],
  ])('has England’s and Lancashire’s 2024 as “%s” prints them', async (title, columns) => {
    const figures = Object.keys(columns).map((stage) => `${stage} { value }`);
    const { data } = await graph.ask(
      `{ england { ehcPipeline(period: "2024") { ${figures} } } lancashire: localAuthority(code: "888") { ehcPipeline(period: "2024") { ${figures} } } }`,
    );
    const printed = await publishedRows(inject('mirror')!, 'education-health-and-care-plans', '2025', title);
    const of2024 = printed.filter((row) => row.time_period === '2024');
    const rows = {
      england: of2024.filter((row) => row.geographic_level === 'National'),
      lancashire: of2024.filter((row) => row.old_la_code === '888'),
    };
    for (const [place, all] of Object.entries(rows)) {
      const total = all.find(
        (row) => /^(All|New) /.test(row.breakdown_topic!) && row.breakdown === row.breakdown_topic,
      );
      for (const [stage, column] of Object.entries(columns)) {
        expect(data[place].ehcPipeline[stage].value).toBe(Number(total![column]));
      }
    }
  });

  it('says that what was in place before is missing for a local authority that did not exist then', async () => {
    const { data } = await graph.ask(`{
      cumberland: localAuthority(code: "942") { ehcPipeline(period: "2023") { requests { value } caseloadBefore { value } rates { rate value } notes } }
      later: localAuthority(code: "942") { ehcPipeline(period: "2024") { caseloadBefore { value } notes } } }`);
    const { requests, caseloadBefore, rates, notes } = data.cumberland.ehcPipeline;
    expect(requests.value).toBe(551);
    expect(caseloadBefore).toBeNull();
    const without = rates.filter(({ value }: { value: unknown }) => value === null);
    expect(without.map(({ rate }: { rate: string }) => rate)).toEqual(['CEASED']);
    expect(notes).toEqual([
      'The files have no row for it in January 2023 (caseloadBefore): it did not exist then, or published nothing.',
    ]);
    expect(data.later.ehcPipeline).toEqual({ caseloadBefore: { value: 2656 }, notes: [] });
  });

  it('has nothing, and says so, for a local authority that did not exist', async () => {
    const { data } = await graph.ask(
      '{ localAuthority(code: "940") { ehcPipeline(period: "2019") { requests { value } rates { value } notes } } }',
    );
    const { requests, rates, notes } = data.localAuthority.ehcPipeline;
    expect(requests).toBeNull();
    expect(rates.every(({ value }: { value: unknown }) => value === null)).toBe(true);
    expect(notes.join(' ')).toContain('no row for it in 2019');
  });
});
