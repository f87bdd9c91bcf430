/** GET /changes.atom: what has changed, as a feed. */
import type { Answer, Graph } from '../graph/graph.js';
import { held } from '../links/link.js';
import { type Request, refusal } from '../links/plain-answer.js';
import { BadFeed, changesFeed } from './changes-feed.js';

export async function feedAnswer(graph: Graph, request: Request): Promise<Answer> {
  const { pathname, search, headers, asking, isSecure } = request;
  const scheme = isSecure ? 'https' : 'http';
  const origin = `${scheme}://${headers.host ?? 'localhost'}`;
  return held(graph, { ...request, accept: 'atom' }, [origin, pathname, search], async () => {
    const feed = await changesFeed(graph, search, origin, asking);
    if (feed instanceof BadFeed) return refusal(feed.status, feed.code, feed.message);
    const { xml, ...about } = feed;
    return {
      ...about,
      status: 200,
      headers: [['Content-Type', 'application/atom+xml; charset=utf-8']],
      body: xml,
    };
  });
}
