/**
 * What a running server says. To a person: sentences, as they always were. To a machine (LOG_FORMAT=json): a line of JSON for each
 * sentence and for each request. No line has a query, a value of one, an address or a key.
 */
import { format } from 'node:util';
import type { Settings } from './settings.js';

export const FORMATS = ['text', 'json'] as const;
/** From what is told always to what is told only when asked for. */
export const LEVELS = ['error', 'warn', 'info'] as const;
export type Level = (typeof LEVELS)[number];

type LogSettings = Pick<Settings, 'logFormat' | 'logLevel'>;

const isTold = (level: Level, { logLevel }: LogSettings): boolean =>
  LEVELS.indexOf(level) <= LEVELS.indexOf(logLevel);

export const lineOf = (level: Level, what: Record<string, unknown>): string =>
  `${JSON.stringify({ time: new Date().toISOString(), level, ...what })}\n`;

/** Tells of a request, where lines are for machines. */
export function logRequest(
  { status, ...request }: { status: number } & Record<string, unknown>,
  settings: LogSettings,
): void {
  if (settings.logFormat !== 'json') return;
  const level = status >= 500 ? 'error' : status >= 400 ? 'warn' : 'info';
  if (isTold(level, settings))
    process.stdout.write(lineOf(level, { message: 'request', status, ...request }));
}

/** From now on whatever this process says to its console is said as the settings have it. */
export function sayAs(settings: LogSettings): void {
  if (settings.logFormat === 'text' && settings.logLevel === 'info') return;
  const levels = { log: 'info', info: 'info', warn: 'warn', error: 'error' } as const;
  for (const [name, level] of Object.entries(levels) as [keyof typeof levels, Level][]) {
    const plain = console[name].bind(console);
    console[name] = (...what: unknown[]) => {
      if (!isTold(level, settings)) return;
      if (settings.logFormat === 'text') plain(...what);
      else process[level === 'info' ? 'stdout' : 'stderr'].write(lineOf(level, { message: format(...what) }));
    };
  }
}

/** Where a process shows how far it is: on a terminal, or in a log whose lines are for machines among its other lines. */
export const progressOf = ({
  logFormat,
}: Pick<Settings, 'logFormat'>): Pick<NodeJS.WriteStream, 'isTTY' | 'write'> =>
  logFormat === 'text'
    ? process.stderr
    : {
        isTTY: false,
        write: (line: string | Uint8Array) => {
          console.info(String(line).trim());
          return true;
        },
      };
