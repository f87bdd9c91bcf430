/**
 * The one list that an operation leads to, and the columns of it as a table. Both follow from the schema and the
 * document alone, so that an empty list has its header; what the operation asks and no table could hold is refused here.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type FieldNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLLeafType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isLeafType,
  isListType,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import { getArgumentValues } from 'graphql/execution/values.js';
import type { FieldExtensions } from './field-sql.js';
import type { Document } from './plan.js';
import { fieldOf, TYPE_NAME } from './type-name.js';

/** From an object to a value in it: response keys, and places in arrays. */
export type Path = readonly (string | number)[];

export interface Column {
  name: string;
  /** How many lists it stands within: 0 is above the list, 1 an entry of it, 2 an entry of a list in that. */
  level: number;
  /** From the object of its level. */
  path: Path;
  /** The name of its type in the graph. */
  type: string;
  /** What it means. */
  meaning: string;
  /** What each of its values means, where there are only so many. */
  values: Record<string, string>;
}

/** A list, from the object of the level above it; its entries may be wrapped, as nodes are in edges. */
export interface Nested {
  list: Path;
  entry: Path;
}

export interface Listing {
  /** Response keys from the root to the list. */
  way: readonly string[];
  /** The same as the schema names it. */
  wayInSchema: readonly string[];
  /** The day that the list is asked as of; null for now. */
  asOf: string | null;
  columns: Column[];
  /** The lists within entries, each within the one before. */
  nested: Nested[];
  /** Why it is no table; null where it is one. */
  noTable: GraphQLError | null;
}

/** What the walk knows of the place that it has come to. */
interface Place {
  level: number;
  path: Path;
  /** Response keys from the root, without those of pages. */
  names: readonly string[];
  /** The same as the schema names it: what a message says, which repeats nothing of the question. */
  fields: readonly string[];
}

interface Leaf extends Place {
  leaf: GraphQLLeafType;
  meaning: string;
}

interface Found extends Nested {
  names: readonly string[];
  fields: readonly string[];
}

type Fields = ReadonlyMap<string, readonly FieldNode[]>;

/** The list of an operation. Throws where there is none, or more than one. */
export function listingOf(document: Document, root: GraphQLObjectType): Listing {
  const walk = new Walk(document);
  const { schema, fragments, variableValues, operation } = document;
  const fields = collectFields(schema, fragments, variableValues, root, operation.selectionSet);
  walk.fields(root, fields, { level: 0, path: [], names: [], fields: [] });
  const [list, ...nested] = walk.lists;
  if (!list) {
    throw refused(
      'The question leads to no list that could be taken away. Ask for one, such as schools { nodes { urn name } }',
      [...fields.values()].flat(),
    );
  }
  const shared = sharedBy([list, ...nested].at(-1)!.names, walk.columns);
  return {
    way: list.list.slice(0, list.names.length) as string[],
    wayInSchema: list.fields,
    asOf: walk.asOf,
    columns: walk.columns.map(({ names, level, path, leaf, meaning }) => ({
      name: names.slice(shared).join('.'),
      level,
      path,
      type: leaf.name,
      meaning,
      values: isEnumType(leaf)
        ? Object.fromEntries(leaf.getValues().map(({ name, description }) => [name, description ?? '']))
        : {},
    })),
    nested,
    noTable: walk.noTable,
  };
}

/** How many names of the way to the innermost list stand before those of every column: they tell nobody anything. */
function sharedBy(way: readonly string[], columns: { names: readonly string[] }[]): number {
  const differs = way.findIndex((name, at) => columns.some(({ names }) => names[at] !== name));
  return differs === -1 ? way.length : differs;
}

class Walk {
  readonly columns: Leaf[] = [];
  readonly lists: Found[] = [];
  asOf: string | null = null;
  noTable: GraphQLError | null = null;

  constructor(private readonly document: Document) {}

  fields(type: GraphQLObjectType, fields: Fields, place: Place): void {
    for (const [key, nodes] of fields) {
      const field = fieldOf(type, nodes);
      const { sql, pagePart } = (field?.extensions ?? {}) as FieldExtensions;
      if (pagePart === 'beside' || (field === TYPE_NAME && isPage(type))) continue;
      if (!field || (!sql && !pagePart)) {
        throw refused(
          `${[...place.fields, nodes[0]!.name.value].join('.')} cannot be taken away with a list: it is not read with its entries. Leave it out here, and ask for it with Accept: application/json`,
          nodes,
        );
      }
      const names = pagePart ? place.names : [...place.names, key];
      const known = pagePart ? place.fields : [...place.fields, field.name];
      this.field(field, nodes, { ...place, path: [...place.path, key], names, fields: known });
    }
  }

  private field(field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[], place: Place): void {
    const { columnsBy } = field.extensions as FieldExtensions;
    const named = getNamedType(field.type);
    if (isLeafType(named)) {
      // Of an interface, every type that it may turn out to be brings the same columns.
      if (!this.columns.some((known) => isSame(known, place)))
        this.columns.push({ ...place, leaf: named, meaning: field.description ?? '' });
      return;
    }
    if (columnsBy) {
      const ids = new Set(this.arguments(field, nodes)[columnsBy] as string[]);
      [...ids].forEach((id, at) => {
        this.below(named, nodes, {
          ...place,
          path: [...place.path, at],
          names: [...place.names, id],
          fields: [...place.fields, String(at + 1)],
        });
      });
      return;
    }
    if (place.level === 0 && place.path.length === 1)
      this.asOf ??= (this.arguments(field, nodes).asOf as string | undefined) ?? null;
    if (isListType(getNullableType(field.type))) this.list(named, nodes, place);
    else this.below(named, nodes, place);
  }

  private list(type: GraphQLNamedType, nodes: readonly FieldNode[], place: Place): void {
    const { level, path, names, fields } = place;
    const other = this.lists[level];
    if (other && !isDeepStrictEqual([other.list, other.names], [path, names])) {
      const both = [other.fields, fields].map((each) => each.join('.')).join(' and ');
      const why = refused(
        `There are two lists side by side, ${both}: only one at a time can be taken away${level > 0 ? ' as a table' : ''}. Ask for each on its own`,
        nodes,
      );
      if (level === 0) throw why;
      this.noTable ??= why;
      return;
    }
    const [only] = this.collected(type, nodes);
    const wrapped = only && [...only.fields].filter(([, inner]) => partOf(only.type, inner) === 'entry');
    this.lists[level] = { list: path, entry: wrapped?.[0] ? [wrapped[0][0]] : [], names, fields };
    if (wrapped && wrapped.length > 1)
      throw refused(`${fields.join('.')} has its entries twice: ask for node once`, nodes);
    const entry = { level: level + 1, path: [], names, fields };
    if (wrapped?.[0])
      this.below(getNamedType(fieldOf(only!.type, wrapped[0][1])!.type), wrapped[0][1], entry);
    else this.below(type, nodes, entry);
  }

  private below(type: GraphQLNamedType, nodes: readonly FieldNode[], place: Place): void {
    for (const each of this.collected(type, nodes)) this.fields(each.type, each.fields, place);
  }

  /** The fields asked of a type, or of each that an interface may turn out to be. */
  private collected(
    type: GraphQLNamedType,
    nodes: readonly FieldNode[],
  ): { type: GraphQLObjectType; fields: Fields }[] {
    const { schema, fragments, variableValues } = this.document;
    const types = isAbstractType(type) ? schema.getPossibleTypes(type) : [type as GraphQLObjectType];
    return types.map((each) => ({
      type: each,
      fields: collectSubfields(schema, fragments, variableValues, each, nodes as FieldNode[]),
    }));
  }

  private arguments(
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
  ): Record<string, unknown> {
    return getArgumentValues(field, nodes[0]!, this.document.variableValues);
  }
}

const isSame = (one: Place, other: Place): boolean =>
  one.level === other.level && isDeepStrictEqual([one.path, one.names], [other.path, other.names]);

const isPage = (type: GraphQLObjectType): boolean =>
  Object.values(type.getFields()).some(({ extensions }) => (extensions as FieldExtensions).pagePart);

const partOf = (type: GraphQLObjectType, nodes: readonly FieldNode[]) =>
  (fieldOf(type, nodes)?.extensions as FieldExtensions | undefined)?.pagePart;

const refused = (message: string, nodes: readonly FieldNode[]): GraphQLError =>
  new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT' } });
