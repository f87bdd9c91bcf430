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
