/** What is sent to Postgres while a test asks: each statement as it is, with its values. */
import pg from 'pg';
import { afterEach, beforeEach, vi } from 'vitest';

/** What the server looks at between questions, at most once a second, whoever asks. */
const BETWEEN_QUESTIONS = 'SELECT version::float8, synthetic FROM data_version';

export interface Issued {
  text: string;
  values: unknown[];
  name?: string | undefined;
}

/** Statements of everybody in this process, from the beginning of each test on, or since they were last taken. */
export function issuedStatements(): { take: () => Issued[] } {
  let issued: Issued[] = [];
  beforeEach(() => {
    issued = [];
    const query = pg.Client.prototype.query;
    vi.spyOn(pg.Client.prototype, 'query').mockImplementation(function (this: pg.Client, ...args: unknown[]) {
      const [first, second] = args as [string | Issued, unknown];
      const { text, values, name } =
        typeof first === 'string'
          ? { text: first, values: Array.isArray(second) ? second : [], name: undefined }
          : first;
      if (text !== BETWEEN_QUESTIONS) issued.push({ text, values, name });
      return Reflect.apply(query, this, args);
    } as typeof query);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return {
    take: () => {
      const taken = issued;
      issued = [];
      return taken;
    },
  };
}

/** A statement without the layout of our code. */
export const onOneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** The same for a person: a line for each clause. */
export const clauses = (text: string): string =>
  onOneLine(text).replace(
    / (FROM|WHERE|LEFT JOIN|CROSS JOIN|ORDER BY|GROUP BY|LIMIT|HAVING|UNION ALL) /g,
    '\n$1 ',
  );
