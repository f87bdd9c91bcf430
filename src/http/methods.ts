/** What may be done at an address: read, and at three of them be asked with a body. */
import { SAVED_PATH } from '../citing/saved-route.js';
import { ASSISTANT_PATH, GRAPH_PATH } from '../metrics/kind.js';

const READ = ['GET', 'HEAD'];

const ASKED_WITH_A_BODY: Record<string, readonly string[]> = {
  [GRAPH_PATH]: [...READ, 'POST'],
  [SAVED_PATH]: ['POST'],
  [ASSISTANT_PATH]: ['POST'],
};

export const methodsOf = (pathname: string): readonly string[] =>
  Object.hasOwn(ASKED_WITH_A_BODY, pathname) ? ASKED_WITH_A_BODY[pathname]! : READ;
