/** The worked examples as the page of a running graph gives them. */
import type { RunningGraph } from '../graph.js';

export interface ExampleOfPage {
  id: string;
  about: string;
  query: string;
  variables: Record<string, unknown>;
}

const DATA = /<script id="examples" type="application\/json">(.*?)<\/script>/s;

export async function examplesOf({ address }: RunningGraph): Promise<ExampleOfPage[]> {
  const page = await fetch(`${address}/graphql`, { headers: { Accept: 'text/html' } });
  return JSON.parse(DATA.exec(await page.text())![1]!);
}

export const exampleOf = async (graph: RunningGraph, id: string): Promise<ExampleOfPage> =>
  (await examplesOf(graph)).find((example) => example.id === id)!;
