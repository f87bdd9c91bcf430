/**
 * The text of a Postgres array, for a column of a statement that sends many rows at once: the client's own way to it goes
 * through every value several times. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */

type Value = string | number | boolean | null;

const SPECIAL = /["\\]/;

function arrayText(values: readonly Value[]): string {
  let text = '{';
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at]!;
    if (at > 0) text += ',';
    if (typeof value !== 'string') text += value === null ? 'NULL' : String(value);
    else text += `"${SPECIAL.test(value) ? value.replaceAll(/["\\]/g, '\\$&') : value}"`;
  }
  return `${text}}`;
}

/** Columns of rows, each as an array. */
export const columnsText = <Key extends string | number>(
  rows: readonly Readonly<Record<Key, Value>>[],
  ...columns: Key[]
): string[] => columns.map((column) => arrayText(rows.map((row) => row[column])));
