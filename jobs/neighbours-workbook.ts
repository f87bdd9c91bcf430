/**
 * A workbook of statistical neighbours, as the Department's LA interactive tool has it: a row per local authority,
 * in it SN1, SNP, SN2, SNP … — a code, and the closeness as a word. Read into one record per neighbour; a row that does
 * not name exactly ten others is the publisher's to put right, and refuses the file with the row's number.
 */
import { readFile } from 'node:fs/promises';
import readExcel, { InvalidInputError, InvalidSpreadsheetError } from 'read-excel-file/node';
import type { CsvRecord } from './csv-reader.js';
import type { FetchedFile } from './kept-files.js';
import { wrongDocument } from './locate.js';
import { sourceFault } from './source-fault.js';

export const NEIGHBOURS_PER_AUTHORITY = 10;
/** The workbooks known have 40 KB, and 600 KB when unpacked. */
const LARGEST_WORKBOOK = 2 * 1024 * 1024;
const LARGEST_UNPACKED = 50 * 1024 * 1024;
/** How the publisher writes that an edition gives an authority no neighbours: in all of its cells. */
const NONE = '-';

const HEADER = ['edition', 'la_code', 'rank', 'neighbour_code', 'closeness'];

export async function* readNeighboursWorkbook(
  { path, url }: FetchedFile,
  edition: string,
): AsyncGenerator<CsvRecord[]> {
  const rows = await readFirstSheet(await readFile(path), url);
  const headerAt = rows.findIndex((row) => row.includes('SN1'));
  if (headerAt === -1) throw sourceFault(`${url} has no row with the heading SN1`);
  const columns = columnsOf(rows[headerAt]!);
  yield [{ line: headerAt + 1, fields: HEADER }];
  for (const [index, row] of rows.entries()) {
    const code = row[columns.code]!;
    // Between those that exist and those abolished stand empty rows, and one with the words "Old SNs:".
    if (index <= headerAt || code === '') continue;
    const line = index + 1;
    const where = `row ${line} (${row[columns.name] || code})`;
    if (!/^\d{3}$/.test(code)) throw sourceFault(`${where}: "${code}" is not a 3-digit LA number`);
    const neighbours = columns.ranks.map(({ code: at, closeness }) => ({
      code: row[at]!,
      closeness: row[closeness]!,
    }));
    if (neighbours.every((neighbour) => neighbour.code === NONE)) continue;
    refuseUnlessTen(where, code, neighbours);
    yield neighbours.map((neighbour, at) => ({
      line,
      fields: [edition, code, String(at + 1), neighbour.code, neighbour.closeness],
    }));
  }
}

function refuseUnlessTen(where: string, code: string, neighbours: { code: string }[]): void {
  const missing = neighbours.flatMap((neighbour, at) =>
    neighbour.code === '' || neighbour.code === NONE ? [`SN${at + 1}`] : [],
  );
  if (missing.length > 0) {
    throw sourceFault(
      `${where} names ${NEIGHBOURS_PER_AUTHORITY - missing.length} neighbours where ${NEIGHBOURS_PER_AUTHORITY} are due: ${missing.join(', ')} is empty`,
    );
  }
  for (const [at, neighbour] of neighbours.entries()) {
    if (!/^\d{3}$/.test(neighbour.code))
      throw sourceFault(`${where}: SN${at + 1} "${neighbour.code}" is not a 3-digit LA number`);
    if (neighbour.code === code)
      throw sourceFault(`${where}: SN${at + 1} names the local authority as its own neighbour`);
    const earlier = neighbours.findIndex((other) => other.code === neighbour.code);
    if (earlier !== at)
      throw sourceFault(`${where} names ${neighbour.code} twice, as SN${earlier + 1} and as SN${at + 1}`);
  }
}

/** Where the code and name of a local authority stand, and of each rank the neighbour and, beside it, the closeness. */
function columnsOf(header: string[]) {
  const find = (name: string) => {
    const at = header.indexOf(name);
    if (at === -1)
      throw sourceFault(`missing column ${name}; the header has ${header.filter(Boolean).join(', ')}`);
    if (header.indexOf(name, at + 1) !== -1)
      throw sourceFault(`duplicate column ${name}: which one is meant cannot be known`);
    return at;
  };
  const ranks = Array.from({ length: NEIGHBOURS_PER_AUTHORITY }, (_, at) => {
    const code = find(`SN${at + 1}`);
    if (header[code + 1] !== 'SNP')
      throw sourceFault(
        `the column after SN${at + 1} is "${header[code + 1] ?? ''}" where SNP, its closeness, is due`,
      );
    return { code, closeness: code + 1 };
  });
  return { code: find('LA number'), name: find('LA Name'), ranks };
}

async function readFirstSheet(bytes: Buffer, url: string): Promise<string[][]> {
  const wrong = wrongDocument(bytes.toString('utf8', 0, 1024));
  if (wrong) throw sourceFault(`${url} answered with ${wrong} instead of an Excel workbook`);
  if (bytes.length > LARGEST_WORKBOOK || unpackedSize(bytes) > LARGEST_UNPACKED) {
    throw sourceFault(`${url} is larger than a workbook of statistical neighbours can be`);
  }
  try {
    const [sheet] = await readExcel(bytes);
    return sheet!.data.map((row) => row.map((cell) => (cell === null ? '' : String(cell).trim())));
  } catch (error) {
    if (error instanceof InvalidInputError || error instanceof InvalidSpreadsheetError) {
      throw sourceFault(`${url} is not an Excel workbook that can be read (${error.message})`);
    }
    throw error;
  }
}

/** ZIP, central directory (APPNOTE 4.3.12): what its entries say that they come to when unpacked. */
const DIRECTORY_ENTRY = Buffer.from('PK\x01\x02', 'latin1');
const UNPACKED_SIZE_AT = 24;

function unpackedSize(bytes: Buffer): number {
  let size = 0;
  for (
    let at = bytes.indexOf(DIRECTORY_ENTRY);
    at !== -1 && at + UNPACKED_SIZE_AT + 4 <= bytes.length;
    at = bytes.indexOf(DIRECTORY_ENTRY, at + 4)
  ) {
    size += bytes.readUInt32LE(at + UNPACKED_SIZE_AT);
  }
  return size;
}
