/** Parts of the schema, in its own language: an assistant reads what it needs of it, for the whole is long. */
import { type GraphQLSchema, isIntrospectionType, isSpecifiedScalarType, printType } from 'graphql';
import { entriesOf } from '../refused.js';

/** A description's first sentence. */
const brief = (text: string | null | undefined) => (text ?? '').split(/(?<=\.)\s/, 1)[0]!;

/** What can be asked at the root, each with its first sentence, and the names of all types. */
export function overview(schema: GraphQLSchema): string {
  const fields = Object.values(schema.getQueryType()!.getFields());
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  return [
    '# What can be asked at the root. For arguments: get_schema with types ["Query"], or ask { __type(name: …) { … } }.',
    ...fields.map(({ name, args, type, description }) => {
      const given = args.length > 0 ? `(${args.map((argument) => argument.name).join(', ')})` : '';
      return `${name}${given}: ${type}  # ${brief(description)}`;
    }),
    '',
    '# Types',
    types.map(({ name }) => name).join(' '),
  ].join('\n');
}

/** The definitions of types; or which of the names are none. */
export function definitions(schema: GraphQLSchema, names: string[]): { text: string } | { unknown: string } {
  const isNone = (name: string) => !schema.getType(name);
  if (names.some(isNone)) return { unknown: entriesOf('types', names, isNone) };
  return { text: names.map((name) => printType(schema.getType(name)!)).join('\n\n') };
}
