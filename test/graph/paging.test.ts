/** Pages follow one another without a gap and without a repeat, in every order. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

let graph: RunningGraph;
let tables: Tables;
/** The local authority of the sample that has most schools. */
let code: string;

beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
  tables = await openTables(loadedDatabase('sample'));
  const [largest] = await tables.rows(
    'SELECT la_code FROM school WHERE to_release IS NULL AND la_code IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1',
  );
  code = largest.la_code;
});
afterAll(async () => {
  await graph.close();
  await tables.close();
});

interface Page {
  totalCount: number;
  nodes: Record<string, string | number>[];
  edges: { cursor: string; node: Record<string, string | number> }[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

const PAGE = (key: string) =>
  `totalCount nodes { ${key} } edges { cursor node { ${key} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }`;

/** Every page of a list; each is checked for what it says of itself. `list` has $after in it. */
async function pagesOf(list: string, key: string): Promise<Page[]> {
  const pages: Page[] = [];
  let after: string | null = null;
  do {
    const { data, errors } = await graph.ask(`query ($after: String) { list: ${list} { ${PAGE(key)} } }`, {
      after,
    });
    expect(errors).toBeUndefined();
    const page: Page = data.list;
    expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
    expect(page.pageInfo.startCursor).toBe(page.edges[0]?.cursor ?? null);
    expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)?.cursor ?? null);
    expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
    pages.push(page);
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
  } while (after !== null && pages.length < 1_000);
  return pages;
}

const keysOf = (pages: Page[], key: string) => pages.flatMap(({ nodes }) => nodes.map((node) => node[key]));

describe('paging through all schools of a local authority', () => {
  const ORDERS: [string, string][] = [
    ['', 'urn'],
    ['orderBy: null', 'urn'],
    ['orderBy: { field: URN, direction: DESC }', 'urn DESC'],
    ['orderBy: { field: NAME }', 'name, urn'],
    ['orderBy: { field: NAME, direction: DESC }', 'name DESC, urn DESC'],
    ['orderBy: { field: NUMBER_OF_PUPILS }', 'number_of_pupils NULLS LAST, urn'],
    ['orderBy: []', 'urn'],
    [
      'orderBy: [{ field: LOW_AGE }, { field: NUMBER_OF_PUPILS, direction: DESC }, { field: NAME }]',
      'low_age NULLS LAST, number_of_pupils DESC NULLS LAST, name, urn',
    ],
    ['orderBy: [{ field: LOW_AGE, direction: DESC }, { field: URN }]', 'low_age DESC NULLS LAST, urn'],
    ['orderBy: { field: NUMBER_OF_PUPILS, direction: DESC }', 'number_of_pupils DESC NULLS LAST, urn DESC'],
  ];
  it.each(ORDERS)('gives each exactly once, in the order asked: %s', async (orderBy, order) => {
    const wanted = await tables.rows(
      `SELECT urn FROM school WHERE to_release IS NULL AND la_code = $1 ORDER BY ${order}`,
      [code],
    );
    const found = await pagesOf(
      `schools(filter: { localAuthority: ["${code}"] }, first: 7, after: $after ${orderBy})`,
      'urn',
    );
    expect(keysOf(found, 'urn')).toEqual(wanted.map(({ urn }) => urn));
    expect(found.length).toBe(Math.ceil(wanted.length / 7));
    for (const { totalCount } of found) expect(totalCount).toBe(wanted.length);
  });

  it.each(ORDERS)('and from its end backwards each exactly once: %s', async (orderBy, order) => {
    const wanted = await tables.rows(
      `SELECT urn FROM school WHERE to_release IS NULL AND la_code = $1 ORDER BY ${order}`,
      [code],
    );
    const found: Page[] = [];
    let before: string | null = null;
    do {
      const { data, errors } = await graph.ask(
        `query ($before: String) { list: schools(filter: { localAuthority: ["${code}"] }, last: 7, before: $before ${orderBy}) { ${PAGE('urn')} } }`,
        { before },
      );
      expect(errors).toBeUndefined();
      const page: Page = data.list;
      expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
      expect(page.pageInfo.startCursor).toBe(page.edges[0]!.cursor);
      expect(page.pageInfo.endCursor).toBe(page.edges.at(-1)!.cursor);
      expect(page.pageInfo.hasNextPage).toBe(before !== null);
      expect(page.totalCount).toBe(wanted.length);
      found.unshift(page);
      before = page.pageInfo.hasPreviousPage ? page.pageInfo.startCursor : null;
    } while (before !== null && found.length < 1_000);
    expect(keysOf(found, 'urn')).toEqual(wanted.map(({ urn }) => urn));
    expect(found.length).toBe(Math.ceil(wanted.length / 7));
  });

  it('does the same below the local authority as with the filter', async () => {
    const { data } = await graph.ask(
      `query ($code: String!) { localAuthority(code: $code) { schools(first: 100) { ${PAGE('urn')} } } schools(first: 100, filter: { localAuthority: [$code] }) { ${PAGE('urn')} } }`,
      { code },
    );
    expect(data.localAuthority.schools).toEqual(data.schools);
  });
});

describe('paging through other lists', () => {
  it.each([
    [
      'trusts(first: 23, after: $after)',
      'uid',
      "SELECT uid FROM establishment_group WHERE to_release IS NULL AND type_code IN ('06', '10') ORDER BY name, uid",
    ],
    [
      'trusts(first: 23, after: $after, orderBy: { field: UID })',
      'uid',
      "SELECT uid FROM establishment_group WHERE to_release IS NULL AND type_code IN ('06', '10') ORDER BY uid",
    ],
    [
      'localAuthorities(first: 50, after: $after)',
      'code',
      'SELECT code FROM local_authority WHERE closed_on IS NULL ORDER BY name, code',
    ],
    [
      'localAuthorities(first: 100, after: $after, includeAbolished: true)',
      'code',
      'SELECT code FROM local_authority ORDER BY name, code',
    ],
    [
      'schools(first: 100, after: $after)',
      'urn',
      'SELECT urn FROM school WHERE to_release IS NULL ORDER BY urn',
    ],
  ])('%s gives each exactly once', async (list, key, statement) => {
    const wanted = (await tables.rows(statement)).map((row) => row[key]);
    expect(wanted.length).toBeGreaterThan(100);
    expect(keysOf(await pagesOf(list, key), key)).toEqual(wanted);
  });
});

describe('a page', () => {
  const schools = async (args: string) => {
    const { data, errors } = await graph.ask(`{ schools(${args}) { ${PAGE('urn')} } }`);
    expect(errors).toBeUndefined();
    return data.schools as Page;
  };

  it('has twenty entries unless asked otherwise, and a hundred at most', async () => {
    const { data } = await graph.ask('{ schools { nodes { urn } } }');
    expect(data.schools.nodes).toHaveLength(20);
    expect((await schools('first: 100')).nodes).toHaveLength(100);
  });

  it('of no entries says whether there would be any', async () => {
    expect(await schools('first: 0')).toMatchObject({
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('of an empty list is empty, whatever is asked of it', async () => {
    expect(await schools('filter: { localAuthority: [] }')).toEqual({
      totalCount: 0,
      nodes: [],
      edges: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
    const { data } = await graph.ask(
      '{ a: schools(urns: []) { totalCount } b: schools(urns: []) { pageInfo { hasPreviousPage } } c: schools(urns: []) { __typename } }',
    );
    expect(data).toEqual({
      a: { totalCount: 0 },
      b: { pageInfo: { hasPreviousPage: false } },
      c: { __typename: 'SchoolConnection' },
    });
  });

  it('that ends exactly with the list has no next page', async () => {
    const urns = (
      await tables.rows('SELECT urn FROM school WHERE to_release IS NULL ORDER BY urn LIMIT 5')
    ).map(({ urn }) => urn);
    expect((await schools(`urns: [${urns}], first: 5`)).pageInfo.hasNextPage).toBe(false);
    expect((await schools(`urns: [${urns}], first: 4`)).pageInfo.hasNextPage).toBe(true);
  });

  it('after null is the first page', async () => {
    expect(await schools('first: 3, after: null')).toEqual(await schools('first: 3'));
  });

  it('begins after any edge’s cursor, not only the last', async () => {
    const { edges } = await schools('first: 10');
    const { nodes, pageInfo } = await schools(`first: 5, after: "${edges[2]!.cursor}"`);
    expect(nodes).toEqual(edges.slice(3, 8).map(({ node }) => node));
    expect(pageInfo.hasPreviousPage).toBe(true);
  });

  it('lies between two cursors, counted from either end', async () => {
    const { edges } = await schools('first: 10');
    const window = `after: "${edges[1]!.cursor}", before: "${edges[7]!.cursor}"`;
    expect((await schools(`first: 3, ${window}`)).nodes).toEqual(edges.slice(2, 5).map(({ node }) => node));
    expect((await schools(`last: 3, ${window}`)).nodes).toEqual(edges.slice(4, 7).map(({ node }) => node));
    expect(await schools(`last: 20, ${window}`)).toMatchObject({
      nodes: edges.slice(2, 7).map(({ node }) => node),
      pageInfo: { hasNextPage: true, hasPreviousPage: false },
    });
  });

  it('can be asked for its count alone, or for nothing but what it is', async () => {
    const { data } = await graph.ask(
      '{ a: schools(first: 2) { totalCount } b: schools(first: 2) { __typename } c: schools(first: 2) { pageInfo { hasPreviousPage } } }',
    );
    expect(data).toEqual({
      a: {
        totalCount: (await tables.rows('SELECT count(*)::int AS n FROM school WHERE to_release IS NULL'))[0]
          .n,
      },
      b: { __typename: 'SchoolConnection' },
      c: { pageInfo: { hasPreviousPage: false } },
    });
  });

  it('finds the thousand that were pasted, each once, whatever their order', async () => {
    const urns = (
      await tables.rows('SELECT urn FROM school WHERE to_release IS NULL ORDER BY md5(urn::text) LIMIT 1000')
    ).map(({ urn }) => urn);
    const pages = await pagesOf(
      `schools(urns: [${[...urns.slice(0, 999), urns[0]]}], first: 100, after: $after)`,
      'urn',
    );
    expect(keysOf(pages, 'urn')).toEqual(urns.slice(0, 999).sort((a: number, b: number) => a - b));
  });
});

describe('what is no page', () => {
  const cursorOf = async (list: string) =>
    (await graph.ask(`{ list: ${list} { pageInfo { endCursor } } }`)).data.list.pageInfo.endCursor as string;
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const refused = async (field: string) => {
    const { errors } = await graph.ask(`{ ${field} { totalCount pageInfo { endCursor } } }`);
    expect(errors, field).toHaveLength(1);
    expect(errors![0]!.extensions.code).toBe('BAD_USER_INPUT');
    return errors![0]!.message;
  };

  it('is refused: a size beyond the largest, or below nothing', async () => {
    expect(await refused('schools(first: 101)')).toMatch(/^first: a page has 0 to 100/);
    expect(await refused('schools(first: -1)')).toMatch(/^first/);
    expect(await refused('schools(last: 101)')).toMatch(/^last: a page has 0 to 100/);
    expect(await refused('schools(last: -1)')).toMatch(/^last/);
    expect(await refused('schools(first: 1, last: 1)')).toMatch(/^first, last: /);
    expect(await refused('trusts(first: 2147483647)')).toMatch(/^first/);
    expect(await refused('localAuthorities(first: -2147483648)')).toMatch(/^first/);
  });

  it('is refused: a cursor that is none', async () => {
    const cursors = [
      '',
      'x',
      '%%%',
      'null',
      encode('null'),
      encode('[]'),
      encode('[100000]'),
      encode('{}'),
      encode('["a"'),
      encode('["\\u0000"]'),
    ];
    for (const after of cursors)
      for (const side of ['after', 'before'])
        expect(await refused(`schools(${side}: ${JSON.stringify(after)})`)).toMatch(
          new RegExp(`^${side}: not a cursor`),
        );
  });

  it('is refused: an order of nothing, of two things at once, or of too many', async () => {
    expect(await refused('schools(orderBy: [{}])')).toMatch(/^orderBy: each entry/);
    expect(await refused('trusts(orderBy: [{ direction: DESC }])')).toMatch(/^orderBy: each entry/);
    expect(
      await refused('schools(orderBy: [{ field: NAME, indicator: { id: "suspension-rate" } }])'),
    ).toMatch(/^orderBy: each entry/);
    expect(await refused(`schools(orderBy: [${'{ field: NAME } '.repeat(6)}])`)).toMatch(
      /^orderBy: 6 entries are more than a list may have: 5/,
    );
  });

  it('is refused: a cursor that was changed', async () => {
    const values = JSON.parse(
      Buffer.from(await cursorOf('schools(first: 1)'), 'base64').toString(),
    ) as unknown[];
    for (const urn of [
      1e300,
      99_999_999_999,
      -99_999_999_999,
      1.5,
      '100000',
      null,
      [1],
      '1); DROP TABLE school; --',
    ]) {
      const after = encode(JSON.stringify([...values.slice(0, -1), urn]));
      expect(await refused(`schools(after: "${after}")`)).toMatch(/^after: not a cursor/);
    }
    expect(await refused(`schools(after: "${encode(JSON.stringify([...values, 1]))}")`)).toMatch(/^after/);
  });

  it.each([
    ['schools(first: 1)', 'schools(orderBy: { field: NAME }, after: "CURSOR")'],
    ['schools(first: 1, orderBy: { field: NAME })', 'schools(after: "CURSOR")'],
    [
      'schools(first: 1, orderBy: { field: NAME })',
      'schools(orderBy: { field: NAME, direction: DESC }, after: "CURSOR")',
    ],
    [
      'schools(first: 1, orderBy: { field: NAME })',
      'schools(orderBy: { field: NUMBER_OF_PUPILS }, after: "CURSOR")',
    ],
    ['localAuthorities(first: 1)', 'trusts(after: "CURSOR")'],
    ['trusts(first: 1)', 'trusts(orderBy: { field: UID }, after: "CURSOR")'],
    ['trusts(first: 1)', 'localAuthorities(after: "CURSOR")'],
  ])('is refused: a cursor of %s in %s', async (of, into) => {
    expect(await refused(into.replace('CURSOR', await cursorOf(of)))).toMatch(/^after: not a cursor/);
  });
});
