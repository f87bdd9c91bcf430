/**
 * The floor: the least that a server over HTTP can do for a question. node:http, pg, one statement written by hand that
 * returns the JSON as text, no GraphQL. Runs as a process of its own and is told what it serves.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';

export interface FloorSetup {
  databaseUrl: string;
  connections: number;
  /** By the question's name, which is its path. */
  statements: Record<string, { sql: string; unprepared?: boolean | undefined }>;
}

process.once('message', ({ databaseUrl, connections, statements }: FloorSetup) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  // Planned once for all values: as good a plan for these statements as one for each, and never made again.
  const preparing = new pg.Pool({
    connectionString: databaseUrl,
    max: connections,
    options: '-c plan_cache_mode=force_generic_plan',
  });
  const server = createServer((request, response) => {
    const name = request.url!.slice(1);
    const statement = statements[name];
    if (!statement) {
      response.writeHead(404).end();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      (statement.unprepared ? pool : preparing)
        .query({
          text: statement.sql,
          values: JSON.parse(Buffer.concat(chunks).toString()),
          ...(statement.unprepared ? {} : { name }),
        })
        .then(
          ({ rows }) => {
            const body = Buffer.from(rows[0].answer);
            response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
            response.end(body);
          },
          (error: Error) => response.writeHead(500).end(error.message),
        );
    });
  });
  server.listen(0, '127.0.0.1', () => process.send!({ port: (server.address() as AddressInfo).port }));
  process.once('SIGTERM', () => process.exit());
});
