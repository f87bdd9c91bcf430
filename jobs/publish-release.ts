/** stage → check → publish of one release, from its kept files, within the transaction that the caller ends. */
import { checkRows } from './check.js';
import type { DataSet } from './declaration.js';
import type { FetchedFile } from './kept-files.js';
import { type LoadKind, type LoadTarget, loadKind } from './load-kinds.js';
import type { Progress } from './progress.js';
import type { RunRecord } from './record.js';
import { stage } from './stage.js';

interface ReleaseFiles {
  files: FetchedFile[];
  /** How many rows the publisher says that the files have, where it says so. */
  announced: number | null;
}

/** Returns how many rows the release ended, and which kind of load it was. */
export async function publishRelease(
  dataSet: DataSet,
  target: LoadTarget,
  { files, announced }: ReleaseFiles,
  record: RunRecord,
  progress: Progress,
): Promise<{ ended: number; kind: LoadKind }> {
  const { client, ledger, release } = target;
  await record.enter('stage');
  const kind = await loadKind(dataSet, target);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  await stage(client, dataSet, files, kind.stager, ledger, (rows, read) =>
    progress.rows(dataSet.title, rows, read, bytes),
  );

  await record.enter('check');
  checkRows(dataSet, ledger, announced);
  record.warnings.push(...(await kind.check()));

  await record.enter('publish');
  const ended = await kind.settle();
  await client.query('UPDATE release SET rows_read = $2, rows_rejected = $3 WHERE id = $1', [
    release.number,
    ledger.rowsRead,
    ledger.rowsRejected,
  ]);
  for (const { kind: finding, measure, rows, message } of await kind.findings()) {
    await client.query('INSERT INTO finding VALUES ($1, $2, $3, $4, $5)', [
      release.number,
      finding,
      measure,
      rows,
      message,
    ]);
    record.warnings.push(message);
  }
  return { ended, kind };
}
