/** The question that leads to an aggregate. */

import { Arg, ID, Query, Resolver } from 'type-graphql';
import { refused } from '../../src/refused.js';
import { refuseUnlessAdditive } from '../observation/additive.js';
import { BREAKDOWN } from '../place/figure-arguments.js';
import { SchoolFilter } from '../school/school-filter.js';
import { type SchoolQuestion, schoolsWanted } from '../school/school-period.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { AsOf } from '../select/as-of.js';
import { SqlField, WorkOf } from '../select/field-sql.js';
import { sql } from '../select/sql.js';
import { Aggregate } from './aggregate.js';
import { SchoolFigures } from './school-figures.js';
import { type KeyName, SchoolKey } from './school-keys.js';

interface Question extends SchoolQuestion {
  groupBy: KeyName[];
  filter?: SchoolFilter | null;
}

@Resolver(() => Aggregate)
export class Aggregates {
  @WorkOf(10_000)
  @Query(() => Aggregate, {
    nullable: true,
    description:
      'An indicator that is published for schools, put together by what the schools have in common now: a count is their sum, a rate the sum of numerators over the sum of denominators, never a mean of rates. What does not add up is refused. It may differ from a published total: see unmatched and docs/methods/aggregate.md.',
  })
  @SqlField((_row, { groupBy, filter, ...question }: Question, select) => {
    if (new Set(groupBy).size < groupBy.length || groupBy.length === 0) {
      throw refused(
        'groupBy',
        'one key at least, and each once: [REGION, PHASE]. For the whole alone ask for total, whatever the key',
      );
    }
    const wanted = schoolsWanted(question, select);
    refuseUnlessAdditive(wanted.indicator, 'several schools together');
    const figures = new SchoolFigures(wanted, select, groupBy, filter);
    const object = select.object(figures);
    return sql`(${figures.tables} SELECT ${object})`;
  })
  aggregate(
    @Arg('indicator', () => ID, { description: 'Id of the indicator: suspension-rate.' }) _indicator: string,
    @Arg('groupBy', () => [SchoolKey], {
      description: 'By what, one or several: [REGION, PHASE].',
    })
    _groupBy: string[],
    @Arg('filter', () => SchoolFilter, {
      nullable: true,
      description: 'Keeps the schools that it describes. Left out: all, closed ones too.',
    })
    _filter?: SchoolFilter,
    @Arg('period', () => String, {
      nullable: true,
      description:
        'Code or label as published: 201617, 2016/17. Left out: the newest that has figures of schools.',
    })
    _period?: string,
    @Arg('breakdown', () => String, BREAKDOWN)
    _breakdown?: string,
    @AsOf() _asOf?: string,
  ): Aggregate {
    return answeredBySql();
  }
}
