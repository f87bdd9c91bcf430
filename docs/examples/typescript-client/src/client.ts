/** Asks a graph a typed question: the answer has the type that the question has in the schema. */
import type { TypedDocumentString } from './graph/graphql.js';

/** What a graph says when it cannot answer: sentences, each with a stable code. */
export class GraphError extends Error {
  constructor(readonly errors: { message: string; extensions: { code: string } }[]) {
    super(errors.map(({ message }) => message).join('\n'));
  }
}

export async function ask<Answer, Variables>(
  address: string,
  question: TypedDocumentString<Answer, Variables>,
  variables: Variables,
): Promise<Answer> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: question.toString(), variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new GraphError(errors);
  return data;
}
