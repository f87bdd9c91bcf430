/** What is searched for is found: by every code and name that it has, mistyped or not, the likest first, in one statement. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { issuedStatements } from './issued.js';
import { openTables, type Tables } from './tables.js';

const statements = issuedStatements();

interface Hit {
  score: number;
  matched: string;
  text: string;
  result: Record<string, string | number> & { __typename: string };
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
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

  const search = async (text: string, kinds: string[] | null = null, first = 20): Promise<Hit[]> => {
    const { data, errors } = await graph.ask(
      `query ($text: String!, $kinds: [SearchKind!], $first: Int!) { search(text: $text, kinds: $kinds, first: $first) { score matched text result {
        __typename ... on School { urn name } ... on Trust { uid name } ... on LocalAuthority { code name } ... on Region { code name } ... on Indicator { id name } ... on DataSet { id title } } } }`,
      { text, kinds, first },
    );
    expect(errors, text).toBeUndefined();
    return data.search;
  };
  const some = (columns: string, table: string, where: string, count = 12) =>
    tables.rows(
      `SELECT ${columns} FROM ${table} WHERE to_release IS NULL AND ${where} ORDER BY md5(${columns.split(',')[0]}::text) LIMIT ${count}`,
    );
  const isSchool = ({ urn }: { urn: number }, matched: string) =>
    expect.objectContaining({
      score: 1,
      matched,
      result: expect.objectContaining({ __typename: 'School', urn }),
    });
  const isTrust = ({ uid }: { uid: string }, matched: string) =>
    expect.objectContaining({
      score: 1,
      matched,
      result: expect.objectContaining({ __typename: 'Trust', uid }),
    });

  it('a school by its URN, its LAESTAB with and without a slash, its UKPRN and its postcode', async () => {
    for (const school of await some(
      'urn, la_estab, ukprn, postcode',
      'school',
      "la_estab IS NOT NULL AND ukprn IS NOT NULL AND postcode ~ ' '",
    )) {
      const { urn, la_estab: laEstab, ukprn, postcode } = school;
      expect((await search(String(urn)))[0], urn).toEqual(isSchool(school, 'URN'));
      expect(await search(laEstab), laEstab).toContainEqual(isSchool(school, 'LAESTAB'));
      expect(await search(`${laEstab.slice(0, 3)}/${laEstab.slice(3)}`)).toEqual(await search(laEstab));
      expect(await search(ukprn), ukprn).toContainEqual(isSchool(school, 'UKPRN'));
      expect(await search(postcode, ['SCHOOL'], 100), postcode).toContainEqual(isSchool(school, 'POSTCODE'));
      expect(await search(postcode.replace(' ', '').toLowerCase(), null, 100)).toEqual(
        await search(postcode, null, 100),
      );
    }
  });

  it('the schools of the first part of a postcode, and of no other that begins alike', async () => {
    const [{ outward }] = await tables.rows(
      `SELECT split_part(postcode, ' ', 1) AS outward FROM school WHERE to_release IS NULL AND postcode ~ '^[A-Z]+[0-9]+ ' GROUP BY 1
       HAVING count(*) BETWEEN 1 AND 60 ORDER BY length(split_part(postcode, ' ', 1)), count(*) DESC, 1 LIMIT 1`,
    );
    const wanted = await tables.rows(
      "SELECT urn FROM school WHERE to_release IS NULL AND split_part(postcode, ' ', 1) = $1 ORDER BY urn",
      [outward],
    );
    const hits = await search(outward, ['SCHOOL'], 100);
    expect(hits.map(({ result }) => result.urn).sort()).toEqual(wanted.map(({ urn }) => urn));
    for (const { matched, score } of hits) expect([matched, score]).toEqual(['POSTCODE', 0.9]);
  });

  it('the schools of a sector, and what is labelled', async () => {
    const [{ sector }] = await tables.rows(
      `SELECT left(postcode, -2) AS sector FROM school WHERE to_release IS NULL AND postcode ~ '^[A-Z]+[0-9] [0-9]' GROUP BY 1
       HAVING count(*) < 60 ORDER BY count(*) DESC, 1 LIMIT 1`,
    );
    const wanted = await tables.rows(
      'SELECT urn FROM school WHERE to_release IS NULL AND left(postcode, -2) = $1 ORDER BY urn',
      [sector],
    );
    const ofSector = (await search(sector, ['SCHOOL'], 100)).filter(({ matched }) => matched === 'POSTCODE');
    expect(ofSector.map(({ result }) => result.urn).sort()).toEqual(wanted.map(({ urn }) => urn).sort());
    const [{ urn, la_estab: laEstab }] = await some('urn, la_estab', 'school', 'la_estab IS NOT NULL');
    expect(await search(`URN ${urn}`)).toEqual(await search(String(urn)));
    expect(await search(`LAESTAB: ${laEstab}`)).toEqual(await search(laEstab));
  });

  it('a local authority by what it calls itself, and an indicator by what people call it', async () => {
    for (const { name } of await tables.rows(
      'SELECT name FROM local_authority WHERE closed_on IS NULL ORDER BY md5(code) LIMIT 5',
    ))
      for (const text of [`${name} Council`, `London Borough of ${name}`, `${name} LA`])
        expect((await search(text, ['LOCAL_AUTHORITY']))[0], text).toMatchObject({
          score: 0.95,
          result: { name },
        });
    expect((await search('EHCPs', ['INDICATOR']))[0]!.result.id).toBe('ehc-plans');
    expect((await search('fixed-term exclusions', ['INDICATOR']))[0]!.result.id).toBe('suspensions');
    const { data } = await graph.ask('{ indicators(search: "expulsion") { id } }');
    expect(data.indicators.map(({ id }: { id: string }) => id)).toContain('permanent-exclusions');
  });

  it('a trust by its UID, group id, company number and UKPRN', async () => {
    const type = "type_code IN ('06', '10')";
    for (const trust of await some(
      'uid, group_id, company_number, ukprn',
      'establishment_group',
      `${type} AND company_number ~ '^[0-9]{8}$' AND ukprn IS NOT NULL AND group_id LIKE 'TR%'`,
    )) {
      expect(await search(trust.uid)).toContainEqual(isTrust(trust, 'UID'));
      expect(await search(trust.group_id)).toContainEqual(isTrust(trust, 'GROUP_ID'));
      expect(await search(trust.company_number)).toContainEqual(isTrust(trust, 'COMPANY_NUMBER'));
      // Written without the zeros before it, as spreadsheets leave it.
      expect(await search(String(Number(trust.company_number)))).toContainEqual(
        isTrust(trust, 'COMPANY_NUMBER'),
      );
      expect(await search(trust.ukprn)).toContainEqual(isTrust(trust, 'UKPRN'));
    }
  });

  it('a local authority by its code, by every GSS code that it has had, and a region by its own', async () => {
    for (const { code, gss_code } of await some(
      'gss_code, code',
      'local_authority_code',
      "gss_code LIKE 'E%' AND code IN (SELECT code FROM local_authority)",
    )) {
      const isIt = expect.objectContaining({
        score: 1,
        result: expect.objectContaining({ __typename: 'LocalAuthority', code }),
      });
      expect((await search(code))[0]).toEqual(isIt);
      expect(await search(gss_code)).toEqual([isIt]);
    }
    expect(await search('E12000007')).toMatchObject([
      { score: 1, matched: 'GSS_CODE', result: { name: 'London' } },
    ]);
  });

  it('whatever has the very name first, whatever its case, points and accents', async () => {
    const schools = await some('urn, name', 'school', "status = 'OPEN' AND length(name) > 12");
    for (const { name } of schools) {
      const [best] = await search(name, ['SCHOOL']);
      expect(best, name).toMatchObject({ score: 1, matched: 'NAME' });
      expect((await search(name.toUpperCase().replace(/['’.]/g, ''), ['SCHOOL']))[0]).toEqual(best);
    }
    for (const { name } of await tables.rows(
      'SELECT name FROM local_authority WHERE closed_on IS NULL ORDER BY md5(code) LIMIT 25',
    ))
      expect((await search(name))[0]!, name).toMatchObject({
        score: 1,
        result: { __typename: expect.stringMatching(/LocalAuthority|Region/) },
      });
  });

  it('a school whose longest word is mistyped', async () => {
    const schools = await tables.rows(
      `SELECT urn, name FROM school s WHERE to_release IS NULL AND status = 'OPEN' AND name ~ '^[A-Za-z ]+$'
         AND (SELECT max(length(w)) FROM regexp_split_to_table(name, ' ') w) >= 8
         AND (SELECT count(*) FROM school o WHERE o.to_release IS NULL AND o.name = s.name) = 1 ORDER BY md5(urn::text) LIMIT 25`,
    );
    expect(schools).toHaveLength(25);
    for (const { urn, name } of schools) {
      const longest = name.split(' ').sort((a: string, b: string) => b.length - a.length)[0] as string;
      const at = Math.floor(longest.length / 2);
      const mistyped = [
        longest.slice(0, at) + longest.slice(at + 1),
        `${longest.slice(0, at)}${longest[at + 1]}${longest[at]}${longest.slice(at + 2)}`,
        `${longest.slice(0, at)}q${longest.slice(at + 1)}`,
      ];
      for (const wrong of mistyped) {
        const hits = await search(name.replace(longest, wrong), ['SCHOOL'], 10);
        expect(
          hits.map(({ result }) => result.urn),
          name.replace(longest, wrong),
        ).toContain(urn);
      }
    }
  });

  it('the school that another became, by the name of the other', async () => {
    const rows = await tables.rows(
      `SELECT s.urn, p.name FROM school_lineage l JOIN school p ON p.urn = l.predecessor_urn AND p.to_release IS NULL
       JOIN school s ON s.urn = l.successor_urn AND s.to_release IS NULL AND s.status = 'OPEN'
       WHERE p.name ~ '^[A-Za-z ]{14,}$' AND lower(p.name) <> lower(s.name) AND (SELECT count(*) FROM school o WHERE o.to_release IS NULL AND o.name = p.name) = 1
       ORDER BY md5(s.urn::text) LIMIT 8`,
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { urn, name } of rows) {
      const hit = (await search(name, ['SCHOOL'], 100)).find(({ result }) => result.urn === urn);
      expect(hit, name).toMatchObject({ matched: 'PREDECESSOR_NAME', text: name, score: 0.9 });
    }
  });

  it('indicators and data sets, by id, by name and by what defines them', async () => {
    expect((await search('suspension-rate'))[0]).toMatchObject({
      score: 1,
      matched: 'ID',
      result: { __typename: 'Indicator', id: 'suspension-rate', name: 'Suspension rate' },
    });
    expect((await search('suspensoin raet', ['INDICATOR']))[0]!.result.id).toBe('suspension-rate');
    expect((await search('gias-establishments', ['DATA_SET']))[0]).toMatchObject({
      matched: 'ID',
      result: {
        __typename: 'DataSet',
        id: 'gias-establishments',
        title: 'Get Information about Schools: establishments',
      },
    });
    const { data } = await graph.ask(
      '{ search(text: "absence rate", kinds: [INDICATOR, DATA_SET], first: 3) { result { ... on Indicator { name unit dataSet { id } } ... on DataSet { publisher release { sha256 } } } } indicators(search: "suspensoin raet", first: 1) { id } }',
    );
    expect(data.search[0].result).toMatchObject({ unit: 'PERCENT', dataSet: { id: expect.any(String) } });
    expect(data.indicators).toEqual([{ id: 'suspension-rate' }]);
  });

  it('the likest first, those of one score by whether they exist, kind, name and code; each once', async () => {
    for (const text of [
      'academy trust',
      which === 'real' ? 'manor' : 'sample',
      'church of england primary',
      'london',
    ]) {
      const hits = await search(text, null, 100);
      expect(hits.length, text).toBeGreaterThan(2);
      const scores = hits.map(({ score }) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
      for (const score of scores) {
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(1);
      }
      const keys = hits.map(({ result }) => JSON.stringify(result));
      expect(new Set(keys).size).toBe(keys.length);
      expect(await search(text, null, 100)).toEqual(hits);
      expect((await search(text, null, 7)).map(({ result }) => result)).toEqual(
        hits.slice(0, 7).map(({ result }) => result),
      );
    }
  });

  it('only what is of the kinds that are asked for, and nothing where nothing is like the text', async () => {
    for (const [kind, type] of [
      ['TRUST', 'Trust'],
      ['SCHOOL', 'School'],
      ['REGION', 'Region'],
    ] as const)
      for (const { result } of await search('london academy', [kind])) expect(result.__typename).toBe(type);
    expect(await search('qqqqqqqq wwwwwwww')).toEqual([]);
    expect(await search('academy', [])).toEqual([]);
    expect(await search('academy', null, 0)).toEqual([]);
  });

  it('takes one statement, however far one goes on from what is found', async () => {
    const query =
      '{ search(text: "academy", first: 10) { score result { __typename ... on School { name localAuthority { name } indicator(id: "suspension-rate") { latest { value } } } ... on Trust { name schools(first: 3) { totalCount } } ... on Place { place: name } } } }';
    const first = await graph.ask(query);
    statements.take();
    const { data, errors } = await graph.ask(query);
    expect(data).toEqual(first.data);
    expect(errors).toBeUndefined();
    expect(data.search).toHaveLength(10);
    expect(statements.take()).toHaveLength(1);
  });

  it('is taken away as a list, as far as it is of places', async () => {
    const query =
      '{ search(text: "academy", kinds: [SCHOOL, TRUST], first: 30) { score matched text result { ... on School { urn } ... on Trust { uid } } } }';
    const { data } = await graph.ask(query);
    const response = await fetch(`${graph.address}/graphql?${new URLSearchParams({ query })}`, {
      headers: { Accept: 'text/csv' },
    });
    const [header, ...lines] = (await response.text()).trimEnd().split('\r\n');
    expect(header).toBe('score,matched,text,result.uid,result.urn');
    expect(lines.map((line) => line.split(',').at(-1) || line.split(',').at(-2))).toEqual(
      data.search.map(({ result }: Hit) => String(result.urn ?? result.uid)),
    );
    const ofIndicators = await fetch(
      `${graph.address}/graphql?${new URLSearchParams({ query: '{ search(text: "academy") { result { ... on Indicator { id } } } }' })}`,
      { headers: { Accept: 'text/csv' } },
    );
    expect(ofIndicators.status).toBe(400);
    expect(await ofIndicators.text()).toContain('search.result.id cannot be taken away with a list');
  });

  it.each([
    ['text: "ab"', /^text: 3 letters or more/],
    ['text: ""', /^text: 3 letters or more/],
    ['text: "  - / "', /^text: 3 letters or more/],
    [`text: "${'x'.repeat(201)}"`, /^text: 201 characters are more .* 200/],
    ['text: "academy", first: 101', /^first: must be between 0 and 100/],
    ['text: "academy", first: -1', /^first: must be between 0 and 100/],
  ])('search(%s) is refused', async (args, message) => {
    const { errors } = await graph.ask(`{ search(${args}) { score } }`);
    expect(errors).toHaveLength(1);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors![0]!.message).toMatch(message);
  });
});
