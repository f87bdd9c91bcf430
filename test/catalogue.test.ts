/** The declarations as a whole: what no type can say of ids, descriptions, rates and editions. */
import { describe, expect, it } from 'vitest';
import { DATA_SETS, INDICATORS } from '../jobs/catalogue.js';
import type { StatisticsDataSet } from '../jobs/declaration.js';

const STATISTICS = DATA_SETS.filter((dataSet): dataSet is StatisticsDataSet => dataSet.kind === 'statistics');

describe('the catalogue', () => {
  it('has every indicator once, under an id that can stand in an address', () => {
    const ids = STATISTICS.flatMap(({ indicators }) => indicators.map(({ id }) => id));
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
    expect(INDICATORS.size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))).toEqual([]);
  });

  it('has every name once', () => {
    const names = STATISTICS.flatMap(({ indicators }) => indicators.map(({ name }) => name));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

describe('comparability breaks', () => {
  const DAY = /^\d{4}-\d\d-\d\d$/;

  it('are days, from the earliest on, each with a sentence', () => {
    for (const { id, breaks = [] } of INDICATORS.values()) {
      const days = breaks.map(({ from }) => from);
      expect(days, id).toEqual([...days].sort());
      expect(new Set(days).size, id).toBe(days.length);
      for (const { from, to, note } of breaks) {
        expect(from, id).toMatch(DAY);
        expect(note, id).toMatch(/^[A-Z].{20,}\.$/s);
        if (to === undefined) continue;
        expect(to, id).toMatch(DAY);
        expect(to > from, id).toBe(true);
      }
    }
  });

  it('stand with every indicator of school life in the years of COVID-19, and of the SEN2 return since 2023', () => {
    const having = (from: string) =>
      [...INDICATORS.values()]
        .filter(({ breaks }) => breaks?.some((one) => one.from === from))
        .map(({ id }) => id);
    const of = (topic: string) =>
      [...INDICATORS.values()].filter((indicator) => indicator.topic === topic).map(({ id }) => id);
    expect(having('2019-09-01')).toEqual(
      expect.arrayContaining([...of('Absence'), ...of('Suspensions and permanent exclusions')]),
    );
    expect(having('2019-09-01')).toHaveLength(
      of('Absence').length + of('Suspensions and permanent exclusions').length,
    );
    expect(having('2023-01-01')).toContain('ehc-plans');
  });
});

const UNITS_OF_RATES = ['PERCENT', 'PER_100_PUPILS', 'SHARE'];

describe.each(STATISTICS)('$id', ({ measures, indicators, filters, editions }) => {
  it('describes every measure and indicator in a sentence', () => {
    for (const { description } of [...Object.values(measures), ...indicators])
      expect(description).toMatch(/^[A-Z].+\.$/s);
  });

  it('has a measure for every indicator, and both counts for every rate', () => {
    for (const { id, measure, rate, additive } of indicators) {
      expect(measures, id).toHaveProperty(measure);
      if (!rate) continue;
      expect(additive, id).toBe(false);
      expect(measures, id).toHaveProperty(rate.numerator);
      expect(measures, id).toHaveProperty(rate.denominator);
    }
  });

  it('says of every indicator what its values are: unit, decimals, which way is good, topic', () => {
    for (const { id, name, topic, unit, decimals, polarity, rate } of indicators) {
      expect(name.trim(), id).toMatch(/^[A-Z].{3,}$/);
      expect(topic, id).toMatch(/^[A-Z]/);
      expect([0, 1, 2, 3], id).toContain(decimals);
      expect(['HIGH', 'LOW', 'NONE'], id).toContain(polarity);
      if (rate) expect(UNITS_OF_RATES, id).toContain(unit);
    }
  });

  it('has no numerator and denominator but of rates, in words too', () => {
    for (const { id, rate } of indicators) {
      const { rateWords } = INDICATORS.get(id)!;
      expect(rateWords !== undefined, id).toBe(rate !== undefined);
      if (rate)
        expect(
          Object.values(rateWords!).every((words) => /\.$/.test(words)),
          id,
        ).toBe(true);
    }
  });

  it('reads every measure in one edition at least, and names only editions that it has', () => {
    const ids = editions.map(({ id }) => id);
    expect(editions.filter(({ marker }) => marker === null)).toHaveLength(1);
    for (const { columns, lackedBy = [] } of [...Object.values(measures), ...filters]) {
      expect(columns.length).toBeGreaterThan(0);
      expect(ids).toEqual(expect.arrayContaining(lackedBy));
      expect(lackedBy.length, columns[0]!).toBeLessThan(ids.length);
    }
  });
});
