/** In the embedded database the API has a login of its own, which can select and nothing else: by grants, whatever its session says. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/database.js';
import { readSettings } from '../../src/settings.js';
import { BECOMING, FORBIDDEN, MAKING, refusals } from '../server/forbidden.js';

it('the reader of the embedded database can select, and nothing else', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-reader-'));
  // As root, Postgres runs under another account, which must be able to enter.
  await chmod(folder, 0o755);
  let database: Database | null = null;
  try {
    database = await openDatabase(readSettings({ DATA_DIR: folder }), () => {});
    expect(database.readerOptions).toBe('');
    expect(new URL(database.readerUrl).username).not.toBe(new URL(database.writerUrl).username);
    const client = new pg.Client({
      connectionString: database.readerUrl,
      // What a session sets itself must not matter.
      options: '-c search_path=schoolgraph -c default_transaction_read_only=off',
    });
    await client.connect();
    try {
      expect((await client.query('SELECT count(*)::int AS n FROM school')).rows).toEqual([{ n: 0 }]);
      expect(await refusals(client, [...FORBIDDEN, ...BECOMING, ...MAKING])).toEqual([]);
    } finally {
      await client.end();
    }
  } finally {
    await database?.close();
    await rm(folder, { recursive: true, force: true });
  }
});
