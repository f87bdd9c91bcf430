/** Neighbours through the graph: of both kinds and of every edition, with the reason where there are none. */
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { Loading } from '../loading/loading.js';

let graph: RunningGraph;
const ask = async (query: string, variables?: Record<string, unknown>) => {
  const { data, errors } = await graph.ask(query, variables);
  expect(errors).toBeUndefined();
  return data;
};
interface Named {
  localAuthority: { code: string; name: string };
}
const neighbours = async (code: string, kind: string, edition?: string): Promise<string[]> => {
  const data = await ask(
    'query ($code: String!, $kind: NeighbourKind!, $edition: String) { localAuthority(code: $code) { neighbours(kind: $kind, edition: $edition, first: 100) { localAuthority { code name } } } }',
    { code, kind, edition },
  );
  return data.localAuthority.neighbours.map(({ localAuthority }: Named) => localAuthority.name);
};
const note = async (code: string, kind: string, edition?: string): Promise<string | null> =>
  (
    await ask(
      'query ($code: String!, $kind: NeighbourKind!, $edition: String) { localAuthority(code: $code) { neighboursNote(kind: $kind, edition: $edition) } }',
      { code, kind, edition },
    )
  ).localAuthority.neighboursNote;

describe.skipIf(!hasRealFiles())('of the published files, the earlier edition loaded after the later', () => {
  let loading: Loading;
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

  it('Nottinghamshire’s begin Derbyshire, Suffolk, Somerset in 2025 and Derbyshire, Staffordshire, Lancashire in 2021', async () => {
    const data = await ask(`{ localAuthority(code: "891") {
      newest: neighbours(kind: STATISTICAL, first: 3) { rank closeness edition localAuthority { code name } }
      of2025: neighbours(kind: STATISTICAL, edition: "2025-05", first: 10) { rank localAuthority { code } }
      of2021: neighbours(kind: STATISTICAL, edition: "2021-04", first: 3) { rank localAuthority { name } } } }`);
    // Row 104 of sn_may_2025.xlsx.
    expect(data.localAuthority.newest).toEqual([
      {
        rank: 1,
        closeness: 'EXTREMELY_CLOSE',
        edition: '2025-05',
        localAuthority: { code: '830', name: 'Derbyshire' },
      },
      {
        rank: 2,
        closeness: 'VERY_CLOSE',
        edition: '2025-05',
        localAuthority: { code: '935', name: 'Suffolk' },
      },
      {
        rank: 3,
        closeness: 'VERY_CLOSE',
        edition: '2025-05',
        localAuthority: { code: '933', name: 'Somerset' },
      },
    ]);
    expect(data.localAuthority.of2025.map(({ localAuthority }: Named) => localAuthority.code)).toEqual([
      '830',
      '935',
      '933',
      '886',
      '926',
      '937',
      '855',
      '802',
      '860',
      '888',
    ]);
    expect(data.localAuthority.of2021.map(({ localAuthority }: Named) => localAuthority.name)).toEqual([
      'Derbyshire',
      'Staffordshire',
      'Lancashire',
    ]);
  });

  it('are ten for each of 158 local authorities in 2025, and of 156 in 2021, which names none for two new ones', async () => {
    const counts = await loading.rows(
      `SELECT edition, count(*)::int AS rows, count(DISTINCT la_code)::int AS authorities, max(rank)::int AS ranks
       FROM statistical_neighbour WHERE to_release IS NULL GROUP BY 1 ORDER BY 1`,
    );
    expect(counts).toEqual([
      { edition: '2021-04', rows: 1560, authorities: 156, ranks: 10 },
      { edition: '2025-05', rows: 1580, authorities: 158, ranks: 10 },
    ]);
    expect(await note('942', 'STATISTICAL', '2021-04')).toBe(
      'The edition 2021-04 names no statistical neighbours for it; there are some in 2025-05.',
    );
    // How often each word stands in the workbooks, whatever its case.
    const words = await loading.rows(
      'SELECT closeness, edition, count(*)::int AS n FROM statistical_neighbour WHERE to_release IS NULL GROUP BY 1, 2',
    );
    const count = (edition: string) =>
      Object.fromEntries(
        words.filter((row) => row.edition === edition).map(({ closeness, n }) => [closeness, n]),
      );
    expect(count('2025-05')).toEqual({
      EXTREMELY_CLOSE: 16,
      VERY_CLOSE: 865,
      CLOSE: 514,
      SOMEWHAT_CLOSE: 136,
      NOT_CLOSE: 49,
    });
    expect(count('2021-04')).toEqual({
      EXTREMELY_CLOSE: 91,
      VERY_CLOSE: 931,
      CLOSE: 293,
      SOMEWHAT_CLOSE: 137,
      NOT_CLOSE: 108,
    });
  });

  it('of an abolished local authority are still had, and say nothing of it', async () => {
    expect((await neighbours('835', 'STATISTICAL')).slice(0, 2)).toEqual(['Shropshire', 'Devon']);
    expect(await note('835', 'STATISTICAL')).toBeNull();
  });

  it('name each edition, the newest as the default, with the release it is from', async () => {
    const { neighbourEditions } = await ask(
      '{ neighbourEditions { kind edition title isDefault localAuthorities release { dataSet { id } } } }',
    );
    const statistical = { release: { dataSet: { id: 'statistical-neighbours' } } };
    const geographic = { release: { dataSet: { id: 'local-authority-boundaries' } } };
    expect(neighbourEditions).toEqual([
      {
        kind: 'STATISTICAL',
        edition: '2025-05',
        title: 'May 2025',
        isDefault: true,
        localAuthorities: 158,
        ...statistical,
      },
      {
        kind: 'STATISTICAL',
        edition: '2021-04',
        title: 'April 2021',
        isDefault: false,
        localAuthorities: 156,
        ...statistical,
      },
      {
        kind: 'GEOGRAPHIC',
        edition: '2022',
        title: 'Boundaries of 2022',
        isDefault: true,
        localAuthorities: 152,
        ...geographic,
      },
      {
        kind: 'GEOGRAPHIC',
        edition: '2016',
        title: 'Boundaries of 2016',
        isDefault: false,
        localAuthorities: 152,
        ...geographic,
      },
    ]);
  });

  it('refuse an edition that there is not, and name those that there are', async () => {
    const { data, errors } = await graph.ask(
      '{ a: localAuthority(code: "891") { neighbours(kind: STATISTICAL, edition: "2022") { rank } } b: localAuthority(code: "891") { name } }',
    );
    expect(errors).toMatchObject([
      {
        message: 'edition: there is no such edition of statistical neighbours; there are 2025-05, 2021-04',
        extensions: { code: 'BAD_USER_INPUT' },
        path: ['a'],
      },
    ]);
    expect(data.b).toEqual({ name: 'Nottinghamshire' });
  });

  /** Who borders whom on land, from the map of England. */
  const TRUTHS: Record<string, string[]> = {
    891: [
      'Derbyshire',
      'Doncaster',
      'Leicestershire',
      'Lincolnshire',
      'North Lincolnshire',
      'Nottingham',
      'Rotherham',
    ],
    892: ['Nottinghamshire'],
    921: [],
    420: [],
    201: ['Camden', 'Hackney', 'Islington', 'Lambeth', 'Southwark', 'Tower Hamlets', 'Westminster'],
    810: ['East Riding of Yorkshire'],
    856: ['Leicestershire'],
    831: ['Derbyshire'],
    // Rutland and Peterborough do not touch: 20 metres of border between Lincolnshire and Northamptonshire are between.
    857: ['Leicestershire', 'Lincolnshire', 'North Northamptonshire'],
    940: [
      'Bedford',
      'Cambridgeshire',
      'Leicestershire',
      'Lincolnshire',
      'Milton Keynes',
      'Peterborough',
      'Rutland',
      'West Northamptonshire',
    ],
    908: ['Devon', 'Plymouth'],
    838: ['Bournemouth, Christchurch and Poole', 'Devon', 'Hampshire', 'Somerset', 'Wiltshire'],
    839: ['Dorset', 'Hampshire'],
    371: [
      'Barnsley',
      'East Riding of Yorkshire',
      'North Lincolnshire',
      'North Yorkshire',
      'Nottinghamshire',
      'Rotherham',
      'Wakefield',
    ],
    341: ['Knowsley', 'Halton', 'Sefton'],
    929: ['County Durham', 'Cumbria', 'Gateshead', 'Newcastle upon Tyne', 'North Tyneside'],
    942: [],
    943: [],
  };
  it.each(Object.entries(TRUTHS))('on the map, of %s are as everybody can see', async (code, expected) => {
    expect(await neighbours(code, 'GEOGRAPHIC')).toEqual([...expected].sort());
  });

  it('on the map are neighbours both ways round, have no rank, and never lie outside England', async () => {
    const { localAuthorities } = await ask(
      '{ localAuthorities(first: 100, includeAbolished: true) { nodes { code neighbours(kind: GEOGRAPHIC, first: 20) { rank closeness localAuthority { code } } } pageInfo { endCursor } } }',
    );
    const of = new Map<string, string[]>(
      localAuthorities.nodes.map(
        (node: { code: string; neighbours: (Named & { rank: null; closeness: null })[] }) => {
          for (const { rank, closeness } of node.neighbours) expect([rank, closeness]).toEqual([null, null]);
          return [node.code, node.neighbours.map(({ localAuthority }) => localAuthority.code)];
        },
      ),
    );
    for (const [code, others] of of) {
      for (const other of others)
        if (of.has(other)) expect(of.get(other), `${code} and ${other}`).toContain(code);
    }
    expect([...of.values()].flat().every((code) => /^\d{3}$/.test(code))).toBe(true);
  });

  it('say why there are none, and what is to be known of those that there are', async () => {
    expect(await note('891', 'GEOGRAPHIC')).toBeNull();
    expect(await note('921', 'GEOGRAPHIC')).toBe('It borders no other local authority of England on land.');
    expect(await note('942', 'GEOGRAPHIC')).toBe(
      'The boundaries of 2022 do not draw it; they draw Cumbria, which it came out of.',
    );
    expect(await note('835', 'GEOGRAPHIC')).toBe('The boundaries of 2022 do not draw it; those of 2016 do.');
    expect(await note('371', 'GEOGRAPHIC')).toBe(
      'The boundaries of 2022 draw its metropolitan county as a whole: its borders are those of 2016.',
    );
    expect(await note('888', 'GEOGRAPHIC')).toBe(
      'Cumbria was abolished on 2023-03-31: which of its successors (Cumberland, Westmorland and Furness) is a neighbour now, these boundaries do not show.',
    );
    expect(await neighbours('835', 'GEOGRAPHIC', '2016')).toEqual([
      'Bournemouth',
      'Devon',
      'Hampshire',
      'Poole',
      'Somerset',
      'Wiltshire',
    ]);
  });
});

describe('of the sample', () => {
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'));
  });
  afterAll(() => graph.close());

  it('are ten, ranked, with figures below them, and of two editions', async () => {
    const { localAuthority } = await ask(
      '{ localAuthority(code: "891") { neighbours(kind: STATISTICAL) { rank closeness localAuthority { name indicator(id: "suspension-rate") { series { value status } } } } } }',
    );
    expect(localAuthority.neighbours.map(({ rank }: { rank: number }) => rank)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
    ]);
    for (const { localAuthority: neighbour } of localAuthority.neighbours)
      expect(neighbour.indicator.series.length).toBeGreaterThan(0);
    expect(await neighbours('891', 'STATISTICAL', '2021-04')).not.toEqual(
      await neighbours('891', 'STATISTICAL'),
    );
  });

  it('on its made-up map are there too', async () => {
    expect((await neighbours('891', 'GEOGRAPHIC')).length).toBeGreaterThan(0);
  });

  it('are as many as asked for, and no more than a page', async () => {
    const { localAuthority } = await ask(
      '{ localAuthority(code: "891") { two: neighbours(kind: STATISTICAL, first: 2) { rank } none: neighbours(kind: GEOGRAPHIC, first: 0) { rank } } }',
    );
    expect(localAuthority).toEqual({ two: [{ rank: 1 }, { rank: 2 }], none: [] });
    const { errors } = await graph.ask(
      '{ localAuthority(code: "891") { neighbours(kind: STATISTICAL, first: 101) { rank } } }',
    );
    expect(errors).toMatchObject([{ message: 'first: must be between 0 and 100' }]);
  });
});
