/** A local authority beside its ten statistical neighbours on an indicator, its region and England, and the year before. */
import { type Answer, type Question, rowsOf } from '../question.js';
import { comparedSql } from '../tidy-functions.js';

/** Two rates that local authorities and England have and London has not, one that all have, and one without counts. */
const INDICATORS = [
  'suspension-rate',
  'permanent-exclusion-rate',
  'ehc-plans-within-20-weeks-rate',
  'lait-avg-attain8-score',
];

/** The period is named, the newest of each indicator: generated fields cannot find the one that all compared have. */
const SUBJECTS = `SELECT a.code, f.indicator_id AS id, f.period_code AS period, f.starts_on::text AS "startsOn",
    (f.starts_on - interval '1 year')::date::text AS before
  FROM tidy_copy.local_authority a
  JOIN LATERAL (SELECT DISTINCT ON (indicator_id) indicator_id, period_code, starts_on FROM tidy_copy.local_authority_figure
    WHERE indicator_id = ANY('{${INDICATORS.join(', ')}}') ORDER BY indicator_id, starts_on DESC) f ON true
  WHERE EXISTS (SELECT FROM tidy_copy.neighbour n WHERE n.la_code = a.code)
  ORDER BY md5(a.code || f.indicator_id) LIMIT 200`;

/** Where two figures are known, what lies between them. */
const changeOf = (from: number | null | undefined, to: number | null | undefined) =>
  typeof from === 'number' && typeof to === 'number' ? [from, to, to - from] : null;

const neighboursOf = (neighbours: Answer[], value: (neighbour: Answer) => unknown) =>
  neighbours.map((neighbour) => [
    neighbour.localAuthority.code,
    neighbour.localAuthority.name,
    value(neighbour) ?? null,
  ]);

/** The same figures by generated fields: what they come to is left to the asker. */
function workedOut(
  { localAuthorityByCode: authority, indicatorByRowId: indicator, all, england }: Answer,
  startsOn: unknown,
) {
  const known: Answer[] = all.filter(({ value }: Answer) => value !== null);
  const figureOf = (code: string) => known.find(({ laCode }) => laCode === code);
  const own = figureOf(authority.code)?.value ?? null;
  const neighbours = authority.neighbours.flatMap(
    ({ localAuthority }: Answer) => figureOf(localAuthority.code) ?? [],
  );
  const values = known.map(({ value }) => value).sort((a, b) => a - b);
  const sum = (read: (figure: Answer) => number) =>
    neighbours.reduce((total: number, figure: Answer) => total + read(figure), 0);
  const haveCounts = neighbours.every(
    ({ numerator, denominator }: Answer) => numerator !== null && denominator !== null,
  );
  const quarter = [0.25, 0.5, 0.75].filter((share) => own > quantile(values, share)).length;
  const better = (value: number) => (indicator.polarity === 'LOW' ? value < own : value > own);
  const valueAt = (figures: Answer[]) => figures[0]?.value ?? null;
  return {
    code: authority.code,
    name: authority.name,
    value: own,
    rank:
      own === null || neighbours.length === 0
        ? null
        : 1 + neighbours.filter(({ value }: Answer) => better(value)).length,
    of: neighbours.length + (own === null ? 0 : 1),
    band: own === null ? null : (indicator.polarity === 'LOW' ? 'ABCD' : 'DCBA')[quarter],
    neighbours: neighboursOf(
      authority.neighbours,
      ({ localAuthority }) => figureOf(localAuthority.code)?.value,
    ),
    neighbourAverage:
      neighbours.length === 0
        ? null
        : haveCounts
          ? (indicator.multiplier * sum(({ numerator }) => numerator)) / sum(({ denominator }) => denominator)
          : sum(({ value }) => value) / neighbours.length,
    regionValue: valueAt(authority.region.figures),
    nationalValue: valueAt(england),
    change: changeOf(valueAt(authority.before), own),
    startsOn,
  };
}

/** Of sorted values, by linear interpolation. */
function quantile(values: number[], share: number): number {
  const at = share * (values.length - 1);
  const below = values[Math.floor(at)]!;
  return below + (at % 1) * (values[Math.ceil(at)]! - below);
}

const FIGURES = 'condition: { indicatorId: $id, startsOn: $startsOn }';

export const COMPARISON: Question = {
  name: 'comparison',
  title: 'an LA beside its neighbours on an indicator',
  subjects: (client) => rowsOf(client, SUBJECTS),
  ours: {
    query: `query Comparison($code: String!, $id: ID!, $period: String!) {
      localAuthority(code: $code) { code name comparison(indicator: $id, period: $period) {
        value rank of band neighbours { localAuthority { code name } value } neighbourAverage regionValue nationalValue
        change { from to difference } } }
    }`,
    variables: ({ code, id, period }) => ({ code, id, period }),
    shape: ({ localAuthority: { code, name, comparison } }, { startsOn }) => ({
      ...comparison,
      code,
      name,
      neighbours: neighboursOf(comparison.neighbours, ({ value }) => value),
      change: comparison.change && [
        comparison.change.from,
        comparison.change.to,
        comparison.change.difference,
      ],
      startsOn,
    }),
  },
  postgraphile: {
    query: `query Comparison($code: String!, $id: String!, $startsOn: Date!, $before: Date!) {
      localAuthorityByCode(code: $code) { code name
        neighbours: neighboursByLaCodeList(orderBy: RANK_ASC) { localAuthority: localAuthorityByNeighbourCode { code name } }
        region: regionByRegionCode { figures: regionFiguresByRegionCodeList(${FIGURES}) { value } }
        before: localAuthorityFiguresByLaCodeList(condition: { indicatorId: $id, startsOn: $before }) { value } }
      indicatorByRowId(rowId: $id) { polarity multiplier }
      england: allNationFiguresList(${FIGURES}) { value }
      all: allLocalAuthorityFiguresList(${FIGURES}) { laCode value numerator denominator }
    }`,
    variables: ({ code, id, startsOn, before }) => ({ code, id, startsOn, before }),
    shape: (answer, { startsOn }) => workedOut(answer, startsOn),
  },
  functions: {
    query: `query Comparison($code: String!, $id: String!, $startsOn: Date!) {
      localAuthorityByCode(code: $code) { code name
        comparison(indicatorId: $id, startsOn: $startsOn) {
          value rank of band neighbourAverage regionValue nationalValue valueBefore }
        neighbours: neighboursByLaCodeList(orderBy: RANK_ASC) { localAuthority: localAuthorityByNeighbourCode { code name
          figures: localAuthorityFiguresByLaCodeList(${FIGURES}) { value } } } }
    }`,
    variables: ({ code, id, startsOn }) => ({ code, id, startsOn }),
    shape: ({ localAuthorityByCode: { code, name, comparison, neighbours } }, { startsOn }) => {
      const { valueBefore, ...compared } = comparison;
      return {
        ...compared,
        code,
        name,
        neighbours: neighboursOf(neighbours, ({ localAuthority }) => localAuthority.figures[0]?.value),
        change: changeOf(valueBefore, compared.value),
        startsOn,
      };
    },
  },
  floor: {
    sql: `WITH ${comparedSql('$1::text', '$2::text', '$3::date')}
      SELECT json_build_object('localAuthority', json_build_object('code', a.code, 'name', a.name, 'comparison', json_build_object(
        'value', c.value, 'rank', c.rank, 'of', c.of, 'band', c.band,
        'neighbours', (SELECT json_agg(json_build_object('localAuthority', json_build_object('code', b.code, 'name', b.name), 'value', f.value)
            ORDER BY n.rank)
          FROM tidy_copy.neighbour n JOIN tidy_copy.local_authority b ON b.code = n.neighbour_code
          LEFT JOIN figure f ON f.la_code = n.neighbour_code WHERE n.la_code = a.code),
        'neighbourAverage', c.neighbour_average, 'regionValue', c.region_value, 'nationalValue', c.national_value,
        'change', CASE WHEN c.value - c.value_before IS NOT NULL
          THEN json_build_object('from', c.value_before, 'to', c.value, 'difference', c.value - c.value_before) END)))::text AS answer
      FROM compared c CROSS JOIN tidy_copy.local_authority a WHERE a.code = $1::text`,
    values: ({ code, id, startsOn }) => [code, id, startsOn],
    shape: (answer, subject) => COMPARISON.ours.shape(answer, subject),
  },
};
