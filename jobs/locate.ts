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
  /** Any of the files may be missing as long as one is there; the title is that of those found. */
  titleOf?: (urls: string[]) => string;
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
    case 'editions':
      return Promise.resolve(locateEditions(source, options));
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

/** How many months after the newest edition known are tried: each costs a request that is nearly always in vain. */
const MONTHS_TRIED = 24;

/** Every edition that may be there, oldest first: those declared, those loaded before, and those of later months. */
function locateEditions(
  { urls, monthly }: Extract<Source, { kind: 'editions' }>,
  { knownUrls }: LocateOptions,
): LocatedRelease {
  const wanted = [...urls];
  if (monthly) {
    wanted.push(...knownUrls.filter((url) => !wanted.includes(url)));
    const newest = wanted
      .map(monthly.editionOf)
      .reduce((one, other) => (one > other ? one : other), monthly.after);
    wanted.push(...monthsAfter(newest, new Date()).map(monthly.url));
  }
  const titleOf = (found: string[]) =>
    `Editions: ${found.map((url) => url.slice(url.lastIndexOf('/') + 1)).join(', ')}`;
  return {
    title: titleOf(urls),
    titleOf,
    rows: null,
    urls: wanted,
    publishedOn: null,
    publishedBasis: 'UNKNOWN',
  };
}

/** The months (2025-06) after one, up to that of `today`; of many, the newest. */
export function monthsAfter(month: string, today: Date): string[] {
  const number = (of: string) => Number(of.slice(0, 4)) * 12 + Number(of.slice(5, 7)) - 1;
  const last = number(today.toISOString());
  const first = Math.max(number(month) + 1, last - MONTHS_TRIED + 1);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => {
    const [year, rest] = [Math.floor((first + at) / 12), (first + at) % 12];
    return `${year}-${String(rest + 1).padStart(2, '0')}`;
  });
}

/** What a file that should be CSV is instead, by its first bytes; null when it may be CSV. */
export function wrongDocument(start: string): string | null {
  const first = start.trimStart();
  if (/^<(!doctype|html|\?xml|head|body)/i.test(first)) return 'an HTML page';
  if (first.startsWith('{') || first.startsWith('[')) return 'a JSON document';
  if (first === '') return 'nothing';
  return null;
}
