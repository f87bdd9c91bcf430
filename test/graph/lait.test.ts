/** Indicators of a dictionary in the graph: found, described, cited, and refused where they have nothing to say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATA_SETS, INDICATORS, SAME_AS } from '../../jobs/catalogue.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

describe('LAIT in the graph, on the sample', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'));
  });
  afterAll(() => graph.close());

  it('answers for England, a region and a local authority, each figure with its source', async () => {
    const figure =
      '{ value status raw period { code label kind startsOn endsOn identifier } release { dataSet { id } } releases { id } isDerived schools }';
    const { data, errors } = await graph.ask(`{
      england { ...figures } region(code: "E12000007") { ...figures } localAuthority(code: "303") { ...figures } }
      fragment figures on Place { indicator(id: "lait-ks1p-all") { latest ${figure} series { value period { label } } observation(period: "2024/25") { value } } }`);
    expect(errors).toBeUndefined();
    for (const place of [data.england, data.region, data.localAuthority]) {
      const { latest, series, observation } = place.indicator;
      expect(latest).toMatchObject({
        status: 'ACTUAL',
        raw: String(latest.value),
        period: {
          code: '2025 (prov)',
          label: '2024/25 (provisional)',
          kind: 'ACADEMIC_YEAR',
          startsOn: '2024-09-01',
          endsOn: '2025-08-31',
          identifier: 'Academic Year',
        },
        release: { dataSet: { id: 'lait' } },
        isDerived: false,
        schools: null,
      });
      expect(latest.releases).toHaveLength(1);
      expect(series).toHaveLength(6);
      expect(series[5].value).toBe(latest.value);
      expect(observation.value).toBe(latest.value);
    }
  });

  it('says of "-" that there is no figure, never 0', async () => {
    const { data } = await graph.ask(
      '{ region(code: "E13000001") { indicator(id: "lait-lac") { series { value status raw lower upper } } } }',
    );
    expect(data.region.indicator.series).toEqual(
      Array(6).fill({ value: null, status: 'NOT_AVAILABLE', raw: '-', lower: null, upper: null }),
    );
  });

  it('has its own periods, and names only those when another is asked for', async () => {
    const { data } = await graph.ask(
      '{ rta: indicator(id: "lait-rta") { periods { code } } lac: indicator(id: "lait-lac") { periods { code } } }',
    );
    expect(data.rta.periods[0]).toEqual({ code: '2015-17' });
    expect(data.lac.periods[0]).toEqual({ code: '2020' });
    const { errors } = await graph.ask(
      '{ england { indicators(ids: ["lait-rta"], periods: ["2020"]) { series { value } } } }',
    );
    expect(errors![0]!.message).toBe(
      `periods: lait-rta has no such period. It has: ${data.rta.periods.map(({ code }: { code: string }) => code).join(', ')}`,
    );
  });

  it('takes a period by its code, its label, or its label without the word behind it', async () => {
    const { data } = await graph.ask(
      '{ england { indicators(ids: ["lait-lacfinance"], periods: ["2019-20 (OT)", "2020-21 (outturn)", "2021-22"]) { series { period { code } } } } }',
    );
    expect(data.england.indicators[0].series).toEqual(
      ['2019-20 (OT)', '2020-21 (OT)', '2021-22 (OT)'].map((code) => ({ period: { code } })),
    );
  });

  it('has nothing for a school, and is refused for a trust', async () => {
    const { data, errors } = await graph.ask(
      '{ schools(first: 1) { nodes { indicator(id: "lait-lac") { latest { value } series { value } } } } trusts(first: 1) { nodes { indicator(id: "lait-lac") { latest { value } } } } }',
    );
    expect(data.schools.nodes[0].indicator).toEqual({ latest: null, series: [] });
    expect(data.trusts).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors![0]).toMatchObject({ extensions: { code: 'NOT_ADDITIVE' } });
  });

  it('is described in its dictionary’s words', async () => {
    const { data } = await graph.ask(`{ indicator(id: "lait-rta") {
      name topic topics unit unitLabel decimals polarity description methodology links dataOwner lastUpdate lastUpdateNote
      nextUpdate nextUpdateNote timing hasQuartileBands breaks { note } numerator denominator breakdowns { code } dataSet { id } sameAs { id } } }`);
    expect(data.indicator).toMatchObject({
      name: 'Children killed or seriously injured in road traffic accidents',
      topic: 'Health and Wellbeing',
      topics: ['Health and Wellbeing'],
      unit: 'PER_100_000',
      unitLabel: 'Rate per 100,000',
      decimals: 2,
      polarity: 'LOW',
      links: ['https://explore-education-statistics.service.gov.uk/'],
      dataOwner: 'DfE',
      lastUpdate: '2025-11-01',
      lastUpdateNote: null,
      nextUpdate: null,
      nextUpdateNote: 'Discontinued',
      timing: 'Calendar Year',
      hasQuartileBands: true,
      breaks: [],
      numerator: null,
      breakdowns: [],
      dataSet: { id: 'lait' },
      sameAs: [],
    });
  });

  it('and the same measure in its own publication point at each other', async () => {
    const { data } = await graph.ask(
      '{ lait: indicator(id: "lait-totfixedex") { sameAs { id name } } own: indicator(id: "suspension-rate") { sameAs { id } } }',
    );
    expect(data).toEqual({
      lait: { sameAs: [{ id: 'suspension-rate', name: 'Suspension rate' }] },
      own: { sameAs: [{ id: 'lait-totfixedex' }] },
    });
  });

  it('is listed after our own, by topic under any of its topics, by data set, and page by page', async () => {
    const { data } = await graph.ask(`{
      all: indicators(first: 500) { id }
      absence: indicators(topic: "All Pupil Absence & Exclusions") { id }
      lait: indicators(dataSet: "lait") { id }
      page: indicators(first: 3, skip: 2) { id }
      words: indicators(search: "lait looked after") { id } }`);
    const all = data.all.map(({ id }: { id: string }) => id);
    expect(all.slice(0, INDICATORS.size)).toEqual([...INDICATORS.keys()]);
    expect(data.lait.map(({ id }: { id: string }) => id)).toEqual(all.slice(INDICATORS.size));
    expect(data.lait).toHaveLength(14);
    expect(data.absence).toContainEqual({ id: 'lait-cinpermexclusion' });
    expect(data.page.map(({ id }: { id: string }) => id)).toEqual(all.slice(2, 5));
    expect(data.words).toEqual([{ id: 'lait-lac' }, { id: 'lait-lacfinance' }]);
  });

  it.each([
    ['indicators(topic: "Weather")', /^topic: there is no such topic\. There are: .*Key Stage 5/],
    [
      'indicators(dataSet: "gias")',
      /^dataSet: there is no such data set with indicators\. There are: .*lait/,
    ],
    ['indicators(first: 501)', /^first: 0 to 500/],
    ['indicators(skip: -1)', /^first: 0 to 500/],
  ])('%s is refused', async (field, sentence) => {
    const { errors } = await graph.ask(`{ ${field} { id } }`);
    expect(errors![0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
    expect(errors![0]!.message).toMatch(sentence);
  });
});

describe('measures that are published elsewhere too', () => {
  it('name indicators that exist', () => {
    const named = DATA_SETS.flatMap((dataSet) =>
      dataSet.kind === 'series' ? Object.values(dataSet.sameAs) : [],
    );
    expect(named.length).toBeGreaterThan(5);
    for (const id of named) {
      expect(INDICATORS.has(id), id).toBe(true);
      for (const other of SAME_AS.get(id)!) expect(SAME_AS.get(other)).toContain(id);
    }
  });
});

describe.skipIf(!hasRealFiles())('LAIT in the graph, as published', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  it('has every measure that is declared to be published elsewhere', async () => {
    const { data } = await graph.ask('{ indicators(dataSet: "lait", first: 500) { id sameAs { id } } }');
    expect(data.indicators).toHaveLength(434);
    const same = data.indicators.filter(({ sameAs }: { sameAs: unknown[] }) => sameAs.length > 0);
    expect(same.map(({ id }: { id: string }) => id).sort()).toEqual(
      [...SAME_AS.keys()].filter((id) => id.startsWith('lait-')).sort(),
    );
  });

  it('says of suspensions in 2016/17 what their own publication says', async () => {
    const { data } = await graph.ask(`{
      england { ...both } localAuthority(code: "891") { ...both } }
      fragment both on Place {
        own: indicator(id: "suspension-rate") { observation(period: "2016/17") { value period { startsOn } } }
        lait: indicator(id: "lait-totfixedex") { observation(period: "2016/17") { value raw period { startsOn } } } }`);
    for (const { own, lait } of [data.england, data.localAuthority]) {
      expect(lait.observation.period).toEqual(own.observation.period);
      expect(lait.observation.value).toBeCloseTo(own.observation.value, 2);
    }
    // bds_long.csv: TotFixedEx,,2016/17,England,…,970.0
    expect(data.england.lait.observation.value).toBe(4.75839);
  });
});
