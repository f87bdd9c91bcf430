/**
 * What graphql-js says of a wrong question, without the values that were in it: they can be long, or nobody else's business.
 * Names of fields, arguments, variables and types stay, which are what a person looks for.
 */

/** No message needs to be longer. */
const LONGEST = 1_000;

/** How graphql-js goes on after a value. */
const GOES_ON = 'Expected|Field|Int|Float|String|Boolean|ID|Enum|Value|Exactly';

/** A value, and what follows the last that looks like its end: a value may hold whatever it likes. */
const INVALID = new RegExp(`got invalid value ([\\s\\S]*); (?=(?:${GOES_ON})\\b)`);
const WHERE = / at "[\w.$[\]]+"$/;

const RULES: [RegExp, string][] = [
  [
    /(cannot represent (?:an? )?(?:[\w-]+ )*value): [\s\S]*?(\. Did you mean the enum value [\s\S]*|$)/,
    '$1$2',
  ],
  [/(Value is not a valid \w+): [\s\S]*/, '$1: a day is written 2022-09-01'],
  [/(Expected value of type "[^"]*"), found [\s\S]*/, '$1.'],
  [/((?:found|Unexpected) (?:String|BlockString|Int|Float)) [\s\S]*/, '$1.'],
];

export function withoutValues(message: string): string {
  const rest = RULES.reduce((told, [pattern, kept]) => told.replace(pattern, kept), message);
  const told = rest
    .replace(INVALID, (_told, value: string) => `got an invalid value${WHERE.exec(value)?.[0] ?? ''}: `)
    // One that was made to look like a message of its own.
    .replace(/got invalid value [\s\S]*/, 'got an invalid value')
    .replace(/(got an invalid value[\s\S]*: )Value "[\s\S]*" does not exist in/, '$1it does not exist in');
  return told.length > LONGEST ? `${told.slice(0, LONGEST)}…` : told;
}
