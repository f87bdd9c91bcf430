/**
 * Outliers: every limit, flag and count is worked out here once more from plain rows, of local authorities, schools and
 * trusts; what is not judged is counted, and no place is outside on both sides.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { type Count, type Kind, withYears } from './funnel-by-hand.js';
import { type Answer, expectByHand, expectNear, expectOneSide } from './outliers-expected.js';
import { openTables, type Tables } from './tables.js';

/** What the rows of a level are under: SQL for the key and the joins that lead to it. */
const KEYS = {
  LOCAL_AUTHORITY: {
    key: 'p.code',
    join: "JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY'",
  },
  SCHOOL: {
    key: 's.urn::text',
    join: `JOIN school_place sp ON sp.place_id = o.place_id JOIN period pe ON pe.id = o.period_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census
      JOIN school s ON s.urn = sp.urn AND s.to_release IS NULL`,
  },
  TRUST: {
    key: 'm.group_uid',
    join: `JOIN school_place sp ON sp.place_id = o.place_id JOIN period pe ON pe.id = o.period_id AND pe.census_on BETWEEN sp.first_census AND sp.last_census
      JOIN group_membership m ON m.urn = sp.urn AND m.to_release IS NULL
      JOIN establishment_group g ON g.uid = m.group_uid AND g.to_release IS NULL AND g.type_code IN ('06', '10', '11')`,
  },
} as const;

/** Every count and base of a level: those of several rows of a place are their sum, and unknown where one is. */
const rowsOf = ({ key, join }: { key: string; join: string }, where: string) => `
  SELECT ${key} AS key, dp.code AS period,
    CASE WHEN bool_and(o.values[m1.numerator] IS NOT NULL) THEN sum(o.values[m1.numerator]) END AS count,
    CASE WHEN bool_and(o.values[m1.denominator] IS NOT NULL) THEN sum(o.values[m1.denominator]) END AS base
  FROM data_set d
  CROSS JOIN LATERAL (SELECT array_position(d.measures, $2) AS numerator, array_position(d.measures, $3) AS denominator) m1
  JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL
  JOIN breakdown b ON b.id = o.breakdown_id AND (b.id = 0 OR (b.school_part AND $4))
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id
  ${join} WHERE d.id = $1 AND ${where} GROUP BY 1, 2`;

const HEAD =
  'period { code } target targetLower targetUpper phi tauSquared minimumExpected places judged pooled belowMinimum withheld withoutFigure high low poolingNote note';
const POINT =
  'value numerator denominator expected z lower95 upper95 lower998 upper998 flag outside yearsInARow pooledPeriods';
const PLACE = 'place { ... on LocalAuthority { code } ... on School { urn } ... on Trust { uid } }';

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  /** Codes of school years, the newest first. */
  let years: string[];
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    const rows = await tables.rows(
      `SELECT dp.code FROM data_set_period dp JOIN data_set d ON d.number = dp.data_set_number
       WHERE d.id = 'suspensions-and-permanent-exclusions' ORDER BY dp.code DESC`,
    );
    years = rows.map(({ code }) => code);
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  const outliers = async (
    args: string,
    fields = `${HEAD} entries(first: 25000) { ${PLACE} ${POINT} }`,
  ): Promise<Answer> => {
    const { data, errors } = await graph.ask(`{ outliers(${args}) { ${fields} } }`);
    expect(errors).toBeUndefined();
    return data.outliers;
  };
  const countsOf = async (
    level: keyof typeof KEYS,
    measure: string,
    where = 'true',
    newest = years[0]!,
  ): Promise<Count[]> => {
    const rows = await tables.rows(rowsOf(KEYS[level], where), [
      'suspensions-and-permanent-exclusions',
      measure,
      'headcount',
      level !== 'LOCAL_AUTHORITY',
    ]);
    const from = years.indexOf(newest);
    return rows
      .map(({ key, period, count, base }) => ({ key, n: from - years.indexOf(period), count, base }))
      .filter(({ n }) => n <= 0);
  };
  /** Whether a year and the two before it are comparable, the newest first: 2019/20 and 2020/21 stand apart from the others. */
  const canPool = (newest = years[0]!): boolean[] => {
    const from = years.indexOf(newest);
    return years.slice(from, from + 5).map((_year, at) => {
      const window = years.slice(from + at, from + at + 3);
      const apart = window.map((year) => year === '201920' || year === '202021');
      const estimated = window.map((year) => year < '201011');
      const isMixed = (marks: boolean[]) => new Set(marks).size > 1;
      return window.length === 3 && !isMixed(apart) && !isMixed(measuresEstimates ? estimated : []);
    });
  };
  let measuresEstimates = false;

  it.each<[string, string, Kind]>([
    ['suspension-rate', 'suspensions', 'EVENTS'],
    ['permanent-exclusion-rate', 'permanent_exclusions', 'EVENTS'],
    ['pupils-suspended-rate', 'pupils_suspended', 'PEOPLE'],
  ])('%s of local authorities: limits, flags and years in a row are those of arithmetic', async (indicator, measure, kind) => {
    measuresEstimates = indicator === 'permanent-exclusion-rate';
    const answer = await outliers(`indicator: "${indicator}", level: LOCAL_AUTHORITY`);
    expect(answer.period.code).toBe(years[0]);
    expectByHand(answer, withYears(kind, 100, await countsOf('LOCAL_AUTHORITY', measure), canPool()), 100);
    expectOneSide(answer);
    expect(answer.phi).toBeGreaterThan(1);
    if (which === 'sample' && measuresEstimates) expect(answer.pooled).toBeGreaterThan(0);
  });

  it('puts three years of a small school together, and judges none that is smaller', async () => {
    const [{ code }] = (await tables.rows(
      `SELECT la_code AS code FROM school WHERE to_release IS NULL AND la_code IS NOT NULL AND status = 'OPEN' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    )) as [{ code: string }];
    for (const [indicator, measure] of [
      ['suspension-rate', 'suspensions'],
      ['pupils-suspended-rate', 'pupils_suspended'],
    ] as const) {
      const kind = indicator === 'suspension-rate' ? 'EVENTS' : 'PEOPLE';
      measuresEstimates = false;
      const answer = await outliers(`indicator: "${indicator}", level: SCHOOL, within: "${code}"`);
      const by = withYears(kind, 100, await countsOf('SCHOOL', measure, `s.la_code = '${code}'`), canPool());
      expectByHand(answer, by, 100);
      expectOneSide(answer);
      // Schools of the sample are large enough for one year; its local authorities are not, for permanent exclusions.
      if (which === 'real') {
        expect(answer.belowMinimum).toBeGreaterThan(0);
        expect(answer.pooled).toBeGreaterThan(0);
      }
      for (const { expected, yearsInARow, pooledPeriods } of answer.entries) {
        expect(expected).toBeGreaterThanOrEqual(5);
        if (pooledPeriods.length > 0) {
          expect(pooledPeriods).toEqual(years.slice(0, 3));
          expect(yearsInARow).toBeNull();
        }
      }
    }
  });

  it('judges trusts by the schools that they hold', async () => {
    measuresEstimates = false;
    const answer = await outliers('indicator: "suspension-rate", level: TRUST');
    expectByHand(answer, withYears('EVENTS', 100, await countsOf('TRUST', 'suspensions'), canPool()), 100);
    expectOneSide(answer);
  });

  it('leaves no place out in silence', async () => {
    for (const args of [
      'indicator: "permanent-exclusion-rate", level: LOCAL_AUTHORITY',
      'indicator: "suspension-rate", level: SCHOOL, phase: [SECONDARY]',
      'indicator: "suspension-rate", level: SCHOOL, within: "E12000004"',
      'indicator: "suspension-rate", level: TRUST',
      'indicator: "ehc-plans-within-20-weeks-rate", level: LOCAL_AUTHORITY',
    ]) {
      const { places, judged, belowMinimum, withheld, withoutFigure } = await outliers(args, HEAD);
      expect(judged + belowMinimum + withheld + withoutFigure, args).toBe(places);
      expect(judged, args).toBeGreaterThan(0);
    }
    const { places } = await outliers(
      'indicator: "suspension-rate", level: SCHOOL, phase: [SECONDARY]',
      HEAD,
    );
    const [{ open }] = (await tables.rows(
      `SELECT count(*)::int AS open FROM school WHERE to_release IS NULL AND phase = 'SECONDARY' AND status IN ('OPEN', 'PROPOSED_TO_CLOSE')`,
    )) as [{ open: number }];
    expect(places).toBeGreaterThanOrEqual(open);
  });

  it('keeps a target with withheld counts between its bounds', async () => {
    const { targetLower, targetUpper, withheld } = (await outliers(
      'indicator: "permanent-exclusion-rate", level: LOCAL_AUTHORITY',
      HEAD,
    )) as Answer & { targetLower: number | null; targetUpper: number | null };
    const rows = await countsOf('LOCAL_AUTHORITY', 'permanent_exclusions');
    const now = rows.filter(({ n, base }) => n === 0 && base !== null && base > 0);
    const hidden = now.filter(({ count }) => count === null);
    expect(withheld).toBe(hidden.length);
    if (which === 'sample') expect([targetLower, targetUpper]).toEqual([null, null]);
    else {
      // Behind an x of 2016/17 is 1 or 2.
      const at = (each: number) =>
        (100 * now.reduce((sum, { count }) => sum + (count ?? each), 0)) /
        now.reduce((sum, { base }) => sum + base!, 0);
      expect(hidden.length).toBeGreaterThan(0);
      expectNear(targetLower!, at(1), 'targetLower');
      expectNear(targetUpper!, at(2), 'targetUpper');
    }
  });

  it('judges a part of England among itself', async () => {
    const region = await outliers(
      'indicator: "suspension-rate", level: LOCAL_AUTHORITY, within: "E12000004"',
    );
    expect(region.note).toContain('rough');
    expect(await outliers('indicator: "suspension-rate", level: LOCAL_AUTHORITY', 'note')).toEqual({
      note: null,
    });
    const nowhere = await outliers(
      'indicator: "suspension-rate", level: SCHOOL, within: "201", phase: [SECONDARY]',
      'note places target',
    );
    expect(nowhere).toEqual({ note: expect.stringContaining('no place'), places: 0, target: null });
    const inRegion = await tables.rows("SELECT code FROM local_authority WHERE region_code = 'E12000004'");
    const codes = new Set(inRegion.map(({ code }) => code));
    const counts = (await countsOf('LOCAL_AUTHORITY', 'suspensions')).filter(({ key }) => codes.has(key));
    measuresEstimates = false;
    expectByHand(region, withYears('EVENTS', 100, counts, canPool()), 100);
    const [{ code, others }] = (await tables.rows(
      `SELECT la_code AS code, array_agg(neighbour_code) AS others FROM statistical_neighbour WHERE to_release IS NULL
       AND edition = (SELECT max(edition) FROM statistical_neighbour WHERE to_release IS NULL) GROUP BY 1 ORDER BY 1 LIMIT 1`,
    )) as [{ code: string; others: string[] }];
    const { entries } = await outliers(
      `indicator: "suspension-rate", level: LOCAL_AUTHORITY, neighboursOf: "${code}"`,
    );
    for (const { place } of entries) expect([code, ...others]).toContain(place.code);
    expect(entries.length).toBeGreaterThan(5);
  });

  it('lists those that are flagged alone, or the first of all', async () => {
    const all = await outliers('indicator: "suspension-rate", level: LOCAL_AUTHORITY');
    const flagged = await outliers(
      'indicator: "suspension-rate", level: LOCAL_AUTHORITY',
      `${HEAD} entries(only: FLAGGED) { ${PLACE} ${POINT} }`,
    );
    expect(flagged.entries).toEqual(all.entries.filter(({ flag }) => flag !== 'NONE'));
    expect(flagged.entries).toHaveLength(all.high + all.low);
    const first = await outliers(
      'indicator: "suspension-rate", level: LOCAL_AUTHORITY',
      `entries(first: 3) { ${PLACE} ${POINT} }`,
    );
    expect(first.entries).toEqual(all.entries.slice(0, 3));
  });

  it('does not put years together that are not comparable, and says why', async () => {
    const apart = which === 'sample' ? '202122' : '201112';
    const answer = await outliers(
      `indicator: "permanent-exclusion-rate", level: LOCAL_AUTHORITY, period: "${apart}"`,
    );
    expect(answer.period.code).toBe(apart);
    expect([answer.pooled, answer.poolingNote]).toEqual([0, expect.stringContaining('not comparable')]);
    expect(answer.belowMinimum).toBeGreaterThan(0);
    measuresEstimates = true;
    const counts = await countsOf('LOCAL_AUTHORITY', 'permanent_exclusions', 'true', apart);
    expectByHand(answer, withYears('EVENTS', 100, counts, canPool(apart)), 100);
  });

  it('says what there is instead of what there is not', async () => {
    const told = async (args: string) => {
      const { errors } = await graph.ask(`{ outliers(${args}) { judged } }`);
      expect(errors?.[0]?.extensions.code, args).toBe('BAD_USER_INPUT');
      return errors![0]!.message;
    };
    const rate = 'indicator: "suspension-rate", level:';
    expect(await told('indicator: "absence-rate", level: LOCAL_AUTHORITY')).toContain('half days');
    expect(await told('indicator: "suspensions", level: LOCAL_AUTHORITY')).toContain('suspension-rate');
    expect(await told(`${rate} LOCAL_AUTHORITY, within: "891"`)).toContain('neighboursOf');
    expect(await told(`${rate} SCHOOL, within: "000"`)).toContain('within: no local authority has this code');
    expect(await told(`${rate} LOCAL_AUTHORITY, neighboursOf: "E10999999"`)).toContain('no local authority');
    expect(await told(`${rate} LOCAL_AUTHORITY, within: "Kent"`)).toContain('E12000004');
    expect(await told(`${rate} TRUST, within: "891"`)).toContain('England');
    expect(await told(`${rate} LOCAL_AUTHORITY, phase: [PRIMARY]`)).toContain('breakdown');
    expect(await told(`${rate} SCHOOL, period: "1901"`)).toContain(years[0]);
    expect(await told(`${rate} SCHOOL, breakdown: "x"`)).toContain('special');
    expect(await told('indicator: "ehc-plans-within-20-weeks-rate", level: SCHOOL')).toContain(
      'LOCAL_AUTHORITY',
    );
    expect(await told(`${rate} SCHOOL, within: "891", neighboursOf: "891"`)).toContain('one of them');
  });
});
