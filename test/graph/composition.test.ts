/**
 * Of which state-funded schools England, a region and a local authority are made on a day: the printed figures of the
 * Department, and every other one counted from the tables by types' names, not by the codes that the graph goes by.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from '../loading/loading.js';
import { ESTABLISHMENTS, SmallMirror } from '../loading/small-mirror.js';
import { openTables, type Tables } from './tables.js';

const COUNTS =
  'schools maintained academies freeSchools academyShare pupils pupilsInAcademies pupilsInAcademiesShare schoolsWithoutPupils';
const COMPOSITION = `{
  asAt soundFrom pupilsOn unclassified inTrustsBeyondShare
  total { ${COUNTS} }
  byPhase { phase ${COUNTS} byType { type schools pupils } }
  byTrustReach { reach trusts schools }
}`;
const PHASES = ['PRIMARY', 'SECONDARY', 'SPECIAL', 'ALTERNATIVE_PROVISION', 'NURSERY'];
const REACHES = ['STANDALONE', 'ONE_LOCAL_AUTHORITY', 'ONE_REGION', 'SEVERAL_REGIONS'];

/** Schools open on $1: s is the register's row, state_funded and counted_as by the names of types. */
const OPEN = `
  SELECT s.*, a.region_code, type_group IN ('ACADEMIES', 'FREE_SCHOOLS') AS is_academy, type_group = 'FREE_SCHOOLS' AS is_free,
    type_group IN ('ACADEMIES', 'FREE_SCHOOLS', 'LA_MAINTAINED_SCHOOLS') OR type_name IN ('Community special school', 'Foundation special school') AS state_funded,
    CASE WHEN type_name ~* 'special' THEN 'SPECIAL' WHEN type_name ~* 'alternative provision|pupil referral' THEN 'ALTERNATIVE_PROVISION'
      WHEN s.phase IN ('PRIMARY', 'MIDDLE_DEEMED_PRIMARY') THEN 'PRIMARY' WHEN s.phase = 'NURSERY' THEN 'NURSERY'
      WHEN s.phase IN ('SECONDARY', 'MIDDLE_DEEMED_SECONDARY', 'ALL_THROUGH', 'SIXTEEN_PLUS') THEN 'SECONDARY' END AS counted_as
  FROM school s LEFT JOIN local_authority a ON a.code = s.la_code
  WHERE s.to_release IS NULL AND s.status <> 'PROPOSED_TO_OPEN' AND coalesce(s.opened_on, '-infinity') <= $1::date
    AND coalesce(s.closed_on, CASE WHEN s.status = 'CLOSED' THEN '-infinity' ELSE 'infinity' END::date) > $1::date`;
const COUNTED = `SELECT * FROM (${OPEN}) o WHERE state_funded AND counted_as IS NOT NULL`;

type Row = Record<string, string | number | null>;
const numbers = (row: Row) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value !== null && /^[\d.]+$/.test(String(value)) ? Number(value) : value,
    ]),
  );

const SUMS = `count(*) AS schools, count(*) FILTER (WHERE NOT is_academy) AS maintained, count(*) FILTER (WHERE is_academy) AS academies,
  count(*) FILTER (WHERE is_free) AS "freeSchools", coalesce(sum(number_of_pupils), 0) AS pupils,
  coalesce(sum(number_of_pupils) FILTER (WHERE is_academy), 0) AS "pupilsInAcademies", count(*) - count(number_of_pupils) AS "schoolsWithoutPupils"`;

/** A composition as it must be, from the tables; `place` is SQL on a row of a school. */
async function counted(tables: Tables, day: string, place: string) {
  const rows = async (statement: string) => (await tables.rows(statement, [day])).map(numbers);
  // biome-ignore lint/suspicious/noExplicitAny: a row of counts
  const withShares = ({ ...row }: any) => ({
    ...row,
    academyShare: row.schools ? expect.closeTo((100 * row.academies) / row.schools, 9) : null,
    pupilsInAcademiesShare: row.pupils ? expect.closeTo((100 * row.pupilsInAcademies) / row.pupils, 9) : null,
  });
  const here = `(SELECT * FROM (${COUNTED}) c WHERE ${place})`;
  const [total] = await rows(`SELECT ${SUMS} FROM ${here} h`);
  const byPhase = await rows(`SELECT counted_as AS phase, ${SUMS} FROM ${here} h GROUP BY counted_as`);
  const byType = await rows(
    `SELECT counted_as, type_name, count(*) AS schools, coalesce(sum(number_of_pupils), 0) AS pupils FROM ${here} h GROUP BY 1, 2`,
  );
  // With one extract, a school is in the trust that it joined last; it has left it only by closing.
  const trusts = await rows(`
    WITH member AS (
      SELECT m.group_uid, o.* FROM (${OPEN}) o JOIN group_membership m ON m.urn = o.urn AND m.to_release IS NULL
        AND m.group_type_code IN ('06', '10', '11') AND (m.joined_on IS NULL OR m.joined_on <= $1::date)
      WHERE NOT EXISTS (SELECT FROM group_membership n WHERE n.urn = m.urn AND n.to_release IS NULL AND n.group_type_code IN ('06', '10', '11')
        AND n.joined_on <= $1::date AND n.joined_on > m.joined_on))
    SELECT group_uid, count(*) AS all_schools, count(DISTINCT la_code) AS authorities, count(DISTINCT region_code) AS regions,
      count(*) FILTER (WHERE state_funded AND counted_as IS NOT NULL AND (${place})) AS here FROM member GROUP BY group_uid`);
  // biome-ignore lint/suspicious/noExplicitAny: a row of counts
  const reachOf = ({ all_schools, authorities, regions }: any) =>
    REACHES[all_schools === 1 ? 0 : authorities < 2 ? 1 : regions < 2 ? 2 : 3];
  // biome-ignore lint/suspicious/noExplicitAny: rows of counts
  const schoolsOf = (some: any[]) => some.reduce((sum, { here: schools }) => sum + schools, 0);
  // biome-ignore lint/suspicious/noExplicitAny: rows of counts
  const present: any[] = trusts.filter(({ here: schools }) => Number(schools) > 0);
  const beyond = present.filter((trust) => trust.authorities > 1);
  const [{ unclassified }] = (await rows(
    `SELECT count(*) AS unclassified FROM (${OPEN}) o WHERE (${place}) AND (type_code IS NULL OR (state_funded AND counted_as IS NULL))`,
  )) as [{ unclassified: number }];
  return {
    asAt: day,
    unclassified,
    total: withShares(total),
    byPhase: PHASES.flatMap((phase) =>
      byPhase
        .filter((row) => row.phase === phase)
        .map((row) => ({
          ...withShares(row),
          byType: expect.toSatisfy(
            (types: Row[]) =>
              JSON.stringify([...types].sort(byName)) ===
                JSON.stringify(
                  byType
                    .filter(({ counted_as }) => counted_as === phase)
                    .map(({ type_name, schools, pupils }) => ({ type: type_name, schools, pupils }) as Row)
                    .sort(byName),
                ) &&
              types.every((type, at) => at === 0 || Number(types[at - 1]!.schools) >= Number(type.schools)),
          ),
        })),
    ),
    byTrustReach: REACHES.flatMap((reach) => {
      const of = present.filter((trust) => reachOf(trust) === reach);
      return of.length > 0 ? [{ reach, trusts: of.length, schools: schoolsOf(of) }] : [];
    }),
    inTrustsBeyondShare: total!.schools
      ? expect.closeTo((100 * schoolsOf(beyond)) / Number(total!.schools), 9)
      : null,
  };
}
const byName = (a: Row, b: Row) => (String(a.type) < String(b.type) ? -1 : 1);

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  let newest: string;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    const [row] = await tables.rows(
      `SELECT max(r.published_on)::text AS day FROM release r JOIN data_set d ON d.number = r.data_set_number WHERE d.id = 'gias-establishments'`,
    );
    newest = row.day;
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });
  const asked = async (place: string, argument = '') => {
    const { data, errors } = await graph.ask(`{ ${place} { composition${argument} ${COMPOSITION} } }`);
    expect(errors).toBeUndefined();
    return data[place.replace(/\(.*/, '')].composition;
  };
  const someAuthority = async () => {
    const [{ la_code }] = await tables.rows(
      `SELECT la_code FROM (${COUNTED}) c JOIN group_membership m USING (urn) GROUP BY la_code ORDER BY count(DISTINCT group_uid) DESC, la_code LIMIT 1`,
      [newest],
    );
    return la_code as string;
  };

  it.each([
    '2021-09-01',
    '2013-04-01',
    '1950-01-01',
  ])('England, a region and local authorities at %s', async (day) => {
    const at = `(asAt: "${day}")`;
    expect(await asked('england', at)).toMatchObject(await counted(tables, day, 'true'));
    expect(await asked('region(code: "E12000007")', at)).toMatchObject(
      await counted(tables, day, `region_code = 'E12000007'`),
    );
    for (const code of [await someAuthority(), '319', '909']) {
      if ((await tables.rows('SELECT FROM local_authority WHERE code = $1', [code])).length === 0) continue;
      expect(await asked(`localAuthority(code: "${code}")`, at), code).toMatchObject(
        await counted(tables, day, `la_code = '${code}'`),
      );
    }
  });

  it('without a day it is that of the newest extract, and of a later one the register cannot know', async () => {
    const now = await asked('england');
    expect(now).toMatchObject(await counted(tables, newest, 'true'));
    expect(now.total.schools).toBeGreaterThan(100);
    expect(await asked('england', `(asAt: "${newest}")`)).toEqual(now);
    const [{ next }] = await tables.rows('SELECT ($1::date + 1)::text AS next', [newest]);
    expect(await asked('england', `(asAt: "${next}")`)).toBeNull();
  });

  it('counts every pupil of the census that it names', async () => {
    const { pupilsOn, total } = await asked('england');
    const [{ census_on }] = await tables.rows(
      `SELECT mode() WITHIN GROUP (ORDER BY census_on DESC)::text AS census_on FROM (${COUNTED}) c WHERE number_of_pupils IS NOT NULL`,
      [newest],
    );
    expect(pupilsOn).toBe(census_on);
    expect(total.pupils).toBeGreaterThan(0);
  });

  it('England is the sum of its regions, and a region of its local authorities, those abolished too', async () => {
    const day = '2019-09-01';
    const part = `{ composition(asAt: "${day}") { unclassified total { schools academies pupils } byPhase { phase schools } } }`;
    const { data } = await graph.ask(`{ england ${part} regions ${part} region(code: "E12000008") ${part} }`);
    const authorities = await tables.rows(`SELECT code FROM local_authority WHERE region_code = 'E12000008'`);
    const parts = await Promise.all(
      authorities.map(
        async ({ code }) =>
          (await graph.ask(`{ localAuthority(code: "${code}") ${part} }`)).data.localAuthority,
      ),
    );
    // biome-ignore lint/suspicious/noExplicitAny: the answer of a question
    const sum = (places: any[], of: (one: any) => number | undefined) =>
      places.reduce((all, { composition }) => all + (of(composition) ?? 0), 0);
    // biome-ignore lint/suspicious/noExplicitAny: the answer of a question
    const facts: ((one: any) => number | undefined)[] = [
      ({ total }) => total.schools,
      ({ total }) => total.academies,
      ({ total }) => total.pupils,
      ...PHASES.map(
        (phase) =>
          // biome-ignore lint/suspicious/noExplicitAny: the answer of a question
          ({ byPhase }: any) =>
            // biome-ignore lint/suspicious/noExplicitAny: the answer of a question
            byPhase.find((one: any) => one.phase === phase)?.schools,
      ),
    ];
    for (const fact of facts) {
      expect(sum(data.regions, fact)).toBe(fact(data.england.composition) ?? 0);
      expect(sum(parts, fact)).toBe(fact(data.region.composition) ?? 0);
    }
    expect(data.england.composition.total.schools).toBeGreaterThan(100);
  });

  it('the day since which it is sound is the last on which too many types came to be known, or of the first closing', async () => {
    const { soundFrom } = await asked('england', '(asAt: "2000-01-01")');
    const share = async (day: string) => {
      const [row] = await tables.rows(
        `SELECT count(*) FILTER (WHERE type_code IS NULL) * 100.0 / count(*) AS share FROM (${OPEN}) o`,
        [day],
      );
      return Number(row.share);
    };
    const [{ before, first, days }] = await tables.rows(
      `SELECT ($1::date - 1)::text AS before, min(closed_on)::text AS first,
        (SELECT array_agg(d::date::text) FROM generate_series($1::date, $2::date, '3 months') d) AS days FROM school WHERE to_release IS NULL`,
      [soundFrom, newest],
    );
    for (const day of days) expect(await share(day), day).toBeLessThanOrEqual(5);
    if (soundFrom !== first) expect(await share(before)).toBeGreaterThan(5);
  });

  it('of a day before that one a note says that the register cannot know', async () => {
    const { soundFrom } = await asked('england', '(asAt: "2000-01-01")');
    const [{ before }] = await tables.rows('SELECT ($1::date - 1)::text AS before', [soundFrom]);
    const code = await someAuthority();
    for (const place of ['england', 'region(code: "E12000007")', `localAuthority(code: "${code}")`]) {
      const { data } = await graph.ask(
        `{ it: ${place} { before: composition(asAt: "${before}") { note } since: composition(asAt: "${soundFrom}") { note } } }`,
      );
      expect(data.it.before.note).toMatch(new RegExp(`^Not sound: .* sound from ${soundFrom}\\.$`));
      expect(data.it.since.note).toBeNull();
    }
  });

  it('the trend is the composition of each 1 September, and ends with the newest extract', async () => {
    const last = Number(newest.slice(0, 4)) - (newest.slice(5) < '09-01' ? 1 : 0);
    const code = await someAuthority();
    for (const place of ['england', 'region(code: "E12000007")', `localAuthority(code: "${code}")`]) {
      const { data, errors } = await graph.ask(
        `{ ${place} { compositionTrend(from: ${last - 2}, to: ${last + 5}) ${COMPOSITION} } }`,
      );
      expect(errors).toBeUndefined();
      const trend = data[place.replace(/\(.*/, '')].compositionTrend;
      expect(trend).toHaveLength(3);
      for (const [at, one] of trend.entries()) {
        expect(one).toEqual(await asked(place, `(asAt: "${last - 2 + at}-09-01")`));
      }
    }
  });

  it.each([
    [2022, 2016],
    [1800, 1810],
    [2000, 2030],
    [2090, 2101],
  ])('the years %i to %i are refused', async (from, to) => {
    const { errors } = await graph.ask(`{ england { compositionTrend(from: ${from}, to: ${to}) { asAt } } }`);
    expect(errors?.[0]).toMatchObject({
      message: expect.stringContaining('years such as 2016 and 2022'),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('of Inner and Outer London nothing says which schools are theirs', async () => {
    const { data } = await graph.ask(
      '{ region(code: "E13000001") { composition { asAt } compositionTrend(from: 2018, to: 2019) { asAt } } }',
    );
    expect(data.region).toEqual({ composition: null, compositionTrend: null });
  });

  it('as of a day before the first extract there is none, and a note says why', async () => {
    const { data, extensions } = await graph.ask('{ england(asOf: "2010-01-01") { composition { asAt } } }');
    expect(data.england.composition).toBeNull();
    expect(extensions?.notes?.[0]?.message).toContain(
      'nothing that was published by the day of asOf is loaded',
    );
  });
});

describe.skipIf(!hasRealFiles())(
  '1 September 2021, as the Department’s report of March 2022 prints it',
  () => {
    let graph: RunningGraph;
    beforeAll(async () => {
      graph = await startGraph(loadedDatabase('real'));
    });
    afterAll(() => graph.close());
    const academiesOf = async (place: string) => {
      const { data } = await graph.ask(
        `{ place: ${place} { composition(asAt: "2021-09-01") { byPhase { phase schools academies academyShare } } } }`,
      );
      // biome-ignore lint/suspicious/noExplicitAny: the answer of a question
      return Object.fromEntries(data.place.composition.byPhase.map((one: any) => [one.phase, one]));
    };

    it('6,402 primary, 2,757 secondary and 436 special academies, 38.1 % of primary schools', async () => {
      expect(await academiesOf('england')).toMatchObject({
        PRIMARY: { academies: 6402, academyShare: expect.closeTo(38.1, 1) },
        SECONDARY: { academies: 2757 },
        SPECIAL: { academies: 436 },
      });
    });

    it('a local authority around its reorganisation has a note: its schools are under other codes', async () => {
      const note = async (place: string, day: string) => {
        const { data, errors } = await graph.ask(`{ it: ${place} { composition(asAt: "${day}") { note } } }`);
        expect(errors).toBeUndefined();
        return data.it.composition.note;
      };
      const authority = (code: string) => `localAuthority(code: "${code}")`;
      // Of the 300 schools of Northamptonshire the register has 22 under its code.
      expect(await note(authority('928'), '2018-09-01')).toMatch(/open on 2021-04-01 under 940, 941 for all/);
      expect(await note(authority('928'), '2021-04-01')).toMatch(/ended on 2021-04-01.*940, 941/);
      expect(await note(authority('940'), '2021-03-31')).toMatch(
        /began on 2021-04-01.*closed before under 928/,
      );
      expect(await note(authority('838'), '2018-09-01')).toMatch(/began on 2019-04-01.*835, 836, 837/);
      expect(await note(authority('942'), '2022-09-01')).toMatch(
        /began on 2023-04-01, after.*still under 909/,
      );
      for (const [code, day] of [
        ['940', '2021-04-01'],
        ['909', '2022-09-01'],
        ['888', '2018-09-01'],
        ['908', '2018-09-01'],
        ['822', '2018-09-01'],
      ] as const)
        expect(await note(authority(code), day), code).toBeNull();
      expect(await note('england', '2018-09-01')).toBeNull();
      expect(await note('region(code: "E12000004")', '2018-09-01')).toBeNull();
      const { data } = await graph.ask(
        '{ localAuthority(code: "928") { compositionTrend(from: 2019, to: 2021) { note } } }',
      );
      expect(
        data.localAuthority.compositionTrend.map((one: { note: string }) => one.note.slice(0, 8)),
      ).toEqual(['The regi', 'The regi', 'It ended']);
    });

    it('13 of the 15 secondary schools of Sutton', async () => {
      expect(await academiesOf('localAuthority(code: "319")')).toMatchObject({
        SECONDARY: { academies: 13, schools: 15 },
      });
    });
  },
);

describe('two extracts of the register', () => {
  let mirror: SmallMirror;
  let loading: Loading;
  let graph: RunningGraph;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    const [header, ...lines] = (await mirror.text(ESTABLISHMENTS)).trimEnd().split('\r\n');
    const OPEN_COMMUNITY = '"01","Community school","4","Local authority maintained schools","1","Open"';
    const [first, second] = lines.filter((line) => line.includes(OPEN_COMMUNITY));
    // One of them is an academy, and another, without a day of opening, has never opened.
    const later = lines.map((line) => {
      if (line === first)
        return line.replace(OPEN_COMMUNITY, '"34","Academy converter","10","Academies","1","Open"');
      if (line === second)
        return line.replace(OPEN_COMMUNITY, OPEN_COMMUNITY.replace('"1","Open"', '"4","Proposed to open"'));
      return line;
    });
    expect(later.filter((line, at) => line !== lines[at])).toHaveLength(2);
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    for (const [day, of] of [
      ['2026-05-01', lines],
      ['2026-06-01', later],
    ] as const) {
      await mirror.write(
        ESTABLISHMENTS.replace('20260901', day.replaceAll('-', '')),
        `${[header, ...of].join('\r\n')}\r\n`,
      );
      const { outcome, message } = await loading.loadOne('gias-establishments', { GIAS_DATE: day });
      expect({ outcome, message }).toMatchObject({ outcome: 'LOADED' });
    }
    graph = await startGraph(loading.database.url);
  });
  afterAll(async () => {
    await graph.close();
    await loading.close();
    await mirror.remove();
  });

  it('as of the first, the schools are what it says; a school that is only proposed is not counted', async () => {
    const COMPOSED = '{ composition { asAt total { schools maintained academies } } }';
    const { data } = await graph.ask(
      `{ then: england(asOf: "2026-05-15") ${COMPOSED} now: england ${COMPOSED}
        known: england(asOf: "2026-05-15") { composition(asAt: "2026-05-20") { asAt } } }`,
    );
    const then = data.then.composition;
    expect(then.asAt).toBe('2026-05-01');
    expect(data.now.composition).toEqual({
      asAt: '2026-06-01',
      total: {
        schools: then.total.schools - 1,
        maintained: then.total.maintained - 2,
        academies: then.total.academies + 1,
      },
    });
    expect(data.known.composition).toBeNull();
  });
});
