/** The sample as a whole: always the same bytes, as many as told, and a way from each slug to its files. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleFiles } from '../../jobs/sample/write-sample.js';
import { EXCLUSIONS, PLANS, WrittenSample } from './written-sample.js';

let sample: WrittenSample;

beforeAll(async () => {
  sample = await WrittenSample.write();
});

afterAll(async () => {
  await sample?.remove();
});

describe('the sample as a whole', () => {
  it('is the same, byte for byte, for the same seed, and another for another', () => {
    const digest = (seed: number): string => {
      const hash = createHash('sha256');
      for (const { path, body } of sampleFiles({ seed, schools: 400, trusts: 30 }))
        hash.update(path).update(body);
      return hash.digest('hex');
    };
    expect(digest(7)).toBe(digest(7));
    expect(digest(7)).not.toBe(digest(8));
  });

  it('tells the truth about what it wrote', async () => {
    for (const { path, bytes } of sample.written.files)
      expect((await readFile(join(sample.folder, path))).length).toBe(bytes);
    expect(sample.written.files.find(({ path }) => path.includes('edubasealldata2'))!.rows).toBeGreaterThan(
      2000,
    );
  });

  it('leads from a slug to a release and its files', async () => {
    for (const [slug, release, published] of [
      [EXCLUSIONS, '2024-25', '2026-07-16T09:30:00+01:00'],
      [PLANS, '2026', '2026-06-25T09:30:00+01:00'],
    ] as const) {
      const publication = await sample.document(`${slug}.json`);
      const summary = await sample.document(`${slug}/releases/${release}/version-summary`);
      const content = await sample.document(`${slug}/releases/${release}/data-content`);
      expect(publication).toMatchObject({ slug, latestRelease: { id: summary.releaseId, slug: release } });
      expect(publication.summary).toContain('SYNTHETIC');
      expect(summary).toMatchObject({ slug: release, published, isLatestRelease: true });
      expect(content).toMatchObject({ releaseId: summary.releaseId, releaseVersionId: summary.id });
    }
  });
});
