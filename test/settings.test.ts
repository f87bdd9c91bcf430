/** Settings: each is documented, checked at the start, read in one place, and no password is ever said. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SchoolGraphError } from '../src/errors.js';
import { readSettings, SETTINGS } from '../src/settings.js';

const PROJECT = resolve(import.meta.dirname, '..');

/** The message of BAD_SETTING for an environment; fails when there is none. */
function refusal(environment: NodeJS.ProcessEnv): string {
  try {
    readSettings(environment);
  } catch (error) {
    expect(error).toBeInstanceOf(SchoolGraphError);
    expect((error as SchoolGraphError).code).toBe('BAD_SETTING');
    return (error as SchoolGraphError).message;
  }
  throw new Error('the settings were accepted');
}

describe('docs/settings.md', () => {
  const cell = (text: string) => text.trim().replace(/^`(.*)`$/, '$1');
  const table = readFileSync(join(PROJECT, 'docs/settings.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => {
      const [variable, fallback, meaning] = line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map(cell);
      return { variable, fallback, meaning };
    });

  it('has every setting once, with its default and its meaning, and no other', () => {
    expect(table).toEqual(
      Object.values(SETTINGS).map(({ variable, fallback, meaning }) => ({ variable, fallback, meaning })),
    );
  });
});

describe('without any setting', () => {
  it('the defaults are what the table says', () => {
    expect(readSettings({})).toMatchObject({
      port: 4000,
      dataDirectory: resolve('.data'),
      databaseUrl: null,
      databaseReaderUrl: null,
      sourceMirror: null,
      giasDate: null,
    });
  });

  it('an empty value, or blanks, are the same as none', () => {
    const blank = Object.values(SETTINGS).map(({ variable }, at) => [variable, at % 2 ? '' : '  ']);
    expect(readSettings(Object.fromEntries(blank))).toEqual(readSettings({}));
  });
});

describe('a wrong value stops the start, naming the variable and what is allowed', () => {
  const wholeNumbers = [
    ['PORT', '0 to 65535'],
    ['READER_CONNECTIONS', '1 to 100'],
    ['STATEMENT_TIMEOUT_MS', '100 to 600000'],
    ['MAX_DEPTH', '3 to 100'],
    ['MAX_ALIASES', '1 to 1000'],
    ['MAX_TOKENS', '50 to 100000'],
    ['MAX_BODY_BYTES', '1000 to 10000000'],
    ['MAX_COST', '100 to 1000000000'],
    ['RATE_LIMIT', '0 to 1000000000'],
    ['REQUEST_DEADLINE_MS', '500 to 600000'],
    ['REQUIRE_API_KEY', '0 to 1'],
  ] as const;

  it.each(wholeNumbers)('%s is a whole number from %s', (variable, allowed) => {
    for (const wrong of [
      'x',
      '-1',
      '1.5',
      '1e3',
      '0x10',
      '99999999999',
      '4000 5000',
      '４０００',
      'Infinity',
    ]) {
      expect(refusal({ [variable]: wrong }), wrong).toBe(
        `${variable}=${wrong}: must be a whole number from ${allowed}`,
      );
    }
    const [least, most] = allowed.split(' to ');
    for (const right of [least, most, ` ${least} `]) readSettings({ [variable]: right });
  });

  it.each(['DATABASE_URL', 'DATABASE_READER_URL'])('%s is an address of PostgreSQL', (variable) => {
    for (const wrong of [
      'localhost',
      'mysql://u@h/d',
      'postgres://',
      'postgres://h:port/d',
      'host=h dbname=d',
    ]) {
      const message = refusal({ DATABASE_URL: 'postgres://u@h/d', [variable]: wrong });
      expect(message, wrong).toMatch(new RegExp(`^${variable}\\b.*: must be an address such as postgres://`));
    }
    readSettings({
      DATABASE_URL: 'postgres://u@h/d',
      [variable]: 'postgresql://u:p@h:5432/d?sslmode=require',
    });
  });

  it('DATABASE_READER_URL goes with DATABASE_URL', () => {
    expect(refusal({ DATABASE_READER_URL: 'postgres://u@h/d' })).toMatch(
      /DATABASE_READER_URL .*DATABASE_URL/,
    );
  });

  it('SOURCE_MIRROR is an http address or a folder that is there', () => {
    const file = join(PROJECT, 'package.json');
    expect(refusal({ SOURCE_MIRROR: '/nowhere/at/all' })).toMatch(
      /^SOURCE_MIRROR\b.*not there: \/nowhere\/at\/all/,
    );
    expect(refusal({ SOURCE_MIRROR: file })).toMatch(/^SOURCE_MIRROR\b.*folder/);
    expect(refusal({ SOURCE_MIRROR: 'http://' })).toMatch(/^SOURCE_MIRROR\b.*http address/);
    expect(readSettings({ SOURCE_MIRROR: '.' }).sourceMirror).toBe(process.cwd());
    expect(readSettings({ SOURCE_MIRROR: 'https://h/m' }).sourceMirror).toBe('https://h/m');
  });

  it('GIAS_DATE is a day that exists', () => {
    for (const wrong of ['2022-02-30', '01/09/2022', '20220901', '2022-9-1', 'today', '2022-13-01']) {
      expect(refusal({ GIAS_DATE: wrong }), wrong).toBe(
        `GIAS_DATE=${wrong}: must be a day written YYYY-MM-DD`,
      );
    }
    expect(readSettings({ GIAS_DATE: '2024-02-29' }).giasDate).toBe('2024-02-29');
  });

  it('CORS_ORIGINS is * or origins', () => {
    for (const wrong of ['dashboard.example', 'https://dashboard.example/', 'https://a.example/path', 'null'])
      expect(refusal({ CORS_ORIGINS: wrong })).toMatch(/^CORS_ORIGINS.*https:\/\/dashboard\.example/);
    expect(readSettings({ CORS_ORIGINS: 'https://a.example, http://b.example:81' }).corsOrigins).toEqual([
      'https://a.example',
      'http://b.example:81',
    ]);
  });

  it('LOG_FORMAT and LOG_LEVEL are one of what there is', () => {
    expect(refusal({ LOG_FORMAT: 'xml' })).toBe('LOG_FORMAT=xml: must be one of text, json');
    expect(refusal({ LOG_LEVEL: 'debug' })).toBe('LOG_LEVEL=debug: must be one of error, warn, info');
  });

  it('all faults are told at once, one on each line', () => {
    const message = refusal({
      PORT: 'x',
      GIAS_DATE: 'x',
      SOURCE_MIRROR: '/nowhere',
      MAX_DEPTH: '0',
      DATABASE_READER_URL: 'postgres://u@h/d',
    });
    expect(message.split('\n').map((line) => /^[A-Z_]+/.exec(line)?.[0])).toEqual([
      'PORT',
      'SOURCE_MIRROR',
      'GIAS_DATE',
      'MAX_DEPTH',
      'DATABASE_READER_URL',
    ]);
  });
});

describe('a password is never in a message', () => {
  it.each([
    'postgres://user:hidden-word@host:port/database',
    'postgres://user:p@hidden-word@host:port/database',
    'postgres://user:hidden-word/@host:port/database',
    'mysql://user:hidden-word@host/database',
    'user:hidden-word@host/database',
    'host=h password=hidden-word',
    'postgres://host:port/database?user=u&password=hidden-word',
  ])('%s', (value) => {
    for (const variable of ['DATABASE_URL', 'DATABASE_READER_URL']) {
      const message = refusal({ DATABASE_URL: 'postgres://u@h/d', [variable]: value });
      expect(message).toContain(variable);
      expect(message).not.toContain('hidden-word');
    }
  });

  it('of a mirror that asks for one', () => {
    expect(refusal({ SOURCE_MIRROR: 'https://user:hidden-word@host:port' })).not.toContain('hidden-word');
  });
});

describe('process.env', () => {
  it('is read in src/settings.ts and nowhere else', () => {
    const sources = ['src', 'schema', 'jobs', 'migrations']
      .flatMap((folder) =>
        readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
          join(folder, file),
        ),
      )
      .filter((file) => /\.[cm]?[jt]sx?$/.test(file));
    const readers = [...sources, 'ormconfig.ts'].filter((file) =>
      /process\s*(\?\.|\.|\[)\s*['"]?env\b|\benv\b[^;]*\}\s*=\s*process\b|import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"](node:)?process/.test(
        // Comments may name it.
        readFileSync(join(PROJECT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, ''),
      ),
    );
    expect(readers).toEqual(['src/settings.ts']);
  });
});
