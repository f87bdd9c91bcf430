/**
 * Place: what England, a region, a local authority, a trust and a school have in common. Each answers the same
 * question, indicator(id); where its figures are is declared on its type with @FiguresFrom.
 */

import type { GraphQLObjectType } from 'graphql';
import {
  Arg,
  Ctx,
  Extensions,
  Field,
  FieldResolver,
  ID,
  InterfaceType,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { MAXIMUM_INDICATORS } from '../../src/limits.js';
import { entryOf, partOf, refused, refuseLonger } from '../../src/refused.js';
import type { Context } from '../context.js';
import { Indicator } from '../indicator/indicator.js';
import { nearestIds } from '../indicator/nearest-ids.js';
import type { FigureSource } from '../observation/figures.js';
import { Observation } from '../observation/observation.js';
import { all, newest, type PlaceIndicatorRow } from '../observation/passes.js';
import { answeredBySql } from '../select/answered-by-sql.js';
import { noteAsOf } from '../select/as-of.js';
import { ColumnsBy, Needs, SqlField, type TableRow } from '../select/field-sql.js';
import type { Known, Stored } from '../select/known.js';
import type { Select } from '../select/select.js';
import { join, sql } from '../select/sql.js';
import { TYPE_KEY } from '../select/type-name.js';
import { BREAKDOWN } from './figure-arguments.js';

/** Declares, on an object type, where the figures of its rows are. */
export const FiguresFrom = (figureSource: (row: TableRow, select: Select) => FigureSource) =>
  Extensions({ figureSource });

@ObjectType({ description: 'One indicator for one place: its newest figure, any one period, or the series.' })
export class PlaceIndicator {
  @Field(() => Observation, {
    nullable: true,
    description: 'The newest period that has a row for this place. Null where nothing is published for it.',
  })
  @SqlField((row: PlaceIndicatorRow, _args, select) => newest({ ...row, periods: null }, select))
  latest?: Observation;

  @Field(() => [Observation], { description: 'Every period that has a row for this place, oldest first.' })
  @SqlField((row: PlaceIndicatorRow, _args, select) => all(row, select))
  series!: Observation[];
}

@Resolver(() => PlaceIndicator)
export class PlaceIndicatorFields {
  @FieldResolver(() => Indicator, { description: 'What is measured, and how.' })
  @Needs({ '#indicator': ({ indicator }: PlaceIndicatorRow) => sql`${indicator.id}::text` })
  indicator(
    @Root() { '#indicator': id }: { '#indicator': string },
    @Ctx() { known }: Context,
  ): CataloguedIndicator {
    return known.indicators.get(id)!;
  }

  @FieldResolver(() => Observation, {
    nullable: true,
    description:
      'The figure of one period, by its published code (201617, 2024) or its label (2016/17). Null where the file has no row for this place and period.',
  })
  @SqlField((row: PlaceIndicatorRow, { period }: { period: string }, select) => {
    return newest({ ...row, periods: publishedCodes(row.indicator, [period], 'period', select) }, select);
  })
  observation(
    @Arg('period', () => String, { description: 'Code as published: 201617, 2024.' }) _period: string,
  ): Observation {
    return answeredBySql();
  }
}

@InterfaceType({
  resolveType: (place) => (place as unknown as Record<string, string>)[TYPE_KEY],
  description:
    'A place that figures are about: England, a region, a local authority, a trust or a school. All answer the same question, indicator(id).',
})
export abstract class Place {
  @Field(() => String, { description: 'Name as registered.' })
  name!: string;

  @Field(() => PlaceIndicator, {
    description: 'One indicator for this place, by its id, such as "suspension-rate".',
  })
  @SqlField((row: TableRow, { id, breakdown }: { id: string; breakdown?: string }, select) =>
    select.object(
      placeIndicator({ row, type: select.parent }, select, { id, breakdown, where: { id: 'id' } }),
    ),
  )
  indicator(
    @Arg('id', () => ID, { description: 'Id of the indicator: suspension-rate.' }) _id: string,
    @Arg('breakdown', () => String, BREAKDOWN) _breakdown?: string,
  ): PlaceIndicator {
    return answeredBySql();
  }

  @ColumnsBy('ids')
  @Field(() => [PlaceIndicator], {
    description: `Several indicators for this place, in the order asked; ${MAXIMUM_INDICATORS} at most.`,
  })
  @SqlField((row: TableRow, args: { ids: string[]; periods?: string[]; breakdown?: string }, select) => {
    refuseLonger('ids', args.ids, MAXIMUM_INDICATORS);
    const objects = args.ids.map((id, at) => {
      const where = { id: entryOf('ids', at, args.ids.length) };
      return select.object(placeIndicator({ row, type: select.parent }, select, { ...args, id, where }));
    });
    return sql`json_build_array(${join(objects, ', ')})`;
  })
  indicators(
    @Arg('ids', () => [ID], { description: 'Ids of the indicators.' }) _ids: string[],
    @Arg('periods', () => [String], {
      nullable: true,
      description: 'Keeps these periods in the series, by published code. Left out: all.',
    })
    _periods?: string[],
    @Arg('breakdown', () => String, BREAKDOWN) _breakdown?: string,
  ): PlaceIndicator[] {
    return answeredBySql();
  }
}

/** The indicator of an id. Refuses one that there is not. `where`: where the id stands in the question. */
export function knownIndicator(
  { known: { indicators } }: { known: Pick<Known, 'indicators'> },
  id: string,
  where = 'indicator',
): CataloguedIndicator {
  const indicator = indicators.get(id);
  if (indicator) return indicator;
  throw refused(
    where,
    `there is no indicator of this id. Nearest: ${nearestIds(id, indicators).join(', ')}. All ${indicators.size}: indicators(search:) { id }`,
    'UNKNOWN_INDICATOR',
  );
}

/** Where the parts of a question about an indicator stand, where they are no arguments of their own names. */
export interface Where {
  id?: string;
  breakdown?: string;
  period?: string;
}

/** Of a question that is itself a part of what was asked: one of filter.indicator. `id`: what its id is called there. */
export const whereOf = (where: string, id = 'id') => ({
  id: partOf(where, id),
  period: partOf(where, 'period'),
  breakdown: partOf(where, 'breakdown'),
});

/** Of an indicator, one period, several, or all; each by the argument that it was asked with. */
interface IndicatorQuestion {
  id: string;
  breakdown?: string | null | undefined;
  period?: string | null | undefined;
  periods?: string[] | null | undefined;
  where?: Where;
}

/** The breakdown of a code; null for the total. Refuses one that the indicator does not have. */
export function knownBreakdown(
  { id, dataSet }: CataloguedIndicator,
  code: string | null | undefined,
  select: Select,
  where = 'breakdown',
): string | null {
  if (code === undefined || code === null || code === 'total') return null;
  const known = select.known.breakdowns(dataSet.id).map((breakdown) => breakdown.code);
  if (known.includes(code)) return code;
  throw refused(
    where,
    `${id} has no breakdown of this code. It has: ${['total', ...known].slice(0, 40).join(', ')}${known.length > 39 ? ', …: see indicator { breakdowns { code } }' : ''}`,
  );
}

/** What the fields of an indicator of a place are read from. Refuses what the indicator does not have. */
export function placeIndicator(
  { row, type }: { row: TableRow; type: GraphQLObjectType },
  select: Select,
  { id, breakdown, period, periods, where = {} }: IndicatorQuestion,
): PlaceIndicatorRow {
  const indicator = knownIndicator(select, id, where.id);
  const code = knownBreakdown(indicator, breakdown, select, where.breakdown);
  noteAsOf(select, indicator.dataSet.id);
  const { figureSource } = type.extensions as {
    figureSource: (row: TableRow, select: Select) => FigureSource;
  };
  return {
    row,
    source: figureSource(row, select),
    indicator,
    stored: select.known.stored(id) ?? NOT_STORED,
    breakdown: code,
    periods:
      typeof period === 'string'
        ? publishedCodes(indicator, [period], where.period ?? 'period', select)
        : periods
          ? publishedCodes(indicator, periods, 'periods', select)
          : null,
  };
}

/** Of an indicator that has not reached the database yet there are no figures. */
const NOT_STORED: Stored = {
  dataSetNumber: 0,
  position: 0,
  numerator: null,
  denominator: null,
  multiplier: null,
  seriesMeasure: null,
  meanings: {},
};

/** Published codes of periods that were asked for by code or label. Refuses one that the data set does not have. */
function publishedCodes(
  { id, dataSet, series }: CataloguedIndicator,
  asked: string[],
  argument: string,
  select: Select,
): string[] {
  const known = series?.periods ?? select.known.periods(dataSet.id);
  // Before the first load there is nothing to be wrong about.
  if (known.length === 0) return asked;
  return asked.map((period, at) => {
    const found =
      known.find(({ code, label }) => code === period || label === period) ??
      // "2024/25" for "2024/25 (provisional)".
      known.find(({ label }) => label.startsWith(`${period} (`));
    if (found) return found.code;
    throw refused(
      entryOf(argument, at, asked.length),
      `${id} has no such period. It has: ${known.map(({ code }) => code).join(', ')}`,
    );
  });
}
