/** Robustness tells, for each edition of the neighbours, the rank that counting among them gives, and whether it changes. */
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from '../loading/loading.js';
import { openTables, type Tables } from './tables.js';

const WHOLE = `{ period { code } periodAgeYears value rankChanges positionChanges notes
  variants { edition includesNotClose neighbours rank of neighbourAverage averageMethod neighboursAveraged position } }`;

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
    await tables.close();
    await graph.close();
  });

  it('each variant has the rank, the average and the side of it that counting gives', async () => {
    const { data, errors } = await graph.ask(
      `{ localAuthorities(first: 100) { nodes { code neighbourRobustness(indicator: "suspension-rate") ${WHOLE} } } }`,
    );
    expect(errors).toBeUndefined();
    const neighbours = await tables.rows(
      'SELECT edition, la_code, neighbour_code, closeness FROM statistical_neighbour WHERE to_release IS NULL',
    );
    const figures = await tables.rows(`
      SELECT dp.code AS period, p.code, o.values[array_position(d.measures, 'suspension_rate')]::float8 AS value,
        o.values[array_position(d.measures, 'suspensions')]::float8 AS count, o.values[array_position(d.measures, 'headcount')]::float8 AS base
      FROM data_set d JOIN observation o ON o.data_set_number = d.number AND o.breakdown_id = 0 AND o.to_release IS NULL
      JOIN place p ON p.id = o.place_id AND p.level = 'LOCAL_AUTHORITY'
      JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id
      WHERE d.id = 'suspensions-and-permanent-exclusions'`);
    const figureOf = new Map(figures.map((figure) => [`${figure.code} ${figure.period}`, figure]));
    let looked = 0;
    let changing = 0;
    for (const { code, neighbourRobustness: found } of data.localAuthorities.nodes) {
      const period = found.period?.code;
      const own = figureOf.get(`${code} ${period}`)?.value ?? null;
      expect(found.value, code).toBe(own);
      const ranks = new Set<number>();
      const sides = new Set<string>();
      const mine = neighbours.filter(({ la_code }) => la_code === code);
      const editions = [...new Set(mine.map(({ edition }) => edition as string))].sort().reverse();
      const expected = editions.flatMap((edition) =>
        [true, false].flatMap((includesNotClose) => {
          const among = mine.filter(
            (one) => one.edition === edition && (includesNotClose || one.closeness !== 'NOT_CLOSE'),
          );
          if (among.length === 0) return [];
          const used = among
            .map(({ neighbour_code }) => figureOf.get(`${neighbour_code} ${period}`))
            .filter((figure) => typeof figure?.value === 'number');
          const rank =
            own === null || used.length === 0 ? null : 1 + used.filter((figure) => figure.value < own).length;
          const sum = (of: 'count' | 'base') => used.reduce((total, figure) => total + figure[of], 0);
          const average = used.length > 0 ? (100 * sum('count')) / sum('base') : null;
          const position =
            own === null || average === null
              ? null
              : own === average
                ? 'SAME'
                : own < average
                  ? 'BETTER'
                  : 'WORSE';
          if (rank !== null) ranks.add(rank);
          if (position !== null) sides.add(position);
          return [
            {
              edition,
              includesNotClose,
              neighbours: among.length,
              rank,
              of: used.length + (own === null ? 0 : 1),
              neighbourAverage: average === null ? null : expect.closeTo(average, 9),
              averageMethod: average === null ? null : 'RATIO_OF_SUMS',
              neighboursAveraged: used.length,
              position,
            },
          ];
        }),
      );
      expect(found.variants, code).toEqual(expected);
      const having = (column: 'rank' | 'position') =>
        found.variants.filter((variant: Record<string, unknown>) => variant[column] !== null).length;
      expect(found.rankChanges, code).toBe(having('rank') < 2 ? null : ranks.size > 1);
      expect(found.positionChanges, code).toBe(having('position') < 2 ? null : sides.size > 1);
      looked += expected.length;
      changing += found.rankChanges ? 1 : 0;
    }
    expect(looked).toBeGreaterThan(100);
    expect(changing).toBeGreaterThan(0);
  });

  it('the variant with all neighbours of the newest edition is the comparison', async () => {
    const { data } = await graph.ask(
      `{ localAuthority(code: "891") { neighbourRobustness(indicator: "suspension-rate") ${WHOLE}
        comparison(indicator: "suspension-rate") { edition period { code } rank of neighbourAverage } } }`,
    );
    const { neighbourRobustness: robustness, comparison } = data.localAuthority;
    expect(robustness.variants[0]).toMatchObject({
      edition: comparison.edition,
      includesNotClose: true,
      ...(robustness.period.code === comparison.period.code && {
        rank: comparison.rank,
        of: comparison.of,
        neighbourAverage: comparison.neighbourAverage,
      }),
    });
    const editions = new Set(robustness.variants.map(({ edition }: { edition: string }) => edition));
    expect(editions.size).toBe(which === 'sample' ? 2 : 1);
  });

  it('without polarity nothing is ranked, and of an edition that names nobody it says so', async () => {
    const { data } = await graph.ask(
      `{ localAuthority(code: "702") { neighbourRobustness(indicator: "suspension-rate") ${WHOLE} }
        other: localAuthority(code: "891") { neighbourRobustness(indicator: "ehc-plans") ${WHOLE} } }`,
    );
    const { variants, rankChanges, notes } = data.localAuthority.neighbourRobustness;
    expect([variants, rankChanges]).toEqual([[], null]);
    expect(notes.join(' ')).toContain('Names no statistical neighbours for it: 2025-05');
    const unranked = data.other.neighbourRobustness;
    expect(unranked).toMatchObject({ rankChanges: null, positionChanges: null });
    expect(unranked.variants.length).toBeGreaterThan(0);
    for (const { rank, of, position } of unranked.variants)
      expect([rank, of, position]).toEqual([null, null, null]);
  });

  it('refuses a period that there is not, and names those that there are', async () => {
    const { errors } = await graph.ask(
      '{ localAuthority(code: "891") { neighbourRobustness(indicator: "suspension-rate", period: "1901") { value } } }',
    );
    expect(errors?.[0]?.message).toContain('It has: ');
  });
});

describe.skipIf(!hasRealFiles())('under the published editions of 2021 and 2025', () => {
  let loading: Loading;
  let graph: RunningGraph;
  beforeAll(async () => {
    loading = await Loading.open('real', {
      SOURCE_MIRROR: `${dirname(inject('mirror')!)}/mirror-earlier`,
      DATA_DIR: inject('dataDirectory'),
    });
    expect(await loading.loadOne('statistical-neighbours')).toMatchObject({ outcome: 'LOADED' });
    graph = await startGraph(loading.database.url);
  });
  afterAll(async () => {
    await graph.close();
    await loading.close();
  });

  it('Brighton and Hove’s suspension rate is 8th of 11 and worse than the average, or 4th of 10 and better', async () => {
    const { data } = await graph.ask(
      `{ localAuthority(code: "846") { neighbourRobustness(indicator: "suspension-rate", period: "2016/17") ${WHOLE}
        comparison(indicator: "suspension-rate", edition: "2021-04") { edition rank of neighboursLeftOut notes } } }`,
    );
    const { neighbourRobustness: found, comparison } = data.localAuthority;
    expect(found).toMatchObject({ value: 5.49, rankChanges: true, positionChanges: true });
    expect(
      found.variants.filter(({ includesNotClose }: { includesNotClose: boolean }) => includesNotClose),
    ).toMatchObject([
      { edition: '2025-05', rank: 8, of: 11, position: 'WORSE' },
      { edition: '2021-04', rank: 4, of: 10, position: 'BETTER' },
    ]);
    expect(comparison).toMatchObject({ edition: '2021-04', rank: 4, of: 10, neighboursLeftOut: 1 });
    expect(comparison.notes.join(' ')).toContain('Bournemouth, Christchurch and Poole');
  });
});
