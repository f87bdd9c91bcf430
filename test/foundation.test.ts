/** The figures that must be seen, from the published files, through the API. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from './database.js';
import { exclusionsFile, exclusionsRows } from './graph/published-file.js';
import { type Answer, type RunningGraph, startGraph } from './graph.js';

/** Names that other programs already rely on. */
const PROMISED_QUERY = `
{ england { indicator(id: "permanent-exclusions") {
    indicator { id name unit polarity }
    latest { value status period { code label } }
    observation(period: "201617") { value status raw numerator denominator release { id sha256 url dataSet { id publisher licence } } }
    series { period { code } value status } } }
  localAuthority(code: "891") { code gssCode name region { name } schools(first: 2) { totalCount nodes { urn name } pageInfo { endCursor hasNextPage } } }
  school(urn: 136205) { urn name laEstab phase status openedOn closedOn localAuthority { name } trust { uid name } }
  trust(uid: "5143") { uid name schools(first: 100) { totalCount nodes { urn localAuthority { code } indicator(id: "suspension-rate") { latest { value } } } } }
  dataStatus { synthetic } }`;

const INDICATOR_IDS = [
  'headcount',
  'permanent-exclusions',
  'permanent-exclusion-rate',
  'suspensions',
  'suspension-rate',
  'pupils-suspended',
  'pupils-suspended-rate',
  'ehc-plans',
  'ehc-plans-new',
  'ehc-plans-within-20-weeks-rate',
  'ehc-plans-within-20-weeks-excluding-exceptions-rate',
];

describe.skipIf(!hasRealFiles())('the published files, asked through the API', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  const figure = async (place: string, id: string, period: string) => {
    const { data, errors } = await graph.ask(
      `query ($id: ID!, $period: String!) { place: ${place} { indicator(id: $id) { observation(period: $period) { value status } } } }`,
      { id, period },
    );
    expect(errors).toBeUndefined();
    return data.place.indicator.observation;
  };

  it.each([
    ['headcount', '201617', 8_025_075],
    ['permanent-exclusions', '201617', 7_720],
    ['suspensions', '201617', 381_865],
    ['suspension-rate', '201617', 4.76],
    ['ehc-plans', '202021', 430_697],
    ['ehc-plans', '202425', 638_745],
    ['ehc-plans-within-20-weeks-rate', '2024', 45.9],
    ['ehc-plans-within-20-weeks-excluding-exceptions-rate', '2024', 46.4],
  ])('England: %s in %s is %d', async (id, period, value) => {
    const observation = await figure('england', id, period);
    expect(observation.status).toBe('ACTUAL');
    // Percentages of EHC plans are published with more decimals than they are quoted with.
    const decimals = id.startsWith('ehc-plans-within') ? 1 : 2;
    expect(Number(observation.value.toFixed(decimals))).toBe(value);
  });

  it.each([
    ['permanent-exclusions', 53],
    ['headcount', 119_043],
  ])('Nottinghamshire: %s in 2016/17 is %d', async (id, value) => {
    expect(await figure('localAuthority(code: "891")', id, '201617')).toEqual({ value, status: 'ACTUAL' });
  });

  it('names January 2021 and January 2025 as people do', async () => {
    const { data } = await graph.ask(
      '{ england { indicators(ids: ["ehc-plans"], periods: ["202021", "202425"]) { series { period { code label identifier } } } } }',
    );
    expect(
      data.england.indicators[0].series.map(({ period }: { period: { label: string } }) => period.label),
    ).toEqual(['January 2021', 'January 2025']);
  });

  it('answers all eleven indicators for England', async () => {
    const { data, errors } = await graph.ask(
      'query ($ids: [ID!]!) { england { indicators(ids: $ids) { indicator { id } latest { value status } } } }',
      { ids: INDICATOR_IDS },
    );
    expect(errors).toBeUndefined();
    const answered = data.england.indicators.map(
      ({ indicator }: { indicator: { id: string } }) => indicator.id,
    );
    expect(answered).toEqual(INDICATOR_IDS);
    for (const { latest } of data.england.indicators) {
      expect(latest).toEqual({ value: expect.any(Number), status: 'ACTUAL' });
    }
  });

  describe('the query that other programs rely on', () => {
    let answer: Answer;
    beforeAll(async () => {
      answer = await graph.ask(PROMISED_QUERY);
    });

    it('is answered without an error', () => {
      expect(answer.errors).toBeUndefined();
      expect(answer.data.dataStatus).toEqual({ synthetic: false });
    });

    it('gives England’s permanent exclusions with definition, series and source', async () => {
      const { indicator, latest, observation, series } = answer.data.england.indicator;
      expect(indicator).toEqual({
        id: 'permanent-exclusions',
        name: 'Permanent exclusions',
        unit: 'COUNT',
        polarity: 'LOW',
      });
      expect(latest).toEqual({ value: 7720, status: 'ACTUAL', period: { code: '201617', label: '2016/17' } });
      expect(observation).toMatchObject({
        value: 7720,
        status: 'ACTUAL',
        raw: '7720',
        numerator: null,
        denominator: null,
      });
      expect(observation.release.dataSet).toMatchObject({
        id: 'suspensions-and-permanent-exclusions',
        publisher: 'Department for Education',
        licence: expect.stringMatching(/Open Government Licence/),
      });
      const published = (await exclusionsRows(',National,')).filter((row) => row['school_type'] === 'Total');
      expect(series).toEqual(
        published
          .map((row) => ({
            period: { code: row['time_period'] },
            value: Number(row['perm_excl']),
            status: 'ACTUAL',
          }))
          .sort((a, b) => a.period.code!.localeCompare(b.period.code!)),
      );
      expect(series).toHaveLength(11);
    });

    it('cites the file by the SHA-256 of its bytes', async () => {
      const { release } = answer.data.england.indicator.observation;
      const hash = createHash('sha256')
        .update(await readFile(exclusionsFile()))
        .digest('hex');
      expect(release.sha256).toBe(hash);
      expect(join(inject('mirror')!, release.url.replace('https://', ''))).toBe(exclusionsFile());
    });

    it('gives Nottinghamshire with its region and a page of its schools', () => {
      const { schools, ...authority } = answer.data.localAuthority;
      expect(authority).toEqual({
        code: '891',
        gssCode: 'E10000024',
        name: 'Nottinghamshire',
        region: { name: 'East Midlands' },
      });
      expect(schools.nodes).toHaveLength(2);
      expect(schools.totalCount).toBeGreaterThan(300);
      expect(schools.pageInfo).toEqual({ endCursor: expect.any(String), hasNextPage: true });
    });

    it('leads from a school to its trust and to the local authority of each of its schools', () => {
      const { school, trust } = answer.data;
      expect(school).toMatchObject({
        urn: 136205,
        laEstab: expect.stringMatching(/^\d{7}$/),
        status: 'OPEN',
      });
      expect(school.trust).toEqual({ uid: expect.any(String), name: expect.any(String) });
      expect(trust.uid).toBe('5143');
      expect(trust.schools.totalCount).toBe(75);
      expect(trust.schools.nodes).toHaveLength(75);
      const withFigure = trust.schools.nodes.filter(
        ({ indicator }: { indicator: { latest: unknown } }) => indicator.latest !== null,
      );
      expect(withFigure.length).toBeGreaterThan(20);
    });
  });
});
