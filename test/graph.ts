/** The real server over real HTTP on loopback, for tests that ask questions. */
import { openDatabase } from '../src/database/database.js';
import { GraphHttpServer } from '../src/http/server.js';
import { readSettings } from '../src/settings.js';

export type Answer = {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
  data?: any;
  extensions?: { cost?: number; notes?: { message: string }[] };
  errors?: { message: string; path?: unknown; extensions: { code: string } }[];
};

type Citation = { dataSet: string; release: string; publishedOn: string };

export interface RunningGraph {
  /** http://127.0.0.1:<port> */
  address: string;
  /** Asks over HTTP and returns the answer's JSON, errors and all. */
  ask: (query: string, variables?: Record<string, unknown>) => Promise<Answer>;
  /** What of data sets an answer cites, of each in order. */
  citations: (query: string, of: (dataSet: string) => boolean) => Promise<Citation[]>;
  /** `patience`: how long what is under way is waited for, where that is not what the settings say. */
  close: (patience?: AbortSignal) => Promise<void>;
}

/**
 * Starts a server on a database; settings are environment variables, such as { MAX_DEPTH: '5' }. It keeps no answers, so
 * that a test which has just changed the data need not wait for the second that a kept answer may be old, lets its one
 * address ask as much as it likes, and gives a busy machine the time that it needs.
 */
export async function startGraph(
  databaseUrl: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<RunningGraph> {
  const settings = readSettings({
    PORT: '0',
    HOST: '127.0.0.1',
    DATABASE_URL: databaseUrl,
    ANSWER_CACHE_MB: '0',
    RATE_LIMIT: '0',
    STATEMENT_TIMEOUT_MS: '120000',
    REQUEST_DEADLINE_MS: '120000',
    ...environment,
  });
  const server = new GraphHttpServer(settings);
  const port = await server.listen();
  const database = await openDatabase(settings, () => {});
  await server.open(database.readerUrl, database.readerOptions);
  const address = `http://127.0.0.1:${port}`;
  return {
    address,
    ask: async (query, variables) => {
      const response = await fetch(`${address}/graphql`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as Answer;
    },
    citations: async (query, of) => {
      const response = await fetch(`${address}/graphql.json?${new URLSearchParams({ query, cite: '1' })}`);
      const { extensions } = (await response.json()) as { extensions: { citations: Citation[] } };
      return extensions.citations.filter(({ dataSet }) => of(dataSet));
    },
    close: (patience) => server.close(patience),
  };
}
