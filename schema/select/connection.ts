/**
 * Relay connections (https://relay.dev/graphql/connections.htm) with keyset cursors (cursor.ts), forwards and backwards. The
 * page is picked first and joined after. The total is counted only when it is asked for: beside the page, or where texts
 * or figures are searched while they are.
 */

import { ArgsType, type ClassType, Field, Int, ObjectType } from 'type-graphql';
import { DEFAULT_PAGE_SIZE, MAXIMUM_PAGE_SIZE, MAXIMUM_TAKEN } from '../../src/limits.js';
import { refused } from '../../src/refused.js';
import { Columns } from './columns.js';
import { between, cursorOf, type Order, orderOf, type Window } from './cursor.js';
import { type Holds, joinsOf, PagePart, rowOf, type TableRow, WorkOf } from './field-sql.js';
import { buildObject } from './json-object.js';
import type { Select } from './select.js';
import { empty, join, raw, type Sql, sql } from './sql.js';

@ObjectType({ description: 'Where a page of a list stands in the whole.' })
export class PageInfo {
  @Field(() => Boolean, {
    description:
      'Whether more follow after endCursor. Of a page asked for with last: whether it was asked for before a cursor.',
  })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description:
      'Of a page asked for with last: whether more precede startCursor. Of any other: whether it was asked for after a cursor.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first entry of the page: the page before ends before it.',
  })
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

  @Field(() => Int, {
    nullable: true,
    description: `Pages backwards, in place of first: how many entries from the end, or before a cursor; up to ${MAXIMUM_PAGE_SIZE}. They come in the order of the list.`,
  })
  last?: number;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor (pageInfo.startCursor) before which the page ends.',
  })
  before?: string;
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
    @WorkOf(20)
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

export interface ListSource extends Order {
  table: Sql;
  where: (row: Sql, select: Select) => Sql;
  /** The same rows with more columns, which the order needs: a query of those of `table` that hold the condition. */
  inOrder?: (condition: (row: Sql) => Sql, select: Select) => Sql;
  /** Looks through texts or figures: finding the entries is the work, so that they are counted while they are found. */
  isSearch?: boolean;
  /** See TableRow. */
  mayBe?: Holds | undefined;
}

/** Rows of the list that are picked, before the order and the limit. */
function pickedFrom(source: ListSource, window: Window, picked: Sql, select: Select): Sql {
  const isOurs = (row: Sql) => source.where(row, select);
  return source.inOrder
    ? sql`(${source.inOrder(isOurs, select)}) ${picked} WHERE true${between(source, window, picked)}`
    : sql`${source.table} ${picked} WHERE ${isOurs(picked)}${between(source, window, picked)}`;
}

/** How many entries, and from which end. */
interface Page extends Window {
  size: number;
  backwards: boolean;
}

function pageOf({ first, last, after, before }: PageArgs, select: Select, largest: number): Page {
  const backwards = isGiven(last);
  if (backwards && select.says('first')) {
    throw refused('first, last', 'a page has one or the other');
  }
  const [name, size, cursor] = backwards
    ? ['last', last, 'before: pageInfo.startCursor']
    : ['first', first, 'after: pageInfo.endCursor'];
  if (size < 0 || size > largest) {
    throw refused(
      name,
      select.isTaken
        ? `0 to ${largest}, the most that can be taken away at once. Leave it out to take all`
        : `a page has 0 to ${largest} entries; take the rest with ${cursor}`,
    );
  }
  return { size, backwards, after, before };
}

export function connection(source: ListSource, args: PageArgs, select: Select): Sql {
  if (select.isTaken) return taken(source, args, select);
  if (select.isWithinTaken && !select.says('first') && !isGiven(args.last)) {
    throw refused(
      'first',
      `it is missing: within the entries of a list that is taken away, a list is a page. Say how many it may have, ${MAXIMUM_PAGE_SIZE} at most`,
    );
  }
  const page = pageOf(args, select, MAXIMUM_PAGE_SIZE);
  const { size, backwards } = page;
  const isWindow = isGiven(page.after) || isGiven(page.before);
  const children = select.children;
  const row: TableRow = { ...rowOf(select.alias('t')), mayBe: source.mayBe };
  const { alias } = row;
  const columns = new Columns(raw('p'));
  const node = (child: Select) => {
    const object = child.forEach(size).object(row);
    return columns.of(`node_${columns.size + 1}`, () => object);
  };
  const cursor = () => columns.of('cursor', () => cursorOf(source, alias, select));
  // One entry more than the page has shows that there is another page.
  const further = backwards ? 'hasPreviousPage' : 'hasNextPage';
  const looksFurther = children.some(
    ({ name, select: child }) => name === 'pageInfo' && child.children.some((part) => part.name === further),
  );
  const countsAsItFinds =
    source.isSearch === true && !isWindow && children.some(({ name }) => name === 'totalCount');
  // Entries are numbered from the end that the page is counted from, where more is told of it than they.
  const isNumbered = countsAsItFinds || children.some(({ name }) => name === 'pageInfo');
  const ordered = source.order.map((key, at) => ({
    ...key,
    sql: () => columns.of(`order_${at}`, () => key.sql(alias)),
  }));
  const array = (entry: Sql) =>
    isNumbered
      ? sql`coalesce(json_agg(${entry} ORDER BY ${raw(backwards ? 'p.n DESC' : 'p.n')}) FILTER (WHERE p.n <= ${size}), '[]')`
      : sql`coalesce(json_agg(${entry} ORDER BY ${orderOf({ ...source, order: ordered }, alias)}), '[]')`;
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
      pageInfo: () => pageInfo(child, page, cursor),
    };
    const value = values[name];
    return value ? [sql`${raw(`'${key}'`)}, ${value()}`] : [];
  });
  const picked = select.alias('t');
  // HAVING makes the outer query an aggregate, one row whatever is asked of it.
  const [total, found] = countsAsItFinds
    ? [sql`, ${alias}.total`, sql`, count(*) OVER () AS total`]
    : [empty, empty];
  const number = sql`row_number() OVER (ORDER BY ${orderOf(source, alias, backwards)}) AS n${total}`;
  const asked = join([
    ...(columns.size > 0 ? [columns.list((column) => column)] : []),
    ...(isNumbered ? [number] : []),
  ]);
  const rows = size + (looksFurther || countsAsItFinds ? 1 : 0);
  return sql`(SELECT ${buildObject(pairs)} FROM (
    SELECT ${asked} FROM (SELECT ${picked}.*${found} FROM ${pickedFrom(source, page, picked, select)}
      ORDER BY ${orderOf(source, picked, backwards)} LIMIT ${rows}) ${alias} ${joinsOf(row)}
  ) p HAVING true)`;
}

/** The whole list, or as much of it as is asked for, entry by entry. */
function taken(source: ListSource, args: PageArgs, select: Select): Sql {
  const isLimited = select.says('first') || isGiven(args.last);
  const page = isLimited ? pageOf(args, select, MAXIMUM_TAKEN) : null;
  const [list] = select.children.filter(({ name }) => name === 'nodes' || name === 'edges');
  const node = list!.name === 'nodes' ? list! : list!.select.children.find(({ name }) => name === 'node')!;
  const row: TableRow = { ...rowOf(select.alias('t')), mayBe: source.mayBe };
  const entry = node.select.forEach(1).object(row);
  const picked = select.alias('t');
  const limit = page ? sql`ORDER BY ${orderOf(source, picked, page.backwards)} LIMIT ${page.size}` : empty;
  return select.take(
    entry,
    sql`FROM (SELECT ${picked}.* FROM ${pickedFrom(source, args, picked, select)} ${limit}) ${row.alias} ${joinsOf(row)}
    ORDER BY ${orderOf(source, row.alias)}`,
  );
}

function countOf({ table, where }: ListSource, select: Select): Sql {
  const alias = select.alias('t');
  return sql`(SELECT count(*) FROM ${table} ${alias} WHERE ${where(alias, select)})`;
}

function pageInfo(select: Select, { size, backwards, after, before }: Page, cursor: () => Sql): Sql {
  const isMore = sql`count(*) > ${size}::int`;
  const nearest = () => sql`min(${cursor()}) FILTER (WHERE p.n = 1 AND p.n <= ${size})`;
  const furthest = () =>
    sql`(array_agg(${cursor()} ORDER BY p.n) FILTER (WHERE p.n <= ${size}))[least(count(*), ${size})]`;
  const parts = select.children.flatMap(({ key, name, select: child }) => {
    const values: Record<string, () => Sql> = {
      __typename: () => child.typeName,
      hasNextPage: () => (backwards ? sql`${isGiven(before)}::boolean` : isMore),
      hasPreviousPage: () => (backwards ? isMore : sql`${isGiven(after)}::boolean`),
      startCursor: backwards ? furthest : nearest,
      endCursor: backwards ? nearest : furthest,
    };
    const value = values[name];
    return value ? [sql`${raw(`'${key}'`)}, ${value()}`] : [];
  });
  return buildObject(parts);
}

const isGiven = <T>(value: T | undefined | null): value is T => value !== undefined && value !== null;
