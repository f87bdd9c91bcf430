/** Every open school — 25,000 of them — with ten fields, through the export path where there is one. */
import { type Answer, type Question } from '../question.js';

const FIELDS = [
  'urn',
  'name',
  'phase',
  'typeGroup',
  'status',
  'town',
  'postcode',
  'lowAge',
  'highAge',
  'numberOfPupils',
];
const MOST = 25_000;

export const EXPORT: Question = {
  name: 'export',
  title: '25,000 schools x 10 fields',
  subjects: async () => [{ status: 'OPEN' }],
  needs: 'export',
  // An answer is some megabytes: sixteen at once would measure memory, and take minutes.
  concurrencies: [1, 4],
  ours: {
    accept: 'application/jsonl',
    query: `query Export($status: SchoolStatus!, $first: Int!) { schools(first: $first, filter: { status: [$status] }) { nodes { ${FIELDS.join(' ')} } } }`,
    variables: ({ status }) => ({ status, first: MOST }),
    shape: (lines: Answer[]) => lines.map((line) => FIELDS.map((field) => line[field])),
  },
  postgraphile: {
    query: `query Export($status: String!, $first: Int!) { allSchoolsList(first: $first, condition: { status: $status }, orderBy: URN_ASC) { ${FIELDS.join(' ')} } }`,
    variables: ({ status }) => ({ status, first: MOST }),
    shape: ({ allSchoolsList }: Answer) =>
      allSchoolsList.map((line: Answer) => FIELDS.map((field) => line[field])),
  },
  floor: {
    sql: `SELECT json_agg(json_build_object('urn', urn, 'name', name, 'phase', phase, 'typeGroup', type_group, 'status', status, 'town', town,
        'postcode', postcode, 'lowAge', low_age, 'highAge', high_age, 'numberOfPupils', number_of_pupils) ORDER BY urn)::text AS answer
      FROM (SELECT * FROM tidy_copy.school WHERE status = $1::text ORDER BY urn LIMIT $2::int) s`,
    values: ({ status }) => [status, MOST],
    shape: (answer, subject) => EXPORT.ours.shape(answer, subject),
  },
};
