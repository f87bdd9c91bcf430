/**
 * How like a name is to what is searched for, from 0 to 1: how much of the searched words it has, each counting for more the
 * fewer names have it; and a quarter less the more words it has besides. One rule, as SQL for names in tables and as code for
 * the catalogue.
 */
import { empty, join, raw, type Sql, sql } from '../select/sql.js';
import type { Vocabulary, Wanted } from './vocabulary.js';

/** What a name must have of what is searched for. */
const LEAST = 0.45;
/** What is left to a name that has all words and endless others. */
const AT_LEAST_OF_WHOLE = 0.75;
/** Of so many names not all are looked at. */
const MOST_NAMES = 10_000;
/** Longer texts are no names. */
const MOST_WORDS = 12;

/** `isOpen`: every word may go on, not the last alone. */
export const wantedOf = (words: readonly string[], vocabulary: Vocabulary, isOpen = false): Wanted[] =>
  words.slice(0, MOST_WORDS).map((word, at, all) => vocabulary.wanted(word, isOpen || at === all.length - 1));

const weightOf = (wanted: readonly Wanted[]): number => wanted.reduce((sum, { weight }) => sum + weight, 0);

/** How well the word that fits best does; 0 where none does. */
export function fitOf({ fits }: Wanted, words: ReadonlySet<string>): number {
  let best = 0;
  for (const word of words) best = Math.max(best, fits.get(word) ?? 0);
  return best;
}

/** Of a name's words; null for a name that has too little. */
export function likeness(wanted: readonly Wanted[], words: ReadonlySet<string>): number | null {
  const fits = wanted.map((one) => one.weight * fitOf(one, words));
  const had = fits.reduce((sum, fit) => sum + fit, 0) / weightOf(wanted);
  if (had < LEAST) return null;
  const matched = fits.filter((fit) => fit > 0).length;
  return had * (AT_LEAST_OF_WHOLE + (1 - AT_LEAST_OF_WHOLE) * Math.min(1, matched / words.size));
}

/**
 * The same in SQL, of a column of words: a FROM clause of the rows that have enough, and their likeness. Only rows that have
 * one of the words are looked at without which none has enough; and where most names have those, only names that have
 * little besides, which are the likest.
 */
export function likenessOf(
  wanted: readonly Wanted[],
  table: Sql,
  row: Sql,
  fit: Sql,
): { likeness: Sql; from: Sql } {
  const whole = weightOf(wanted);
  const fits = wanted.map(({ meanings, weight }, at) => {
    const cases = meanings.map(
      (meaning) =>
        sql`WHEN ${row}.words && ${meaning.words}::text[] THEN ${(weight * meaning.fit) / whole}::float8`,
    );
    const name = raw(`fit_${at + 1}`);
    return {
      value: sql`${fit}.${name}`,
      column: sql`${cases.length > 0 ? sql`CASE ${join(cases, ' ')} ELSE 0 END` : sql`0::float8`} AS ${name}`,
    };
  });
  const had = sql`(${join(
    fits.map(({ value }) => value),
    ' + ',
  )})`;
  const matched = sql`(${join(
    fits.map(({ value }) => sql`(${value} > 0)::int`),
    ' + ',
  )})`;
  const needed = neededWords(wanted);
  const isCommon = needed.reduce((sum, { names }) => sum + names, 0) > MOST_NAMES;
  const words = needed.flatMap(({ meanings }) => meanings.flatMap((meaning) => meaning.words));
  const isShort = isCommon ? sql`AND cardinality(${row}.words) <= ${wanted.length + 1}::int` : empty;
  // OFFSET 0: each fit is worked out once.
  return {
    likeness: sql`${had} * (${AT_LEAST_OF_WHOLE}::float8 + ${1 - AT_LEAST_OF_WHOLE}::float8 * least(1, ${matched}::float8 / cardinality(${row}.words)))`,
    from: sql`FROM ${table} ${row} CROSS JOIN LATERAL (SELECT ${join(fits.map(({ column }) => column))} OFFSET 0) ${fit}
      WHERE ${row}.words && ${words}::text[] ${isShort} AND ${had} >= ${LEAST}::float8`,
  };
}

/** Words of which every name that has enough must have one: the rarest, until the others alone would be too little. */
function neededWords(wanted: readonly Wanted[]): Wanted[] {
  const rarestFirst = [...wanted].sort((one, other) => other.weight - one.weight);
  const needed: Wanted[] = [];
  let left = weightOf(wanted);
  for (const one of rarestFirst) {
    if (left < LEAST * weightOf(wanted)) break;
    needed.push(one);
    left -= one.weight;
  }
  return needed;
}
