/** Which indicators the questions ask for, and the shape of a figure in all answers. */
import type { Answer } from '../question.js';

/** Of schools: two publications of a year each and one of eleven years, so that the newest period differs. */
export const SCHOOL_INDICATORS = [
  'suspension-rate',
  'permanent-exclusion-rate',
  'pupils-with-sen-support-rate',
  'pupils-with-eal-rate',
  'school-absence-rate',
];
export const SCHOOL_RATES = SCHOOL_INDICATORS.slice(0, 3);

/** Of local authorities, for six years. */
export const LA_INDICATORS = [
  'suspension-rate',
  'permanent-exclusion-rate',
  'suspensions',
  'pupils-suspended-rate',
  'headcount',
];

/** Our selection of a figure, and PostGraphile's. */
export const FIGURE = 'value status period { code }';
export const ROW = 'indicatorId value status periodCode';

/** Parameters $i0, $i1 … of a query, one for each id, and their values. */
export const idParameters = (ids: string[]) => ids.map((_, at) => `$i${at}: String!`).join(', ');
export const idValues = (ids: string[]) => Object.fromEntries(ids.map((id, at) => [`i${at}`, id]));

/** For PostGraphile: the newest figure of each id, a list of one under a name of its own. */
export const latestByTable = (ids: string[]) =>
  ids
    .map(
      (_, at) =>
        `f${at}: schoolFiguresByUrnList(condition: { indicatorId: $i${at} }, orderBy: STARTS_ON_DESC, first: 1) { ${ROW} }`,
    )
    .join(' ');
export const rowsByName = (answer: Answer, ids: string[]) => ids.map((_, at) => shape(answer[`f${at}`][0]));

/** JSON of one figure, for the floor: what our selection answers. */
export const figureJson = (row: string) =>
  `json_build_object('value', ${row}.value, 'status', ${row}.status, 'period', json_build_object('code', ${row}.period_code))`;

/** The newest figure of each of the indicators $n, in their order, as our API answers `indicators(ids) { latest }`. */
export const latestJson = (urn: string, parameter: string) => `(
  SELECT json_agg(json_build_object('latest', CASE WHEN f.urn IS NOT NULL THEN ${figureJson('f')} END) ORDER BY a.at)
  FROM unnest(${parameter}::text[]) WITH ORDINALITY a (id, at)
  LEFT JOIN LATERAL (SELECT * FROM tidy_copy.school_figure x WHERE x.urn = ${urn} AND x.indicator_id = a.id
    ORDER BY x.starts_on DESC LIMIT 1) f ON true)`;

const shape = (figure: Answer) =>
  figure ? [figure.period?.code ?? figure.periodCode, figure.value, figure.status] : null;

/** `indicators(ids) { latest }` as a list of figures, null where there is none. */
export const latestOf = (indicators: Answer[]) => indicators.map(({ latest }) => shape(latest));

/** PostGraphile's rows under the ids asked for. */
export const rowsById = (rows: Answer[], ids: string[]) =>
  ids.map((id) => shape(rows.find(({ indicatorId }) => indicatorId === id)));

/** `indicators(ids, periods) { series }` as lists of figures. */
export const seriesOf = (indicators: Answer[]) => indicators.map(({ series }) => series.map(shape));

/** For PostGraphile: all figures of each id, in order. It has no condition for several periods: the asker leaves some out. */
export const seriesByTable = (ids: string[]) =>
  ids
    .map(
      (_, at) =>
        `f${at}: localAuthorityFiguresByLaCodeList(condition: { indicatorId: $i${at} }, orderBy: STARTS_ON_ASC) { ${ROW} }`,
    )
    .join(' ');
export const seriesByName = (answer: Answer, ids: string[], periods: string[]) =>
  ids.map((_, at) =>
    answer[`f${at}`].filter(({ periodCode }: Answer) => periods.includes(periodCode)).map(shape),
  );

export const seriesById = (rows: Answer[], ids: string[]) =>
  ids.map((id) => rows.filter(({ indicatorId }) => indicatorId === id).map(shape));
