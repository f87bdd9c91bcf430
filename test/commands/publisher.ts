/**
 * A publisher of the test's own: a small mirror over HTTP whose answers can be kept waiting half-way, so that a test can
 * look at a command in the middle of its work, or left out.
 */
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeSample } from '../../jobs/sample/write-sample.js';
import { until } from './running-command.js';

/** Day of the register in the mirror. */
export const GIAS_DATE = '2026-09-01';
const SIZE = { schools: 60, trusts: 8 };

/** Writes the mirror into a folder. To the commands it is a publisher like any other: its data count as real. */
export async function writeMirror(folder: string): Promise<string> {
  await writeSample(folder, SIZE);
  return folder;
}

export class Publisher {
  private held: RegExp | null = null;
  private release: () => void = () => {};
  private gate: Promise<void> = Promise.resolve();
  private missing: RegExp | null = null;
  private waiting = 0;

  private constructor(
    private readonly folder: string,
    private readonly server: Server,
  ) {}

  static async of(folder: string): Promise<Publisher> {
    // Never closes a connection that rests: a request could be on its way on it.
    const server = createServer({ keepAliveTimeout: 0 });
    const publisher = new Publisher(folder, server);
    server.on('request', (request, response) => {
      const { url, headers } = request;
      publisher
        .answer(decodeURIComponent(url!), headers['if-none-match'], response)
        .catch(() => response.destroy());
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()));
    return publisher;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Settings that send a command here. */
  get settings(): NodeJS.ProcessEnv {
    return { SOURCE_MIRROR: this.address, GIAS_DATE };
  }

  /** Sends half of what is asked for by such an address, and the rest after `letGo`. */
  hold(pattern: RegExp): void {
    this.held = pattern;
    this.gate = new Promise((release) => {
      this.release = release;
    });
  }

  letGo(): void {
    this.held = null;
    this.release();
  }

  /** Answers such addresses with 404. */
  leaveOut(pattern: RegExp): void {
    this.missing = pattern;
  }

  /** Resolves when a command waits for the rest. */
  async isAsked(): Promise<void> {
    await until('a request for what is held back', () => this.waiting > 0);
  }

  close(): void {
    this.letGo();
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(
    path: string,
    ifNoneMatch: string | undefined,
    response: ServerResponse,
  ): Promise<void> {
    const file = join(this.folder, path);
    const found = this.missing?.test(path) ? null : await stat(file).catch(() => null);
    if (!found?.isFile()) return void response.writeHead(404).end();
    // That of the folder, so that what was loaded from the one is recognised at the other.
    const etag = `"${found.size}-${Math.trunc(found.mtimeMs)}"`;
    if (ifNoneMatch === etag) return void response.writeHead(304, { ETag: etag }).end();
    const body = await readFile(file);
    response.writeHead(200, { 'Content-Length': body.length, ETag: etag });
    const half = Math.trunc(body.length / 2);
    response.write(body.subarray(0, half));
    if (this.held?.test(path)) {
      this.waiting += 1;
      await this.gate;
      this.waiting -= 1;
    }
    response.end(body.subarray(half));
  }
}
