/**
 * What a list of places is ordered by: facts of its places and values of indicators, several of them, each either way. What
 * is not known stands last, and of places that are alike in all of it the one with the smaller id comes first, or
 * the larger where the last key is descending.
 */
import { type ClassType, Field, InputType } from 'type-graphql';
import { MAXIMUM_VALUES } from '../../src/limits.js';
import { entriesOf, entryOf, partOf, refused, refuseLonger } from '../../src/refused.js';
import { describedEnum } from '../enum-of.js';
import type { ListSource } from '../select/connection.js';
import { type OrderKey, periodsIn, type Window } from '../select/cursor.js';
import { raw, sql } from '../select/sql.js';
import type { LevelName } from './level-figures.js';
import { IndicatorValue, periodOf, valueColumn, withValues } from './values.js';

export const Direction = describedEnum('Direction', 'Which way a list is ordered.', {
  ASC: { description: 'Smallest, or A, first.' },
  DESC: { description: 'Largest, or Z, first.' },
});

/** A fact of a place: a column of its table. */
interface OrderedBy extends Pick<OrderKey, 'type' | 'isNullable'> {
  column: string;
  description: string;
}

/** One entry of orderBy. */
export interface OrderEntry {
  field?: string | null;
  indicator?: IndicatorValue | null;
  direction: 'ASC' | 'DESC';
}

/** What a list can be ordered by. */
interface Orders {
  input: ClassType<OrderEntry>;
  /** The list in this order, by fields whose names are in `byDefault` where none are asked for. */
  order: (
    asked: Window & { orderBy?: OrderEntry[] | null | undefined },
    few: boolean,
  ) => Pick<ListSource, 'name' | 'order' | 'inOrder' | 'periods'>;
}

/** `noun` names the types, `plural` the list; `id` is the field that no two places have alike. */
export function ordersOf<F extends string>(
  { noun, plural, level }: { noun: string; plural: string; level: LevelName },
  fields: Record<F, OrderedBy>,
  { id, byDefault }: { id: NoInfer<F>; byDefault: NoInfer<F> },
): Orders {
  const OrderField = describedEnum(
    `${noun}OrderField`,
    `What a list of ${plural} can be ordered by.`,
    fields,
  );

  @InputType(`${noun}Order`, {
    description: `What a list of ${plural} is ordered by: a field, or an indicator. Those that are alike in all keys come in the order of ${id}.`,
  })
  class Order implements OrderEntry {
    @Field(() => OrderField, { nullable: true, description: 'By which fact.' })
    field?: string | null;

    @Field(() => IndicatorValue, {
      nullable: true,
      description:
        'By the value of an indicator: what is not known, or is withheld, last. In place of field.',
    })
    indicator?: IndicatorValue | null;

    @Field(() => Direction, { defaultValue: 'ASC', description: 'Which way.' })
    direction!: 'ASC' | 'DESC';
  }

  const keyOf = (field: F, descending: boolean): OrderKey => {
    const { column, type, isNullable = false } = fields[field];
    return { sql: (row) => sql`${row}.${raw(column)}`, type, isNullable, descending };
  };
  return {
    input: Order,
    order: ({ orderBy, ...window }, few) => {
      const asked = orderBy?.length ? orderBy : [{ field: byDefault, direction: 'ASC' as const }];
      refuseUnlessOrder(asked);
      const indicators = asked.flatMap(({ indicator }, at) =>
        indicator ? [{ indicator, where: partOf(entryOf('orderBy', at, asked.length), 'indicator') }] : [],
      );
      // The pages after the first go by the periods that were the newest then.
      const pinned = periodsIn(window);
      const values = indicators.map(({ indicator, where }, at) => ({
        value: { ...indicator, period: indicator.period ?? pinned[at] ?? null },
        where,
      }));
      const keys = asked.map(({ field, indicator, direction }): OrderKey => {
        const descending = direction === 'DESC';
        if (!indicator) return keyOf(field as F, descending);
        const column = valueColumn(indicators.findIndex((one) => one.indicator === indicator));
        return { sql: (row) => sql`${row}.${column}`, type: 'float8', isNullable: true, descending };
      });
      if (!asked.some(({ field }) => field === id)) keys.push(keyOf(id, asked.at(-1)!.direction === 'DESC'));
      return {
        name: `${plural} by ${asked.map(nameOf).join(', ')}`,
        order: keys,
        ...(values.length > 0 && {
          inOrder: (condition, select) => withValues(level, values, { condition, few }, select),
          periods: (select) => values.map((value) => periodOf(level, value, select)),
        }),
      };
    },
  };
}

function refuseUnlessOrder(entries: OrderEntry[]): void {
  const isUnclear = ({ field, indicator }: OrderEntry) => Boolean(field) === Boolean(indicator);
  if (entries.some(isUnclear)) {
    throw refused(
      entriesOf('orderBy', entries, isUnclear),
      'each entry has a field or an indicator, and not both',
    );
  }
  refuseLonger('orderBy', entries, MAXIMUM_VALUES);
}

const nameOf = ({ field, indicator, direction }: OrderEntry): string =>
  indicator
    ? `${indicator.id} ${indicator.period ?? 'newest'} ${indicator.breakdown ?? 'total'} ${direction}`
    : `${field} ${direction}`;
