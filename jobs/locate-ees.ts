/**
 * Finds a data set's files in Explore Education Statistics: the publication's latest release, and in it the files
 * by the header they turn out to have. Titles are hints that change, and file ids are new with every release.
 * Documents: https://content.explore-education-statistics.service.gov.uk/api (content API).
 */
import { columnsOf, missingColumns, nameColumns, ownColumnsOf, splitHeader } from './contract.js';
import type { DataSet, Source } from './declaration.js';
import type { LocatedRelease, LocateOptions } from './locate.js';
import { CHANGE_THE_DECLARATION, noLongerPublished, notThere, sourceFault } from './source-fault.js';

const EES = 'https://content.explore-education-statistics.service.gov.uk/api';
/** A file that lacks no more than this share of the columns is meant, and has changed. */
const NEARLY = 1 / 3;
/** The same, of the columns that are the data set's own; other files of the publication share a few of them. */
const NEARLY_OWN = 1 / 2;

type EesSource = Extract<Source, { kind: 'ees' }>;

interface EesFile {
  fileId: string;
  title: string;
  meta?: { numDataFileRows?: number };
}

interface Candidate {
  title: string;
  url: string;
  /** Columns that the declaration needs and the file has not. */
  missing: string[];
  /** Of the columns that are the data set's own, the share that the file has not. */
  missingShare: number;
  wanted: number;
  /** Has a column by which it is another file of the publication. */
  excluded: boolean;
}

export async function locateEes(
  dataSet: DataSet,
  source: EesSource,
  options: LocateOptions,
): Promise<LocatedRelease> {
  const { fetcher, knownUrls } = options;
  const publicationUrl = `${EES}/publications/${source.slug}`;
  const publication = await fetcher.json<{ latestRelease?: { slug?: string } | null }>(publicationUrl);
  const slug = publication?.latestRelease?.slug;
  if (typeof slug !== 'string') throw sourceFault(`${publicationUrl} names no latest release`);
  const releaseUrl = `${publicationUrl}/releases/${slug}`;
  const version = await fetcher.json<{ id?: string; title?: string; published?: string }>(
    `${releaseUrl}/version-summary`,
  );
  if (typeof version?.id !== 'string') throw sourceFault(`${releaseUrl}/version-summary has no "id"`);
  const filesUrl = `${EES}/releases/${version.id}/files`;
  const release = {
    title: version.title ?? slug,
    publishedOn: version.published?.slice(0, 10) ?? null,
    publishedBasis: version.published ? ('PUBLISHER' as const) : ('UNKNOWN' as const),
  };
  if (knownUrls.length > 0 && knownUrls.every((url) => url.startsWith(`${filesUrl}/`))) {
    return { ...release, rows: null, urls: knownUrls };
  }
  const content = await fetcher.json<{ dataSets?: EesFile[] }>(`${releaseUrl}/data-content`);
  if (!Array.isArray(content?.dataSets)) throw sourceFault(`${releaseUrl}/data-content has no "dataSets"`);
  const files = content.dataSets.map(({ fileId, title, meta }) => {
    if (typeof fileId !== 'string') {
      throw sourceFault(`${releaseUrl}/data-content has a file without "fileId"`);
    }
    return { title: String(title), url: `${filesUrl}/${fileId}`, rows: meta?.numDataFileRows ?? null };
  });
  const chosen = await choose(dataSet, source, files, release.title, options);
  const rows = files
    .filter(({ url }) => chosen.includes(url))
    .reduce<number | null>((sum, file) => (sum === null || file.rows === null ? null : sum + file.rows), 0);
  return { ...release, rows, urls: chosen };
}

async function choose(
  dataSet: DataSet,
  source: EesSource,
  files: { title: string; url: string }[],
  releaseTitle: string,
  options: LocateOptions,
): Promise<string[]> {
  const look = async ({ title, url }: { title: string; url: string }): Promise<Candidate> => {
    const header = splitHeader(await options.fetcher.firstLine(url));
    const lower = header.map((column) => column.toLowerCase());
    const wanted = columnsOf(dataSet, header);
    const own = dataSet.kind === 'statistics' ? ownColumnsOf(dataSet, header) : wanted;
    const needed = own.filter(({ optional }) => !optional);
    return {
      title,
      url,
      missing: nameColumns(missingColumns(header, wanted)),
      missingShare: missingColumns(header, needed).length / needed.length,
      wanted: wanted.length,
      excluded: source.without.some((column) => lower.includes(column)),
    };
  };
  const hinted = files.filter(({ title }) => source.titleHint.test(title));
  const others = files.filter(({ title }) => !source.titleHint.test(title));
  // Its releases are known, and so are their titles: later headers need not be looked at.
  if (source.lastRelease && hinted.length === 0) throw ended(source.lastRelease, releaseTitle);
  const seen: Candidate[] = [];
  for (const group of source.severalFiles ? [files] : [hinted, others]) {
    const candidates: Candidate[] = [];
    for (const file of group) candidates.push(await look(file));
    seen.push(...candidates.filter(({ excluded }) => !excluded));
    const fitting = candidates.filter(({ missing, excluded }) => missing.length === 0 && !excluded);
    if (source.severalFiles) refuseNearly(seen);
    if (fitting.length > 1 && !source.severalFiles) {
      throw sourceFault(
        `${fitting.length} files have the columns of ${dataSet.id}, and only one can be meant: ${fitting.map(({ title }) => `"${title}"`).join(', ')}`,
        CHANGE_THE_DECLARATION,
      );
    }
    if (fitting.length > 0) return fitting.map(({ url }) => url);
  }
  const byNearness = seen.toSorted((one, other) => one.missing.length - other.missing.length);
  const nearest =
    byNearness.find(({ title }) => source.titleHint.test(title)) ??
    byNearness.find(({ missingShare }) => missingShare <= NEARLY_OWN);
  if (nearest) {
    throw sourceFault(
      `none of the ${files.length} files of ${source.slug} has the columns of ${dataSet.id}; the nearest, "${nearest.title}", lacks ${nearest.missing.join(', ')}`,
      CHANGE_THE_DECLARATION,
    );
  }
  throw notThere(`a file with the columns of ${dataSet.id} in ${releaseTitle} of ${source.slug}`);
}

const ended = (lastRelease: string, releaseTitle: string) =>
  noLongerPublished(
    `not in ${releaseTitle}: the release ${lastRelease} was the last to have it, and what stands stays`,
  );

/** Of several files none may fall away unseen: one that has most of the columns, but not all, stops the load. */
function refuseNearly(candidates: Candidate[]): void {
  const nearly = candidates.find(
    ({ missing, wanted }) => missing.length > 0 && missing.length <= wanted * NEARLY,
  );
  if (nearly)
    throw sourceFault(
      `"${nearly.title}" lacks the column${nearly.missing.length > 1 ? 's' : ''} ${nearly.missing.join(', ')}`,
      CHANGE_THE_DECLARATION,
    );
}
