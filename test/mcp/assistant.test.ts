/** An assistant asks over the Model Context Protocol what anybody can ask, within the same limits, and is told the sources. */
import { readFileSync } from 'node:fs';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../src/graphiql/examples.js';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

/** A client that is connected; `era`: of which revision of the protocol. */
async function connected(graph: RunningGraph, era: 'legacy' | 'auto' = 'auto'): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: era } });
  await client.connect(new StreamableHTTPClientTransport(new URL(`${graph.address}/mcp`)));
  return client;
}

interface Told {
  isError: boolean;
  /** Each text that is told. */
  texts: string[];
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the question's
  json: any;
}

async function call(client: Client, name: string, given: Record<string, unknown>): Promise<Told> {
  const { content, isError = false } = await client.callTool({ name, arguments: given });
  const texts = content.map((part) => (part.type === 'text' ? part.text : ''));
  return { isError, texts, json: isError || !/^\{"/.test(texts.at(-1)!) ? null : JSON.parse(texts.at(-1)!) };
}

let graph: RunningGraph;
let client: Client;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
  client = await connected(graph);
});
afterAll(async () => {
  await client.close();
  await graph.close();
});

describe('on the synthetic sample', () => {
  it.each([
    'legacy',
    'auto',
  ] as const)('lists its tools, each described, with input that is typed (%s)', async (era) => {
    const other = await connected(graph, era);
    const { tools } = await other.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'search_indicators',
      'find_places',
      'compare_local_authority',
      'ask',
      'get_schema',
      'worked_examples',
    ]);
    for (const { description, inputSchema, annotations } of tools) {
      expect(description).toMatch(/^\p{Lu}.{30,}\.$/su);
      expect(annotations).toMatchObject({ readOnlyHint: true });
      for (const property of Object.values(inputSchema.properties!))
        expect(property).toMatchObject({ description: expect.stringMatching(/./) });
    }
    expect(other.getInstructions()).toMatch(/never zero/);
    await other.close();
  });

  it('says with every answer that the figures are made up', async () => {
    const { texts } = await call(client, 'ask', { query: '{ england { name } }' });
    expect(texts).toHaveLength(2);
    expect(texts[0]).toMatch(/^SYNTHETIC SAMPLE/);
  });

  it('finds indicators by words', async () => {
    const found = async (words: string) => {
      const { json } = await call(client, 'search_indicators', { words, first: 3 });
      expect(json.data.search.length).toBeLessThanOrEqual(3);
      return json.data.search.map(({ result }: { result: { id: string; periods: unknown[] } }) => result);
    };
    const [first] = await found('permanent exclusion rate');
    expect(first.id).toBe('permanent-exclusion-rate');
    expect(first.periods.length).toBeGreaterThan(0);
    // As people ask: with a word that no indicator of that name has, and misspelt.
    for (const words of ['exclusion rate SEN', 'permanant exclusion rate'])
      expect((await found(words)).map(({ id }: { id: string }) => id)).toContain('permanent-exclusion-rate');
  });

  it('finds places by name, typing errors forgiven, and by code', async () => {
    const found = async (text: string) =>
      (await call(client, 'find_places', { text })).json.data.search.map(
        ({ result }: { result: object }) => result,
      );
    expect(await found('Yorkshre')).toContainEqual({
      __typename: 'Region',
      code: 'E12000003',
      name: 'Yorkshire and The Humber',
    });
    const [york] = await found('816');
    expect(york).toMatchObject({ __typename: 'LocalAuthority', code: '816', name: 'York' });
    const { json } = await call(client, 'find_places', { text: 'Sample', first: 2 });
    expect(json.data.search).toHaveLength(2);
  });

  it('compares a local authority, as the graph does, and cites the file', async () => {
    const { json } = await call(client, 'compare_local_authority', {
      code: '891',
      indicator: 'suspension-rate',
    });
    const { data } = await graph.ask(
      '{ localAuthority(code: "891") { comparison(indicator: "suspension-rate") { rank of value observation { release { files { sha256 url } } } } } }',
    );
    const { observation, ...compared } = data.localAuthority.comparison;
    expect(json.data.localAuthority.comparison).toMatchObject(compared);
    const [{ sha256, url }] = observation.release.files;
    const source = json.sources.find((one: { sha256: string }) => one.sha256 === sha256);
    expect(source).toMatchObject({ url, publisher: 'Department for Education', synthetic: true });
    expect(source.licence).toMatch(/^Open Government Licence/);
    const region = await call(client, 'compare_local_authority', {
      code: '891',
      indicator: 'suspension-rate',
      against: 'REGION',
    });
    expect(region.json.data.localAuthority.comparison.of).not.toBe(compared.of);
  });

  it('asks in GraphQL, with variables, and hands on notes', async () => {
    const query =
      'query ($code: String!) { localAuthority(code: $code, asOf: "2100-01-01") { name indicator(id: "lait-totfixedex") { latest { value } } } }';
    const { json } = await call(client, 'ask', { query, variables: { code: '891' } });
    const { data, extensions } = await graph.ask(query, { code: '891' });
    expect(json.data).toEqual(data);
    expect(extensions!.notes!.length).toBeGreaterThan(0);
    expect(json.notes).toEqual(extensions!.notes!.map(({ message }) => message));
  });

  it('reads the schema, whole as an overview and by type', async () => {
    const whole = (await call(client, 'get_schema', {})).texts[0]!;
    for (const name of ['localAuthority(asOf, code)', 'Observation', 'outliers('])
      expect(whole).toContain(name);
    const { texts } = await call(client, 'get_schema', { types: ['Observation', 'ObservationStatus'] });
    expect(texts[0]).toMatch(/type Observation \{.*SUPPRESSED/s);
    const { isError, texts: wrong } = await call(client, 'get_schema', { types: ['Observation', 'Figure'] });
    expect(isError).toBe(true);
    expect(wrong[0]).toMatch(/^the 2nd of types: there is no such type\. get_schema without types/);
  });

  it('has the worked examples', async () => {
    const all = (await call(client, 'worked_examples', {})).texts[0]!;
    for (const { id, title, query } of EXAMPLES) {
      expect(all).toContain(`${id}: ${title}.`);
      expect((await call(client, 'worked_examples', { id })).texts).toEqual([query]);
    }
  });
});

describe('what is wrong is said in sentences', () => {
  const refusal = async (name: string, given: Record<string, unknown>) => {
    const { isError, texts } = await call(client, name, given);
    expect(isError).toBe(true);
    expect(texts).toHaveLength(1);
    expect(texts[0]).not.toMatch(/^\s+at |SELECT|stack/m);
    return texts[0];
  };

  it.each([
    ['a word of the wrong kind', 'search_indicators', { words: 1 }, /words.*expected string/],
    ['a page too large', 'search_indicators', { words: 'rate', first: 1000 }, /first.*<=50/],
    ['too short a name', 'find_places', { text: 'a' }, /text.*>=2/],
    [
      'neighbours of no kind',
      'compare_local_authority',
      { code: '891', indicator: 'x', against: 'FRIENDS' },
      /against.*GEOGRAPHIC/,
    ],
    ['an example that there is not', 'worked_examples', { id: 'x' }, /where-we-stand/],
    [
      'an unknown indicator',
      'compare_local_authority',
      { code: '891', indicator: 'suspension-rat' },
      /^UNKNOWN_INDICATOR: .*suspension-rate/,
    ],
    [
      'a code that cannot be',
      'compare_local_authority',
      { code: 'nine', indicator: 'suspension-rate' },
      /^BAD_USER_INPUT: .*891/,
    ],
    [
      'a field that there is not',
      'ask',
      { query: '{ england { nothing } }' },
      /^GRAPHQL_VALIDATION_FAILED: There is no such field on type "England"/,
    ],
    ['a query that is none', 'ask', { query: '{ england' }, /^GRAPHQL_PARSE_FAILED: /],
    [
      'a variable that is missing',
      'ask',
      { query: 'query ($c: String!) { localAuthority(code: $c) { name } }' },
      /^BAD_USER_INPUT: code: A variable of required type/,
    ],
    ['a change', 'ask', { query: 'mutation { publish }' }, /mutation/],
  ])('%s', async (_, name, given, message) => {
    expect(await refusal(name, given)).toMatch(message);
  });

  it('a query beyond a limit is refused as it is for anybody', async () => {
    const aliases = Array.from({ length: 61 }, (_, index) => `a${index}: england { name }`).join(' ');
    const { errors } = await graph.ask(`{ ${aliases} }`);
    expect(await refusal('ask', { query: `{ ${aliases} }` })).toBe(
      `${errors![0]!.extensions.code}: ${errors![0]!.message}`,
    );
  });

  it('a question that costs too much is, too, and what one has spent is spent here as well', async () => {
    const strict = await startGraph(loadedDatabase('sample'), { MAX_COST: '1000', RATE_LIMIT: '500' });
    try {
      const query =
        '{ schools(first: 100) { nodes { indicators(ids: ["headcount", "suspension-rate"]) { series { value } } } } }';
      const { errors } = await strict.ask(query);
      expect(errors![0]!.extensions.code).toBe('QUERY_TOO_LARGE');
      const message = {
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'ask', arguments: { query } },
      };
      const ask = () =>
        fetch(`${strict.address}/mcp`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
          body: JSON.stringify(message),
        });
      expect(await (await ask()).text()).toContain(JSON.stringify(errors![0]!.message).slice(1, -1));
      let last = await ask();
      for (let asked = 0; last.status !== 429 && asked < 600; asked += 1) last = await ask();
      expect(last.status).toBe(429);
      expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    } finally {
      await strict.close();
    }
  });

  it('an answer that is too long for a conversation is not cut, but refused with what to do', async () => {
    const query =
      '{ ranking(indicator: "suspension-rate", level: LOCAL_AUTHORITY) { place { name __typename } observation { raw status isDerived period { label code } breakdown { label } release { url sha256 title } } } }';
    expect(await refusal('ask', { query })).toMatch(
      /^The answer has \d+ characters, and \d+ are the most\. Ask for fewer/,
    );
  });

  it('a tool that there is not is an error of the protocol', async () => {
    await expect(client.callTool({ name: 'delete_everything', arguments: {} })).rejects.toMatchObject({
      code: -32602,
    });
  });
});

it('nobody can wait for announcements, because there are none', async () => {
  expect(client.getServerCapabilities()).toEqual({ tools: { listChanged: false } });
  await expect(client.listen({ toolsListChanged: true })).rejects.toThrow();
});

it('docs/assistants.md has a line for every tool, with what it takes', async () => {
  const { tools } = await client.listTools();
  const lines = [...readFileSync('docs/assistants.md', 'utf8').matchAll(/^\| `(\w+)` \| (.*?) \|/gm)];
  expect(
    lines.map(([, name, takes]) => [name, [...takes!.matchAll(/`(\w+)`/g)].map(([, word]) => word)]),
  ).toEqual(tools.map(({ name, inputSchema }) => [name, Object.keys(inputSchema.properties!)]));
});

describe('over plain HTTP', () => {
  const post = (body: string, headers: Record<string, string> = {}) =>
    fetch(`${graph.address}/mcp`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json, text/event-stream',
        ...headers,
      },
      body,
    });

  it.each([
    ['is no JSON', 'nothing', {}, 400],
    ['says another content type', '{}', { 'Content-Type': 'text/plain' }, 415],
    ['is a list of messages', '[{"jsonrpc":"2.0","id":1,"method":"tools/list"}]', {}, 400],
    ['is larger than a body may be', `"${'x'.repeat(200_000)}"`, {}, 413],
  ])('a body that %s is refused', async (_, body, headers, status) => {
    const response = await post(body, headers);
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(/"message":"/);
  });

  it('GET is refused: there are no sessions to listen to', async () => {
    const response = await fetch(`${graph.address}/mcp`, { headers: { Accept: 'text/event-stream' } });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toContain('POST');
  });

  it('a page of another origin may ask, as a browser finds out before', async () => {
    const { status, headers } = await fetch(`${graph.address}/mcp`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://chat.example', 'Access-Control-Request-Method': 'POST' },
    });
    expect(status).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-methods')).toContain('POST');
    const allowed = headers.get('access-control-allow-headers')!.toLowerCase().split(', ');
    // Whatever the official client sends, as it is seen on its way.
    const sent = new Set<string>();
    const other = new Client({ name: 'page', version: '1' }, { versionNegotiation: { mode: 'auto' } });
    const seen: typeof fetch = (address, request) => {
      for (const name of new Headers(request?.headers).keys()) sent.add(name);
      return fetch(address, request);
    };
    await other.connect(new StreamableHTTPClientTransport(new URL(`${graph.address}/mcp`), { fetch: seen }));
    await call(other, 'ask', { query: '{ england { name } }' });
    await other.close();
    sent.delete('accept');
    expect(sent).toContain('mcp-protocol-version');
    expect(allowed).toEqual(expect.arrayContaining([...sent]));
  });

  it('a page of an origin that is not among those named is refused, as the protocol wants it', async () => {
    const named = await startGraph(loadedDatabase('sample'), { CORS_ORIGINS: 'https://chat.example' });
    try {
      const message = { jsonrpc: '2.0', id: 1, method: 'tools/list' };
      const from = async (origin: string | null, method = 'POST') => {
        const { status, headers } = await fetch(`${named.address}/mcp`, {
          method,
          headers: {
            'Content-Type': 'application/json',
            Accept: 'application/json, text/event-stream',
            ...(origin === null ? {} : { Origin: origin }),
          },
          ...(method === 'POST' ? { body: JSON.stringify(message) } : {}),
        });
        return [status, headers.get('access-control-allow-origin')];
      };
      expect(await from(null)).toEqual([200, null]);
      expect(await from('https://chat.example')).toEqual([200, 'https://chat.example']);
      expect(await from('https://chat.example', 'OPTIONS')).toEqual([204, 'https://chat.example']);
      // The third is what a page says whose name has been made to lead here.
      for (const other of ['https://other.example', 'null', named.address])
        for (const method of ['POST', 'OPTIONS', 'GET'])
          expect(await from(other, method)).toEqual([403, null]);
    } finally {
      await named.close();
    }
  });

  it('the next question is answered after all of that', async () => {
    expect((await call(client, 'ask', { query: '{ england { name } }' })).json.data).toEqual({
      england: { name: 'England' },
    });
  });
});

describe.skipIf(!hasRealFiles())('on published files', () => {
  it('is told what the graph answers, withheld figures withheld, with the release of each', async () => {
    const real = await startGraph(loadedDatabase('real'));
    const assistant = await connected(real);
    const query = `{ school(urn: 136205) { name trust { name indicator(id: "suspension-rate") { latest { value lower upper status } } }
      indicator(id: "suspension-rate") { latest { value status release { sha256 } } } } }`;
    const { texts, json } = await call(assistant, 'ask', { query });
    const { data } = await real.ask(query);
    expect(texts).toHaveLength(1);
    expect(json.data).toEqual(data);
    expect(data.school.trust.indicator.latest).toMatchObject({ value: null, status: 'SUPPRESSED' });
    expect(json.sources.map(({ sha256 }: { sha256: string }) => sha256)).toContain(
      data.school.indicator.latest.release.sha256,
    );
    await assistant.close();
    await real.close();
  });
});
