/** Indicators and data sets by what they are called: a few hundred, known to the server, matched as names in tables are. */

import type { CataloguedIndicator } from '../../jobs/catalogue.js';
import { DATA_SETS } from '../../jobs/catalogue.js';
import { wordsOf } from '../../jobs/search-words.js';
import type { SearchFieldName, SearchKindName } from './kinds.js';
import { fitOf, likeness, wantedOf } from './likeness.js';
import { saidOtherwise } from './said-otherwise.js';
import { Vocabulary, type Wanted } from './vocabulary.js';

interface CatalogueHit {
  kind: Extract<SearchKindName, 'INDICATOR' | 'DATA_SET'>;
  id: string;
  field: Extract<SearchFieldName, 'NAME' | 'ID' | 'DEFINITION'>;
  text: string;
  name: string;
  score: number;
}

interface Entry extends Pick<CatalogueHit, 'kind' | 'id' | 'name'> {
  /** All words, wherever they stand. */
  words: ReadonlySet<string>;
  texts: { field: CatalogueHit['field']; text: string; words: ReadonlySet<string>; worth: number }[];
}

/** As scores of SQL are. */
const rounded = (score: number): number => Math.round(score * 1e6) / 1e6;

/** A definition tells of more than what it defines. */
const OF_DEFINITION = 0.6;
/** What is said otherwise is not the very name. */
export const OF_OTHER_WORDS = 0.95;

export class Catalogue {
  private static readonly known = new WeakMap<ReadonlyMap<string, CataloguedIndicator>, Catalogue>();
  private readonly entries: Entry[];
  private readonly vocabulary: Vocabulary;

  private constructor(indicators: ReadonlyMap<string, CataloguedIndicator>) {
    this.entries = [
      ...[...indicators.values()].map(({ id, name, description }) =>
        entryOf('INDICATOR', id, name, description),
      ),
      ...DATA_SETS.map(({ id, title, description }) => entryOf('DATA_SET', id, title, description)),
    ];
    const words = new Map<string, number>();
    for (const entry of this.entries)
      for (const word of entry.words) words.set(word, (words.get(word) ?? 0) + 1);
    this.vocabulary = new Vocabulary(words, this.entries.length);
  }

  /** Of these indicators: made once, as long as they are the same. */
  static of(indicators: ReadonlyMap<string, CataloguedIndicator>): Catalogue {
    const known = Catalogue.known.get(indicators) ?? new Catalogue(indicators);
    Catalogue.known.set(indicators, known);
    return known;
  }

  /** Indicators that have every word of the text, or one like it: by id, the likest first. */
  indicatorsWith(text: string): string[] {
    const ways = this.waysOf(text);
    const scores = new Map(this.find(text).map(({ kind, id, score }) => [`${kind} ${id}`, score]));
    const scoreOf = ({ kind, id }: Entry) => scores.get(`${kind} ${id}`) ?? 0;
    return this.entries
      .filter(
        ({ kind, words }) =>
          kind === 'INDICATOR' && ways.some(({ wanted }) => wanted.every((one) => fitOf(one, words) > 0)),
      )
      .sort((one, other) => scoreOf(other) - scoreOf(one))
      .map(({ id }) => id);
  }

  /** The words of a text, and the same said otherwise. */
  private waysOf(text: string): { wanted: Wanted[]; worth: number }[] {
    const words = wordsOf(text);
    const wantedBy = (way: readonly string[]) => wantedOf(way, this.vocabulary, true);
    return [
      { wanted: wantedBy(words), worth: 1 },
      ...saidOtherwise(words).map((way) => ({ wanted: wantedBy(way), worth: OF_OTHER_WORDS })),
    ];
  }

  /** What is like the text, the likest first, and as it stands in the catalogue where it is alike. */
  find(text: string): CatalogueHit[] {
    const id = text.trim().toLowerCase();
    const ways = this.waysOf(text);
    const hits = this.entries.flatMap((entry): CatalogueHit[] => {
      const best = entry.texts
        .map(({ field, text: matched, words, worth }) => ({
          field,
          text: matched,
          score:
            entry.id === id
              ? field === 'ID'
                ? 1
                : 0
              : rounded(
                  Math.max(...ways.map((way) => (likeness(way.wanted, words) ?? 0) * way.worth)) * worth,
                ),
        }))
        .reduce((one, other) => (other.score > one.score ? other : one));
      return best.score > 0 ? [{ kind: entry.kind, id: entry.id, name: entry.name, ...best }] : [];
    });
    return hits.sort((one, other) => other.score - one.score);
  }
}

function entryOf(kind: Entry['kind'], id: string, name: string, description: string): Entry {
  return {
    kind,
    id,
    name,
    words: new Set(wordsOf(`${id} ${name} ${description}`)),
    texts: [
      { field: 'NAME', text: name, words: new Set(wordsOf(name)), worth: 1 },
      { field: 'ID', text: id, words: new Set(wordsOf(id)), worth: 1 },
      {
        field: 'DEFINITION',
        text: description,
        words: new Set(wordsOf(`${name} ${description}`)),
        worth: OF_DEFINITION,
      },
    ],
  };
}
