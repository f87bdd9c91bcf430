/** The worked examples: each is whole, is answered on the data that stand with places that are in them, and has something to show. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AUDIENCES, EXAMPLES, MENU, readExample, variablesOf } from '../../src/graphiql/examples.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { exampleOf } from './examples-of-page.js';

/** Every value of an answer that is a leaf, and known. */
const leavesOf = (value: unknown): unknown[] => {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return value === null ? [] : [value];
};

describe('a file', () => {
  const [{ query }] = EXAMPLES as [(typeof EXAMPLES)[number]];

  it.each([
    ['a title', query.replace(/^# .*\n/, '')],
    ['for whom it is', query.replace('# For: ', '# To: ')],
    ['one of the audiences', query.replace(/# For: .*/, '# For: everybody')],
    ['what to know of it', query.replace(/(# For: .*\n)(# .*\n)+/, '$1')],
  ])('that lacks %s is refused by name', (_, text) => {
    expect(text).not.toBe(query);
    expect(() => readExample('wrong.graphql', text)).toThrow(/^wrong\.graphql must begin with comments/);
  });
});

describe('the menu', () => {
  it('has several examples for each audience, each once and under a title of its own', () => {
    expect(MENU.map(([first]) => first!.audience)).toEqual(AUDIENCES);
    for (const group of MENU) expect(group.length).toBeGreaterThanOrEqual(3);
    expect(MENU.flat().toSorted((a, b) => a.id.localeCompare(b.id))).toEqual(EXAMPLES);
    expect(new Set(EXAMPLES.map(({ title }) => title)).size).toBe(EXAMPLES.length);
  });
});

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
  });
  afterAll(() => graph.close());

  it.each(EXAMPLES)('$id', async (example) => {
    const { query, variables } = await exampleOf(graph, example.id);
    expect(query).toBe(example.query);
    expect(variables).toEqual(variablesOf(example, variables as never));
    const { data, errors } = await graph.ask(query, variables);
    expect(errors).toBeUndefined();
    for (const answer of Object.values(data)) expect(answer).not.toBeNull();
    // More than the name of the place: figures, and no empty lists.
    expect(leavesOf(data).filter((leaf) => typeof leaf === 'number').length).toBeGreaterThan(0);
    expect(leavesOf(data).length).toBeGreaterThan(10);
  });
});
