/** What has changed: every comparison made once more from the tables, with p-values and their control worked out here. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INDICATORS } from '../../jobs/catalogue.js';
import { hasRealFiles, loadedDatabase, type OwnDatabase, ownDatabase } from '../database.js';
import { takeCsv } from '../export/taking.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

/** erfc by its series near 0 and its continued fraction further out: no approximation by a polynomial. */
function erfc(x: number): number {
  if (x < 2) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 200; n += 1) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 200; n > 0; n -= 1) fraction = x + n / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

interface Comparison {
  kind: string;
  level: string;
  code: string;
  indicator: string;
  own: [number, number];
  other: [number, number];
}

/** Standard errors of the difference; null where too little is expected. */
function standardErrors({ indicator, own, other }: Comparison): number | null {
  const isEvents = INDICATORS.get(indicator)!.rate!.counts === 'EVENTS';
  const pooled = (own[0] + other[0]) / (own[1] + other[1]);
  const least = Math.min(own[1], other[1]);
  if (pooled * least < 5 || (!isEvents && (1 - pooled) * least < 5)) return null;
  const spread = isEvents ? pooled : pooled * (1 - pooled);
  return (own[0] / own[1] - other[0] / other[1]) / Math.sqrt(spread * (1 / own[1] + 1 / other[1]));
}

/** Benjamini and Hochberg's step-up procedure, as the paper has it. */
function judged(comparisons: Comparison[]) {
  const tests = comparisons.flatMap((one) => {
    const z = standardErrors(one);
    return z === null ? [] : [{ ...one, z, p: erfc(Math.min(Math.abs(z), 36) / Math.SQRT2) }];
  });
  const sorted = tests.toSorted((one, other) => one.p - other.p);
  let last = 0;
  for (const [at, { p }] of sorted.entries()) if (p <= ((at + 1) / sorted.length) * 0.05) last = at + 1;
  return { tests, beyond: sorted.slice(0, last), tooFew: comparisons.length - tests.length };
}

/** Cells of the totals of a data set in a level's two newest periods, by place. */
const CELLS = {
  LOCAL_AUTHORITY: `
    SELECT p.code, y.starts_on::text AS starts, o.values[$2::int] AS count, o.values[$3::int] AS base FROM observation o
    JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY' JOIN period y ON y.id = o.period_id
    WHERE o.data_set_number = $1 AND o.breakdown_id = 0 AND o.to_release IS NULL`,
  SCHOOL: `
    SELECT sp.urn::text AS code, y.starts_on::text AS starts, CASE WHEN bool_and(o.values[$2::int] IS NOT NULL) THEN sum(o.values[$2::int]) END AS count,
      CASE WHEN bool_and(o.values[$3::int] IS NOT NULL) THEN sum(o.values[$3::int]) END AS base FROM observation o
    JOIN period y ON y.id = o.period_id JOIN school_place sp ON sp.place_id = o.place_id AND y.census_on BETWEEN sp.first_census AND sp.last_census
    LEFT JOIN breakdown b ON b.id = o.breakdown_id
    WHERE o.data_set_number = $1 AND sp.urn = ANY($4::int[]) AND o.to_release IS NULL AND (o.breakdown_id = 0 OR b.school_part) GROUP BY 1, 2`,
};

/** All that could be compared for local authorities and schools, from the tables. */
async function comparisonsOf(tables: Tables, authorities: string[], urns: string[], trust?: string) {
  const comparisons: Comparison[] = [];
  let withoutFigures = 0;
  const neighbours = await tables.rows(
    `SELECT 'STATISTICAL_NEIGHBOURS' AS kind, la_code, neighbour_code FROM statistical_neighbour WHERE to_release IS NULL
       AND edition = (SELECT max(edition) FROM statistical_neighbour WHERE to_release IS NULL)
     UNION ALL SELECT 'GEOGRAPHIC_NEIGHBOURS', la_code, neighbour_code FROM geographic_neighbour WHERE edition = (SELECT max(edition) FROM geographic_neighbour)`,
  );
  for (const { id, rate } of INDICATORS.values()) {
    if (!rate || rate.counts === 'OTHER') continue;
    const [stored] = await tables.rows(
      'SELECT data_set_number AS number, numerator_position AS count, denominator_position AS base FROM indicator WHERE id = $1',
      [id],
    );
    for (const level of ['LOCAL_AUTHORITY', 'SCHOOL'] as const) {
      const [newest, before] = await tables.rows(
        `SELECT DISTINCT y.starts_on::text AS starts FROM coverage c JOIN period y ON y.id = c.period_id
         WHERE c.data_set_number = $1 AND c.level = $2 ORDER BY 1 DESC LIMIT 2`,
        [stored.number, level],
      );
      if (!newest) continue;
      const follows = before && Number(newest.starts.slice(0, 4)) === Number(before.starts.slice(0, 4)) + 1;
      const cells = new Map<string, [number, number] | null>();
      const rows = await tables.rows(CELLS[level], [
        stored.number,
        stored.count,
        stored.base,
        ...(level === 'SCHOOL' ? [urns] : []),
      ]);
      for (const { code, starts, count, base } of rows)
        cells.set(`${code} ${starts}`, count === null || base === null || base === 0 ? null : [count, base]);
      const [own, last] = [newest, before].map(
        (period) => (code: string) => cells.get(`${code} ${period?.starts}`),
      );
      const codes = level === 'SCHOOL' ? urns : authorities;
      const held: [[number, number], [number, number]][] = [];
      for (const code of codes) {
        if (own!(code) === undefined && (!follows || last!(code) === undefined)) continue;
        const [to, from] = [own!(code), last!(code)];
        if (follows) {
          if (to && from)
            comparisons.push({ kind: 'MOVEMENT', level, code, indicator: id, own: to, other: from });
          else withoutFigures += 1;
          if (to && from) held.push([to, from]);
        }
        if (level === 'SCHOOL') continue;
        for (const kind of ['STATISTICAL_NEIGHBOURS', 'GEOGRAPHIC_NEIGHBOURS']) {
          const known = neighbours
            .filter((row) => row.kind === kind && row.la_code === code)
            .flatMap((row) => own!(row.neighbour_code) ?? []);
          if (known.length === 0) continue;
          const sum = (at: number) =>
            known.filter((_, index) => index % 2 === at).reduce((all, one) => all + one, 0);
          if (to) comparisons.push({ kind, level, code, indicator: id, own: to, other: [sum(0), sum(1)] });
          else withoutFigures += 1;
        }
      }
      if (trust && level === 'SCHOOL' && held.length > 0) {
        const sum = (side: 0 | 1, at: 0 | 1) => held.reduce((all, one) => all + one[side][at], 0);
        comparisons.push({
          kind: 'MOVEMENT',
          level: 'TRUST',
          code: trust,
          indicator: id,
          own: [sum(0, 0), sum(0, 1)],
          other: [sum(1, 0), sum(1, 1)],
        });
      }
    }
  }
  return { comparisons, withoutFigures };
}

const CHANGES = `places unknown tests tooFew withoutFigures beyondChance falseDiscoveryRate newestReleaseOn
  changes { id kind why difference isBetter standardErrors adjustedP indicator { id } release { publishedOn }
    place { __typename ... on LocalAuthority { code } ... on School { urn } ... on Trust { uid } }
    to { value numerator denominator places period { startsOn } } from { value numerator denominator places period { startsOn } } }`;

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  let code: string;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    code = which === 'real' ? '888' : '301';
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });
  const ask = async (args: string) => {
    const { data, errors } = await graph.ask(`{ changes(${args}, first: 100) { ${CHANGES} } }`);
    expect(errors).toBeUndefined();
    return data.changes;
  };
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
  const agrees = (told: any, { comparisons, withoutFigures }: Awaited<ReturnType<typeof comparisonsOf>>) => {
    const { tests, beyond, tooFew } = judged(comparisons);
    expect(told).toMatchObject({
      tests: tests.length,
      tooFew,
      withoutFigures,
      beyondChance: beyond.length,
      falseDiscoveryRate: 0.05,
    });
    const byEvidence = beyond.toSorted((one, other) => Math.abs(other.z) - Math.abs(one.z));
    expect(told.changes.length).toBe(Math.min(100, beyond.length));
    for (const [at, change] of told.changes.entries()) {
      const found = beyond.find(
        ({ kind, level, code: place, indicator }) =>
          kind === change.kind &&
          indicator === change.indicator.id &&
          String(change.place.code ?? change.place.urn ?? change.place.uid) === place &&
          { LOCAL_AUTHORITY: 'LocalAuthority', SCHOOL: 'School', TRUST: 'Trust' }[level] ===
            change.place.__typename,
      )!;
      const per = INDICATORS.get(found.indicator)!.rate!.per;
      expect([change.to.numerator, change.to.denominator]).toEqual(found.own);
      expect([change.from.numerator, change.from.denominator]).toEqual(found.other);
      expect(change.difference).toBeCloseTo(
        per * (found.own[0] / found.own[1] - found.other[0] / found.other[1]),
        8,
      );
      expect(change.standardErrors).toBeCloseTo(found.z, 8);
      expect(Math.abs(change.standardErrors)).toBeCloseTo(Math.abs(byEvidence[at]!.z), 8);
      expect(change.adjustedP).toBeLessThanOrEqual(0.05);
    }
  };

  it('makes, judges and ranks every comparison of a local authority and its schools', async () => {
    const schools = await tables.rows(
      "SELECT urn::text FROM school WHERE to_release IS NULL AND la_code = $1 AND status <> 'CLOSED'",
      [code],
    );
    const told = await ask(`localAuthority: "${code}"`);
    const made = await comparisonsOf(
      tables,
      [code],
      schools.map(({ urn }) => urn),
    );
    agrees(told, made);
    expect(told.places).toBe(schools.length + 1);
    expect(told.beyondChance).toBeGreaterThan(5);
    expect(new Set(told.changes.map(({ kind }: { kind: string }) => kind)).size).toBe(3);
  });

  it('has a trust as the sum of the schools that publish both periods, and the schools', async () => {
    const [{ uid }] = await tables.rows(
      `SELECT group_uid AS uid FROM group_membership m JOIN establishment_group g ON g.uid = m.group_uid AND g.to_release IS NULL
       WHERE m.to_release IS NULL AND m.group_type_code = '06' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    );
    const schools = await tables.rows(
      'SELECT DISTINCT m.urn::text FROM group_membership m JOIN school s ON s.urn = m.urn AND s.to_release IS NULL WHERE m.group_uid = $1 AND m.to_release IS NULL',
      [uid],
    );
    const told = await ask(`trust: "${uid}"`);
    agrees(
      told,
      await comparisonsOf(
        tables,
        [],
        schools.map(({ urn }) => urn),
        uid,
      ),
    );
  });

  it('controls for as many comparisons as are asked for: fewer questions, smaller adjusted values', async () => {
    const one = await ask(`codes: ["${code}"], indicators: ["suspension-rate"]`);
    const all = await ask(`codes: ["${code}"]`);
    expect(one.tests).toBeLessThanOrEqual(3);
    const ofOne = new Map(
      one.changes.map((change: { id: string; adjustedP: number }) => [change.id, change.adjustedP]),
    );
    const shared = all.changes.filter(({ id }: { id: string }) => ofOne.has(id));
    for (const { id, adjustedP } of shared)
      expect(adjustedP).toBeGreaterThanOrEqual(Number(ofOne.get(id)) * 0.999);
  });

  it('has only what releases brought since a day, and cites them', async () => {
    const [{ day }] = await tables.rows(
      `SELECT r.published_on::text AS day FROM release r JOIN data_set d ON d.number = r.data_set_number WHERE d.id = 'ehc-plans-timeliness'`,
    );
    const told = await ask(`codes: ["${code}"], since: "${day}"`);
    expect(told.tests).toBeGreaterThan(0);
    for (const { release } of told.changes) expect(release.publishedOn >= day).toBe(true);
    expect((await ask(`codes: ["${code}"], since: "2100-01-01"`)).tests).toBe(0);
    expect((await ask(`codes: ["${code}"]`)).tests).toBeGreaterThanOrEqual(told.tests);
  });

  it('knows which way is better, and compares a period with the one before or with its neighbours’ own', async () => {
    const { changes } = await ask(`localAuthority: "${code}"`);
    for (const { kind, indicator, difference, isBetter, to, from } of changes) {
      const { polarity } = INDICATORS.get(indicator.id)!;
      expect(isBetter).toBe(
        polarity === 'NONE' ? null : polarity === 'HIGH' ? difference > 0 : difference < 0,
      );
      const years = [to, from].map(({ period }) => Number(period.startsOn.slice(0, 4)));
      expect(years[0]! - years[1]!).toBe(kind === 'MOVEMENT' ? 1 : 0);
    }
  });

  it('as a table says in each row what is measured', async () => {
    const { data } = await graph.ask(
      '{ changes(codes: ["301", "302", "303"], first: 100) { changes { indicator { id } why } } }',
    );
    const told = data.changes.changes as { indicator: { id: string }; why: string }[];
    const taken = await takeCsv(
      graph,
      '{ changes(codes: ["301", "302", "303"], first: 100) { changes { indicatorId why } } }',
    );
    expect(new Set(told.map(({ indicator }) => indicator.id)).size).toBeGreaterThan(1);
    expect(taken).toEqual([['indicatorId', 'why'], ...told.map(({ indicator, why }) => [indicator.id, why])]);
  });

  it('refuses what is asked wrongly, saying what there is, and tells what is not there', async () => {
    const message = async (args: string) =>
      (await graph.ask(`{ changes(${args}) { tests } }`)).errors?.[0]?.message;
    expect(await message('first: 1')).toContain('localAuthority (888)');
    for (const none of ['codes: []', 'urns: []', 'codes: [], urns: []'])
      expect(await message(none)).toContain('localAuthority (888)');
    expect(await message('urns: [999999], codes: []')).toBeUndefined();
    expect(await message('urns: [999999], indicators: []')).toContain('Leave it out');
    expect(await message('codes: ["x"]')).toContain('3-digit');
    expect(await message('urns: [1]')).toContain('six digits');
    expect(await message('urns: [999999], first: 101')).toContain('between 0 and 100');
    expect(await message('urns: [999999], indicators: ["headcount"]')).toContain('suspension-rate');
    expect(await message('urns: [999999], indicators: ["suspension-rat"]')).toContain('suspension-rate');
    expect((await ask('codes: ["301"], urns: [999999]')).unknown).toEqual(['999999']);
  });
});

describe('on a sample whose releases are other', () => {
  let database: OwnDatabase;
  let graph: RunningGraph;
  beforeAll(async () => {
    database = await ownDatabase('sample');
    const tables = await openTables(database.url);
    const without = (dataSet: string, years: string) =>
      tables.rows(
        `WITH gone AS (DELETE FROM coverage c USING data_set d, period y WHERE d.number = c.data_set_number AND y.id = c.period_id
           AND d.id = '${dataSet}' AND extract(year FROM y.starts_on) ${years} RETURNING 1) SELECT count(*) FROM gone`,
      );
    // Requests end in 2023, at the break; of exclusions the last year but one is missing.
    await without('ehc-requests', '> 2023');
    await without('suspensions-and-permanent-exclusions', '= 2023');
    await tables.close();
    graph = await startGraph(database.url);
  });
  afterAll(async () => {
    await graph.close();
    await database.drop();
  });
  const kinds = async (indicator: string) => {
    const { data, errors } = await graph.ask(`{ localAuthorities(first: 100) { nodes { code } } }`);
    expect(errors).toBeUndefined();
    const codes = data.localAuthorities.nodes.map((node: { code: string }) => `"${node.code}"`);
    const told = await graph.ask(
      `{ changes(codes: [${codes}], indicators: ["${indicator}"], first: 100) { tests tooFew withoutFigures changes { kind } } }`,
    );
    return told.data.changes;
  };

  it('compares nothing across a break', async () => {
    const told = await kinds('ehc-request-refusal-rate');
    expect(told.tests + told.tooFew + told.withoutFigures).toBeGreaterThan(0);
    expect(told.changes.filter(({ kind }: { kind: string }) => kind === 'MOVEMENT')).toEqual([]);
    const other = await kinds('ehc-plans-within-20-weeks-rate');
    expect(other.tests).toBeGreaterThan(told.tests);
  });

  it('compares no periods that do not follow each other', async () => {
    const told = await kinds('suspension-rate');
    expect(told.tests).toBeGreaterThan(0);
    expect(told.changes.filter(({ kind }: { kind: string }) => kind === 'MOVEMENT')).toEqual([]);
  });
});
