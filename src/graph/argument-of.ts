/** Which argument a part of a question stands in: what a message can point to without saying the value. */
import { type ASTNode, type DocumentNode, Kind, parse, type Source, type ValueNode, visit } from 'graphql';
import { entryOf, partOf } from '../refused.js';

/** A question can be wrong in many places, and is read again for the first of them. */
const READ = new WeakMap<Source, DocumentNode>();

/** The argument in which a value stands, or to which a variable is given, and where in it: "the 2nd of filter.status". */
export function argumentOf(node: ASTNode): string | null {
  const source = node.loc?.source;
  if (!source) return null;
  const document = READ.get(source) ?? parse(source);
  READ.set(source, document);
  const variable = node.kind === Kind.VARIABLE_DEFINITION ? node.variable.name.value : null;
  const isIt = (one: ASTNode): boolean =>
    variable === null
      ? one.kind === node.kind && one.loc?.start === node.loc?.start
      : one.kind === Kind.VARIABLE && one.name.value === variable;
  let found: string | null = null;
  visit(document, {
    Argument: ({ name, value }) => {
      found ??= placeIn(value, name.value, isIt);
      return false;
    },
  });
  return found;
}

function placeIn(value: ValueNode, where: string, isIt: (one: ASTNode) => boolean): string | null {
  if (isIt(value)) return where;
  const parts: [ValueNode, string][] = [];
  if (value.kind === Kind.LIST)
    for (const [at, one] of value.values.entries())
      parts.push([one, entryOf(where, at, value.values.length)]);
  if (value.kind === Kind.OBJECT) {
    for (const field of value.fields) {
      // Of a field that is none, its name would be said.
      if (isIt(field)) return where;
      parts.push([field.value, partOf(where, field.name.value)]);
    }
  }
  for (const [part, place] of parts) {
    const found = placeIn(part, place, isIt);
    if (found !== null) return found;
  }
  return null;
}
