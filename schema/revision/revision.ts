/** Revision: a published figure that a later release changed or withdrew. What was published before stays readable. */

import { Arg, Ctx, Field, FieldResolver, Float, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { MAXIMUM_REVISIONS } from '../../src/limits.js';
import { refused } from '../../src/refused.js';
import type { Context } from '../context.js';
import { Release } from '../data-set/release.js';
import {
  Breakdown,
  type BreakdownRow,
  ObservationStatus,
  Period,
  type PeriodRow,
} from '../observation/observation.js';
import { authoritiesIn, isAuthorityCode, isRegionCode, isUrn, NO_SCHOOL, regionsIn } from '../place/codes.js';
import { knownBreakdown, knownIndicator } from '../place/place.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { Needs, SqlField, WorkOf } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

/** What the fields of a revision are read from: the observation before, the one after (or none), and their period. */
interface RevisionRow {
  before: Sql;
  after: Sql;
  indicator: Sql;
  dataSetPeriod: Sql;
  period: Sql;
  breakdown: Sql;
}

const position = (row: RevisionRow) => sql`${row.indicator}.position`;
const rawText = (observation: Sql, row: RevisionRow) =>
  sql`coalesce(${observation}.raw ->> ${position(row)}::text, ${observation}.values[${position(row)}]::text)`;
const status = (observation: Sql, row: RevisionRow) => sql`CASE
  WHEN ${observation}.place_id IS NULL THEN NULL
  WHEN ${observation}.values[${position(row)}] IS NOT NULL THEN 'ACTUAL'
  ELSE coalesce((SELECT s.status FROM symbol s WHERE s.data_set_number = ${observation}.data_set_number
    AND s.edition = ${observation}.edition AND s.position = ${position(row)}
    AND s.symbol = ${observation}.raw ->> ${position(row)}::text), 'NOT_AVAILABLE') END`;

@ObjectType({ description: 'A published figure that a later release changed or withdrew.' })
export class Revision {
  @Field(() => Period, { description: 'The period that the figure is about.' })
  @SqlField(({ dataSetPeriod, period }: RevisionRow, _args, select) =>
    select.object({
      spelled: (column) => sql`${dataSetPeriod}.${raw(column)}`,
      period: (column) => sql`${period}.${raw(column)}`,
    } satisfies PeriodRow),
  )
  period!: Period;

  @Field(() => Breakdown, { description: 'The part of the whole that the figure is about.' })
  @SqlField(({ breakdown }: RevisionRow, _args, select) =>
    select.object({ code: sql`${breakdown}.code`, label: sql`${breakdown}.label` } satisfies BreakdownRow),
  )
  breakdown!: Breakdown;

  @Field(() => Float, { nullable: true, description: 'The value before. Null where it was no number.' })
  @SqlField((row: RevisionRow) => sql`${row.before}.values[${position(row)}]`)
  oldValue!: number | null;

  @Field(() => ObservationStatus, { description: 'What was known of the value before.' })
  @SqlField((row: RevisionRow) => status(row.before, row))
  oldStatus!: string;

  @Field(() => String, { nullable: true, description: 'The text in the file before, symbols included.' })
  @SqlField((row: RevisionRow) => rawText(row.before, row))
  oldRaw!: string | null;

  @Field(() => Float, {
    nullable: true,
    description:
      'The value that took its place. Null where that is no number, or where the figure was withdrawn.',
  })
  @SqlField((row: RevisionRow) => sql`${row.after}.values[${position(row)}]`)
  newValue!: number | null;

  @Field(() => ObservationStatus, {
    nullable: true,
    description: 'What is known of the new value. Null where the release has no such figure any more.',
  })
  @SqlField((row: RevisionRow) => status(row.after, row))
  newStatus!: string | null;

  @Field(() => String, { nullable: true, description: 'The text in the file since, symbols included.' })
  @SqlField((row: RevisionRow) => rawText(row.after, row))
  newRaw!: string | null;
}

interface RevisionReleases {
  '#brought': number;
  '#replaced': number;
}

const isUrnText = (place: string) => /^\d{6}$/.test(place) && isUrn(Number(place));

/** The published place that a code names: level, and SQL for its places. */
function placesOf(place: string, select: Select): Sql {
  const published = (level: string, code = place) =>
    sql`SELECT id FROM place WHERE level = ${raw(`'${level}'`)} AND code = ${code}`;
  if (place === 'E92000001') return published('NATIONAL');
  if (isRegionCode(place)) return published('REGIONAL', regionsIn('place', [place], select.known, true)[0]);
  if (isAuthorityCode(place)) {
    return published('LOCAL_AUTHORITY', authoritiesIn('place', [place], select.known)[0]);
  }
  if (isUrnText(place)) return sql`SELECT place_id FROM school_place WHERE urn = ${place}::int`;
  throw refused(
    'place',
    'England is E92000001; a region has a GSS code such as E12000004, a local authority a 3-digit code such as 891 or a GSS code, a school a URN of six digits. A trust publishes no figures: ask for its schools',
  );
}

@Resolver(() => Revision)
export class Revisions {
  @WorkOf(500)
  @Query(() => [Revision], {
    nullable: true,
    description: `How the published figures of a place have changed from release to release, by period and then by release; ${MAXIMUM_REVISIONS} at most. A figure that is new for its period is no revision. Null for a URN that no school has.`,
  })
  @SqlField(
    (
      _row,
      { indicator: id, place, breakdown }: { indicator: string; place: string; breakdown?: string },
      select,
    ) => {
      const indicatorOf = knownIndicator(select, id);
      const known = indicatorOf.id;
      select.readsHistoryOf(indicatorOf.dataSet.id);
      const part = knownBreakdown(indicatorOf, breakdown, select);
      const names = ['before', 'after', 'indicator', 'dataSetPeriod', 'period', 'breakdown'] as const;
      const row = Object.fromEntries(
        names.map((name) => [name, select.alias(name[0]!)]),
      ) as unknown as RevisionRow;
      const { before, after, indicator, dataSetPeriod, period } = row;
      const object = select.forEach(MAXIMUM_REVISIONS).object(row);
      // What was no figure before is news, and the same number written otherwise is none.
      const changed = sql`${rawText(before, row)} IS NOT NULL AND (${after}.place_id IS NULL
        OR ${after}.values[${position(row)}] IS DISTINCT FROM ${before}.values[${position(row)}]
        OR (${after}.values[${position(row)}] IS NULL AND ${rawText(before, row)} IS DISTINCT FROM ${rawText(after, row)}))`;
      select.noteIfNull(`revisions(place:): ${NO_SCHOOL}`);
      const isThere = isUrnText(place)
        ? sql`EXISTS (SELECT FROM school s WHERE s.urn = ${place}::int)`
        : sql`true`;
      return sql`(SELECT CASE WHEN ${isThere} THEN coalesce(json_agg(x.o ORDER BY x.starts_on, x.code, x.brought), '[]') END FROM (
        SELECT ${object} AS o, ${period}.starts_on, ${row.breakdown}.code, ${before}.to_release AS brought
        FROM indicator ${indicator}
        JOIN observation ${before} ON ${before}.data_set_number = ${indicator}.data_set_number
          AND ${before}.to_release IS NOT NULL AND ${before}.place_id IN (${placesOf(place, select)})
        LEFT JOIN observation ${after} ON ${after}.place_id = ${before}.place_id
          AND ${after}.data_set_number = ${before}.data_set_number AND ${after}.breakdown_id = ${before}.breakdown_id
          AND ${after}.period_id = ${before}.period_id AND ${after}.from_release = ${before}.to_release
        JOIN data_set_period ${dataSetPeriod} ON ${dataSetPeriod}.period_id = ${before}.period_id
          AND ${dataSetPeriod}.data_set_number = ${before}.data_set_number
        JOIN period ${period} ON ${period}.id = ${before}.period_id
        JOIN breakdown ${row.breakdown} ON ${row.breakdown}.id = ${before}.breakdown_id
        WHERE ${indicator}.id = ${known} AND ${changed}
          AND ${typeof breakdown === 'string' ? sql`${row.breakdown}.code = ${part ?? 'total'}` : sql`true`}
        ORDER BY ${period}.starts_on, ${row.breakdown}.code, ${before}.to_release LIMIT ${MAXIMUM_REVISIONS}
      ) x)`;
    },
  )
  revisions(
    @Arg('indicator', () => ID, { description: 'Id of the indicator: ehc-plans.' }) _indicator: string,
    @Arg('place', () => String, {
      description:
        'Code of the place: E92000001 (England), E12000004 (a region), 891 or E10000024 (a local authority), 136205 (the URN of a school).',
    })
    _place: string,
    @Arg('breakdown', () => String, {
      nullable: true,
      description: 'Keeps one part of the whole; "total" for all together. Left out: every part.',
    })
    _breakdown?: string,
  ): Revision[] {
    return answeredBySql();
  }

  @FieldResolver(() => Release, { description: 'The release that changed the figure, or has it no longer.' })
  @Needs({ '#brought': ({ before }: RevisionRow) => sql`${before}.to_release` })
  release(@Root() { '#brought': number }: RevisionReleases, @Ctx() { loaders }: Context): Promise<Release> {
    return loaders.release.load(number);
  }

  @FieldResolver(() => Release, {
    description: 'The release that had first published the figure as it was before.',
  })
  @Needs({ '#replaced': ({ before }: RevisionRow) => sql`${before}.from_release` })
  replacedRelease(
    @Root() { '#replaced': number }: RevisionReleases,
    @Ctx() { loaders }: Context,
  ): Promise<Release> {
    return loaders.release.load(number);
  }
}
