/**
 * Each EHC plan file with a fault in it is refused by name, whatever its header, and what stood before stays. A file
 * that is missing altogether is another thing: it is not there, and nobody's figures are touched.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dataSetsOf, OF_THE_PAST, OF_TODAY } from '../data-sets.js';
import { MirrorServer } from '../mirror-server.js';
import { Loading } from './loading.js';
import { PLANS, SmallMirror } from './small-mirror.js';

/** Data set → its title in the sample, and a column that it alone needs. */
const FILES: Record<string, [title: RegExp, column: string]> = {
  'ehc-plans-caseload': [/as at January each year$/, 'special_total_pc'],
  'ehc-plans-new': [/new EHC plans during the calendar year$/, 'new_ehc_plans'],
  'ehc-requests': [/requests for/, 'requests_decided_not_to_assess'],
  'ehc-assessments': [/EHC needs assessments, and/, 'number_asssess_mediation_tribunal'],
  'ehc-plans-timeliness': [/20 weeks/, 'PC_plans_issued_20_weeks_ex'],
  'ehc-annual-reviews': [/annual reviews/, 'review_decision_prior24'],
  'ehc-plans-ceased': [/ceased/, 'needs_met'],
  'ehc-plans-primary-need': [/January each year, by/, 'number_semh'],
  'ehc-plans-new-primary-need': [/new EHC plans .*, by/, 'slcn_pc'],
  'ehc-personal-budgets': [/personal budget/, 'pb_integrated'],
  'ehc-residential-settings': [/Residential/, 'Res_52'],
  'ehc-work-based-placements': [/Work based/, 'open_wbp'],
};

const renamed = (lines: string[], column: string, to: string) => {
  const names = lines[0]!.split(',');
  const at = names.indexOf(column);
  expect(at, column).toBeGreaterThan(-1);
  return lines.with(0, names.with(at, to).join(','));
};

const FAULTS: Record<
  string,
  { change: (lines: string[], column: string) => string[]; says: (column: string) => RegExp }
> = {
  'a renamed column': {
    change: (lines, column) => renamed(lines, column, `${column}_of_all`),
    says: (column) => new RegExp(`lacks .*${column}$|missing column ${column}`),
  },
  'a renamed breakdown': {
    change: (lines) => renamed(lines, 'breakdown_topic', 'topic'),
    says: () => /lacks breakdown_topic$|missing column breakdown_topic/,
  },
  'a column that stands twice': {
    change: (lines, column) => lines.map((line, at) => `${line},${at === 0 ? column : '1'}`),
    says: (column) => new RegExp(`^duplicate column ${column}: `),
  },
  'an unknown symbol in England’s total': {
    change: (lines, column) => {
      const at = lines[0]!.split(',').indexOf(column);
      const england = lines.findIndex((line) => line.includes(',National,'));
      return lines.with(england, lines[england]!.split(',').with(at, '~').join(','));
    },
    says: (column) => new RegExp(`a row of level NATIONAL: ${column} "~" is neither a number nor one of`),
  },
  'a symbol of other files of the Department': {
    change: (lines, column) => {
      const at = lines[0]!.split(',').indexOf(column);
      const region = lines.findIndex((line) => line.includes(',Regional,'));
      return lines.with(region, lines[region]!.split(',').with(at, 'c').join(','));
    },
    says: (column) => new RegExp(`a row of level REGIONAL: ${column} "c" is neither a number nor one of`),
  },
  'a key that comes twice': {
    change: (lines) => [...lines, lines.findLast((line) => line.includes(',Regional,'))!],
    says: () => /^duplicate key: line \d+ repeats line \d+ /,
  },
  'another kind of period': {
    change: (lines) =>
      lines.map((line) =>
        line.includes(',Calendar year,')
          ? line.replace(',Calendar year,', ',Financial year,')
          : line.replace(/^(\d\d)\d\d(\d\d),Academic year,/, '$1$2,Calendar year,'),
      ),
    says: () => /time_period ".*" is not a period of kind/,
  },
};

describe('an EHC plan file', () => {
  let mirror: SmallMirror;
  let server: MirrorServer;
  let loading: Loading;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    server = await MirrorServer.start(mirror.folder);
    loading = await Loading.open('empty', { SOURCE_MIRROR: server.address });
    await loading.load(Object.keys(FILES));
  });
  afterEach(() => server.restore());
  afterAll(async () => {
    await loading.close();
    await server.close();
    await mirror.remove();
  });

  it('is in the table below, each one of today', () => {
    const ofToday = dataSetsOf(PLANS).filter((dataSet) => OF_TODAY.includes(dataSet));
    expect(Object.keys(FILES).toSorted()).toEqual(ofToday.map(({ id }) => id).toSorted());
  });

  for (const [id, [title, column]] of Object.entries(FILES)) {
    it.each(Object.entries(FAULTS))(`of ${id} with %s is refused`, async (_fault, { change, says }) => {
      const url = (await mirror.release(PLANS)).fileUrl(title);
      const before = await loading.standing();
      const lines = (await mirror.text(url)).trimEnd().split('\r\n');
      server.replace(url, { body: `${change(lines, column).join('\r\n')}\r\n` });
      const { outcome, message } = await loading.loadOne(id);
      expect({ outcome, message }).toEqual({
        outcome: 'REFUSED',
        message: expect.stringMatching(says(column)),
      });
      expect(await loading.standing()).toEqual(before);
    });
  }
});

describe('an EHC plan file that a new version of the release', () => {
  let mirror: SmallMirror;
  let loading: Loading;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    await loading.load(Object.keys(FILES));
    // Another version: the documents name other files, and the known addresses are no longer the newest.
    const release = await mirror.release(PLANS);
    const version = 'ffffffff-0000-4000-8000-000000000002';
    for (const { fileId } of release.content.dataSets) {
      const from = `https://content.explore-education-statistics.service.gov.uk/api/releases/${release.content.releaseVersionId}/files/${fileId}`;
      await mirror.copyFile(from, from.replace(release.content.releaseVersionId, version));
    }
    for (const url of [release.versionUrl, release.contentUrl])
      await mirror.edit(url, (text) => text.replaceAll(release.content.releaseVersionId, version));
  });
  afterAll(async () => {
    await loading.close();
    await mirror.remove();
  });

  const change = async (by: (files: { title: string }[]) => { title: string }[]) => {
    const { contentUrl } = await mirror.release(PLANS);
    await mirror.edit(contentUrl, (text) => {
      const content = JSON.parse(text);
      return JSON.stringify({ ...content, dataSets: by(content.dataSets) });
    });
  };

  it('has with a renamed column is refused, under its title or another', async () => {
    const before = await loading.standing();
    const url = (await mirror.release(PLANS)).fileUrl(/Residential/);
    await mirror.edit(url, (text) => text.replace(',Res_52,', ',Res_whole_year,'));
    const expected = {
      outcome: 'REFUSED',
      message: expect.stringMatching(/^none of the 12 files of .* lacks Res_52\. To do: /),
    };
    expect(await loading.loadOne('ehc-residential-settings')).toMatchObject(expected);
    await change((files) =>
      files.map((file) => (/Residential/.test(file.title) ? { ...file, title: 'Table 12' } : file)),
    );
    expect(await loading.loadOne('ehc-residential-settings')).toMatchObject(expected);
    expect(await loading.standing()).toEqual(before);
  });

  it('has with other columns throughout is refused under its title, and said to be missing without it', async () => {
    const before = await loading.standing();
    const url = (await mirror.release(PLANS)).fileUrl(/Work based/);
    await mirror.edit(url, (text) => text.replaceAll('open_', 'count_'));
    expect(await loading.loadOne('ehc-work-based-placements')).toMatchObject({
      outcome: 'REFUSED',
      message: expect.stringContaining('"Work based placements", lacks open_wbp, open_supp_intern'),
    });
    await change((files) => files.filter(({ title }) => !/Work based/.test(title)));
    expect(await loading.loadOne('ehc-work-based-placements')).toMatchObject({
      outcome: 'UNAVAILABLE',
      message: expect.stringMatching(
        /^a file with the columns of ehc-work-based-placements in Reporting year 2026 of .* is not there\. /,
      ),
    });
    expect(await loading.standing()).toEqual(before);
  });

  it('never had, because an earlier one was the last, is nobody’s fault', async () => {
    const before = await loading.standing();
    for (const { id } of OF_THE_PAST) {
      expect(await loading.loadOne(id)).toMatchObject({
        outcome: 'UNCHANGED',
        message: expect.stringMatching(
          /^not in Reporting year 2026: the release 2022 was the last to have it/,
        ),
      });
    }
    expect(await loading.standing()).toEqual(before);
    expect((await loading.loads().due()).map(({ dataSet }) => dataSet.id)).not.toContain(OF_THE_PAST[0]!.id);
  });
});
