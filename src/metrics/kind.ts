/** What a request asks for, by its address: few names, however many addresses are tried. */
import type { IncomingMessage } from 'node:http';
import { DATA_PATH } from '../bulk/data-route.js';
import { SAVED_PATH } from '../citing/saved-route.js';
import { CHANGES_PATH } from '../feed/changes-feed.js';
import { ASSET_PATH } from '../graphiql/page.js';
import { endingOf } from '../links/link.js';

export const GRAPH_PATH = '/graphql';
export const METRICS_PATH = '/metrics';
export const ASSISTANT_PATH = '/mcp';

/** Each address, or what stands below it, that is one thing. */
const KINDS = {
  '/healthz': 'health',
  '/readyz': 'health',
  [METRICS_PATH]: 'health',
  [CHANGES_PATH]: 'feed',
  [ASSISTANT_PATH]: 'mcp',
  [SAVED_PATH]: 'saved',
  [DATA_PATH]: 'data',
} as const;

export type Kind = (typeof KINDS)[keyof typeof KINDS] | 'asset' | 'graphql' | 'link' | 'page' | 'other';

/** `page`: a browser asks for no more than the address. */
export function kindOf({ method, headers }: IncomingMessage, pathname: string, search: string): Kind {
  if (pathname === GRAPH_PATH) {
    const isForPage = method !== 'POST' && search === '' && (headers.accept ?? '').includes('text/html');
    return isForPage ? 'page' : 'graphql';
  }
  if (pathname.startsWith(ASSET_PATH)) return 'asset';
  const [, first] = /^(\/[^/]*)/.exec(pathname) ?? [];
  if (first !== undefined && Object.hasOwn(KINDS, first)) return KINDS[first as keyof typeof KINDS];
  return endingOf(pathname)?.path === GRAPH_PATH ? 'link' : 'other';
}
