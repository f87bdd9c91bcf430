/** __typename: what every object type answers with, and how an object tells graphql-js its type. */
import { type FieldNode, type GraphQLField, type GraphQLObjectType, TypeNameMetaFieldDef } from 'graphql';
import type { FieldExtensions } from './field-sql.js';

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
