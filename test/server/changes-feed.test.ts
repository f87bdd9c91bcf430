/** GET /changes.atom: a feed of RFC 4287 with the changes that the graph tells, and 304 for a reader who has them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase, type OwnDatabase, ownDatabase } from '../database.js';
import { openTables } from '../graph/tables.js';
import { type RunningGraph, startGraph } from '../graph.js';

interface Element {
  name: string;
  attributes: Record<string, string>;
  text: string;
  children: Element[];
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const resolved = (text: string) => text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name]!);

/** Reads XML of elements, attributes and escaped text; throws at anything that is not well-formed, to the last character. */
function parseXml(xml: string): Element {
  const token =
    /<\?xml [^<>]*\?>|<(\/?)([A-Za-z][\w:-]*)((?: [\w:-]+="(?:[^"<&]|&(?:amp|lt|gt|quot|apos);)*")*) ?(\/?)>|((?:[^<>&]|&(?:amp|lt|gt|quot|apos);)+)/y;
  const root: Element = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  while (token.lastIndex < xml.length) {
    const at = token.lastIndex;
    const found = token.exec(xml);
    if (!found) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closes, name, attributes, isEmpty, text] = found;
    const parent = open.at(-1)!;
    if (text !== undefined) parent.text += resolved(text);
    else if (closes) {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes ${parent.name}`);
    } else if (name) {
      const pairs = [...attributes!.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, key, value]) => [
        key!,
        resolved(value!),
      ]);
      const made = { name, attributes: Object.fromEntries(pairs), text: '', children: [] };
      parent.children.push(made);
      if (!isEmpty) open.push(made);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one element');
  return root.children[0]!;
}

const child = ({ children }: Element, name: string) => children.find((one) => one.name === name);
const text = (element: Element, name: string) => child(element, name)?.text;
const UUID = /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-3[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/;
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

describe('on the sample', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('sample'));
  });
  afterAll(() => graph.close());
  const get = (search: string, request: RequestInit = {}) =>
    fetch(`${graph.address}/changes.atom${search}`, request);

  const nameOf = async (field: string): Promise<string> =>
    (await graph.ask(`{ it: ${field} { name } }`)).data.it.name;

  it('is a feed as RFC 4287 has it, with the changes that the graph tells, in their order', async () => {
    const search = '?localAuthority=301&since=2026-06-01';
    const response = await get(search);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('x-schoolgraph-data')).toBe('synthetic');
    const feed = parseXml(await response.text());
    expect(feed).toMatchObject({ name: 'feed', attributes: { xmlns: 'http://www.w3.org/2005/Atom' } });
    expect(text(feed, 'id')).toMatch(UUID);
    expect(text(feed, 'title')).toContain('SYNTHETIC');
    expect(child(child(feed, 'author')!, 'name')!.text).toBe('SchoolGraph');
    const self = feed.children.find(({ name, attributes }) => name === 'link' && attributes.rel === 'self');
    expect(self!.attributes.href).toBe(`${graph.address}/changes.atom${search}`);

    const { data } = await graph.ask(
      '{ changes(localAuthority: "301", since: "2026-06-01", first: 50) { changes { id why indicator { id } release { publishedOn url } } } }',
    );
    const entries = feed.children.filter(({ name }) => name === 'entry');
    expect(entries.length).toBeGreaterThan(3);
    expect(
      entries.map((entry) => ({
        id: text(entry, 'id'),
        term: child(entry, 'category')!.attributes.term,
        updated: text(entry, 'updated'),
        via: child(entry, 'link')!.attributes.href,
      })),
    ).toEqual(
      data.changes.changes.map(
        (change: {
          id: string;
          indicator: { id: string };
          release: { publishedOn: string; url: string };
        }) => ({
          id: `urn:uuid:${change.id}`,
          term: change.indicator.id,
          updated: `${change.release.publishedOn}T00:00:00Z`,
          via: change.release.url,
        }),
      ),
    );
    for (const entry of entries) {
      expect(text(entry, 'id')).toMatch(UUID);
      expect(text(entry, 'content')).toMatch(/^(Higher|Lower) than /);
      expect(text(entry, 'title')!.length).toBeGreaterThan(10);
    }
    expect(new Set(entries.map((entry) => text(entry, 'id'))).size).toBe(entries.length);
    expect(text(feed, 'updated')).toMatch(MOMENT);
    expect(text(feed, 'updated')).toBe(
      entries
        .map((entry) => text(entry, 'updated')!)
        .sort()
        .at(-1),
    );
  });

  it.each([
    [
      '?localAuthority=301&since=2026-06-01',
      async () => `${await nameOf('localAuthority(code: "301")')} and its schools – since 2026-06-01`,
    ],
    [
      '?codes=301%2C302&indicators=suspension-rate',
      async () =>
        `${[await nameOf('localAuthority(code: "301")'), await nameOf('localAuthority(code: "302")')].sort().join(', ')} – ${await nameOf('indicator(id: "suspension-rate")')}`,
    ],
    ['?codes=301,302,303,304,305,306,307', async () => ' and 2 more'],
  ])('is called by names, as a person says them: %s', async (search, expected) => {
    const response = await get(search);
    const title = await expected();
    const told = text(parseXml(await response.text()), 'title')!;
    expect(told.endsWith(title), told).toBe(true);
    expect(told).toMatch(/^SYNTHETIC: What has changed: [A-Z]/);
    expect(told).not.toMatch(/[%=&]/);
  });

  it('is whole where nothing has changed', async () => {
    const feed = parseXml(await (await get('?codes=301&since=2100-01-01')).text());
    expect(feed.children.filter(({ name }) => name === 'entry')).toEqual([]);
    expect(text(feed, 'updated')).toMatch(MOMENT);
  });

  it('has the same ids when it is asked for again, and other parameters make another feed', async () => {
    const ids = async (search: string) => {
      const feed = parseXml(await (await get(search)).text());
      return [
        text(feed, 'id'),
        ...feed.children.flatMap((one) => (one.name === 'entry' ? [text(one, 'id')] : [])),
      ];
    };
    const first = await ids('?codes=301');
    expect(await ids('?codes=301')).toEqual(first);
    expect((await ids('?codes=302'))[0]).not.toBe(first[0]);
  });

  it('tells a reader who has it that nothing is new, and answers HEAD', async () => {
    const etag = (await get('?codes=301')).headers.get('etag')!;
    const again = await get('?codes=301', { headers: { 'If-None-Match': `"other", ${etag.slice(2)}` } });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    expect((await get('?codes=302', { headers: { 'If-None-Match': etag } })).status).toBe(200);
    const head = await get('?codes=301', { method: 'HEAD' });
    expect([head.status, await head.text(), head.headers.get('etag')]).toEqual([200, '', etag]);
  });

  it.each([
    ['nobody named', '', 'localAuthority (888)'],
    ['an empty list', '?urns=', 'localAuthority (888)'],
    ['a list of nothing but commas', '?codes=,', 'localAuthority (888)'],
    ['an empty list of indicators', '?codes=301&indicators=', 'Leave it out'],
    ['a parameter that there is not', '?la=301', 'There are: localAuthority, trust, codes'],
    ['a parameter twice', '?codes=301&codes=302', 'with commas'],
    ['no code of a local authority', '?localAuthority=Leeds', '3-digit'],
    [
      'a local authority that there is not',
      '?localAuthority=999',
      'localAuthority: no local authority has this code',
    ],
    ['a URN that is none', '?urns=abc', 'urns: Int'],
    ['a URN that no school has', '?urns=999999', 'urns: there is none such'],
    ['a day that there is not', '?codes=301&since=2025-02-31', 'since: Value is not a valid LocalDate'],
    ['an indicator that there is not', '?codes=301&indicators=suspension-rat', 'suspension-rate'],
  ])('%s is refused with 400 and what to do instead', async (_what, search, told) => {
    const response = await get(search);
    expect(response.status).toBe(400);
    const { errors } = (await response.json()) as {
      errors: { message: string; extensions: { code: string } }[];
    };
    expect(errors[0]!.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors[0]!.message).toContain(told);
  });

  it('is reached over https where a trusted proxy says so, and nobody else', async () => {
    const headers = { 'X-Forwarded-Proto': 'https' };
    expect(await (await get('?localAuthority=301', { headers })).text()).not.toContain('https://127.0.0.1');
    const behind = await startGraph(loadedDatabase('sample'), { TRUSTED_PROXIES: '127.0.0.1' });
    try {
      const feed = await fetch(`${behind.address}/changes.atom?localAuthority=301`, { headers });
      expect(await feed.text()).toContain('https://127.0.0.1');
    } finally {
      await behind.close();
    }
  });

  it('is not for POST', async () => {
    const response = await get('?codes=301', { method: 'POST' });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });
});

describe('on a sample of one’s own', () => {
  let database: OwnDatabase;
  beforeAll(async () => {
    database = await ownDatabase('sample');
  });
  afterAll(() => database.drop());

  it('escapes whatever stands in a name, and is new when the data are', async () => {
    const name = 'Barking & <Dagenham> "\u0007\u{1f600}\'';
    const tables = await openTables(database.url);
    await tables.rows("UPDATE local_authority SET name = $1 WHERE code = '301'", [name]);
    const graph = await startGraph(database.url);
    try {
      const address = `${graph.address}/changes.atom?codes=301`;
      const first = await fetch(address);
      const entry = parseXml(await first.text()).children.find((one) => one.name === 'entry')!;
      expect(text(entry, 'title')).toContain(name.replace('\u0007', ''));
      const etag = first.headers.get('etag')!;
      expect((await fetch(address, { headers: { 'If-None-Match': etag } })).status).toBe(304);
      await tables.rows('UPDATE data_version SET version = version + 1');
      // What the server knows of the data may be a second old.
      const later = async () => {
        const { status, headers } = await fetch(address, { headers: { 'If-None-Match': etag } });
        return { status, isOther: headers.get('etag') !== etag };
      };
      await expect.poll(later, { timeout: 20_000 }).toEqual({ status: 200, isOther: true });
    } finally {
      await tables.close();
      await graph.close();
    }
  });
});
