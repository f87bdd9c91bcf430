/**
 * The series of a school, as published under its URN or along its lineage: for a period in which the school has no figure,
 * those of the schools that it came out of stand for it, if they are whole. docs/methods/series.md
 */

import { Arg, Field, FieldResolver, ID, ObjectType, Resolver } from 'type-graphql';
import { describedEnum } from '../enum-of.js';
import { isAdditive } from '../observation/additive.js';
import type { PlaceIndicatorRow } from '../observation/passes.js';
import { periodsOf, rowsOf, schoolRows } from '../observation/rows.js';
import { BREAKDOWN } from '../place/figure-arguments.js';
import { LEVELS, newestPeriod } from '../place/level-figures.js';
import { placeIndicator } from '../place/place.js';
import { School } from '../school/school.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';
import { type Followed, pointsOf, unlessAdditive } from './points.js';
import { SchoolSeriesPoint } from './series-point.js';

const LINEAGES = {
  AS_PUBLISHED: 'The figures that are published for the school itself, under its URN.',
  ALONG_LINEAGE:
    'For periods before it had figures, those of the schools that it came out of: of one school as published, of several that became one their sum, where it is sound.',
};
export const SeriesLineage = describedEnum(
  'SeriesLineage',
  'Whose figures a series of a school is made of.',
  LINEAGES,
);

/** Steps back that a series may take: the longest known lineage has 4. */
const LONGEST_WALK = 50;

interface SchoolSeriesRow {
  asked: PlaceIndicatorRow;
  isAlong: boolean;
}

/** The school and those before it, and for every period the schools that stand for it. A merged school's successor went on as itself. */
function followed({ asked, isAlong }: SchoolSeriesRow, select: Select): Followed {
  const { row, indicator } = asked;
  const [kin, has, walk, leaf, periods] = ['kin', 'has', 'walk', 'leaf', 'periods'].map((name) =>
    select.alias(name),
  ) as [Sql, Sql, Sql, Sql, Sql];
  const urn = sql`${row.alias}.urn`;
  const place = schoolRows(sql`sp.urn = ANY(ARRAY(SELECT urn FROM ${kin}))`, asked, select);
  const there = (period: Sql, school: Sql) =>
    sql`EXISTS (SELECT FROM ${has} h WHERE h.period_id = ${period} AND h.urn = ${school})`;
  const queries = sql`
    ${kin} AS (SELECT ${urn} AS urn
      UNION SELECT l.predecessor_urn FROM ${kin} k JOIN school_lineage l ON l.successor_urn = k.urn AND l.event <> 'MERGER' WHERE ${isAlong}::boolean),
    ${has} AS MATERIALIZED (SELECT DISTINCT sp.urn, ${place.observation}.period_id ${rowsOf(place, asked, select)(periodsOf(asked, select))}),
    ${walk} AS (
      SELECT p.period_id, ${urn} AS urn, ${there(sql`p.period_id`, urn)} AS there, false AS is_part, 0 AS steps
      FROM (SELECT DISTINCT period_id FROM ${has}) p
      UNION SELECT w.period_id, l.predecessor_urn, ${there(sql`w.period_id`, sql`l.predecessor_urn`)},
        w.is_part OR (SELECT count(*) > 1 FROM school_lineage o WHERE o.predecessor_urn = l.predecessor_urn), w.steps + 1
      FROM ${walk} w JOIN school_lineage l ON l.successor_urn = w.urn AND l.event <> 'MERGER'
      WHERE ${isAlong}::boolean AND NOT w.there AND w.steps < ${LONGEST_WALK}),
    ${leaf} AS (SELECT w.* FROM ${walk} w JOIN period y ON y.id = w.period_id
      LEFT JOIN school s ON s.urn = w.urn AND ${select.valid(sql`s`)}
      WHERE w.there OR (NOT EXISTS (SELECT FROM ${kin} k JOIN school_lineage l ON l.predecessor_urn = k.urn AND l.successor_urn = w.urn AND l.event <> 'MERGER')
        AND coalesce(s.opened_on <= y.ends_on, true) AND coalesce(s.closed_on >= y.starts_on, true))),
    ${periods} AS (SELECT period_id, coalesce(array_agg(DISTINCT urn ORDER BY urn) FILTER (WHERE there), '{}') AS parts,
      CASE WHEN bool_or(there AND is_part) THEN 'It came out of a school that went to several: no file says which part of that school’s figure is its.'
        WHEN bool_or(NOT there) THEN 'Of the schools that it came out of, this period has no figure of URN ' || string_agg(DISTINCT urn::text, ', ') FILTER (WHERE NOT there) || '.'
        WHEN count(DISTINCT urn) > 1 THEN ${unlessAdditive(isAdditive(indicator), 'schools')} END AS gap
      FROM ${leaf} GROUP BY period_id HAVING bool_or(there))`;
  return {
    queries,
    periods,
    source: {
      kind: 'rows',
      level: 'SCHOOL',
      where: (observation) => sql`sp.urn = ANY(ARRAY(SELECT urn FROM ${leaf} WHERE there))
        AND EXISTS (SELECT FROM ${leaf} f WHERE f.there AND f.urn = sp.urn AND f.period_id = ${observation}.period_id)`,
    },
    change: (
      before,
      now,
    ) => sql`'The figures before are of URN ' || array_to_string(${before}, ', ') || ', from here on of URN ' || array_to_string(${now}, ', ')
      || coalesce((SELECT ' (' || string_agg(DISTINCT l.event || coalesce(' on ' || l.happened_on, ''), ', ') || ')' FROM school_lineage l
        WHERE l.predecessor_urn = ANY(${before}) AND l.successor_urn = ANY(${now})), '') || '.'`,
  };
}

@ObjectType({ description: 'The figures of a school on one indicator over time.' })
export class SchoolSeries {
  @Field(() => [SchoolSeriesPoint], {
    description: 'Every period that the school, or one that stands for it, has a row for, the oldest first.',
  })
  @SqlField((row: SchoolSeriesRow, _args, select) => pointsOf(row.asked, followed(row, select), select))
  points!: SchoolSeriesPoint[];

  @Field(() => [String], {
    description:
      'What no point says: schools that were merged into this one, which went on under its own URN, so that its figures before are without theirs.',
  })
  @SqlField(
    ({
      asked: { row },
    }: SchoolSeriesRow) => sql`(SELECT coalesce(json_agg('URN ' || l.predecessor_urn || ' was merged into it'
        || coalesce(' on ' || l.happened_on, '') || ': its figures before are without that school.' ORDER BY l.happened_on, l.predecessor_urn), '[]')
      FROM school_lineage l WHERE l.successor_urn = ${row.alias}.urn AND l.event = 'MERGER')`,
  )
  notes!: string[];
}

@Resolver(() => School)
export class SchoolSeriesFields {
  @FieldResolver(() => SchoolSeries, {
    description:
      'One indicator over time, as published or along the lineage of the school (docs/methods/series.md).',
  })
  @SqlField(
    (
      row: TableRow,
      {
        indicator: id,
        lineage,
        breakdown,
      }: { indicator: string; lineage: string; breakdown?: string | null },
      select,
    ) => {
      const asked = placeIndicator({ row, type: select.parent }, select, { id, breakdown });
      // As of a day on which nothing had been published, nothing is what it answers.
      if (!select.asOf) newestPeriod(asked, LEVELS.SCHOOL, select);
      return select.object({ asked, isAlong: lineage === 'ALONG_LINEAGE' } satisfies SchoolSeriesRow);
    },
  )
  series(
    @Arg('indicator', () => ID, { description: 'Id of the indicator: suspension-rate.' }) _indicator: string,
    @Arg('lineage', () => SeriesLineage, { description: 'Whose figures.' }) _lineage: string,
    @Arg('breakdown', () => String, BREAKDOWN)
    _breakdown?: string,
  ): SchoolSeries {
    return answeredBySql();
  }
}
