/** Comparisons of the published files: LAIT's own figures by its own definitions, breaks, gaps and what the docs show. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { bandOf, type Compared, known, quantile, rankOf, WHOLE } from './compared-figures.js';
import { openTables, type Tables } from './tables.js';

describe.skipIf(!hasRealFiles())('of the published files', () => {
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
  const compare = async (code: string, args: string, what = WHOLE): Promise<Compared> => {
    const { data, errors } = await graph.ask(
      `{ localAuthority(code: "${code}") { comparison(${args}) ${what} } }`,
    );
    expect(errors).toBeUndefined();
    return data.localAuthority.comparison;
  };

  /** LAIT's own file: a measure of a year for every local authority, with no help of the graph. */
  const lait = (measure: string, year: string) =>
    tables.rows(
      `SELECT p.code, s.values[sp.position]::float8 AS value FROM series s JOIN place p ON p.id = s.place_id AND p.level = 'LOCAL_AUTHORITY'
       JOIN series_measure m ON m.number = s.measure JOIN indicator i ON i.series_measure = m.number AND i.id = $1
       JOIN series_period sp ON sp.measure = s.measure AND sp.to_release IS NULL AND sp.code = $2
       WHERE s.to_release IS NULL`,
      [measure, year],
    );

  it.each([
    'lait-avg-attain8-score',
    'lait-pripermex',
  ])('%s: ranks and bands of all 152 are those of the definitions, the average is the plain mean', async (id) => {
    const { data } = await graph.ask(`{ indicator(id: "${id}") { polarity } }`);
    const lowIsGood = data.indicator.polarity === 'LOW';
    const { period } = await compare('891', `indicator: "${id}"`, '{ period { code } }');
    const rows = await lait(id, period.code);
    const all = known(rows.map(({ value }) => value));
    const quartiles = [0.25, 0.5, 0.75].map((share) => quantile(all, share));
    const answer = await graph.ask(
      `{ localAuthorities(first: 100) { nodes { code comparison(indicator: "${id}", period: "${period.code}") { value nationalRank nationalOf band averageMethod neighbourAverage neighbours { value } } } } }`,
    );
    const bands = new Map<string, number>();
    for (const { code, comparison } of answer.data.localAuthorities.nodes) {
      const value = rows.find((row) => row.code === code)?.value ?? null;
      expect(comparison.value).toBe(value);
      expect(comparison.nationalOf).toBe(all.length);
      expect(comparison.nationalRank).toBe(value === null ? null : rankOf(value, all, lowIsGood));
      expect(comparison.band, `${code}: ${value} in ${quartiles}`).toBe(
        value === null ? null : bandOf(value, quartiles, lowIsGood),
      );
      bands.set(comparison.band, (bands.get(comparison.band) ?? 0) + 1);
      const values = known(comparison.neighbours.map((one: Compared) => one.value));
      expect(comparison.averageMethod).toBe(values.length > 0 ? 'PLAIN_MEAN' : null);
      if (values.length > 0)
        expect(comparison.neighbourAverage).toBeCloseTo(
          values.reduce((sum, one) => sum + one, 0) / values.length,
          9,
        );
    }
    expect([...bands.keys()].filter(Boolean).sort()).toEqual(['A', 'B', 'C', 'D']);
  });

  it('no bands where the publisher’s dictionary says that the values lie too close together', async () => {
    const [{ id }] = await tables.rows(
      "SELECT id FROM indicator WHERE NOT has_quartile_bands AND polarity = 'HIGH' AND series_measure IS NOT NULL ORDER BY id LIMIT 1",
    );
    const compared = await compare('891', `indicator: "${id}"`);
    expect(compared.band).toBeNull();
    expect(compared.notes).toContain('No bands: the publisher says that the values lie too close together.');
    expect(compared.nationalRank).not.toBeNull();
  });

  it('no change between years that are not consecutive, nor across a break of the series, and the note says which', async () => {
    const what = '{ change { from to } notes }';
    // From 2023 on each person is returned: 2023 is not comparable with 2022.
    const rate = 'indicator: "ehc-plans-within-20-weeks-rate"';
    const across = await compare('891', `${rate}, period: "2023"`, what);
    expect(across.change).toBeNull();
    expect(across.notes.join(' ')).toContain(
      'the series is not comparable. From 2023 local authorities return',
    );
    for (const period of ['2022', '2024']) {
      expect((await compare('891', `${rate}, period: "${period}"`, what)).change, period).not.toBeNull();
    }
    // This measure of LAIT has 2020/21 and 2022/23, and nothing between.
    const gap = 'lait-fsp-gooddev-chinese';
    const years = await tables.rows(
      `SELECT p.starts_on::text AS day FROM series_period sp JOIN period p ON p.id = sp.period_id
       JOIN indicator i ON i.series_measure = sp.measure AND i.id = $1 WHERE sp.to_release IS NULL`,
      [gap],
    );
    expect(years.map(({ day }) => day)).not.toContain('2021-09-01');
    const apart = await compare('891', `indicator: "${gap}", period: "2023"`, `{ value ${what.slice(1)}`);
    expect(apart).toMatchObject({ value: expect.any(Number), change: null });
    expect(apart.notes).toContain('No change since the period before: it has no figure for it.');
  });

  it('says why it does not tell whether a change is beyond chance, or where the test is rough', async () => {
    const what = '{ change { from to isBeyondChance note } }';
    expect((await compare('891', 'indicator: "lait-avg-attain8-score"', what)).change).toMatchObject({
      isBeyondChance: null,
      note: expect.stringContaining('It is no rate whose counts are published'),
    });
    const absence = 'indicator: "absence-rate", breakdown: "state-funded-secondary"';
    expect((await compare('891', absence, what)).change).toMatchObject({
      isBeyondChance: null,
      note: expect.stringContaining('no simple model of chance'),
    });
    // Rutland: a handful of permanent exclusions a year.
    expect((await compare('857', 'indicator: "permanent-exclusion-rate"', what)).change).toMatchObject({
      isBeyondChance: false,
      note: 'A count is below 10: the test is rough.',
    });
  });

  it('names the parts where only parts of the whole are published', async () => {
    const compared = await compare('891', 'indicator: "absence-rate"', '{ period { code } value notes }');
    expect(compared).toMatchObject({ period: null, value: null });
    expect(compared.notes[0]).toContain('There are parts, by breakdown: special');
  });

  it('a period that is asked for carries its age', async () => {
    const compared = await compare('891', 'indicator: "suspension-rate", period: "2013/14"');
    expect(compared.periodAgeYears).toBe(3);
    expect(compared.notes).toContain('2013/14 is 3 years older than the newest period of the indicator.');
  });

  it('says who of those compared was abolished where that makes the period old', async () => {
    // Lancashire borders Cumbria, whose last year is 2022.
    const timely = 'indicator: "ehc-plans-within-20-weeks-rate", against: GEOGRAPHIC';
    const compared = await compare('888', timely, '{ period { code } periodAgeYears notes }');
    expect(compared).toMatchObject({ period: { code: '2022' }, periodAgeYears: 2 });
    expect(compared.notes).toContain(
      '2022 is 2 years older than the newest period of the indicator. Of those compared, Cumbria was abolished on 2023-03-31.',
    );
    const later = await compare(
      '888',
      `${timely}, period: "2024"`,
      '{ periodAgeYears neighboursLeftOut notes }',
    );
    expect(later).toMatchObject({ periodAgeYears: 0, neighboursLeftOut: 1 });
    expect(later.notes.join(' ')).toContain(
      'Left out, because their values in the period are not known: Cumbria (no row).',
    );
  });

  it('the edition can be chosen, and Nottinghamshire’s comparison is what the page of methods shows', async () => {
    const compared = await compare('891', 'indicator: "suspension-rate", edition: "2025-05"');
    expect(compared).toMatchObject({
      value: 5.5,
      rank: 10,
      of: 11,
      nationalRank: 114,
      nationalOf: 152,
      band: 'C',
      neighbourAverage: expect.closeTo(4.442, 3),
      regionValue: 4.61,
      nationalValue: 4.76,
      change: { from: 5.36, to: 5.5, direction: 'WORSE', isBeyondChance: false },
    });
  });
});
