/**
 * What a list is ordered by, and cursors, which hold the values of an entry that the order goes by: so that a cursor stays
 * good while rows come and go. What is not known stands last, whichever way the list is ordered.
 */
import { refused } from '../../src/refused.js';
import type { Select } from './select.js';
import { join, raw, type Sql, sql } from './sql.js';

/** One thing that a list is ordered by. */
export interface OrderKey {
  sql: (row: Sql) => Sql;
  /** Postgres type, to read a cursor's value back. */
  type: 'text' | 'int' | 'float8';
  descending?: boolean;
  /** It can be null, and then stands last. */
  isNullable?: boolean;
}

/** An order with its name, under which a cursor of another is refused. The last key must be unique and never null. */
export interface Order {
  name: string;
  order: OrderKey[];
  /**
   * Codes of the periods that the order goes by, where it names none: a cursor holds them, and the pages after it go by the same,
   * whatever has been published since.
   */
  periods?: (select: Select) => readonly string[];
}

/** ORDER BY, or the same list from its end. */
export const orderOf = ({ order }: Order, row: Sql, backwards = false): Sql =>
  join(
    order.map(({ sql: by, descending = false, isNullable }) => {
      const nulls = isNullable ? (backwards ? ' NULLS FIRST' : ' NULLS LAST') : '';
      return sql`${by(row)}${raw(descending === backwards ? '' : ' DESC')}${raw(nulls)}`;
    }),
    ', ',
  );

/** The values that the list is ordered by, as text that no client takes apart. */
export const cursorOf = ({ name, order, periods }: Order, row: Sql, select: Select): Sql =>
  sql`translate(encode(convert_to(json_build_array(${join(
    [
      sql`${name}::text`,
      ...(periods ? [sql`${periods(select)}::text[]`] : []),
      ...order.map(({ sql: by }) => by(row)),
    ],
    ', ',
  )})::text, 'UTF8'), 'base64'), E'\n', '')`;

export interface Window {
  after?: string | null | undefined;
  before?: string | null | undefined;
}

/** Rows between two cursors, as a condition that others precede. */
export const between = (order: Order, { after, before }: Window, row: Sql): Sql =>
  sql`${beyond(order, 'after', after, row)}${beyond(order, 'before', before, row)}`;

/** (a, b, c) > (x, y, z), written out because directions may differ, and some may be null. */
function beyond(asked: Order, side: keyof Window, cursor: string | null | undefined, row: Sql): Sql {
  if (cursor === undefined || cursor === null) return sql``;
  const { order } = asked;
  const values = readCursor(cursor, side, asked);
  const alternatives = order.map((key, at) => {
    const equal = order.slice(0, at).map((one, before) => isEqual(one, values[before]!, row));
    return sql`(${join([...equal, isBeyond(key, side, values[at]!, row)], ' AND ')})`;
  });
  return sql` AND (${join(alternatives, ' OR ')})`;
}

type Value = string | number | null;

const isEqual = ({ sql: by, type }: OrderKey, value: Value, row: Sql): Sql =>
  value === null ? sql`${by(row)} IS NULL` : sql`${by(row)} = ${value}::${raw(type)}`;

function isBeyond(
  { sql: by, type, descending = false, isNullable }: OrderKey,
  side: keyof Window,
  value: Value,
  row: Sql,
): Sql {
  // What is null stands last: all that is known is before it, and nothing after.
  if (value === null) return side === 'before' ? sql`${by(row)} IS NOT NULL` : sql`false`;
  const sign = raw(descending === (side === 'after') ? '<' : '>');
  const isFurther = sql`${by(row)} ${sign} ${value}::${raw(type)}`;
  return isNullable && side === 'after' ? sql`(${isFurther} OR ${by(row)} IS NULL)` : isFurther;
}

const LARGEST_INT = 2_147_483_647;

const FITS: Record<OrderKey['type'], (value: unknown) => boolean> = {
  int: (value) => Number.isInteger(value) && Math.abs(value as number) <= LARGEST_INT,
  float8: (value) => Number.isFinite(value),
  text: (value) => typeof value === 'string',
};

const partsOf = (cursor: string) => JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as unknown[];

/** The periods that a cursor holds; none where there is no cursor, or one of an order that names its own. */
export function periodsIn({ after, before }: Window): readonly string[] {
  try {
    const [, periods] = partsOf(after ?? before ?? '');
    return Array.isArray(periods) ? periods.filter((code) => typeof code === 'string') : [];
  } catch {
    return []; // told where its values are read
  }
}

function readCursor(cursor: string, side: keyof Window, { name, order, periods }: Order): Value[] {
  try {
    const [list, ...parts] = partsOf(cursor);
    const values = periods ? parts.slice(1) : parts;
    const fits =
      list === name &&
      values.length === order.length &&
      order.every(
        ({ type, isNullable }, at) => FITS[type](values[at]) || (isNullable && values[at] === null),
      );
    if (fits) return values as Value[];
  } catch {}
  const from = side === 'after' ? 'endCursor of the page before' : 'startCursor of the page after';
  throw refused(side, `not a cursor of this list in this order: take it from pageInfo.${from}`);
}
