/**
 * The load of one data set, from fetch to publish. Everything between the first staged row and the published
 * release is one transaction: a load is whole or it never was. A release that is older than what stands takes its
 * place in the history, and what stands goes on standing.
 */
import { definitionHash } from './define.js';
import { forgetEnded, hashesBefore } from './history.js';
import type { FetchedFile } from './kept-files.js';
import { Ledger } from './ledger.js';
import { versionedTable } from './load-kinds.js';
import { type LocatedRelease, locate } from './locate.js';
import { LOAD_LOCK } from './locks.js';
import { moveDataVersion, rebuildDerived, removeEverything } from './publish.js';
import { publishRelease } from './publish-release.js';
import type { LoadResult, Outcome } from './record.js';
import { around, dayOf, hashOfFiles, insertRelease, type KnownRelease, knownReleases } from './releases.js';
import { Reread } from './reread.js';
import type { Attempt } from './run.js';
import { isNotThere } from './source-fault.js';

export class Load implements LoadResult {
  release: number | null = null;
  ledger: Ledger | null = null;
  rowsEnded = 0;

  constructor(private readonly attempt: Attempt) {}

  async run(): Promise<{ outcome: Outcome; message: string }> {
    const { client, dataSet, record, row, context } = this.attempt;
    const releases = await knownReleases(client, row.number, context.synthetic);
    const definition = definitionHash(dataSet);

    await record.enter('fetch');
    const located = await this.locate(releases.at(-1) ?? null, definition);
    const files = await this.fetch(located, releases);
    if (located.titleOf) located.title = located.titleOf(files.map(({ url }) => url));
    const sha256 = hashOfFiles(files);
    const day = dayOf(located, files);
    const { before, after } = around(releases, day);
    const isReread = before?.sha256 === sha256;
    if (isReread && before.definitionHash === definition) {
      return { outcome: 'UNCHANGED', message: `unchanged since "${before.title}"` };
    }

    await record.enter('stage');
    await client.query('SELECT pg_advisory_xact_lock($1)', [LOAD_LOCK]);
    await this.makeWayForRealData();
    this.release = await insertRelease(client, {
      dataSetNumber: row.number,
      title: located.title,
      day,
      files,
      sha256,
      definition,
      synthetic: context.synthetic,
    });
    if (dataSet.kind === 'series' && after) return this.putIntoSeries(located, after);
    const versioned = versionedTable(dataSet, row.number);
    // Before the first release nothing stood; to find that out would take a look at every table's page.
    const standingBefore = before ? await hashesBefore(client, versioned, this.release) : new Set<bigint>();
    const ledger = new Ledger(standingBefore);
    const standing = ledger.current.size;
    this.ledger = ledger;
    const { ended, kind } = await publishRelease(
      dataSet,
      { client, row, ledger, release: { number: this.release, next: after?.number ?? null } },
      { files, announced: located.rows },
      record,
      context.progress,
    );
    this.rowsEnded = ended;
    // The same bytes read in another way are no news: what was read before is not history.
    if (isReread) await forgetEnded(client, versioned, this.release);
    record.warnings.push(...(await rebuildDerived(client, dataSet, row.number)));
    await moveDataVersion(client, context.synthetic);
    const message = this.summary(located, ledger, after);
    // On record with what it records: a crash leaves both or neither.
    await record.finish(client, 'LOADED', message, this);
    await client.query('COMMIT');
    if (ledger.rowsAdded > standing / 10) {
      // The planner must know a table that has just grown. It would find out by itself, later.
      await client.query(`ANALYZE ${kind.tables}`).catch(() => {});
    }
    return { outcome: 'LOADED', message };
  }

  /** A row of a series holds all its periods: with a release in between, its history is made anew, in order. */
  private async putIntoSeries(
    located: LocatedRelease,
    after: KnownRelease,
  ): Promise<{ outcome: Outcome; message: string }> {
    const { client, context, dataSet, record, row } = this.attempt;
    const again = new Reread(this.attempt);
    await again.readAll(await again.keptReleases());
    this.ledger = again.ledger;
    this.rowsEnded = again.rowsEnded;
    record.warnings.push(...(await rebuildDerived(client, dataSet, row.number)));
    await moveDataVersion(client, context.synthetic);
    const message = this.summary(located, again.ledger!, after);
    await record.finish(client, 'LOADED', message, this);
    await client.query('COMMIT');
    return { outcome: 'LOADED', message };
  }

  private summary(
    located: LocatedRelease,
    { rowsRead, rowsRejected, rowsLeftOut, rowsAdded }: Ledger,
    after: KnownRelease | null,
  ): string {
    const parts = [
      `${count(rowsRead)} rows read`,
      `${count(rowsAdded)} new or changed`,
      `${count(this.rowsEnded)} ended`,
    ];
    if (rowsLeftOut > 0) parts.push(`${count(rowsLeftOut)} left out`);
    if (rowsRejected > 0) parts.push(`${count(rowsRejected)} could not be used`);
    if (after) parts.push(`put into the history before "${after.title}", which is newer and stands`);
    return `${located.title}: ${parts.join(', ')}`;
  }

  private locate(newest: KnownRelease | null, definition: string): Promise<LocatedRelease> {
    const { context, dataSet, record } = this.attempt;
    return locate(dataSet, {
      fetcher: context.fetcher,
      giasDate: context.giasDate,
      knownUrls: newest?.definitionHash === definition ? newest.files.map(({ url }) => url) : [],
      warn: (warning) => record.warnings.push(warning),
    });
  }

  private async fetch({ urls, titleOf }: LocatedRelease, releases: KnownRelease[]): Promise<FetchedFile[]> {
    const { context, dataSet, record } = this.attempt;
    const knownFiles = new Map(releases.flatMap(({ files }) => files.map((file) => [file.url, file])));
    const files: FetchedFile[] = [];
    let missing: unknown;
    for (const url of urls) {
      const known = knownFiles.get(url) ?? null;
      const fetched = context.fetcher.file(url, known, (bytes, total) =>
        context.progress.bytes(dataSet.title, bytes, total),
      );
      try {
        files.push(await fetched);
      } catch (error) {
        if (!titleOf || !isNotThere(error)) throw error;
        missing ??= error;
        if (known) record.warnings.push(`${url} is no longer there; what was loaded of it stays`);
      }
    }
    if (files.length === 0) throw missing;
    return files;
  }

  /** The first real release takes the place of the whole synthetic sample: the two are never mixed. */
  private async makeWayForRealData(): Promise<void> {
    const { client, context } = this.attempt;
    if (context.synthetic) return;
    const { rows } = await client.query('SELECT synthetic FROM data_version');
    if (rows[0].synthetic) await removeEverything(client);
  }
}

const count = (number: number) => number.toLocaleString('en-GB');
