/** The examples in Python and R run as they stand, and say what the graph answers; so do the links and formulas for spreadsheets. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type IncomingHttpHeaders, request } from 'node:http';
import { promisify } from 'node:util';
import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { runR } from './r.js';

const run = promisify(execFile);

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

/** What Python makes of a script of the examples; the test is skipped where there is no Python. */
async function python(test: TestContext, script: string, words: string[]) {
  try {
    return await run('python3', [`docs/examples/python/${script}`, ...words]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') test.skip('there is no python3 on this machine');
    throw error;
  }
}

describe.each([
  [
    'python/local_authorities.py',
    async (test: TestContext, words: string[]) =>
      // Its first line says that the figures are made up.
      (await python(test, 'local_authorities.py', words)).stdout.replace(/^SYNTHETIC.*\n/, ''),
  ],
  [
    'r/local_authorities.R',
    (_: TestContext, words: string[]) => runR('docs/examples/r/local_authorities.R', words),
  ],
] as const)('%s', (_, told) => {
  it('tells how many have a value and which five are highest', async (test) => {
    const said = await told(test, ['permanent-exclusion-rate', graph.address]);
    const { data } = await graph.ask(
      '{ ranking(indicator: "permanent-exclusion-rate", level: LOCAL_AUTHORITY) { value place { name } } localAuthorities { totalCount } }',
    );
    type Ranked = { value: number | null; place: { name: string } };
    const known = (data.ranking as Ranked[]).filter(({ value }) => value !== null);
    const highest = known.map(({ value }) => value!).toSorted((one, other) => other - one);
    const lines = said.trimEnd().split('\n');
    expect(lines[0]).toBe(
      `permanent-exclusion-rate: ${known.length} of ${data.localAuthorities.totalCount} local authorities have a value`,
    );
    expect(lines.slice(1)).toHaveLength(5);
    for (const [index, line] of lines.slice(1).entries()) {
      const [, name, value] = /^(.*?) \(.*\): ([\d.]+) in 20/.exec(line)!;
      expect(Number(value)).toBe(highest[index]);
      expect(known).toContainEqual({ value: Number(value), place: { name } });
    }
  });
});

describe('python3', () => {
  it('says that figures are made up, and what is wrong with a question', async (test) => {
    const { stdout } = await python(test, 'local_authorities.py', ['ehc-plans', graph.address]);
    expect(stdout).toMatch(/^SYNTHETIC SAMPLE: /);
    const wrong = python(test, 'local_authorities.py', ['suspension-rat', graph.address]);
    await expect(wrong).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/: there is no indicator of this id\. Nearest: suspension-rate/),
    });
  });

  it('python/cited_figure.py cites the file', async (test) => {
    const { stdout } = await python(test, 'cited_figure.py', ['891', 'ehc-plans', graph.address]);
    const { data } = await graph.ask(
      '{ localAuthority(code: "891") { indicator(id: "ehc-plans") { latest { value release { url sha256 dataSet { licence } } } } } }',
    );
    const { value, release } = data.localAuthority.indicator.latest;
    expect(stdout).toMatch(new RegExp(`^Nottinghamshire, EHC plans, January \\d{4}: ${value}\n`));
    for (const part of [release.url, release.sha256, release.dataSet.licence]) expect(stdout).toContain(part);
    const wrong = python(test, 'cited_figure.py', ['nine', 'ehc-plans', graph.address]);
    await expect(wrong).rejects.toMatchObject({ stderr: expect.stringMatching(/^code: .*891/) });
  });
});

describe('docs/examples/spreadsheets.md', () => {
  const page = readFileSync('docs/examples/spreadsheets.md', 'utf8');
  const rowsAt = async (link: string) => {
    const response = await fetch(link.replace('http://localhost:4000', graph.address));
    expect(response.status).toBe(200);
    return parseCsv(await response.text(), { columns: true }) as Record<string, string>[];
  };
  const COLUMNS = [
    'code',
    'name',
    'indicator.latest.value',
    'indicator.latest.status',
    'indicator.latest.period.label',
  ];
  const [, question] = /```graphql\n(.*)\n```/.exec(page)!;
  const [link] = /http:\/\/localhost:4000\/graphql\.csv\?query=%\S+/.exec(page)!;

  it('has the link of its question, and it brings a table of every local authority', async () => {
    expect(new URL(link!).searchParams.get('query')).toBe(question);
    const rows = await rowsAt(link!);
    const { data } = await graph.ask('{ localAuthorities { totalCount } }');
    expect(rows).toHaveLength(data.localAuthorities.totalCount);
    expect(Object.keys(rows[0]!)).toEqual(COLUMNS);
  });

  /** As a program fetches it that sends its own headers alone. */
  const fetched = (path: string, headers: Record<string, string>, method = 'GET') =>
    new Promise<{ status?: number; headers: IncomingHttpHeaders; bytes: Buffer }>((resolve, reject) => {
      const asked = request(`${graph.address}${path}`, { method, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, bytes: Buffer.concat(parts) }),
        );
      });
      asked.on('error', reject).end();
    });

  it.each([
    ['Excel', { 'User-Agent': 'Microsoft Office Excel/16.0', Accept: '*/*' }],
    ['Power Query', { 'User-Agent': 'Microsoft.Data.Mashup', 'Accept-Encoding': 'gzip, deflate' }],
    [
      'Google Sheets',
      { 'User-Agent': 'Mozilla/5.0 (compatible; GoogleDocs)', Accept: 'text/html,application/xhtml+xml' },
    ],
    ['a program that says nothing', {}],
  ])('brings the same bytes, at once and not packed, to %s, however it writes the question', async (_, headers) => {
    // The last two: blanks as plus signs; brackets as ENCODEURL writes them.
    const encoded = encodeURIComponent(question!);
    const written = [
      new URL(link!).search.slice('?query='.length),
      encoded.replace(/%../g, (code) => code.toLowerCase()),
      encoded.replaceAll('%20', '+'),
      encoded.replaceAll('(', '%28').replaceAll(')', '%29'),
    ];
    const [first, ...others] = await Promise.all(
      written.map((text) => fetched(`/graphql.csv?query=${text}`, headers)),
    );
    expect(first!.status).toBe(200);
    expect(first!.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': expect.stringMatching(/^attachment; filename="[\w.-]+\.csv"$/),
    });
    expect(first!.headers['content-encoding']).toBeUndefined();
    expect(first!.bytes.subarray(0, 10).toString()).toBe('code,name,');
    for (const other of others) expect(other.bytes.equals(first!.bytes)).toBe(true);
    const head = await fetched(`/graphql.csv?query=${encoded}`, headers, 'HEAD');
    expect([head.status, head.headers['content-type'], head.bytes.length]).toEqual([
      200,
      first!.headers['content-type'],
      0,
    ]);
  });

  it('begins with the mark that older versions of Excel look for, where the link asks for it', async () => {
    const [, parameter] = /`(&bom=1)`/.exec(page)!;
    const { bytes } = await fetched(`${link!.slice('http://localhost:4000'.length)}${parameter}`, {});
    expect(bytes.subarray(0, 7).toString()).toBe('\uFEFFcode');
  });

  it('saves a question that is a table', async () => {
    const [, body] = /curl http:\/\/localhost:4000\/q .* -d '(.*)'/.exec(page)!;
    const parameters = new URLSearchParams(JSON.parse(body!));
    const [row] = await rowsAt(`http://localhost:4000/graphql.csv?${parameters}`);
    expect(Object.keys(row!)).toEqual(['code', 'name']);
  });

  it('makes the same link in formulas', () => {
    const made = [...page.matchAll(/"https?:\/\/\S+?(\/graphql\.csv\?query=)" & ENCODEURL\(A1\)/g)].map(
      ([, path]) => path,
    );
    expect(made).toHaveLength(2);
    for (const path of made) expect(link).toContain(path!);
  });

  it('asks the same in Power Query, and sets types of columns that are there', async () => {
    const unquoted = (name: string) =>
      new RegExp(`${name} = "((?:[^"]|"")*)"`).exec(page)![1]!.replaceAll('""', '"');
    expect(page).toContain('Query = [query = Question, variables = Variables]');
    const [, origin, path] = /Web\.Contents\("(.*?)", \[RelativePath = "(.*?)"/.exec(page)!;
    const parameters = new URLSearchParams({ query: unquoted('Question'), variables: unquoted('Variables') });
    const rows = await rowsAt(`${origin}/${path}?${parameters}`);
    expect(rows).toEqual(await rowsAt(link!));
    const typed = [...page.matchAll(/\{"([\w.]+)", type \w+\}/g)].map(([, column]) => column);
    expect(typed).toHaveLength(2);
    expect(COLUMNS).toEqual(expect.arrayContaining(typed));
  });

  it('answers as of a day', async () => {
    const [, parameter] = /(&asOf=\d{4}-\d\d-\d\d)/.exec(page)!;
    expect(await rowsAt(link! + parameter)).not.toEqual([]);
  });
});
