/**
 * The words of a text, as names are searched by: without case, accents, points and apostrophes, the register's
 * abbreviations written out, and what says nothing left out. Names and whatever is searched for go through the same.
 */

/** Written without points: C.E., C of E and CofE have become these before. */
const WRITTEN_OUT: Record<string, readonly string[]> = {
  cofe: ['church', 'england'],
  ce: ['church', 'england'],
  rc: ['roman', 'catholic'],
  saint: ['st'],
  saints: ['st'],
  ss: ['st'],
  sch: ['school'],
  acad: ['academy'],
  inf: ['infant'],
  jnr: ['junior'],
  jun: ['junior'],
  prim: ['primary'],
  sec: ['secondary'],
  comp: ['comprehensive'],
};

const SAYS_NOTHING = new Set(['the', 'of', 'and', 'for', 'in', 'at', 'on', 'a', 'an', 'to', 'by']);

export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}|['’‘`]/gu, '')
    .replace(/&/g, ' and ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .replace(/\bc (?:of )?e\b/g, 'cofe')
    .replace(/\br c\b/g, 'rc');
  const words = plain.split(' ').flatMap((word) => WRITTEN_OUT[word] ?? (word ? [word] : []));
  const telling = words.filter((word) => !SAYS_NOTHING.has(word));
  return [...new Set((telling.length > 0 ? telling : words).map(singular))];
}

/** St Mary's and St Mary, infants and infant: one word. */
const singular = (word: string): string =>
  /[^s]s$/.test(word) && word.length > 3 ? word.slice(0, -1) : word;
