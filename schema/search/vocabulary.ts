/**
 * The words that names have, and which of them a searched word may mean: the word itself, one that begins with it, or one that
 * differs by a letter or two. A word that few names have counts for more than one that most have.
 */
import { wordsOf } from '../../jobs/search-words.js';
import { distanceUpTo } from './edit-distance.js';

/** Words of a vocabulary that a searched word may mean, all equally well. */
export interface Meaning {
  words: string[];
  /** How well they fit: 1 is the word itself. */
  fit: number;
}

/** A searched word: what it may mean, the best first, and what it counts for. */
export interface Wanted {
  meanings: Meaning[];
  /** How well each of their words fits. */
  fits: ReadonlyMap<string, number>;
  weight: number;
  /** How many names have one of its meanings, or more where a name has several. */
  names: number;
}

const BEGINS = 0.9;
/** By how many letters differ. */
const DIFFERS = [1, 0.8, 0.6] as const;
/** Words that begin alike can be many: the commonest. */
const MOST_BEGUN = 60;
const MOST_SIMILAR = 20;
/** A word may be mistyped for one that so many times as many names have. */
const OFTENER = 10;
const MISTYPED = 0.6;
/** A word that so few names have may be a mistake in one of them, or of whoever searches. */
const RARE = 3;

/** Of a word that is two. */
const SHORTEST_PART = 3;

/** Words that fewer names have than this all count the same: mistyped ones are among them. */
const FEWEST = 20;

export class Vocabulary {
  /** By length, the words with the letters that each has. */
  private readonly byLength = new Map<number, { word: string; letters: number }[]>();

  /** `words`: how many of `total` names have each. */
  constructor(
    private readonly words: ReadonlyMap<string, number>,
    private readonly total: number,
  ) {
    for (const word of words.keys()) {
      const entry = { word, letters: lettersOf(word) };
      const alike = this.byLength.get(word.length);
      if (alike) alike.push(entry);
      else this.byLength.set(word.length, [entry]);
    }
  }

  /** `isOpen`: the word may go on, as the last one does while somebody types. */
  wanted(word: string, isOpen: boolean): Wanted {
    const names = this.words.get(word) ?? 0;
    const meanings: Meaning[] = [];
    const taken = new Set([word]);
    const add = (words: string[], fit: number) => {
      const left = words.filter((one) => !taken.has(one));
      for (const one of left) taken.add(one);
      if (left.length > 0) meanings.push({ words: left, fit });
    };
    if (names > 0) meanings.push({ words: [word], fit: 1 });
    if (isOpen && word.length >= 3) add(this.begun(word), BEGINS);
    if (names <= RARE) {
      const similar = this.similar(word);
      for (const distance of [1, 2] as const) add(similar[distance], DIFFERS[distance]);
    } else if (names < FEWEST) {
      add(
        this.similar(word)[1].filter((one) => this.words.get(one)! >= OFTENER * names),
        MISTYPED,
      );
    }
    const likely = meanings.filter(({ fit }) => fit >= DIFFERS[1]).flatMap(({ words }) => words);
    const meant = Math.max(0, ...likely.map((one) => this.words.get(one)!));
    return {
      meanings,
      fits: new Map(meanings.flatMap(({ words, fit }) => words.map((one) => [one, fit] as const))),
      weight: Math.log(1 + this.total / Math.max(meant, FEWEST)),
      names: meanings.flatMap(({ words }) => words).reduce((sum, one) => sum + this.words.get(one)!, 0),
    };
  }

  /** The words with blanks where there may be some, and without where there may be none; null where it is the same. */
  respaced(words: readonly string[]): string[] | null {
    const spaced: string[] = [];
    for (let at = 0; at < words.length; at += 1) {
      const [word, after] = [words[at]!, words[at + 1]];
      if (after !== undefined && this.words.has(word + after)) {
        spaced.push(word + after);
        at += 1;
      } else spaced.push(...(this.words.has(word) ? [word] : this.split(word)));
    }
    return spaced.length === words.length ? null : [...new Set(spaced)];
  }

  /** Two words that names have, written as one; the word itself where there are none. Where there are several, those that most have. */
  private split(word: string): string[] {
    const found: { parts: string[]; often: number }[] = [];
    for (let at = SHORTEST_PART; at <= word.length - SHORTEST_PART; at += 1) {
      const parts = [...wordsOf(word.slice(0, at)), ...wordsOf(word.slice(at))];
      const often = Math.min(...parts.map((part) => this.words.get(part) ?? 0));
      // One name may have a word by mistake.
      if (often > 1) found.push({ parts, often });
    }
    return found.sort((one, other) => other.often - one.often)[0]?.parts ?? [word];
  }

  private begun(word: string): string[] {
    return this.commonest(
      [...this.words.keys()].filter((one) => one.startsWith(word)),
      MOST_BEGUN,
    );
  }

  /** Words that differ by one letter, or by two. */
  private similar(word: string): Record<1 | 2, string[]> {
    const most = allowed(word);
    const found: Record<1 | 2, string[]> = { 1: [], 2: [] };
    const letters = lettersOf(word);
    for (let length = word.length - most; length <= word.length + most; length += 1)
      for (const one of this.byLength.get(length) ?? []) {
        // A letter that is wrong makes two words differ in two letters at most: most words are passed over by that alone.
        if (onesIn(letters ^ one.letters) > 2 * most) continue;
        const distance = distanceUpTo(word, one.word, most);
        if (distance === 1 || distance === 2) found[distance].push(one.word);
      }
    return { 1: this.commonest(found[1], MOST_SIMILAR), 2: this.commonest(found[2], MOST_SIMILAR) };
  }

  private commonest(words: string[], most: number): string[] {
    const often = (word: string) => this.words.get(word)!;
    return words.sort((one, other) => often(other) - often(one) || (one < other ? -1 : 1)).slice(0, most);
  }
}

/** Which letters a word has, a bit for each. */
function lettersOf(word: string): number {
  let letters = 0;
  for (let at = 0; at < word.length; at += 1) letters |= 1 << (word.charCodeAt(at) % 32);
  return letters;
}

function onesIn(bits: number): number {
  let count = 0;
  for (let left = bits; left !== 0; left &= left - 1) count += 1;
  return count;
}

/** How many letters may be wrong: none in a short word or a number, one in a word, two in a long one. */
function allowed(word: string): 0 | 1 | 2 {
  if (word.length < 4 || /\d/.test(word)) return 0;
  return word.length < 8 ? 1 : 2;
}
