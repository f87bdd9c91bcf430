/** The pages of docs: every link leads somewhere, every list of pages is whole, and every recipe tells what the graph answers. */
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, normalize } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LAIT_QUESTION, laitDocs } from '../src/docs/indicator-docs.js';
import { recipeOf } from '../src/docs/recipes.js';
import { LAIT_DOCS_FILE } from '../src/docs/write-docs.js';
import { EXAMPLES } from '../src/graphiql/examples.js';
import { hasRealFiles, loadedDatabase } from './database.js';
import { type RunningGraph, startGraph } from './graph.js';

const PAGES = [
  ...['README.md', 'CHANGELOG.md'],
  ...(await readdir('docs', { recursive: true }))
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join('docs', name)),
];
const TEXT = new Map(
  await Promise.all(PAGES.map(async (page) => [page, await readFile(page, 'utf8')] as const)),
);

const withoutCode = (text: string) => text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '``');

/** Where a page can be entered: its headings, as GitHub makes anchors of them. */
const anchorsOf = (page: string) =>
  [
    ...TEXT.get(page)!
      .replaceAll(/^```.*?^```/gms, '')
      .matchAll(/^#{1,6} (.*)$/gm),
  ].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const linksOf = (text: string) =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target));

/** The links of a text that lead nowhere. */
const broken = (page: string, text: string) =>
  linksOf(text).filter((target) => {
    const [path, anchor] = target.split('#') as [string, string?];
    const file = path === '' ? page : normalize(join(dirname(page), path));
    if (!existsSync(file)) return true;
    return anchor !== undefined && !(TEXT.has(file) && anchorsOf(file).includes(anchor));
  });

describe('links', () => {
  it.each(PAGES)('of %s lead to files and headings that are there', (page) => {
    expect(broken(page, TEXT.get(page)!)).toEqual([]);
  });

  it('that lead nowhere would be found', () => {
    const wrong = ['nothing.md', 'data.md#nothing', '#nothing', '../nothing'];
    const right = ['data.md#mirrors', '#documentation', '../README.md', 'https://example.org/', 'decisions'];
    const text = [...wrong, ...right].map((target) => `[a](${target})`).join(' ');
    expect(broken('docs/README.md', text)).toEqual(wrong);
  });

  it('of the index lead to every page, and of the methods to every method', async () => {
    const linked = (page: string) =>
      linksOf(TEXT.get(page)!).map((target) => normalize(join(dirname(page), target)));
    const index = linked('docs/README.md');
    const pages = PAGES.filter((page) => dirname(page) === 'docs' && basename(page) !== 'README.md');
    expect(pages.filter((page) => !index.includes(page))).toEqual([]);
    const methods = PAGES.filter(
      (page) => dirname(page) === 'docs/methods' && basename(page) !== 'README.md',
    );
    expect(methods.filter((page) => !linked('docs/methods/README.md').includes(page))).toEqual([]);
  });
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** What an answer has of what is shown of it: the fields that are shown, and as much of each list. */
function shown(answer: unknown, pattern: unknown): unknown {
  if (Array.isArray(pattern) && Array.isArray(answer))
    return pattern.map((entry, index) => shown(answer[index], entry));
  if (!isRecord(pattern) || !isRecord(answer) || Array.isArray(answer)) return answer;
  return Object.fromEntries(
    Object.entries(pattern).map(([name, entry]) => [name, shown(answer[name], entry)]),
  );
}

const leavesOf = (value: unknown): unknown[] =>
  isRecord(value) ? Object.values(value).flatMap(leavesOf) : [value];

/** Numbers that belong to what is measured, and are no figures. */
const MEASURES = /every 100 pupils|20 weeks|95 per cent/g;
const IDENTIFIES = /^[0-9a-f]{64}$|^https:/;

/** Whether a number of a sentence is one of the answer, rounded as the sentence has it. */
function isOfAnswer(written: string, leaves: unknown[]): boolean {
  const plain = written.replaceAll(',', '');
  const decimals = plain.split('.')[1]?.length ?? 0;
  return leaves.some((leaf) =>
    typeof leaf === 'number'
      ? Math.abs(leaf).toFixed(decimals) === plain
      : typeof leaf === 'string' &&
        !IDENTIFIES.test(leaf) &&
        new RegExp(`(?<![\\d.])${plain}(?![\\d.]\\d)`).test(leaf),
  );
}

describe.each(EXAMPLES)('the recipe $id', (example) => {
  const { variables, says, answer } = recipeOf(example);

  it('says in words what stands in the answer', () => {
    const numbers = says.replaceAll(MEASURES, '').match(/\d+(,\d{3})*(\.\d+)?/g) ?? [];
    const leaves = leavesOf(answer);
    expect(numbers.filter((written) => !isOfAnswer(written, leaves))).toEqual([]);
    expect(leaves.length).toBeGreaterThan(5);
  });

  it.skipIf(!hasRealFiles())('is answered as it shows', async () => {
    const { data, errors } = await real!.ask(example.query, variables);
    expect(errors).toBeUndefined();
    expect(shown(data, answer)).toEqual(answer);
  });
});

let real: RunningGraph | null = null;
beforeAll(async () => {
  if (hasRealFiles()) real = await startGraph(loadedDatabase('real'));
});
afterAll(() => real?.close());

it.skipIf(!hasRealFiles())(
  'the list of LAIT is the one of its dictionary: run `npm run docs -- <address>` and commit',
  async () => {
    const { data } = await real!.ask(LAIT_QUESTION);
    expect(data.indicators).toHaveLength(434);
    expect(TEXT.get(LAIT_DOCS_FILE)).toBe(laitDocs(data.indicators));
  },
);
