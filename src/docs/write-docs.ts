/** Writes the pages of docs that are made of declarations. A test fails when one is not what this makes of them. */
import { writeFile } from 'node:fs/promises';
import { EXIT } from '../commands/commands.js';
import { SchoolGraphError } from '../errors.js';
import { dataDocs } from './data-docs.js';
import { indicatorDocs, LAIT_QUESTION, type LaitMeasure, laitDocs } from './indicator-docs.js';
import { recipes } from './recipes.js';

/** File → its text. */
export const WRITTEN_DOCS: Record<string, () => string> = {
  'docs/data.md': dataDocs,
  'docs/indicators.md': indicatorDocs,
  'docs/recipes.md': recipes,
};

export const LAIT_DOCS_FILE = 'docs/indicators-lait.md';

export async function writeDocs(addresses: string[]): Promise<number> {
  const measures = await Promise.all(addresses.map(measuresOf));
  for (const [file, text] of Object.entries(WRITTEN_DOCS)) await write(file, text());
  for (const all of measures) await write(LAIT_DOCS_FILE, laitDocs(all));
  return EXIT.ok;
}

async function write(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  console.log(`${file} is written.`);
}

/** The measures of LAIT, as the graph at an address has them. */
async function measuresOf(address: string): Promise<LaitMeasure[]> {
  const answer = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: LAIT_QUESTION }),
  }).then(
    (response) => response.json() as Promise<{ data?: { indicators: LaitMeasure[] } }>,
    () => null,
  );
  const measures = answer?.data?.indicators ?? [];
  if (measures.length === 0) {
    throw new SchoolGraphError(
      'BAD_COMMAND',
      'No graph with the dictionary of LAIT answers at that address. It must be one such as http://localhost:4000/graphql.',
    );
  }
  return measures;
}
