/** Takes lists away over real HTTP, for tests. */
import { parse } from 'csv-parse/sync';
import type { Answer, RunningGraph } from '../graph.js';

export interface Taken {
  status: number;
  headers: Headers;
  text: string;
  /** Of a file that could not be had, its error. */
  error?: NonNullable<Answer['errors']>[number];
}

export async function take(
  graph: RunningGraph,
  accept: string,
  query: string,
  { variables, path = '/graphql' }: { variables?: Record<string, unknown>; path?: string } = {},
): Promise<Taken> {
  const response = await fetch(`${graph.address}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: accept },
    body: JSON.stringify({ query, variables }),
  });
  // Not text(), which takes a byte order mark away.
  const text = Buffer.from(await response.arrayBuffer()).toString('utf8');
  const { status, headers } = response;
  const isJson = headers.get('content-type')!.startsWith('application/json;');
  return { status, headers, text, error: isJson ? JSON.parse(text).errors?.[0] : undefined };
}

/** The rows of a CSV file, the header first. */
export const rowsOf = (text: string): string[][] => parse(text, { skip_empty_lines: false });

export async function takeCsv(graph: RunningGraph, query: string): Promise<string[][]> {
  const { status, text } = await take(graph, 'text/csv', query);
  if (status !== 200) throw new Error(text);
  return rowsOf(text);
}

export async function takeLines(graph: RunningGraph, query: string): Promise<unknown[]> {
  const { status, text } = await take(graph, 'application/jsonl', query);
  if (status !== 200) throw new Error(text);
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => JSON.parse(line));
}

/** What a cell of a CSV file is of a value. */
export const cellOf = (value: unknown): string =>
  value === null || value === undefined ? '' : String(value);
