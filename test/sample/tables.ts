/** The sample's CSV text as rows of texts, and what the tests ask of rows: groups, sums, none that is wrong. */
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';

export type Row = Record<string, string>;
export interface Table {
  header: string[];
  rows: Row[];
}

export function tableOf(text: string): Table {
  const [header, ...lines] = parse(text, { bom: true, relax_column_count_less: true }) as string[][];
  return {
    header: header!,
    rows: lines.map((cells) => Object.fromEntries(header!.map((name, i) => [name, cells[i] ?? '']))),
  };
}

export const iso = (day: string): string => day.split(/[-/]/).reverse().join('-');

export function groupBy(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const known = groups.get(key(row));
    if (known) known.push(row);
    else groups.set(key(row), [row]);
  }
  return groups;
}

export const sum = (rows: readonly Row[], column: string): number =>
  rows.reduce((total, row) => total + Number(row[column]), 0);
export const numberOr0 = (text: string): number => (text === 'x' ? 0 : Number(text));

/** Every wrong row is told at once, instead of one assertion a row. */
export function expectNone(wrong: readonly unknown[]): void {
  expect(wrong.slice(0, 5)).toEqual([]);
}
