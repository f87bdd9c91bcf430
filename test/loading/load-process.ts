/** `npm run load` as its own process: started, listened to, killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const MAIN = resolve('dist/src/main.js');
const LOOK_MS = 100;

/** Linux keeps the most memory that a process has had: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html (VmHWM) */
function highWaterMark(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0; // ended, or not Linux
  }
}

export class LoadProcess {
  output = '';
  /** The most memory that it has had, in bytes; 0 where the system does not say. */
  peakMemory = 0;
  private readonly ended: Promise<unknown[]>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'close');
    const collect = (chunk: Buffer) => {
      this.output += chunk;
    };
    child.stdout!.on('data', collect);
    child.stderr!.on('data', collect);
    const watch = setInterval(() => {
      this.peakMemory = Math.max(this.peakMemory, highWaterMark(child.pid!));
    }, LOOK_MS);
    child.once('close', () => clearInterval(watch));
  }

  static start(dataSets: string[], environment: NodeJS.ProcessEnv): LoadProcess {
    const child = spawn(process.execPath, [MAIN, 'load', ...dataSets], {
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new LoadProcess(child);
  }

  /** The exit code, or the signal that ended it. */
  async end(): Promise<number | string> {
    const [code, signal] = await this.ended;
    return (code ?? signal) as number | string;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Asks until the answer is there. */
export async function until<T>(ask: () => Promise<T | undefined | null | false>): Promise<T> {
  const limit = Date.now() + 120_000;
  while (Date.now() < limit) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((later) => setTimeout(later, 20));
  }
  throw new Error('waited two minutes in vain');
}
