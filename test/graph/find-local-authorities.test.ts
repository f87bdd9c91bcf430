/** Local authorities are found by profile, counted where they cannot be judged, and sampled in balance, as it is done by hand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

const EXISTING = `SELECT code, name, gss_code, region_code FROM local_authority WHERE closed_on IS NULL`;

const RATES = `
  SELECT p.code, o.values[array_position(d.measures, 'suspension_rate')] AS value
  FROM data_set d
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.code = $1
  JOIN observation o ON o.data_set_number = d.number AND o.period_id = dp.period_id AND o.breakdown_id = 0 AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY'
  WHERE d.id = 'suspensions-and-permanent-exclusions'`;

/** Secondary schools of each local authority on a day, and how many of them are academies: by types of the register. */
const SECONDARY = `
  SELECT la_code AS code, count(*)::int AS schools,
    (count(*) FILTER (WHERE type_code IN ('28', '34', '45', '46', '35', '39', '40', '41')))::int AS academies
  FROM school
  WHERE to_release IS NULL AND status <> 'PROPOSED_TO_OPEN' AND (opened_on IS NULL OR opened_on <= $1::date)
    AND (closed_on > $1::date OR (closed_on IS NULL AND status <> 'CLOSED'))
    AND type_code IN ('01', '02', '03', '05', '15', '28', '34', '45', '46', '35', '39', '40', '41')
    AND phase IN ('SECONDARY', 'MIDDLE_DEEMED_SECONDARY', 'ALL_THROUGH', 'SIXTEEN_PLUS')
  GROUP BY la_code`;

interface Authority {
  code: string;
  name: string;
  gss_code: string | null;
  region_code: string | null;
  values: (number | null)[];
}
interface Placed extends Authority {
  places: number[];
  quarters: number[];
}

/** Lower values per one of the others, and the quarter that this is in. */
function placed(authorities: Authority[]): Placed[] {
  return authorities.map((authority) => {
    const places = authority.values.map((value, at) => {
      const lower = authorities.filter(({ values }) => values[at]! < value!).length;
      return authorities.length > 1 ? lower / (authorities.length - 1) : 0;
    });
    return { ...authority, places, quarters: places.map((place) => Math.min(4, Math.floor(place * 4) + 1)) };
  });
}

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
const byCode = (one: { code: string }, other: { code: string }) => (one.code < other.code ? -1 : 1);

/** Minimisation by hand: the middle one first, then always the one that has least in common with those in the sample. */
function sampleOf(all: Placed[], size: number): string[] {
  const apart = (one: number[], other: number[]) => sum(one.map((place, at) => (place - other[at]!) ** 2));
  const [first] = all
    .map((each) => ({
      each,
      away: apart(
        each.places,
        each.places.map(() => 0.5),
      ),
    }))
    .sort((one, other) => one.away - other.away || byCode(one.each, other.each));
  const chosen = [first!.each];
  while (chosen.length < Math.min(size, all.length)) {
    const [next] = all
      .filter((each) => !chosen.includes(each))
      .map((each) => ({
        each,
        inCommon: sum(
          chosen.map(
            (one) =>
              Number(one.region_code === each.region_code) +
              one.quarters.filter((quarter, at) => quarter === each.quarters[at]).length,
          ),
        ),
        distance: Math.min(...chosen.map((one) => apart(each.places, one.places))),
      }))
      .sort(
        (one, other) =>
          one.inCommon - other.inCommon || other.distance - one.distance || byCode(one.each, other.each),
      );
    chosen.push(next!.each);
  }
  return chosen.map(({ code }) => code);
}

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  const [since, day] = which === 'real' ? ['2018-09-01', '2021-09-01'] : ['2015-09-01', '2019-09-01'];
  let graph: RunningGraph;
  let authorities: Authority[];
  let period: string;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    const tables: Tables = await openTables(loadedDatabase(which));
    [{ period }] = (await tables.rows(
      `SELECT max(dp.code) AS period FROM data_set_period dp JOIN data_set d ON d.number = dp.data_set_number
       WHERE d.id = 'suspensions-and-permanent-exclusions'`,
    )) as [{ period: string }];
    const rates = new Map((await tables.rows(RATES, [period])).map(({ code, value }) => [code, value]));
    const sharesOn = async (on: string) =>
      new Map(
        (await tables.rows(SECONDARY, [on])).map(({ code, schools, academies }) => [
          code,
          (100 * academies) / schools,
        ]),
      );
    const [before, after] = [await sharesOn(since), await sharesOn(day)];
    authorities = (await tables.rows(EXISTING)).map((authority) => {
      const [from, to] = [before.get(authority.code), after.get(authority.code)];
      const growth = from === undefined || to === undefined ? null : to - from;
      return { ...authority, values: [rates.get(authority.code) ?? null, growth] };
    });
    await tables.close();
  });
  afterAll(() => graph.close());

  const ask = async (query: string) => {
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    return data.findLocalAuthorities;
  };
  const median = () => {
    const known = authorities.flatMap(({ values: [rate] }) =>
      rate === null || rate === undefined ? [] : [rate],
    );
    return known.sort((one, other) => one - other)[Math.floor(known.length / 4)]!;
  };
  const criteria = (min: number) =>
    `by: [{ indicator: "suspension-rate", period: "${period}", min: ${min} }, { academies: SCHOOLS, phase: SECONDARY, since: "${since}", asAt: "${day}" }]`;
  const codes = (found: { localAuthority: { code: string } }[]) =>
    found.map(({ localAuthority }) => localAuthority.code);
  const TOLD = `considered matching criteria { number indicator period { code } asAt known least greatest listedByQuarter }
    localAuthorities { localAuthority { code } profile { criterion value status percentile quarter } }
    notJudged { localAuthority { code } profile { criterion value status percentile quarter } }`;

  it('finds those that match, and lists those that no known figure excludes and some figure is lacking of', async () => {
    const min = median();
    const told = await ask(`{ findLocalAuthorities(${criteria(min)}) { ${TOLD} } }`);
    const isKnown = (value: number | null | undefined) => value !== null && value !== undefined;
    const matching = authorities.filter(
      ({ values: [rate, growth] }) => isKnown(rate) && rate! >= min && isKnown(growth),
    );
    const unjudged = authorities.filter(
      ({ values: [rate, growth] }) => (!isKnown(rate) || rate! >= min) && !(isKnown(rate) && isKnown(growth)),
    );
    expect(told.considered).toBe(authorities.length);
    expect(told.matching).toBe(matching.length);
    expect(matching.length).toBeGreaterThan(5);
    expect(codes(told.localAuthorities).sort()).toEqual(matching.map(({ code }) => code).sort());
    expect(codes(told.notJudged).sort()).toEqual(unjudged.map(({ code }) => code).sort());
    if (which === 'real') expect(unjudged.length).toBeGreaterThan(0);
    const expected = new Map(placed(matching).map((each) => [each.code, each]));
    for (const { localAuthority, profile } of told.localAuthorities) {
      const { values, places, quarters } = expected.get(localAuthority.code)!;
      for (const [at, said] of profile.entries()) {
        expect(said.criterion).toBe(at + 1);
        expect(said.value).toBeCloseTo(values[at]!, 8);
        expect(said.percentile).toBeCloseTo(places[at]! * 100, 8);
        expect(said.quarter).toBe(quarters[at]);
      }
      expect(profile[0].status).toBe('ACTUAL');
    }
    for (const { localAuthority, profile } of told.notJudged) {
      const { values } = authorities.find(({ code }) => code === localAuthority.code)!;
      expect(profile.map(({ value }: { value: number | null }) => value === null)).toEqual(
        values.map((value) => value === null),
      );
      expect(profile.every(({ quarter }: { quarter: unknown }) => quarter === null)).toBe(true);
    }
    const rates = authorities.flatMap(({ values: [rate] }) => (isKnown(rate) ? [rate!] : []));
    expect(told.criteria[0]).toMatchObject({
      number: 1,
      indicator: 'suspension-rate',
      period: { code: period },
      asAt: null,
      known: rates.length,
      least: Math.min(...rates),
      greatest: Math.max(...rates),
    });
    expect(told.criteria[1]).toMatchObject({ number: 2, indicator: null, period: null, asAt: day });
  });

  it('takes a sample that is balanced over regions and quarters, the same one every time', async () => {
    const min = median();
    const told = await ask(`{ findLocalAuthorities(${criteria(min)}, sample: 8) { ${TOLD} } }`);
    const matching = placed(
      authorities.filter(({ values: [rate, growth] }) => rate !== null && rate! >= min && growth !== null),
    );
    expect(codes(told.localAuthorities)).toEqual(sampleOf(matching, 8));
    for (const { listedByQuarter } of told.criteria) {
      expect(sum(listedByQuarter)).toBe(Math.min(8, matching.length));
      if (which === 'real')
        expect(Math.max(...listedByQuarter) - Math.min(...listedByQuarter)).toBeLessThan(3);
    }
    const fewer = await ask(`{ findLocalAuthorities(${criteria(min)}, sample: 5) { ${TOLD} } }`);
    expect(codes(fewer.localAuthorities)).toEqual(codes(told.localAuthorities).slice(0, 5));
    const again = await ask(`{ findLocalAuthorities(${criteria(min)}, sample: 8) { ${TOLD} } }`);
    expect(again).toEqual(told);
  });

  it('lists them by a criterion, keeps regions and kinds of council, and knows the kind by the code', async () => {
    const [region] = authorities
      .filter(({ region_code }) => region_code !== null)
      .map(({ region_code }) => region_code);
    const told =
      await ask(`{ findLocalAuthorities(by: [{ indicator: "suspension-rate" }], region: ["${region}"], orderBy: { criterion: 1, direction: DESC }) {
      considered localAuthorities { localAuthority { code type gssCode } profile { value } } } }`);
    const there = authorities.filter(({ region_code }) => region_code === region);
    expect(told.considered).toBe(there.length);
    const values = told.localAuthorities.map(
      ({ profile }: { profile: { value: number }[] }) => profile[0]!.value,
    );
    expect(values).toEqual(values.toSorted((one: number, other: number) => other - one));
    const kinds: Record<string, string> = {
      E06: 'UNITARY_AUTHORITY',
      E08: 'METROPOLITAN_DISTRICT',
      E09: 'LONDON_BOROUGH',
      E10: 'COUNTY',
    };
    const counties = await ask(
      '{ findLocalAuthorities(by: [], type: [COUNTY, METROPOLITAN_DISTRICT]) { matching localAuthorities { localAuthority { code type gssCode } } } }',
    );
    expect(codes(counties.localAuthorities).sort()).toEqual(
      authorities
        .filter(({ gss_code }) => ['E10', 'E08'].includes(gss_code?.slice(0, 3) ?? ''))
        .map(({ code }) => code)
        .sort(),
    );
    for (const { localAuthority } of [...told.localAuthorities, ...counties.localAuthorities]) {
      expect(localAuthority.type).toBe(kinds[localAuthority.gssCode.slice(0, 3)]);
    }
  });

  it('agrees with the composition of each local authority', async () => {
    const told = await ask(
      `{ findLocalAuthorities(by: [{ academies: SCHOOLS, asAt: "${day}" }, { academies: PUPILS, asAt: "${day}" }], sample: 3) { localAuthorities { localAuthority { code composition(asAt: "${day}") { total { academyShare pupilsInAcademiesShare } } } profile { value } } } }`,
    );
    expect(told.localAuthorities).toHaveLength(3);
    for (const { localAuthority, profile } of told.localAuthorities) {
      const { academyShare, pupilsInAcademiesShare } = localAuthority.composition.total;
      expect(profile[0].value).toBeCloseTo(academyShare, 10);
      expect(profile[1].value).toBeCloseTo(pupilsInAcademiesShare, 10);
    }
  });

  it('judges nobody of a day that the register cannot know', async () => {
    const told = await ask(
      '{ findLocalAuthorities(by: [{ academies: SCHOOLS, asAt: "2099-01-01" }]) { considered matching criteria { asAt known } notJudged { localAuthority { code } } } }',
    );
    expect(told.matching).toBe(0);
    expect(told.criteria).toEqual([{ asAt: null, known: 0 }]);
    expect(told.notJudged).toHaveLength(told.considered);
  });

  it('says what is wrong with a criterion', async () => {
    const refusal = async (args: string) =>
      (await graph.ask(`{ findLocalAuthorities(${args}) { matching } }`)).errors?.[0]?.message;
    expect(await refusal('by: [{}]')).toContain('by: name either');
    expect(await refusal('by: [{ indicator: "suspension-rate", academies: SCHOOLS }]')).toContain('either');
    expect(await refusal('by: [{ indicator: "suspension-rate", phase: PRIMARY }]')).toContain(
      'phase is of academies',
    );
    expect(await refusal('by: [{ indicator: "roll" }]')).toContain('SCHOOL');
    expect(await refusal('by: [{ indicator: "suspension-rate", period: "190001" }]')).toContain(period);
    expect(await refusal('by: [{ academies: PUPILS, min: 2, max: 1 }]')).toContain('min is more than max');
    expect(await refusal('by: [{ academies: PUPILS, since: "2020-01-01", asAt: "2019-01-01" }]')).toContain(
      'before',
    );
    expect(await refusal('by: [], orderBy: { criterion: 1 }')).toContain(
      'orderBy.criterion: by has no criteria',
    );
    expect(await refusal('by: [], sample: 51')).toContain('between 1 and 50');
  });
});
