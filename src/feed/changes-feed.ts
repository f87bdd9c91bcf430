/**
 * What has changed, as an Atom feed: the same question as `changes`, asked with the parameters of an address. Entries keep
 * their ids as long as the comparison is of the same release; a reader who has the version that stands is told so.
 */
import { createHash } from 'node:crypto';
import { textOf } from '../answers/text-of.js';
import type { ErrorCode } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { Asking } from '../http/asking.js';
import { entriesOf } from '../refused.js';
import { type AtomEntry, atomFeed } from './atom.js';
import { feedTitle, namesAsked } from './feed-title.js';

export const CHANGES_PATH = '/changes.atom';

const ENTRIES = 50;
const QUESTION = `query ($since: LocalDate, $localAuthority: String, $trust: ID, $codes: [String!], $urns: [Int!], $indicators: [ID!]) {
  changes(since: $since, localAuthority: $localAuthority, trust: $trust, codes: $codes, urns: $urns, indicators: $indicators, first: ${ENTRIES}) {
    newestReleaseOn tests beyondChance falseDiscoveryRate unknown
    changes {
      id why place { name } indicator { id name }
      release { publishedOn retrievedAt title url }
    }
  }
}`;

const asList = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
/** A number as one; anything else as it is, to be refused with its own words. */
const asUrn = (text: string) => (/^\d{1,9}$/.test(text) ? Number(text) : text);

/** What an address can say, and how each of it is put to the graph. */
const PARAMETERS: Record<string, (text: string) => unknown> = {
  localAuthority: (text) => text,
  trust: (text) => text,
  codes: asList,
  urns: (text) => asList(text).map(asUrn),
  indicators: asList,
  since: (text) => text,
};
const EXAMPLE = `${CHANGES_PATH}?localAuthority=888&since=2025-01-01`;

/** Why an address makes no feed: what to tell. */
export class BadFeed {
  constructor(
    readonly message: string,
    readonly status = 400,
    readonly code: ErrorCode = 'BAD_USER_INPUT',
  ) {}
}

interface Told {
  changes: {
    newestReleaseOn: string | null;
    tests: number;
    beyondChance: number;
    falseDiscoveryRate: number;
    unknown: string[];
    changes: {
      id: string;
      why: string;
      place: { name: string };
      indicator: { id: string; name: string };
      release: { publishedOn: string | null; retrievedAt: string; title: string; url: string };
    }[];
  } | null;
}

/** The variables of the question; or why there are none. */
function variablesOf(search: string): Record<string, unknown> | BadFeed {
  const parameters = new URLSearchParams(search);
  const variables: Record<string, unknown> = {};
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    const read = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
    if (!read) {
      return new BadFeed(
        `One of the parameters is none that a feed has. There are: ${Object.keys(PARAMETERS).join(', ')}. Such as ${EXAMPLE}`,
      );
    }
    if (values.length > 1)
      return new BadFeed(`${name} is given more than once; a list is put with commas: codes=888,891`);
    variables[name] = read(values[0]!);
  }
  return variables;
}

/** A UUID made of a text (RFC 9562, version 3). */
function uuidOf(text: string): string {
  const hash = createHash('md5').update(text).digest('hex').split('');
  hash[12] = '3';
  hash[16] = '8';
  return hash.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

interface Feed {
  xml: string;
  synthetic: boolean;
  /** The version of the data that all of it is made of; left out where they were replaced meanwhile. */
  version?: number;
}

/** The feed of an address. `origin`: how the reader reaches this server. */
export async function changesFeed(
  graph: Graph,
  search: string,
  origin: string,
  asking: Asking,
): Promise<Feed | BadFeed> {
  const variables = variablesOf(search);
  if (variables instanceof BadFeed) return variables;
  const { data, errors, synthetic, version } = await ask<Told>(graph, { query: QUESTION, variables }, asking);
  if (errors || !data?.changes) return refusalOf(errors?.[0]);
  const { changes } = data;
  if (changes.unknown.length > 0) {
    const isUnknown = (code: unknown) => changes.unknown.includes(String(code));
    const urns = (variables.urns ?? []) as number[];
    const where = [
      ...(urns.some(isUnknown) ? [entriesOf('urns', urns, isUnknown)] : []),
      ...(isUnknown(variables.trust) ? ['trust'] : []),
    ].join(' and ');
    return new BadFeed(
      `${where}: there is none such. Codes are of local authorities (888), urns of schools, trust is a UID. Such as ${EXAMPLE}`,
    );
  }
  const naming = namesAsked(variables);
  const names = naming
    ? await ask<Parameters<typeof feedTitle>[0]>(graph, naming, asking)
    : { data: {}, version };
  const { indicators } = graph.state.known;
  const asked = variables.indicators as string[] | undefined;
  const title = feedTitle(
    names.data ?? {},
    asked?.map((id) => indicators.get(id)?.name ?? id) ?? null,
    variables.since,
  );
  const about = new URLSearchParams([...new URLSearchParams(search)].sort());
  const percent = Math.round(changes.falseDiscoveryRate * 100);
  const mark = synthetic ? 'SYNTHETIC: ' : '';
  const entries = changes.changes.map(
    ({ id, why, place, indicator, release }): AtomEntry => ({
      id,
      title: `${mark}${place.name}: ${indicator.name}. ${why}`,
      updated: momentOf(release.publishedOn, release.retrievedAt),
      content: `${why} From “${release.title}”.`,
      via: release.url,
      category: { term: indicator.id, label: indicator.name },
    }),
  );
  const xml = atomFeed({
    id: uuidOf(`changes ${about}`),
    title: `${mark}${title}`,
    subtitle: `${changes.beyondChance} of ${changes.tests} comparisons are beyond chance, of which ${percent} in 100 may be chance all the same (Benjamini and Hochberg); the ${entries.length} with the strongest evidence are listed.`,
    updated:
      entries
        .map(({ updated }) => updated)
        .sort()
        .at(-1) ?? momentOf(changes.newestReleaseOn, null),
    self: `${origin}${CHANGES_PATH}${search}`,
    rights: 'Contains public sector information licensed under the Open Government Licence v3.0.',
    entries,
  });
  return { xml, synthetic, ...(names.version === version && version !== undefined ? { version } : {}) };
}

/** The beginning of a day, or where no day is known the moment of fetching; before any release, that of all time. */
const momentOf = (day: string | null, fetched: string | null): string =>
  day ? `${day}T00:00:00Z` : (fetched ?? '1970-01-01T00:00:00Z');

interface Asked<T> {
  data?: T;
  errors?: { message: string; extensions?: { code?: string } }[];
  synthetic: boolean;
  version?: number | undefined;
}

async function ask<T>(
  graph: Graph,
  body: { query: string; variables: Record<string, unknown> },
  asking: Asking,
): Promise<Asked<T>> {
  const answer = await graph.answer({
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    search: '',
    body,
    text: JSON.stringify(body),
    asking,
  });
  return { ...JSON.parse(await textOf(answer)), synthetic: answer.synthetic, version: answer.version };
}

/** Codes of errors that are the asker's doing. */
const ASKED_WRONGLY = ['BAD_USER_INPUT', 'UNKNOWN_INDICATOR', 'GRAPHQL_VALIDATION_FAILED'];

function refusalOf(error: { message: string; extensions?: { code?: string } } | undefined): BadFeed {
  const code = (error?.extensions?.code ?? 'INTERNAL') as ErrorCode;
  const message = error?.message ?? 'Something went wrong here, and it is not your doing.';
  if (ASKED_WRONGLY.includes(code))
    return new BadFeed(`${message}. Such as ${EXAMPLE}`, 400, 'BAD_USER_INPUT');
  const status = code === 'INTERNAL' ? 500 : code === 'RATE_LIMITED' ? 429 : 503;
  return new BadFeed(message, status, code);
}
