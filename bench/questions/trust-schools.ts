/** A trust's schools, each with its local authority and its rates. */
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

const figuresOf = (nodes: Answer[], read: (school: Answer) => unknown) =>
  nodes.map((school) => ({
    urn: school.urn,
    name: school.name,
    localAuthority: school.localAuthority,
    figures: read(school),
  }));

export const TRUST_SCHOOLS: Question = {
  name: 'trust-schools',
  title: "a trust's schools with rates",
  // A school in two trusts at once, which the register should not have, stands once in the copy.
  subjects: (client) =>
    rowsOf(
      client,
      `SELECT t.uid FROM tidy_copy.trust t JOIN tidy_copy.school s ON s.trust_uid = t.uid GROUP BY t.uid
        HAVING count(*) BETWEEN 8 AND 60 AND count(*) = (SELECT count(*) FROM schoolgraph.group_membership m
          JOIN tidy_copy.school known ON known.urn = m.urn WHERE m.to_release IS NULL AND m.group_uid = t.uid)
        ORDER BY md5(t.uid) LIMIT 200`,
    ),
  ours: {
    query: `query Trust($uid: ID!, $ids: [ID!]!) {
      trust(uid: $uid) { uid name schools(first: 100, orderBy: { field: NAME }) { nodes { urn name localAuthority { code name } indicators(ids: $ids) { latest { ${FIGURE} } } } } }
    }`,
    variables: ({ uid }) => ({ uid, ids: SCHOOL_RATES }),
    shape: ({ trust: { uid, name, schools } }) => [
      uid,
      name,
      figuresOf(schools.nodes, ({ indicators }) => latestOf(indicators)),
    ],
  },
  postgraphile: {
    query: `query Trust($uid: String!, ${idParameters(SCHOOL_RATES)}) {
      trustByUid(uid: $uid) { uid name
        schoolsByTrustUidList(first: 100, orderBy: [NAME_ASC, URN_ASC]) { urn name localAuthority: localAuthorityByLaCode { code name } ${latestByTable(SCHOOL_RATES)} } }
    }`,
    variables: ({ uid }) => ({ uid, ...idValues(SCHOOL_RATES) }),
    shape: ({ trustByUid: { uid, name, schoolsByTrustUidList } }) => [
      uid,
      name,
      figuresOf(schoolsByTrustUidList, (school) => rowsByName(school, SCHOOL_RATES)),
    ],
  },
  functions: {
    query: `query Trust($uid: String!, $ids: [String!]!) {
      trustByUid(uid: $uid) { uid name
        schoolsByTrustUidList(first: 100, orderBy: [NAME_ASC, URN_ASC]) { urn name localAuthority: localAuthorityByLaCode { code name } latestList(ids: $ids) { ${ROW} } } }
    }`,
    variables: ({ uid }) => ({ uid, ids: SCHOOL_RATES }),
    shape: ({ trustByUid: { uid, name, schoolsByTrustUidList } }) => [
      uid,
      name,
      figuresOf(schoolsByTrustUidList, ({ latestList }) => rowsById(latestList, SCHOOL_RATES)),
    ],
  },
  floor: {
    sql: `SELECT json_build_object('trust', json_build_object('uid', t.uid, 'name', t.name, 'schools', json_build_object('nodes', (
        SELECT json_agg(json_build_object('urn', s.urn, 'name', s.name,
          'localAuthority', CASE WHEN a.code IS NOT NULL THEN json_build_object('code', a.code, 'name', a.name) END,
          'indicators', ${latestJson('s.urn', '$2')}) ORDER BY s.name, s.urn)
        FROM (SELECT * FROM tidy_copy.school WHERE trust_uid = t.uid ORDER BY name, urn LIMIT 100) s
        LEFT JOIN tidy_copy.local_authority a ON a.code = s.la_code))))::text AS answer
      FROM tidy_copy.trust t WHERE t.uid = $1::text`,
    values: ({ uid }) => [uid, SCHOOL_RATES],
    shape: (answer, subject) => TRUST_SCHOOLS.ours.shape(answer, subject),
  },
};
