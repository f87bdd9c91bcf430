/**
 * How a field declares its SQL, beside the field: `@SqlField((row, args, select) => sql`…`)`. A field that is a
 * column of its entity needs no declaration. A field with neither is an ordinary resolver; it may say with
 * `@Needs` which values of its parent it reads.
 */

import { Extensions } from 'type-graphql';
import type { Context } from '../context.js';
import type { Findable } from './asked.js';
import type { Select } from './select.js';
import { join, type Sql } from './sql.js';

/**
 * SQL for the JSON of one field. `row` is whatever the field's parent is read from — for an entity a TableRow —
 * `args` are the field's coerced arguments, `select` knows what is asked below it.
 */
// biome-ignore lint/suspicious/noExplicitAny: each type's fields know the row and the arguments they get
export type FieldSql = (row: any, args: any, select: Select) => Sql;

/** Whether it has any of these schools. */
export type Holds = (urns: readonly number[]) => boolean;

/** A row of a table within a FROM clause. What is read beside it becomes joins of the same FROM. */
export interface TableRow {
  alias: Sql;
  /** One that grows while the fields below are looked at is a function, called when they all have been. */
  joins: (Sql | (() => Sql))[];
  /** Joins that several fields read from, under what they are. */
  shared: Map<string, unknown>;
  /** What names the one row that there can be, where the question does. */
  key?: Findable | undefined;
  /** Of rows of schools: whether any of these can be among them, where that is known before they are read. */
  mayBe?: Holds | undefined;
}

export const rowOf = (alias: Sql, joins: TableRow['joins'] = []): TableRow => ({
  alias,
  joins,
  shared: new Map(),
});

/** The joins of a row, when everything below it has been looked at. */
export const joinsOf = ({ joins }: Pick<TableRow, 'joins'>): Sql =>
  join(
    joins.map((one) => (typeof one === 'function' ? one() : one)),
    ' ',
  );

/** What a question is reckoned to cost by (src/limits/cost.ts); where it depends on them, of the field's arguments. */
// biome-ignore lint/suspicious/noExplicitAny: each field knows the arguments it gets
export type Costs = number | ((args: any) => number);

export interface FieldExtensions {
  sql?: FieldSql;
  needs?: Record<string, FieldSql>;
  moves?: true;
  pagePart?: 'list' | 'entry' | 'beside';
  columnsBy?: string;
  looksUpBy?: string;
  completedBy?: (value: unknown, context: Context) => unknown;
  costs?: Costs;
  entries?: Costs;
}

/** Declares the SQL of a field that is not a plain column. */
export const SqlField = (sql: FieldSql) => Extensions({ sql } satisfies FieldExtensions);

/** Values that an ordinary resolver reads from its parent, under names that begin with "#". */
export const Needs = (needs: Record<string, FieldSql>) => Extensions({ needs } satisfies FieldExtensions);

/** Marks a field whose answer can change while the data version stands: it tells of runs, or of the time of day. */
export const Moves = () => Extensions({ moves: true } satisfies FieldExtensions);

/** Of a page of a list: the list, an entry of it, or what is told beside them. */
export const PagePart = (pagePart: NonNullable<FieldExtensions['pagePart']>) =>
  Extensions({ pagePart } satisfies FieldExtensions);

/** Marks a list that has an entry for each value of an argument: in a table it is columns, not rows. */
export const ColumnsBy = (columnsBy: string) => Extensions({ columnsBy } satisfies FieldExtensions);

/** Marks an argument that the field only looks rows up by: its SQL gets it as Asked, and null as it is. */
export const LooksUpBy = (looksUpBy: string) => Extensions({ looksUpBy } satisfies FieldExtensions);

/** Marks a field of which SQL answers only what something is, where other resolvers know it: they make it whole. */
export const CompletedBy = (completedBy: NonNullable<FieldExtensions['completedBy']>) =>
  Extensions({ completedBy } satisfies FieldExtensions);

/** Declares what a field works, in points, beyond the objects that it answers with: it goes through more of them. */
export const WorkOf = (costs: Costs) => Extensions({ costs } satisfies FieldExtensions);

/** Declares how many entries a list is reckoned to have, which nobody asks for a number of. */
export const Entries = (entries: Costs) => Extensions({ entries } satisfies FieldExtensions);
