/** A file of a release that stands behind an answer, as it is told beside it; and who asks to be told. */
import type { Column } from '../../schema/select/listing.js';

export interface Citation {
  publisher: string;
  /** Id of the data set. */
  dataSet: string;
  title: string;
  release: string;
  publishedOn: string | null;
  url: string;
  sha256: string;
  licence: string;
  licenceUrl: string;
  synthetic: boolean;
  /** All of it in a sentence, to be set under a table. */
  line: string;
}

const MEANINGS: Record<keyof Citation, string> = {
  publisher: 'Who publishes it.',
  dataSet: 'Id of the data set in the graph.',
  title: 'What the data set is called.',
  release: 'What the publisher calls the release.',
  publishedOn: 'The publisher’s own day of publication; empty where it gives none.',
  url: 'Address of the file.',
  sha256: 'SHA-256 of the file.',
  licence: 'Under which licence.',
  licenceUrl: 'Address of the licence.',
  synthetic: 'True for the made-up sample: no figure in it is real.',
  line: 'All of it in a sentence, to be set under a table.',
};

/** Citations as a table. */
export const CITATION_COLUMNS: Column[] = Object.entries(MEANINGS).map(([name, meaning]) => ({
  name,
  level: 1,
  path: [name],
  type: name === 'publishedOn' ? 'LocalDate' : name === 'synthetic' ? 'Boolean' : 'String',
  meaning,
  values: {},
}));

/** Whether an answer is asked for with its sources: ?cite=1, or "extensions": {"cite": true} in the body. */
export function isCited({ search, body }: { search: string; body: unknown }): boolean {
  const { extensions } = (body ?? {}) as { extensions?: { cite?: unknown } | null };
  return asksToCite(search) || extensions?.cite === true;
}

export const asksToCite = (search: string): boolean =>
  search !== '' && new URLSearchParams(search).get('cite') === '1';

/** The extensions of an answer: what it cost, what the asker should know of it, and its sources where they were asked for. */
export function extensionsOf(
  cost: number | null,
  notes: readonly string[],
  citations: readonly Citation[] | null,
): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  if (cost !== null) told.cost = cost;
  if (notes.length > 0) told.notes = notes.map((message) => ({ message }));
  if (citations) told.citations = citations;
  return told;
}
