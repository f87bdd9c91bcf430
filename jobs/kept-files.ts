/**
 * The files as they were fetched, each under its SHA-256: never overwritten, and only under that name once whole —
 * as long as announced, hashed, on disk. Everything in the database can be derived again from them.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { identityOf } from '../src/embedded-postgres/owner.js';
import { type Answer, brokenOff } from './answer.js';
import { sourceFault } from './source-fault.js';

const MEGABYTE = 1024 * 1024;
/** Name of a file that is not whole yet: this, the number of the process that writes it, and a random part. */
const PARTIAL = 'partial-';

export interface FetchedFile {
  url: string;
  /** Where the bytes are kept. */
  path: string;
  sha256: string;
  bytes: number;
  etag: string | null;
  lastModified: string | null;
}

export interface KnownFile {
  url: string;
  sha256: string;
  etag: string | null;
  lastModified: string | null;
}

/** Told how many bytes have come, and of how many, where that is known. */
export type OnBytes = (bytes: number, total: number | null) => void;

export class KeptFiles {
  constructor(
    private readonly folder: string,
    private readonly maximumBytes: number,
  ) {}

  async find(known: KnownFile): Promise<FetchedFile | null> {
    const path = join(this.folder, known.sha256);
    const found = await stat(path).catch(() => null);
    return found ? { ...known, path, bytes: found.size } : null;
  }

  async keep(answer: Answer, onBytes: OnBytes): Promise<Pick<FetchedFile, 'sha256' | 'bytes' | 'path'>> {
    const maximumBytes = this.maximumBytes;
    await mkdir(this.folder, { recursive: true });
    const temporary = join(this.folder, `${PARTIAL}${process.pid}-${randomUUID()}`);
    const hash = createHash('sha256');
    let bytes = 0;
    const count = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        hash.update(chunk);
        onBytes(bytes, answer.length);
        done(
          bytes > maximumBytes
            ? sourceFault(`${answer.url} is larger than ${maximumBytes / MEGABYTE} MB`)
            : null,
          chunk,
        );
      },
    });
    const file = createWriteStream(temporary, { flush: true });
    const closed = new Promise<void>((resolve) => file.once('close', () => resolve()));
    try {
      await pipeline(answer.body, count, file);
      if (answer.length !== null && bytes !== answer.length) {
        throw sourceFault(`${answer.url} was cut short: ${bytes} of ${answer.length} bytes came`);
      }
      const sha256 = hash.digest('hex');
      const path = join(this.folder, sha256);
      await rename(temporary, path);
      return { sha256, bytes, path };
    } catch (error) {
      // A source may break off before the file is even opened: it would be made after it was removed.
      file.destroy();
      await closed;
      await rm(temporary, { force: true });
      throw brokenOff(answer.url, error);
    }
  }

  /** Removes what processes that are gone had begun to fetch. */
  async removeAbandoned(): Promise<void> {
    for (const name of await readdir(this.folder).catch(() => [])) {
      const writer = Number(/^partial-(\d+)-/.exec(name)?.[1] ?? 0);
      if (writer > 0 && identityOf(writer) === undefined) await rm(join(this.folder, name), { force: true });
    }
  }
}
