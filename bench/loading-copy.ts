/**
 * What loading is held against: COPY of the same bytes into a logged table whose columns are all text, by the same client
 * from the same file. Nothing is checked, typed or indexed. And beside it the floor of any load into our tables: COPY of
 * the rows that came of it, ready made, into an empty table with the same keys.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { DataSet } from '../jobs/declaration.js';
import { versionedTable } from '../jobs/load-kinds.js';

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

/** Milliseconds to COPY the rows of a data set that is loaded into an empty table with the keys of its own. */
export async function copyIntoKeyed(client: Client, dataSet: DataSet): Promise<number> {
  const { rows } = await client.query('SELECT number FROM data_set WHERE id = $1', [dataSet.id]);
  const { table, ours, columns } = versionedTable(dataSet, rows[0].number);
  const names = [...columns, 'row_hash', 'from_release'].join(', ');
  const select = `SELECT ${names} FROM ${table} r WHERE ${ours} ORDER BY ctid`;
  const ready: Buffer[] = [];
  for await (const chunk of client.query(copyTo(`COPY (${select}) TO STDOUT`))) ready.push(chunk);
  await client.query(`CREATE TABLE keyed (LIKE ${table} INCLUDING ALL); CHECKPOINT`);
  const started = performance.now();
  const copy = client.query(copyFrom(`COPY keyed (${names}) FROM STDIN`));
  await pipeline(ready, copy);
  const milliseconds = performance.now() - started;
  await client.query('DROP TABLE keyed; CHECKPOINT');
  return milliseconds;
}
