/**
 * The statement of an operation: one that answers every root field that has SQL, each of which Select turns into its part, and says
 * what else is to be known of the answer.
 */
import { type FieldNode, GraphQLError, type GraphQLField, type GraphQLObjectType } from 'graphql';
import { collectFields } from 'graphql/execution/collectFields.js';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { FieldExtensions } from './field-sql.js';
import { buildObject, literal } from './json-object.js';
import type { Known } from './known.js';
import { type Document, Plan } from './plan.js';
import { Select } from './select.js';
import { citationsOf, datedOn } from './sources.js';
import { empty, type Sql, sql, type Written } from './sql.js';
import { fieldOf } from './type-name.js';

export interface Statement extends Written {
  /** A field below is an ordinary resolver: what it reads must come from the same snapshot. */
  hasResolvers: boolean;
  /** The JSON is all that is to be answered: no field is left to a resolver or to introspection, and none is refused. */
  isWhole: boolean;
  /** What the asker should know of the answer. */
  notes: string[];
  /** What the asker should know where nothing is there of what a root field looks up, by response key. */
  lookedUp: ReadonlyMap<string, string>;
  /** Root fields that were asked wrongly, by response key: the others are answered all the same. */
  refused: Map<string, Error>;
  /** The list that is taken away, a row for each entry; null where the answer holds it, or none is. */
  rows: Written | null;
  /** Of a cited answer, the day as of which it is answered again; null where there is none. */
  datedOn: string | null;
}

export interface StatementOptions {
  /** The answer is handed to graphql-js, which must be told which type an object has where that is not plain. */
  forGraphqlJs?: boolean;
  /** Response keys that lead to a list that is taken away whole; the answer is then what stands above it. */
  way?: readonly string[] | null;
  /** The answer is cited: the releases that stand behind it are a column of their own. */
  cites?: boolean;
}

/** The statement for every root field of the operation that has SQL. */
export function statementOf(
  document: Document,
  root: GraphQLObjectType,
  known: Known,
  { forGraphqlJs = false, way = null, cites = false }: StatementOptions = {},
): Statement {
  const plan = new Plan(document, known, forGraphqlJs, way !== null);
  const { schema, fragments, variableValues, operation } = document;
  const fields = collectFields(schema, fragments, variableValues, root, operation.selectionSet);
  const pairs: Sql[] = [];
  const refused = new Map<string, Error>();
  let isDatable = true;
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
      const answer = Select.field(plan, root, field, nodes, {}, { times: 1, asOf: null, way });
      pairs.push(sql`${literal(key)}, ${answer}`);
      if (cites) plan.readRegisters(answer, asOfOf(field, nodes, variableValues));
      isDatable &&= field.args.some(({ name }) => name === 'asOf');
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      refused.set(key, error);
    }
  }
  const sources = [...plan.sources.values()];
  const citations = cites ? sql`, ${citationsOf(sources)} AS citations` : empty;
  const statement =
    sql`SELECT ${buildObject(pairs)} AS answer, version::float8, synthetic${citations} FROM data_version`
      .statement;
  const { hasResolvers, isIntrospecting, taken } = plan;
  const isWhole = !hasResolvers && !isIntrospecting && refused.size === 0;
  return {
    ...statement,
    hasResolvers,
    isWhole,
    notes: [...plan.notes],
    lookedUp: plan.lookedUp,
    refused,
    rows: taken?.statement ?? null,
    datedOn: cites && isDatable && !hasResolvers ? datedOn(sources, known) : null,
  };
}

/** The day that a root field is asked as of. */
const asOfOf = (
  field: GraphQLField<unknown, unknown>,
  nodes: readonly FieldNode[],
  variables: Document['variableValues'],
): string | null =>
  (getArgumentValues(field, nodes[0]!, variables).asOf as string | null | undefined) ?? null;
