/** Schools whose name has a text, of a phase and open, counted, by name, twenty a page; the second page too. */
import { type Answer, type Question, rowsOf } from '../question.js';

const FIELDS = 'urn name town postcode';

export const LIST: Question = {
  name: 'list',
  title: 'filtered, searched, counted, paged list',
  subjects: (client) =>
    rowsOf(
      client,
      `SELECT term, phase, 'OPEN' AS status FROM unnest(ARRAY['PRIMARY', 'SECONDARY']) phase, unnest(ARRAY['park', 'church', 'st ', 'high', 'wood',
        'green', 'hill', 'field', 'mary', 'saint', 'king', 'queen', 'bridge', 'castle', 'oak', 'john', 'abbey', 'sea', 'river', 'lady',
        'grammar', 'catholic', 'community', 'academy', 'manor', 'priory', 'mill', 'lane', 'valley', 'west', 'north', 'east']) term
       WHERE (SELECT count(*) FROM tidy_copy.school s WHERE s.phase = phase.phase AND s.status = 'OPEN' AND lower(s.name) LIKE '%' || term || '%') > 0
       ORDER BY md5(term || phase)`,
    ),
  ours: {
    query: `query Schools($text: String!, $phase: Phase!, $status: SchoolStatus!, $after: String) {
      schools(first: 20, after: $after, filter: { nameContains: $text, phase: [$phase], status: [$status] }, orderBy: { field: NAME }) {
        totalCount nodes { ${FIELDS} localAuthority { code name } } pageInfo { hasNextPage endCursor } }
    }`,
    variables: ({ term, phase, status }, after) => ({ text: term, phase, status, after }),
    next: ({ schools: { pageInfo } }) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
    shape: ({ schools: { totalCount, nodes, pageInfo } }) => [totalCount, nodes, pageInfo.hasNextPage],
  },
  postgraphile: {
    query: `query Schools($text: String!, $phase: String!, $status: String!, $after: Cursor) {
      schoolsNamed(first: 20, after: $after, nameContains: $text, phase: $phase, status: $status) {
        totalCount nodes { ${FIELDS} localAuthority: localAuthorityByLaCode { code name } } pageInfo { hasNextPage endCursor } }
    }`,
    variables: ({ term, phase, status }, after) => ({ text: term, phase, status, after }),
    next: ({ schoolsNamed: { pageInfo } }: Answer) => (pageInfo.hasNextPage ? pageInfo.endCursor : null),
    shape: ({ schoolsNamed: { totalCount, nodes, pageInfo } }) => [totalCount, nodes, pageInfo.hasNextPage],
  },
  floor: {
    unprepared: true,
    sql: `WITH page AS (SELECT * FROM tidy_copy.school WHERE lower(name) LIKE '%' || lower($1::text) || '%' AND phase = $2::text AND status = $3::text
        AND ($4::text IS NULL OR (name, urn) > ($4::text, $5::int)) ORDER BY name, urn LIMIT 21),
      numbered AS (SELECT *, row_number() OVER (ORDER BY name, urn) AS n FROM page)
      SELECT json_build_object('schools', json_build_object(
        'totalCount', (SELECT count(*) FROM tidy_copy.school WHERE lower(name) LIKE '%' || lower($1::text) || '%' AND phase = $2::text AND status = $3::text),
        'nodes', (SELECT coalesce(json_agg(json_build_object('urn', s.urn, 'name', s.name, 'town', s.town, 'postcode', s.postcode,
          'localAuthority', CASE WHEN a.code IS NOT NULL THEN json_build_object('code', a.code, 'name', a.name) END) ORDER BY s.n), '[]')
          FROM numbered s LEFT JOIN tidy_copy.local_authority a ON a.code = s.la_code WHERE s.n <= 20),
        'pageInfo', json_build_object('hasNextPage', (SELECT count(*) > 20 FROM page),
          'endCursor', (SELECT json_build_array(name, urn) FROM numbered WHERE n <= 20 ORDER BY n DESC LIMIT 1))))::text AS answer`,
    values: ({ term, phase, status }, after) => {
      const [name, urn] = (after as [string, number] | null) ?? [null, null];
      return [term, phase, status, name, urn];
    },
    next: (answer) => LIST.ours.next!(answer),
    shape: (answer, subject) => LIST.ours.shape(answer, subject),
  },
};
