/** The words that names are searched by, and which words a mistyped one may mean. */
import { describe, expect, it } from 'vitest';
import { wordsOf } from '../../jobs/search-words.js';
import { authorityIn } from '../../schema/search/authority-name.js';
import { unlabelled } from '../../schema/search/codes.js';
import { distanceUpTo } from '../../schema/search/edit-distance.js';
import { parsePostcode } from '../../schema/search/postcode.js';
import { saidOtherwise } from '../../schema/search/said-otherwise.js';
import { Vocabulary } from '../../schema/search/vocabulary.js';

describe('the words of a name', () => {
  it.each([
    ["St Mary's C.E. Primary School", ['st', 'mary', 'church', 'england', 'primary', 'school']],
    ['Saint Marys C of E Primary Sch', ['st', 'mary', 'church', 'england', 'primary', 'school']],
    ['ST. MARY’S CofE (Aided) PRIMARY', ['st', 'mary', 'church', 'england', 'aided', 'primary']],
    ['St Peter & St Paul R.C. School', ['st', 'peter', 'paul', 'roman', 'catholic', 'school']],
    ['École Jeannine Manuel', ['ecole', 'jeannine', 'manuel']],
    ['The Academy of the Isle', ['academy', 'isle']],
    ['The The', ['the']],
    ['Class 4B', ['class', '4b']],
    [' -- ', []],
  ])('%s', (name, words) => {
    expect(wordsOf(name)).toEqual(words);
  });
});

describe('how many letters two words differ by', () => {
  it.each([
    ['academy', 'academy', 0],
    ['academy', 'acadmy', 1],
    ['academy', 'accademy', 1],
    ['academy', 'acedemy', 1],
    ['academy', 'acaedmy', 1],
    ['academy', 'acaedmmy', 2],
    ['ab', 'ba', 1],
    ['abc', 'cab', 2],
    ['', 'ab', 2],
    ['academy', 'primary', null],
    ['academy', 'academically', null],
  ])('%s and %s: %s', (one, other, distance) => {
    expect(distanceUpTo(one, other, 2)).toBe(distance);
    expect(distanceUpTo(other, one, 2)).toBe(distance);
  });

  it('is what the plain table of distances says, whatever the words', () => {
    const letters = ['a', 'b', 'c'];
    const words = [''];
    for (let at = 0; words.length < 121; at += 1) words.push(...letters.map((letter) => words[at]! + letter));
    const plain = (one: string, other: string) => {
      const table = [...Array(one.length + 1)].map((_, i) =>
        [...Array(other.length + 1)].map((__, j) => (i === 0 ? j : j === 0 ? i : 0)),
      );
      for (let i = 1; i <= one.length; i += 1)
        for (let j = 1; j <= other.length; j += 1) {
          const cost = one[i - 1] === other[j - 1] ? 0 : 1;
          table[i]![j] = Math.min(table[i - 1]![j]! + 1, table[i]![j - 1]! + 1, table[i - 1]![j - 1]! + cost);
          if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1])
            table[i]![j] = Math.min(table[i]![j]!, table[i - 2]![j - 2]! + 1);
        }
      return table[one.length]![other.length]!;
    };
    for (const one of words)
      for (const other of words)
        for (const most of [1, 2]) {
          const distance = plain(one, other);
          expect(distanceUpTo(one, other, most), `${one} ${other}`).toBe(distance <= most ? distance : null);
        }
  });
});

describe('what a searched word may mean', () => {
  const vocabulary = new Vocabulary(
    new Map([
      ['academy', 5000],
      ['acadamy', 1],
      ['nottingham', 60],
      ['nottinghamshire', 9],
      ['park', 900],
      ['mark', 40],
      ['hill', 1000],
    ]),
    10_000,
  );
  const meant = (word: string, isOpen = false) =>
    vocabulary.wanted(word, isOpen).meanings.map(({ words, fit }) => [fit, ...words]);

  it.each([
    ['park', false, [[1, 'park']]],
    // A word that is not rare is what was meant, however like others it is.
    ['mark', false, [[1, 'mark']]],
    ['perk', false, [[0.8, 'park']]],
    ['acadmy', false, [[0.8, 'academy', 'acadamy']]],
    [
      'acadamy',
      false,
      [
        [1, 'acadamy'],
        [0.8, 'academy'],
      ],
    ],
    ['notingam', false, [[0.6, 'nottingham']]],
    ['nott', false, []],
    ['nott', true, [[0.9, 'nottingham', 'nottinghamshire']]],
    ['hil', false, []],
    ['zzzz', false, []],
  ] as const)('%s, which goes on: %s', (word, isOpen, meanings) => {
    expect(meant(word, isOpen)).toEqual(meanings);
  });

  it('counts for more the fewer names have it, mistyped or not', () => {
    const weight = (word: string) => vocabulary.wanted(word, false).weight;
    expect(weight('nottingham')).toBeGreaterThan(weight('park'));
    expect(weight('park')).toBeGreaterThan(weight('academy'));
    expect(weight('acadmy')).toBe(weight('academy'));
  });
});

describe('a word that is written as two, or two as one', () => {
  const vocabulary = new Vocabulary(
    new Map([
      ['burnt', 20],
      ['mill', 200],
      ['reach', 30],
      ['reach2', 1],
      ['all', 500],
      ['st', 3_000],
      ['school', 9_000],
    ]),
    10_000,
  );
  it.each([
    ['burntmill school', ['burnt', 'mill', 'school']],
    ['reach 2', ['reach2']],
    ['AllSaints', ['all', 'st']],
    ['burnt mill', null],
    ['bornemill', null],
  ])('%s', (text, words) => {
    expect(vocabulary.respaced(wordsOf(text))).toEqual(words);
  });

  it('and one that is known may be mistyped for one that is much more so', () => {
    const known = new Vocabulary(
      new Map([
        ['hart', 12],
        ['heart', 400],
        ['hard', 30],
      ]),
      10_000,
    );
    const { fits, weight } = known.wanted('hart', false);
    expect(fits.get('hart')).toBe(1);
    expect(fits.get('heart')).toBeLessThan(0.8);
    expect(fits.has('hard')).toBe(false);
    expect(weight).toBe(new Vocabulary(new Map([['hart', 12]]), 10_000).wanted('hart', false).weight);
  });
});

it.each([
  ['Essex County Council', 'essex'],
  ['London Borough of Camden', 'camden'],
  ['Royal Borough of Kingston-upon-Thames', 'kingston upon thames'],
  ['the City of York', 'york'],
  ['Hull LA', 'hull'],
  ['Essex', null],
  ['City of London School', 'london school'],
  ['council', null],
])('%s says of itself that it is a local authority: %s', (text, name) => {
  expect(authorityIn(text)).toBe(name);
});

it.each([
  ['URN 136205', '136205'],
  ['urn:136205', '136205'],
  ['URN136205', '136205'],
  ['LAESTAB 891/4000', '891/4000'],
  ['DfE number: 891 4000', '891 4000'],
  ['Company No. 07618498', '07618498'],
  ['group id TR00044', 'TR00044'],
  ['LA 888', '888'],
  ['postcode ng1 1ng', 'ng1 1ng'],
  ['LA1 4XX', null],
  ['company of seven', null],
  ['136205', null],
])('the label of a code: %s', (text, code) => {
  expect(unlabelled(text)).toBe(code);
});

it.each([
  ['EHCPs by age', 'ehc plan age'],
  ['SEND', 'special educational need'],
  ['fixed-term exclusions', 'suspension'],
  ['Looked after children', 'lac'],
])('%s is said otherwise: %s', (text, other) => {
  expect(saidOtherwise(wordsOf(text)).map((words) => words.join(' '))).toContain(other);
});

describe('a postcode', () => {
  it.each([
    ['NG1 1AA', { outward: 'NG1', inward: '1AA' }],
    [' ng11aa ', { outward: 'NG1', inward: '1AA' }],
    ['EC1A 1BB', { outward: 'EC1A', inward: '1BB' }],
    ['b1', { outward: 'B1', inward: null }],
    ['NG12', { outward: 'NG12', inward: null }],
    ['NG1 1A', { outward: 'NG1', inward: '1A' }],
    ['ng1  1', { outward: 'NG1', inward: '1' }],
    ['NG11', { outward: 'NG11', inward: null }],
    ['e174', { outward: 'E17', inward: '4' }],
    ['NG1 1AAA', null],
    ['1NG', null],
    ['Nottingham', null],
    ['136205', null],
    ['', null],
  ])('%s', (text, postcode) => {
    expect(parsePostcode(text)).toEqual(postcode);
  });
});
