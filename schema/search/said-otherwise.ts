/** What people say for what the publishers call otherwise: EHCP for EHC plan. One of them finds what has another. */
import { wordsOf } from '../../jobs/search-words.js';

const ALIKE = [
  ['EHC plan', 'EHCP', 'education, health and care plan'],
  ['SEN', 'SEND', 'special educational needs', 'special needs'],
  ['free school meals', 'FSM'],
  ['suspension', 'fixed term exclusion', 'fixed period exclusion', 'temporary exclusion'],
  ['permanent exclusion', 'expulsion'],
  ['English as an additional language', 'EAL'],
  ['children looked after', 'looked after children', 'children in care', 'LAC', 'CLA'],
  ['not in education, employment or training', 'NEET'],
  ['headcount', 'number of pupils', 'pupil numbers', 'number on roll', 'pupils on roll'],
  ['elective home education', 'home schooling', 'EHE'],
  ['absence', 'attendance'],
  ['unauthorised absence', 'truancy'],
  ['GIAS', 'EduBase', 'Get Information about Schools'],
].map((terms) => terms.map(wordsOf));

/** The same words, with each of its terms said otherwise. */
export function saidOtherwise(words: readonly string[]): string[][] {
  return ALIKE.flatMap((terms) =>
    terms.flatMap((term) => {
      const at = placeOf(term, words);
      if (at < 0) return [];
      const others = terms.filter((other) => other !== term);
      return others.map((other) => [
        ...new Set([...words.slice(0, at), ...other, ...words.slice(at + term.length)]),
      ]);
    }),
  );
}

/** Where in words a term stands; -1 where it does not. */
const placeOf = (term: readonly string[], words: readonly string[]): number =>
  words.findIndex((_, at) => term.every((word, further) => words[at + further] === word));
