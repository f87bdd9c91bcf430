/** Every code that an answer or a command can have is told in docs/errors.md, and no other. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ANSWER_CODES, COMMAND_CODES } from '../src/errors.js';

const PROJECT = resolve(import.meta.dirname, '..');
const [answers, commands] = readFileSync(join(PROJECT, 'docs/errors.md'), 'utf8').split(
  '## Codes of commands',
);
const codesIn = (page: string) => [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code);

it('of answers, with their status and what to do', () => {
  expect(codesIn(answers!)).toEqual([...ANSWER_CODES]);
  for (const row of answers!.matchAll(/^\| `[A-Z_]+` \|(.*)\|$/gm))
    expect(row[1]!.split('|').map((cell) => cell.trim().length > 2)).toEqual([true, true, true]);
});

it('of commands', () => {
  expect(codesIn(commands!)).toEqual([...COMMAND_CODES]);
});

it('and each of them can be met', () => {
  const sources = ['src', 'schema', 'jobs']
    .flatMap((folder) =>
      readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
        join(folder, file),
      ),
    )
    .filter((file) => file.endsWith('.ts') && file !== join('src', 'errors.ts'))
    .map((file) => readFileSync(join(PROJECT, file), 'utf8'))
    .join('\n');
  for (const code of [...ANSWER_CODES, ...COMMAND_CODES]) expect(sources).toContain(`'${code}'`);
});
