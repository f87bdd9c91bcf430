/** An aggregate is a sum over a sum of schools' own rows, withheld ones make bounds, and every school is accounted for. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { issuedStatements } from './issued.js';
import { openTables, type Tables } from './tables.js';

const EXCLUSIONS = 'suspensions-and-permanent-exclusions';

/** Rows of schools in the newest period, each with its school: with no help of the graph. $1: data set, $2, $3: columns. */
const ROWS = `
  SELECT o.place_id, s.urn, s.la_code, s.phase, s.status, a.region_code,
    o.values[array_position(d.measures, $2)]::float8 AS counted, o.values[array_position(d.measures, $3)]::float8 AS base,
    o.raw ->> array_position(d.measures, $2)::text AS symbol
  FROM data_set d
  JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id AND p.level IN ('SCHOOL', 'LAESTAB')
  JOIN period e ON e.id = o.period_id
  LEFT JOIN school_place sp ON sp.place_id = o.place_id AND e.census_on BETWEEN sp.first_census AND sp.last_census
  LEFT JOIN school s ON s.urn = sp.urn AND s.to_release IS NULL
  LEFT JOIN local_authority a ON a.code = s.la_code
  WHERE d.id = $1 AND o.period_id = (
    SELECT c.period_id FROM coverage c JOIN period q ON q.id = c.period_id
    WHERE c.data_set_number = d.number AND c.level = 'SCHOOL' ORDER BY q.starts_on DESC LIMIT 1)`;

interface Row {
  urn: number | null;
  counted: number | null;
  base: number | null;
  symbol: string | null;
  phase: string | null;
  region_code: string | null;
  status: string;
}
interface Group {
  keys: { code: string | null }[];
  schools: number;
  schoolsWithFigures: number;
  schoolsWithheld: number;
  schoolsNotAvailable: number;
  schoolsWithoutRow: number;
  observation: Record<'value' | 'lower' | 'upper' | 'numerator' | 'denominator', number | null> & {
    status: string;
  };
}

const total = (numbers: (number | null)[]) => numbers.reduce<number>((sum, one) => sum + (one ?? 0), 0);
const COUNTS =
  'schools schoolsWithFigures schoolsWithheld schoolsNotAvailable schoolsWithoutRow openWithoutRow';
const GROUP = `{ keys { by code name } ${COUNTS} observation { value lower upper numerator denominator status } }`;

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  let rows: Row[];
  const issued = issuedStatements();
  const readsKinds = () => issued.take().some(({ text }) => text.includes('FROM school_kind'));
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    rows = await tables.rows(ROWS, [EXCLUSIONS, 'suspensions', 'headcount']);
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });
  const aggregate = async (args: string, fields: string) => {
    const { data, errors } = await graph.ask(`{ aggregate(${args}) { ${fields} } }`);
    expect(errors).toBeUndefined();
    return data.aggregate;
  };

  it('adds up the rows of each region and phase, with bounds for what is withheld', async () => {
    const { groups } = await aggregate(
      'indicator: "suspension-rate", groupBy: [REGION, PHASE]',
      `groups ${GROUP}`,
    );
    const ofGroup = new Map<string, Row[]>();
    for (const row of rows.filter(({ urn }) => urn !== null)) {
      const key = `${row.region_code} ${row.phase}`;
      ofGroup.set(key, [...(ofGroup.get(key) ?? []), row]);
    }
    const withRows = (groups as Group[]).filter(({ schoolsWithFigures }) => schoolsWithFigures > 0);
    expect(withRows).toHaveLength(ofGroup.size);
    for (const { keys, observation, schoolsWithFigures, schoolsWithheld } of withRows) {
      const expected = ofGroup.get(keys.map(({ code }) => String(code)).join(' '))!;
      const withheld = expected.filter(({ counted }) => counted === null);
      const base = total(expected.map((row) => row.base));
      const counted = total(expected.map((row) => row.counted));
      expect(schoolsWithFigures).toBe(new Set(expected.map(({ urn }) => urn)).size);
      expect(schoolsWithheld).toBe(new Set(withheld.map(({ urn }) => urn)).size);
      expect(observation.denominator).toBe(base);
      if (withheld.length === 0) {
        expect(observation).toMatchObject({ status: 'ACTUAL', numerator: counted, lower: null, upper: null });
        expect(observation.value).toBeCloseTo((100 * counted) / base, 9);
        continue;
      }
      expect(observation).toMatchObject({ status: 'SUPPRESSED', value: null, numerator: null });
      // In the published files "x" is one or two; of the sample nothing is known but that it is not less than nothing.
      const [least, most] = which === 'real' ? [1, 2] : [0, null];
      expect(observation.lower).toBeCloseTo((100 * (counted + least * withheld.length)) / base, 9);
      if (most === null) expect(observation.upper).toBeNull();
      else expect(observation.upper).toBeCloseTo((100 * (counted + most * withheld.length)) / base, 9);
    }
  });

  it('leaves no row and no school out: groups, rows that match no school, and schools without a row', async () => {
    const { groups, whole, groupCount, unmatched } = await aggregate(
      'indicator: "headcount", groupBy: [LOCAL_AUTHORITY]',
      `groups ${GROUP} whole: total ${GROUP} groupCount unmatched { rows observation { value } }`,
    );
    const { schools } = (await graph.ask('{ schools { totalCount } }')).data;
    expect(groups).toHaveLength(groupCount);
    expect(total((groups as Group[]).map((group) => group.schools))).toBe(schools.totalCount);
    for (const group of [...groups, whole] as Group[])
      expect(group.schoolsWithFigures + group.schoolsNotAvailable + group.schoolsWithoutRow).toBe(
        group.schools,
      );
    expect(unmatched.rows).toBe(rows.filter(({ urn }) => urn === null).length);
    const file = total(rows.map(({ base }) => base));
    expect(whole.observation.value + (unmatched.observation.value ?? 0)).toBe(file);
    expect(total((groups as Group[]).map(({ observation }) => observation.value))).toBe(
      whole.observation.value,
    );
    const authorities = await tables.rows(
      'SELECT DISTINCT la_code AS code FROM school WHERE to_release IS NULL ORDER BY 1 NULLS LAST',
    );
    expect((groups as Group[]).map(({ keys }) => keys[0]!.code)).toEqual(authorities.map(({ code }) => code));
  });

  it('comes to the same by kinds of schools and school by school', async () => {
    const fields = `period { code } groupCount total ${GROUP.replace(' openWithoutRow', '')} groups ${GROUP.replace(' openWithoutRow', '')}`;
    const withoutThose = (groups: Record<string, unknown>[]) =>
      groups.map(({ openWithoutRow: _one, explain: _other, ...rest }) => rest);
    let status = new Set<string>();
    for (const args of [
      'indicator: "suspension-rate", groupBy: [REGION, PHASE], filter: { status: [OPEN] }',
      'indicator: "suspensions", groupBy: [LOCAL_AUTHORITY]',
      'indicator: "permanent-exclusion-rate", groupBy: [STATUS, PROVIDER], filter: { region: ["E12000003"], phase: [PRIMARY] }',
      'indicator: "pupils-with-eal-rate", groupBy: [TYPE_GROUP, TYPE], filter: { typeGroup: [ACADEMIES, FREE_SCHOOLS] }',
      'indicator: "headcount", groupBy: [PHASE], filter: { localAuthority: ["319"] }',
    ]) {
      const byKinds = await aggregate(args, fields);
      expect(readsKinds()).toBe(true);
      // What is asked of each school has them read one by one.
      const bySchools = await aggregate(
        args,
        fields.replaceAll('schoolsWithoutRow', 'schoolsWithoutRow openWithoutRow'),
      );
      expect(readsKinds()).toBe(false);
      expect(byKinds.groups).toEqual(withoutThose(bySchools.groups));
      expect([byKinds.total]).toEqual(withoutThose([bySchools.total]));
      expect(byKinds.groupCount).toBe(bySchools.groupCount);
      expect(byKinds.groups.length).toBeGreaterThan(1);
      status = new Set([...status, ...byKinds.groups.map((group: Group) => group.observation.status)]);
    }
    // Among them groups that have a number, and groups of which some is withheld or nothing is there.
    expect(status.size).toBeGreaterThan(1);
  });

  it('adds up the rows of a breakdown', async () => {
    const [{ code, schools, counted }] = await tables.rows(
      `SELECT b.code, count(DISTINCT r.urn)::int AS schools, sum(r.base) AS counted FROM (${ROWS}) r
       JOIN observation o ON o.place_id = r.place_id AND o.to_release IS NULL JOIN data_set d ON d.number = o.data_set_number AND d.id = $1
       JOIN breakdown b ON b.id = o.breakdown_id AND b.id <> 0
       WHERE r.urn IS NOT NULL AND o.period_id = (SELECT c.period_id FROM coverage c JOIN period q ON q.id = c.period_id
         WHERE c.data_set_number = d.number AND c.level = 'SCHOOL' ORDER BY q.starts_on DESC LIMIT 1)
         AND NOT EXISTS (SELECT FROM school_in_parts i WHERE i.urn = r.urn)
       GROUP BY b.code ORDER BY 2 DESC LIMIT 1`,
      [EXCLUSIONS, 'suspensions', 'headcount'],
    );
    const { whole } = await aggregate(
      `indicator: "headcount", groupBy: [REGION], breakdown: "${code}"`,
      'whole: total { schoolsWithFigures observation { value } }',
    );
    const inParts = await tables.rows('SELECT urn FROM school_in_parts');
    expect(schools).toBeGreaterThan(5);
    expect(whole.schoolsWithFigures).toBeGreaterThanOrEqual(schools);
    expect(whole.schoolsWithFigures).toBeLessThanOrEqual(schools + inParts.length);
    if (inParts.length === 0) expect(whole.observation.value).toBe(counted);
    else expect(whole.observation.value).toBeGreaterThanOrEqual(counted);
  });

  it('takes the filter of schools', async () => {
    const filter = 'filter: { status: [OPEN], phase: [SECONDARY], region: ["E12000003"] }';
    const { whole } = await aggregate(
      `indicator: "suspension-rate", groupBy: [TYPE], ${filter}`,
      `whole: total ${GROUP}`,
    );
    const { schools } = (await graph.ask(`{ schools(${filter}) { totalCount } }`)).data;
    expect(whole.schools).toBe(schools.totalCount);
    const kept = rows.filter(
      ({ status, phase, region_code }) =>
        status === 'OPEN' && phase === 'SECONDARY' && region_code === 'E12000003',
    );
    expect(kept.length).toBeGreaterThan(0);
    expect(whole.observation.denominator).toBe(total(kept.map(({ base }) => base)));
  });

  it('names the rows behind a figure: they come to it', async () => {
    const [{ code }] = await tables.rows(
      `SELECT la_code AS code FROM school WHERE to_release IS NULL AND la_code IS NOT NULL GROUP BY 1
       HAVING count(*) BETWEEN 20 AND 100 ORDER BY count(*) DESC, 1 LIMIT 1`,
    );
    const { groups } = await aggregate(
      `indicator: "headcount", groupBy: [PHASE], filter: { localAuthority: ["${code}"] }`,
      'groups(first: 20) { schoolsWithFigures observation { value } few: explain(first: 1) { urn } explain(first: 100) { urn name isUsed observation { value status period { code } } } }',
    );
    const explained = groups.filter(({ explain }: { explain: unknown[] }) => explain.length > 0);
    expect(explained.length).toBeGreaterThan(0);
    for (const { explain, few, observation, schoolsWithFigures } of explained) {
      const values = explain.map((row: { observation: { value: number } }) => row.observation.value);
      expect(total(values)).toBe(observation.value);
      expect(values).toEqual(values.toSorted((one: number, other: number) => other - one));
      expect(new Set(explain.map(({ urn }: { urn: number }) => urn)).size).toBe(schoolsWithFigures);
      expect(few).toEqual([{ urn: explain[0].urn }]);
    }
  });

  it('knows the trust that holds a school now, and how far it reaches', async () => {
    const { groups } = await aggregate(
      'indicator: "headcount", groupBy: [TRUST, TRUST_REACH]',
      `groups(first: 5000) ${GROUP}`,
    );
    const [{ uid, held }] = await tables.rows(
      `SELECT group_uid AS uid, count(*)::int AS held FROM group_membership WHERE to_release IS NULL AND group_type_code = '06'
       GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`,
    );
    const [largest] = (groups as Group[]).filter(({ keys }) => keys[0]!.code === uid);
    expect(largest!.schools).toBe(held);
    const { trust } = (
      await graph.ask(
        `{ trust(uid: "${uid}") { indicator(id: "headcount") { latest { value } } schools(filter: { status: [OPEN] }, first: 100) { nodes { localAuthority { code region { code } } } } } }`,
      )
    ).data;
    expect(largest!.observation.value).toBe(trust.indicator.latest?.value ?? null);
    const regions = new Set(
      trust.schools.nodes.map(
        (node: { localAuthority: { region: { code: string } } | null }) => node.localAuthority?.region?.code,
      ),
    );
    regions.delete(undefined);
    if (regions.size > 1) expect(largest!.keys[1]!.code).toBe('SEVERAL_REGIONS');
    const alone = (groups as Group[]).filter(({ keys }) => keys[0]!.code === 'NONE');
    expect(alone.map(({ keys }) => keys.map(({ code }) => code))).toEqual([['NONE', 'NONE']]);
  });

  it('has what is not known as a group of its own, last, and rurality in one spelling', async () => {
    const { groups } = await aggregate('indicator: "headcount", groupBy: [RURALITY]', `groups ${GROUP}`);
    const spelled = await tables.rows(
      `SELECT replace(urban_rural, '(England/Wales) ', '') AS code, count(*)::int AS schools
       FROM school WHERE to_release IS NULL GROUP BY 1 ORDER BY 1 NULLS LAST`,
    );
    expect(
      (groups as Group[])
        .map(({ keys, schools }) => ({ code: keys[0]!.code, schools }))
        .toSorted((one, other) => (one.code ?? '~').localeCompare(other.code ?? '~')),
    ).toEqual(spelled.toSorted((one, other) => (one.code ?? '~').localeCompare(other.code ?? '~')));
    expect((groups as Group[]).at(-1)!.keys[0]).toMatchObject({ code: null, name: 'Not known' });
  });

  it('refuses what does not add up, and says what there is instead of what there is not', async () => {
    const refusal = async (args: string, fields = 'groupCount') => {
      const { errors } = await graph.ask(`{ aggregate(${args}) { ${fields} } }`);
      return `${errors?.[0]?.extensions.code}: ${errors?.[0]?.message}`;
    };
    expect(await refusal('indicator: "school-absence-rate", groupBy: [PHASE]')).toMatch(/^NOT_ADDITIVE: /);
    expect(await refusal('indicator: "ehc-plans", groupBy: [PHASE]')).toContain('suspension-rate');
    expect(await refusal('indicator: "suspensions", groupBy: [PHASE], period: "1901"')).toContain(
      'It has: 20',
    );
    expect(await refusal('indicator: "suspensions", groupBy: []')).toContain('[REGION, PHASE]');
    expect(await refusal('indicator: "suspensions", groupBy: [PHASE, PHASE]')).toContain('each once');
    expect(
      await refusal('indicator: "suspensions", groupBy: [PHASE]', 'groups { key(by: TRUST) { code } }'),
    ).toContain('PHASE');
    expect(
      await refusal('indicator: "suspensions", groupBy: [PHASE]', 'groups(first: 5001) { schools }'),
    ).toContain('5000');
  });
});

describe.skipIf(!hasRealFiles())('beside what is published', () => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
    tables = await openTables(loadedDatabase('real'));
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  it('a local authority that is gone, or was not yet, says so where it is a group', async () => {
    const { aggregate } = (
      await graph.ask(
        '{ aggregate(indicator: "suspension-rate", period: "2016/17", groupBy: [LOCAL_AUTHORITY, PHASE]) { groups { schools keys { code note } } } }',
      )
    ).data;
    const notes = new Map<string, string | null>();
    for (const { keys } of aggregate.groups) {
      notes.set(keys[0].code, keys[0].note);
      expect(keys[1].note).toBeNull();
    }
    expect(notes.get('928')).toMatch(/open on 2021-04-01 under 940, 941 .* only those that closed before/);
    expect(notes.get('940')).toMatch(/began on 2021-04-01.*without those that closed before under 928/);
    expect([...notes].filter(([, note]) => note !== null).map(([code]) => code)).toEqual([
      '835',
      '836',
      '837',
      '838',
      '839',
      '928',
      '940',
      '941',
    ]);
  });

  it('holds the published suspensions of 2016/17 within its bounds, with the rows that match no school', async () => {
    const { aggregate } = (
      await graph.ask(
        '{ aggregate(indicator: "suspensions", period: "2016/17", groupBy: [REGION]) { total { observation { lower upper } } unmatched { rows observation { lower upper } } groups { key(by: REGION) { code } observation { lower upper } } } }',
      )
    ).data;
    const published = await tables.rows(
      `SELECT a.region_code, sum(o.values[array_position(d.measures, 'suspensions')])::float8 AS suspensions
       FROM data_set d JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL AND o.breakdown_id = 0
       JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY' JOIN local_authority a ON a.code = p.code
       JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id AND dp.code = '201617'
       WHERE d.id = '${EXCLUSIONS}' GROUP BY 1`,
    );
    const all = total(published.map(({ suspensions }) => suspensions));
    expect(all).toBe(381_864);
    expect(aggregate.unmatched.rows).toBe(671);
    const bound = (which: 'lower' | 'upper') =>
      aggregate.total.observation[which] + aggregate.unmatched.observation[which];
    expect([bound('lower'), bound('upper')]).toEqual([380_674, 383_561]);
    // Region by region less is known: schools whose local authority the register does not have are a group of their own.
    for (const { region_code, suspensions } of published) {
      const group = aggregate.groups.find(({ key }: { key: { code: string } }) => key.code === region_code);
      expect(group.observation.lower).toBeLessThanOrEqual(suspensions);
    }
  });
});
