/**
 * What graphql-js says of a wrong question, without anything of the question: values can be long, or nobody else's business, and
 * names somebody else's text. Names of the schema stay, and so does the place: the argument, and the position in the text.
 */
import {
  type ASTNode,
  GraphQLError,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  Kind,
} from 'graphql';
import { entryOf, partOf } from '../refused.js';
import { argumentOf } from './argument-of.js';

/** No message needs to be longer. */
const LONGEST = 1_000;

/** What is wrong with a variable comes after its value, which may hold whatever it likes; where in the variable it is, last before. */
const INVALID = /^Variable "\$\w+" got invalid value /;
const WITHIN = / at "\w+([\w.$[\]]*)"$/;

const RULES: [RegExp, string][] = [
  // Values.
  [
    /(cannot represent (?:an? )?(?:[\w-]+ )*value): [\s\S]*?(\. Did you mean the enum value (?:"\w+"(?:,? or |, )?)+\?)?$/,
    '$1$2',
  ],
  [/(Value is not a valid \w+): [\s\S]*/, '$1: a day is written 2022-09-01'],
  [/(Expected value of type "[^"]*"), found [\s\S]*/, '$1.'],
  [/((?:found|Unexpected) (?:String|BlockString|Int|Float)) [\s\S]*/, '$1.'],
  [/^(Syntax Error: (?:Invalid|Unexpected character)[^:]*): [\s\S]*/, '$1.'],
  [
    /^Argument "\w+" of (?:non-null|required) type ("[^"]*") [\s\S]*/,
    'It is of type $1, and must not be null.',
  ],
  [/has invalid value [\s\S]*/, 'has an invalid value.'],
  [/Value "[\s\S]*" does not exist in/, 'This value does not exist in'],
  // Names.
  [/\bName "\w+"/g, 'Name'],
  [/^Cannot query field "\w+"/, 'There is no such field'],
  [/^Unknown (argument|directive|fragment|type) "@?\w+"/, 'There is no such $1'],
  [/Field "\w+" is not defined by/, 'There is no such field in'],
  [/^Unknown operation named [\s\S]*/, 'There is no operation of the name that operationName gives.'],
  [/ (by|in) operation "\w+"/, ' $1 the operation'],
  [/^Fields "\w+" conflict/, 'Fields under one key of the answer conflict'],
  [/subfields "\w+" conflict/g, 'subfields under one key conflict'],
  [
    /^Cannot spread fragment [\s\S]*/,
    'A fragment cannot be spread within itself, directly or through others.',
  ],
  [
    /^Validation aborted\.$/,
    'The question names the same fields too often to be checked. Ask for each field once where it stands.',
  ],
  [/^There can be only one ([\w ]+) named [\s\S]*/, 'There can be only one $1 of the same name.'],
  [/^Fragment "\w+"/, 'A fragment'],
  [/^Variable "\$\w+"/, 'A variable'],
];

/** Every name that the schema has. */
function wordsOf(schema: GraphQLSchema): ReadonlySet<string> {
  const known = WORDS.get(schema);
  if (known) return known;
  const words = new Set(['query', 'mutation', 'subscription', 'fragment', 'on']);
  for (const { name, args } of schema.getDirectives())
    for (const word of [name, ...args.map((one) => one.name)]) words.add(word);
  for (const type of Object.values(schema.getTypeMap())) {
    words.add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) words.add(name);
    if (isInputObjectType(type)) for (const name of Object.keys(type.getFields())) words.add(name);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    for (const { name, args } of Object.values(type.getFields()))
      for (const word of [name, ...args.map((one) => one.name)]) words.add(word);
  }
  WORDS.set(schema, words);
  return words;
}
const WORDS = new WeakMap<GraphQLSchema, ReadonlySet<string>>();

/** What is said of a wrong question. `error`: as graphql-js has it, for where it stands. */
export function withoutValues(message: string, schema: GraphQLSchema, error?: unknown): string {
  const words = wordsOf(schema);
  const { before, rest } = parted(message, error);
  const said = RULES.reduce((told, [pattern, kept]) => told.replace(pattern, kept), rest).replace(
    / ?"([^"]*)"/g,
    (quoted, inner: string) =>
      (inner.match(/[^\W\d]\w*/g) ?? []).every((word) => words.has(word)) ? quoted : '',
  );
  const allowed = withAllowed(said, schema);
  const within = WITHIN.exec(before)?.[1] ?? '';
  const node = error instanceof GraphQLError ? error.nodes?.[0] : undefined;
  const where = isOfValue(node) ? argumentOf(node!) : null;
  const told = where === null ? allowed : `${further(where, within)}: ${allowed}`;
  return told.length > LONGEST ? `${told.slice(0, LONGEST)}…` : told;
}

/** A message about a variable, from what is said before that of its value; of any other there is nothing before. */
function parted(message: string, error: unknown): { before: string; rest: string } {
  if (!INVALID.test(message)) return { before: '', rest: message };
  const rest = error instanceof GraphQLError ? error.originalError?.message : undefined;
  if (rest === undefined || !message.endsWith(`; ${rest}`))
    return { before: '', rest: 'the value is not valid' };
  return { before: message.slice(0, -`; ${rest}`.length), rest };
}

/** With the values of an enum, where one was given that it does not have. */
const withAllowed = (message: string, schema: GraphQLSchema): string =>
  message.replace(/ (?:in|of) "(\w+)" enum\./, (told, name: string) => {
    const type = schema.getType(name);
    return isEnumType(type)
      ? `${told} It has: ${type
          .getValues()
          .map((value) => value.name)
          .join(', ')}.`
      : told;
  });

const VALUES: ReadonlySet<string> = new Set([
  ...Object.values(Kind).filter((kind) => /Value$/.test(kind)),
  Kind.OBJECT_FIELD,
  Kind.VARIABLE,
  Kind.VARIABLE_DEFINITION,
]);
const isOfValue = (node: ASTNode | undefined): boolean => node !== undefined && VALUES.has(node.kind);

/** Into a variable: ".status[1]" of filter is the 2nd of filter.status. */
const further = (where: string, path: string): string =>
  [...path.matchAll(/\.(\w+)|\[(\d+)\]/g)].reduce(
    (so, [, name, at]) => (name === undefined ? entryOf(so, Number(at)) : partOf(so, name)),
    where,
  );
