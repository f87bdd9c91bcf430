/** Databases for tests: the two that the suite has loaded, clones of them, and empty ones. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** Runs one statement on a server's own database. */
// biome-ignore lint/suspicious/noExplicitAny: the shape of a row is the statement's
export async function onServer(server: string, statement: string): Promise<any[]> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

const urlOf = (name: string) => {
  const url = new URL(inject('server'));
  url.pathname = `/${name}`;
  return url.href;
};

/** True where the published files are beside the project. Use: `describe.skipIf(!hasRealFiles())`. */
export const hasRealFiles = (): boolean => inject('mirror') !== null;

/** The suite's loaded database: only to be read. */
export const loadedDatabase = (which: 'real' | 'sample'): string => urlOf(`${inject('prefix')}_${which}`);

export interface OwnDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** A database of the test's own: a clone of a loaded one, or empty. Drop it at the end. */
export async function ownDatabase(from: 'real' | 'sample' | 'empty'): Promise<OwnDatabase> {
  const name = `${inject('prefix')}_${randomBytes(6).toString('hex')}`;
  const template = from === 'empty' ? '' : ` TEMPLATE "${inject('prefix')}_${from}_template"`;
  const server = inject('server');
  // Two clones of one template at the same moment may get in each other's way.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await onServer(server, `CREATE DATABASE "${name}"${template}`);
      break;
    } catch (error) {
      if ((error as { code?: string }).code !== '55006' || attempt === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return {
    url: urlOf(name),
    drop: async () => void (await onServer(server, `DROP DATABASE "${name}" WITH (FORCE)`)),
  };
}
