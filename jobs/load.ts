/**
 * The load of one data set, from fetch to publish. Everything between the first staged row and the published
 * release is one transaction: a load is whole or it never was.
 */
import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { checkRows } from './check.js';
import type { DataSet } from './declaration.js';
import { definitionHash } from './define.js';
import type { FetchedFile, KnownFile } from './kept-files.js';
import { Ledger } from './ledger.js';
import { loadOfKind } from './load-kinds.js';
import { type LocatedRelease, locate } from './locate.js';
import { LOAD_LOCK } from './locks.js';
import { currentHashes, moveDataVersion, rebuildDerived, removeEverything } from './publish.js';
import type { Outcome, RunRecord } from './record.js';
import type { DataSetRow, RunContext } from './run.js';
import { stage } from './stage.js';

interface Loaded {
  id: number;
  title: string;
  published_on: string | null;
  sha256: string;
  definition_hash: string;
  files: KnownFile[];
}

export class Load {
  release: number | null = null;
  ledger: Ledger | null = null;
  rowsEnded = 0;

  constructor(
    private readonly context: RunContext,
    private readonly client: PoolClient,
    private readonly dataSet: DataSet,
    private readonly row: DataSetRow,
    private readonly record: RunRecord,
  ) {}

  async run(): Promise<{ outcome: Outcome; message: string }> {
    const { client, dataSet, record, row } = this;
    const loaded = await this.loadedRelease();
    const definition = definitionHash(dataSet);

    await record.enter('fetch');
    const located = await this.locate(loaded);
    if (loaded?.published_on && located.publishedOn && located.publishedOn < loaded.published_on) {
      return {
        outcome: 'UNCHANGED',
        message: `${located.title} is older than what stands (${loaded.title}) and was not loaded over it`,
      };
    }
    const files = await this.fetch(located.urls, loaded);
    const sha256 = hashOfFiles(files);
    if (loaded?.sha256 === sha256 && loaded.definition_hash === definition) {
      return { outcome: 'UNCHANGED', message: `unchanged since release ${loaded.id} (${located.title})` };
    }

    await record.enter('stage');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOAD_LOCK]);
    await this.makeWayForRealData();
    const ledger = new Ledger(await currentHashes(client, dataSet, row.number));
    const standing = ledger.current.size;
    this.ledger = ledger;
    this.release = await this.insertRelease(located, files, sha256, definition);
    const kind = await loadOfKind(client, dataSet, row, this.release, ledger);
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    await stage(client, dataSet, files, kind.stager, ledger, (rows, read) =>
      this.context.progress.rows(dataSet.title, rows, read, bytes),
    );

    await record.enter('check');
    checkRows(dataSet, ledger, located.rows);
    record.warnings.push(...(await kind.check()));

    await record.enter('publish');
    this.rowsEnded = await kind.end();
    // The same bytes read in another way are no news: what was read before is not history.
    if (loaded?.sha256 === sha256) await kind.forgetEnded();
    await rebuildDerived(client, dataSet);
    await client.query('UPDATE release SET rows_read = $2, rows_rejected = $3 WHERE id = $1', [
      this.release,
      ledger.rowsRead,
      ledger.rowsRejected,
    ]);
    await moveDataVersion(client, this.context.synthetic);
    const message = this.summary(located, ledger);
    // On record with what it records: a crash leaves both or neither.
    await record.finish(client, 'LOADED', message, this);
    await client.query('COMMIT');
    if (ledger.rowsAdded > standing / 10) {
      // The planner must know a table that has just grown. It would find out by itself, later.
      await client.query(`ANALYZE ${kind.tables}`).catch(() => {});
    }
    return { outcome: 'LOADED', message };
  }

  private summary(
    located: LocatedRelease,
    { rowsRead, rowsRejected, rowsLeftOut, rowsAdded }: Ledger,
  ): string {
    const parts = [
      `${count(rowsRead)} rows read`,
      `${count(rowsAdded)} new or changed`,
      `${count(this.rowsEnded)} ended`,
    ];
    if (rowsLeftOut > 0) parts.push(`${count(rowsLeftOut)} left out`);
    if (rowsRejected > 0) parts.push(`${count(rowsRejected)} could not be used`);
    return `${located.title}: ${parts.join(', ')}`;
  }

  private async loadedRelease(): Promise<Loaded | null> {
    const { rows } = await this.client.query<Loaded>(
      `SELECT r.id, r.title, r.published_on::text, r.sha256, r.definition_hash,
         (SELECT json_agg(json_build_object('url', url, 'sha256', sha256, 'etag', etag, 'lastModified', last_modified) ORDER BY ordinal)
          FROM release_file WHERE release_id = r.id) AS files
       FROM release r WHERE r.data_set_number = $1 AND r.synthetic = $2 ORDER BY r.id DESC LIMIT 1`,
      [this.row.number, this.context.synthetic],
    );
    return rows[0] ?? null;
  }

  private locate(loaded: Loaded | null): Promise<LocatedRelease> {
    return locate(this.dataSet, {
      fetcher: this.context.fetcher,
      giasDate: this.context.giasDate,
      knownUrls:
        loaded?.definition_hash === definitionHash(this.dataSet) ? loaded.files.map(({ url }) => url) : [],
      warn: (warning) => this.record.warnings.push(warning),
    });
  }

  private async fetch(urls: string[], loaded: Loaded | null): Promise<FetchedFile[]> {
    const files: FetchedFile[] = [];
    for (const url of urls) {
      const known = loaded?.files.find((file) => file.url === url) ?? null;
      files.push(
        await this.context.fetcher.file(url, known, (bytes, total) =>
          this.context.progress.bytes(this.dataSet.title, bytes, total),
        ),
      );
    }
    return files;
  }

  /** The first real release takes the place of the whole synthetic sample: the two are never mixed. */
  private async makeWayForRealData(): Promise<void> {
    if (this.context.synthetic) return;
    const { rows } = await this.client.query('SELECT synthetic FROM data_version');
    if (rows[0].synthetic) await removeEverything(this.client);
  }

  private async insertRelease(
    located: LocatedRelease,
    files: FetchedFile[],
    sha256: string,
    definition: string,
  ): Promise<number> {
    const { publishedOn, publishedBasis } = dayOf(located, files);
    const { rows } = await this.client.query(
      `INSERT INTO release (data_set_number, title, published_on, published_basis, retrieved_at, url, sha256, bytes,
         rows_read, rows_rejected, definition_hash, synthetic)
       VALUES ($1, $2, $3, $4, now(), $5, $6, $7, 0, 0, $8, $9) RETURNING id`,
      [
        this.row.number,
        located.title,
        publishedOn,
        publishedBasis,
        files[0]!.url,
        sha256,
        files.reduce((sum, file) => sum + file.bytes, 0),
        definition,
        this.context.synthetic,
      ],
    );
    const release = rows[0].id as number;
    for (const [at, { url, sha256: ofFile, bytes, etag, lastModified }] of files.entries()) {
      await this.client.query('INSERT INTO release_file VALUES ($1, $2, $3, $4, $5, $6, $7)', [
        release,
        at + 1,
        url,
        ofFile,
        bytes,
        etag,
        lastModified,
      ]);
    }
    return release;
  }
}

/** A release of one file has that file's hash; of several, the hash of their hashes in order. */
function hashOfFiles(files: FetchedFile[]): string {
  if (files.length === 1) return files[0]!.sha256;
  return createHash('sha256')
    .update(files.map(({ sha256 }) => sha256).join('\n'))
    .digest('hex');
}

function dayOf(
  located: LocatedRelease,
  [file]: FetchedFile[],
): Pick<LocatedRelease, 'publishedOn' | 'publishedBasis'> {
  if (located.publishedOn || !file?.lastModified) return located;
  const modified = new Date(file.lastModified);
  return Number.isNaN(modified.getTime())
    ? located
    : { publishedOn: modified.toISOString().slice(0, 10), publishedBasis: 'LAST_MODIFIED' };
}

const count = (number: number) => number.toLocaleString('en-GB');
