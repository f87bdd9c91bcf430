/** GET /data lists the data sets; /data/<id>.csv, .parquet and .jsonl are whole ones, and .dictionary says what is in them. */
import { dataSetById } from '../../jobs/catalogue.js';
import { asksToCite } from '../citing/citation.js';
import { SchoolGraphError } from '../errors.js';
import { type Format, formatNamed } from '../export/format.js';
import { answerOf, isForLater, RETRY_SECONDS } from '../export/told.js';
import type { Answer, Graph } from '../graph/graph.js';
import { held } from '../links/link.js';
import { type Request, refusal, saidWrongly } from '../links/plain-answer.js';
import { listingPage } from './listing-page.js';

export const DATA_PATH = '/data';

const FILE = /^\/data\/([a-z0-9-]+?)(\.dictionary)?\.([a-z]+)$/;
const ENDINGS = ['csv', 'parquet', 'jsonl'];
const DICTIONARY_ENDINGS = ['csv', 'json'];

/** The answer at /data and below. */
export async function dataAnswer(graph: Graph, request: Request): Promise<Answer> {
  const { pathname, search } = request;
  const { waiting } = request.asking;
  const isPage = (request.headers.accept ?? '').includes('text/html');
  if (pathname === DATA_PATH)
    return held(graph, { ...request, accept: null }, [pathname, String(isPage)], () => listed(graph, isPage));
  const [, id, isDictionary, ending] = FILE.exec(pathname) ?? [];
  const dataSet = id === undefined ? undefined : dataSetById(id);
  if (!dataSet || !(isDictionary ? DICTIONARY_ENDINGS : ENDINGS).includes(ending!)) {
    return refusal(
      404,
      'NOT_FOUND',
      'There is no such file. Data sets are listed at /data; each ends with .csv, .parquet or .jsonl, and its dictionary with .dictionary.csv or .dictionary.json.',
    );
  }
  const wrong = saidWrongly(search);
  if (wrong) return wrong;
  const parameters = new URLSearchParams(search);
  const asOf = parameters.get('asOf');
  if (asOf !== null && !isDay(asOf))
    return refusal(400, 'BAD_USER_INPUT', 'asOf must be a day written YYYY-MM-DD, such as 2022-10-01.');
  const options = { bom: parameters.get('bom') === '1', sources: asksToCite(search) };
  const format = formatNamed(ending!);
  return held(graph, { ...request, accept: ending! }, [pathname, search], async () => {
    try {
      if (!format) return plain(graph, 'application/json', await graph.files.dictionaryOf(dataSet, asOf));
      const open = (how: Format) =>
        isDictionary
          ? graph.files.dictionaryFile(dataSet, asOf, how, options, waiting)
          : graph.files.file(dataSet, asOf, how, options, waiting);
      const file = await open(format);
      return { ...answerOf(file), version: file.version };
    } catch (error) {
      if (!(error instanceof SchoolGraphError)) throw error;
      const isLater = isForLater(error.code);
      return refusal(
        isLater ? 503 : 404,
        error.code,
        error.message,
        isLater ? [['Retry-After', RETRY_SECONDS]] : [],
      );
    }
  });
}

async function listed(graph: Graph, isPage: boolean): Promise<Answer> {
  const dataSets = await graph.files.list();
  return isPage
    ? plain(graph, 'text/html', listingPage(dataSets, graph.state.known.synthetic))
    : plain(graph, 'application/json', { dataSets });
}

function plain(graph: Graph, type: string, body: unknown): Answer {
  const { version, synthetic } = graph.state.known;
  return {
    status: 200,
    headers: [['Content-Type', `${type}; charset=utf-8`]],
    body: typeof body === 'string' ? body : JSON.stringify(body),
    synthetic,
    version,
  };
}

const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.slice(0, 10) === text;
