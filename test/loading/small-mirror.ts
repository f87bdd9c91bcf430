/**
 * A mirror small enough to load in a second: sixty made-up schools in the publishers' exact formats, in a folder of
 * the test's own whose files it may edit.
 */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { SAMPLE_GIAS_DATE, writeSample } from '../../jobs/sample/write-sample.js';

export const EES = 'https://content.explore-education-statistics.service.gov.uk/api';
export const GIAS = 'https://ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public';
export const REFERENCE =
  'https://raw.githubusercontent.com/dfe-analytical-services/dfe-published-data-qa/main/data';
export const EXCLUSIONS = 'suspensions-and-permanent-exclusions-in-england';
export const PLANS = 'education-health-and-care-plans';
export const ABSENCE = 'pupil-absence-in-schools-in-england';
export const SEN = 'special-educational-needs-in-england';
export const CAPACITY = 'school-capacity';
/** A file of the performance tables; year: 2024-2025. */
export const PERFORMANCE_TABLE = (filter: 'CENSUS' | 'PUPILABSENCE', year: string) =>
  `https://www.compare-school-performance.service.gov.uk/download-data?download=true&regions=0&filters=${filter}&fileformat=csv&year=${year}&meta=false`;
export const SCORECARDS =
  'https://raw.githubusercontent.com/dfe-analytical-services/la-school-places-scorecards/main/data/scorecard_data_2025_2023.csv';
export const SMALL_GIAS_DATE = SAMPLE_GIAS_DATE;
const DAY = SMALL_GIAS_DATE.replaceAll('-', '');

export const ESTABLISHMENTS = `${GIAS}/edubasealldata${DAY}.csv`;
export const GROUPS = `${GIAS}/allgroupsdata${DAY}.csv`;
export const ALL_GROUP_LINKS = `${GIAS}/alllinksdata${DAY}.csv`;
export const GROUP_LINKS = `${GIAS}/grouplinks_edubaseallacademiesandfree${DAY}.csv`;
export const LINKS = `${GIAS}/links_edubasealldata${DAY}.csv`;

interface DataContent {
  releaseVersionId: string;
  dataSets: { fileId: string; title: string }[];
}

/** The documents of a publication's latest release, and where its files are. */
export interface EesRelease {
  publicationUrl: string;
  versionUrl: string;
  contentUrl: string;
  content: DataContent;
  fileUrl: (title: RegExp) => string;
}

export class SmallMirror {
  private constructor(readonly folder: string) {}

  static async make(options = { schools: 60, trusts: 8 }): Promise<SmallMirror> {
    const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-small-'));
    await writeSample(folder, options);
    return new SmallMirror(folder);
  }

  async copy(): Promise<SmallMirror> {
    const folder = await mkdtemp(join(tmpdir(), 'schoolgraph-small-'));
    await cp(this.folder, folder, { recursive: true });
    return new SmallMirror(folder);
  }

  path(url: string): string {
    // As a mirror lays it out: a query string after an @.
    return join(this.folder, url.replace('https://', '').replace('?', '@'));
  }

  /** Registers are windows-1252, one byte a character: latin1 gives every byte back as it was. */
  text(url: string): Promise<string> {
    return readFile(this.path(url), url.startsWith(GIAS) ? 'latin1' : 'utf8');
  }

  async write(url: string, text: string): Promise<void> {
    await writeFile(this.path(url), text, url.startsWith(GIAS) ? 'latin1' : 'utf8');
  }

  async copyFile(from: string, to: string): Promise<void> {
    await mkdir(dirname(this.path(to)), { recursive: true });
    await cp(this.path(from), this.path(to));
  }

  async edit(url: string, change: (text: string) => string): Promise<void> {
    const before = await this.text(url);
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${url} changed nothing`);
    await this.write(url, after);
  }

  /** Edits the lines of a file; the header is lines[0]. */
  editLines(url: string, change: (lines: string[]) => string[]): Promise<void> {
    return this.edit(url, (text) => {
      const end = text.includes('\r\n') ? '\r\n' : '\n';
      return `${change(text.trimEnd().split(end)).join(end)}${end}`;
    });
  }

  async release(slug: string): Promise<EesRelease> {
    const publicationUrl = `${EES}/publications/${slug}`;
    const publication = JSON.parse(await this.text(`${publicationUrl}.json`));
    const releaseUrl = `${publicationUrl}/releases/${publication.latestRelease.slug}`;
    const content = JSON.parse(await this.text(`${releaseUrl}/data-content`)) as DataContent;
    return {
      publicationUrl,
      versionUrl: `${releaseUrl}/version-summary`,
      contentUrl: `${releaseUrl}/data-content`,
      content,
      fileUrl: (title) => {
        const { fileId } = content.dataSets.find((dataSet) => title.test(dataSet.title))!;
        return `${EES}/releases/${content.releaseVersionId}/files/${fileId}`;
      },
    };
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}
