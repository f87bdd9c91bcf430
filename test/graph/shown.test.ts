/** What is shown is the figure rounded for a reader, once and last; what has no number says why. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rounded } from '../../schema/observation/shown.js';
import { sql } from '../../schema/select/sql.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

/** By hand, on the digits that a number is written with. */
function byHand(value: number, decimals: number): string {
  const [, sign, whole, part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(value))!;
  const digits = `${whole}${part.padEnd(decimals + 1, '0')}`;
  const kept = digits.slice(0, whole!.length + decimals);
  const up = Number(digits[kept.length]) >= 5 ? 1n : 0n;
  const text = String(BigInt(kept) + up).padStart(decimals + 1, '0');
  const printed = decimals === 0 ? text : `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
  return sign && /[1-9]/.test(printed) ? `-${printed}` : printed;
}

interface Known {
  value: number | null;
  lower: number | null;
  upper: number | null;
  status: string;
}

function expected({ value, lower, upper, status }: Known, decimals: number): string {
  if (value !== null) return byHand(value, decimals);
  if (lower === null || upper === null) return status.toLowerCase().replaceAll('_', ' ');
  return `${byHand(lower, decimals)} to ${byHand(upper, decimals)}`;
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (data) => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(data));
    tables = await openTables(loadedDatabase(data));
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  const ask = async (query: string) => {
    const { data: answer, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    return answer;
  };

  it.each([
    ['a half goes away from zero', 2.5, 0, '3'],
    ['below zero too', -2.5, 0, '-3'],
    ['of the number as it is written', 2.675, 2, '2.68'],
    ['with all of its decimals', 5, 2, '5.00'],
    ['without a sign where nothing is left', -0.001, 2, '0.00'],
    ['without an exponent', 123456789.4, 0, '123456789'],
    ['of nothing is nothing', null, 1, null],
  ])('%s: %s with %s decimals', async (_what, value, decimals, printed) => {
    const { text, values } = sql`SELECT ${rounded(sql`${value}::float8`, decimals)} AS printed`.statement;
    expect((await tables.rows(text, values))[0]!.printed).toBe(printed);
  });

  it.each([
    'suspension-rate',
    'suspensions',
    'permanent-exclusion-rate',
    'ehc-plans-within-20-weeks-rate',
  ])('every %s is its value rounded, or its status in words', async (id) => {
    const { ranking, indicator } = await ask(`{ indicator(id: "${id}") { decimals }
        ranking(indicator: "${id}", level: LOCAL_AUTHORITY) { value valueShown observation { value lower upper shown status } } }`);
    let known = 0;
    for (const { value, valueShown, observation } of ranking) {
      if (value !== null) known += 1;
      const printed = value === null ? null : byHand(value, indicator.decimals);
      expect(valueShown).toBe(printed);
      if (observation) expect(observation.shown).toBe(expected(observation, indicator.decimals));
    }
    expect(known).toBeGreaterThan(100);
  });

  it('what is withheld says so', async () => {
    const which = 'indicator: "permanent-exclusions", level: SCHOOL';
    const { distribution } = await ask(`{ distribution(${which}) { withValue withheld } }`);
    const { ranking } = await ask(
      `{ ranking(${which}, skip: ${distribution.withValue}) { valueShown observation { value lower upper shown status } } }`,
    );
    const listed = ranking.filter(
      ({ observation }: { observation: { status: string } | null }) => observation?.status === 'SUPPRESSED',
    );
    expect(distribution.withheld).toBeGreaterThan(0);
    expect(listed.length).toBeGreaterThan(0);
    for (const { valueShown, observation } of listed)
      expect([valueShown, observation.shown]).toEqual([null, expected(observation, 0)]);
  });

  it('a comparison shows each of its numbers, and each is rounded from what is not', async () => {
    const { localAuthority, indicator } = await ask(`{ indicator(id: "suspension-rate") { decimals }
      localAuthority(code: "330") { comparison(indicator: "suspension-rate") {
        value valueShown neighbourAverage neighbourAverageShown regionValue regionValueShown nationalValue nationalValueShown
        neighbours { value valueShown } change { from fromShown to toShown difference differenceShown } } } }`);
    const { neighbours, change, ...own } = localAuthority.comparison;
    let seen = 0;
    for (const object of [own, change, ...neighbours]) {
      for (const name of Object.keys(object).filter((one) => !one.endsWith('Shown'))) {
        const value = object[name];
        expect(object[`${name}Shown`], name).toBe(value === null ? null : byHand(value, indicator.decimals));
        if (value !== null) seen += 1;
      }
    }
    expect(seen).toBeGreaterThan(10);
  });

  it('what is put together of several schools is shown by what it lies between', async () => {
    const { aggregate, indicator } = await ask(`{ indicator(id: "suspension-rate") { decimals }
      aggregate(indicator: "suspension-rate", groupBy: [PHASE]) { unmatched { observation { value lower upper shown status } }
        groups { observation { value lower upper shown status } } } }`);
    const all = [...aggregate.groups, aggregate.unmatched];
    for (const { observation } of all)
      expect(observation.shown).toBe(expected(observation, indicator.decimals));
    expect(all.some(({ observation }) => / to /.test(observation.shown))).toBe(data === 'real');
  });
});
