/** A message repeats names, and the code that could not be found; never another value of a question, however it was wrong. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withoutValues } from '../../src/without-values.js';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

const SECRET = 'my-private-text';
let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

it.each([
  [
    'a variable of another type',
    'query ($n: Int!) { schools(first: $n) { totalCount } }',
    { n: SECRET },
    /\$n.*Int/,
  ],
  [
    'a variable that is an object',
    'query ($n: Int!) { schools(first: $n) { totalCount } }',
    { n: { a: SECRET } },
    /\$n.*Int/,
  ],
  [
    'a variable with a wrong part',
    'query ($f: SchoolFilter) { schools(filter: $f) { totalCount } }',
    { f: { status: [SECRET] } },
    /f\.status.*SchoolStatus/,
  ],
  [
    'a variable that goes on like a message',
    'query ($n: Int!) { schools(first: $n) { totalCount } }',
    { n: `a"; Int ${SECRET}` },
    /\$n/,
  ],
  [
    'a variable that ends like one',
    'query ($n: Int!) { schools(first: $n) { totalCount } }',
    { n: `${SECRET} Int cannot represent a value: b` },
    /\$n/,
  ],
  [
    'a day that is none',
    'query ($d: LocalDate) { england(asOf: $d) { name } }',
    { d: SECRET },
    /\$d.*LocalDate/,
  ],
  [
    'a text where a number belongs',
    `{ schools(first: "${SECRET}") { totalCount } }`,
    {},
    /Int cannot represent non-integer value$/,
  ],
  [
    'a text where an enum belongs',
    `{ schools(filter: { status: ["${SECRET}"] }) { totalCount } }`,
    {},
    /SchoolStatus/,
  ],
  ['a day that is none, written out', `{ england(asOf: "${SECRET}") { name } }`, {}, /LocalDate/],
  ['a text where none belongs', `{ england "${SECRET}" }`, {}, /Syntax Error/],
  ['a text that does not end', `{ school(urn: "${SECRET}`, {}, /Syntax Error/],
])('%s', async (_what, query, variables, told) => {
  const { errors } = await graph.ask(query, variables);
  expect(errors!.length).toBeGreaterThan(0);
  for (const { message } of errors!) {
    expect(message).toMatch(told);
    expect(message).not.toContain(SECRET);
  }
});

it('a code that is not found is repeated no further than a person needs to find it', async () => {
  const { errors } = await graph.ask(
    'query ($id: ID!) { england { indicator(id: $id) { latest { value } } } }',
    {
      id: 'x'.repeat(5_000),
    },
  );
  expect(errors![0]!.message).toMatch(/"x{80}"/);
  expect(errors![0]!.message).not.toMatch(/x{81}/);
});

it('names are kept, and what there is instead', () => {
  for (const message of [
    'Cannot query field "nome" on type "England". Did you mean "name"?',
    'Variable "$n" of required type "Int!" was not provided.',
    'Value "OPENED" does not exist in "SchoolStatus" enum. Did you mean the enum value "OPEN"?',
    'Syntax Error: Expected Name, found "}".',
  ])
    expect(withoutValues(message)).toBe(message);
});
