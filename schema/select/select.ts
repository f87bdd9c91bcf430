/**
 * Selection to SQL: what is asked of a field becomes its part of the one statement (statement.ts), which answers with JSON. This is
 * the one place that walks a selection; what a field's SQL is, stands beside the field. Variables, fragments, @skip/@include and
 * merged fields are graphql-js's own (collectFields).
 */
import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isObjectType,
  Kind,
} from 'graphql';
import { collectSubfields } from 'graphql/execution/collectFields.js';
import { getArgumentValues } from 'graphql/execution/values.js';
import { SchoolGraphError } from '../../src/errors.js';
import { asOfBound, isReleasedAsOf, releasedAsOf, validAsOf } from './as-of.js';
import { Asked } from './asked.js';
import { type FieldExtensions, joinsOf, rowOf, type TableRow } from './field-sql.js';
import { buildObject, literal } from './json-object.js';
import type { Known } from './known.js';
import { Plan } from './plan.js';
import { raw, type Sql, sql } from './sql.js';
import { fieldOf, TYPE_KEY } from './type-name.js';

/** What a field has from those above it. */
interface Scope {
  /** How many rows it may be read for. */
  times: number;
  /** The day that the root field was asked as of; null for now. */
  asOf: string | null;
  /** Response keys from the field to the list that is taken away: none for the list itself, null for what is not on its way. */
  way: readonly string[] | null;
}

/** What is asked of one field: its sub-selection, and how to turn that into SQL. */
export class Select {
  private constructor(
    private readonly plan: Plan,
    /** The type that the field stands on. */
    readonly parent: GraphQLObjectType,
    /** The object type that the field answers with; null for a scalar. */
    private readonly type: GraphQLObjectType | null,
    private readonly nodes: readonly FieldNode[],
    private readonly scope: Scope,
    /** The field answers with an interface: the object says what it is. */
    private readonly tellsType = false,
  ) {}

  /** SQL of a field that has some, read from `row`. Throws a GraphQLError where it is asked wrongly. */
  static field(
    plan: Plan,
    parent: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    row: unknown,
    scope: Scope,
  ): Sql {
    const { sql: fieldSql, looksUpBy } = field.extensions as FieldExtensions;
    const named = getNamedType(field.type);
    try {
      const args = getArgumentValues(field, nodes[0]!, plan.document.variableValues);
      if (looksUpBy) args[looksUpBy] = askedOf(args[looksUpBy]);
      const asOf = (args.asOf as string | null | undefined) ?? scope.asOf;
      const type = isObjectType(named) ? named : null;
      return fieldSql!(
        row,
        args,
        new Select(plan, parent, type, nodes, { ...scope, asOf, way: wayOn(scope.way, nodes) }),
      );
    } catch (error) {
      // Names the field that was asked wrongly, at its place in the query.
      if (error instanceof SchoolGraphError) {
        throw new GraphQLError(error.message, {
          nodes,
          originalError: error,
          extensions: { code: error.code },
        });
      }
      throw error;
    }
  }

  /** The same selection, read for each of `rows` rows of a list. */
  forEach(rows: number): Select {
    const times = this.scope.times * rows;
    this.plan.expect(times);
    return new Select(this.plan, this.parent, this.type, this.nodes, { ...this.scope, times });
  }

  /** Whether the field is the list that is taken away: it has no page, and is read entry by entry. */
  get isTaken(): boolean {
    return this.scope.way?.length === 0;
  }

  /** Whether the field stands within an entry of the list that is taken away. */
  get isWithinTaken(): boolean {
    return this.plan.isTaken && this.scope.way === null;
  }

  /** Takes the entries of this list away, in their order; in the answer it stands empty. */
  take(entry: Sql, from: Sql): Sql {
    // What is volatile, Postgres works out when it has sorted: the rows are sorted, and not their JSON.
    this.plan.taken = sql`SELECT CASE WHEN random() >= 0 THEN ${entry}::text END AS entry ${from}`;
    return sql`'[]'::json`;
  }

  /** Whether the query says itself what an argument is. */
  says(argument: string): boolean {
    const value = this.nodes[0]!.arguments?.find(({ name }) => name.value === argument)?.value;
    if (value?.kind !== Kind.VARIABLE) return value !== undefined;
    return Object.hasOwn(this.plan.document.variableValues, value.name.value);
  }

  /** The day as of which is asked; null for now. */
  get asOf(): string | null {
    return this.scope.asOf;
  }

  /** Keeps the rows of a versioned table that are valid: now, or as of the day that was asked for. */
  valid(row: Sql): Sql {
    return validAsOf(row, asOfBound(this.asOf));
  }

  /** Keeps the releases that had been published on the day that was asked for. */
  released(release: Sql): Sql {
    return releasedAsOf(release, asOfBound(this.asOf));
  }

  /** Whether a release had been published on the day that was asked for. */
  isReleased(release: number): boolean {
    return isReleasedAsOf(release, asOfBound(this.asOf));
  }

  /** Says that a data set is read: it is a source of the answer. */
  reads(dataSetId: string): void {
    this.plan.read({ dataSetId, asOf: this.asOf, ofToday: false });
  }

  /** Says that every release of a data set is read. */
  readsHistoryOf(dataSetId: string): void {
    this.plan.read({ dataSetId, asOf: this.asOf, ofToday: false, ofHistory: true });
  }

  /** Something about the answer that the asker should know, told beside it. */
  note(message: string): void {
    this.plan.notes.add(message);
  }

  /** Something that the asker should know where this root field is null: nothing is there of what it looks up. */
  noteIfNull(message: string): void {
    this.plan.lookedUp.set(keyOf(this.nodes[0]!), message);
  }

  get known(): Known {
    return this.plan.known;
  }

  /** What __typename says of the type that the field stands on. */
  get typeName(): Sql {
    return raw(`'${this.parent.name}'`);
  }

  /** A table alias that no other part of the statement has. */
  alias(name: string): Sql {
    return this.plan.alias(name);
  }

  /** The object type of this name. */
  typeNamed(name: string): GraphQLObjectType {
    return this.plan.document.schema.getType(name) as GraphQLObjectType;
  }

  /** The same selection of a field that answers with an interface, where the object has this type. */
  as(type: GraphQLObjectType): Select {
    return new Select(this.plan, this.parent, type, this.nodes, this.scope, true);
  }

  /** The fields asked for, by response key. */
  get children(): { key: string; name: string; select: Select }[] {
    return this.collected().map(({ key, nodes, field }) => {
      const named = getNamedType(field.type);
      return {
        key,
        name: field.name,
        select: new Select(this.plan, this.type!, isObjectType(named) ? named : null, nodes, {
          ...this.scope,
          way: wayOn(this.scope.way, nodes),
        }),
      };
    });
  }

  private collected(): { key: string; nodes: readonly FieldNode[]; field: GraphQLField<unknown, unknown> }[] {
    if (!this.type) return [];
    const { schema, fragments, variableValues } = this.plan.document;
    const found = collectSubfields(schema, fragments, variableValues, this.type, this.nodes as FieldNode[]);
    return [...found].map(([key, nodes]) => ({ key, nodes, field: fieldOf(this.type!, nodes)! }));
  }

  /** JSON of the selected fields of this field's type, read from `row`. */
  object(row: unknown): Sql {
    const pairs: Sql[] = [];
    const needs = new Map<string, Sql>();
    for (const { key, nodes, field } of this.collected()) {
      const extensions = field.extensions as FieldExtensions;
      if (extensions.sql) {
        pairs.push(
          sql`${literal(key)}, ${Select.field(this.plan, this.type!, field, nodes, row, this.scope)}`,
        );
        continue;
      }
      this.plan.hasResolvers = true;
      for (const [name, need] of Object.entries(extensions.needs ?? {})) needs.set(name, need(row, {}, this));
    }
    for (const [name, need] of needs) pairs.push(sql`${literal(name)}, ${need}`);
    if (this.tellsType && this.plan.forGraphqlJs) {
      pairs.push(sql`${literal(TYPE_KEY)}, ${raw(`'${this.type!.name}'`)}`);
    }
    return buildObject(pairs);
  }

  /** JSON of the selected fields of the one row of `table` that `on` names; null without one. Becomes a join. */
  toOne(parent: TableRow, table: Sql, key: string, on: (row: Sql) => Sql): Sql {
    const alias = this.alias('t');
    parent.joins.push(sql`LEFT JOIN ${table} ${alias} ON ${on(alias)}`);
    const object = this.object(rowOf(alias, parent.joins));
    return sql`CASE WHEN ${alias}.${raw(key)} IS NOT NULL THEN ${object} END`;
  }

  /** JSON array of the rows of `table`; `tail` holds WHERE and whatever follows, and must end with the order. */
  list(table: Sql, where: (row: Sql) => Sql, order: (row: Sql) => Sql): Sql {
    const alias = this.alias('t');
    const row = rowOf(alias);
    const object = this.object(row);
    const from = sql`FROM ${table} ${alias} ${joinsOf(row)} WHERE ${where(alias)}`;
    if (this.isTaken) return this.take(object, sql`${from} ORDER BY ${order(alias)}`);
    return sql`(SELECT coalesce(json_agg(${object} ORDER BY ${order(alias)}), '[]') ${from})`;
  }

  /** JSON of the one row of `table` that `where` names, as a subquery; null without one. `key`: see TableRow. */
  one(table: Sql, where: (row: Sql) => Sql, key?: Asked): Sql {
    const alias = this.alias('t');
    const row: TableRow = { ...rowOf(alias), key };
    const object = this.object(row);
    const from = sql`FROM ${table} ${alias} ${joinsOf(row)}`;
    const condition = where(alias);
    const { taken } = this.plan;
    if (taken && this.scope.way) {
      const entries = this.alias('e');
      this.plan.taken = sql`SELECT ${entries}.entry ${from} CROSS JOIN LATERAL (${taken}) ${entries} WHERE ${condition}`;
    }
    return sql`(SELECT ${object} ${from} WHERE ${condition} LIMIT 1)`;
  }
}

/** What is left of the way to the list that is taken away, from the field of these nodes on. */
function wayOn(way: readonly string[] | null, [node]: readonly FieldNode[]): readonly string[] | null {
  return way && way[0] === keyOf(node!) ? way.slice(1) : null;
}

/** The response key of a field. */
const keyOf = ({ alias, name }: FieldNode): string => (alias ?? name).value;

/** The value of an argument that rows are looked up by; a variable may have brought it as such. */
const askedOf = (value: unknown): unknown =>
  value === undefined || value === null || value instanceof Asked ? value : new Asked(value);
