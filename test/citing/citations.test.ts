/** An answer that is asked for with its sources names the releases that stand behind it, whichever way it is made. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildGraph } from '../../schema/build.js';
import type { Citation } from '../../src/citing/citation.js';
import { loadedDatabase } from '../database.js';
import { rowsOf } from '../export/taking.js';
import { issuedStatements } from '../graph/issued.js';
import { writtenQuestions } from '../graph/questions.js';
import { openTables, type Tables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

let graph: RunningGraph;
let tables: Tables;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'), { ANSWER_CACHE_MB: '8' });
  tables = await openTables(loadedDatabase('sample'));
});
afterAll(async () => {
  await graph.close();
  await tables.close();
});

async function ask(body: Record<string, unknown>, search = '') {
  const response = await fetch(`${graph.address}/graphql${search}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
  return (await response.json()) as any;
}
const namesOf = (citations: { dataSet: string }[]) => citations.map(({ dataSet }) => dataSet);

const RATE = '{ school(urn: URN) { name indicator(id: "suspension-rate") { latest { value } } } }';
let query: string;
beforeAll(async () => {
  const [{ urn }] = await tables.rows(
    `SELECT min(sp.urn) AS urn FROM school_place sp JOIN observation o USING (place_id) JOIN data_set d ON d.number = o.data_set_number
     WHERE d.id = 'suspensions-and-permanent-exclusions'`,
  );
  query = RATE.replace('URN', urn);
});

it('has publisher, title, day, address, hash, licence, and a line to cite', async () => {
  const { data, extensions } = await ask({ query }, '?cite=1');
  expect(data.school.indicator.latest).not.toBeNull();
  expect([...new Set(namesOf(extensions.citations))].sort()).toEqual([
    'gias-establishments',
    'suspensions-and-permanent-exclusions',
  ]);
  for (const citation of extensions.citations) {
    const [row] = await tables.rows(
      `SELECT d.publisher, d.title, r.title AS release, r.published_on::text AS "publishedOn", f.url, f.sha256, d.licence, d.licence_url AS "licenceUrl", r.synthetic
       FROM release r JOIN release_file f ON f.release_id = r.id JOIN data_set d ON d.number = r.data_set_number WHERE d.id = $1 AND f.url = $2`,
      [citation.dataSet, citation.url],
    );
    const { dataSet: _id, line, ...told } = citation;
    expect(told).toEqual(row);
    for (const part of ['SYNTHETIC', row.publisher, row.title, row.release, row.publishedOn, row.licence])
      expect(line).toContain(part);
  }
});

it('of a release of several files each is named, with its own address and hash', async () => {
  const files = await tables.rows(
    `SELECT f.url, f.sha256 FROM release_file f JOIN release r ON r.id = f.release_id JOIN data_set d ON d.number = r.data_set_number
     WHERE d.id = 'school-census' ORDER BY r.id, f.ordinal`,
  );
  expect(files.length).toBeGreaterThan(1);
  const asked = await ask({ query: query.replace('suspension-rate', 'roll') }, '?cite=1');
  const cited = asked.extensions.citations.filter(({ dataSet }: Citation) => dataSet === 'school-census');
  expect(cited.map(({ url, sha256 }: Citation) => ({ url, sha256 }))).toEqual(files);
  expect(new Set(cited.map(({ line }: Citation) => line)).size).toBe(files.length);
});

it('is told to nobody who does not ask', async () => {
  for (let time = 0; time < 3; time += 1) {
    expect((await ask({ query })).extensions).not.toHaveProperty('citations');
    const { citations } = (await ask({ query }, '?cite=1')).extensions;
    expect(citations.length).toBeGreaterThan(1);
    expect((await ask({ query, extensions: { cite: true } })).extensions.citations).toEqual(citations);
  }
});

it('by graphql-js, by SQL alone, from what is kept, by link and beside a file, it is the same', async () => {
  const list =
    '{ regions { code indicator(id: "suspensions") { latest { value } } } schools: england { name } }';
  const { citations } = (await ask({ query: `${list} # new` }, '?cite=1')).extensions;
  expect(namesOf(citations)).toContain('suspensions-and-permanent-exclusions');
  for (const text of [list, list, list])
    expect((await ask({ query: text }, '?cite=1')).extensions.citations).toEqual(citations);
  const link = await fetch(
    `${graph.address}/graphql.json?${new URLSearchParams({ query: list, cite: '1' })}`,
  );
  expect(((await link.json()) as { extensions: unknown }).extensions).toMatchObject({ citations });
  const file = await fetch(`${graph.address}/graphql.csv?${new URLSearchParams({ query: list })}`);
  const [, beside] = /<([^>]*)>; rel="describedby"/.exec(file.headers.get('link')!)!;
  const sources = await fetch(`${graph.address}${beside}`);
  const [header, ...rows] = rowsOf(await sources.text());
  expect(header).toEqual(Object.keys(citations[0]));
  expect(rows).toEqual(
    citations.map((citation: object) => Object.values(citation).map((value) => String(value ?? ''))),
  );
  expect(sources.headers.get('content-disposition')).toContain('-sources-');
});

it('as of a day it has what had been published by then', async () => {
  const then =
    '{ england(asOf: "2026-06-20") { s: indicator(id: "suspensions") { latest { value } } a: indicator(id: "ABSENCE") { latest { value } } } }';
  const [{ id }] = await tables.rows(
    "SELECT i.id FROM indicator i JOIN data_set d ON d.number = i.data_set_number WHERE d.id = 'absence-by-term' LIMIT 1",
  );
  const { citations } = (await ask({ query: then.replace('ABSENCE', id) }, '?cite=1')).extensions;
  expect(namesOf(citations)).toEqual(['absence-by-term']);
});

it('what reads no data has none', async () => {
  expect((await ask({ query: '{ __typename }' }, '?cite=1')).extensions.citations).toEqual([]);
});

describe('of every question of the docs and the tests', () => {
  const issued = issuedStatements();
  /** Tables that hold a register, by data set. */
  const REGISTERS: Record<string, string> = {
    school: 'gias-establishments',
    establishment_group: 'gias-groups',
    group_membership: 'gias-group-links',
    group_link: 'gias-all-group-links',
    school_lineage: 'gias-establishment-links',
    statistical_neighbour: 'statistical-neighbours',
    local_authority_code: 'local-authority-codes',
    geographic_neighbour: 'local-authority-boundaries',
    school_kind: 'gias-establishments',
  };

  it('every register is cited whose table Postgres reads', async () => {
    let registers = 0;
    for (const question of writtenQuestions(await buildGraph())) {
      if (question.includes('asOf')) continue;
      issued.take();
      const { data, extensions } = await ask({ query: question }, '?cite=1');
      if (!data || !extensions.citations) continue;
      const statement = issued.take().find(({ text }) => text.includes(' AS citations'));
      if (!statement) continue;
      const cited = namesOf(extensions.citations);
      const [{ 'QUERY PLAN': plan }] = await tables.rows(
        `EXPLAIN (FORMAT JSON) ${statement.text}`,
        statement.values,
      );
      for (const [, table] of JSON.stringify(plan).matchAll(/"Relation Name":"(\w+)"/g)) {
        const register = REGISTERS[table!];
        if (!register) continue;
        registers += 1;
        expect([question, ...cited]).toContain(register);
      }
    }
    expect(registers).toBeGreaterThan(100);
  });
});

it('every figure’s own release is among them, whatever the data set', async () => {
  const ids = await tables.rows(
    'SELECT DISTINCT ON (data_set_number) id FROM indicator ORDER BY data_set_number, id',
  );
  const found = new Set<string>();
  for (const { id } of ids) {
    const question = `{ england { i: indicator(id: "${id}") { ...cited } } localAuthorities(first: 5) { nodes { i: indicator(id: "${id}") { ...cited } } } }
      fragment cited on PlaceIndicator { latest { value release { files { url sha256 } } } }`;
    const { data, extensions } = await ask({ query: question }, '?cite=1');
    const cited = extensions.citations.map(({ url, sha256 }: Record<string, string>) => ({ url, sha256 }));
    for (const { i } of [data.england, ...data.localAuthorities.nodes])
      for (const file of i?.latest?.release?.files ?? []) {
        found.add(file.sha256);
        expect([id, ...cited]).toContainEqual(file);
      }
  }
  expect(found.size).toBeGreaterThan(10);
});
