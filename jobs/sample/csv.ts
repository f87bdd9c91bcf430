// Writes rows the way each publisher does: GIAS (windows-1252, CRLF, text in quotes, numbers bare) and EES (UTF-8).
// Rule: a character windows-1252 does not have is an error, never a question mark.

export type Cell = string | number;

/** One GIAS line: text is quoted (nothing is ""), numbers are not. */
export function registerLine(cells: readonly Cell[]): string {
  return `${cells.map((cell) => (typeof cell === 'number' ? cell : `"${cell.replaceAll('"', '""')}"`)).join(',')}\r\n`;
}

/** One EES line: quotes only where they are needed. */
export function statisticsLine(cells: readonly Cell[], end: '\n' | '\r\n'): string {
  return (
    cells
      .map((cell) =>
        typeof cell === 'string' && /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
      )
      .join(',') + end
  );
}

/** The few characters of windows-1252 that are not at their Unicode place and that names use. */
const WINDOWS_1252: Record<string, number> = {
  '€': 0x80,
  '…': 0x85,
  '‘': 0x91,
  '’': 0x92,
  '“': 0x93,
  '”': 0x94,
  '–': 0x96,
  '—': 0x97,
};

export function encodeWindows1252(text: string): Buffer {
  const bytes = Buffer.alloc(text.length);
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    const byte = code < 0x80 || (code >= 0xa0 && code <= 0xff) ? code : WINDOWS_1252[text[i]!];
    if (byte === undefined) throw new Error(`windows-1252 has no character ${JSON.stringify(text[i])}`);
    bytes[i] = byte;
  }
  return bytes;
}

/** What one file of the sample is before it is written. */
export interface SampleFile {
  /** Below the sample's folder: <host>/<path>. */
  path: string;
  /** Rows of data, the header not counted; 0 for a document. */
  rows: number;
  body: Buffer;
}

export function registerFile(
  path: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
): SampleFile {
  const text = registerLine(header) + rows.map(registerLine).join('');
  return { path, rows: rows.length, body: encodeWindows1252(text) };
}

export function statisticsFile(
  path: string,
  header: readonly string[],
  rows: readonly (readonly Cell[])[],
  { bom = true, end = '\r\n' }: { bom?: boolean; end?: '\n' | '\r\n' } = {},
): SampleFile {
  const text = [header, ...rows].map((row) => statisticsLine(row, end)).join('');
  return { path, rows: rows.length, body: Buffer.from(bom ? `\ufeff${text}` : text, 'utf8') };
}
