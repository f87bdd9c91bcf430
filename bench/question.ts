/**
 * A question of the benchmark, declared once: how it is asked of each server, and how each answer is brought into one
 * shape, so that equal answers can be told from different ones.
 */
import type pg from 'pg';

/** What is asked about: one of the many schools, local authorities … that a question goes through. */
export type Subject = Record<string, unknown>;

/** What all answers to a question come to. Numbers may differ by rounding, nothing else may. */
export type Shape = unknown;

// biome-ignore lint/suspicious/noExplicitAny: an answer has the shape of the question that it answers
export type Answer = any;

interface Side {
  /** The answer in the common shape. */
  shape: (answer: Answer, subject: Subject) => Shape;
  /** Where the next page begins, for a list that is paged. */
  next?: (answer: Answer) => unknown;
}

/** GraphQL over HTTP; `answer` is its data, or the array of its lines where `accept` asks for lines. */
export interface GraphqlSide extends Side {
  query: string;
  variables: (subject: Subject, after: unknown) => Record<string, unknown>;
  accept?: string;
}

/** One statement, whose only row has the answer as JSON in its only column. */
export interface FloorSide extends Side {
  sql: string;
  values: (subject: Subject, after: unknown) => unknown[];
  /** Text search is planned better anew each time. */
  unprepared?: boolean;
}

export interface Question {
  name: string;
  title: string;
  subjects: (client: pg.Client) => Promise<Subject[]>;
  /** A root field without which the question cannot be asked of this API yet. */
  needs?: string;
  /** A root field that makes the question needless: another asks the same better. */
  until?: string;
  /** Left out: 1 and 16. */
  concurrencies?: number[];
  ours: GraphqlSide;
  /** With what it generates from tables, keys and indexes. */
  postgraphile: GraphqlSide;
  /** With SQL functions written for the question by hand, where that is another way. */
  functions?: GraphqlSide;
  floor: FloorSide;
}

export const rowsOf = async (client: pg.Client, text: string): Promise<Subject[]> =>
  (await client.query(text)).rows;
