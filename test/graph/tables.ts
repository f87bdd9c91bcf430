/** The tables themselves, asked with plain SQL: what the graph's answers are held against. */
import pg from 'pg';

export interface Tables {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a row is the statement's
  rows: (statement: string, values?: unknown[]) => Promise<any[]>;
  close: () => Promise<void>;
}

/** `options`: further start-up options. */
export async function openTables(databaseUrl: string, options: readonly string[] = []): Promise<Tables> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    options: ['-c search_path=schoolgraph', '-c idle_in_transaction_session_timeout=300000', ...options].join(
      ' ',
    ),
  });
  await client.connect();
  return {
    rows: async (statement, values) => (await client.query(statement, values)).rows,
    close: () => client.end(),
  };
}
