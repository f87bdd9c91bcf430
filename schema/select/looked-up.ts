/** A place that is looked up by its code and is not there is null, and a note says which argument found nothing. */
import type { Statement } from './statement.js';

/** Notes on what is not there, by the answer. */
export const missingIn = (
  answer: Record<string, unknown>,
  { lookedUp }: Pick<Statement, 'lookedUp'>,
): string[] => [...lookedUp].filter(([key]) => answer[key] === null).map(([, note]) => note);

/** The same by the JSON of the answer, which is read only where it has such a null, there or further down. */
export function missingInText(json: string, statement: Pick<Statement, 'lookedUp'>): string[] {
  const mayBeMissing = [...statement.lookedUp.keys()].some((key) => json.includes(`"${key}" : null`));
  return mayBeMissing ? missingIn(JSON.parse(json), statement) : [];
}
