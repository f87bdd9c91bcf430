/** One school with its local authority, its trust and the newest values of five indicators. */
import { type Question, rowsOf } from '../question.js';
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
  SCHOOL_INDICATORS,
} from './figures.js';

const FIELDS = 'urn name phase status town postcode';

export const ONE_SCHOOL: Question = {
  name: 'one-school',
  title: 'one school, LA, trust, five latest values',
  subjects: (client) =>
    rowsOf(
      client,
      `SELECT urn FROM tidy_copy.school WHERE status = 'OPEN' AND la_code IS NOT NULL AND trust_uid IS NOT NULL
        AND EXISTS (SELECT FROM tidy_copy.school_figure f WHERE f.urn = school.urn) ORDER BY md5(urn::text) LIMIT 200`,
    ),
  ours: {
    query: `query School($urn: Int!, $ids: [ID!]!) {
      school(urn: $urn) { ${FIELDS} localAuthority { code name } trust { uid name } indicators(ids: $ids) { latest { ${FIGURE} } } }
    }`,
    variables: ({ urn }) => ({ urn, ids: SCHOOL_INDICATORS }),
    shape: ({ school: { indicators, ...school } }) => ({ ...school, figures: latestOf(indicators) }),
  },
  postgraphile: {
    query: `query School($urn: Int!, ${idParameters(SCHOOL_INDICATORS)}) {
      schoolByUrn(urn: $urn) { ${FIELDS} localAuthority: localAuthorityByLaCode { code name } trust: trustByTrustUid { uid name }
        ${latestByTable(SCHOOL_INDICATORS)} }
    }`,
    variables: ({ urn }) => ({ urn, ...idValues(SCHOOL_INDICATORS) }),
    shape: ({ schoolByUrn: { f0, f1, f2, f3, f4, ...school } }) => ({
      ...school,
      figures: rowsByName({ f0, f1, f2, f3, f4 }, SCHOOL_INDICATORS),
    }),
  },
  functions: {
    query: `query School($urn: Int!, $ids: [String!]!) {
      schoolByUrn(urn: $urn) { ${FIELDS} localAuthority: localAuthorityByLaCode { code name } trust: trustByTrustUid { uid name }
        latestList(ids: $ids) { ${ROW} } }
    }`,
    variables: ({ urn }) => ({ urn, ids: SCHOOL_INDICATORS }),
    shape: ({ schoolByUrn: { latestList, ...school } }) => ({
      ...school,
      figures: rowsById(latestList, SCHOOL_INDICATORS),
    }),
  },
  floor: {
    sql: `SELECT json_build_object('school', json_build_object('urn', s.urn, 'name', s.name, 'phase', s.phase, 'status', s.status,
        'town', s.town, 'postcode', s.postcode,
        'localAuthority', CASE WHEN a.code IS NOT NULL THEN json_build_object('code', a.code, 'name', a.name) END,
        'trust', CASE WHEN t.uid IS NOT NULL THEN json_build_object('uid', t.uid, 'name', t.name) END,
        'indicators', ${latestJson('s.urn', '$2')}))::text AS answer
      FROM tidy_copy.school s LEFT JOIN tidy_copy.local_authority a ON a.code = s.la_code
      LEFT JOIN tidy_copy.trust t ON t.uid = s.trust_uid WHERE s.urn = $1::int`,
    values: ({ urn }) => [urn, SCHOOL_INDICATORS],
    shape: (answer, subject) => ONE_SCHOOL.ours.shape(answer, subject),
  },
};
