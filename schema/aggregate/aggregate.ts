/**
 * Aggregate: the figures of schools, put together by what the schools have in common. A count is the sum of those of the
 * schools, a rate the sum of numerators over the sum of denominators; a withheld number makes bounds, and is never
 * nothing. Every school that the filter describes is in one group and is accounted for. docs/methods/aggregate.md
 */
import { Arg, Field, Int, ObjectType } from 'type-graphql';
import { DEFAULT_GROUPS, MAXIMUM_GROUPS } from '../../src/limits.js';
import { refused } from '../../src/refused.js';
import { Observation, type ObservationRow, Period } from '../observation/observation.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { SqlField } from '../select/field-sql.js';
import { empty, join, sql } from '../select/sql.js';
import { AggregateGroup, grouped } from './group.js';
import type { SchoolFigures } from './school-figures.js';
@ObjectType({ description: 'Rows of the file that match no school of the register.' })
export class UnmatchedRows {
  @Field(() => Int, { description: 'How many.' })
  @SqlField(() => sql`count(*)`)
  rows!: number;

  @Field(() => Observation, { description: 'What they come to.' })
  @SqlField((row: ObservationRow, _args, select) => select.object(row))
  observation!: Observation;
}

@ObjectType({ description: 'Figures of schools, put together by what the schools have in common.' })
export class Aggregate {
  @Field(() => Period, { description: 'The one period that all figures are of.' })
  @SqlField((figures: SchoolFigures, _args, select) => select.object(figures.ofThePeriod))
  period!: Period;

  @Field(() => AggregateGroup, { description: 'All schools of the filter together.' })
  @SqlField((figures: SchoolFigures, _args, select) => {
    const { entry, from } = grouped(figures, [], select);
    return sql`(SELECT ${entry} FROM ${from(empty)})`;
  })
  total!: AggregateGroup;

  @Field(() => [AggregateGroup], {
    description:
      'A group for each combination of keys that some school of the filter has, by their codes; schools of which a key is not known are a group of their own, after the others.',
  })
  @SqlField((figures: SchoolFigures, { first, skip }: { first: number; skip: number }, select) => {
    if (first < 0 || first > MAXIMUM_GROUPS || skip < 0) {
      throw refused(
        'first, skip',
        `up to ${MAXIMUM_GROUPS} groups can be asked for at once, and the rest with skip`,
      );
    }
    if (select.isTaken) {
      const { entry, from, order, alias } = grouped(figures, figures.keys, select.forEach(1));
      const page = select.says('first') || skip > 0 ? sql`LIMIT ${first}::int OFFSET ${skip}::int` : empty;
      return select.take(
        entry,
        sql`FROM (${figures.tables} SELECT * FROM ${from(page)}) ${alias} ORDER BY ${order}`,
      );
    }
    const { entry, from, order } = grouped(figures, figures.keys, select.forEach(first));
    return sql`(SELECT coalesce(json_agg(${entry} ORDER BY ${order}), '[]') FROM ${from(sql`LIMIT ${first}::int OFFSET ${skip}::int`)})`;
  })
  groups(
    @Arg('first', () => Int, {
      defaultValue: DEFAULT_GROUPS,
      description: `How many at most: up to ${MAXIMUM_GROUPS}.`,
    })
    _first: number,
    @Arg('skip', () => Int, { defaultValue: 0, description: 'How many to leave out first.' }) _skip: number,
  ): AggregateGroup[] {
    return answeredBySql();
  }

  @Field(() => Int, { description: 'How many groups there are.' })
  @SqlField((figures: SchoolFigures) => {
    const by = join(figures.keys.map(({ column }) => column));
    return sql`(SELECT count(*) FROM (SELECT DISTINCT ${by} FROM ${figures.from}) d)`;
  })
  groupCount!: number;

  @Field(() => UnmatchedRows, {
    description:
      'Rows of schools in the file, for this period, that match no school of the register: whatever the filter, they are in no group. By what they come to, and no more, the whole without a filter is less than what the file has of schools.',
  })
  @SqlField((figures: SchoolFigures, _args, select) => {
    const unmatched = figures.unmatched();
    const object = select.object(unmatched.row satisfies ObservationRow);
    return sql`(SELECT ${object} ${unmatched.from()})`;
  })
  unmatched!: UnmatchedRows;
}
