/** GraphiQL comes from this server alone, so that it works offline and tells nobody who reads what. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { type Browser, findChromium, startBrowser } from './browser.js';
import { examplesOf } from './examples-of-page.js';

let graph: RunningGraph;
beforeAll(async () => {
  graph = await startGraph(loadedDatabase('sample'));
});
afterAll(() => graph.close());

describe('the page', () => {
  const page = async () => {
    const response = await fetch(`${graph.address}/graphql`, { headers: { Accept: 'text/html,*/*' } });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    return response.text();
  };

  it('asks for nothing but files of this server, and each is there', async () => {
    const html = await page();
    const sources = [...html.matchAll(/<(script|link|img|iframe)\b[^>]*?\b(?:src|href)="([^"]*)"/g)].map(
      ([, tag, url]) => [tag, url],
    );
    const files = sources.filter(([, url]) => !url!.startsWith('data:'));
    expect(files.filter(([tag]) => tag === 'script').length).toBeGreaterThanOrEqual(3);
    for (const [tag, url] of files) {
      const file = await fetch(new URL(url!, graph.address));
      expect(new URL(file.url).origin).toBe(graph.address);
      expect(file.status, url).toBe(200);
      expect(file.headers.get('content-type')).toMatch(tag === 'script' ? /^text\/javascript/ : /^text\/css/);
      const text = await file.text();
      expect(text.length).toBeGreaterThan(500);
      // A style sheet fetches by itself what it names.
      if (tag === 'link') {
        const named = [...text.matchAll(/(?:url\(|@import\s*)["']?([^"')\s;]+)/g)].map(([, name]) => name!);
        expect(named.filter((name) => !/^(data:|#|%23)/.test(name))).toEqual([]);
      }
    }
    expect(html.replaceAll(graph.address, '')).not.toMatch(/https?:\/\/|@import|\/\/[a-z0-9-]+\.[a-z]/i);
  });

  it('opens with a question that is answered, about a school that is in the data', async () => {
    const [{ query, variables }] = (await examplesOf(graph)) as [
      Awaited<ReturnType<typeof examplesOf>>[number],
    ];
    const { data, errors } = await graph.ask(query, variables);
    expect(errors).toBeUndefined();
    expect(data.school.trust.schools.nodes.length).toBeGreaterThan(2);
    const figures = data.school.trust.schools.nodes.map(
      ({ indicator }: { indicator: { latest: unknown } }) => indicator.latest,
    );
    expect(figures.filter(Boolean).length).toBeGreaterThan(0);
  });

  it('is for browsers: a program that asks for JSON does not get it', async () => {
    const response = await fetch(`${graph.address}/graphql`, { headers: { Accept: 'application/json' } });
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  });
});

describe('in a real browser that reaches no other host', () => {
  let browser: Browser | null = null;
  afterAll(() => browser?.close());

  it('renders the editor, explains the schema, and answers the example', async (test) => {
    const program = findChromium();
    if (!program) return test.skip('there is no Chromium on this machine');
    browser = await startBrowser(program, `${graph.address}/graphql`);
    const text = (selector: string) =>
      browser!.evaluate<string>(
        `[...document.querySelectorAll(${JSON.stringify(selector)})].map((e) => e.textContent).join('\\n')`,
      );

    await expect
      .poll(() => text('.graphiql-query-editor .CodeMirror-code'), { timeout: 30_000 })
      .toContain('suspension-rate');
    expect(await text('#synthetic')).toMatch(/SYNTHETIC SAMPLE/);
    await browser.evaluate("document.querySelector('.graphiql-execute-button').click()");
    await expect
      .poll(() => text('.result-window .CodeMirror-code'), { timeout: 30_000 })
      .toMatch(/"school": \{/);
    expect(await text('.result-window .CodeMirror-code')).not.toContain('"errors"');

    // The menu, by keyboard alone.
    await browser.evaluate("document.querySelector('#example').focus()");
    await browser.press('ArrowDown');
    const [, second] = await examplesOf(graph);
    await expect.poll(() => text('#about'), { timeout: 30_000 }).toBe(second!.about);
    const title = second!.query.split('\n', 1)[0]!.slice(2);
    await expect
      .poll(() => text('.graphiql-query-editor .CodeMirror-code'), { timeout: 30_000 })
      .toContain(title);
    const variables = await browser.evaluate<string>(
      "document.querySelector('.graphiql-editor-tool .CodeMirror').CodeMirror.getValue()",
    );
    expect(JSON.parse(variables)).toEqual(second!.variables);
    await browser.evaluate("document.querySelector('.graphiql-execute-button').click()");
    await expect
      .poll(() => text('.result-window .CodeMirror-code'), { timeout: 30_000 })
      .toMatch(/"localAuthority": \{|"schools": \{/);

    // What somebody has written is not lost: the example comes in a tab of its own.
    const tabs = () => browser!.evaluate<number>("document.querySelectorAll('.graphiql-tab').length");
    expect(await tabs()).toBeLessThanOrEqual(1);
    await browser.evaluate(
      "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror.setValue('{ england { name } }')",
    );
    await browser.evaluate("document.querySelector('#example').focus()");
    await browser.press('ArrowDown');
    await expect.poll(tabs, { timeout: 30_000 }).toBe(2);

    // On a telephone: nothing hangs over the edge, and the question and its answer can be read.
    await browser.resize(360);
    const isReadable = `(() => {
      const width = (selector) => document.querySelector(selector).getBoundingClientRect().width;
      return document.documentElement.scrollWidth <= 360 && width('.graphiql-query-editor') > 200 && width('.graphiql-response') > 200;
    })()`;
    await expect.poll(() => browser!.evaluate<boolean>(isReadable), { timeout: 30_000 }).toBe(true);

    const elsewhere = browser.requested.filter(
      (url) => !url.startsWith(`${graph.address}/`) && !/^(data|blob):/.test(url),
    );
    expect(elsewhere).toEqual([]);
    expect(browser.requested.filter((url) => url === `${graph.address}/graphql`).length).toBeGreaterThan(1);
    expect(browser.faults).toEqual([]);
  });

  it('shows the list of data sets, as it was meant to look and without a script', async (test) => {
    const program = findChromium();
    if (!program) return test.skip('there is no Chromium on this machine');
    const address = `${graph.address}/data`;
    const other = await startBrowser(program, address);
    try {
      const styled = () =>
        other.evaluate<string>(
          "getComputedStyle(document.querySelector('td') ?? document.body).verticalAlign",
        );
      await expect.poll(styled, { timeout: 30_000 }).toBe('top');
      expect(await other.evaluate<number>("document.querySelectorAll('script').length")).toBe(0);
      expect(other.requested.filter((url) => !url.startsWith(`${graph.address}/`))).toEqual([]);
      expect(other.faults).toEqual([]);
    } finally {
      await other.close();
    }
  });
});
