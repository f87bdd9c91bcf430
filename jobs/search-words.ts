/**
 * The words of a text, as names are searched by: without case, accents, points and apostrophes, the register's
 * abbreviations written out, and what says nothing left out. Names and whatever is searched for go through the same.
 */

/** Written without points: C.E., C of E and CofE have become these before. */
const WRITTEN_OUT = new Map<string, readonly string[]>(
  Object.entries({
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
  }),
);

const SAYS_NOTHING = new Set(['the', 'of', 'and', 'for', 'in', 'at', 'on', 'a', 'an', 'to', 'by']);

export function wordsOf(text: string): string[] {
  const plain = plainOf(text)
    .replace(/\bc (?:of )?e\b/g, 'cofe')
    .replace(/\br c\b/g, 'rc');
  const telling = new Set<string>();
  const silent = new Set<string>();
  for (const written of plain.split(' ')) {
    if (written === '') continue;
    for (const word of WRITTEN_OUT.get(written) ?? [written]) {
      (SAYS_NOTHING.has(word) ? silent : telling).add(singular(word));
    }
  }
  return [...(telling.size > 0 ? telling : silent)];
}

/** Letters and digits in small letters, with spaces between words. Most names are ASCII, and there it takes a third of the time. */
function plainOf(text: string): string {
  const isAscii = !BEYOND_ASCII.test(text);
  const small = isAscii
    ? text.toLowerCase()
    : text
        .normalize('NFKD')
        .toLowerCase()
        .replace(/\p{M}|[’‘]/gu, '');
  return small
    .replace(/['`]/g, '')
    .replace(/&/g, ' and ')
    .replace(isAscii ? /[^a-z0-9]+/g : /[^\p{L}\p{N}]+/gu, ' ');
}

const BEYOND_ASCII = /[^ -~\s]/;

/** St Mary's and St Mary, infants and infant: one word. */
const singular = (word: string): string =>
  word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word;
