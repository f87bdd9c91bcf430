/** Outlier: a place with its rate and the limits of its size. */
import { Field, Float, Int, ObjectType } from 'type-graphql';
import { describedEnum } from '../enum-of.js';
import type { PeriodRow } from '../observation/observation.js';
import { Place } from '../place/place.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import { raw, type Sql, sql } from '../select/sql.js';
import { type Judged, limit } from '../statistics/funnel.js';
import { Z95, Z998 } from '../statistics/interval.js';
import type { FunnelTables } from './funnel-tables.js';
import { OUTLIER_LEVELS, type OutlierLevelName } from './levels.js';
import type { Year } from './years.js';

export const OutlierFlag = describedEnum('OutlierFlag', 'On which side of the limits a place lies.', {
  HIGH: { description: 'Above the upper limit. Whether that is good, the polarity of the indicator says.' },
  LOW: { description: 'Below the lower limit.' },
  NONE: { description: 'Within the limits.' },
});

/** What the fields of outliers are read from. */
export interface OutliersRow {
  level: OutlierLevelName;
  rate: { counts: Judged; per: number };
  tables: FunnelTables;
  years: Year[];
  period: PeriodRow;
  poolingNote: string | null;
}

/** A place that is judged: a row of `judged`. */
export interface OutlierRow extends OutliersRow {
  row: Sql;
  place: TableRow;
}

const judgedColumn = (column: string) => SqlField(({ row }: OutlierRow) => sql`${row}.${raw(column)}`);
const expectation = (row: Sql) => ({ base: sql`${row}.base`, expected: sql`${row}.expected` });
const limitAt = (deviate: number) =>
  SqlField(
    ({ row, rate: { counts, per } }: OutlierRow) =>
      sql`${raw(`${per}::float8`)} * ${limit(counts, expectation(row), sql`${raw(String(deviate))} * ${row}.sd`)}`,
  );
@ObjectType({ description: 'A place beside the limits of its size: a point of a funnel plot.' })
export class Outlier {
  @Field(() => Place, { description: 'The place.' })
  @SqlField(({ level, place }: OutlierRow, _args, select) =>
    select.as(select.typeNamed(OUTLIER_LEVELS[level].type)).object(place),
  )
  place!: Place;

  @Field(() => Float, {
    description: 'Its rate, from its counts and unrounded; of all pooled periods together.',
  })
  @SqlField(({ row, rate }: OutlierRow) => sql`${raw(`${rate.per}::float8`)} * ${row}.count / ${row}.base`)
  value!: number;

  @Field(() => Float, { description: 'What is counted.' })
  @judgedColumn('count')
  numerator!: number;

  @Field(() => Float, { description: 'Out of what: where a funnel plot has the place on its axis.' })
  @judgedColumn('base')
  denominator!: number;

  @Field(() => Float, { description: 'What the count would be at the rate of all.' })
  @judgedColumn('expected')
  expected!: number;

  @Field(() => Float, {
    description: 'Standard deviations from what is expected, what scatters beyond chance included.',
  })
  @judgedColumn('z')
  z!: number;

  @Field(() => Float, { description: 'Lower limit of 95 per cent for a place of its size.' })
  @limitAt(-Z95)
  lower95!: number;

  @Field(() => Float, { description: 'Upper limit of 95 per cent for a place of its size.' })
  @limitAt(Z95)
  upper95!: number;

  @Field(() => Float, { description: 'Lower limit of 99.8 per cent for a place of its size.' })
  @limitAt(-Z998)
  lower998!: number;

  @Field(() => Float, { description: 'Upper limit of 99.8 per cent for a place of its size.' })
  @limitAt(Z998)
  upper998!: number;

  @Field(() => OutlierFlag, {
    description: 'The side on which it lies outside the limits of 95 per cent: never both.',
  })
  @SqlField(
    ({ row }: OutlierRow) =>
      sql`CASE sign(${row}.side) WHEN 1 THEN 'HIGH' WHEN -1 THEN 'LOW' ELSE 'NONE' END`,
  )
  flag!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'The widest limits that it lies outside: 95 or 99.8. Null where it lies within.',
  })
  @SqlField(({ row }: OutlierRow) => sql`CASE abs(${row}.side) WHEN 2 THEN 99.8 WHEN 1 THEN 95 END`)
  outside!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Years in a row, up to this period and 5 at most, that it was outside on this side, each judged by itself against its own limits; 0 within. Null for a place whose periods are pooled: they overlap.',
  })
  @SqlField(({ row, tables }: OutlierRow) => tables.years(row))
  yearsInARow!: number | null;

  @Field(() => [String], {
    description:
      'Codes of the periods that are put together, because one is too small; none where one is enough.',
  })
  @SqlField(
    ({ row, years }: OutlierRow) =>
      sql`CASE WHEN ${row}.is_pooled THEN to_json(${years.slice(0, 3).map(({ code }) => code)}::text[]) ELSE '[]' END`,
  )
  pooledPeriods!: string[];
}
