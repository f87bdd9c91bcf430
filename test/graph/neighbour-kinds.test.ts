/** Neighbours of every kind: which they are, whether it is mutual, and what cannot be asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAXIMUM_COMPARED } from '../../src/limits.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

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

  interface Listed {
    isMutual: boolean | null;
    rank: number | null;
    edition: string | null;
    localAuthority: { code: string; name: string };
  }
  const neighbours = async (code: string, args: string): Promise<Listed[]> => {
    const { data, errors } = await graph.ask(
      `{ localAuthority(code: "${code}") { neighbours(${args}) { isMutual rank edition localAuthority { code name } } } }`,
    );
    expect(errors).toBeUndefined();
    return data.localAuthority.neighbours;
  };
  const refusal = async (code: string, args: string) =>
    (await graph.ask(`{ localAuthority(code: "${code}") { neighbours(${args}) { rank } } }`)).errors?.[0];

  it('of a region are the others that exist today, by name, each of the other', async () => {
    const regions = await tables.rows(
      `SELECT region_code, array_agg(code ORDER BY name, code) AS codes FROM local_authority
       WHERE closed_on IS NULL AND region_code IS NOT NULL GROUP BY 1`,
    );
    expect(regions).toHaveLength(9);
    for (const { codes } of regions) {
      const [code, ...others] = codes;
      const found = await neighbours(code, 'kind: REGION');
      expect(found.map(({ localAuthority }) => localAuthority.code)).toEqual(others);
      for (const { isMutual, rank, edition } of found)
        expect([isMutual, rank, edition]).toEqual([true, null, null]);
    }
  });

  it('of a region are none that were abolished; one that was has neighbours that do not have it', async () => {
    const [abolished] = await tables.rows(
      'SELECT code, region_code FROM local_authority WHERE closed_on IS NOT NULL ORDER BY code LIMIT 1',
    );
    const found = await neighbours(abolished.code, 'kind: REGION');
    expect(found.length).toBeGreaterThan(3);
    for (const { isMutual, localAuthority } of found) {
      expect(isMutual).toBe(false);
      expect(localAuthority.code).not.toBe(abolished.code);
    }
  });

  it('that are named come as they are named, each once, by whatever code', async () => {
    const found = await neighbours('891', 'kind: CUSTOM, codes: ["926", "888", "E10000020", "888"]');
    expect(found.map(({ localAuthority }) => localAuthority.name)).toEqual(['Norfolk', 'Lancashire']);
    for (const { isMutual, rank, edition } of found)
      expect([isMutual, rank, edition]).toEqual([null, null, null]);
  });

  it('that are named for a list are for each the others of them', async () => {
    const { data } = await graph.ask(
      '{ localAuthorities(codes: ["926", "888", "891"]) { nodes { code neighbours(kind: CUSTOM, codes: ["926", "888", "891"]) { localAuthority { code } } } } }',
    );
    for (const { code, neighbours: others } of data.localAuthorities.nodes) {
      expect(others.map(({ localAuthority }: Listed) => localAuthority.code)).toEqual(
        ['926', '888', '891'].filter((other) => other !== code),
      );
    }
  });

  it('of an edition are mutual where the other has it too, as looking through all of them says', async () => {
    const pairs = await tables.rows(
      'SELECT edition, la_code, neighbour_code FROM statistical_neighbour WHERE to_release IS NULL',
    );
    const all = new Set(pairs.map((pair) => `${pair.edition} ${pair.la_code} ${pair.neighbour_code}`));
    const codes = [...new Set(pairs.map(({ la_code }) => la_code as string))].sort().slice(0, 40);
    let mutual = 0;
    let oneWay = 0;
    for (const code of codes) {
      for (const { edition, localAuthority, isMutual } of await neighbours(code, 'kind: STATISTICAL')) {
        expect(isMutual, `${code} and ${localAuthority.code}`).toBe(
          all.has(`${edition} ${localAuthority.code} ${code}`),
        );
        if (isMutual) mutual += 1;
        else oneWay += 1;
      }
    }
    expect(mutual).toBeGreaterThan(0);
    expect(oneWay).toBeGreaterThan(0);
  });

  it('on the map are all mutual', async () => {
    for (const { isMutual } of await neighbours('891', 'kind: GEOGRAPHIC')) expect(isMutual).toBe(true);
  });

  it.each([
    ['891', 'kind: CUSTOM', 'CUSTOM needs the codes'],
    ['891', 'kind: CUSTOM, codes: []', 'CUSTOM needs the codes'],
    [
      '891',
      'kind: CUSTOM, codes: ["888", "999", "000"]',
      'the 2nd and 3rd of codes: no local authority has this code',
    ],
    ['891', 'kind: CUSTOM, codes: ["888", "x"]', 'a local authority has a 3-digit code'],
    ['891', 'kind: CUSTOM, codes: ["888", "891"]', 'the local authority itself is among them'],
    ['E10000024', 'kind: CUSTOM, codes: ["888", "891"]', 'the local authority itself is among them'],
    [
      '891',
      `kind: CUSTOM, codes: [${Array(MAXIMUM_COMPARED + 1)
        .fill('"888"')
        .join(', ')}]`,
      `${MAXIMUM_COMPARED + 1} entries are more than a list may have: ${MAXIMUM_COMPARED}`,
    ],
    ['891', 'kind: STATISTICAL, codes: ["888"]', 'only CUSTOM takes them'],
    ['891', 'kind: REGION, edition: "2025-05"', 'edition: only STATISTICAL and GEOGRAPHIC have editions'],
    ['891', 'kind: STATISTICAL, edition: "1999-01"', 'there are 2025-05'],
  ])('%s with %s is refused, and what is wrong is named', async (code, args, told) => {
    expect(await refusal(code, args)).toMatchObject({
      message: expect.stringContaining(told),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it('a note says why one without a region has none of it', async () => {
    const { data } = await graph.ask(
      '{ localAuthorities(codes: ["702", "891"]) { nodes { code neighboursNote(kind: REGION) neighbours(kind: REGION, first: 1) { rank } } } }',
    );
    expect(data.localAuthorities.nodes).toEqual([
      { code: '702', neighboursNote: 'It lies in no region of England.', neighbours: [] },
      { code: '891', neighboursNote: null, neighbours: [{ rank: null }] },
    ]);
  });
});
