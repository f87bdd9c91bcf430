/** What the typed client has of GraphQL Code Generator is what it makes of the schema and the questions today. */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const CLIENT = 'docs/examples/typescript-client';

it('npm run generate makes the committed files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-client-'));
  try {
    await cp('schema/schema.graphql', join(folder, 'schema/schema.graphql'));
    await cp(CLIENT, join(folder, CLIENT), {
      recursive: true,
      filter: (path) => !path.includes('node_modules'),
    });
    const cwd = join(folder, CLIENT);
    await rm(join(cwd, 'src/graph'), { recursive: true });
    await run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], { cwd });
    await run('npm', ['run', 'generate'], { cwd });
    await run('npm', ['run', 'types'], { cwd });
    const files = await readdir(join(CLIENT, 'src/graph'));
    expect(await readdir(join(cwd, 'src/graph'))).toEqual(files);
    for (const file of files)
      expect(await readFile(join(cwd, 'src/graph', file), 'utf8')).toBe(
        await readFile(join(CLIENT, 'src/graph', file), 'utf8'),
      );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
