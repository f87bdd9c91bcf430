/**
 * A streaming reader of CSV records (RFC 4180: https://www.rfc-editor.org/rfc/rfc4180) that knows the file
 * line each record starts on. It never guesses: bytes that are not text in the declared encoding, a quote
 * that never closes and text after a closing quote all stop it with a source fault naming the line.
 *
 * Ours because loading is bound by parsing: see docs/decisions/0003-own-csv-reader.md for what was measured.
 */
import { isAscii } from 'node:buffer';
import iconv from 'iconv-lite';
import { CHANGE_THE_DECLARATION, sourceFault } from './source-fault.js';

export interface CsvRecord {
  /** 1-based line of the file on which the record starts. */
  line: number;
  fields: string[];
}

/** No row of any source comes near; an unclosed quote would make one row of all the rest. */
const LONGEST_RECORD = 4 * 1024 * 1024;
const QUOTE = 34;
const COMMA = 44;
const CARRIAGE_RETURN = 13;

export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  encoding: 'utf-8' | 'windows-1252',
): AsyncGenerator<CsvRecord[]> {
  const decoder = decoderOf(encoding);
  let rest = '';
  let line = 1;
  const decode = (bytes?: Uint8Array): string => {
    let text: string;
    try {
      text = decoder(bytes);
    } catch (error) {
      throw sourceFault(
        `the file is not ${encoding} text: ${(error as Error).message.startsWith('UTF-8') ? 'it is UTF-8' : `undecodable bytes after line ${line}`}`,
        CHANGE_THE_DECLARATION,
      );
    }
    if (text.includes('\0'))
      throw sourceFault(`the file is not ${encoding} text: a NUL after line ${line}`, CHANGE_THE_DECLARATION);
    return text;
  };
  const split = (text: string, atEnd: boolean): CsvRecord[] => {
    const records: CsvRecord[] = [];
    let start = 0;
    // Looked for only when passed: a file without quotes is searched for one once a chunk, not once a record.
    let quote = text.indexOf('"');
    while (start < text.length) {
      if (quote !== -1 && quote < start) quote = text.indexOf('"', start);
      let end = text.indexOf('\n', start);
      if (end === -1 && atEnd) end = text.length;
      const quoted = quote !== -1 && (end === -1 || quote < end);
      if (quoted) end = endOfQuotedRecord(text, start, atEnd);
      if (end === -1) break;
      const stop = end > start && text.charCodeAt(end - 1) === CARRIAGE_RETURN ? end - 1 : end;
      if (stop > start) {
        const fields = quoted ? splitQuotedRecord(text, start, stop, line) : splitRecord(text, start, stop);
        records.push({ line, fields });
      }
      line += quoted ? linesIn(text, start, end) : 1;
      start = end + 1;
    }
    rest = text.slice(start);
    if (rest.length > LONGEST_RECORD) {
      throw sourceFault(
        `line ${line}: a row longer than ${LONGEST_RECORD} characters, or a quote that is never closed`,
      );
    }
    return records;
  };
  for await (const chunk of chunks) {
    const records = split(rest + decode(chunk), false);
    if (records.length > 0) yield records;
  }
  const records = split(rest + decode(), true);
  if (records.length > 0) yield records;
}

/** Decodes bytes as they come, and without bytes what is left at the end. Throws on bytes that are not text. */
function decoderOf(encoding: 'utf-8' | 'windows-1252'): (bytes?: Uint8Array) => string {
  if (encoding === 'utf-8') {
    const decoder = new TextDecoder('utf-8', { fatal: true });
    let isBetween = true;
    return (bytes) => {
      if (!bytes) return decoder.decode();
      // Of ASCII nothing has to be decoded, unless the chunk before ended within a letter.
      if (isBetween && isAscii(bytes)) return latin1(bytes);
      isBetween = bytes.at(-1)! < 0x80;
      return decoder.decode(bytes, { stream: true });
    };
  }
  // Node 20's own TextDecoder reads windows-1252 as Latin-1: a curly apostrophe (0x92) would be lost.
  const decoder = iconv.getDecoder('win1252');
  const isUtf8 = utf8Suspicion();
  return (bytes) => {
    const buffer = bytes ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.alloc(0);
    if (isUtf8(buffer, bytes === undefined)) throw new Error('UTF-8, not windows-1252');
    const text = bytes ? latin1(bytes) : (decoder.end() ?? '');
    if (!OTHER_THAN_LATIN1.test(text)) return text;
    const decoded = decoder.write(buffer);
    if (decoded.includes('\uFFFD')) throw new Error('not windows-1252');
    return decoded;
  };
}

/** Where windows-1252 and Latin-1 differ; in both a byte is a letter, so that chunks can be read each for itself. */
const OTHER_THAN_LATIN1 = /[\x80-\x9f]/;

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/**
 * Every file can be read as windows-1252, but letters beyond ASCII that are all valid UTF-8 are no accident: at the
 * end of such a file this says so. In real windows-1252 the first curly apostrophe settles it.
 */
function utf8Suspicion(): (bytes: Buffer, atEnd: boolean) => boolean {
  let decoder: InstanceType<typeof TextDecoder> | null = new TextDecoder('utf-8', { fatal: true });
  let beyondAscii = false;
  return (bytes, atEnd) => {
    try {
      const text = decoder?.decode(bytes, { stream: !atEnd }) ?? '';
      beyondAscii ||= text.length !== bytes.length;
    } catch {
      decoder = null;
    }
    return atEnd && decoder !== null && beyondAscii;
  };
}

/** Index of the newline that ends the record, the text's end if it is the file's, or -1 for "not all here yet". */
function endOfQuotedRecord(text: string, start: number, atEnd: boolean): number {
  let from = start;
  let newline = text.indexOf('\n', from);
  for (;;) {
    // Looked for only when passed: a record may have hundreds of quoted fields.
    if (newline !== -1 && newline < from) newline = text.indexOf('\n', from);
    const quote = text.indexOf('"', from);
    if (quote === -1 || (newline !== -1 && newline < quote)) {
      return newline === -1 && atEnd ? text.length : newline;
    }
    // Inside quotes a newline is part of the field; a doubled quote opens and closes on the spot.
    const close = text.indexOf('"', quote + 1);
    if (close === -1) {
      if (atEnd)
        throw sourceFault('the file ends inside a quoted field: it is truncated, or a quote is not closed');
      return -1;
    }
    from = close + 1;
  }
}

/** Faster than String.split, and without a copy of the record. */
function splitRecord(text: string, start: number, stop: number): string[] {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const comma = text.indexOf(',', at);
    if (comma === -1 || comma >= stop) break;
    fields.push(text.slice(at, comma));
    at = comma + 1;
  }
  fields.push(text.slice(at, stop));
  return fields;
}

function splitQuotedRecord(text: string, start: number, stop: number, line: number): string[] {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    if (at < stop && text.charCodeAt(at) === QUOTE) {
      let close = text.indexOf('"', at + 1);
      let doubled = false;
      while (close + 1 < stop && text.charCodeAt(close + 1) === QUOTE) {
        doubled = true;
        close = text.indexOf('"', close + 2);
      }
      const field = text.slice(at + 1, close);
      fields.push(doubled ? field.replaceAll('""', '"') : field);
      at = close + 1;
      if (at < stop && text.charCodeAt(at) !== COMMA) {
        throw sourceFault(`line ${line}: text after the closing quote of field ${fields.length}`);
      }
    } else {
      let comma = text.indexOf(',', at);
      if (comma === -1 || comma > stop) comma = stop;
      const quote = text.indexOf('"', at);
      if (quote !== -1 && quote < comma) {
        throw sourceFault(
          `line ${line}: a quote inside field ${fields.length + 1}, which does not begin with one`,
        );
      }
      fields.push(text.slice(at, comma));
      at = comma;
    }
    if (at >= stop) return fields;
    at += 1;
  }
}

function linesIn(text: string, start: number, end: number): number {
  let lines = 1;
  for (let at = text.indexOf('\n', start); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
