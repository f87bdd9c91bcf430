/**
 * Reads every release of a data set again from its kept files, without a download: after an upgrade that reads
 * files differently, or because somebody asked for it. Releases keep their numbers and days; the rows are made anew
 * from the first to the last in one transaction, so that history is as if it had always been read this way.
 */
import type { PoolClient } from 'pg';
import type { DataSet } from './declaration.js';
import { definitionHash } from './define.js';
import { forgetAll, hashesBefore } from './history.js';
import type { FetchedFile } from './kept-files.js';
import { Ledger } from './ledger.js';
import { versionedTable } from './load-kinds.js';
import { LOAD_LOCK } from './locks.js';
import { moveDataVersion, rebuildDerived } from './publish.js';
import { publishRelease } from './publish-release.js';
import type { LoadResult, Outcome } from './record.js';
import { type KnownRelease, knownReleases } from './releases.js';
import type { Attempt, RunContext } from './run.js';
import { notThere } from './source-fault.js';

interface KeptRelease extends KnownRelease {
  kept: FetchedFile[];
}

export class Reread implements LoadResult {
  release: number | null = null;
  ledger: Ledger | null = null;
  rowsEnded = 0;

  constructor(private readonly attempt: Attempt) {}

  async run(): Promise<{ outcome: Outcome; message: string }> {
    const { client, context, dataSet, record, row } = this.attempt;
    const releases = await this.keptReleases();
    if (releases.length === 0) return { outcome: 'UNCHANGED', message: 'nothing of it is loaded' };
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOAD_LOCK]);
    const tables = await this.readAll(releases);
    await client.query('UPDATE release SET definition_hash = $2 WHERE data_set_number = $1', [
      row.number,
      definitionHash(dataSet),
    ]);
    record.warnings.push(...(await rebuildDerived(client, dataSet, row.number)));
    await moveDataVersion(client, context.synthetic);
    const message = `${releases.length} release${releases.length > 1 ? 's' : ''} read again from the kept files`;
    await record.finish(client, 'LOADED', message, this);
    await client.query('COMMIT');
    await client.query(`ANALYZE ${tables}`).catch(() => {});
    return { outcome: 'LOADED', message };
  }

  /** Refuses where a file is missing. */
  async keptReleases(): Promise<KeptRelease[]> {
    const { client, context, row } = this.attempt;
    const releases = await keptReleases(context, client, row.number);
    if (releases) return releases;
    throw notThere('a raw file of one of its releases: the rows stay as they were read, and that file');
  }

  /** Makes the rows anew from the first release to the last; returns the tables that they are in. */
  async readAll(releases: KeptRelease[]): Promise<string> {
    const { client, context, dataSet, record, row } = this.attempt;
    const versioned = versionedTable(dataSet, row.number);
    await forgetAll(client, versioned);
    await client.query('DELETE FROM coverage WHERE data_set_number = $1', [row.number]);
    await client.query(
      'DELETE FROM finding WHERE release_id IN (SELECT id FROM release WHERE data_set_number = $1)',
      [row.number],
    );
    let tables = '';
    for (const { number, title, kept } of releases) {
      this.release = number;
      this.ledger = new Ledger(await hashesBefore(client, versioned, number));
      const target = { client, row, ledger: this.ledger, release: { number, next: null } };
      const { ended, kind } = await publishRelease(
        dataSet,
        target,
        { files: kept, announced: null },
        record,
        context.progress,
      ).catch((error) => {
        record.warnings.push(`this was met in "${title}"`);
        throw error;
      });
      this.rowsEnded += ended;
      tables = kind.tables;
    }
    return tables;
  }
}

/** The releases with their files; null where one is not kept. */
async function keptReleases(
  { fetcher, synthetic }: RunContext,
  client: PoolClient,
  dataSetNumber: number,
): Promise<KeptRelease[] | null> {
  const found: KeptRelease[] = [];
  for (const release of await knownReleases(client, dataSetNumber, synthetic)) {
    const kept: FetchedFile[] = [];
    for (const file of release.files) {
      const there = await fetcher.kept(file);
      if (!there) return null;
      kept.push(there);
    }
    found.push({ ...release, kept });
  }
  return found;
}

/** Whether a release was read under another declaration than today's, and can be read again. */
export async function isReadDifferently(
  context: RunContext,
  client: PoolClient,
  dataSet: DataSet,
  dataSetNumber: number,
): Promise<boolean> {
  const definition = definitionHash(dataSet);
  const releases = await knownReleases(client, dataSetNumber, context.synthetic);
  if (releases.every(({ definitionHash: readAs }) => readAs === definition)) return false;
  return (await keptReleases(context, client, dataSetNumber)) !== null;
}
