/**
 * Relay connections (https://relay.dev/graphql/connections.htm) with keyset cursors: a cursor holds the values
 * that the order goes by, so that it stays good while rows come and go. The page is picked first and
 * joined after, the total counted only when it is asked for.
 */

import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { SchoolGraphError } from '../../src/errors.js';
import { DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE, MAXIMUM_TAKEN } from '../../src/limits.js';
import { Columns } from './columns.js';
import { joinsOf, PagePart, rowOf } from './field-sql.js';
import { buildObject, type Select } from './select.js';
import { empty, join, raw, type Sql, sql } from './sql.js';

@ObjectType({ description: 'Where a page of a list stands in the whole.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follow after endCursor.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether the page was asked for after a cursor, so that others precede it.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first entry of the page.' })
  startCursor?: string;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last entry of the page: the next page begins after it.',
  })
  endCursor?: string;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    defaultValue: DEFAULT_PAGE_SIZE,
    description: `How many entries at most: up to ${MAXIMUM_PAGE_SIZE}.`,
  })
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor (pageInfo.endCursor) after which the page begins.',
  })
  after?: string;
}

/** Makes the connection and edge types of an object type. */
export function connectionOf<T extends object>(node: ClassType<T>, name: string, plural: string): ClassType {
  @ObjectType(`${name}Edge`, { description: `One of the ${plural} of a list, with its cursor.` })
  class Edge {
    @PagePart('beside')
    @Field(() => String, { description: 'Names this entry’s place in the list.' })
    cursor!: string;

    @PagePart('entry')
    @Field(() => node, { description: 'The entry itself.' })
    node!: T;
  }

  @ObjectType(`${name}Connection`, { description: `A page of a list of ${plural}.` })
  class Connection {
    @PagePart('beside')
    @Field(() => Int, { description: 'How many the whole list has.' })
    totalCount!: number;

    @PagePart('list')
    @Field(() => [node], { description: `The ${plural} of this page.` })
    nodes!: T[];

    @PagePart('list')
    @Field(() => [Edge], { description: 'The same with cursors.' })
    edges!: Edge[];

    @PagePart('beside')
    @Field(() => PageInfo, { description: 'Where the page stands in the whole list.' })
    pageInfo!: PageInfo;
  }
  return Connection;
}

/** One thing that a list is ordered by. Nulls are not allowed in it: coalesce them. */
export interface OrderKey {
  sql: (row: Sql) => Sql;
  /** Postgres type, to read a cursor's value back. */
  type: 'text' | 'int';
  descending?: boolean;
}

export interface ListSource {
  /** Names the list and its order in cursors, so that a cursor of another is refused. */
  name: string;
  table: Sql;
  where: (row: Sql, select: Select) => Sql;
  /** Looks through texts: finding the entries is the work, so that they are counted while they are found. */
  searchesText?: boolean;
  /** The last key must be unique. */
  order: OrderKey[];
}

export function connection(source: ListSource, page: PageArgs, select: Select): Sql {
  if (select.isTaken) return taken(source, page, select);
  const { first, after } = page;
  if (select.isWithinTaken && !select.says('first')) {
    throw new SchoolGraphError(
      'BAD_USER_INPUT',
      `first is missing: within the entries of a list that is taken away, a list is a page. Say how many it may have, ${MAXIMUM_PAGE_SIZE} at most`,
    );
  }
  if (first < 0) throw new SchoolGraphError('BAD_USER_INPUT', `first: ${first} is less than nothing`);
  if (first > MAXIMUM_PAGE_SIZE) {
    throw new SchoolGraphError(
      'BAD_USER_INPUT',
      `first: ${first} is more than a page may have: ${MAXIMUM_PAGE_SIZE} at most; take the rest with after: pageInfo.endCursor`,
    );
  }
  const children = select.children;
  const row = rowOf(select.alias('t'));
  const { alias } = row;
  const columns = new Columns(raw('p'));
  const node = (child: Select) => {
    const object = child.forEach(first).object(row);
    return columns.of(`node_${columns.size + 1}`, () => object);
  };
  const cursor = () => columns.of('cursor', () => cursorOf(source, alias));
  // One entry more than the page has shows that there is a next page.
  const looksFurther = children.some(
    ({ name, select: child }) =>
      name === 'pageInfo' && child.children.some((part) => part.name === 'hasNextPage'),
  );
  const countsAsItFinds =
    source.searchesText === true && !isGiven(after) && children.some(({ name }) => name === 'totalCount');
  const array = (entry: Sql) =>
    sql`coalesce(json_agg(${entry} ORDER BY p.n) FILTER (WHERE p.n <= ${first}), '[]')`;
  const ofEdge = ({ name, select: part }: (typeof children)[number]): Sql => {
    if (name === '__typename') return part.typeName;
    return name === 'cursor' ? cursor() : node(part);
  };
  const pairs = children.flatMap(({ key, name, select: child }) => {
    const values: Record<string, () => Sql> = {
      __typename: () => child.typeName,
      totalCount: () => (countsAsItFinds ? sql`coalesce(max(p.total), 0)` : countOf(source, select)),
      nodes: () => array(node(child)),
      edges: () =>
        array(buildObject(child.children.map((part) => sql`${raw(`'${part.key}'`)}, ${ofEdge(part)}`))),
      pageInfo: () => pageInfo(child, first, isGiven(after), cursor),
    };
    const value = values[name];
    return value ? [sql`${raw(`'${key}'`)}, ${value()}`] : [];
  });
  const picked = select.alias('t');
  // HAVING makes the outer query an aggregate, one row whatever is asked of it.
  const [total, found] = countsAsItFinds
    ? [sql`, ${alias}.total`, sql`, count(*) OVER () AS total`]
    : [empty, empty];
  const asked = columns.size > 0 ? sql`${columns.list((column) => column)}, ` : empty;
  const rows = first + (looksFurther || countsAsItFinds ? 1 : 0);
  return sql`(SELECT ${buildObject(pairs)} FROM (
    SELECT ${asked}row_number() OVER (ORDER BY ${orderOf(source, alias)}) AS n${total}
    FROM (SELECT ${picked}.*${found} FROM ${source.table} ${picked} WHERE ${source.where(picked, select)}${afterCursor(source, after, picked)}
      ORDER BY ${orderOf(source, picked)} LIMIT ${rows}) ${alias} ${joinsOf(row)}
  ) p HAVING true)`;
}

/** The whole list, or as much of it as is asked for, entry by entry. */
function taken(source: ListSource, { first, after }: PageArgs, select: Select): Sql {
  const isLimited = select.says('first');
  if (isLimited && (first < 0 || first > MAXIMUM_TAKEN)) {
    throw new SchoolGraphError(
      'BAD_USER_INPUT',
      `first: ${first} is not between 0 and ${MAXIMUM_TAKEN}, the most that can be taken away at once. Leave it out to take all`,
    );
  }
  const [list] = select.children.filter(({ name }) => name === 'nodes' || name === 'edges');
  const node = list!.name === 'nodes' ? list! : list!.select.children.find(({ name }) => name === 'node')!;
  const row = rowOf(select.alias('t'));
  const entry = node.select.forEach(1).object(row);
  const picked = select.alias('t');
  const limit = isLimited ? sql`ORDER BY ${orderOf(source, picked)} LIMIT ${first}` : empty;
  return select.take(
    entry,
    sql`FROM (SELECT ${picked}.* FROM ${source.table} ${picked} WHERE ${source.where(picked, select)}${afterCursor(source, after, picked)} ${limit}) ${row.alias} ${joinsOf(row)}
    ORDER BY ${orderOf(source, row.alias)}`,
  );
}

const orderOf = ({ order }: ListSource, row: Sql): Sql =>
  join(
    order.map(({ sql: by, descending }) => (descending ? sql`${by(row)} DESC` : by(row))),
    ', ',
  );

/** The values that the list is ordered by, as text that no client takes apart. */
const cursorOf = ({ name, order }: ListSource, row: Sql): Sql =>
  sql`translate(encode(convert_to(json_build_array(${join(
    [sql`${name}::text`, ...order.map(({ sql: by }) => by(row))],
    ', ',
  )})::text, 'UTF8'), 'base64'), E'\n', '')`;

function countOf({ table, where }: ListSource, select: Select): Sql {
  const alias = select.alias('t');
  return sql`(SELECT count(*) FROM ${table} ${alias} WHERE ${where(alias, select)})`;
}

function pageInfo(select: Select, first: number, hasPrevious: boolean, cursor: () => Sql): Sql {
  const parts = select.children.flatMap(({ key, name, select: child }) => {
    const values: Record<string, () => Sql> = {
      __typename: () => child.typeName,
      hasNextPage: () => sql`count(*) > ${first}::int`,
      hasPreviousPage: () => sql`${hasPrevious}::boolean`,
      startCursor: () => sql`min(${cursor()}) FILTER (WHERE p.n = 1 AND p.n <= ${first})`,
      endCursor: () =>
        sql`(array_agg(${cursor()} ORDER BY p.n) FILTER (WHERE p.n <= ${first}))[least(count(*), ${first})]`,
    };
    const value = values[name];
    return value ? [sql`${raw(`'${key}'`)}, ${value()}`] : [];
  });
  return buildObject(parts);
}

const isGiven = (after: string | null | undefined): after is string => after !== undefined && after !== null;

/** Rows after the cursor: (a, b, c) > (x, y, z), written out because directions may differ. */
function afterCursor(source: ListSource, after: string | undefined, row: Sql): Sql {
  if (!isGiven(after)) return sql``;
  const { order } = source;
  const values = readCursor(after, source);
  const alternatives = order.map(({ sql: by, type, descending }, at) => {
    const equal = order
      .slice(0, at)
      .map((key, before) => sql`${key.sql(row)} = ${values[before]}::${raw(key.type)}`);
    return sql`(${join([...equal, sql`${by(row)} ${raw(descending ? '<' : '>')} ${values[at]}::${raw(type)}`], ' AND ')})`;
  });
  return sql` AND (${join(alternatives, ' OR ')})`;
}

const LARGEST_INT = 2_147_483_647;

function readCursor(cursor: string, { name, order }: ListSource): (string | number)[] {
  try {
    const [list, ...values] = JSON.parse(Buffer.from(cursor, 'base64').toString('utf8')) as unknown[];
    const fits =
      list === name &&
      values.length === order.length &&
      order.every(({ type }, at) =>
        type === 'int'
          ? Number.isInteger(values[at]) && Math.abs(values[at] as number) <= LARGEST_INT
          : typeof values[at] === 'string',
      );
    if (fits) return values as (string | number)[];
  } catch {}
  throw new SchoolGraphError(
    'BAD_USER_INPUT',
    'after is not a cursor of this list in this order: take it from pageInfo.endCursor of the page before',
  );
}
