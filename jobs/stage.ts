/**
 * stage: the kept files, read once, become rows in Postgres inside the transaction that publishes them —
 * nobody sees them before it commits, and a crash leaves nothing behind. Rows that stand already are
 * recognised by hash while reading and never sent.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { agree, type Contract } from './contract.js';
import { type CsvRecord, readCsv } from './csv-reader.js';
import type { DataSet } from './declaration.js';
import type { FetchedFile } from './kept-files.js';
import type { Ledger } from './ledger.js';
import { wrongDocument } from './locate.js';
import { sourceFault } from './source-fault.js';

/** Records of a chunk live together: of a larger one, more would outlive the young generation of the garbage collector. */
const READ_BYTES = 128 * 1024;
const SNIFFED_BYTES = 1024;
const SEND_CHARACTERS = 256 * 1024;

export interface Stager {
  /** The COPY statement whose lines row() makes. */
  copy: string;
  startFile: (contract: Contract, url: string) => void;
  /** One COPY line, or null when the row is unchanged or cannot be used (the ledger knows which). */
  row: (record: CsvRecord) => string | null;
  /** COPY lines that can only be made when every file has been read. */
  rest?: () => Iterable<string>;
}

export type OnProgress = (rows: number, bytes: number) => void;

export async function stage(
  client: PoolClient,
  dataSet: DataSet,
  files: FetchedFile[],
  stager: Stager,
  ledger: Ledger,
  onProgress: OnProgress,
): Promise<void> {
  const copy = client.query(copyFrom(stager.copy));
  let failure: unknown;
  copy.on('error', (error) => {
    failure ??= error;
  });
  const send = async (lines: string) => {
    if (failure) throw failure;
    if (!copy.write(lines)) {
      await new Promise<void>((resolve) => {
        copy.once('drain', resolve);
        copy.once('error', () => resolve());
        copy.once('close', () => resolve());
      });
      if (failure) throw failure;
    }
  };
  try {
    for (const [ordinal, file] of files.entries()) {
      ledger.file = ordinal + 1;
      await stageFile(dataSet, file, stager, ledger, send, onProgress);
    }
    for (const lines of stager.rest?.() ?? []) await send(lines);
    ledger.warnOfLeftOut();
  } catch (error) {
    // Ends the COPY so that the connection can be used to roll back. One that failed has ended, and would never say so again.
    if (!failure) {
      await new Promise<void>((resolve) => {
        copy.once('error', () => resolve());
        copy.once('close', () => resolve());
        copy.destroy();
      });
    }
    throw error;
  }
  await new Promise<void>((resolve, reject) => {
    copy.once('finish', resolve);
    copy.once('error', reject);
    if (failure) reject(failure);
    else copy.end();
  });
}

async function stageFile(
  dataSet: DataSet,
  file: FetchedFile,
  stager: Stager,
  ledger: Ledger,
  send: (lines: string) => Promise<void>,
  onProgress: OnProgress,
): Promise<void> {
  const { records: all, bytesRead } = await recordsOf(dataSet, file);
  let contract: Contract | null = null;
  let lines = '';
  const tolerated = dataSet.tolerates?.raggedRows ?? 0;
  let ragged: RaggedRow | null = null;
  let raggedRows = 0;
  const rejectRagged = ({ line, fields, fault }: RaggedRow) => {
    raggedRows += 1;
    if (raggedRows > tolerated) throw sourceFault(fault);
    ledger.reject(
      line,
      'row',
      fields.join(','),
      `has ${fields.length} fields where ${contract!.width} are due`,
    );
  };
  for await (const records of all) {
    for (const record of records) {
      if (!contract) {
        contract = agree(dataSet, record.fields);
        ledger.warnings.push(...contract.warnings);
        stager.startFile(contract, file.url);
        continue;
      }
      // A short row that turns out to be the last is a truncated file; any other is a ragged one.
      if (ragged) rejectRagged(ragged);
      ragged = null;
      ledger.rowsRead += 1;
      if (record.fields.length !== contract.width) {
        const fault = `line ${record.line} has ${record.fields.length} fields where ${contract.width} are due (ragged row)`;
        ragged = { ...record, fault };
        continue;
      }
      const line = stager.row(record);
      if (line !== null) lines += line;
    }
    if (lines.length >= SEND_CHARACTERS) {
      await send(lines);
      lines = '';
    }
    onProgress(ledger.rowsRead, bytesRead());
  }
  if (ragged && (tolerated === 0 || ragged.fields.length < contract!.width)) {
    throw sourceFault(`the file is truncated: it ends in the middle of a row (${ragged.fault})`);
  }
  if (ragged) rejectRagged(ragged);
  if (!contract) throw sourceFault(`${file.url} is empty`);
  if (raggedRows > 0) {
    ledger.warnings.push(
      `${raggedRows} rows of another length than the header could not be used; up to ${tolerated} are known of this file`,
    );
  }
  if (lines) await send(lines);
}

interface RaggedRow extends CsvRecord {
  fault: string;
}

/** The records of a file, the header first, and how much of it has been read. */
async function recordsOf(
  { encoding, reading }: DataSet,
  file: FetchedFile,
): Promise<{ records: AsyncIterable<CsvRecord[]>; bytesRead: () => number }> {
  if (reading) return { records: reading.read(file), bytesRead: () => file.bytes };
  await refuseWrongDocument(file);
  const input = createReadStream(file.path, { highWaterMark: READ_BYTES });
  return { records: readCsv(input, encoding), bytesRead: () => input.bytesRead };
}

/** Looks at the first bytes before anything is parsed: a page or a JSON document can look like odd CSV. */
async function refuseWrongDocument({ path, url }: FetchedFile): Promise<void> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES);
    const wrong = wrongDocument(buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, ''));
    if (wrong) throw sourceFault(`${url} answered with ${wrong} instead of a CSV file`);
  } finally {
    await file.close();
  }
}
