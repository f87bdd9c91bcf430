/**
 * The floor: COPY of the same bytes into a logged table whose columns are all text, by the same client from the same
 * file. Nothing is checked, typed or indexed.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { DataSet } from '../jobs/declaration.js';

const CHUNK = 1024 * 1024;

async function headerOf(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), 0, 64 * 1024);
    return buffer.toString('latin1', 0, bytesRead).split('\n', 1)[0]!;
  } finally {
    await file.close();
  }
}

/** Returns the milliseconds until it was committed, and the rows. */
export async function copyAsText(
  client: Client,
  paths: string[],
  { encoding }: DataSet,
): Promise<{ milliseconds: number; rows: number }> {
  let milliseconds = 0;
  let rows = 0;
  for (const path of paths) {
    const columns = (await headerOf(path)).split(',').map((_, at) => `c${at} text`);
    await client.query(`CREATE TABLE all_text (${columns.join(', ')})`);
    const started = performance.now();
    const copy = client.query(
      copyFrom(
        `COPY all_text FROM STDIN (FORMAT csv, HEADER, ENCODING '${encoding === 'utf-8' ? 'UTF8' : 'WIN1252'}')`,
      ),
    );
    await pipeline(createReadStream(path, { highWaterMark: CHUNK }), copy);
    milliseconds += performance.now() - started;
    rows += copy.rowCount;
    await client.query('DROP TABLE all_text; CHECKPOINT');
  }
  return { milliseconds, rows };
}
