/** A filter keeps exactly the rows that a plain WHERE keeps. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

const DATABASES = hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const);

describe.each(DATABASES)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
  });
  afterAll(async () => {
    await graph.close();
    await tables.close();
  });

  async function both(args: string, key: string, table: string, where: string, order: string) {
    const list =
      table === 'school' ? 'schools' : table === 'establishment_group' ? 'trusts' : 'localAuthorities';
    const { data, errors } = await graph.ask(
      `{ list: ${list}(first: 100, ${args}) { totalCount nodes { ${key} } } }`,
    );
    expect(errors).toBeUndefined();
    const rows = await tables.rows(`SELECT ${key} AS key FROM ${table} t WHERE ${where} ORDER BY ${order}`);
    expect(data.list.totalCount).toBe(rows.length);
    expect(data.list.nodes.map((node: Record<string, unknown>) => node[key])).toEqual(
      rows.slice(0, 100).map((row) => row.key),
    );
    return rows.length;
  }

  const trustTypes = "t.to_release IS NULL AND t.type_code IN ('06', '10')";
  const HELD = '(SELECT count(*) FROM group_membership m WHERE m.to_release IS NULL AND m.group_uid = t.uid)';
  const held = (uid: string) =>
    `t.urn IN (SELECT urn FROM group_membership WHERE to_release IS NULL AND group_uid = ${uid})`;

  it.each([
    ['filter: { status: [OPEN] }', "t.status = 'OPEN'"],
    ['filter: { status: [CLOSED, PROPOSED_TO_OPEN] }', "t.status IN ('CLOSED', 'PROPOSED_TO_OPEN')"],
    ['filter: { phase: [PRIMARY] }', "t.phase = 'PRIMARY'"],
    ['filter: { phase: [SECONDARY, ALL_THROUGH] }', "t.phase IN ('SECONDARY', 'ALL_THROUGH')"],
    ['filter: { typeGroup: [ACADEMIES, FREE_SCHOOLS] }', "t.type_group IN ('ACADEMIES', 'FREE_SCHOOLS')"],
    ['filter: { localAuthority: ["891"] }', "t.la_code = '891'"],
    ['filter: { localAuthority: ["891", "330"] }', "t.la_code IN ('891', '330')"],
    [
      'filter: { region: ["E12000004"] }',
      "t.la_code IN (SELECT code FROM local_authority WHERE region_code = 'E12000004')",
    ],
    ['filter: { nameContains: "ACADEMY" }', "t.name ILIKE '%academy%'"],
    ['filter: { nameContains: "ST " }', "t.name ILIKE '%st %'"],
    [
      'filter: { nameContains: "church of england", phase: [PRIMARY], status: [OPEN], region: ["E12000008"] }',
      "t.name ILIKE '%church of england%' AND t.phase = 'PRIMARY' AND t.status = 'OPEN' AND t.la_code IN (SELECT code FROM local_authority WHERE region_code = 'E12000008')",
    ],
    [
      'filter: { status: null, phase: null, typeGroup: null, localAuthority: null, region: null, trust: null, nameContains: null }',
      'true',
    ],
    [
      'filter: { type: ["34", "community SCHOOL"] }',
      "t.type_name IN ('Academy converter', 'Community school')",
    ],
    ['filter: { gender: [GIRLS, BOYS] }', "t.gender IN ('GIRLS', 'BOYS')"],
    ['filter: { religiousCharacter: "roman catholic" }', "t.religious_character = 'Roman Catholic'"],
    ['filter: { admissionsPolicy: [SELECTIVE] }', "t.admissions_policy = 'SELECTIVE'"],
    ['filter: { sixthForm: [HAS_SIXTH_FORM] }', "t.official_sixth_form = 'HAS_SIXTH_FORM'"],
    ['filter: { rurality: [RURAL] }', "t.urban_rural LIKE '%Rural%'"],
    [
      'filter: { rurality: [RURAL, URBAN] }',
      "(t.urban_rural LIKE '%Rural%' OR t.urban_rural LIKE '%Urban%')",
    ],
    ['filter: { lowAge: { min: 11 }, highAge: { max: 16 } }', 't.low_age >= 11 AND t.high_age <= 16'],
    ['filter: { lowAge: {} }', 't.low_age IS NOT NULL'],
    ['filter: { takesAge: 4 }', 't.low_age <= 4 AND t.high_age >= 4'],
    ['filter: { numberOfPupils: { min: 200, max: 210 } }', 't.number_of_pupils BETWEEN 200 AND 210'],
    ['filter: {}', 'true'],
    ['filter: null', 'true'],
    ['urns: null', 'true'],
  ])('schools(%s)', async (args, where) => {
    expect(await both(args, 'urn', 'school', `t.to_release IS NULL AND ${where}`, 'urn')).toBeGreaterThan(0);
  });

  it.each([
    ['filter: { status: [] }'],
    ['filter: { localAuthority: [] }'],
    ['filter: { region: [] }'],
    ['filter: { trust: [] }'],
    ['filter: { gender: [] }'],
    ['filter: { takesAge: 100 }'],
    ['filter: { numberOfPupils: { min: 2, max: 1 } }'],
    ['urns: []'],
    // In a pattern these would match everything.
    ['filter: { nameContains: "%%%" }'],
    ['filter: { nameContains: "St_Mary" }'],
    ['filter: { nameContains: "\\\\\\\\\\\\" }'],
  ])('schools(%s) is none', async (args) => {
    const { data, errors } = await graph.ask(`{ schools(${args}) { totalCount nodes { urn } } }`);
    expect(errors).toBeUndefined();
    expect(data.schools).toEqual({ totalCount: 0, nodes: [] });
  });

  it.each([
    ['schools(filter: { nameContains: "St" })', /^filter.nameContains: .* 3 characters/],
    ['trusts(filter: { nameContains: "%" })', /^filter.nameContains/],
    ['localAuthorities(filter: { nameContains: "é" })', /^filter.nameContains/],
    ['schools(filter: { type: ["34", "99"] })', /^the 2nd of filter.type: .* 01 \(Community school\), 02/],
    [
      'schools(filter: { religiousCharacter: ["Pastafarian"] })',
      /^filter.religiousCharacter: .* Church of England/,
    ],
    ['schools(filter: { indicator: { id: "no-such" } })', /^filter.indicator.id: there is no indicator/],
    [
      'schools(filter: { indicator: { id: "suspension-rate", period: "1066" } })',
      /^filter.indicator.period: .* has no such period/,
    ],
    [
      'trusts(filter: { indicator: { id: "suspension-rate", breakdown: "no such" } })',
      /^filter.indicator.breakdown: .* has no breakdown/,
    ],
    [
      `schools(filter: { indicator: [${'{ id: "suspension-rate" } '.repeat(6)}] })`,
      /^filter.indicator: 6 entries are more than a list may have: 5/,
    ],
  ])('%s is refused', async (list, message) => {
    const { errors } = await graph.ask(`{ ${list} { totalCount } }`);
    expect(errors).toHaveLength(1);
    expect(errors![0]!.message).toMatch(message);
  });

  it('schools(filter: { trust }) are the schools that the trust lists', async () => {
    const [{ uid }] = await tables.rows(
      "SELECT group_uid AS uid FROM group_membership WHERE to_release IS NULL AND group_type_code = '06' GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1",
    );
    expect(
      await both(
        `filter: { trust: "${uid}" }`,
        'urn',
        'school',
        `t.to_release IS NULL AND ${held(`'${uid}'`)}`,
        'urn',
      ),
    ).toBeGreaterThan(5);
    const { data } = await graph.ask(
      `{ trust(uid: "${uid}") { schools(first: 100) { totalCount nodes { urn } } } schools(first: 100, filter: { trust: "${uid}" }) { totalCount nodes { urn } } }`,
    );
    expect(data.trust.schools).toEqual(data.schools);
  });

  it('a filter below a place narrows that place’s schools', async () => {
    const { data } = await graph.ask(`{
      region(code: "E12000004") { schools(filter: { phase: [ALL_THROUGH, SECONDARY] }) { totalCount } }
      localAuthority(code: "891") { schools(filter: { status: [OPEN], localAuthority: ["330"] }) { totalCount } } }`);
    const [{ n }] = await tables.rows(
      "SELECT count(*)::int AS n FROM school WHERE to_release IS NULL AND phase IN ('ALL_THROUGH', 'SECONDARY') AND la_code IN (SELECT code FROM local_authority WHERE region_code = 'E12000004')",
    );
    expect(data.region.schools.totalCount).toBe(n);
    expect(data.localAuthority.schools.totalCount).toBe(0);
  });

  it.each([
    ['filter: { status: [OPEN] }', "t.status = 'OPEN'"],
    ['filter: { type: [MULTI_ACADEMY_TRUST] }', "t.type_code = '06'"],
    [
      'filter: { type: [SINGLE_ACADEMY_TRUST], nameContains: "trust" }',
      "t.type_code = '10' AND t.name ILIKE '%trust%'",
    ],
    [
      'filter: { region: ["E12000004", "E12000008"] }',
      `EXISTS (SELECT FROM group_membership m JOIN school s USING (urn) JOIN local_authority a ON a.code = s.la_code
        WHERE m.to_release IS NULL AND s.to_release IS NULL AND m.group_uid = t.uid AND a.region_code IN ('E12000004', 'E12000008'))`,
    ],
    [
      'filter: { localAuthority: ["891", "330"] }',
      `EXISTS (SELECT FROM group_membership m JOIN school s USING (urn)
        WHERE m.to_release IS NULL AND s.to_release IS NULL AND m.group_uid = t.uid AND s.la_code IN ('891', '330'))`,
    ],
    ['filter: { numberOfSchools: { min: 5, max: 8 } }', `${HELD} BETWEEN 5 AND 8`],
    ['filter: { numberOfSchools: { max: 0 } }', `${HELD} = 0`],
    ['filter: null', 'true'],
    ['filter: { status: null, type: null, nameContains: null }, uids: null', 'true'],
  ])('trusts(%s)', async (args, where) => {
    expect(
      await both(args, 'uid', 'establishment_group', `${trustTypes} AND ${where}`, 'name, uid'),
    ).toBeGreaterThan(0);
  });

  it('trusts(filter: { reach }) are those that a ranking of the same reaches has, and others that have no figure', async () => {
    const { data } = await graph.ask(`{
      all: trusts(first: 0) { totalCount }
      reached: trusts(first: 0, filter: { reach: [STANDALONE, ONE_LOCAL_AUTHORITY, ONE_REGION, SEVERAL_REGIONS] }) { totalCount }
      beyond: trusts(first: 100, filter: { reach: [ONE_REGION, SEVERAL_REGIONS] }) { totalCount nodes { schools(first: 100) { nodes { localAuthority { code } } } } } }`);
    expect(data.reached.totalCount).toBeGreaterThan(data.beyond.totalCount);
    expect(data.all.totalCount).toBeGreaterThanOrEqual(data.reached.totalCount);
    expect(data.beyond.nodes.length).toBeGreaterThan(5);
    for (const { schools } of data.beyond.nodes) {
      const codes = schools.nodes.map(
        (school: { localAuthority: { code: string } | null }) => school.localAuthority?.code,
      );
      expect(new Set(codes).size).toBeGreaterThan(1);
    }
  });

  it('trusts(uids:) keeps those pasted, in whatever order, and passes over what is none', async () => {
    const uids = (
      await tables.rows(
        `SELECT uid FROM establishment_group t WHERE ${trustTypes} ORDER BY md5(uid) LIMIT 30`,
      )
    ).map(({ uid }) => uid);
    const list = JSON.stringify([...uids, uids[0], '0', '99999999']);
    expect(
      await both(
        `uids: ${list}`,
        'uid',
        'establishment_group',
        `t.to_release IS NULL AND t.uid IN (${uids.map((uid) => `'${uid}'`)})`,
        'name, uid',
      ),
    ).toBe(30);
  });

  it('a trust is a trust: sponsors, federations and other groups are not among them', async () => {
    const others = await tables.rows(
      "SELECT DISTINCT ON (type_code) uid, type_code FROM establishment_group WHERE to_release IS NULL AND type_code NOT IN ('06', '10')",
    );
    for (const { uid } of others) {
      const { data, errors } = await graph.ask(
        `{ trust(uid: "${uid}") { name } trusts(uids: ["${uid}"]) { totalCount } }`,
      );
      expect(errors).toBeUndefined();
      expect(data).toEqual({ trust: null, trusts: { totalCount: 0 } });
    }
  });

  it.each([
    ['filter: { type: [COUNTY] }', "t.gss_code LIKE 'E10%'"],
    ['filter: { type: [LONDON_BOROUGH, COUNTY], region: ["E12000007"] }', "t.gss_code LIKE 'E09%'"],
    ['filter: { region: ["E12000004", "E12000008"] }', "t.region_code IN ('E12000004', 'E12000008')"],
    ['filter: { nameContains: "SHIRE" }', "t.name ILIKE '%shire%'"],
    ['filter: {}', 'true'],
  ])('localAuthorities(%s)', async (args, where) => {
    expect(
      await both(args, 'code', 'local_authority', `t.closed_on IS NULL AND ${where}`, 'name, code'),
    ).toBeGreaterThan(0);
  });

  it('localAuthorities(codes:) takes 3-digit and GSS codes, each authority once', async () => {
    const rows = await tables.rows(
      'SELECT code, gss_code FROM local_authority WHERE gss_code IS NOT NULL ORDER BY md5(code) LIMIT 40',
    );
    const codes = [...rows.map(({ code }) => code), ...rows.slice(0, 20).map(({ gss_code }) => gss_code)];
    const { data, errors } = await graph.ask(
      'query ($codes: [String!]) { localAuthorities(codes: $codes, first: 100) { totalCount nodes { code } } }',
      { codes },
    );
    expect(errors).toBeUndefined();
    expect(data.localAuthorities.totalCount).toBe(40);
    expect(data.localAuthorities.nodes.map(({ code }: { code: string }) => code).sort()).toEqual(
      rows.map(({ code }) => code).sort(),
    );
  });

  it('localAuthority(code:) is the same by its 3-digit code and by every GSS code that it has had', async () => {
    const rows = await tables.rows(
      "SELECT DISTINCT code, gss_code FROM local_authority_code WHERE to_release IS NULL AND gss_code ~ '^E'",
    );
    expect(rows.length).toBeGreaterThan(150);
    for (const { code, gss_code } of rows.filter((_row, at) => at % 5 === 0)) {
      const { data } = await graph.ask(
        'query ($code: String!, $gss: String!) { one: localAuthority(code: $code) { code } other: localAuthority(code: $gss) { code } }',
        { code, gss: gss_code },
      );
      expect(data).toEqual({ one: { code }, other: { code } });
    }
  });

  it('lists the local authorities of today, of a region, or of all time', async () => {
    expect(await both('', 'code', 'local_authority', 't.closed_on IS NULL', 'name, code')).toBeGreaterThan(
      150,
    );
    expect(
      await both(
        'region: "E12000007"',
        'code',
        'local_authority',
        "t.closed_on IS NULL AND t.region_code = 'E12000007'",
        'name, code',
      ),
    ).toBe(33);
    const all = await both('includeAbolished: true', 'code', 'local_authority', 'true', 'name, code');
    expect(all).toBeGreaterThan(
      await both('includeAbolished: false', 'code', 'local_authority', 't.closed_on IS NULL', 'name, code'),
    );
  });

  it('answers the same for a region by its list, by the filter and by its authorities', async () => {
    const { data } =
      await graph.ask(`{ region(code: "E12000004") { localAuthorities(first: 100) { totalCount nodes { code region { code } } } }
      localAuthorities(region: "E12000004", first: 100) { totalCount nodes { code region { code } } } }`);
    expect(data.region.localAuthorities).toEqual(data.localAuthorities);
    for (const { region } of data.localAuthorities.nodes) expect(region.code).toBe('E12000004');
  });
});
