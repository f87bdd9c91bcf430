/** Every question of the pages is answered: without errors, and on published files with something. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from './database.js';
import { type RunningGraph, startGraph } from './graph.js';

const PAGES = [
  'docs/asking.md',
  'docs/comparing.md',
  'README.md',
  'docs/adding-a-data-set.md',
  'docs/quick-start.md',
  'docs/indicators.md',
  'docs/finding.md',
];

/** The questions of the pages, each under the heading that it stands under. */
const QUESTIONS = (
  await Promise.all(
    PAGES.map(async (page) =>
      (await readFile(page, 'utf8')).split(/^(?=## )/m).flatMap((section) =>
        [...section.matchAll(/```graphql\n(.*?)```/gs)].map(([, question]) => ({
          heading: `${page}, ${/^## (.*)/.exec(section)?.[1]}`,
          question: question!,
        })),
      ),
    ),
  )
).flat();

/** Those that are taken away as files. */
const TAKEN = [...(await readFile('docs/taking-away.md', 'utf8')).matchAll(/```graphql\n(.*?)```/gs)].map(
  ([, question]) => question!,
);

it('there are many', () => {
  expect(TAKEN).toHaveLength(2);
  expect(QUESTIONS.length).toBeGreaterThan(10);
});

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
  });
  afterAll(() => graph.close());

  it.each(QUESTIONS)('$heading', async ({ question }) => {
    const { data, errors } = await graph.ask(question);
    expect(errors).toBeUndefined();
    expect(Object.keys(data).length).toBeGreaterThan(0);
    // The sample has other schools and trusts.
    if (which === 'real') for (const answer of Object.values(data)) expect(answer).not.toBeNull();
  });

  it.each(TAKEN)('%s is taken away', async (question) => {
    const response = await fetch(`${graph.address}/graphql?${new URLSearchParams({ query: question })}`, {
      headers: { Accept: 'text/csv' },
    });
    expect(response.status).toBe(200);
    const [header, ...rows] = (await response.text()).split('\r\n');
    expect(header!.split(',').length).toBeGreaterThan(2);
    expect(rows.length).toBeGreaterThan(1);
  });
});
