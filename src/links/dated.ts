/**
 * A question as of a day: every field at its root that can be asked as of one, and does not say of which, is asked as of
 * that day. The text is another then, and nothing else of it.
 */
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  Kind,
  parse,
  print,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

const AS_OF = 'asOf';

/**
 * The text as of a day; as it is where it cannot be read, which whoever answers it will tell. Null where nothing that it asks
 * can be asked as of a day.
 */
export function dated(schema: GraphQLSchema, text: string, day: string, maxTokens: number): string | null {
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens, noLocation: true });
  } catch {
    return text;
  }
  const query = schema.getQueryType();
  const types = new TypeInfo(schema);
  let isDatable = false;
  const then = print(
    visit(
      document,
      visitWithTypeInfo(types, {
        Field: (node) => {
          const takesIt = types.getFieldDef()?.args.some(({ name }) => name === AS_OF);
          if (getNamedType(types.getParentType()) !== query || !takesIt) return undefined;
          isDatable = true;
          const says = node.arguments?.some(({ name }) => name.value === AS_OF);
          if (says) return undefined;
          const argument = {
            kind: Kind.ARGUMENT as const,
            name: { kind: Kind.NAME as const, value: AS_OF },
            value: { kind: Kind.STRING as const, value: day },
          };
          return { ...node, arguments: [...(node.arguments ?? []), argument] };
        },
      }),
    ),
  );
  return isDatable ? then : null;
}
