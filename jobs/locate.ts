/**
 * locate: where a data set's newest release is, and what its publisher calls it. A GIAS file carries its day in its
 * name and may not be there yet; files of Explore Education Statistics are found in locate-ees.ts.
 */

import type { DataSet, Source } from './declaration.js';
import type { Fetcher } from './fetch.js';
import { locateEes } from './locate-ees.js';
import { isNotThere, notThere } from './source-fault.js';

const GIAS = 'https://ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public';
/** Today's extract may not be there yet, and weekends have been missed. */
const GIAS_DAYS_BACK = 7;

export interface LocatedRelease {
  title: string;
  /** How many rows the publisher says that the files have, where it says so. */
  rows: number | null;
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
    case 'performance-tables':
      return locatePerformanceTables(source, options);
    case 'file':
      return Promise.resolve({
        title: dataSet.title,
        rows: null,
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
      rows: null,
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
      if (!isNotThere(error)) throw error;
    }
  }
  throw notThere(`${GIAS}/${source.file}*.csv for ${giasDate} or the ${GIAS_DAYS_BACK} days before it`);
}

const PERFORMANCE_TABLES = 'https://www.compare-school-performance.service.gov.uk/download-data';

/** Every school year's file, the oldest first: together they are the data set as it is published now. */
async function locatePerformanceTables(
  { filter, firstYear }: Extract<Source, { kind: 'performance-tables' }>,
  { fetcher, knownUrls, warn }: LocateOptions,
): Promise<LocatedRelease> {
  const urls: string[] = [];
  const newestYear = new Date().getUTCFullYear();
  for (let year = firstYear; year <= newestYear; year += 1) {
    const url = `${PERFORMANCE_TABLES}?download=true&regions=0&filters=${filter}&fileformat=csv&year=${year}-${year + 1}&meta=false`;
    if (knownUrls.includes(url)) {
      urls.push(url);
      continue;
    }
    try {
      const wrong = wrongDocument(await fetcher.firstLine(url));
      if (!wrong) urls.push(url);
      else warn(`${url} answered with ${wrong} instead of a CSV file; that year was left out`);
    } catch (error) {
      if (!isNotThere(error)) throw error;
    }
  }
  if (urls.length === 0)
    throw notThere(`${filter} of the performance tables, of any year since ${firstYear},`);
  const years = urls.map((url) => /year=(\d{4})-\d\d(\d\d)/.exec(url)!.slice(1, 3).join('/'));
  return {
    title: `Performance tables, ${years.join(', ')}`,
    rows: null,
    urls,
    publishedOn: null,
    publishedBasis: 'UNKNOWN',
  };
}

/** What a file that should be CSV is instead, by its first bytes; null when it may be CSV. */
export function wrongDocument(start: string): string | null {
  const first = start.trimStart();
  if (/^<(!doctype|html|\?xml|head|body)/i.test(first)) return 'an HTML page';
  if (first.startsWith('{') || first.startsWith('[')) return 'a JSON document';
  if (first === '') return 'nothing';
  return null;
}
