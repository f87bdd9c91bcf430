/**
 * What a question costs, in points: about one for each object that its answer can have, as many as the pages asked for
 * can have entries, and what a field declares that works more than that (`@Costs`). It follows from the document and
 * the values of its variables alone, so that it is known before anything is read.
 */
import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isLeafType,
  isListType,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { FieldExtensions } from '../../schema/select/field-sql.js';
import type { Document } from '../../schema/select/plan.js';
import { SchoolGraphError } from '../errors.js';

/** Entries of a list that does not say how many it has. */
const ENTRIES = 10;
/** Of the lists in which a schema tells of itself: most are short, and there is one that is not. */
const ENTRIES_OF_SCHEMA = 1;
const FIELDS_OF_TYPE = 6;
/** Fields that are looked at before a question is found to be too large, whatever each of them costs. */
const MOST_FIELDS = 20_000;

type Arguments = Record<string, unknown>;
type Fields = ReadonlyMap<string, readonly FieldNode[]>;

/** The cost of an operation. Throws where it has too many fields to be reckoned. */
export const costOf = (document: Document): number => new Reckoning(document).total();

/** Refuses a question that costs more than `maximum`, naming what most of it is spent on. */
export function refuseAbove(maximum: number, cost: number, document: Document): void {
  if (cost <= maximum) return;
  const number = (value: number) => value.toLocaleString('en-GB');
  throw new SchoolGraphError(
    'QUERY_TOO_LARGE',
    `The question costs ${number(cost)} points, and may cost ${number(maximum)}. Most of it is ${new Reckoning(document).costliest()}: ask for smaller pages (first), fewer indicators or periods, or for less within each entry; or in several questions`,
  );
}

class Reckoning {
  private looked = 0;

  constructor(private readonly document: Document) {}

  total(): number {
    return 1 + this.costs(this.roots(), (node) => this.rootField(node), null).total;
  }

  /** The way to what costs most, as far as it is more than half of what is above it. */
  costliest(): string {
    return this.costs(this.roots(), (node) => this.rootField(node), null).way.join('.');
  }

  private roots(): Fields {
    const { schema, fragments, variableValues, operation } = this.document;
    return collectFields(schema, fragments, variableValues, schema.getQueryType()!, operation.selectionSet);
  }

  private rootField({ name }: FieldNode): GraphQLField<unknown, unknown> | undefined {
    if (name.value === SchemaMetaFieldDef.name) return SchemaMetaFieldDef;
    if (name.value === TypeMetaFieldDef.name) return TypeMetaFieldDef;
    return this.document.schema.getQueryType()!.getFields()[name.value];
  }

  /** `page`: how many entries a list among the fields has, where the field above was asked for so many. */
  private costs(
    fields: Fields,
    fieldOf: (node: FieldNode) => GraphQLField<unknown, unknown> | undefined,
    page: number | null,
  ): { total: number; way: string[] } {
    let total = 0;
    let most = { total: -1, way: [] as string[] };
    for (const nodes of fields.values()) {
      const field = fieldOf(nodes[0]!);
      if (!field) continue;
      const { total: cost, way } = this.field(field, nodes, page);
      total += cost;
      if (cost > most.total) most = { total: cost, way: [field.name, ...way] };
    }
    return { total, way: most.total * 2 > total ? most.way : most.way.slice(0, 1) };
  }

  private field(
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    page: number | null,
  ): { total: number; way: string[] } {
    this.looked += 1;
    if (this.looked > MOST_FIELDS) {
      throw new SchoolGraphError(
        'QUERY_TOO_LARGE',
        `The question asks for more than ${MOST_FIELDS.toLocaleString('en-GB')} fields, its fragments written out. Ask for fewer`,
      );
    }
    const { costs } = field.extensions as FieldExtensions;
    const named = getNamedType(field.type);
    if (isLeafType(named) && costs === undefined) return { total: 0, way: [] };
    const args = this.arguments(field, nodes[0]!);
    // It is refused, and the rest is answered.
    if (!args) return { total: 0, way: [] };
    const own = typeof costs === 'function' ? costs(args) : (costs ?? 0);
    if (isLeafType(named)) return { total: own, way: [] };
    const isList = isListType(getNullableType(field.type));
    // A page is asked for from one end of the list or from the other; `first` has a default, `last` has none.
    const size = args.last ?? args.first;
    const asked = typeof size === 'number' ? Math.max(0, size) : null;
    const entries = isList ? this.entriesOf(field, args, asked ?? page) : 1;
    const types = isAbstractType(named)
      ? this.document.schema.getPossibleTypes(named)
      : [named as GraphQLObjectType];
    let below = { total: 0, way: [] as string[] };
    for (const type of types) {
      const ofType = this.costs(
        this.subfields(type, nodes),
        ({ name }) => type.getFields()[name.value],
        isList ? null : asked,
      );
      if (ofType.total >= below.total) below = ofType;
    }
    return {
      total: own + entries * (1 + below.total),
      way: entries * below.total * 2 > own + entries ? below.way : [],
    };
  }

  /** Null where an argument has no value that it can have: null in a variable that has a default, for one. */
  private arguments(field: GraphQLField<unknown, unknown>, node: FieldNode): Arguments | null {
    try {
      return getArgumentValues(field, node, this.document.variableValues);
    } catch (error) {
      if (error instanceof GraphQLError) return null;
      throw error;
    }
  }

  private subfields(type: GraphQLObjectType, nodes: readonly FieldNode[]): Fields {
    const { schema, fragments, variableValues } = this.document;
    return collectSubfields(schema, fragments, variableValues, type, nodes as FieldNode[]);
  }

  private entriesOf(field: GraphQLField<unknown, unknown>, args: Arguments, page: number | null): number {
    if (page !== null) return page;
    const { columnsBy, entries } = field.extensions as FieldExtensions;
    if (entries !== undefined) return typeof entries === 'function' ? entries(args) : entries;
    const each = columnsBy ? args[columnsBy] : undefined;
    if (Array.isArray(each)) return each.length;
    if (!getNamedType(field.type).name.startsWith('__')) return ENTRIES;
    if (field.name === 'types') return Object.keys(this.document.schema.getTypeMap()).length;
    return field.name === 'fields' ? FIELDS_OF_TYPE : ENTRIES_OF_SCHEMA;
  }
}
