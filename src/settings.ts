/**
 * Every setting: the only reader of process.env. A setting is declared once, with its meaning; the table in
 * docs/settings.md is held against this list by a test. A wrong value stops the start, naming the variable.
 */
import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { SchoolGraphError } from './errors.js';
import { Proxies } from './limits/address.js';
import { FORMATS, LEVELS } from './log.js';

interface SettingDeclaration<T> {
  variable: string;
  meaning: string;
  /** As a person would write it; shown in the docs. */
  fallback: string;
  /** The value can hold a password: it is never shown. */
  secret?: true;
  read: (value: string) => T;
}

const setting = <T>(
  variable: string,
  fallback: string,
  meaning: string,
  read: (value: string) => T,
): SettingDeclaration<T> => ({
  variable,
  fallback,
  meaning,
  read,
});

const wholeNumber = (minimum: number, maximum: number) => (value: string) => {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < minimum || number > maximum) {
    throw new Error(`must be a whole number from ${minimum} to ${maximum}`);
  }
  return number;
};

const oneOf =
  <T extends string>(values: readonly T[]) =>
  (value: string): T => {
    const found = values.find((one) => one === value);
    if (!found) throw new Error(`must be one of ${values.join(', ')}`);
    return found;
  };

const listOf = (value: string): string[] =>
  value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const postgresUrl = (variable: string, meaning: string): SettingDeclaration<string | null> => ({
  ...setting(variable, '', meaning, readPostgresUrl),
  secret: true,
});

const readPostgresUrl = (value: string): string | null => {
  if (value === '') return null;
  if (!/^postgres(ql)?:\/\/./.test(value) || !URL.canParse(value)) {
    throw new Error('must be an address such as postgres://user:password@host:5432/database');
  }
  return value;
};

export const SETTINGS = {
  port: setting('PORT', '4000', 'Port of the API.', wholeNumber(0, 65_535)),
  host: setting(
    'HOST',
    '',
    'Address that the API listens on. Empty: every address of the machine.',
    (value) => value || undefined,
  ),
  dataDirectory: setting(
    'DATA_DIR',
    '.data',
    'Folder of the embedded database and of the files as they were fetched.',
    (value) => resolve(value),
  ),
  databaseUrl: postgresUrl(
    'DATABASE_URL',
    'A PostgreSQL 14 or newer to use instead of the embedded one. Its user must be able to create schemas.',
  ),
  databaseReaderUrl: postgresUrl(
    'DATABASE_READER_URL',
    'The same database for the API alone, under a user that is then granted SELECT and nothing else.',
  ),
  sourceMirror: {
    ...setting(
      'SOURCE_MIRROR',
      '',
      'A folder, or an http address, that answers in place of the publishers.',
      (value) => {
        if (value === '') return null;
        if (/^https?:\/\//.test(value)) {
          if (!URL.canParse(value)) throw new Error('is not an http address');
          const { username, password } = new URL(value);
          if (username || password) throw new Error('must have no user and password in it');
          return value;
        }
        const folder = resolve(value);
        if (!existsSync(folder) || !statSync(folder).isDirectory())
          throw new Error(`names a folder that is not there: ${folder}`);
        return folder;
      },
    ),
    secret: true,
  },
  giasDate: setting(
    'GIAS_DATE',
    '',
    "Day of the register to load (YYYY-MM-DD), or the newest up to a week before it. Empty: today's.",
    (value) => {
      if (value === '') return null;
      if (
        !/^\d{4}-\d\d-\d\d$/.test(value) ||
        new Date(`${value}T00:00:00Z`).toJSON()?.slice(0, 10) !== value
      ) {
        throw new Error('must be a day written YYYY-MM-DD');
      }
      return value;
    },
  ),
  userAgent: setting(
    'USER_AGENT',
    'SchoolGraph/0.1 (open data)',
    'How the jobs introduce themselves to the publishers.',
    (value) => value,
  ),
  readerConnections: setting(
    'READER_CONNECTIONS',
    '4',
    'Database connections of the API.',
    wholeNumber(1, 100),
  ),
  statementTimeoutMs: setting(
    'STATEMENT_TIMEOUT_MS',
    '10000',
    'Longest time, in milliseconds, that one question may keep the database busy.',
    wholeNumber(100, 600_000),
  ),
  answerCacheMb: setting(
    'ANSWER_CACHE_MB',
    '64',
    'Memory, in megabytes, for answers that are kept while the data stand. 0: none is kept.',
    wholeNumber(0, 100_000),
  ),
  maximumDepth: setting('MAX_DEPTH', '16', 'Deepest nesting of fields in a query.', wholeNumber(3, 100)),
  maximumAliases: setting('MAX_ALIASES', '60', 'Most aliases in a query.', wholeNumber(1, 1_000)),
  maximumTokens: setting('MAX_TOKENS', '3000', 'Most lexical tokens in a query.', wholeNumber(50, 100_000)),
  maximumBodyBytes: setting(
    'MAX_BODY_BYTES',
    '102400',
    'Largest request body, in bytes.',
    wholeNumber(1_000, 10_000_000),
  ),
  maximumCost: setting(
    'MAX_COST',
    '100000',
    'Most that one question may cost, in points: see docs/limits.md.',
    wholeNumber(100, 1_000_000_000),
  ),
  rateLimit: setting(
    'RATE_LIMIT',
    '1000000',
    'Points that an address may spend in a minute. 0: as many as it likes.',
    wholeNumber(0, 1_000_000_000),
  ),
  trustedProxies: setting(
    'TRUSTED_PROXIES',
    '',
    'Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed: addresses or networks, with commas. Empty: nobody’s.',
    (value) => {
      try {
        return new Proxies(listOf(value));
      } catch {
        throw new Error('must be addresses or networks with commas, such as 10.0.0.0/8,::1');
      }
    },
  ),
  requestDeadlineMs: setting(
    'REQUEST_DEADLINE_MS',
    '30000',
    'Longest time, in milliseconds, that a request may take to arrive, and its answer to begin.',
    wholeNumber(500, 600_000),
  ),
  shutdownMs: setting(
    'SHUTDOWN_MS',
    '30000',
    'Longest time, in milliseconds, that answers, files and a load under way are waited for when the process is asked to end.',
    wholeNumber(0, 600_000),
  ),
  requireApiKey: setting(
    'REQUIRE_API_KEY',
    '0',
    '1: only who has an API key is answered. 0: anybody is.',
    (value) => wholeNumber(0, 1)(value) === 1,
  ),
  corsOrigins: setting(
    'CORS_ORIGINS',
    '*',
    'Origins whose pages may read answers, with commas. *: any.',
    (value) => {
      const origins = listOf(value);
      const isOrigin = (one: string) =>
        one === '*' || (/^https?:\/\//.test(one) && URL.canParse(one) && new URL(one).origin === one);
      if (!origins.every(isOrigin))
        throw new Error('must be * or origins with commas, such as https://dashboard.example');
      return origins;
    },
  ),
  logFormat: setting(
    'LOG_FORMAT',
    'text',
    'text: sentences for a person. json: a line of JSON for each, and for each request.',
    oneOf(FORMATS),
  ),
  logLevel: setting(
    'LOG_LEVEL',
    'info',
    'What is told: error, warn (and refusals) or info (and everything else).',
    oneOf(LEVELS),
  ),
} satisfies Record<string, SettingDeclaration<unknown>>;

export type Settings = { [Name in keyof typeof SETTINGS]: ReturnType<(typeof SETTINGS)[Name]['read']> };

/** Reads and checks every setting. Throws BAD_SETTING naming each variable at fault and what it may be. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const faults: string[] = [];
  const settings: Record<string, unknown> = {};
  for (const [name, { variable, fallback, secret, read }] of Object.entries(SETTINGS) as [
    string,
    SettingDeclaration<unknown>,
  ][]) {
    const value = environment[variable]?.trim() || fallback;
    try {
      settings[name] = read(value);
    } catch (error) {
      faults.push(`${variable}${secret ? '' : `=${value}`}: ${(error as Error).message}`);
    }
  }
  const { databaseUrl, databaseReaderUrl } = SETTINGS;
  if (environment[databaseReaderUrl.variable]?.trim() && !environment[databaseUrl.variable]?.trim()) {
    faults.push('DATABASE_READER_URL is set but DATABASE_URL is not: set both, or neither');
  }
  if (faults.length > 0) throw new SchoolGraphError('BAD_SETTING', faults.join('\n'));
  return settings as Settings;
}

/** The environment of a child process that is to use the databases named. */
export const environmentWith = (urls: {
  databaseUrl: string;
  databaseReaderUrl: string;
}): NodeJS.ProcessEnv => ({
  ...process.env,
  [SETTINGS.databaseUrl.variable]: urls.databaseUrl,
  [SETTINGS.databaseReaderUrl.variable]: urls.databaseReaderUrl,
});

/** What a program of another maker may know of our environment: these variables, where they are set. */
export const environmentOnly = (names: readonly string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
