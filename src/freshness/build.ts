/**
 * Which build of the program this is: a hash of its own code and of what it depends on. Two copies of one build have the
 * same, so that one may confirm what the other has answered; another build may answer otherwise.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = ['src', 'schema', 'jobs'];
/** As long as nobody meets another by chance. */
const LENGTH = 12;

function hashOf(root: string): string {
  const hash = createHash('sha256');
  const declarations = [root, join(root, '..')].map((folder) => join(folder, 'package.json'));
  const packageFile = declarations.find((file) => existsSync(file));
  if (packageFile) hash.update(readFileSync(packageFile));
  for (const folder of FOLDERS) {
    const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => /(?<!\.d)\.[jt]s$/.test(name)).sort())
      hash.update(`${folder}/${file}\n`).update(readFileSync(join(root, folder, file)));
  }
  return hash.digest('base64url').slice(0, LENGTH);
}

export const BUILD = hashOf(join(import.meta.dirname, '../..'));
