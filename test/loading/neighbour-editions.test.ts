/** Editions of statistical neighbours: each is kept whatever came before or after it, and a faulty workbook is refused. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { statisticalNeighboursUrl } from '../../jobs/datasets/statistical-neighbours.js';
import { monthsAfter } from '../../jobs/locate.js';
import type { Cell } from '../../jobs/sample/csv.js';
import { workbook } from '../../jobs/sample/workbook.js';
import { Loading } from './loading.js';
import { SmallMirror } from './small-mirror.js';

const EARLIER = statisticalNeighboursUrl('2021-04');
const LATER = statisticalNeighboursUrl('2025-05');
const OTHERS = [830, 831, 855, 856, 857, 892, 925, 926, 933, 935, 886];
const HEADER = [
  'LA num',
  'LA Name',
  'LA number',
  'GOInd',
  'GOReg',
  ...Array.from({ length: 10 }, (_, rank) => [`SN${rank + 1}`, 'SNP']).flat(),
];

/** A row as the publisher writes it: Nottinghamshire, with ten neighbours. */
const row = (code = 891, neighbours: Cell[] = OTHERS.slice(0, 10), words: Cell[] = []): Cell[] => [
  code,
  `Area ${code}`,
  code,
  1,
  'East Midlands',
  ...neighbours.flatMap((neighbour, rank) => [neighbour, words[rank] ?? 'Very close']),
];

const book = (rows: Cell[][], header: Cell[] = HEADER): Buffer =>
  workbook('LA SN Groups', [['A'], [1], header, ...rows]);

let mirror: SmallMirror;
let loading: Loading;
const put = async (url: string, bytes: Buffer) => {
  await mkdir(dirname(mirror.path(url)), { recursive: true });
  await writeFile(mirror.path(url), bytes);
};
const without = (url: string) => rm(mirror.path(url), { force: true });
const load = () => loading.loadOne('statistical-neighbours');
const neighbours = () =>
  loading.rows(
    `SELECT edition, la_code, rank, neighbour_code, closeness FROM statistical_neighbour
     WHERE to_release IS NULL ORDER BY edition, la_code, rank`,
  );

beforeAll(async () => {
  mirror = await SmallMirror.make();
});
afterAll(() => mirror.remove());
beforeEach(async () => {
  for (const url of [EARLIER, LATER]) await without(url);
  loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
  await loading.load(['local-authority-codes']);
  return () => loading.close();
});

describe('editions', () => {
  const earlier = book([row(891, [...OTHERS].reverse().slice(0, 10))]);
  const later = book([row(891, OTHERS.slice(0, 10), ['Extremely Close', 'extremely close', 'NOT CLOSE'])]);

  it.each([
    ['the earlier first', [EARLIER, LATER]],
    ['the later first', [LATER, EARLIER]],
  ])('both stand, loaded one after the other, %s', async (_order, [first, second]) => {
    const bytes = (url: string) => (url === EARLIER ? earlier : later);
    await put(first!, bytes(first!));
    expect(await load()).toMatchObject({ outcome: 'LOADED' });
    await without(first!);
    await put(second!, bytes(second!));
    expect(await load()).toMatchObject({ outcome: 'LOADED' });
    const standing = await neighbours();
    expect(standing.map(({ edition }) => edition)).toEqual([
      ...Array(10).fill('2021-04'),
      ...Array(10).fill('2025-05'),
    ]);
    expect(standing.filter(({ rank }) => rank === 1).map(({ neighbour_code }) => neighbour_code)).toEqual([
      '886',
      '830',
    ]);
    expect(await loading.value('SELECT count(*)::int FROM statistical_neighbour')).toBe(20);
    const { warnings } = await loading.lastRun('statistical-neighbours');
    expect(warnings).toEqual([expect.stringContaining('no longer there; what was loaded of it stays')]);
  });

  it('are loaded together where both are there, and words are read in any case', async () => {
    await put(EARLIER, earlier);
    await put(LATER, later);
    expect(await load()).toMatchObject({
      outcome: 'LOADED',
      message: expect.stringContaining('sn_april_2021.xlsx, sn_may_2025.xlsx'),
    });
    const words = (await neighbours()).filter(({ edition }) => edition === '2025-05');
    expect(words.slice(0, 4).map(({ closeness }) => closeness)).toEqual([
      'EXTREMELY_CLOSE',
      'EXTREMELY_CLOSE',
      'NOT_CLOSE',
      'VERY_CLOSE',
    ]);
    expect((await load()).outcome).toBe('UNCHANGED');
  });

  it('that came after those known are found by their month', async () => {
    await put(LATER, later);
    const [month] = monthsAfter('2025-05', new Date()).slice(-1);
    const newest = statisticalNeighboursUrl(month!);
    await put(newest, earlier);
    await load();
    expect(await loading.value('SELECT max(edition) FROM statistical_neighbour')).toBe(month);
    expect((await load()).outcome).toBe('UNCHANGED');
    await without(newest);
  });

  it('of which none is there leave the data set unavailable, and nothing else', async () => {
    expect(await load()).toMatchObject({ outcome: 'UNAVAILABLE' });
  });

  it('that change are written where they changed, and what stood before is history', async () => {
    await put(LATER, later);
    await load();
    await put(LATER, book([row(891, [831, 830, ...OTHERS.slice(2, 10)])]));
    expect(await load()).toMatchObject({ outcome: 'LOADED' });
    const ended = await loading.rows(
      'SELECT rank, neighbour_code FROM statistical_neighbour WHERE to_release IS NOT NULL ORDER BY rank',
    );
    expect(ended.slice(0, 2)).toEqual([
      { rank: 1, neighbour_code: '830' },
      { rank: 2, neighbour_code: '831' },
    ]);
    expect(await neighbours()).toHaveLength(10);
  });

  it('that name none for a local authority ("-") have no rows of it', async () => {
    await put(LATER, book([row(), row(942, Array(10).fill('-'), Array(10).fill('-'))]));
    expect(await load()).toMatchObject({ outcome: 'LOADED' });
    expect(new Set((await neighbours()).map(({ la_code }) => la_code))).toEqual(new Set(['891']));
  });

  it('have rows of abolished local authorities below "Old SNs:", and keep them', async () => {
    await put(LATER, book([row(), [], ['', 'Old SNs:'], [], row(835)]));
    await load();
    expect(new Set((await neighbours()).map(({ la_code }) => la_code))).toEqual(new Set(['835', '891']));
  });
});

describe('a workbook is refused, with one sentence, and what stood stays:', () => {
  const ten = OTHERS.slice(0, 10);
  const FAULTS: Record<string, [Buffer | string, string]> = {
    nine_neighbours: [
      book([row(891, [...ten.slice(0, 6), '', ...ten.slice(7)])]),
      'row 4 (Area 891) names 9 neighbours where 10 are due: SN7 is empty',
    ],
    missing_rank: [book([row()], HEADER.slice(0, -2)), 'missing column SN10'],
    neighbour_twice: [
      book([row(891, [...ten.slice(0, 9), 830])]),
      'row 4 (Area 891) names 830 twice, as SN1 and as SN10',
    ],
    own_neighbour: [
      book([row(891, [891, ...ten.slice(1)])]),
      'row 4 (Area 891): SN1 names the local authority as its own neighbour',
    ],
    unknown_neighbour: [
      book([row(891, [...ten.slice(0, 9), 704])]),
      'neighbour_code "704" is the code of no local authority, today or abolished (edition, la_code, rank: 2025-05, 891, 10)',
    ],
    unknown_local_authority: [book([row(), row(704)]), 'la_code "704" is the code of no local authority'],
    not_a_code: [
      book([row(891, ['Derbyshire', ...ten.slice(1)])]),
      'SN1 "Derbyshire" is not a 3-digit LA number',
    ],
    unknown_word: [
      book([row(891, ten, ['Rather close'])]),
      'closeness "Rather close" is none of "Extremely close", "Very close", "Close", "Somewhat close", "Not close"',
    ],
    closeness_elsewhere: [
      book([row()], [...HEADER.slice(0, 6), 'SN2', 'SNP', ...HEADER.slice(8)]),
      'the column after SN1 is "SN2" where SNP, its closeness, is due',
    ],
    local_authority_twice: [book([row(), row(888), row()]), 'duplicate key: line 6 repeats line 4'],
    no_heading: [workbook('LA SN Groups', [['nothing']]), 'has no row with the heading SN1'],
    html_page: [
      '<!DOCTYPE html><html><body>Not found</body></html>',
      'answered with an HTML page instead of an Excel workbook',
    ],
    not_a_workbook: ['PK\u0003\u0004 something else', 'is not an Excel workbook that can be read'],
    cut_short: [book([row()]).subarray(0, 2000), 'is not an Excel workbook that can be read'],
    bomb: [bombed(book([row()])), 'is larger than a workbook of statistical neighbours can be'],
  };

  it.each(Object.keys(FAULTS))('%s', async (fault) => {
    const [bytes, sentence] = FAULTS[fault]!;
    await put(LATER, book([row()]));
    await load();
    const before = await loading.standing();
    await put(LATER, Buffer.from(bytes as Buffer));
    const result = await load();
    expect(result).toMatchObject({ outcome: 'REFUSED', message: expect.stringContaining(sentence) });
    expect(await loading.standing()).toEqual(before);
    await put(LATER, book([row(891, OTHERS.slice(1))]));
    expect(await load(), 'a good one afterwards').toMatchObject({ outcome: 'LOADED' });
  });

  it('of which an edition has lost a third of its local authorities', async () => {
    await put(LATER, book([row(891), row(888), row(941)]));
    await load();
    await put(LATER, book([row(891), row(888)]));
    expect(await load()).toMatchObject({
      outcome: 'REFUSED',
      message: expect.stringMatching(/^only 20 rows of the edition 2025-05 where 30 stood before: /),
    });
  });
});

describe('a workbook', () => {
  it('is not held against a list of local authorities that is not loaded, and the run says so', async () => {
    const empty = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    try {
      await put(LATER, book([row()]));
      expect((await empty.loadOne('statistical-neighbours')).outcome).toBe('LOADED');
      expect((await empty.lastRun('statistical-neighbours')).warnings).toContain(
        'local-authority-codes is not loaded: the codes of local authorities were not checked',
      );
    } finally {
      await empty.close();
    }
  });
});

describe('months', () => {
  it('after one are those up to today’s, and never more than two years of them', () => {
    expect(monthsAfter('2025-10', new Date('2026-02-15'))).toEqual([
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
    ]);
    expect(monthsAfter('2026-02', new Date('2026-02-15'))).toEqual([]);
    expect(monthsAfter('2020-01', new Date('2026-02-15'))).toHaveLength(24);
    expect(monthsAfter('2020-01', new Date('2026-02-15')).at(-1)).toBe('2026-02');
  });
});

/** A workbook whose directory says that it comes to a gigabyte. */
function bombed(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt32LE(1024 ** 3, copy.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
  return copy;
}
