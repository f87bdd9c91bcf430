/** Where the newest release is: by the day in a register's name, by the header of a statistics file. */
import { rename } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { hasRealFiles } from '../database.js';
import { MirrorServer } from '../mirror-server.js';
import { Loading } from './loading.js';
import { type EesRelease, ESTABLISHMENTS, EXCLUSIONS, PLANS, SmallMirror } from './small-mirror.js';

const SUSPENSIONS = 'suspensions-and-permanent-exclusions';

describe('a register', () => {
  let mirror: SmallMirror;
  let loading: Loading;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
  });
  afterAll(async () => {
    await loading.close();
    await mirror.remove();
  });

  it('of a day without a file is taken from the days before, a week back at most', async () => {
    expect(await loading.loadOne('gias-groups', { GIAS_DATE: '2026-09-08' })).toMatchObject({
      outcome: 'LOADED',
      message: expect.stringMatching(/^Extract of 2026-09-01: /),
    });
    expect(await loading.rows('SELECT published_on::text, published_basis FROM release')).toEqual([
      { published_on: '2026-09-01', published_basis: 'FILE_NAME' },
    ]);
  });

  it('that is not there for eight days is unavailable', async () => {
    const { outcome, message } = await loading.loadOne('gias-establishments', { GIAS_DATE: '2026-09-09' });
    expect({ outcome, message }).toEqual({
      outcome: 'UNAVAILABLE',
      message: expect.stringMatching(
        /edubasealldata\*\.csv for 2026-09-09 or the 7 days before it is not there\. To do: /,
      ),
    });
  });

  it('of a newer day takes the place of the older one', async () => {
    await rename(mirror.path(ESTABLISHMENTS), mirror.path(ESTABLISHMENTS.replace('20260901', '20260831')));
    expect((await loading.loadOne('gias-establishments')).outcome).toBe('LOADED');
    await mirror.write(
      ESTABLISHMENTS.replace('20260901', '20260903'),
      (await mirror.text(ESTABLISHMENTS.replace('20260901', '20260831'))).replace('Sample ', 'Example '),
    );
    expect(await loading.loadOne('gias-establishments', { GIAS_DATE: '2026-09-04' })).toMatchObject({
      outcome: 'LOADED',
      message: 'Extract of 2026-09-03: 172 rows read, 1 new or changed, 1 ended',
    });
  });

  it('of an older day that is loaded already writes nothing', async () => {
    const before = await loading.standing();
    expect(await loading.loadOne('gias-establishments', { GIAS_DATE: '2026-09-02' })).toMatchObject({
      outcome: 'UNCHANGED',
      message: 'unchanged since "Extract of 2026-08-31"',
    });
    expect(await loading.standing()).toEqual(before);
  });
});

describe.skipIf(!hasRealFiles())('the register of 3 September 2022, which was a JSON error', () => {
  let loading: Loading;
  beforeAll(async () => {
    loading = await Loading.open('empty', { SOURCE_MIRROR: inject('mirror')!, GIAS_DATE: '2022-09-03' });
  });
  afterAll(() => loading.close());

  it('is taken from 1 September, with a warning for each wrong answer', async () => {
    expect(await loading.loadOne('gias-establishments')).toMatchObject({
      outcome: 'LOADED',
      message: expect.stringMatching(/^Extract of 2022-09-01: 44,717 rows read/),
    });
    const { warnings } = await loading.lastRun('gias-establishments');
    expect(warnings.slice(0, 2)).toEqual([
      expect.stringMatching(/edubasealldata20220903\.csv answered with a JSON document .*the day before/),
      expect.stringMatching(/edubasealldata20220902\.csv answered with an HTML page .*the day before/),
    ]);
  });
});

describe('a statistics file', () => {
  let mirror: SmallMirror;
  let server: MirrorServer;
  let loading: Loading;
  let exclusions: EesRelease;
  let plans: EesRelease;
  beforeEach(async () => {
    mirror = await SmallMirror.make();
    exclusions = await mirror.release(EXCLUSIONS);
    plans = await mirror.release(PLANS);
    server = await MirrorServer.start(mirror.folder);
    loading = await Loading.open('empty', { SOURCE_MIRROR: server.address });
  });
  afterEach(async () => {
    await loading.close();
    await server.close();
    await mirror.remove();
  });

  const filesLoaded = () => loading.rows('SELECT url FROM release_file ORDER BY release_id, ordinal');
  const loadAll = () =>
    loading.load([SUSPENSIONS, 'ehc-plans-caseload', 'ehc-plans-new', 'ehc-plans-timeliness']);
  /** The right files, by what the generator called them before the test renamed them. */
  const rightFiles = () =>
    [
      exclusions.fileUrl(/by geography/),
      exclusions.fileUrl(/by school/),
      plans.fileUrl(/as at January/),
      plans.fileUrl(/new EHC plans/),
      plans.fileUrl(/20 weeks/),
    ]
      .map((url) => ({ url }))
      .toSorted((a, b) => a.url.localeCompare(b.url));
  const sorted = (files: { url: string }[]) => files.toSorted((a, b) => a.url.localeCompare(b.url));

  const retitle = async (release: EesRelease, titleOf: (title: string, at: number) => string) => {
    await mirror.edit(release.contentUrl, (text) => {
      const content = JSON.parse(text);
      for (const [at, dataSet] of content.dataSets.entries()) dataSet.title = titleOf(dataSet.title, at);
      content.dataSets.reverse();
      return JSON.stringify(content);
    });
  };

  it('is found by its header when all titles say something else', async () => {
    for (const release of [exclusions, plans]) await retitle(release, (_title, at) => `Data ${at}`);
    expect((await loadAll()).map(({ outcome }) => outcome)).toEqual(Array(4).fill('LOADED'));
    expect(sorted(await filesLoaded())).toEqual(rightFiles());
  });

  it('is found by its header when the titles are swapped', async () => {
    const titles = plans.content.dataSets.map(({ title }) => title);
    await retitle(plans, (_title, at) => titles[(at + 1) % titles.length]!);
    await retitle(exclusions, (title) =>
      title.includes('characteristic') ? 'Suspensions - by geography, school level' : 'By characteristic',
    );
    expect((await loadAll()).map(({ outcome }) => outcome)).toEqual(Array(4).fill('LOADED'));
    expect(sorted(await filesLoaded())).toEqual(rightFiles());
  });

  it('by characteristic is never taken, however its header writes the word', async () => {
    await mirror.edit(exclusions.fileUrl(/characteristic/), (text) =>
      text.replace('characteristic_group,characteristic', 'Characteristic_Group,Characteristic'),
    );
    expect(await loading.loadOne(SUSPENSIONS)).toMatchObject({ outcome: 'LOADED' });
    expect((await filesLoaded()).map(({ url }) => url)).not.toContain(exclusions.fileUrl(/characteristic/));
  });

  /** The publisher's next version of a release: another id, and so other addresses of all its files. */
  async function nextVersion(release: EesRelease): Promise<EesRelease> {
    const [before, after] = [release.content.releaseVersionId, 'ffffffff-0000-4000-8000-000000000001'];
    await rename(
      mirror.path(`https://content.explore-education-statistics.service.gov.uk/api/releases/${before}`),
      mirror.path(`https://content.explore-education-statistics.service.gov.uk/api/releases/${after}`),
    );
    await mirror.edit(release.versionUrl, (text) =>
      text.replaceAll(before, after).replaceAll('2026-0', '2027-0'),
    );
    await mirror.edit(release.contentUrl, (text) => text.replaceAll(before, after));
    return mirror.release(release === plans ? PLANS : EXCLUSIONS);
  }

  it('of a new version of the release is picked up', async () => {
    await loading.loadOne('ehc-plans-timeliness');
    const next = await nextVersion(plans);
    await mirror.editLines(next.fileUrl(/20 weeks/), (lines) =>
      lines.with(1, lines[1]!.replace('4155,', '4156,')),
    );
    expect(await loading.loadOne('ehc-plans-timeliness')).toMatchObject({ outcome: 'LOADED' });
    expect(await filesLoaded()).toEqual([
      { url: plans.fileUrl(/20 weeks/) },
      { url: next.fileUrl(/20 weeks/) },
    ]);
    expect(await loading.lastRun('ehc-plans-timeliness')).toMatchObject({ rows_added: 1, rows_ended: 1 });
    expect(await loading.rows('SELECT published_on::text FROM release ORDER BY id')).toEqual([
      { published_on: '2026-06-25' },
      { published_on: '2027-06-25' },
    ]);
  });

  it('of a new version with the same bytes writes nothing', async () => {
    await loading.loadOne('ehc-plans-timeliness');
    const before = await loading.standing();
    await nextVersion(plans);
    expect(await loading.loadOne('ehc-plans-timeliness')).toMatchObject({ outcome: 'UNCHANGED' });
    expect(await loading.standing()).toEqual(before);
  });

  it('that lost a column in a new version is refused, naming the column, and the release before stays', async () => {
    await loading.loadOne('ehc-plans-timeliness');
    const before = await loading.standing();
    const next = await nextVersion(plans);
    await mirror.edit(next.fileUrl(/20 weeks/), (text) =>
      text.replace('plans_issued_den,', 'plans_finished,'),
    );
    const { outcome, message } = await loading.loadOne('ehc-plans-timeliness');
    expect({ outcome, message }).toEqual({
      outcome: 'REFUSED',
      message: expect.stringContaining('plans_issued_den'),
    });
    expect(await loading.standing()).toEqual(before);
  });

  it('of two that lost a column in a new version is missed, not left out with all its schools', async () => {
    await loading.loadOne(SUSPENSIONS);
    const before = await loading.standing();
    const next = await nextVersion(exclusions);
    await mirror.edit(next.fileUrl(/by school/), (text) =>
      text.replace(',susp_rate,', ',rate_of_suspension,'),
    );
    expect(await loading.loadOne(SUSPENSIONS)).toMatchObject({ outcome: 'REFUSED' });
    expect(await loading.standing()).toEqual(before);
  });
});

describe('a statistics file behind a document of another shape', () => {
  let mirror: SmallMirror;
  let server: MirrorServer;
  let loading: Loading;
  let plans: EesRelease;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    plans = await mirror.release(PLANS);
    server = await MirrorServer.start(mirror.folder);
    loading = await Loading.open('empty', { SOURCE_MIRROR: server.address });
  });
  afterEach(() => server.restore());
  afterAll(async () => {
    await loading.close();
    await server.close();
    await mirror.remove();
  });

  it.each([
    ['version-summary', '{}'],
    ['data-content', '{"releaseVersionId":"x"}'],
    ['data-content', '{"dataSets":[{"title":"A file without an id"}]}'],
    ['version-summary', '[]'],
    ['version-summary', '<html><body>Sorry</body></html>'],
    ['data-content', 'null'],
  ])('behind a %s of another shape (%s) is refused with a sentence about the document', async (name, body) => {
    server.replace(name === 'data-content' ? plans.contentUrl : plans.versionUrl, { body });
    const { outcome, message } = await loading.loadOne('ehc-plans-timeliness');
    expect({ outcome, message }).toEqual({
      outcome: 'REFUSED',
      message: expect.stringContaining(name),
    });
  });
});
