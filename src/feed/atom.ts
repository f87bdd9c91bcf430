/** Atom (RFC 4287): elements written with everything in them escaped, so that no name of a school can break a feed. */

/** What XML 1.0 has no place for, not even escaped: control characters, halves of surrogate pairs, and two that are none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to be left out
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;
const ESCAPED: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

const escapeText = (text: string): string =>
  text.replace(NOT_XML, '').replace(/[&<>"']/g, (character) => ESCAPED[character]!);

/** A piece of XML that is written already. */
export class Xml {
  constructor(readonly text: string) {}
}

/** An element. Text within it is escaped; names are our own. */
export function element(
  name: string,
  attributes: Record<string, string> = {},
  ...children: (Xml | string)[]
): Xml {
  const given = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(value)}"`);
  const inside = children.map((child) => (child instanceof Xml ? child.text : escapeText(child))).join('');
  return new Xml(
    inside === '' ? `<${name}${given.join('')}/>` : `<${name}${given.join('')}>${inside}</${name}>`,
  );
}

export interface AtomEntry {
  /** A UUID that stays the same. */
  id: string;
  title: string;
  /** ISO moment. */
  updated: string;
  content: string;
  /** Address of what it was made of. */
  via: string;
  category: { term: string; label: string };
}

export interface AtomFeed {
  id: string;
  title: string;
  subtitle: string;
  updated: string;
  self: string;
  rights: string;
  entries: AtomEntry[];
}

export function atomFeed(feed: AtomFeed): string {
  const entries = feed.entries.map(({ id, title, updated, content, via, category }) =>
    element(
      'entry',
      {},
      element('id', {}, `urn:uuid:${id}`),
      element('title', {}, title),
      element('updated', {}, updated),
      element('category', category),
      element('link', { rel: 'via', href: via }),
      element('content', { type: 'text' }, content),
    ),
  );
  const whole = element(
    'feed',
    { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': 'en-GB' },
    element('id', {}, `urn:uuid:${feed.id}`),
    element('title', {}, feed.title),
    element('subtitle', {}, feed.subtitle),
    element('updated', {}, feed.updated),
    element('author', {}, element('name', {}, 'SchoolGraph')),
    element('rights', {}, feed.rights),
    element('link', { rel: 'self', type: 'application/atom+xml', href: feed.self }),
    ...entries,
  );
  return `<?xml version="1.0" encoding="utf-8"?>\n${whole.text}\n`;
}
