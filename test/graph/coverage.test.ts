/** coverage says what the tables have, is quick the second time, and follows the data. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DATA_SETS, INDICATORS, SAME_AS } from '../../jobs/catalogue.js';
import { levelOf } from '../../jobs/dictionaries.js';
import { inTenths, warningOf, yearsSince } from '../../schema/coverage/age.js';
import { hasRealFiles, loadedDatabase, ownDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

const LEVELS =
  'levels { level places periods figures symbols oldest { code label } newest { code label } ageInYears warning }';
interface LevelCoverage {
  level: string;
  places: number;
  periods: number;
  figures: number;
  symbols: number;
  oldest: { code: string; label: string } | null;
  newest: { code: string; label: string } | null;
  ageInYears: number | null;
  warning: string | null;
}

/** A figure or a symbol at a time, where the graph counts a data set at a time. */
const CELLS = `
  SELECT i.id, ${levelOf('p.level')} AS level, o.place_id, dp.code, dp.label, pe.starts_on, pe.ends_on, o.values[i.position] AS value,
    o.values[i.position] IS NOT NULL AS numbered, coalesce(o.raw ? i.position::text, false) AS written
  FROM indicator i
  JOIN observation o ON o.data_set_number = i.data_set_number AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id
  JOIN period pe ON pe.id = o.period_id
  JOIN data_set_period dp ON dp.data_set_number = o.data_set_number AND dp.period_id = o.period_id
  UNION ALL
  SELECT i.id, p.level, s.place_id, sp.code, sp.label, pe.starts_on, pe.ends_on, s.values[sp.position],
    s.values[sp.position] IS NOT NULL, coalesce(s.raw ? sp.position::text, false)
  FROM indicator i
  JOIN series s ON s.measure = i.series_measure AND s.to_release IS NULL
  JOIN series_period sp ON sp.measure = s.measure AND sp.to_release IS NULL
  JOIN period pe ON pe.id = sp.period_id
  JOIN place p ON p.id = s.place_id`;
const COUNTED = `
  SELECT id, level, count(DISTINCT place_id) FILTER (WHERE numbered)::int AS places,
    count(DISTINCT starts_on::text || ends_on) FILTER (WHERE numbered)::int AS periods,
    count(*) FILTER (WHERE numbered)::int AS figures, count(*) FILTER (WHERE NOT numbered AND written)::int AS symbols,
    (array_agg(json_build_object('code', code, 'label', label) ORDER BY ends_on, starts_on) FILTER (WHERE numbered))[1] AS oldest,
    (array_agg(json_build_object('code', code, 'label', label) ORDER BY ends_on DESC, starts_on DESC) FILTER (WHERE numbered))[1] AS newest,
    max(ends_on) FILTER (WHERE numbered)::text AS "endsOn"
  FROM (${CELLS}) cell WHERE numbered OR written GROUP BY id, level
  ORDER BY id, array_position(ARRAY['NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY', 'SCHOOL'], level)`;

describe('on the sample', () => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'));
    tables = await openTables(loadedDatabase('sample'));
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  it('every indicator has, on every level, the places, periods and figures that the tables have', async () => {
    const { data, errors } = await graph.ask(
      `{ coverage { indicators(first: 500) { indicator { id } ${LEVELS} } } }`,
    );
    expect(errors).toBeUndefined();
    const counted = await tables.rows(COUNTED);
    const today = new Date();
    const expected = new Map<string, LevelCoverage[]>();
    for (const { id, endsOn, ...level } of counted) {
      const age = endsOn && inTenths(yearsSince(endsOn, today));
      const warning = warningOf(endsOn && { label: level.newest.label, endsOn }, today);
      expected.set(id, [...(expected.get(id) ?? []), { ...level, ageInYears: age, warning }]);
    }
    expect(expected.size).toBeGreaterThan(300);
    const found: { indicator: { id: string }; levels: LevelCoverage[] }[] = data.coverage.indicators;
    expect(found.length).toBeGreaterThan(INDICATORS.size);
    for (const { indicator, levels } of found)
      expect(levels, indicator.id).toEqual(expected.get(indicator.id) ?? []);
  });

  it('every register has every declared field, filled as the tables have it', async () => {
    const { data } = await graph.ask(
      '{ coverage { registers { dataSet { id } rows fields { name graphField filled share } } } }',
    );
    const registers = DATA_SETS.filter((dataSet) => dataSet.kind === 'register');
    expect(data.coverage.registers.map(({ dataSet }: { dataSet: { id: string } }) => dataSet.id)).toEqual(
      registers.map(({ id }) => id),
    );
    for (const [at, { id, fields }] of registers.entries()) {
      const { rows, fields: covered } = data.coverage.registers[at];
      expect(covered.map(({ name }: { name: string }) => name)).toEqual(Object.keys(fields));
      // The view for those who use SQL, read row by row.
      const stand = await tables.rows(`SELECT * FROM tidy.${id.replaceAll('-', '_')}`);
      expect(rows).toBe(stand.length);
      for (const { name, filled, share } of covered) {
        expect(filled, `${id} ${name}`).toBe(stand.filter((row) => row[name] !== null).length);
        expect(share, `${id} ${name}`).toBe(filled / rows);
      }
    }
  });

  it('names the field of the graph that a column is, where there is one', async () => {
    const { data } = await graph.ask(
      '{ coverage { registers { dataSet { id } fields { name graphField } } } }',
    );
    const fieldOf = (id: string, column: string) =>
      data.coverage.registers
        .find(({ dataSet }: { dataSet: { id: string } }) => dataSet.id === id)
        .fields.find(({ name }: { name: string }) => name === column).graphField;
    expect(fieldOf('gias-establishments', 'la_estab')).toBe('School.laEstab');
    expect(fieldOf('gias-groups', 'incorporated_on')).toBe('Trust.incorporatedOn');
    // Part of the graph, but under localAuthority and as no field by itself.
    expect(fieldOf('gias-establishments', 'la_code')).toBeNull();
    expect(fieldOf('gias-establishment-links', 'link_type')).toBeNull();
  });

  it('answers for the ids asked for, in their order and page by page, and beside any indicator', async () => {
    const { data } = await graph.ask(`{
      coverage {
        both: indicators(ids: ["ehc-plans", "lait-lac"]) { indicator { id } ${LEVELS} }
        second: indicators(ids: ["ehc-plans", "lait-lac"], skip: 1, first: 1) { indicator { id } } }
      indicator(id: "ehc-plans") { coverage { indicator { name } ${LEVELS} } }
      england { indicator(id: "lait-lac") { indicator { coverage { ${LEVELS} } } } } }`);
    const [plans, lait] = data.coverage.both;
    expect([plans.indicator.id, lait.indicator.id]).toEqual(['ehc-plans', 'lait-lac']);
    expect(data.coverage.second).toEqual([{ indicator: { id: 'lait-lac' } }]);
    expect(data.indicator.coverage.levels).toEqual(plans.levels);
    expect(data.england.indicator.indicator.coverage.levels).toEqual(lait.levels);
    expect(plans.levels.length).toBeGreaterThan(1);
  });

  it('every indicator names the levels of its data set, and no other has a figure', async () => {
    const { data } = await graph.ask(
      '{ indicators(first: 500) { id levels coverage { levels { level } } } }',
    );
    for (const { id, levels, coverage } of data.indicators)
      expect(levels, id).toEqual(
        expect.arrayContaining(coverage.levels.map(({ level }: LevelCoverage) => level)),
      );
    const levelsOf = (id: string) => data.indicators.find((one: { id: string }) => one.id === id).levels;
    expect(levelsOf('school-absence-rate')).toEqual(['NATIONAL', 'SCHOOL']);
    expect(levelsOf('ehc-plans')).toEqual(['NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY']);
    expect(levelsOf('lait-lac')).toEqual(['NATIONAL', 'REGIONAL', 'LOCAL_AUTHORITY']);
  });

  it.each([
    [
      'indicators(ids: ["suspension-rat"])',
      'UNKNOWN_INDICATOR',
      /^ids: there is no indicator of this id\. Nearest: .*suspension-rate/,
    ],
    ['indicators(first: 501)', 'BAD_USER_INPUT', /^first: 0 to 500/],
    ['indicators(skip: -1)', 'BAD_USER_INPUT', /^first: 0 to 500/],
    [
      `indicators(ids: [${'"suspensions" '.repeat(501)}])`,
      'BAD_USER_INPUT',
      /^ids: 501 entries are more than a list may have: 500/,
    ],
  ])('%s is refused', async (field, code, sentence) => {
    const { errors } = await graph.ask(`{ coverage { ${field} { indicator { id } } } }`);
    expect(errors![0]).toMatchObject({ extensions: { code } });
    expect(errors![0]!.message).toMatch(sentence);
  });

  it('years that stand apart have two ends, and are those of the same measure elsewhere', async () => {
    const { data } = await graph.ask(`{ own: indicator(id: "suspension-rate") { breaks { from to note } }
      lait: indicator(id: "lait-totfixedex") { breaks { from to note } } plans: indicator(id: "ehc-plans") { breaks { from to } }
      roll: indicator(id: "headcount") { breaks { from } } }`);
    expect(data.own.breaks).toEqual([
      { from: '2019-09-01', to: '2021-08-31', note: expect.stringMatching(/COVID-19.*caution/) },
    ]);
    expect(SAME_AS.get('suspension-rate')).toContain('lait-totfixedex');
    expect(data.lait).toEqual(data.own);
    expect(data.plans.breaks).toEqual([{ from: '2023-01-01', to: null }]);
    expect(data.roll.breaks).toEqual([]);
  });
});

describe('the work', () => {
  const ASKED =
    '{ coverage { registers { rows } indicators(ids: ["suspension-rate", "suspensions", "lait-lac"]) { levels { figures } } } }';

  it('is done once for a data set, by period and by place, until the data change', async () => {
    const own = await ownDatabase('sample');
    const graph = await startGraph(own.url);
    const tables = await openTables(own.url);
    try {
      const spy = vi.spyOn(pg.Client.prototype, 'query');
      const passes = () =>
        spy.mock.calls
          .map(([first]) => String((first as unknown as { text?: string }).text ?? first))
          .filter((text) => /FROM (observation|series) |FROM school /.test(text)).length;
      const first = (await graph.ask(ASKED)).data.coverage;
      // Two over observation, two over series, one over each register: of which school is one.
      expect(passes()).toBe(5);
      expect((await graph.ask(ASKED)).data.coverage).toEqual(first);
      expect(passes()).toBe(5);
      spy.mockRestore();
      expect(first.indicators[0].levels.length).toBeGreaterThan(0);

      await tables.rows(`UPDATE observation SET to_release = from_release + 1 WHERE to_release IS NULL
        AND data_set_number = (SELECT number FROM data_set WHERE id = 'suspensions-and-permanent-exclusions')`);
      await tables.rows('UPDATE data_version SET version = version + 1');
      const after = (await graph.ask(ASKED)).data.coverage;
      expect(after.indicators.slice(0, 2)).toEqual([{ levels: [] }, { levels: [] }]);
      expect([after.registers, after.indicators[2]]).toEqual([first.registers, first.indicators[2]]);
    } finally {
      vi.restoreAllMocks();
      await graph.close();
      await tables.close();
      await own.drop();
    }
  });
});

// Counted in the published files: numbers and symbols of fixed_excl_rate, TotFixedEx, PERCTOT and a few columns of the register.
describe.skipIf(!hasRealFiles())('as published', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  it('figures reach as far as their files do, and warn where those are old', async () => {
    const { data } = await graph.ask(
      `{ coverage { indicators(ids: ["suspension-rate", "lait-totfixedex"]) { ${LEVELS} } } }`,
    );
    const [suspensions, lait] = data.coverage.indicators;
    const years = (oldest: string, newest: string) => ({
      oldest: { label: oldest },
      newest: { label: newest },
    });
    const old = {
      ...years('2006/07', '2016/17'),
      periods: 11,
      warning: expect.stringMatching(
        /^The newest figures are of 2016\/17, which ended \d+\.?\d* years ago\.$/,
      ),
    };
    expect(suspensions.levels).toMatchObject([
      { level: 'NATIONAL', places: 1, figures: 44, symbols: 0, ...old },
      { level: 'REGIONAL', places: 10, figures: 440, symbols: 0, ...old },
      { level: 'LOCAL_AUTHORITY', places: 154, figures: 6550, symbols: 86, ...old },
      { level: 'SCHOOL', places: 24_961, figures: 203_150, symbols: 31_900, ...old },
    ]);
    const nine = { ...years('2015/16', '2023/24'), periods: 9 };
    expect(lait.levels).toMatchObject([
      { level: 'NATIONAL', places: 1, figures: 9, symbols: 0, ...nine },
      { level: 'REGIONAL', places: 11, figures: 88, symbols: 11, ...nine },
      { level: 'LOCAL_AUTHORITY', places: 158, figures: 1367, symbols: 55, ...nine },
    ]);
  });

  it('fields of the register are filled as in the extract', async () => {
    const { data } = await graph.ask(
      '{ coverage { registers { dataSet { id } rows fields { name filled share } } } }',
    );
    const { rows, fields } = data.coverage.registers.find(
      ({ dataSet }: { dataSet: { id: string } }) => dataSet.id === 'gias-establishments',
    );
    const filled = Object.fromEntries(
      fields.map(({ name, filled: count }: { name: string; filled: number }) => [name, count]),
    );
    expect(rows).toBe(44_717);
    expect(filled).toMatchObject({
      ukprn: 11_658,
      capacity: 3_050,
      postcode: 43_821,
      easting: 3_420,
      number_of_pupils: 24_714,
      website: 11_203,
    });
    expect(fields.find(({ name }: { name: string }) => name === 'capacity').share).toBeCloseTo(0.0682, 4);
  });
});
