/**
 * The gap between two groups: every number of it is worked out here once more, in plain arithmetic from plain rows, and
 * held against the answer; a withheld count makes bounds and is never zero.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { byHand, type Cell, type Limits } from './disparity-by-hand.js';
import { openTables, type Tables } from './tables.js';

/** Count, base and the bounds of the count, of every place, period and breakdown of a data set. */
const ROWS = `
  SELECT p.level || ' ' || p.code AS place, dp.code AS period, b.code AS breakdown,
    o.values[m.numerator] AS count, o.values[m.denominator] AS base, o.raw ->> m.numerator::text AS symbol,
    (SELECT y.lower FROM symbol y WHERE y.data_set_number = d.number AND y.edition = o.edition AND y.position = m.numerator
      AND y.symbol = o.raw ->> m.numerator::text) AS lower,
    (SELECT y.upper FROM symbol y WHERE y.data_set_number = d.number AND y.edition = o.edition AND y.position = m.numerator
      AND y.symbol = o.raw ->> m.numerator::text) AS upper
  FROM data_set d
  CROSS JOIN LATERAL (SELECT array_position(d.measures, $2) AS numerator, array_position(d.measures, $3) AS denominator) m
  JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id AND p.level IN ('NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY')
  JOIN breakdown b ON b.id = o.breakdown_id
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id
  WHERE d.id = $1 AND b.code = ANY($4)`;

class Cells {
  private readonly cells = new Map<string, Cell>();
  readonly periods: string[];
  constructor(rows: (Cell & { place: string; period: string; breakdown: string })[]) {
    for (const { place, period, breakdown, count, base, lower, upper } of rows) {
      this.cells.set(`${place}|${period}|${breakdown}`, {
        count,
        base,
        lower: count ?? lower,
        upper: count ?? upper,
      });
    }
    this.periods = [...new Set(rows.map(({ period }) => period))].sort();
  }
  of = (place: string, period: string, breakdown: string): Cell | null =>
    this.cells.get(`${place}|${period}|${breakdown}`) ?? null;
}

const isBounded = (cell: Cell | null) =>
  cell !== null && cell.lower !== null && cell.upper !== null && cell.base !== null && cell.base > 0;

const LIMITS = '{ lower upper }';
const FIELDS = `note period { code } group { numerator denominator status } reference { numerator denominator status isDerived }
  ratio ratioInterval ${LIMITS} ratioBounds ${LIMITS} difference differenceInterval ${LIMITS} differenceBounds ${LIMITS}
  excess excessBounds ${LIMITS} isBeyondChance englandRatio timesEngland timesEnglandInterval ${LIMITS} differsFromEngland`;

/** The same number but for the last digits, of which tables of limits have six. */
function expectSame(found: number | null, expected: number | null, what: string): void {
  if (expected === null || found === null) expect(found, what).toBe(expected);
  else
    expect(
      Math.abs(found - expected) / Math.max(1, Math.abs(expected)),
      `${what}: ${found}, not ${expected}`,
    ).toBeLessThan(1e-5);
}
function expectLimits(found: Limits | null, expected: Limits | null, what: string): void {
  if (expected === null || found === null) expect(found, what).toBe(expected);
  else {
    expectSame(found.lower, expected.lower, `${what}, lower`);
    expectSame(found.upper, expected.upper, `${what}, upper`);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: the shape is the query's
function expectByHand(answer: any, expected: ReturnType<typeof byHand>, what: string): void {
  expectSame(answer.ratio, expected.ratio, `${what}: ratio`);
  expectLimits(answer.ratioInterval, expected.ratioInterval, `${what}: ratioInterval`);
  expectLimits(answer.ratioBounds, expected.ratioBounds, `${what}: ratioBounds`);
  expectSame(answer.difference, expected.difference, `${what}: difference`);
  expectLimits(answer.differenceInterval, expected.differenceInterval, `${what}: differenceInterval`);
  expectLimits(answer.differenceBounds, expected.differenceBounds, `${what}: differenceBounds`);
  expectSame(answer.excess, expected.excess, `${what}: excess`);
  expectLimits(answer.excessBounds, expected.excessBounds, `${what}: excessBounds`);
  expect(answer.isBeyondChance, `${what}: isBeyondChance`).toBe(expected.isBeyondChance);
  if (expected.ratio !== 0) expectSame(answer.timesEngland, expected.timesEngland, `${what}: timesEngland`);
  expectLimits(answer.timesEnglandInterval, expected.timesEnglandInterval, `${what}: timesEnglandInterval`);
  expect(answer.differsFromEngland, `${what}: differsFromEngland`).toBe(expected.differsFromEngland);
}

/** By trust and phase, the counts of its schools in 2016/17; null where one is withheld. Rows are those on which the matching of schools is tested. */
const OF_TRUSTS = `
  SELECT m.group_uid AS uid, b.code AS phase,
    CASE WHEN bool_and(o.values[n.count] IS NOT NULL) THEN sum(o.values[n.count])::float8 END AS count, sum(o.values[n.base])::float8 AS base
  FROM data_set d
  CROSS JOIN LATERAL (SELECT array_position(d.measures, 'suspensions') AS count, array_position(d.measures, 'headcount') AS base) n
  JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL
  JOIN period pe ON pe.id = o.period_id
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id AND dp.code = $1
  JOIN school_place sp ON sp.place_id = o.place_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census
  JOIN group_membership m ON m.urn = sp.urn AND m.to_release IS NULL
  JOIN breakdown b ON b.id = o.breakdown_id
  WHERE d.id = 'suspensions-and-permanent-exclusions' GROUP BY 1, 2`;

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  const ask = async (query: string) => {
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    return data;
  };
  const cells = async (dataSet: string, numerator: string, denominator: string, breakdowns: string[]) =>
    new Cells((await tables.rows(ROWS, [dataSet, numerator, denominator, breakdowns])) as never);
  /** The disparity of every local authority that exists, with its code. */
  const everywhere = async (args: string): Promise<{ code: string; disparity: Record<string, never> }[]> => {
    const pages = [];
    let after = '';
    do {
      const { localAuthorities } = await ask(
        `{ localAuthorities(first: 100${after}) { nodes { code disparity(${args}) { ${FIELDS} } } pageInfo { hasNextPage endCursor } } }`,
      );
      pages.push(...localAuthorities.nodes);
      after = localAuthorities.pageInfo.hasNextPage
        ? `, after: "${localAuthorities.pageInfo.endCursor}"`
        : '';
    } while (after);
    return pages;
  };

  it.each([
    ['permanent-exclusion-rate', 'permanent_exclusions', 'EVENTS'],
    ['suspension-rate', 'suspensions', 'EVENTS'],
    ['pupils-suspended-rate', 'pupils_suspended', 'PEOPLE'],
  ] as const)('%s of special and secondary schools, in every local authority', async (indicator, measure, kind) => {
    const [one, other] = ['special', 'state-funded-secondary'];
    const all = await cells('suspensions-and-permanent-exclusions', measure, 'headcount', [one, other]);
    let [withheld, judged] = [0, 0];
    for (const { code, disparity } of await everywhere(
      `indicator: "${indicator}", group: "${one}", reference: "${other}"`,
    )) {
      const place = `LOCAL_AUTHORITY ${code}`;
      const known = (where: string, period: string) =>
        isBounded(all.of(where, period, one)) && isBounded(all.of(where, period, other));
      const england = 'NATIONAL E92000001';
      const chosen =
        all.periods.findLast((period) => known(place, period) && known(england, period)) ??
        all.periods.findLast((period) => known(place, period));
      const { period } = disparity as unknown as { period: { code: string } };
      expect(period.code, code).toBe(chosen ?? all.periods.at(-1));
      if (!chosen) {
        expect(disparity).toMatchObject({ ratio: null, ratioInterval: null, excess: null });
        expect((disparity as unknown as { note: string }).note, code).not.toBeNull();
        continue;
      }
      const [group, reference] = [all.of(place, chosen, one)!, all.of(place, chosen, other)!];
      const here = [all.of(england, chosen, one)!, all.of(england, chosen, other)!] as [Cell, Cell];
      expectByHand(disparity, byHand(kind, 100, group, reference, here), `${code}, ${chosen}`);
      judged += 1;
      if (group.count === null || reference.count === null) {
        withheld += 1;
        expect((disparity as unknown as { note: string }).note, code).toContain('A count is not known (');
      }
    }
    expect(judged).toBeGreaterThan(100);
    // Of the sample’s symbol nothing is known but that the number is small, so that its years are passed over.
    if (which === 'real' && indicator === 'permanent-exclusion-rate') expect(withheld).toBeGreaterThan(10);
  });

  it('of EHC requests by sex, against all others, in every region: people, and the total without the group', async () => {
    const all = await cells('ehc-requests', 'refused', 'requests', ['total', 'sex/female']);
    const { regions } = await ask(
      `{ regions { code disparity(indicator: "ehc-request-refusal-rate", group: "sex/female", reference: "rest") { ${FIELDS} } } }`,
    );
    expect(regions).toHaveLength(9);
    for (const { code, disparity } of regions) {
      const of = (place: string): [Cell, Cell] => {
        const [total, group] = ['total', 'sex/female'].map((breakdown) =>
          all.of(place, disparity.period.code, breakdown),
        ) as [Cell, Cell];
        const [count, base] = [total.count! - group.count!, total.base! - group.base!];
        return [group, { count, base, lower: count, upper: count }];
      };
      const [group, rest] = of(`REGIONAL ${code}`);
      expect(disparity.reference).toEqual({
        numerator: rest.count,
        denominator: rest.base,
        status: 'ACTUAL',
        isDerived: true,
      });
      expectByHand(disparity, byHand('PEOPLE', 100, group, rest, of('NATIONAL E92000001')), code);
    }
  });

  it('sets every other group of a dimension against a reference, the greatest ratio first', async () => {
    const { localAuthorities } = await ask(`{ localAuthorities(first: 20) { nodes { code
      phases: disparities(indicator: "suspension-rate", reference: "state-funded-primary") { ratio period { code } group { breakdown { code } } }
      against: disparities(indicator: "ehc-request-refusal-rate", reference: "rest", dimension: "sex") { group { breakdown { code } } }
      one: disparity(indicator: "suspension-rate", group: "special", reference: "state-funded-primary") { ratio period { code } } } } }`);
    for (const { phases, against, one } of localAuthorities.nodes) {
      expect(phases).toHaveLength(2);
      const ratios = phases.map(({ ratio }: { ratio: number | null }) => ratio ?? -1);
      expect(ratios).toEqual(ratios.toSorted((a: number, b: number) => b - a));
      expect(new Set(phases.map(({ period }: { period: { code: string } }) => period.code)).size).toBe(1);
      const special = phases.find(
        ({ group }: { group: { breakdown: { code: string } } | null }) => group?.breakdown.code === 'special',
      );
      if (special && special.period.code === one.period.code) expect(special.ratio).toBe(one.ratio);
      expect(against.length).toBeGreaterThanOrEqual(2);
    }
  });

  it('of a trust is of its schools of one phase beside its others', async () => {
    const [{ period }] = await tables.rows(
      `SELECT max(dp.code) AS period FROM data_set_period dp JOIN data_set d ON d.number = dp.data_set_number WHERE d.id = 'suspensions-and-permanent-exclusions'`,
    );
    const rows = await tables.rows(OF_TRUSTS, [period]);
    const { data, errors } = await graph.ask(
      `{ trusts(first: 100, filter: { type: [MULTI_ACADEMY_TRUST] }) { nodes { uid disparity(indicator: "suspension-rate", group: "state-funded-secondary", reference: "rest", period: "${period}") {
        note ratio group { numerator denominator status } reference { numerator denominator } } } } }`,
    );
    expect(errors).toBeUndefined();
    let seen = 0;
    for (const { uid, disparity } of data.trusts.nodes) {
      const mine = rows.filter((row) => row.uid === uid);
      const group = mine.find(({ phase }) => phase === 'state-funded-secondary');
      const others = mine.filter((row) => row !== group);
      if (!group || others.length === 0) continue;
      const sum = (of: 'count' | 'base') =>
        others.some((row) => row[of] === null) ? null : others.reduce((total, row) => total + row[of], 0);
      expect(disparity.group.numerator, uid).toBe(group.count);
      expect(disparity.group.denominator, uid).toBe(group.base);
      expect(disparity.reference.denominator, uid).toBe(sum('base'));
      const known = group.count !== null && sum('count') !== null;
      expect(disparity.reference.numerator, uid).toBe(known ? sum('count') : null);
      if (!known) expect(disparity.note, uid).toMatch(/A count is not known \(.*suppressed/);
      if (known && sum('count')! > 0) {
        expectSame(disparity.ratio, group.count / group.base / (sum('count')! / sum('base')!), uid);
        seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(3);
    const refused = await graph.ask(
      `{ trusts(first: 1) { nodes { disparity(indicator: "suspension-rate-by-characteristic", group: "fsm-eligible", reference: "rest") { ratio } } } }`,
    );
    expect(refused.errors?.[0]?.message).toMatch(
      /is not published for this level\. Levels that it has: NATIONAL/,
    );
  });

  it('has no gap from itself: England', async () => {
    const { england } = await ask(
      `{ england { disparity(indicator: "suspension-rate", group: "special", reference: "total") { ${FIELDS} ageInYears } } }`,
    );
    expect(england.disparity).toMatchObject({
      englandRatio: null,
      timesEngland: null,
      timesEnglandInterval: null,
      differsFromEngland: null,
    });
    expect(england.disparity.note).toContain('in both groups');
    expect(england.disparity.ratio).toBeGreaterThan(0);
    expect(england.disparity.ageInYears).toBeGreaterThan(0);
  });

  it('has no interval where chance has no fair model: half days', async () => {
    const { england } = await ask(
      `{ england { disparity(indicator: "absence-rate", group: "special", reference: "state-funded-primary") { ${FIELDS} } } }`,
    );
    const { group, reference, ratio, ratioInterval, differenceInterval, isBeyondChance, note } =
      england.disparity;
    expectSame(
      ratio,
      group.numerator / group.denominator / (reference.numerator / reference.denominator),
      'ratio',
    );
    expect([ratioInterval, differenceInterval, isBeyondChance]).toEqual([null, null, null]);
    expect(note).toContain('no model');
  });

  it('answers for the period that is asked for', async () => {
    const { england } = await ask(
      '{ england { indicator(id: "suspension-rate") { series { period { code } } } disparity(indicator: "suspension-rate", group: "special", reference: "rest") { period { code } } } }',
    );
    const [first] = england.indicator.series;
    const { england: then } = await ask(
      `{ england { disparity(indicator: "suspension-rate", group: "special", reference: "rest", period: "${first.period.code}") { period { code } group { period { code } } reference { period { code } } } } }`,
    );
    expect(then.disparity).toEqual({
      period: first.period,
      group: { period: first.period },
      reference: { period: first.period },
    });
    expect(first.period.code).not.toBe(england.disparity.period.code);
  });

  it('says what there is instead of what there is not', async () => {
    const told = async (field: string, place = 'localAuthority(code: "891")') => {
      const { errors } = await graph.ask(`{ ${place} { ${field} { note } } }`);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      return errors![0]!.message;
    };
    const one = (group: string, reference: string, more = '') =>
      told(`disparity(indicator: "suspension-rate", group: "${group}", reference: "${reference}"${more})`);
    expect(await one('special', 'special')).toContain('the group itself');
    expect(await one('specia', 'rest')).toContain('state-funded-secondary');
    expect(await one('special', 'secondary')).toContain('state-funded-secondary');
    expect(await one('total', 'special')).toContain('no part of the whole');
    expect(await one('special', 'rest', ', period: "1901"')).toMatch(/It has: .*\d{6}/);
    const other = (rest: string) => told(`disparities(${rest})`);
    expect(await told('disparity(indicator: "suspensions", group: "special", reference: "rest")')).toContain(
      'suspension-rate',
    );
    expect(await other('indicator: "suspension-rate", reference: "rest"')).toContain('phase');
    expect(await other('indicator: "suspension-rate", reference: "rest", dimension: "Sex"')).toContain(
      'phase',
    );
    expect(await other('indicator: "suspension-rate", reference: "special", dimension: "Sex"')).toContain(
      'phase',
    );
    expect(
      await told(
        'disparity(indicator: "suspension-rate-by-characteristic", group: "fsm-eligible", reference: "rest")',
      ),
    ).toContain('NATIONAL');
  });
});
