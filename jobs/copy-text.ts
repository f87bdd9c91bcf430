/** The text format of Postgres COPY: https://www.postgresql.org/docs/current/sql-copy.html#SQL-COPY-FILE-FORMATS */

const SPECIAL = /[\\\t\n\r]/g;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

export const COPY_NULL = '\\N';

export const copyText = (value: string | null): string =>
  value === null ? COPY_NULL : value.replace(SPECIAL, (character) => ESCAPES[character]!);
