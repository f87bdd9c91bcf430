/** The questions that lead to a composition: of England, of a region, of a local authority; on a day, or year by year. */
import { GraphQLLocalDate } from 'graphql-scalars';
import { Arg, FieldResolver, Int, Resolver } from 'type-graphql';
import { SchoolGraphError } from '../../src/errors.js';
import { England } from '../england/england.js';
import { LocalAuthority } from '../local-authority/local-authority.js';
import { Region } from '../region/region.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { noteAsOf } from '../select/as-of.js';
import { SqlField, type TableRow } from '../select/field-sql.js';
import type { Select } from '../select/select.js';
import { join, type Sql, sql } from '../select/sql.js';
import { Composition, type CompositionRow } from './composition.js';

const DESCRIPTION =
  'Its state-funded schools on a day, by phase and by who provides them. Left out: the day of the newest extract of the register.';
const TREND = 'The same on 1 September of each year, the earliest first.';
const LONGEST_TREND = 30;

const AsAt = () =>
  Arg('asAt', () => GraphQLLocalDate, { nullable: true, description: 'The day in the world: 2021-09-01.' });
const From = () => Arg('from', () => Int, { description: 'The first year: 2016.' });
const To = () => Arg('to', () => Int, { description: `The last year; ${LONGEST_TREND} at most in all.` });

type Where = (row: TableRow) => CompositionRow['where'];
const anywhere: Where = () => () => sql`true`;
const inRegion: Where =
  ({ alias }) =>
  (school) =>
    sql`${school}.la_code IN (SELECT code FROM local_authority WHERE region_code = ${alias}.code)`;
const inAuthority: Where =
  ({ alias }) =>
  (school) =>
    sql`${school}.la_code = ${alias}.code`;

const newestExtract = (
  select: Select,
): Sql => sql`(SELECT coalesce(r.published_on, r.retrieved_at::date) FROM release r
  JOIN data_set d ON d.number = r.data_set_number AND d.id = 'gias-establishments' WHERE ${select.released(sql`r.id`)} ORDER BY r.id DESC LIMIT 1)`;

const OnDay = (where: Where) =>
  SqlField((row: TableRow, { asAt }: { asAt?: string | null }, select) => {
    noteAsOf(select, 'gias-establishments');
    const day = asAt ? sql`${asAt}::date` : newestExtract(select);
    return select.object({ where: where(row), day } satisfies CompositionRow);
  });

const ByYear = (where: Where) =>
  SqlField((row: TableRow, { from, to }: { from: number; to: number }, select) => {
    if (from < 1900 || to > 2100 || to < from || to - from >= LONGEST_TREND) {
      throw new SchoolGraphError(
        'BAD_USER_INPUT',
        `from, to: years such as 2016 and 2022, the first not after the last, and ${LONGEST_TREND} at most in all`,
      );
    }
    noteAsOf(select, 'gias-establishments');
    const years = Array.from({ length: to - from + 1 }, (_, at) => from + at);
    const each = select.forEach(years.length);
    return sql`json_build_array(${join(years.map((year) => each.object({ where: where(row), day: sql`${`${year}-09-01`}::date` } satisfies CompositionRow)))})`;
  });

@Resolver(() => England)
export class EnglandCompositions {
  @FieldResolver(() => Composition, { description: DESCRIPTION })
  @OnDay(anywhere)
  composition(@AsAt() _asAt?: string): Composition {
    return answeredBySql();
  }

  @FieldResolver(() => [Composition], { description: TREND })
  @ByYear(anywhere)
  compositionTrend(@From() _from: number, @To() _to: number): Composition[] {
    return answeredBySql();
  }
}

@Resolver(() => Region)
export class RegionCompositions {
  @FieldResolver(() => Composition, { description: DESCRIPTION })
  @OnDay(inRegion)
  composition(@AsAt() _asAt?: string): Composition {
    return answeredBySql();
  }

  @FieldResolver(() => [Composition], { description: TREND })
  @ByYear(inRegion)
  compositionTrend(@From() _from: number, @To() _to: number): Composition[] {
    return answeredBySql();
  }
}

@Resolver(() => LocalAuthority)
export class LocalAuthorityCompositions {
  @FieldResolver(() => Composition, { description: DESCRIPTION })
  @OnDay(inAuthority)
  composition(@AsAt() _asAt?: string): Composition {
    return answeredBySql();
  }

  @FieldResolver(() => [Composition], { description: TREND })
  @ByYear(inAuthority)
  compositionTrend(@From() _from: number, @To() _to: number): Composition[] {
    return answeredBySql();
  }
}
