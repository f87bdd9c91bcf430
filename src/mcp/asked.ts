/** A question that an assistant asks, and what it is told: data with the releases behind them, or sentences that say what is wrong. */
import type { CallToolResult } from '@modelcontextprotocol/server';
import { textOf } from '../answers/text-of.js';
import type { Citation } from '../citing/citation.js';
import type { Answer } from '../graph/graph.js';

/** Puts a question to the graph, as the body of a request puts it. */
export type Ask = (body: {
  query: string;
  variables: Record<string, unknown>;
  extensions: { cite: true };
}) => Promise<Answer>;

/** The JSON of an answer. */
interface Told {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: { code?: string } }[];
  extensions?: { notes?: { message: string }[]; citations?: Citation[] };
}

/** What an assistant can hold beside the rest of a conversation, in characters. */
const MOST_CHARACTERS = 60_000;

const SYNTHETIC =
  'SYNTHETIC SAMPLE: made-up schools, trusts and figures. Only the names and codes of local authorities are real. Say so with every figure.';

const said = (text: string): CallToolResult['content'][number] => ({ type: 'text', text });

export const refused = (message: string): CallToolResult => ({ content: [said(message)], isError: true });

/** Asks, and tells what comes. */
export async function told(
  ask: Ask,
  query: string,
  variables: Record<string, unknown>,
): Promise<CallToolResult> {
  const answer = await ask({ query, variables, extensions: { cite: true } });
  const json: Told = JSON.parse(await textOf(answer));
  const { data, errors = [], extensions: { notes = [], citations = [] } = {} } = json;
  const faults = errors.map(({ message, extensions }) => `${extensions?.code ?? 'ERROR'}: ${message}`);
  const isNothing = Object.values(data ?? {}).every((value) => value === null);
  if (!data || (isNothing && faults.length > 0)) return refused(faults.join('\n'));
  const text = JSON.stringify({
    data,
    ...(faults.length > 0 ? { errors: faults } : {}),
    ...(notes.length > 0 ? { notes: notes.map(({ message }) => message) } : {}),
    sources: citations,
  });
  if (text.length > MOST_CHARACTERS) {
    return refused(
      `The answer has ${text.length} characters, and ${MOST_CHARACTERS} are the most. Ask for fewer fields, a smaller page (first), or one indicator.`,
    );
  }
  return { content: [...(answer.synthetic ? [said(SYNTHETIC)] : []), said(text)] };
}
