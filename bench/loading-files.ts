/** Variants of a published file: every hundredth row changed, or every row repeated under other keys. */
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import iconv from 'iconv-lite';
import { readCsv } from '../jobs/csv-reader.js';
import { fileInMirror } from '../jobs/mirror.js';

/** The rows that take the place of one; `line` 0 is the first row after the header. */
export type Variant = (row: Record<string, string>, line: number) => Record<string, string>[];

const AT_ONCE = 4 * 1024 * 1024;

/** A mirror in which single files are other than in the one it is laid over. */
export class OverlaidMirror {
  private constructor(
    readonly folder: string,
    private readonly under: string,
  ) {}

  static async over(under: string): Promise<OverlaidMirror> {
    const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-bench-'));
    for (const entry of await readdir(under, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(folder, relative(under, entry.parentPath), entry.name);
      await mkdir(dirname(path), { recursive: true });
      await symlink(join(entry.parentPath, entry.name), path);
    }
    return new OverlaidMirror(folder, under);
  }

  /** Writes the variant of a file in its place. */
  async vary(url: string, encoding: 'utf-8' | 'windows-1252', variant: Variant): Promise<void> {
    const from = (await fileInMirror(this.under, url))!;
    const to = join(this.folder, relative(this.under, from));
    await rm(to);
    const out = createWriteStream(to);
    let header: string[] | null = null;
    let text = '';
    let line = 0;
    const write = async () => {
      if (!out.write(iconv.encode(text, encoding === 'utf-8' ? 'utf8' : 'win1252'))) await once(out, 'drain');
      text = '';
    };
    for await (const records of readCsv(createReadStream(from), encoding)) {
      for (const { fields } of records) {
        if (!header) {
          header = fields.map((name) => name.replace(/^\uFEFF/, ''));
          text += csvLine(header);
          continue;
        }
        const row = Object.fromEntries(header.map((name, at) => [name, fields[at] ?? '']));
        for (const other of variant(row, line)) {
          text += csvLine(header.map((name) => other[name]!));
          if (text.length > AT_ONCE) await write();
        }
        line += 1;
      }
    }
    await write();
    out.end();
    await once(out, 'close');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

const csvLine = (fields: string[]) =>
  `${fields.map((field) => (/[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field)).join(',')}\n`;
