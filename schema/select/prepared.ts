/** Names a statement after its text, so that Postgres parses and plans each shape of question once a connection. */
import { createHash } from 'node:crypto';
import type { CustomTypesConfig, QueryConfig } from 'pg';

/** Postgres keeps every named statement for the life of a connection; beyond this many shapes, none more. */
const MOST_NAMES = 2_000;

const names = new Map<string, string>();

export function prepared(text: string, values: unknown[], types?: CustomTypesConfig): QueryConfig<unknown[]> {
  let name = names.get(text);
  if (!name && names.size < MOST_NAMES) {
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return { text, values, name, types };
}
