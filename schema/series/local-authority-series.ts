/**
 * The series of a local authority, as published under its code or on its own boundary: for a period in which it has no
 * figure, those of the local authorities that its whole area, and nothing else, was or became. docs/methods/series.md
 */

import { Arg, Field, FieldResolver, ID, ObjectType, Resolver } from 'type-graphql';
import { describedEnum } from '../enum-of.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { isAdditive } from '../observation/additive.js';
import type { PlaceIndicatorRow } from '../observation/passes.js';
import { authorityRows, periodsOf, rowsOf } from '../observation/rows.js';
import { BREAKDOWN } from '../place/figure-arguments.js';
import { LEVELS, newestPeriod } from '../place/level-figures.js';
import { placeIndicator } from '../place/place.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { type Sql, sql } from '../select/sql.js';
import { type Followed, pointsOf, unlessAdditive } from './points.js';
import { LocalAuthoritySeriesPoint } from './series-point.js';

const BASES = {
  AS_PUBLISHED: 'The figures that are published for the local authority itself, under its code.',
  CURRENT_BOUNDARY:
    'On its own boundary, for one that was abolished the last: where a reorganisation changed the code, the sum of the local authorities that its area, whole and alone, was or became; where none can be had, a gap that says why.',
};
export const SeriesBasis = describedEnum(
  'SeriesBasis',
  'Whose figures a series of a local authority is made of.',
  BASES,
);

interface AuthoritySeriesRow {
  asked: PlaceIndicatorRow;
  isOnBoundary: boolean;
}

/** Codes and periods that have a row, and whether it says anything: of a series, a number or what withholds one. */
function figuresThere(code: Sql, codes: Sql, asked: PlaceIndicatorRow, select: Select): Sql {
  const { indicator, stored } = asked;
  if (!indicator.series) {
    const { observation, ...place } = authorityRows(select);
    const kept = { ...place, observation, where: sql`${place.where} AND lp.code = ANY(ARRAY(${codes}))` };
    return sql`SELECT lp.code, ${observation}.period_id, true AS says ${rowsOf(kept, asked, select)(periodsOf(asked, select))}`;
  }
  return sql`SELECT * FROM (SELECT lp.code, sp.period_id, s.values[sp.position] IS NOT NULL
      OR EXISTS (SELECT FROM symbol y WHERE y.data_set_number = ${stored.dataSetNumber}::int AND y.position = 0
        AND y.symbol = s.raw ->> sp.position::text AND y.status <> 'NOT_AVAILABLE') AS says
    FROM place lp
    JOIN series s ON s.place_id = lp.id AND s.measure = ${stored.seriesMeasure}::smallint AND ${select.valid(sql`s`)}
    JOIN series_period sp ON sp.measure = s.measure AND ${select.valid(sql`sp`)}
    WHERE lp.level = 'LOCAL_AUTHORITY' AND lp.code = ANY(ARRAY(${codes}))
      AND (s.values[sp.position] IS NOT NULL OR s.raw ? sp.position::text)) c WHERE c.says OR c.code = ${code}`;
}

/** The local authority, those that its area was, and those that it became; and for every period which of these stand for it. */
function followed({ asked, isOnBoundary }: AuthoritySeriesRow, select: Select): Followed {
  const { row, indicator } = asked;
  const [kin, has, found, periods] = ['kin', 'has', 'found', 'periods'].map((name) => select.alias(name)) as [
    Sql,
    Sql,
    Sql,
    Sql,
  ];
  const code = sql`${row.alias}.code`;
  // Whether those on the one side came out of, or went to, nothing but this one.
  const queries = sql`
    ${kin} AS (SELECT ${code} AS code, 0 AS side, true AS is_whole, NULL::text AS note
      UNION ALL SELECT s.from_code, 1, NOT EXISTS (SELECT FROM local_authority_succession o JOIN local_authority_succession p ON p.to_code = ${code} AND o.from_code = p.from_code
          WHERE o.to_code <> ${code}),
        (SELECT string_agg(r.note, ' ') FROM local_authority_reorganisation r WHERE s.from_code = ANY(r.from_codes) AND ${code} = ANY(r.to_codes))
      FROM local_authority_succession s WHERE ${isOnBoundary}::boolean AND s.to_code = ${code}
      UNION ALL SELECT s.to_code, 2, NOT EXISTS (SELECT FROM local_authority_succession o JOIN local_authority_succession p ON p.from_code = ${code} AND o.to_code = p.to_code
          WHERE o.from_code <> ${code}),
        (SELECT string_agg(r.note, ' ') FROM local_authority_reorganisation r WHERE ${code} = ANY(r.from_codes) AND s.to_code = ANY(r.to_codes))
      FROM local_authority_succession s WHERE ${isOnBoundary}::boolean AND s.from_code = ${code}),
    ${has} AS MATERIALIZED (${figuresThere(code, sql`SELECT code FROM ${kin}`, asked, select)}),
    ${found} AS (SELECT h.period_id, coalesce(min(k.side) FILTER (WHERE h.says), 0) AS side,
      count(DISTINCT k.side) FILTER (WHERE h.says) AS sides FROM ${has} h JOIN ${kin} k ON k.code = h.code GROUP BY h.period_id),
    ${periods} AS (SELECT f.period_id, array_agg(k.code ORDER BY k.code) FILTER (WHERE h.code IS NOT NULL) AS parts,
      CASE WHEN max(f.sides) > 1 THEN 'This period is published under its own code and under those of the reorganisation too: no file says how the figures were divided between them.'
        WHEN NOT bool_and(k.is_whole) THEN max(k.note)
        WHEN bool_or(h.code IS NULL) THEN 'Of the local authorities that stand for it, this period has no figure of ' || string_agg(k.code, ', ' ORDER BY k.code) FILTER (WHERE h.code IS NULL) || '.'
        WHEN max(f.side) > 0 AND ${indicator.series !== undefined}::boolean THEN 'Its file gives no counts to add up.'
        WHEN count(*) > 1 THEN ${unlessAdditive(isAdditive(indicator), 'local authorities')} END AS gap
      FROM ${found} f JOIN ${kin} k ON k.side = f.side LEFT JOIN ${has} h ON h.code = k.code AND h.period_id = f.period_id
      GROUP BY f.period_id)`;
  return {
    queries,
    periods,
    source: indicator.series
      ? asked.source
      : {
          kind: 'rows',
          level: 'LOCAL_AUTHORITY',
          where: (observation) => sql`lp.code = ANY(ARRAY(SELECT code FROM ${kin}))
            AND EXISTS (SELECT FROM ${periods} f WHERE f.period_id = ${observation}.period_id AND lp.code = ANY(f.parts))`,
        },
    change: (before, now) =>
      sql`'The figures before are of ' || array_to_string(${before}, ', ') || ', from here on of ' || array_to_string(${now}, ', ') || '.'`,
  };
}

@ObjectType({ description: 'The figures of a local authority on one indicator over time.' })
export class LocalAuthoritySeries {
  @Field(() => [LocalAuthoritySeriesPoint], {
    description:
      'Every period that the local authority, or those that stand for it, have a row for, the oldest first.',
  })
  @SqlField((row: AuthoritySeriesRow, _args, select) => pointsOf(row.asked, followed(row, select), select))
  points!: LocalAuthoritySeriesPoint[];

  @Field(() => [String], {
    description:
      'The reorganisations that it came out of, or was changed or abolished by, and what they leave comparable.',
  })
  @SqlField(
    ({
      asked: { row },
    }: AuthoritySeriesRow) => sql`(SELECT coalesce(json_agg(r.happened_on || ': ' || r.note ORDER BY r.happened_on, r.id), '[]')
      FROM local_authority_reorganisation r WHERE ${row.alias}.code = ANY(r.from_codes || r.to_codes))`,
  )
  notes!: string[];
}

@Resolver(() => LocalAuthority)
export class LocalAuthoritySeriesFields {
  @FieldResolver(() => LocalAuthoritySeries, {
    description:
      'One indicator over time, as published or on its own boundary across reorganisations (docs/methods/series.md).',
  })
  @SqlField(
    (
      row: TableRow,
      { indicator: id, basis, breakdown }: { indicator: string; basis: string; breakdown?: string | null },
      select,
    ) => {
      const asked = placeIndicator({ row, type: select.parent }, select, { id, breakdown });
      // As of a day on which nothing had been published, nothing is what it answers.
      if (!select.asOf) newestPeriod(asked, LEVELS.LOCAL_AUTHORITY, select);
      return select.object({
        asked,
        isOnBoundary: basis === 'CURRENT_BOUNDARY',
      } satisfies AuthoritySeriesRow);
    },
  )
  series(
    @Arg('indicator', () => ID, { description: 'Id of the indicator: ehc-plans.' }) _indicator: string,
    @Arg('basis', () => SeriesBasis, { description: 'Whose figures.' }) _basis: string,
    @Arg('breakdown', () => String, BREAKDOWN)
    _breakdown?: string,
  ): LocalAuthoritySeries {
    return answeredBySql();
  }
}
