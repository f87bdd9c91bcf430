/** Conditions that filters are made of: a pasted list of codes, checked and of bearable length; a part of a name. */

import { Field } from 'type-graphql';
import { MAXIMUM_LIST, MAXIMUM_TEXT } from '../../src/limits.js';
import { refused, refuseLonger } from '../../src/refused.js';
import { type Sql, sql } from './sql.js';

/** Refuses a text that is looked for among many others, each of which it would be held against. */
export function refuseLongText(argument: string, text: string): void {
  if (text.length <= MAXIMUM_TEXT) return;
  throw refused(
    argument,
    `${text.length} characters are more than a text may have that is looked for: ${MAXIMUM_TEXT}`,
  );
}

export function inList(
  column: Sql,
  type: Sql,
  argument: string,
  values: readonly unknown[] | null | undefined,
): Sql {
  if (values === null || values === undefined) return sql`true`;
  refuseLonger(argument, values, MAXIMUM_LIST);
  // Of a list Postgres supposes ten, whatever it has: for one it would rather look through everything.
  return values.length === 1
    ? sql`${column} = ${values[0]}::${type}`
    : sql`${column} = ANY(${[...values]}::${type}[])`;
}

/** Of fewer letters there is no index, and no use: half of all names have them. */
const SHORTEST_TEXT = 3;

/** The field of a filter that nameHas reads. */
export const NameContains = Field(() => String, {
  nullable: true,
  description: 'The name has this text, of three characters or more, in whatever case.',
});

/** Whether a name has a text, in whatever case. */
export function nameHas(row: Sql, text: string, argument: string): Sql {
  if ([...text].length < SHORTEST_TEXT) {
    throw refused(argument, `a part of a name has ${SHORTEST_TEXT} characters or more`);
  }
  refuseLongText(argument, text);
  return sql`lower(${row}.name) LIKE lower(${`%${text.replace(/[\\%_]/g, '\\$&')}%`})`;
}

/** The condition that every part holds. */
export const allOf = (parts: (Sql | null | undefined | false)[]): Sql => {
  const kept = parts.filter((part): part is Sql => Boolean(part));
  return kept.length === 0 ? sql`true` : kept.reduce((left, right) => sql`${left} AND ${right}`);
};
