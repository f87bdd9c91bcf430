/** Every local authority ranked on an indicator in one period, the largest value first. */
import { type Answer, type Question, rowsOf } from '../question.js';

/** By value, and among equals by code: what has the same rank may come in any order. */
const ranked = (rows: [string, string, number][]) =>
  rows.sort(([a, , x], [b, , y]) => y - x || (a < b ? -1 : 1));

/** Indicators that nearly every local authority has a value for in the newest period, with that period. */
const SUBJECTS = `SELECT indicator_id AS id, period_code AS period, starts_on::text AS "startsOn" FROM (
    SELECT DISTINCT ON (f.indicator_id) f.indicator_id, f.period_code, f.starts_on, count(f.value) AS known, bool_or(a.closed_on IS NOT NULL) AS has_closed
    FROM tidy_copy.local_authority_figure f JOIN tidy_copy.local_authority a ON a.code = f.la_code
    WHERE f.indicator_id LIKE 'ehc-%' GROUP BY f.indicator_id, f.starts_on, f.period_code
    ORDER BY f.indicator_id, f.starts_on DESC) newest
  WHERE known >= 140 AND NOT has_closed ORDER BY md5(indicator_id) LIMIT 40`;

export const RANKING: Question = {
  name: 'ranking',
  title: 'all LAs ranked on an indicator',
  subjects: (client) => rowsOf(client, SUBJECTS),
  needs: 'ranking',
  ours: {
    query: `query Ranking($id: ID!, $period: String!) {
      ranking(indicator: $id, period: $period, level: LOCAL_AUTHORITY) { rank value place { name ... on LocalAuthority { code } } }
    }`,
    variables: ({ id, period }) => ({ id, period }),
    shape: ({ ranking }) =>
      ranked(
        ranking
          .filter(({ value }: Answer) => value !== null)
          .map(({ value, place }: Answer) => [place.code, place.name, value]),
      ),
  },
  postgraphile: {
    query: `query Ranking($id: String!, $startsOn: Date!) {
      allLocalAuthorityFiguresList(condition: { indicatorId: $id, startsOn: $startsOn }, orderBy: VALUE_DESC) {
        value localAuthority: localAuthorityByLaCode { code name } }
    }`,
    variables: ({ id, startsOn }) => ({ id, startsOn }),
    shape: ({ allLocalAuthorityFiguresList }) =>
      ranked(
        allLocalAuthorityFiguresList
          .filter(({ value }: Answer) => value !== null)
          .map(({ value, localAuthority: { code, name } }: Answer) => [code, name, value]),
      ),
  },
  functions: {
    query: `query Ranking($id: String!, $period: String!) {
      localAuthoritiesRankedList(indicatorId: $id, periodCode: $period) { value localAuthority: localAuthorityByLaCode { code name } }
    }`,
    variables: ({ id, period }) => ({ id, period }),
    shape: ({ localAuthoritiesRankedList }) =>
      ranked(
        localAuthoritiesRankedList.map(({ value, localAuthority: { code, name } }: Answer) => [
          code,
          name,
          value,
        ]),
      ),
  },
  floor: {
    sql: `SELECT json_build_object('ranking', json_agg(json_build_object('rank', r.rank, 'value', r.value,
        'place', json_build_object('name', r.name, 'code', r.code)) ORDER BY r.rank, r.code))::text AS answer
      FROM (SELECT a.code, a.name, f.value, rank() OVER (ORDER BY f.value DESC) FROM tidy_copy.local_authority_figure f
        JOIN tidy_copy.local_authority a ON a.code = f.la_code
        WHERE f.indicator_id = $1::text AND f.period_code = $2::text AND f.value IS NOT NULL) r`,
    values: ({ id, period }) => [id, period],
    shape: (answer, subject) => RANKING.ours.shape(answer, subject),
  },
};

/** The same values before there was a field that ranks: two pages of local authorities, put in order by the asker. */
export const RANKING_BY_PAGES: Question = {
  ...RANKING,
  name: 'ranking-by-pages',
  title: 'all LAs on an indicator, by pages, ranked by the asker',
  needs: 'localAuthorities',
  until: 'ranking',
  subjects: async (client) => {
    const codes = (
      await rowsOf(client, 'SELECT code FROM tidy_copy.local_authority WHERE closed_on IS NULL ORDER BY code')
    ).map(({ code }) => code);
    const subjects = await rowsOf(client, SUBJECTS);
    return subjects.map((subject) => ({ ...subject, pages: [codes.slice(0, 100), codes.slice(100)] }));
  },
  ours: {
    query: `query Pages($id: ID!, $period: String!, $a: [String!]!, $b: [String!]!) {
      a: localAuthorities(first: 100, codes: $a) { ...values } b: localAuthorities(first: 100, codes: $b) { ...values }
    }
    fragment values on LocalAuthorityConnection { nodes { code name indicator(id: $id) { observation(period: $period) { value } } } }`,
    variables: ({ id, period, pages }) => {
      const [a, b] = pages as string[][];
      return { id, period, a, b };
    },
    shape: ({ a, b }) =>
      ranked(
        [...a.nodes, ...b.nodes].flatMap(({ code, name, indicator: { observation } }: Answer) =>
          observation && observation.value !== null
            ? [[code, name, observation.value] as [string, string, number]]
            : [],
        ),
      ),
  },
};
