/** A local authority and its ten statistical neighbours: five indicators over six years each. */
import { type Answer, type Question, rowsOf } from '../question.js';
import {
  FIGURE,
  figureJson,
  idParameters,
  idValues,
  LA_INDICATORS,
  ROW,
  seriesById,
  seriesByName,
  seriesByTable,
  seriesOf,
} from './figures.js';

const OURS = `code name indicators(ids: $ids, periods: $periods) { series { ${FIGURE} } }`;
const THEIRS = `code name figuresList(ids: $ids, periods: $periods) { ${ROW} }`;

const ours = ({ code, name, indicators }: Answer) => ({ code, name, series: seriesOf(indicators) });
const theirs = ({ code, name, figuresList }: Answer) => ({
  code,
  name,
  series: seriesById(figuresList, LA_INDICATORS),
});

const byTable = (authority: Answer, periods: unknown) => ({
  code: authority.code,
  name: authority.name,
  series: seriesByName(authority, LA_INDICATORS, periods as string[]),
});

const authorityJson = (row: string) => `'code', ${row}.code, 'name', ${row}.name, 'indicators', (
  SELECT json_agg(json_build_object('series', coalesce(f.series, '[]')) ORDER BY i.at)
  FROM unnest($2::text[]) WITH ORDINALITY i (id, at)
  CROSS JOIN LATERAL (SELECT json_agg(${figureJson('x')} ORDER BY x.starts_on) AS series FROM tidy_copy.local_authority_figure x
    WHERE x.la_code = ${row}.code AND x.indicator_id = i.id AND x.period_code = ANY($3::text[])) f)`;

export const NEIGHBOURS: Question = {
  name: 'neighbours',
  title: 'an LA and ten neighbours x 5 indicators x 6 years',
  subjects: (client) =>
    rowsOf(
      client,
      `SELECT code, (SELECT array_agg(period_code ORDER BY starts_on) FROM (SELECT DISTINCT period_code, starts_on FROM tidy_copy.local_authority_figure
          WHERE indicator_id = '${LA_INDICATORS[0]}' ORDER BY starts_on DESC LIMIT 6) six) AS periods
        FROM tidy_copy.local_authority a WHERE EXISTS (SELECT FROM tidy_copy.neighbour n WHERE n.la_code = a.code)
        ORDER BY md5(code) LIMIT 200`,
    ),
  ours: {
    query: `query Neighbours($code: String!, $ids: [ID!]!, $periods: [String!]!) {
      localAuthority(code: $code) { ${OURS} neighbours(kind: STATISTICAL, first: 10) { rank localAuthority { ${OURS} } } }
    }`,
    variables: ({ code, periods }) => ({ code, ids: LA_INDICATORS, periods }),
    shape: ({ localAuthority }) => ({
      ...ours(localAuthority),
      neighbours: localAuthority.neighbours.map(({ rank, localAuthority: neighbour }: Answer) => [
        rank,
        ours(neighbour),
      ]),
    }),
  },
  postgraphile: {
    query: `query Neighbours($code: String!, ${idParameters(LA_INDICATORS)}) {
      localAuthorityByCode(code: $code) { code name ${seriesByTable(LA_INDICATORS)}
        neighboursByLaCodeList(first: 10, orderBy: RANK_ASC) { rank localAuthority: localAuthorityByNeighbourCode { code name ${seriesByTable(LA_INDICATORS)} } } }
    }`,
    variables: ({ code }) => ({ code, ...idValues(LA_INDICATORS) }),
    shape: ({ localAuthorityByCode: authority }, { periods }) => ({
      ...byTable(authority, periods),
      neighbours: authority.neighboursByLaCodeList.map(({ rank, localAuthority }: Answer) => [
        rank,
        byTable(localAuthority, periods),
      ]),
    }),
  },
  functions: {
    query: `query Neighbours($code: String!, $ids: [String!]!, $periods: [String!]!) {
      localAuthorityByCode(code: $code) { ${THEIRS}
        neighboursByLaCodeList(first: 10, orderBy: RANK_ASC) { rank localAuthority: localAuthorityByNeighbourCode { ${THEIRS} } } }
    }`,
    variables: ({ code, periods }) => ({ code, ids: LA_INDICATORS, periods }),
    shape: ({ localAuthorityByCode }) => ({
      ...theirs(localAuthorityByCode),
      neighbours: localAuthorityByCode.neighboursByLaCodeList.map(({ rank, localAuthority }: Answer) => [
        rank,
        theirs(localAuthority),
      ]),
    }),
  },
  floor: {
    sql: `SELECT json_build_object('localAuthority', json_build_object(${authorityJson('a')}, 'neighbours', (
        SELECT json_agg(json_build_object('rank', n.rank, 'localAuthority', json_build_object(${authorityJson('b')})) ORDER BY n.rank)
        FROM tidy_copy.neighbour n JOIN tidy_copy.local_authority b ON b.code = n.neighbour_code WHERE n.la_code = a.code)))::text AS answer
      FROM tidy_copy.local_authority a WHERE a.code = $1::text`,
    values: ({ code, periods }) => [code, LA_INDICATORS, periods],
    shape: (answer, subject) => NEIGHBOURS.ours.shape(answer, subject),
  },
};
