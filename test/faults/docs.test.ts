/** docs/faults.md and the tests name the same faults. */
import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';

const documented = (await readFile('docs/faults.md', 'utf8'))
  .split('\n')
  .flatMap((line) => /^\| ([^*|]+) \|/.exec(line)?.[1] ?? [])
  .filter((title) => !/^(Fault|-+)$/.test(title));

const tests = (
  await Promise.all(
    ['test/faults', 'test/slow'].map(async (folder) =>
      Promise.all(
        (
          await readdir(folder)
        )
          .filter((name) => name.endsWith('.test.ts') && name !== 'docs.test.ts')
          .map((name) => readFile(`${folder}/${name}`, 'utf8')),
      ),
    ),
  )
)
  .flat()
  .join('\n');

it('every fault of docs/faults.md is the title of a test', () => {
  expect(documented.length).toBeGreaterThan(60);
  expect(documented.filter((title) => !tests.includes(`'${title}`))).toEqual([]);
});

it('every fault of a table of the tests is in docs/faults.md', () => {
  const titles = [...tests.matchAll(/\bfault: '([^']+)'/g)].map(([, title]) => title!);
  expect(titles.length).toBeGreaterThan(40);
  expect(titles.filter((title) => !documented.includes(title))).toEqual([]);
});
