/** What is deprecated says what to use instead and how long it stays, and the changelog says so too (docs/deprecation.md). */
import { readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { buildGraph } from '../../schema/build.js';

const FORM =
  /^(Use `(?<instead>\w+(\.\w+)?)` instead|Nothing takes its place: .+)\. It goes on \d{4}-\d\d-\d\d at the earliest\.$/;

/** Everything that has a name in a schema, as Type, Type.field or Type.field(argument), and why it is deprecated. */
function named(schema: GraphQLSchema): Map<string, string | null> {
  const all = new Map<string, string | null>();
  for (const type of Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'))) {
    all.set(type.name, null);
    if (isEnumType(type))
      for (const value of type.getValues())
        all.set(`${type.name}.${value.name}`, value.deprecationReason ?? null);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      all.set(`${type.name}.${field.name}`, field.deprecationReason ?? null);
      for (const argument of 'args' in field ? field.args : [])
        all.set(`${type.name}.${field.name}(${argument.name})`, argument.deprecationReason ?? null);
    }
  }
  return all;
}

/** What is deprecated and does not keep to the policy, with why. */
function faults(schema: GraphQLSchema, changelog: string): string[] {
  const all = named(schema);
  return [...all].flatMap(([name, reason]) => {
    if (reason === null) return [];
    const form = FORM.exec(reason);
    if (!form) return [`${name}: the reason has another form`];
    const { instead } = form.groups!;
    if (instead && (!all.has(instead) || all.get(instead)))
      return [`${name}: ${instead} is not there, or is deprecated itself`];
    return changelog.includes(`\`${name}\``) ? [] : [`${name}: the changelog does not name it`];
  });
}

it('every deprecated field, argument and enum value of the graph keeps to the policy', async () => {
  expect(faults(await buildGraph(), readFileSync('CHANGELOG.md', 'utf8'))).toEqual([]);
});

describe('the policy', () => {
  const until = 'It goes on 2027-09-01 at the earliest.';
  const schema = (reason: string) =>
    buildSchema(`type Query { old: Int @deprecated(reason: "${reason}") older: Int @deprecated(reason: "Nothing takes its place: no file has it. ${until}")
      new(was: Int @deprecated(reason: "Use \`Size.LARGE\` instead. ${until}")): Size } enum Size { LARGE }`);
  const CHANGELOG = '`Query.old` `Query.older` `Query.new(was)`';

  it('is kept by a reason that names what is there', () => {
    expect(faults(schema(`Use \`Query.new\` instead. ${until}`), CHANGELOG)).toEqual([]);
  });

  it.each([
    ['has no day', 'Use `Query.new` instead.', 'the reason has another form'],
    ['names nothing', `It is old. ${until}`, 'the reason has another form'],
    [
      'names what is not there',
      `Use \`Query.newer\` instead. ${until}`,
      'Query.newer is not there, or is deprecated itself',
    ],
    [
      'names what goes too',
      `Use \`Query.older\` instead. ${until}`,
      'Query.older is not there, or is deprecated itself',
    ],
  ])('is broken by a reason that %s', (_, reason, fault) => {
    expect(faults(schema(reason), CHANGELOG)).toEqual([`Query.old: ${fault}`]);
  });

  it('is broken by a changelog that is silent', () => {
    expect(faults(schema(`Use \`Query.new\` instead. ${until}`), '')).toHaveLength(3);
  });
});
