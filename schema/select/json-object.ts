/** JSON objects in SQL: keys are response keys, so that no name is cut at the 63 bytes of a Postgres identifier. */
import { join, raw, type Sql, sql } from './sql.js';

/** json_build_object takes at most 100 arguments. */
const KEYS_PER_OBJECT = 45;

/** A JSON key: a GraphQL name, or "#" and a name, which no response key can be, for what resolvers need. */
export function literal(name: string): Sql {
  if (!/^#?\w+$/.test(name)) throw new Error(`not a GraphQL name: ${name}`);
  return raw(`'${name}'`);
}

/** A JSON object of keys and values, however many, in their order. */
export function buildObject(pairs: Sql[]): Sql {
  if (pairs.length <= KEYS_PER_OBJECT) return sql`json_build_object(${join(pairs, ', ')})`;
  const chunks: Sql[] = [];
  for (let at = 0; at < pairs.length; at += KEYS_PER_OBJECT) {
    const chunk = sql`json_build_object(${join(pairs.slice(at, at + KEYS_PER_OBJECT), ', ')})::text`;
    // What stands between the braces.
    chunks.push(sql`substr(left(${chunk}, -1), 2)`);
  }
  return sql`('{' || ${join(chunks, " || ', ' || ")} || '}')::json`;
}
