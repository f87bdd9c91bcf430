/** Processes seen from outside: which live, ending one, waiting for what they do. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const root = process.getuid?.() === 0;
export const linux = process.platform === 'linux';

export async function until(done: () => boolean): Promise<void> {
  const limit = Date.now() + 120_000;
  while (!done()) {
    if (Date.now() > limit) throw new Error(`still not: ${done}`);
    await sleep(20);
  }
}

/** Living processes (no zombies) whose command line names the folder: servers, initdb, tests' own children. */
export function processesNaming(directory: string): number[] {
  if (!linux) {
    const { stdout } = spawnSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' });
    return stdout
      .split('\n')
      .flatMap((line) => (line.includes(directory) ? [Number.parseInt(line, 10)] : []));
  }
  return readdirSync('/proc').flatMap((pid) => {
    try {
      // A zombie has an empty command line.
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(directory)
        ? [Number(pid)]
        : [];
    } catch {
      return [];
    }
  });
}

export async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  child.kill(signal);
  await once(child, 'exit');
}
