/**
 * Selection to SQL: an operation becomes one statement that answers with JSON. This is the one place that walks
 * a selection; what a field's SQL is, stands beside the field. Variables, fragments, @skip/@include and
 * merged fields are graphql-js's own (collectFields); response keys are JSON keys, so that no alias is cut at
 * the 63 bytes of a Postgres identifier.
 */
import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  Kind,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import type { DataMemory } from '../../src/data-memory.js';
import { SchoolGraphError } from '../../src/errors.js';
import { MAXIMUM_ROWS } from '../../src/limits.js';
import { asOfBound, isReleasedAsOf, releasedAsOf, validAsOf } from './as-of.js';
import { type FieldExtensions, joinsOf, rowOf, type TableRow } from './field-sql.js';
import { type Constant, join, raw, type Sql, sql } from './sql.js';

/** json_build_object takes at most 100 arguments. */
const KEYS_PER_OBJECT = 45;

export interface Statement {
  text: string;
  values: unknown[];
  /** A field below is an ordinary resolver: what it reads must come from the same snapshot. */
  hasResolvers: boolean;
  /** The JSON is all that is to be answered: no field is left to a resolver or to introspection, and none is refused. */
  isWhole: boolean;
  /** What the asker should know of the answer. */
  notes: string[];
  /** Root fields that were asked wrongly, by response key: the others are answered all the same. */
  refused: Map<string, Error>;
  /** The list that is taken away, a row for each entry; null where the answer holds it, or none is. */
  rows: { text: string; values: unknown[] } | null;
}

export type Document = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation' | 'variableValues'>;

/** Facts of the database that a question is checked against before it is asked: all of one version of the data. */
export interface Known {
  version: number;
  /** The breakdowns that a data set has, without the total. */
  breakdowns: (dataSetId: string) => KnownBreakdown[];
  /** Periods that a data set has, oldest first. */
  periods: (dataSetId: string) => KnownPeriod[];
  /** Each of their facts as an array, in the same order. */
  periodValues: (dataSetId: string) => PeriodValues;
  /** Where the figures of an indicator are; null before its declaration has reached the database. */
  stored: (indicatorId: string) => Stored | null;
  /** How the rows of schools that stand name the school. */
  schoolCodes: (dataSetId: string) => SchoolCodes;
  /** URNs of schools that have several rows in a period, whose sum the school is. */
  schoolsInParts: (dataSetId: string) => number[];
  /** Of the releases of a data set, the first known day of publication and how many have none. */
  releases: (dataSetId: string) => { firstDay: string | null; undated: number };
  /** Editions of a kind of neighbours, newest first. */
  neighbourEditions: (kind: string) => string[];
  /** Every indicator by id, declared or of a dictionary. */
  indicators: ReadonlyMap<string, CataloguedIndicator>;
  /** What was worked out of all the data for other questions. */
  memory: DataMemory;
}

export interface KnownBreakdown {
  id: number;
  code: string;
  label: string;
  /** A school without a total row is the sum of these. */
  isSchoolPart: boolean;
}

/** Which of these some row has, and which none. */
export interface SchoolCodes {
  urn: boolean;
  laEstab: boolean;
}

export interface KnownPeriod {
  id: number;
  code: string;
  label: string;
  identifier: string;
  kind: string;
  startsOn: string;
  endsOn: string;
  /** The day on which its schools are counted. */
  censusOn: string;
  /** The releases that have it, and for which level. */
  covered: { level: string; release: number }[];
}

export const PERIOD_FACTS = [
  'id',
  'code',
  'label',
  'identifier',
  'kind',
  'startsOn',
  'endsOn',
  'censusOn',
] as const;
export type PeriodValues = Record<(typeof PERIOD_FACTS)[number], Constant>;

/** Where the figures of an indicator are: positions in observation.values, or a measure of series. */
export interface Stored {
  dataSetNumber: number;
  position: number;
  numerator: number | null;
  denominator: number | null;
  multiplier: number | null;
  seriesMeasure: number | null;
  /** By position, what the symbols in its cells mean: edition → symbol → status, lower and upper, as JSON. */
  meanings: Record<number, Constant>;
}

class Plan {
  hasResolvers = false;
  /** Something is left to graphql-js itself. */
  isIntrospecting = false;
  /** Selects the entries of the list that is taken away, one by one. */
  taken: Sql | null = null;
  readonly notes = new Set<string>();
  private aliases = 0;
  private rows = 0;

  constructor(
    readonly document: Document,
    readonly known: Known,
    readonly forGraphqlJs: boolean,
    readonly isTaken: boolean,
  ) {}

  alias(name: string): Sql {
    this.aliases += 1;
    return raw(`${name}${this.aliases}`);
  }

  /** Counts rows that may have to be built. Page sizes multiply: a hundred trusts of a hundred schools are ten thousand. */
  expect(rows: number): void {
    this.rows += rows;
    if (this.rows > MAXIMUM_ROWS) {
      throw new SchoolGraphError(
        'QUERY_TOO_LARGE',
        `the lists asked for, within each other, can come to ${this.rows.toLocaleString('en-GB')} entries; a question may have ${MAXIMUM_ROWS.toLocaleString('en-GB')}. Take smaller pages (first)`,
      );
    }
  }
}

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

  /**
   * The statement for every root field of the operation that has SQL. `forGraphqlJs`: its answer is handed to
   * graphql-js, which must be told which type an object has where that is not plain. `way`: response keys that lead to
   * a list that is taken away whole; the answer is then what stands above it.
   */
  static operation(
    document: Document,
    root: GraphQLObjectType,
    known: Known,
    forGraphqlJs = false,
    way: readonly string[] | null = null,
  ): Statement {
    const plan = new Plan(document, known, forGraphqlJs, way !== null);
    const { schema, fragments, variableValues, operation } = document;
    const fields = collectFields(schema, fragments, variableValues, root, operation.selectionSet);
    const pairs: Sql[] = [];
    const refused = new Map<string, Error>();
    for (const [key, nodes] of fields) {
      const field = fieldOf(root, nodes);
      if (!field) {
        plan.isIntrospecting = true;
        continue;
      }
      if (!(field.extensions as FieldExtensions).sql) {
        plan.hasResolvers = true;
        continue;
      }
      try {
        pairs.push(
          sql`${literal(key)}, ${Select.field(plan, root, field, nodes, {}, { times: 1, asOf: null, way })}`,
        );
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        refused.set(key, error);
      }
    }
    const { text, values } =
      sql`SELECT ${buildObject(pairs)} AS answer, version::float8, synthetic FROM data_version`.statement;
    const { hasResolvers, isIntrospecting, taken } = plan;
    const isWhole = !hasResolvers && !isIntrospecting && refused.size === 0;
    return {
      text,
      values,
      hasResolvers,
      isWhole,
      notes: [...plan.notes],
      refused,
      rows: taken?.statement ?? null,
    };
  }

  private static field(
    plan: Plan,
    parent: GraphQLObjectType,
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    row: unknown,
    scope: Scope,
  ): Sql {
    const { sql: fieldSql } = field.extensions as FieldExtensions;
    const named = getNamedType(field.type);
    try {
      const args = getArgumentValues(field, nodes[0]!, plan.document.variableValues);
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

  /** Something about the answer that the asker should know, told beside it. */
  note(message: string): void {
    this.plan.notes.add(message);
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
  one(table: Sql, where: (row: Sql) => Sql, key?: number): Sql {
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

/** Under which an object tells graphql-js its type. */
export const TYPE_KEY = '#type';

/** Every object type answers with its name, which is known before anything is read. */
export const TYPE_NAME: GraphQLField<unknown, unknown> = {
  ...TypeNameMetaFieldDef,
  extensions: {
    sql: (_row, _args, { typeName }) => typeName,
  } satisfies FieldExtensions,
};

/** The field that nodes of one response key ask for; undefined for introspection, which only the root has. */
export const fieldOf = (type: GraphQLObjectType, [node]: readonly FieldNode[]) =>
  node!.name.value === TYPE_NAME.name ? TYPE_NAME : type.getFields()[node!.name.value];

/** What is left of the way to the list that is taken away, from the field of these nodes on. */
function wayOn(way: readonly string[] | null, [node]: readonly FieldNode[]): readonly string[] | null {
  const key = node!.alias?.value ?? node!.name.value;
  return way && way[0] === key ? way.slice(1) : null;
}

/** A JSON key: a GraphQL name, or "#" and a name, which no response key can be, for what resolvers need. */
function literal(name: string): Sql {
  if (!/^#?\w+$/.test(name)) throw new Error(`not a GraphQL name: ${name}`);
  return raw(`'${name}'`);
}

/** A JSON object of keys and values, however many, in their order. */
export function buildObject(pairs: Sql[]): Sql {
  if (pairs.length <= KEYS_PER_OBJECT) return sql`json_build_object(${join(pairs, ', ')})`;
  const chunks: Sql[] = [];
  for (let at = 0; at < pairs.length; at += KEYS_PER_OBJECT) {
    const chunk = sql`json_build_object(${join(pairs.slice(at, at + KEYS_PER_OBJECT), ', ')})::text`;
    // What stands between the braces.
    chunks.push(sql`substr(left(${chunk}, -1), 2)`);
  }
  return sql`('{' || ${join(chunks, " || ', ' || ")} || '}')::json`;
}
