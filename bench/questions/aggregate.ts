/** All schools of a status by region and phase: the sums of their figures, and of how many schools. */
import { type Answer, type Question, rowsOf } from '../question.js';
import { byRegionAndPhaseSql } from '../tidy-functions.js';

/** Counts and rates of two publications, in every period that they have. */
const SUBJECTS = `SELECT * FROM (SELECT DISTINCT indicator_id AS id, period_code AS period, starts_on::text AS "startsOn"
    FROM tidy_copy.school_figure WHERE indicator_id = ANY('{suspension-rate, permanent-exclusion-rate, suspensions, headcount,
      pupils-with-sen-support-rate, pupils-with-eal-rate, pupils-with-ehc-plan}')) asked
  CROSS JOIN unnest('{OPEN, CLOSED}'::text[]) AS status ORDER BY md5(id || period || status) LIMIT 60`;

/** In one order; what is not known is null. */
const inOrder = (groups: unknown[][]) =>
  groups.sort((a, b) => (JSON.stringify(a.slice(0, 2)) < JSON.stringify(b.slice(0, 2)) ? -1 : 1));

export const AGGREGATE: Question = {
  name: 'aggregate',
  title: 'figures of all schools by region and phase',
  subjects: (client) => rowsOf(client, SUBJECTS),
  needs: 'aggregate',
  ours: {
    query: `query Aggregate($id: ID!, $period: String!, $status: SchoolStatus!) {
      aggregate(indicator: $id, period: $period, groupBy: [REGION, PHASE], filter: { status: [$status] }) {
        groups { keys { code } schools schoolsWithFigures observation { value numerator denominator } } }
    }`,
    variables: ({ id, period, status }) => ({ id, period, status }),
    shape: ({ aggregate: { groups } }) =>
      inOrder(
        groups.map(({ keys: [region, phase], schools, schoolsWithFigures, observation }: Answer) => [
          region.code,
          phase.code,
          schools,
          schoolsWithFigures,
          observation.value,
          observation.numerator,
          observation.denominator,
        ]),
      ),
  },
  // Generated fields do not add up: a function for the question.
  postgraphile: {
    query: `query Aggregate($id: String!, $startsOn: Date!, $status: String!) {
      schoolsByRegionAndPhaseList(indicatorId: $id, startsOn: $startsOn, schoolStatus: $status) {
        regionCode phase schools schoolsWithFigures value numerator denominator }
    }`,
    variables: ({ id, startsOn, status }) => ({ id, startsOn, status }),
    shape: ({ schoolsByRegionAndPhaseList }) =>
      inOrder(
        schoolsByRegionAndPhaseList.map((group: Answer) => [
          group.regionCode,
          group.phase,
          group.schools,
          group.schoolsWithFigures,
          group.value,
          group.numerator,
          group.denominator,
        ]),
      ),
  },
  floor: {
    sql: `SELECT json_build_object('aggregate', json_build_object('groups', json_agg(json_build_object(
        'keys', json_build_array(json_build_object('code', g.region_code), json_build_object('code', g.phase)),
        'schools', g.schools, 'schoolsWithFigures', g.schools_with_figures,
        'observation', json_build_object('value', g.value, 'numerator', g.numerator, 'denominator', g.denominator))
        ORDER BY g.region_code, g.phase)))::text AS answer
      FROM (${byRegionAndPhaseSql('$1::text', '$2::date', '$3::text')}) g`,
    values: ({ id, startsOn, status }) => [id, startsOn, status],
    shape: (answer, subject) => AGGREGATE.ours.shape(answer, subject),
  },
};
