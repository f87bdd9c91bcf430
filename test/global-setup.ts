/**
 * One Postgres for the whole suite: the server that DATABASE_URL names, or an embedded one in a temporary folder.
 * Two databases are loaded once, through the real jobs, and cloned by whoever changes data: `real` from the
 * published files beside the project, where they are, and `sample` from the synthetic sample.
 */
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { DATA_SETS } from '../jobs/catalogue.js';
import { Loads } from '../jobs/loads.js';
import { Progress } from '../jobs/progress.js';
import { openDatabase, openWriterPool } from '../src/database/database.js';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded-postgres/embedded-postgres.js';
import { readSettings } from '../src/settings.js';
import { firstOutcome } from './data-sets.js';
import { onServer } from './database.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Superuser's address of the suite's server. */
    server: string;
    /** Folder of the published files, or null where the project stands alone. */
    mirror: string | null;
    /** Prefix of this run's databases: two runs can share a server. */
    prefix: string;
    /** Folder in which the loads keep fetched files. */
    dataDirectory: string;
  }
}

const MIRROR = resolve('../shared/data/mirror');

/**
 * Of the suite's own server: nothing here need outlive a power failure (what must is proven on servers that tests start), and
 * nothing goes through tables but what a test has do it.
 */
const OFF = ['fsync', 'full_page_writes', 'synchronous_commit', 'autovacuum'];

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await mkdtemp(join(tmpdir(), 'schoolgraph-test-'));
  // As root, Postgres runs under another account, which must be able to enter.
  await chmod(dataDirectory, 0o755);
  const given = process.env.DATABASE_URL;
  let embedded: EmbeddedPostgres | null = null;
  if (!given) {
    embedded = await startEmbeddedPostgres({ directory: join(dataDirectory, 'postgres'), report: () => {} });
  }
  const server = given ?? embedded!.url;
  if (embedded) {
    for (const setting of OFF) await onServer(server, `ALTER SYSTEM SET ${setting} = off`);
    await onServer(server, 'SELECT pg_reload_conf()');
  }
  const prefix = `schoolgraph_test_${process.pid}`;
  const mirror = existsSync(MIRROR) ? MIRROR : null;
  if (!mirror)
    console.warn(
      `${MIRROR} is not there: tests on the published files are skipped, the rest runs on the sample`,
    );

  await load(server, `${prefix}_sample`, { DATA_DIR: dataDirectory }, 'sample');
  if (mirror) {
    await load(
      server,
      `${prefix}_real`,
      { DATA_DIR: dataDirectory, SOURCE_MIRROR: mirror, GIAS_DATE: '2022-09-01' },
      'real',
    );
  }
  // Clones are taken from copies that nobody connects to.
  for (const name of mirror ? ['sample', 'real'] : ['sample']) {
    await onServer(server, `CREATE DATABASE "${prefix}_${name}_template" TEMPLATE "${prefix}_${name}"`);
  }
  project.provide('server', server);
  project.provide('mirror', mirror);
  project.provide('prefix', prefix);
  project.provide('dataDirectory', dataDirectory);

  return async () => {
    const left = await onServer(server, `SELECT datname FROM pg_database WHERE datname LIKE '${prefix}%'`);
    for (const { datname } of left) await onServer(server, `DROP DATABASE "${datname}" WITH (FORCE)`);
    await embedded?.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
}

async function load(
  server: string,
  name: string,
  environment: NodeJS.ProcessEnv,
  which: 'sample' | 'real',
): Promise<void> {
  await onServer(server, `CREATE DATABASE "${name}"`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const settings = readSettings({ ...environment, DATABASE_URL: url.href });
  const database = await openDatabase(settings, () => {});
  const pool = openWriterPool(database.writerUrl);
  try {
    const loads = new Loads({ pool, settings, progress: new Progress(process.stderr), say: () => {} });
    await loads.define();
    const results = which === 'sample' ? await loads.sample() : await loads.load(DATA_SETS);
    const failed = results.filter(({ dataSet, outcome }) => outcome !== firstOutcome(dataSet, which));
    if (failed.length > 0)
      throw new Error(failed.map(({ dataSet, message }) => `${dataSet.id}: ${message}`).join('\n'));
    // As Postgres would at some moment of the next minutes, of which plans must not depend.
    await onServer(url.href, 'VACUUM ANALYZE');
  } finally {
    await pool.end();
    await database.close();
  }
}
