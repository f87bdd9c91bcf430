/** Left out: of the places that a statistic is about, those whose figure is not known, counted by why. None is taken for zero. */
import { Field, Int, ObjectType } from 'type-graphql';
import { OBSERVATION_STATUSES } from '../../jobs/observation-status.js';
import { ObservationStatus } from '../observation/observation.js';
import { SqlField } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, raw, type Sql, sql } from '../select/sql.js';

@ObjectType({
  description: 'Places that are left out, because nothing is known of their figure for one reason.',
})
export class LeftOut {
  @Field(() => ObservationStatus, {
    nullable: true,
    description:
      'What the file says in place of the figure: SUPPRESSED, NOT_APPLICABLE, NOT_AVAILABLE … Null for places that the period has no row for.',
  })
  @SqlField(({ alias }: { alias: Sql }) => sql`${alias}.status`)
  status!: string | null;

  @Field(() => Int, { description: 'How many places; more than none.' })
  @SqlField(({ alias }: { alias: Sql }) => sql`${alias}.places`)
  places!: number;
}

/** What is known of the figure of a place. */
export interface Figure {
  isThere: Sql;
  value: Sql;
  status: Sql;
}

const REASONS = Object.keys(OBSERVATION_STATUSES).filter((status) => status !== 'ACTUAL');

/** JSON of the reasons that there are. `counted`: SQL for how many places hold a condition, under a name of its own. */
export function leftOut(
  counted: (name: string, condition: Sql) => Sql,
  { isThere, value, status }: Figure,
  select: Select,
): Sql {
  const alias = select.alias('l');
  const reasons = REASONS.map(
    (reason, at) =>
      sql`(${raw(String(at))}, ${raw(`'${reason}'`)}, ${counted(`left_out_${reason.toLowerCase()}`, sql`coalesce(${isThere}, false) AND ${value} IS NULL AND ${status} = ${raw(`'${reason}'`)}`)})`,
  );
  const withoutRow = sql`(${raw(String(REASONS.length))}, NULL, ${counted('left_out_without_row', sql`NOT coalesce(${isThere}, false)`)})`;
  return sql`(SELECT coalesce(json_agg(${select.object({ alias })} ORDER BY ${alias}.n), '[]')
    FROM (VALUES ${join([...reasons, withoutRow])}) ${alias} (n, status, places) WHERE ${alias}.places > 0)`;
}
