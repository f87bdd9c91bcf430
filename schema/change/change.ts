/** Change: a difference between two rates that is more than chance makes. What it is between, how sure, and which release brought it. */
import { Ctx, Field, FieldResolver, Float, ID, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { DAY_BITS } from '../../jobs/release-order.js';
import type { Context } from '../context.js';
import { Release } from '../data-set/release.js';
import { describedEnum } from '../enum-of.js';
import { Indicator } from '../indicator/indicator.js';
import { Period, type PeriodRow } from '../observation/observation.js';
import { Place } from '../place/place.js';
import { Needs, SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { raw, type Sql, sql } from '../select/sql.js';

const KINDS = {
  MOVEMENT: 'The place’s rate of the newest period beside its own of the period just before.',
  STATISTICAL_NEIGHBOURS:
    'A local authority’s rate beside that of its statistical neighbours together, in the same period.',
  GEOGRAPHIC_NEIGHBOURS:
    'A local authority’s rate beside that of the local authorities that share a border with it together, in the same period.',
};
export const ChangeKind = describedEnum('ChangeKind', 'What a rate is compared with.', KINDS);

/** The object types that a change can be about, and the tables they stand in. */
export const CHANGE_PLACES = { LOCAL_AUTHORITY: 'LocalAuthority', SCHOOL: 'School', TRUST: 'Trust' } as const;

/** What a change is read from: a row of a comparison that was judged, and the row of its rate. */
export interface ChangeRow {
  change: Sql;
  rate: Sql;
  places: Record<keyof typeof CHANGE_PLACES, TableRow>;
}

interface FigureRow extends ChangeRow {
  which: 'own' | 'other';
}

const isMovement = ({ change }: ChangeRow) => sql`${change}.kind = 'MOVEMENT'`;
const count = ({ change, which }: FigureRow) =>
  which === 'own' ? sql`${change}.count` : sql`${change}.other_count`;
const base = ({ change, which }: FigureRow) =>
  which === 'own' ? sql`${change}.base` : sql`${change}.other_base`;
export const rateOf = (row: FigureRow): Sql => sql`(${row.rate}.per * ${count(row)} / ${base(row)})`;

/** The period of a figure: of what a place was before, the one before. */
function periodOf(row: FigureRow): PeriodRow {
  const { rate, which } = row;
  const id =
    which === 'own'
      ? sql`${rate}.newest`
      : sql`CASE WHEN ${isMovement(row)} THEN ${rate}.before ELSE ${rate}.newest END`;
  return {
    spelled: (column) =>
      sql`(SELECT d.${raw(column)} FROM data_set_period d WHERE d.data_set_number = ${rate}.data_set AND d.period_id = ${id})`,
    period: (column) => sql`(SELECT y.${raw(column)} FROM period y WHERE y.id = ${id})`,
  };
}

@ObjectType({ description: 'One of the two rates that are compared.' })
export class ChangeFigure {
  @Field(() => Float, { description: 'The rate, in the unit of the indicator and unrounded.' })
  @SqlField((row: FigureRow) => rateOf(row))
  value!: number;

  @Field(() => Float, { description: 'What is counted.' })
  @SqlField((row: FigureRow) => count(row))
  numerator!: number;

  @Field(() => Float, { description: 'What it is out of.' })
  @SqlField((row: FigureRow) => base(row))
  denominator!: number;

  @Field(() => Int, {
    description:
      'How many places it is the sum of: neighbours that publish both counts, or schools of a trust that do so for both periods; else 1.',
  })
  @SqlField(({ change, which }: FigureRow) =>
    which === 'other'
      ? sql`${change}.others`
      : sql`CASE WHEN ${change}.level = 'TRUST' THEN ${change}.others ELSE 1 END`,
  )
  places!: number;

  @Field(() => Period, { description: 'Its period.' })
  @SqlField((row: FigureRow, _args, select) => select.object(periodOf(row)))
  period!: Period;
}

const own = (row: ChangeRow): FigureRow => ({ ...row, which: 'own' });
const other = (row: ChangeRow): FigureRow => ({ ...row, which: 'other' });
export const differenceOf = (row: ChangeRow): Sql => sql`(${rateOf(own(row))} - ${rateOf(other(row))})`;

/** In words. Numbers are rounded to be read, here alone. */
const whyOf = (row: ChangeRow): Sql => {
  const { change, rate } = row;
  const label = (figure: FigureRow) => periodOf(figure).spelled('label');
  const shown = (figure: FigureRow) => sql`round(${rateOf(figure)}::numeric, 2)`;
  const than = sql`CASE ${change}.kind
    WHEN 'MOVEMENT' THEN 'than in ' || ${label(other(row))} WHEN 'STATISTICAL_NEIGHBOURS' THEN 'than its statistical neighbours together'
    ELSE 'than the local authorities around it together' END`;
  return sql`(CASE WHEN ${differenceOf(row)} > 0 THEN 'Higher ' ELSE 'Lower ' END || ${than} || ': ' || ${shown(own(row))} || ' per ' || ${rate}.per || ' in ' || ${label(own(row))}
    || ', against ' || ${shown(other(row))} || CASE WHEN ${change}.level = 'TRUST' THEN ', over the ' || ${change}.others || ' schools that publish both'
      WHEN ${change}.others > 1 THEN ', over ' || ${change}.others || ' local authorities' ELSE '' END || '.')`;
};

@ObjectType({ description: 'A difference between two rates that is more than chance makes.' })
export class Change {
  @Field(() => ID, {
    description:
      'A UUID made of what is compared, in which period, and the day of the release that brought it: it stays the same until another release changes the figures.',
  })
  @SqlField(({ change, rate }: ChangeRow) => {
    const text = sql`md5(concat_ws('|', ${change}.kind, ${change}.level, ${change}.code, ${rate}.id,
      (SELECT y.starts_on FROM period y WHERE y.id = ${rate}.newest), ${change}.brought >> ${DAY_BITS}::int))`;
    // The digits by which a UUID says that it is made of a name with MD5 (RFC 9562, version 3).
    return sql`overlay(overlay(${text} PLACING '3' FROM 13) PLACING '8' FROM 17)::uuid::text`;
  })
  id!: string;

  @Field(() => ID, {
    description: 'Id of the indicator: what is measured, where the list is taken away as a table.',
  })
  @SqlField(({ rate }: ChangeRow) => sql`${rate}.id`)
  indicatorId!: string;

  @Field(() => ChangeKind, { description: 'What it is compared with.' })
  @SqlField(({ change }: ChangeRow) => sql`${change}.kind`)
  kind!: string;

  @Field(() => Place, { description: 'The place: a local authority, a trust or a school.' })
  @SqlField(({ change, places }: ChangeRow, _args, select) => {
    const cases = Object.entries(CHANGE_PLACES).map(([level, type]) => {
      const object = select.as(select.typeNamed(type)).object(places[level as keyof typeof CHANGE_PLACES]);
      return sql`WHEN ${raw(`'${level}'`)} THEN ${object}`;
    });
    return sql`CASE ${change}.level ${cases[0]} ${cases[1]} ${cases[2]} END`;
  })
  place!: Place;

  @Field(() => ChangeFigure, { description: 'The place’s own figure of the newest period.' })
  @SqlField((row: ChangeRow, _args, select: Select) => select.object(own(row)))
  to!: ChangeFigure;

  @Field(() => ChangeFigure, {
    description:
      'What it is compared with: its own of the period before, or that of its neighbours together.',
  })
  @SqlField((row: ChangeRow, _args, select: Select) => select.object(other(row)))
  from!: ChangeFigure;

  @Field(() => Float, { description: 'to less from, in the unit of the indicator.' })
  @SqlField((row: ChangeRow) => differenceOf(row))
  difference!: number;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether to is the better one by the indicator’s polarity. Null where neither way is good.',
  })
  @SqlField(
    (row: ChangeRow) =>
      sql`CASE ${row.rate}.polarity WHEN 'HIGH' THEN ${differenceOf(row)} > 0 WHEN 'LOW' THEN ${differenceOf(row)} < 0 END`,
  )
  isBetter!: boolean | null;

  @Field(() => Float, {
    description: 'The difference in standard errors: a normal test of two rates with the pooled rate.',
  })
  @SqlField(({ change }: ChangeRow) => sql`${change}.z`)
  standardErrors!: number;

  @Field(() => Float, {
    description:
      'The smallest false discovery rate at which it would still be listed, among all comparisons of the question (Benjamini and Hochberg).',
  })
  @SqlField(({ change }: ChangeRow) => sql`${change}.adjusted`)
  adjustedP!: number;

  @Field(() => String, { description: 'Why it is listed, in words.' })
  @SqlField((row: ChangeRow) => whyOf(row))
  why!: string;
}

@Resolver(() => Change)
export class ChangeFields {
  @FieldResolver(() => Indicator, { description: 'What is measured.' })
  @Needs({ '#indicator': ({ rate }: ChangeRow) => sql`${rate}.id` })
  indicator(
    @Root() { '#indicator': id }: { '#indicator': string },
    @Ctx() { known }: Context,
  ): CataloguedIndicator {
    return known.indicators.get(id)!;
  }

  @FieldResolver(() => Release, {
    description: 'The release that brought it: the newest that changed one of the figures compared.',
  })
  @Needs({ '#release': ({ change }: ChangeRow) => sql`${change}.brought` })
  release(
    @Root() { '#release': release }: { '#release': number },
    @Ctx() { loaders }: Context,
  ): Promise<Release> {
    return loaders.release.load(release);
  }
}
