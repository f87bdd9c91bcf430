/** Where schools and local authorities came from and what became of them, through the graph. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { REORGANISATIONS } from '../../jobs/local-authority-changes.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

let graph: RunningGraph;
let tables: Tables;
const ask = async (query: string) => {
  const { data, errors } = await graph.ask(query);
  expect(errors).toBeUndefined();
  return data;
};
const published = async (
  path: string,
  encoding: BufferEncoding = 'utf8',
): Promise<Record<string, string>[]> =>
  parse(await readFile(join(inject('mirror')!, path), encoding), { columns: true, bom: true });

const REGISTER = 'ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public';
const REFERENCE = 'raw.githubusercontent.com/dfe-analytical-services/dfe-published-data-qa/main/data';

describe.skipIf(!hasRealFiles())('on the published files', () => {
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
    tables = await openTables(loadedDatabase('real'));
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  it('a conversion leads both ways, and is one step of the lineage of either school', async () => {
    const data = await ask(`{
      old: school(urn: 118824) { predecessors { urn } successors { urn name } lineage { kind generation urn via event on onIsInferred school { name } } }
      new: school(urn: 136205) { predecessors { urn name } successors { urn } lineage { kind generation urn via event on onIsInferred school { name } } } }`);
    // links_edubasealldata: 118824,136205,"Wilmington Academy","Successor","01-09-2010", and the same the other way round.
    const step = { generation: 1, event: 'CONVERSION', on: '2010-09-01', onIsInferred: false };
    const [old, now] = [{ name: 'Wilmington Enterprise College' }, { name: 'Wilmington Academy' }];
    expect(data).toEqual({
      old: {
        predecessors: [],
        successors: [{ urn: 136205, ...now }],
        lineage: [{ kind: 'SUCCESSOR', urn: 136205, via: 118824, ...step, school: now }],
      },
      new: {
        predecessors: [{ urn: 118824, ...old }],
        successors: [],
        lineage: [{ kind: 'PREDECESSOR', urn: 118824, via: 136205, ...step, school: old }],
      },
    });
  });

  it('a link without direction leads from the school that closed to the one that went on', async () => {
    const { school } = await ask(
      '{ school(urn: 101277) { predecessors { urn } successors { urn } lineage { event eventIsInferred on } } }',
    );
    expect(school).toEqual({
      predecessors: [{ urn: 101276 }],
      successors: [],
      lineage: [{ event: 'AMALGAMATION', eventIsInferred: false, on: '2014-09-01' }],
    });
  });

  it('a chain of four stands in order, seen from its first school and from its last', async () => {
    const [{ first, last }] = await tables.rows(`
      WITH RECURSIVE walk AS (
        SELECT predecessor_urn AS first, successor_urn AS last, 1 AS steps FROM school_lineage
        UNION SELECT w.first, l.successor_urn, w.steps + 1 FROM walk w JOIN school_lineage l ON l.predecessor_urn = w.last WHERE w.steps < 20)
      SELECT first, last FROM walk WHERE steps = 4 ORDER BY first, last LIMIT 1`);
    const data = await ask(
      `{ first: school(urn: ${first}) { lineage { kind generation urn via } } last: school(urn: ${last}) { lineage { kind generation urn via } } }`,
    );
    const forth = data.first.lineage as { kind: string; generation: number; urn: number; via: number }[];
    expect(forth.every(({ kind }) => kind === 'SUCCESSOR')).toBe(true);
    expect(forth.map(({ generation }) => generation)).toEqual(
      [...forth.map(({ generation }) => generation)].sort(),
    );
    expect(Math.max(...forth.map(({ generation }) => generation))).toBe(4);
    expect(forth.some(({ urn }) => urn === last)).toBe(true);
    // Every step begins where one before it ended.
    for (const { via, generation } of forth)
      expect(
        via === first
          ? generation === 1
          : forth.some((step) => step.urn === via && step.generation < generation),
      ).toBe(true);
    const back = data.last.lineage.filter(
      ({ kind }: { kind: string }) => kind === 'PREDECESSOR',
    ) as typeof forth;
    expect(back[0]).toMatchObject({ generation: 4, urn: first });
    expect(back.at(-1)).toMatchObject({ generation: 1, via: last });
  });

  it('every pair of schools that the register links plainly, in one direction, is a step in that direction', async () => {
    const links = await published(`${REGISTER}/links_edubasealldata20220901.csv`, 'latin1');
    const directions = new Map<string, Set<string>>();
    for (const { URN, LinkURN, LinkType } of links) {
      const isSuccessor = LinkType!.startsWith('Successor');
      if (!isSuccessor && !LinkType!.startsWith('Predecessor')) continue;
      const [from, to] = isSuccessor ? [URN, LinkURN] : [LinkURN, URN];
      const pair = [URN, LinkURN].sort().join(' ');
      directions.set(pair, (directions.get(pair) ?? new Set()).add(`${from} ${to}`));
    }
    const plain = [...directions.values()].filter(({ size }) => size === 1).map(([edge]) => edge!);
    expect(plain).toHaveLength(15_530);
    const stored = await tables.rows(
      "SELECT predecessor_urn || ' ' || successor_urn AS edge FROM school_lineage",
    );
    const edges = new Set(stored.map(({ edge }) => edge as string));
    expect(plain.filter((edge) => !edges.has(edge))).toEqual([]);
    // 75 more pairs are linked without a direction or with two; dates decide 58 of them.
    expect(edges.size).toBe(15_530 + 58);
  });

  it('what was found on the way is a warning of the run', async () => {
    // Of the run that had both: whichever of the two registers came last.
    const [{ warnings }] = await tables.rows(
      `SELECT warnings FROM run r JOIN data_set d ON d.number = r.data_set_number
       WHERE d.id IN ('gias-establishment-links', 'gias-establishments') AND r.outcome = 'LOADED' ORDER BY r.id DESC LIMIT 1`,
    );
    expect(warnings).toEqual(
      expect.arrayContaining([
        'lineage: 159 of the links are stated by one of the two schools only, and were taken from it',
        'lineage: 17 of the links say no direction or two, and the dates do not tell: left out',
      ]),
    );
  });

  it('every code that the reference list ends is explained by one reorganisation, on the day after', async () => {
    const list = await published(`${REFERENCE}/las.csv`);
    const ended = list.filter(({ date_of_termination }) => date_of_termination);
    expect(ended).toHaveLength(19);
    const iso = (day: string) => day.split('/').reverse().join('-');
    const dayAfter = (day: string) => new Date(Date.parse(iso(day)) + 86_400_000).toISOString().slice(0, 10);
    for (const { new_la_code, la_name, date_of_termination } of ended) {
      const found = REORGANISATIONS.filter(({ fromGss }) => fromGss.includes(new_la_code!));
      expect(found, la_name).toHaveLength(1);
      expect(found[0]!.on, la_name).toBe(dayAfter(date_of_termination!));
    }
    for (const { on, fromGss, toGss, moves } of REORGANISATIONS) {
      expect(ended.filter(({ new_la_code }) => fromGss.includes(new_la_code!))).toHaveLength(fromGss.length);
      for (const gss of toGss) {
        const row = list.find(({ new_la_code }) => new_la_code === gss)!;
        expect(iso(row.date_of_operation!), row.la_name).toBe(on);
        const codes = Object.values(moves).flat();
        if (codes.length > 0) expect(codes, row.la_name).toContain(row.old_la_code);
      }
    }
  });

  it('Dorset’s reorganisation joins and parts, and says what cannot be rebuilt', async () => {
    const data = await ask(`{
      new: localAuthority(code: "839") { predecessors { code name } successors { code } reorganisations { on kind from to canBeRebuilt note } }
      old: localAuthority(code: "835") { predecessors { code } successors { code name } reorganisations { kind } } }`);
    expect(data.new.predecessors).toEqual([
      { code: '837', name: 'Bournemouth' },
      { code: '835', name: 'Dorset' },
      { code: '836', name: 'Poole' },
    ]);
    expect(data.new.successors).toEqual([]);
    expect(data.new.reorganisations).toEqual([
      {
        on: '2019-04-01',
        kind: 'REDRAWN',
        from: ['835', '836', '837'],
        to: ['838', '839'],
        canBeRebuilt: false,
        note: expect.stringContaining('Christchurch went from Dorset'),
      },
    ]);
    expect(data.old).toEqual({
      predecessors: [],
      successors: [
        { code: '839', name: 'Bournemouth, Christchurch and Poole' },
        { code: '838', name: 'Dorset' },
      ],
      reorganisations: [{ kind: 'REDRAWN' }],
    });
  });

  it('a new GSS code is a reorganisation of one area, which goes on', async () => {
    const data =
      await ask(`{ localAuthority(code: "929") { predecessors { code } reorganisations { on kind fromGssCodes toGssCodes canBeRebuilt } }
      localAuthorityReorganisations { on } }`);
    expect(data.localAuthority.predecessors).toEqual([]);
    expect(data.localAuthority.reorganisations).toEqual([
      {
        on: '2009-04-01',
        kind: 'NEW_GSS_CODE',
        fromGssCodes: ['E10000022'],
        toGssCodes: ['E06000048'],
        canBeRebuilt: true,
      },
      {
        on: '2013-04-01',
        kind: 'NEW_GSS_CODE',
        fromGssCodes: ['E08000020', 'E06000048'],
        toGssCodes: ['E08000037', 'E06000057'],
        canBeRebuilt: true,
      },
    ]);
    expect(data.localAuthorityReorganisations).toHaveLength(REORGANISATIONS.length);
  });
});

describe('on the sample', () => {
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'));
    tables = await openTables(loadedDatabase('sample'));
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  it('schools have predecessors and successors, and the one says the same as the other', async () => {
    const edges = await tables.rows(
      'SELECT * FROM school_lineage ORDER BY predecessor_urn, successor_urn LIMIT 20',
    );
    expect(edges).toHaveLength(20);
    for (const { predecessor_urn: one, successor_urn: other } of edges) {
      const data = await ask(
        `{ one: school(urn: ${one}) { successors { urn } } other: school(urn: ${other}) { predecessors { urn } } }`,
      );
      expect(data.one.successors).toContainEqual({ urn: other });
      expect(data.other.predecessors).toContainEqual({ urn: one });
    }
  });
});

it('no local authority that a reorganisation made has gone in another: one step of a series is the whole way', () => {
  const steps = REORGANISATIONS.flatMap(({ moves }) => Object.entries(moves));
  const made = new Set(steps.flatMap(([, to]) => to));
  expect(made.size).toBeGreaterThan(5);
  expect(steps.map(([from]) => from).filter((code) => made.has(code))).toEqual([]);
});
