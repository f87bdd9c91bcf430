/**
 * locate: where a data set's newest release is, and what its publisher calls it. A GIAS file carries its day
 * in its name and may not be there yet; an EES file is found through its publication's latest release and
 * by the header it turns out to have — titles are hints that change, and file ids are new with every release.
 */

import { columnsOf, headerFits, splitHeader } from './contract.js';
import type { DataSet, Source } from './declaration.js';
import { type Fetcher, NotThere } from './fetch.js';
import { SourceFault } from './source-fault.js';

const GIAS = 'https://ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public';
const EES = 'https://content.explore-education-statistics.service.gov.uk/api';
/** Today's extract may not be there yet, and weekends have been missed. */
const GIAS_DAYS_BACK = 7;

export interface LocatedRelease {
  title: string;
  urls: string[];
  publishedOn: string | null;
  publishedBasis: 'PUBLISHER' | 'FILE_NAME' | 'LAST_MODIFIED' | 'UNKNOWN';
}

export interface LocateOptions {
  fetcher: Fetcher;
  /** ISO day of the register to read; the newest at or up to a week before it. */
  giasDate: string;
  /** Files of the release that is loaded now: still the newest if the publisher's version is the same. */
  knownUrls: string[];
  warn: (warning: string) => void;
}

export function locate(dataSet: DataSet, options: LocateOptions): Promise<LocatedRelease> {
  const { source } = dataSet;
  switch (source.kind) {
    case 'gias':
      return locateGias(source, options);
    case 'ees':
      return locateEes(dataSet, source, options);
    case 'file':
      return Promise.resolve({
        title: dataSet.title,
        urls: [source.url],
        publishedOn: null,
        publishedBasis: 'UNKNOWN',
      });
  }
}

async function locateGias(
  source: Extract<Source, { kind: 'gias' }>,
  { fetcher, giasDate, knownUrls, warn }: LocateOptions,
): Promise<LocatedRelease> {
  for (let back = 0; back <= GIAS_DAYS_BACK; back += 1) {
    const day = new Date(Date.parse(giasDate) - back * 86_400_000).toISOString().slice(0, 10);
    const url = `${GIAS}/${source.file}${day.replaceAll('-', '')}.csv`;
    const release: LocatedRelease = {
      title: `Extract of ${day}`,
      urls: [url],
      publishedOn: day,
      publishedBasis: 'FILE_NAME',
    };
    if (knownUrls.includes(url)) return release;
    try {
      const header = await fetcher.firstLine(url);
      const wrong = wrongDocument(header);
      if (!wrong) return release;
      // The host has answered 200 with an error page or document: the day before may be good.
      warn(`${url} answered with ${wrong} instead of a CSV file; the day before was asked for`);
    } catch (error) {
      if (!(error instanceof NotThere)) throw error;
    }
  }
  throw new NotThere(`${GIAS}/${source.file}*.csv for ${giasDate} or the ${GIAS_DAYS_BACK} days before it`);
}

/** What a file that should be CSV is instead, by its first bytes; null when it may be CSV. */
export function wrongDocument(start: string): string | null {
  const first = start.trimStart();
  if (/^<(!doctype|html|\?xml|head|body)/i.test(first)) return 'an HTML page';
  if (first.startsWith('{') || first.startsWith('[')) return 'a JSON document';
  if (first === '') return 'nothing';
  return null;
}

interface Publication {
  latestRelease: { slug: string } | null;
}
interface ReleaseVersion {
  id: string;
  title: string;
  published: string;
}
interface DataContent {
  dataSets: { fileId: string; title: string }[];
}

async function locateEes(
  dataSet: DataSet,
  source: Extract<Source, { kind: 'ees' }>,
  { fetcher, knownUrls }: LocateOptions,
): Promise<LocatedRelease> {
  const publication = await fetcher.json<Publication>(`${EES}/publications/${source.slug}`);
  const slug = publication.latestRelease?.slug;
  if (!slug) throw new SourceFault(`the publication ${source.slug} has no latest release`);
  const release = `${EES}/publications/${source.slug}/releases/${slug}`;
  const version = await fetcher.json<ReleaseVersion>(`${release}/version-summary`);
  const files = `${EES}/releases/${version.id}/files`;
  const located: LocatedRelease = {
    title: version.title,
    urls: knownUrls,
    publishedOn: version.published?.slice(0, 10) ?? null,
    publishedBasis: version.published ? 'PUBLISHER' : 'UNKNOWN',
  };
  if (knownUrls.length > 0 && knownUrls.every((url) => url.startsWith(`${files}/`))) return located;

  const { dataSets } = await fetcher.json<DataContent>(`${release}/data-content`);
  const hinted = dataSets.filter(({ title }) => source.titleHint.test(title));
  const others = dataSets.filter(({ title }) => !source.titleHint.test(title));
  for (const candidates of source.severalFiles ? [dataSets] : [hinted, others]) {
    const fitting: { title: string; url: string }[] = [];
    for (const { fileId, title } of candidates) {
      const url = `${files}/${fileId}`;
      const header = splitHeader(await fetcher.firstLine(url));
      const excluded = source.without.some((column) => header.includes(column));
      if (!excluded && headerFits(header, columnsOf(dataSet))) fitting.push({ title, url });
    }
    if (fitting.length > 1 && !source.severalFiles) {
      throw new SourceFault(
        `${fitting.length} files of ${source.slug} ${slug} have the columns of ${dataSet.id}: ${fitting.map(({ title }) => `"${title}"`).join(', ')}`,
      );
    }
    if (fitting.length > 0) return { ...located, urls: fitting.map(({ url }) => url) };
  }
  throw new SourceFault(
    `none of the ${dataSets.length} files of ${source.slug} ${slug} has the columns of ${dataSet.id}`,
  );
}
