/**
 * A publisher of the test's own: a small mirror over HTTP whose answers can be held back, so that a test can
 * look at a command in the middle of its work, or left out.
 */
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeSample } from '../../jobs/sample/write-sample.js';
import { until } from './running-command.js';

/** Day of the register in the mirror. */
export const GIAS_DATE = '2026-09-01';
/** Schools of the register in the mirror, closed ones too: sites, and what conversions and mergers added. */
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
    const server = createServer();
    const publisher = new Publisher(folder, server);
    server.on('request', (request, response) => {
      publisher
        .answer(decodeURIComponent(request.url!))
        .then((body) => {
          response.writeHead(body ? 200 : 404, body ? { 'Content-Length': body.length } : {}).end(body);
        })
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

  /** Holds back what is asked for by such an address until `letGo`. */
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

  /** Resolves when a command waits for what is held back. */
  async isAsked(): Promise<void> {
    await until('a request for what is held back', () => this.waiting > 0);
  }

  close(): void {
    this.letGo();
    this.server.closeAllConnections();
    this.server.close();
  }

  private async answer(path: string): Promise<Buffer | null> {
    if (this.held?.test(path)) {
      this.waiting += 1;
      await this.gate;
      this.waiting -= 1;
    }
    if (this.missing?.test(path)) return null;
    const file = join(this.folder, path);
    const found = await stat(file).catch(() => null);
    return found?.isFile() ? readFile(file) : null;
  }
}
