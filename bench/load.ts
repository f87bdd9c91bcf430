/** Measures a question on all servers in turn, round by round, each time with the load generator in a process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Load, Measured } from './load-generator.js';

export class LoadGenerator {
  private readonly child: ChildProcess;

  constructor() {
    this.child = fork(fileURLToPath(new URL('./load-generator.js', import.meta.url)));
  }

  async measure(load: Load): Promise<Measured> {
    this.child.send(load);
    const [{ measured, error }] = (await once(this.child, 'message')) as [
      { measured?: Measured; error?: string },
    ];
    if (!measured) throw new Error(error);
    return measured;
  }

  stop(): void {
    this.child.disconnect();
  }
}
