/** A hundred schools of a local authority, each with its trust and three values. */
import { type Answer, type Question, rowsOf } from '../question.js';
import {
  FIGURE,
  idParameters,
  idValues,
  latestByTable,
  latestJson,
  latestOf,
  ROW,
  rowsById,
  rowsByName,
  SCHOOL_RATES,
} from './figures.js';

export const AUTHORITY_SCHOOLS: Question = {
  name: 'authority-schools',
  title: '100 schools of an LA, trust, three values each',
  subjects: (client) =>
    rowsOf(
      client,
      `SELECT a.code FROM tidy_copy.local_authority a WHERE (SELECT count(*) FROM tidy_copy.school s WHERE s.la_code = a.code) >= 100
        ORDER BY md5(a.code) LIMIT 100`,
    ),
  ours: {
    query: `query Schools($code: String!, $ids: [ID!]!) {
      localAuthority(code: $code) { code name schools(first: 100) { nodes { urn name trust { uid name } indicators(ids: $ids) { latest { ${FIGURE} } } } } }
    }`,
    variables: ({ code }) => ({ code, ids: SCHOOL_RATES }),
    shape: ({ localAuthority: { code, name, schools } }) => ({
      code,
      name,
      schools: schools.nodes.map(({ indicators, ...school }: { indicators: [] }) => ({
        ...school,
        figures: latestOf(indicators),
      })),
    }),
  },
  postgraphile: {
    query: `query Schools($code: String!, ${idParameters(SCHOOL_RATES)}) {
      localAuthorityByCode(code: $code) { code name
        schoolsByLaCodeList(first: 100, orderBy: URN_ASC) { urn name trust: trustByTrustUid { uid name } ${latestByTable(SCHOOL_RATES)} } }
    }`,
    variables: ({ code }) => ({ code, ...idValues(SCHOOL_RATES) }),
    shape: ({ localAuthorityByCode: { code, name, schoolsByLaCodeList } }) => ({
      code,
      name,
      schools: schoolsByLaCodeList.map(({ f0, f1, f2, ...school }: Answer) => ({
        ...school,
        figures: rowsByName({ f0, f1, f2 }, SCHOOL_RATES),
      })),
    }),
  },
  functions: {
    query: `query Schools($code: String!, $ids: [String!]!) {
      localAuthorityByCode(code: $code) { code name
        schoolsByLaCodeList(first: 100, orderBy: URN_ASC) { urn name trust: trustByTrustUid { uid name } latestList(ids: $ids) { ${ROW} } } }
    }`,
    variables: ({ code }) => ({ code, ids: SCHOOL_RATES }),
    shape: ({ localAuthorityByCode: { code, name, schoolsByLaCodeList } }) => ({
      code,
      name,
      schools: schoolsByLaCodeList.map(({ latestList, ...school }: { latestList: [] }) => ({
        ...school,
        figures: rowsById(latestList, SCHOOL_RATES),
      })),
    }),
  },
  floor: {
    sql: `SELECT json_build_object('localAuthority', json_build_object('code', a.code, 'name', a.name, 'schools', json_build_object('nodes', (
        SELECT json_agg(json_build_object('urn', s.urn, 'name', s.name,
          'trust', CASE WHEN t.uid IS NOT NULL THEN json_build_object('uid', t.uid, 'name', t.name) END,
          'indicators', ${latestJson('s.urn', '$2')}) ORDER BY s.urn)
        FROM (SELECT * FROM tidy_copy.school WHERE la_code = a.code ORDER BY urn LIMIT 100) s
        LEFT JOIN tidy_copy.trust t ON t.uid = s.trust_uid))))::text AS answer
      FROM tidy_copy.local_authority a WHERE a.code = $1::text`,
    values: ({ code }) => [code, SCHOOL_RATES],
    shape: (answer, subject) => AUTHORITY_SCHOOLS.ours.shape(answer, subject),
  },
};
