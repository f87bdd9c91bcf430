/**
 * search_name: every name that a school, a trust, a local authority or a region has or had, with the words by which it is
 * found; and search_word: how many names have each word. Worked out anew for a kind when its register is published; only what
 * differs is written.
 */
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

export async function rebuildSearchNames(client: Statements, kind: NamedKind): Promise<void> {
  const { rows }: { rows: Named[] } = await client.query(
    `SELECT * FROM (${NAMES[kind]}) n ORDER BY key, field, name`,
  );
  const found = rows.map((row) => ({ ...row, words: wordsOf(row.name).join(' ') }));
  const named = new Set(
    found.filter(({ field }) => field === 'NAME').map(({ key, words }) => `${key} ${words}`),
  );
  // A name that is found by the same words as the one of today tells nobody anything.
  const names = found.filter(
    ({ field, key, words }) => words !== '' && (field === 'NAME' || !named.has(`${key} ${words}`)),
  );
  await client.query(`CREATE TEMP TABLE names_now ON COMMIT DROP AS SELECT * FROM search_name WITH NO DATA`);
  await client.query(
    `INSERT INTO names_now SELECT $1, key, field, name, stands, string_to_array(words, ' ')
     FROM unnest($2::text[], $3::text[], $4::text[], $5::boolean[], $6::text[]) AS n (key, field, name, stands, words)`,
    [
      kind,
      names.map(({ key }) => key),
      names.map(({ field }) => field),
      names.map(({ name }) => name),
      names.map(({ stands }) => stands),
      names.map(({ words }) => words),
    ],
  );
  await client.query(`
    ANALYZE names_now;
    DELETE FROM search_name s WHERE s.kind = '${kind}' AND NOT EXISTS (
      SELECT FROM names_now n WHERE (n.key, n.field, n.name) = (s.key, s.field, s.name));
    INSERT INTO search_name AS s SELECT * FROM names_now
    ON CONFLICT (kind, key, field, name) DO UPDATE SET stands = excluded.stands, words = excluded.words
    WHERE (s.stands, s.words) IS DISTINCT FROM (excluded.stands, excluded.words);
    DROP TABLE names_now;
    CREATE TEMP TABLE words_now ON COMMIT DROP AS
    SELECT w.word, count(*)::int AS names FROM search_name CROSS JOIN LATERAL unnest(words) AS w (word) GROUP BY w.word;
    ANALYZE words_now;
    DELETE FROM search_word s WHERE NOT EXISTS (SELECT FROM words_now n WHERE n.word = s.word);
    INSERT INTO search_word AS s SELECT * FROM words_now
    ON CONFLICT (word) DO UPDATE SET names = excluded.names WHERE s.names <> excluded.names;
    DROP TABLE words_now`);
}
