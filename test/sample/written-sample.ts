/** The synthetic sample written into a folder of its own and read back with an independent CSV reader. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { SAMPLE_GIAS_DATE, writeSample } from '../../jobs/sample/write-sample.js';
import { type Table, tableOf } from './tables.js';

export const REGISTER = 'ea-edubase-api-prod.azurewebsites.net/edubase/downloads/public';
export const REFERENCE = 'raw.githubusercontent.com/dfe-analytical-services/dfe-published-data-qa/main/data';
const CONTENT = 'content.explore-education-statistics.service.gov.uk/api';
export const EXCLUSIONS = 'suspensions-and-permanent-exclusions-in-england';
export const PLANS = 'education-health-and-care-plans';

export class WrittenSample {
  /** The tables of the statistics, by title. */
  readonly statistics = new Map<string, Table>();

  private constructor(
    readonly folder: string,
    readonly written: Awaited<ReturnType<typeof writeSample>>,
  ) {}

  static async write(): Promise<WrittenSample> {
    const folder = await mkdtemp(join(tmpdir(), 'sample-'));
    try {
      const sample = new WrittenSample(folder, await writeSample(folder));
      await sample.readStatistics();
      return sample;
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A file of the register, without its date and ending. */
  async register(name: string): Promise<Table & { text: string }> {
    const file = `${name}${SAMPLE_GIAS_DATE.replaceAll('-', '')}.csv`;
    const bytes = await readFile(join(this.folder, REGISTER, file));
    // Not TextDecoder: some versions of Node decode windows-1252 as ISO 8859-1, where 0x92 is no apostrophe.
    const text = bytes.toString('latin1').replaceAll('\x92', '’');
    expect(text).not.toMatch(/[\x80-\x9f]/);
    return { ...tableOf(text), text };
  }

  /** An answer of the statistics' API, by its path under the publications. */
  async document(path: string): Promise<Record<string, unknown>> {
    return JSON.parse(await readFile(join(this.folder, CONTENT, 'publications', path), 'utf8')) as Record<
      string,
      unknown
    >;
  }

  /** The statistics whose title has the words. */
  find(words: string): Table {
    return [...this.statistics].find(([title]) => title.includes(words))![1];
  }

  private async readStatistics(): Promise<void> {
    for (const [slug, release] of [
      [EXCLUSIONS, '2024-25'],
      [PLANS, '2026'],
    ] as const) {
      const content = (await this.document(`${slug}/releases/${release}/data-content`)) as {
        releaseVersionId: string;
        dataSets: { title: string; fileId: string; meta: { numDataFileRows: number } }[];
      };
      for (const { title, fileId, meta } of content.dataSets) {
        const text = await readFile(
          join(this.folder, CONTENT, 'releases', content.releaseVersionId, 'files', fileId),
          'utf8',
        );
        expect(text.startsWith('\ufefftime_period,')).toBe(true);
        const table = tableOf(text);
        expect(table.rows.length).toBe(meta.numDataFileRows);
        this.statistics.set(title, table);
      }
    }
  }
}
