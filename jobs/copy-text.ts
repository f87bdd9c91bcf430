/** The text format of Postgres COPY: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

export const COPY_NULL = '\\N';

export function copyText(value: string | null): string {
  if (value === null) return COPY_NULL;
  return value.search(SPECIAL) === -1 ? value : value.replace(SPECIAL, (character) => ESCAPES[character]!);
}
