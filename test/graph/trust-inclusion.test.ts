/**
 * A trust's inclusion profile: the schools that it ran on the census day, what their local authorities' rates for their phases
 * would lead one to expect of them, and the years on either side of joining. Worked out here from the tables, by hand.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { takeCsv } from '../export/taking.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

const EXCLUSIONS = 'suspensions-and-permanent-exclusions';
const CENSUS = 'school-census';

interface Held {
  urn: number;
  la_code: string | null;
  joined_on: string | null;
}
interface Figure {
  urn: number;
  period: number;
  census_on: string;
  breakdown: number;
  counted: number | null;
  base: number | null;
}
interface Rate {
  code: string;
  period: number;
  breakdown: number;
  rate: number | null;
}

const HELD = `
  SELECT s.urn, s.la_code, m.joined_on::text FROM group_membership m JOIN school s ON s.urn = m.urn AND s.to_release IS NULL
  WHERE m.group_uid = $1 AND m.to_release IS NULL AND (m.joined_on IS NULL OR m.joined_on <= $2::date)
    AND (s.closed_on IS NULL OR s.closed_on > $2::date) ORDER BY s.urn`;

const COLUMNS = `o.period_id::int AS period, o.breakdown_id AS breakdown,
  o.values[array_position(d.measures, $2)]::float8 AS counted, o.values[array_position(d.measures, $3)]::float8 AS base`;
const OF_SCHOOLS = `
  SELECT sp.urn, e.census_on::text, ${COLUMNS} FROM data_set d
  JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL JOIN period e ON e.id = o.period_id
  JOIN school_place sp ON sp.place_id = o.place_id AND e.census_on BETWEEN sp.first_census AND sp.last_census
  WHERE d.id = $1 AND sp.urn = ANY($4::int[])`;
const OF_AUTHORITIES = `
  SELECT code, period, breakdown, counted / nullif(base, 0) AS rate FROM (
    SELECT p.code, ${COLUMNS} FROM data_set d JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL
    JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY' WHERE d.id = $1) x`;
/** Where no local authority is published: from the schools that the register has there. */
const FROM_SCHOOLS = `
  SELECT code, period, breakdown, sum(counted) / nullif(sum(base), 0) AS rate FROM (
    SELECT s.la_code AS code, ${COLUMNS} FROM data_set d
    JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL JOIN period e ON e.id = o.period_id
    JOIN school_place sp ON sp.place_id = o.place_id AND e.census_on BETWEEN sp.first_census AND sp.last_census
    JOIN school s ON s.urn = sp.urn AND s.to_release IS NULL WHERE d.id = $1) x
  WHERE counted IS NOT NULL AND base IS NOT NULL GROUP BY 1, 2, 3`;

const Z = 1.959963984540054;
/** Byar's limits, for counts of ten and more. */
const byar = (least: number, most: number) => [
  least * (1 - 1 / (9 * least) - Z / (3 * Math.sqrt(least))) ** 3,
  (most + 1) * (1 - 1 / (9 * (most + 1)) + Z / (3 * Math.sqrt(most + 1))) ** 3,
];
const total = (numbers: number[]) => numbers.reduce((sum, one) => sum + one, 0);

const RATE =
  '{ compared notAvailable withheld withoutReference observed observedLeast observedMost expected expectedRate ratio ratioLeast ratioMost lower upper observation { value lower upper numerator denominator schools schoolsWithFigures } }';

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  /** What a withheld count can be, where that is known: "x" in the published files. */
  const withheldAs = which === 'real' ? ([1, 2] as const) : null;
  let graph: RunningGraph;
  let tables: Tables;
  let uid: string;
  let census: string;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    [{ census }] = (await tables.rows(
      `SELECT max(e.census_on)::text AS census FROM coverage c JOIN data_set d ON d.number = c.data_set_number AND d.id = $1
       JOIN period e ON e.id = c.period_id WHERE c.level = 'SCHOOL'`,
      [EXCLUSIONS],
    )) as [{ census: string }];
    [{ uid }] = (await tables.rows(
      `SELECT m.group_uid AS uid FROM group_membership m WHERE m.to_release IS NULL AND m.group_type_code = '06' AND m.joined_on <= $1::date
       GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
      [census],
    )) as [{ uid: string }];
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });
  const inclusion = async (fields: string, args = 'indicators: ["suspension-rate"]') => {
    const { data, errors } = await graph.ask(`{ trust(uid: "${uid}") { inclusion(${args}) { ${fields} } } }`);
    expect(errors).toBeUndefined();
    return data.trust.inclusion;
  };
  /** What can be compared, of rows of schools, with what is expected of each. */
  const compare = (figures: (Figure & { la_code: string | null })[], rates: Rate[]) => {
    const rateOf = new Map(rates.map((one) => [`${one.code} ${one.period} ${one.breakdown}`, one.rate]));
    const rows = figures.map((figure) => ({
      ...figure,
      least: figure.counted ?? withheldAs?.[0] ?? 0,
      most: figure.counted ?? withheldAs?.[1] ?? null,
      rate: rateOf.get(`${figure.la_code} ${figure.period} ${figure.breakdown}`) ?? null,
    }));
    const compared = rows.filter(({ most, base, rate }) => most !== null && base !== null && rate !== null);
    return {
      rows,
      compared,
      least: total(compared.map(({ least }) => least)),
      most: total(compared.map(({ most }) => most!)),
      expected: total(compared.map(({ base, rate }) => base! * rate!)),
      base: total(compared.map(({ base }) => base!)),
    };
  };
  const expectRate = (
    rate: Record<string, number | null>,
    { compared, least, most, expected, base }: ReturnType<typeof compare>,
  ) => {
    expect(new Set(compared.map(({ urn, period }) => `${urn} ${period}`)).size).toBe(rate.compared);
    expect([rate.observedLeast, rate.observedMost]).toEqual([least, most]);
    expect(rate.observed).toBe(least === most ? least : null);
    expect(rate.expected).toBeCloseTo(expected, 6);
    expect(rate.expectedRate).toBeCloseTo((100 * expected) / base, 8);
    expect(rate.ratioLeast).toBeCloseTo(least / expected, 8);
    expect(rate.ratioMost).toBeCloseTo(most / expected, 8);
    expect(least).toBeGreaterThanOrEqual(10);
    const [lower, upper] = byar(least, most);
    expect(rate.lower).toBeCloseTo(lower! / expected, 8);
    expect(rate.upper).toBeCloseTo(upper! / expected, 8);
  };
  const figuresOf = (dataSet: string, counted: string, base: string, urns: number[]): Promise<Figure[]> =>
    tables.rows(OF_SCHOOLS, [dataSet, counted, base, urns]);

  it('pools the schools that it ran on the census day, and expects of each the rate of its authority and phase', async () => {
    const held: Held[] = await tables.rows(HELD, [uid, census]);
    const authority = new Map(held.map(({ urn, la_code }) => [urn, la_code]));
    const every = await figuresOf(EXCLUSIONS, 'suspensions', 'headcount', [...authority.keys()]);
    const figures = every
      .filter(({ census_on }) => census_on === census)
      .map((figure) => ({ ...figure, la_code: authority.get(figure.urn)! }));
    const rates: Rate[] = await tables.rows(OF_AUTHORITIES, [EXCLUSIONS, 'suspensions', 'headcount']);
    const [profile] = await inclusion(
      `heldOn schools schoolsWithoutRow joinedUnknown rate ${RATE} bySchool { urn joinedOn localAuthorityCode outcome expected ratio lower referenceRate referenceIsPublished observation { denominator } }`,
    );
    const withRow = new Set(figures.map(({ urn }) => urn));
    expect(profile).toMatchObject({
      heldOn: census,
      schools: held.length,
      schoolsWithoutRow: held.length - withRow.size,
      joinedUnknown: held.filter(({ joined_on }) => joined_on === null).length,
    });
    const expected = compare(figures, rates);
    expect(expected.compared.length).toBeGreaterThan(2);
    expectRate(profile.rate, expected);
    expect(profile.rate.observation).toMatchObject({
      denominator: total(figures.map(({ base }) => base!)),
      schools: withRow.size,
    });
    expect(profile.rate.compared + profile.rate.withheld + profile.rate.withoutReference).toBe(withRow.size);
    for (const school of profile.bySchool) {
      const row = expected.rows.find(({ urn }) => urn === school.urn);
      if (!row) {
        expect(school).toMatchObject({ outcome: 'NO_ROW', observation: null, expected: null });
        continue;
      }
      expect(school.joinedOn).toBe(held.find(({ urn }) => urn === school.urn)!.joined_on);
      expect(school.outcome).toBe(
        row.most === null ? 'WITHHELD' : row.rate === null ? 'NO_REFERENCE' : 'COMPARED',
      );
      if (row.rate === null) continue;
      expect(school.referenceIsPublished).toBe(true);
      expect(school.referenceRate).toBeCloseTo(100 * row.rate, 8);
      expect(school.expected).toBeCloseTo(row.base! * row.rate, 8);
      if (row.counted !== null && row.rate > 0)
        expect(school.ratio).toBeCloseTo(row.counted / (row.base! * row.rate), 8);
    }
  });

  it('sets the same schools beside each other, in the three years nearest to joining, under the URNs of before', async () => {
    const held: Held[] = await tables.rows(HELD, [uid, census]);
    const edges = await tables.rows(
      'SELECT predecessor_urn AS before, successor_urn AS after FROM school_lineage',
    );
    const urnsOf = ({ urn }: Held): number[] => {
      const chain = [urn];
      for (;;) {
        const before = edges.filter(({ after }) => after === chain.at(-1));
        if (before.length !== 1 || edges.filter((edge) => edge.before === before[0]!.before).length !== 1)
          return chain;
        chain.push(before[0]!.before);
      }
    };
    const rates: Rate[] = await tables.rows(OF_AUTHORITIES, [EXCLUSIONS, 'suspensions', 'headcount']);
    const sides: Record<'before' | 'since', (Figure & { la_code: string | null })[]> = {
      before: [],
      since: [],
    };
    let schools = 0;
    for (const school of held.filter(({ joined_on }) => joined_on !== null)) {
      const figures = (await figuresOf(EXCLUSIONS, 'suspensions', 'headcount', urnsOf(school)))
        .filter(({ census_on }) => census_on <= census)
        .map((figure) => ({ ...figure, urn: school.urn, la_code: school.la_code }))
        .toSorted((one, other) => one.census_on.localeCompare(other.census_on));
      const years = (which: 'before' | 'since') => {
        const days = [
          ...new Set(
            figures
              .map(({ census_on }) => census_on)
              .filter((day) => (which === 'before') === day < school.joined_on!),
          ),
        ];
        const kept = which === 'before' ? days.slice(-3) : days.slice(0, 3);
        return figures.filter(({ census_on }) => kept.includes(census_on));
      };
      const [before, since] = [years('before'), years('since')];
      if (before.length === 0 || since.length === 0) continue;
      schools += 1;
      sides.before.push(...before);
      sides.since.push(...since);
    }
    const [{ joined }] = await inclusion(`joined { schools leftOut before ${RATE} since ${RATE} }`);
    expect(joined).toMatchObject({ schools, leftOut: held.length - schools });
    for (const side of ['before', 'since'] as const) {
      if (schools === 0) {
        expect(joined[side]).toMatchObject({ compared: 0, expected: null, ratioLeast: null });
        continue;
      }
      expectRate(joined[side], compare(sides[side], rates));
      expect(joined[side].observation.denominator).toBe(total(sides[side].map(({ base }) => base!)));
    }
  });

  it('pools the rate of an authority from its schools where none is published', async () => {
    const [{ day }] = await tables.rows(
      `SELECT max(e.census_on)::text AS day FROM coverage c JOIN data_set d ON d.number = c.data_set_number AND d.id = $1
       JOIN period e ON e.id = c.period_id WHERE c.level = 'SCHOOL'`,
      [CENSUS],
    );
    const held: Held[] = await tables.rows(HELD, [uid, day]);
    const authority = new Map(held.map(({ urn, la_code }) => [urn, la_code]));
    const figures = (await figuresOf(CENSUS, 'ehc_plan', 'roll', [...authority.keys()]))
      .filter(({ census_on, counted, base }) => census_on === day && counted !== null && base !== null)
      .map((figure) => ({ ...figure, la_code: authority.get(figure.urn)! }));
    const rates: Rate[] = await tables.rows(FROM_SCHOOLS, [CENSUS, 'ehc_plan', 'roll']);
    const [profile] = await inclusion(
      `rate ${RATE} bySchool { outcome referenceIsPublished }`,
      'indicators: ["pupils-with-ehc-plan-rate"]',
    );
    expectRate(profile.rate, compare(figures, rates));
    const compared = profile.bySchool.filter(({ outcome }: { outcome: string }) => outcome === 'COMPARED');
    expect(
      compared.some(({ referenceIsPublished }: { referenceIsPublished: boolean }) => referenceIsPublished),
    ).toBe(false);
  });

  it('has a list of rates of its own, and tells what it has instead of what it has not', async () => {
    const all = await inclusion('indicator { id } period { code } note', 'years: 1');
    expect(all.map(({ indicator }: { indicator: { id: string } }) => indicator.id)).toEqual([
      'suspension-rate',
      'pupils-suspended-rate',
      'permanent-exclusion-rate',
      'pupils-with-ehc-plan-rate',
      'pupils-with-sen-support-rate',
    ]);
    // A table has no indicator, which is not read with its rows.
    const taken = await takeCsv(graph, `{ trust(uid: "${uid}") { inclusion(years: 1) { indicatorId } } }`);
    expect(taken.slice(1).flat()).toEqual(
      all.map(({ indicator }: { indicator: { id: string } }) => indicator.id),
    );
    const { code } = all[0].period;
    const ofYear = await inclusion('indicator { id } period { code }', `period: "${code}"`);
    expect(ofYear.every(({ period }: { period: { code: string } }) => period.code === code)).toBe(true);
    const refusal = async (args: string) =>
      (await graph.ask(`{ trust(uid: "${uid}") { inclusion(${args}) { schools } } }`)).errors?.[0];
    expect((await refusal('period: "1901"'))?.message).toContain(code);
    expect((await refusal('indicators: ["suspensions"]'))?.message).toContain('suspension-rate');
    expect((await refusal('indicators: ["ehc-plans"]'))?.message).toContain('published for schools');
    expect((await refusal('indicators: ["suspension-rate"], period: "1901"'))?.message).toContain(code);
    expect((await refusal('indicators: []'))?.message).toContain('between 1 and 10');
    expect((await refusal('years: 0'))?.message).toContain('between 1 and 20');
  });

  it.runIf(which === 'real')(
    'says that schools which left before the first extract are missing',
    async () => {
      const [{ note }] = await inclusion('note');
      expect(note).toContain('2022-09-01');
    },
  );
});
