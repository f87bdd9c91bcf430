/** `npm run load` as its own process: started, listened to, killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const MAIN = resolve('dist/src/main.js');

export class LoadProcess {
  output = '';
  private readonly ended: Promise<unknown[]>;

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'close');
    const collect = (chunk: Buffer) => {
      this.output += chunk;
    };
    child.stdout!.on('data', collect);
    child.stderr!.on('data', collect);
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
  for (let attempt = 0; attempt < 3000; attempt += 1) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((later) => setTimeout(later, 20));
  }
  throw new Error('waited a minute in vain');
}
