/** Words of the pages that are written from declarations. */
import type { Level } from '../../jobs/dictionaries.js';

export const LEVELS: Record<Level, string> = {
  NATIONAL: 'England',
  REGIONAL: 'regions',
  LOCAL_AUTHORITY: 'local authorities',
  SCHOOL: 'schools',
  LAESTAB: 'schools',
};

export const code = (text: string) => `\`${text}\``;
export const words = (constant: string) => constant.toLowerCase().replaceAll('_', ' ');
/** Text in a cell of a table. */
export const cell = (text: string) => text.replaceAll('|', '\\|');
export const list = (lines: string[]) => lines.map((line) => `- ${line}\n`).join('');
export const unique = <T>(all: T[]) => [...new Set(all)];
