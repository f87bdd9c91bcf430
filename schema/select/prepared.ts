/** Names a statement after its text, so that Postgres parses and plans each shape of question once a connection. */
import { createHash } from 'node:crypto';

/** Postgres keeps every named statement for the life of a connection; beyond this many shapes, none more. */
const MOST_NAMES = 2_000;

const names = new Map<string, string>();

export function prepared({ text, values }: { text: string; values: unknown[] }): {
  text: string;
  values: unknown[];
  name?: string;
} {
  let name = names.get(text);
  if (!name) {
    if (names.size >= MOST_NAMES) return { text, values };
    name = createHash('sha1').update(text).digest('base64url');
    names.set(text, name);
  }
  return { text, values, name };
}
