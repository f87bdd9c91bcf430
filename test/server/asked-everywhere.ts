/** Every argument of every field, and a question that gives it: made of the schema, so that a new one is asked too. */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

type Field = GraphQLField<unknown, unknown>;

/** What is given where something must be. */
const GIVEN: Record<string, string> = {
  code: '"891"',
  'region.code': '"E12000004"',
  uid: '"5143"',
  urn: '136205',
  school: '136205',
  id: '"suspension-rate"',
  ids: '["suspension-rate"]',
  indicator: '"suspension-rate"',
  group: '"special"',
  reference: '"rest"',
  level: 'REGION',
  groupBy: '[REGION]',
  by: '[{ indicator: "suspension-rate" }]',
  'AggregateGroup.by': 'REGION',
  text: '"Nottingham"',
  localAuthority: '"891"',
  place: '"891"',
  basis: 'AS_PUBLISHED',
  lineage: 'ALONG_LINEAGE',
  period: '"201617"',
  kind: 'STATISTICAL',
  on: '[EHC_PLANS]',
  'outliers.level': 'LOCAL_AUTHORITY',
  'compositionTrend.from': '2019',
  'compositionTrend.to': '2021',
};
/** What must be given beside an argument, so that it is looked at: by the argument, or by its field. */
const BESIDE: Record<string, Record<string, string>> = {
  'Query.schoolsNear': { postcode: '"NG1"' },
  'Query.schoolsNear(point:)': {},
  'Query.changes': { codes: '["891"]' },
  'LocalAuthority.neighbours(codes:)': { kind: 'CUSTOM' },
  'LocalAuthority.neighboursNote(codes:)': { kind: 'CUSTOM' },
  'LocalAuthority.comparison(codes:)': { against: 'CUSTOM' },
};

/** A value that is put into an argument: written as a literal of GraphQL. */
export interface Asked {
  /** Such as "Query.schools(filter:).region". */
  name: string;
  query: string;
}

/** How the fields of each type are come to: text before and after a selection. */
function waysTo(schema: GraphQLSchema): Map<string, [string, string]> {
  const root = schema.getQueryType()!;
  const ways = new Map<string, [string, string]>([[root.name, ['{ ', ' }']]]);
  const toVisit = [root as GraphQLObjectType];
  for (let type = toVisit.shift(); type; type = toVisit.shift()) {
    const [before, after] = ways.get(type.name)!;
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      if (!isObjectType(named) || ways.has(named.name)) continue;
      ways.set(named.name, [`${before}${field.name}${given(type, field)} { `, ` }${after}`]);
      toVisit.push(named);
    }
  }
  return ways;
}

function given(type: GraphQLObjectType, field: Field, instead: Record<string, string> = {}): string {
  const args = new Map<string, string>();
  for (const argument of field.args) {
    if (!isRequiredArgument(argument)) continue;
    const { name } = argument;
    args.set(name, GIVEN[`${field.name}.${name}`] ?? GIVEN[`${type.name}.${name}`] ?? GIVEN[name] ?? 'null');
  }
  const [asked] = Object.keys(instead);
  const beside = BESIDE[`${type.name}.${field.name}(${asked}:)`] ?? BESIDE[`${type.name}.${field.name}`];
  for (const [name, one] of Object.entries({ ...beside, ...instead })) args.set(name, one);
  return args.size === 0 ? '' : `(${[...args].map(([name, one]) => `${name}: ${one}`).join(', ')})`;
}

/** Every leaf that needs no argument, and of what has none the first thing below. */
function leavesOf(schema: GraphQLSchema, field: Field, depth = 0): string {
  const named = getNamedType(field.type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named) && !isInterfaceType(named)) return ' { __typename }';
  const free = Object.values(named.getFields()).filter((one) => !one.args.some(isRequiredArgument));
  const leaves = free.filter((one) => isLeafType(getNamedType(one.type))).map(({ name }) => name);
  const below = depth < 2 && leaves.length === 0 ? free.slice(0, 1) : [];
  return ` { ${['__typename', ...leaves, ...below.map((one) => one.name + leavesOf(schema, one, depth + 1))].join(' ')} }`;
}

/** The literals of a type that hold `canaries`, each with where in it. */
function literals(type: GraphQLInputType, canaries: Record<string, readonly string[]>): [string, string][] {
  const nullable = getNullableType(type);
  if (isListType(nullable))
    return literals(nullable.ofType, canaries).map(([at, one]) => [at, `[${one}, ${one}]`]);
  if (isInputObjectType(nullable)) {
    const required = Object.values(nullable.getFields()).filter(
      (one) => isNonNullType(one.type) && one.defaultValue === undefined,
    );
    return Object.values(nullable.getFields()).flatMap((field) =>
      literals(field.type, canaries).map(([at, one]): [string, string] => {
        const others = required
          .filter((other) => other !== field)
          .map(({ name }) => `${name}: ${GIVEN[name] ?? '1'}, `);
        return [`.${field.name}${at}`, `{ ${others.join('')}${field.name}: ${one} }`];
      }),
    );
  }
  if (isEnumType(nullable)) return (canaries.enum ?? []).map((one) => ['', one]);
  return (canaries[nullable.name] ?? []).map((one) => ['', one]);
}

/** `canaries`: by the name of a scalar, or "enum", what is put where it belongs. */
export function everywhere(schema: GraphQLSchema, canaries: Record<string, readonly string[]>): Asked[] {
  const ways = waysTo(schema);
  return Object.values(schema.getTypeMap())
    .filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields()).flatMap((field) =>
        field.args.flatMap((argument: GraphQLArgument) =>
          literals(argument.type, canaries).map(([at, literal]): Asked => {
            const way = ways.get(type.name);
            const name = `${type.name}.${field.name}(${argument.name}:)${at}`;
            if (!way) throw new Error(`nothing leads to ${name}`);
            const args = given(type, field, { [argument.name]: literal });
            return { name, query: `${way[0]}${field.name}${args}${leavesOf(schema, field)}${way[1]}` };
          }),
        ),
      ),
    );
}
