/**
 * search_name: every name that a school, a trust, a local authority or a region has or had, with the words by which it is
 * found; and search_word: how many names have each word. Worked out anew for a kind when its register is published; only what
 * differs is written.
 */
import { columnsText } from './array-text.js';
import { TRUST_TYPES } from './datasets/shared/gias-code-lists.js';
import { wordsOf } from './search-words.js';

export const NAMED_KINDS = ['SCHOOL', 'TRUST', 'LOCAL_AUTHORITY', 'REGION'] as const;
type NamedKind = (typeof NAMED_KINDS)[number];

/** Whatever runs statements in the transaction: a client of the jobs, or a migration. */
export interface Statements {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a row is the statement's
  query: (text: string, values?: any[]) => Promise<{ rows: any[] }>;
}

const TRUST_CODES = TRUST_TYPES.map(({ code }) => `'${code}'`).join(', ');

/** By kind: key, field, name, and whether what is named stands today. A name of an earlier extract is one that it had. */
const NAMES: Record<NamedKind, string> = {
  SCHOOL: `
    SELECT urn::text AS key, 'NAME' AS field, name, status IN ('OPEN', 'PROPOSED_TO_CLOSE') AS stands FROM school WHERE to_release IS NULL
    UNION SELECT s.urn::text, 'PREVIOUS_NAME', o.name, s.status IN ('OPEN', 'PROPOSED_TO_CLOSE')
    FROM school o JOIN school s ON s.urn = o.urn AND s.to_release IS NULL WHERE o.to_release IS NOT NULL
    UNION SELECT s.urn::text, 'PREDECESSOR_NAME', p.name, s.status IN ('OPEN', 'PROPOSED_TO_CLOSE')
    FROM school_lineage l JOIN school p ON p.urn = l.predecessor_urn AND p.to_release IS NULL
    JOIN school s ON s.urn = l.successor_urn AND s.to_release IS NULL`,
  TRUST: `
    SELECT uid AS key, 'NAME' AS field, name, status = 'OPEN' AS stands FROM establishment_group
    WHERE to_release IS NULL AND type_code IN (${TRUST_CODES})
    UNION SELECT g.uid, 'PREVIOUS_NAME', o.name, g.status = 'OPEN'
    FROM (SELECT uid, name FROM establishment_group WHERE to_release IS NOT NULL
      UNION SELECT group_uid, group_name FROM group_link) o
    JOIN establishment_group g ON g.uid = o.uid AND g.to_release IS NULL AND g.type_code IN (${TRUST_CODES})`,
  LOCAL_AUTHORITY: `
    SELECT code AS key, 'NAME' AS field, name, closed_on IS NULL AS stands FROM local_authority
    UNION SELECT a.code, 'PREVIOUS_NAME', o.name, a.closed_on IS NULL FROM local_authority_code o JOIN local_authority a USING (code)`,
  REGION: `SELECT code AS key, 'NAME' AS field, name, true AS stands FROM region`,
};

interface Named {
  key: string;
  field: string;
  name: string;
  stands: boolean;
}

interface FoundName extends Named {
  /** With a space between them. */
  words: string;
}

export async function rebuildSearchNames(client: Statements, kind: NamedKind): Promise<void> {
  const names = await namesNow(client, kind);
  const { rows }: { rows: FoundName[] } = await client.query(
    `SELECT key, field, name, stands, array_to_string(words, ' ') AS words FROM search_name WHERE kind = $1`,
    [kind],
  );
  const idOf = ({ key, field, name }: Named) => `${key}\t${field}\t${name}`;
  const gone = new Map(rows.map((row) => [idOf(row), row]));
  const added: FoundName[] = [];
  for (const now of names) {
    const id = idOf(now);
    const before = gone.get(id);
    if (before && before.stands === now.stands && before.words === now.words) gone.delete(id);
    else added.push(now);
  }
  if (added.length + gone.size === 0) return;
  await client.query(
    `DELETE FROM search_name s USING unnest($2::text[], $3::text[], $4::text[]) AS g (key, field, name)
     WHERE s.kind = $1 AND (g.key, g.field, g.name) = (s.key, s.field, s.name)`,
    [kind, ...columnsText([...gone.values()], 'key', 'field', 'name')],
  );
  await client.query(
    `INSERT INTO search_name SELECT $1, key, field, name, stands, string_to_array(words, ' ')
     FROM unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[]) AS n (key, field, name, stands, words)`,
    [kind, ...columnsText(added, 'key', 'field', 'name', 'stands', 'words')],
  );
  await client.query(`
    SELECT gin_clean_pending_list('search_name_by_word');
    CREATE TEMP TABLE words_now ON COMMIT DROP AS
    SELECT w.word, count(*)::int AS names FROM search_name CROSS JOIN LATERAL unnest(words) AS w (word) GROUP BY w.word;
    ANALYZE words_now;
    DELETE FROM search_word s WHERE NOT EXISTS (SELECT FROM words_now n WHERE n.word = s.word);
    INSERT INTO search_word AS s SELECT * FROM words_now
    ON CONFLICT (word) DO UPDATE SET names = excluded.names WHERE s.names <> excluded.names;
    DROP TABLE words_now`);
}

/** The names of a kind, as the registers have them now. */
async function namesNow(client: Statements, kind: NamedKind): Promise<FoundName[]> {
  const { rows: found }: { rows: FoundName[] } = await client.query(
    `SELECT n.*, '' AS words FROM (${NAMES[kind]}) n ORDER BY key, field, name`,
  );
  const today = new Map<string, string>();
  for (const row of found) {
    row.words = wordsOf(row.name).join(' ');
    if (row.field === 'NAME') today.set(row.key, row.words);
  }
  // A name that is found by the same words as the one of today tells nobody anything.
  return found.filter(
    ({ field, key, words }) => words !== '' && (field === 'NAME' || today.get(key) !== words),
  );
}
