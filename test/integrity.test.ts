/** Which figures of a release are said to disagree: only those that rounding and withheld cells cannot explain. */
import { describe, expect, it } from 'vitest';
import { dataSetById } from '../jobs/catalogue.js';
import type { StatisticsDataSet } from '../jobs/declaration.js';
import { dividedTotals, nationalSums, nationalTotals, partSums, type TotalsRow } from '../jobs/sums.js';

const EXCLUSIONS = dataSetById('suspensions-and-permanent-exclusions') as StatisticsDataSet;
const PLANS = dataSetById('ehc-plans-caseload') as StatisticsDataSet;
const MEASURE = 'permanent_exclusions';

/** A row with one measure: a number, or a symbol of the edition until 2016/17. */
const row = (
  level: string,
  cell: number | string,
  filters: Record<string, string> = {},
  code = level,
): TotalsRow => ({
  level,
  code,
  period: '2016/17',
  filters,
  edition: 'fixed-period',
  cells: [cell],
});
const england = (cell: number | string) => row('NATIONAL', cell);
const authorities = (...cells: (number | string)[]) =>
  cells.map((cell, at) => row('LOCAL_AUTHORITY', cell, {}, String(300 + at)));

describe('England, which is rounded to 5, beside its local authorities', () => {
  const sums = (...rows: TotalsRow[]) => nationalSums(EXCLUSIONS, MEASURE, 0, nationalTotals(rows));

  it.each([
    ['the sum itself', 10, [4, 6]],
    ['the sum rounded up', 15, [6, 7]],
    ['within the bounds of what is withheld (x: 1 or 2)', 10, [6, 'x', 'x']],
    ['an authority that is not applicable', 10, [10, '.']],
    ['no authority at all', 10, []],
  ])('agrees: %s', (_what, total, cells) => {
    expect(sums(england(total), ...authorities(...cells))).toEqual([]);
  });

  it.each([
    ['more than rounding apart', 10, [4, 3], { least: 7, most: 7 }],
    ['beyond what can be withheld', 20, [10, 'x'], { least: 11, most: 12 }],
  ])('disagrees: %s', (_what, total, cells, bounds) => {
    expect(sums(england(total), ...authorities(...cells))).toEqual([
      { code: 'NATIONAL', period: '2016/17', of: '', total, ...bounds },
    ]);
  });

  it('may hold more than they where one of them is not available, and never less', () => {
    const plans = (level: string, cell: number | 'x', code: string): TotalsRow => ({
      ...row(level, 0, {}, code),
      edition: 'person-records',
      cells: [cell],
    });
    const found = (total: number) =>
      nationalSums(
        PLANS,
        'plans',
        0,
        nationalTotals([
          plans('NATIONAL', total, 'E'),
          plans('LOCAL_AUTHORITY', 10, '301'),
          plans('LOCAL_AUTHORITY', 'x', '302'),
        ]),
      );
    expect(found(25)).toEqual([]);
    expect(found(9)).toMatchObject([{ total: 9, least: 10 }]);
  });

  it('is not judged where it is withheld itself', () => {
    expect(sums(england('x'), ...authorities(400))).toEqual([]);
  });
});

describe('a total beside its parts', () => {
  const exclusionParts = (rows: TotalsRow[]) =>
    partSums(EXCLUSIONS, MEASURE, 0, dividedTotals(EXCLUSIONS, rows));
  const planParts = (rows: TotalsRow[]) => partSums(PLANS, 'plans', 0, dividedTotals(PLANS, rows));

  it('of a local authority, which is not rounded, has to be their sum', () => {
    const parts = (secondary: number) => [
      row('LOCAL_AUTHORITY', 10),
      row('LOCAL_AUTHORITY', 4, { phase: 'State-funded primary' }),
      row('LOCAL_AUTHORITY', secondary, { phase: 'State-funded secondary' }),
    ];
    expect(exclusionParts(parts(6))).toEqual([]);
    expect(exclusionParts(parts(7))).toMatchObject([{ total: 10, least: 11, most: 11 }]);
  });

  it('is made up once by every topic, each on its own', () => {
    const by = (topic: string, ...cells: number[]) =>
      cells.map((cell, at) => row('LOCAL_AUTHORITY', cell, { topic, group: String(at) }));
    const found = planParts([row('LOCAL_AUTHORITY', 10), ...by('Sex', 4, 6), ...by('Age', 1, 2, 3)]);
    expect(found).toMatchObject([{ of: 'Age', total: 10, least: 6, most: 6 }]);
  });

  it('is not made up of sub-totals beside their own parts', () => {
    const placements = (further: number) =>
      Object.entries({
        'FE - total': further,
        'FE - other': 1,
        'FE - colleges': further - 1,
        'Not recorded': 4,
      }).map(([group, cell]) => row('LOCAL_AUTHORITY', cell, { topic: 'Type of placement', group }));
    expect(planParts([row('LOCAL_AUTHORITY', 10), ...placements(6)])).toEqual([]);
    expect(planParts([row('LOCAL_AUTHORITY', 10), ...placements(7)])).toMatchObject([
      { of: 'Type of placement', total: 10, least: 11, most: 11 },
    ]);
  });
});
