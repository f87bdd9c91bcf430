/** What is written from declarations is what they make of it, and every declaration says what a user of the data must know. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { DATA_SETS } from '../jobs/catalogue.js';
import { dataDocs } from '../src/docs/data-docs.js';
import { WRITTEN_DOCS, writeDocs } from '../src/docs/write-docs.js';

it.each(
  Object.keys(WRITTEN_DOCS),
)('the committed %s is the one that the declarations make: run `npm run docs` and commit', async (file) => {
  expect(await readFile(file, 'utf8')).toBe(WRITTEN_DOCS[file]!());
});

it('an address where no graph answers writes nothing, and says what it must be', async () => {
  await expect(writeDocs(['http://127.0.0.1:1/graphql'])).rejects.toMatchObject({
    code: 'BAD_COMMAND',
    message: expect.stringContaining('http://localhost:4000/graphql'),
  });
});

it('docs/adding-a-data-set.md shows a declaration as it is, in fewer than 60 lines', async () => {
  const guide = await readFile('docs/adding-a-data-set.md', 'utf8');
  const [, file] = /As `(jobs\/datasets\/[\w-]+\.ts)`/.exec(guide)!;
  const [, shown] = /```ts\n(.*?)```/s.exec(guide)!;
  expect(shown).toBe(await readFile(file!, 'utf8'));
  expect(shown!.trimEnd().split('\n').length).toBeLessThan(60);
});

describe.each(DATA_SETS)('$id', ({ id, title, description, publisher, pageUrl, traps = [], ...dataSet }) => {
  it('has a title, a description in sentences, a publisher, a licence with its address, and a page', () => {
    expect(title).toMatch(/^\p{Lu}.{5,}[^.]$/u);
    expect(description).toMatch(/^\p{Lu}.{20,}\.$/u);
    expect(publisher.name).toMatch(/./);
    expect(publisher.licence).toMatch(/^Open Government Licence v3\.0/);
    for (const url of [publisher.licenceUrl, pageUrl]) expect(new URL(url).protocol).toBe('https:');
  });

  it('tells its traps in sentences', () => {
    for (const trap of traps) expect(trap).toMatch(/^[\p{Lu}`0-9].{10,}\.$/su);
  });

  it('has a section with all of its traps, symbols and indicators', () => {
    const section = dataDocs().split(`\n### ${id}\n`)[1]!.split(/\n##/)[0]!;
    expect(section).toContain(description);
    for (const trap of traps) expect(section).toContain(`- ${trap}\n`);
    if (dataSet.kind !== 'statistics') return;
    for (const indicator of dataSet.indicators) expect(section).toContain(`\`${indicator.id}\``);
    for (const { meaning } of dataSet.editions.flatMap(({ symbols }) => Object.values(symbols)))
      expect(section).toContain(meaning);
  });
});
