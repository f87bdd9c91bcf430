/** All of an answer as text, for who asks the graph from within: the feed, and the assistants. */
import type { Answer } from '../graph/graph.js';

export async function textOf({ body, end }: Answer): Promise<string> {
  try {
    if (typeof body === 'string' || Buffer.isBuffer(body)) return body.toString();
    let text = '';
    for await (const part of body) text += part;
    return text;
  } finally {
    await end?.();
  }
}
