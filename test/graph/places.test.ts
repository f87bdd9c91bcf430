/** Every place answers the same question, and says whether a file or a sum gave the answer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INDICATORS } from '../../jobs/catalogue.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { exclusionsRows, type PublishedRow } from './published-file.js';

/** Indicators in one question: well below what a question may ask for. */
const AT_ONCE = 15;

const FIGURE =
  'value status raw isDerived numerator denominator release { id } releases { id dataSet { id } }';

describe.skipIf(!hasRealFiles())('places', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  const ask = async (query: string, variables?: Record<string, unknown>) => {
    const { data, errors } = await graph.ask(query, variables);
    expect(errors).toBeUndefined();
    return data;
  };

  const PLACES = {
    England: 'england',
    Region: 'region(code: "E12000004")',
    LocalAuthority: 'localAuthority(code: "891")',
    Trust: 'trust(uid: "5143")',
    School: 'school(urn: 117559)',
  };

  it.each(
    Object.entries(PLACES),
  )('%s answers every indicator, one by one and as a list', async (type, place) => {
    // A share whose base is not published has no figure for a trust, and says so.
    const all = [...INDICATORS.values()]
      .filter(({ additive, rate }) => type !== 'Trust' || additive || rate)
      .map(({ id }) => id);
    const answered: string[] = [];
    for (let from = 0; from < all.length; from += AT_ONCE) {
      const ids = all.slice(from, from + AT_ONCE);
      const one = ids.map(
        (id, at) => `i${at}: indicator(id: "${id}") { indicator { id } latest { value status } }`,
      );
      const data = await ask(
        `query ($ids: [ID!]!) { place: ${place} { __typename ... on Place { name ${one.join(' ')} }
          indicators(ids: $ids) { indicator { id } latest { value status } } } }`,
        { ids },
      );
      expect(data.place.__typename).toBe(type);
      for (const [at, id] of ids.entries()) {
        expect(data.place[`i${at}`].indicator.id).toBe(id);
        expect(data.place.indicators[at]).toEqual(data.place[`i${at}`]);
        if (data.place[`i${at}`].latest?.value > 0) answered.push(id);
      }
    }
    expect(answered).toContain('headcount');
  });

  it('gives what is not published for a kind of place as nothing at all', async () => {
    const data = await ask(
      '{ school(urn: 117559) { indicator(id: "ehc-plans") { latest { value } series { value } observation(period: "202425") { value } } } }',
    );
    expect(data.school.indicator).toEqual({ latest: null, series: [], observation: null });
  });

  it('keeps the periods asked for, by code or label, oldest first, and lists indicators in the order asked', async () => {
    const data = await ask(
      `{ england { indicators(ids: ["suspensions", "headcount", "suspensions"], periods: ["2016/17", "200607"]) {
        indicator { id } series { period { code startsOn endsOn kind } } } } }`,
    );
    const { indicators } = data.england;
    expect(indicators.map(({ indicator }: { indicator: { id: string } }) => indicator.id)).toEqual([
      'suspensions',
      'headcount',
      'suspensions',
    ]);
    for (const { series } of indicators) {
      expect(series).toEqual([
        { period: { code: '200607', startsOn: '2006-09-01', endsOn: '2007-08-31', kind: 'ACADEMIC_YEAR' } },
        { period: { code: '201617', startsOn: '2016-09-01', endsOn: '2017-08-31', kind: 'ACADEMIC_YEAR' } },
      ]);
    }
  });

  describe('London, which the exclusions file publishes in two parts, rounded', () => {
    let parts: PublishedRow[];
    let authorities: PublishedRow[];
    beforeAll(async () => {
      parts = (await exclusionsRows(',Regional,', ' London,')).filter(
        (row) => row['school_type'] === 'Total',
      );
      authorities = await exclusionsRows(',Local authority,', ' London,');
    });
    /** Of its local authorities; x is one or two. */
    const sum = (period: string, phase: string, column: string, x: number) =>
      authorities
        .filter((row) => row['time_period'] === period && row['school_type'] === phase)
        .reduce((total, row) => total + (row[column] === 'x' ? x : Number(row[column])), 0);

    it('is the sum of its authorities’ suspensions over the sum of their pupils, in every year', async () => {
      const data = await ask(
        `{ region(code: "E12000007") { indicator(id: "suspension-rate") { series { period { code } ${FIGURE} } } } }`,
      );
      const { series } = data.region.indicator;
      expect(series).toHaveLength(11);
      for (const { period, value, numerator, denominator } of series) {
        expect(numerator).toBe(sum(period.code, 'Total', 'fixed_excl', Number.NaN));
        expect(denominator).toBe(sum(period.code, 'Total', 'headcount', Number.NaN));
        expect(value).toBeCloseTo((100 * numerator) / denominator, 10);
        // The two published parts are rounded to 5 each, and say the same.
        const here = parts.filter((row) => row['time_period'] === period.code);
        expect(here).toHaveLength(2);
        const rounded = here.reduce((total, row) => total + Number(row['fixed_excl']), 0);
        expect(Math.abs(numerator - rounded)).toBeLessThanOrEqual(5);
      }
    });

    it('says that it is derived: no one release and no printed text, but the releases that went in', async () => {
      const data = await ask(
        `{ region(code: "E12000007") { indicator(id: "suspension-rate") { latest { ${FIGURE} } } } }`,
      );
      expect(data.region.indicator.latest).toMatchObject({
        status: 'ACTUAL',
        isDerived: true,
        raw: null,
        release: null,
        releases: [{ dataSet: { id: 'suspensions-and-permanent-exclusions' } }],
      });
    });

    it('is a plain sum for a count, with bounds where an authority’s is withheld', async () => {
      const data = await ask(`{ region(code: "E12000007") {
        all: indicator(id: "suspensions") { observation(period: "201617") { value status lower upper isDerived } }
        special: indicator(id: "suspensions", breakdown: "special") { observation(period: "201617") { value status lower upper isDerived } } } }`);
      expect(data.region.all.observation).toEqual({
        value: sum('201617', 'Total', 'fixed_excl', Number.NaN),
        status: 'ACTUAL',
        lower: null,
        upper: null,
        isDerived: true,
      });
      expect(data.region.special.observation).toEqual({
        value: null,
        status: 'SUPPRESSED',
        lower: sum('201617', 'Special', 'fixed_excl', 1),
        upper: sum('201617', 'Special', 'fixed_excl', 2),
        isDerived: true,
      });
    });

    it('has Inner and Outer London below it, each as published', async () => {
      const data = await ask(`{ region(code: "E12000007") { subRegions { code name
        indicator(id: "suspension-rate") { observation(period: "201617") { value isDerived } } } } }`);
      const published = parts.filter((row) => row['time_period'] === '201617');
      expect(data.region.subRegions).toEqual(
        published
          .map((row) => ({
            code: row['region_code'],
            name: row['region_name'],
            indicator: { observation: { value: Number(row['fixed_excl_rate']), isDerived: false } },
          }))
          .sort((a, b) => a.name!.localeCompare(b.name!)),
      );
    });

    it('lists authorities and schools for the whole, and says that nobody knows them for a part', async () => {
      const data =
        await ask(`{ region(code: "E12000007") { localAuthorities { totalCount } schools { totalCount }
        subRegions { localAuthorities { totalCount } schools { totalCount } } } }`);
      expect(data.region.localAuthorities.totalCount).toBe(33);
      expect(data.region.schools.totalCount).toBeGreaterThan(2_000);
      expect(data.region.subRegions).toEqual([
        { localAuthorities: null, schools: null },
        { localAuthorities: null, schools: null },
      ]);
    });

    it('is as published where a file publishes it', async () => {
      const data = await ask(
        '{ region(code: "E12000007") { indicator(id: "ehc-plans") { latest { isDerived release { dataSet { id } } } } } }',
      );
      expect(data.region.indicator.latest).toEqual({
        isDerived: false,
        release: { dataSet: { id: 'ehc-plans-caseload' } },
      });
    });
  });

  it('gives the other eight regions as published, with the release', async () => {
    const data = await ask(
      `{ regions { code name subRegions { code } indicator(id: "suspension-rate") { observation(period: "201617") { ${FIGURE} } } } }`,
    );
    expect(data.regions).toHaveLength(9);
    const regional = await exclusionsRows('Academic year,201617,Regional,');
    const published = regional.filter((row) => row['school_type'] === 'Total');
    const others = data.regions.filter(({ code }: { code: string }) => code !== 'E12000007');
    expect(others).toHaveLength(8);
    for (const { code, subRegions, indicator } of others) {
      const row = published.find((candidate) => candidate['region_code'] === code)!;
      expect(subRegions).toEqual([]);
      expect(indicator.observation).toMatchObject({
        value: Number(row['fixed_excl_rate']),
        raw: row['fixed_excl_rate'],
        numerator: Number(row['fixed_excl']),
        denominator: Number(row['headcount']),
        isDerived: false,
        release: { id: indicator.observation.releases[0].id },
      });
    }
  });

  it('gives a local authority phase by phase, and names the breakdown', async () => {
    const data = await ask(`{ localAuthority(code: "891") {
      total: indicator(id: "suspension-rate") { observation(period: "201617") { value raw breakdown { code label } } }
      explicit: indicator(id: "suspension-rate", breakdown: "total") { observation(period: "201617") { value raw breakdown { code label } } }
      primary: indicator(id: "suspension-rate", breakdown: "state-funded-primary") { observation(period: "201617") { value raw breakdown { code label } } }
      secondary: indicator(id: "suspension-rate", breakdown: "state-funded-secondary") { observation(period: "201617") { value raw breakdown { code label } } }
      special: indicator(id: "suspension-rate", breakdown: "special") { observation(period: "201617") { value raw breakdown { code label } } } } }`);
    const rows = await exclusionsRows('Academic year,201617,Local', ',891,');
    const printed = (phase: string) => rows.find((row) => row['school_type'] === phase)!['fixed_excl_rate'];
    for (const [key, code, label] of [
      ['total', 'total', 'Total'],
      ['explicit', 'total', 'Total'],
      ['primary', 'state-funded-primary', 'State-funded primary'],
      ['secondary', 'state-funded-secondary', 'State-funded secondary'],
      ['special', 'special', 'Special'],
    ] as const) {
      const { value, raw, breakdown } = data.localAuthority[key].observation;
      expect(breakdown).toEqual({ code, label });
      expect(raw).toBe(printed(label));
      expect(value).toBe(Number(printed(label)));
    }
  });
});
