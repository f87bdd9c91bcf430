/** Indicators that are asked together, and read in one pass, are what each of them is alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATA_SETS } from '../../jobs/catalogue.js';
import { MAXIMUM_INDICATORS } from '../../src/limits.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables } from './tables.js';

const FIELDS =
  'latest { value lower upper status raw numerator denominator isDerived period { code } } series { value lower upper status raw isDerived }';

const STATISTICS = DATA_SETS.flatMap((dataSet) => (dataSet.kind === 'statistics' ? [dataSet] : []));

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let places: string[];
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which), { MAX_ALIASES: '200', MAX_TOKENS: '20000' });
    const tables = await openTables(loadedDatabase(which));
    const [{ urn }] = await tables.rows(
      'SELECT max(sp.urn) AS urn FROM school_place sp JOIN observation o ON o.place_id = sp.place_id',
    );
    const [{ uid }] = await tables.rows(
      "SELECT group_uid AS uid FROM group_membership WHERE to_release IS NULL AND group_type_code = '06' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    );
    await tables.close();
    places = [
      'england',
      // The London that files publish in two parts is made of its local authorities.
      'region(code: "E12000007")',
      'region(code: "E12000004")',
      'localAuthority(code: "891")',
      `school(urn: ${urn})`,
      `trust(uid: "${uid}")`,
    ];
  });
  afterAll(() => graph.close());

  it.each(STATISTICS.map(({ id }) => id))('%s', async (id) => {
    const indicators = STATISTICS.find((dataSet) => dataSet.id === id)!.indicators.slice(
      0,
      MAXIMUM_INDICATORS,
    );
    const addsUp = indicators.filter(({ additive, rate }) => additive || rate);
    for (const place of places) {
      const asked = place.startsWith('trust') ? addsUp : indicators;
      if (asked.length === 0) continue;
      const together = await graph.ask(
        `{ place: ${place} { indicators(ids: [${asked.map((indicator) => `"${indicator.id}"`).join(', ')}]) { ${FIELDS} } } }`,
      );
      const alone = await graph.ask(
        `{ ${asked.map((indicator, at) => `a${at}: ${place} { indicator(id: "${indicator.id}") { ${FIELDS} } }`).join(' ')} }`,
      );
      expect([together.errors, alone.errors]).toEqual([undefined, undefined]);
      expect(together.data.place.indicators, place).toEqual(
        asked.map((_, at) => alone.data[`a${at}`].indicator),
      );
    }
  });

  it('refuses one that a trust cannot have, beside those that it can', async () => {
    const { errors } = await graph.ask(
      `{ trusts(first: 1) { nodes { indicators(ids: ["suspension-rate", "school-absence-rate"]) { latest { value } } } } }`,
    );
    expect(errors?.[0]?.extensions.code).toBe('NOT_ADDITIVE');
  });
});
