/** R runs a script as it stands: the machine's own, or where there is none R in WebAssembly, which fetches links as R does. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What the script prints. */
export async function runR(script: string, words: string[]): Promise<string> {
  try {
    return (await promisify(execFile)('Rscript', [script, ...words])).stdout;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return runInWebAssembly(script, words);
  }
}

async function runInWebAssembly(script: string, words: string[]): Promise<string> {
  // It looks for sockets as it starts, which Node has from 22 on. The examples open none.
  if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket: class {} });
  const { WebR } = await import('webr');
  const r = new WebR({ interactive: false, RArgs: ['--args', ...words] });
  try {
    await r.init();
    const shelter = await new r.Shelter();
    const { output } = await shelter.captureR(await readFile(script, 'utf8'));
    return output.map(({ data }) => `${data}\n`).join('');
  } finally {
    r.close();
  }
}
