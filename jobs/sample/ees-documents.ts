// Writes the JSON documents of Explore Education Statistics that lead from a publication's slug to its files.
// Rule: same keys as the real ones; every identifier is made up, and follows from a name so that addresses never change.
import { createHash } from 'node:crypto';
import type { SampleFile } from './csv.js';

export interface Publication {
  slug: string;
  title: string;
  release: { slug: string; title: string; coverage: string; yearTitle: string; published: string };
  next: { year: number; month: number; day: null } | null;
}

export interface DataSet {
  file: SampleFile;
  title: string;
  summary: string;
  filters: readonly string[];
  levels: readonly string[];
  indicators: readonly string[];
  periods: readonly [start: string, end: string];
}

const CONTENT = 'content.explore-education-statistics.service.gov.uk/api';
const SYNTHETIC = 'SYNTHETIC SAMPLE: made-up schools, trusts and figures.';

/** The namespace of the sample's identifiers; made up as well. */
const NAMESPACE = '5a3b1e00-5ca1-4b1e-8000-5a3b1e5a3b1e';

/** The UUID that belongs to a name (version 5, RFC 9562). */
export function identifier(name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

function ids({ slug, release }: Publication): { publication: string; release: string; version: string } {
  return {
    publication: identifier(`publication ${slug}`),
    release: identifier(`release ${slug} ${release.slug}`),
    version: identifier(`version ${slug} ${release.slug}`),
  };
}

/** Where a data file of a publication's release lies; `name` is ours, the platform shows only identifiers. */
export function dataFilePath(publication: Publication, name: string): string {
  const file = identifier(`file ${publication.slug} ${publication.release.slug} ${name}`);
  return `${CONTENT}/releases/${ids(publication).version}/files/${file}`;
}

function document(path: string, content: unknown): SampleFile {
  return {
    path: `${CONTENT}/publications/${path}`,
    rows: 0,
    body: Buffer.from(`${JSON.stringify(content, null, 1)}\n`),
  };
}

export function publicationDocuments(publication: Publication, dataSets: readonly DataSet[]): SampleFile[] {
  const { slug, title, release, next } = publication;
  const id = ids(publication);
  return [
    document(`${slug}.json`, {
      id: id.publication,
      slug,
      summary: SYNTHETIC,
      title,
      contact: null,
      latestRelease: { id: id.release, slug: release.slug, title: release.title },
      nextReleaseDate: next,
      supersededByPublication: null,
      theme: null,
    }),
    document(`${slug}/releases/${release.slug}/version-summary`, {
      id: id.version,
      releaseId: id.release,
      isLatestRelease: true,
      label: null,
      lastUpdated: release.published,
      published: release.published,
      publishingOrganisations: [],
      slug: release.slug,
      title: release.title,
      coverageTitle: release.coverage,
      yearTitle: release.yearTitle,
      type: 'AccreditedOfficialStatistics',
      preReleaseAccessList: null,
      updateCount: 0,
      publication: { id: id.publication, slug, title },
    }),
    document(`${slug}/releases/${release.slug}/data-content`, {
      releaseId: id.release,
      releaseVersionId: id.version,
      dataDashboards: null,
      dataGuidance: null,
      dataSets: dataSets.map(
        ({ file, title: dataSetTitle, summary, filters, levels, indicators, periods }) => ({
          dataSetFileId: identifier(`data set ${file.path}`),
          fileId: file.path.slice(file.path.lastIndexOf('/') + 1),
          subjectId: identifier(`subject ${file.path}`),
          meta: {
            filters,
            geographicLevels: levels,
            indicators,
            numDataFileRows: file.rows,
            timePeriodRange: { start: periods[0], end: periods[1] },
          },
          title: dataSetTitle,
          summary: `${SYNTHETIC} ${summary}`.trim(),
          publicApiDataSetId: null,
          isApiEnabled: false,
        }),
      ),
      featuredTables: [],
      supportingFiles: [],
    }),
  ];
}
