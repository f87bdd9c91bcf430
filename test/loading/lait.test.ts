/** LAIT, a file with a row for each measure, place and year: what a new edition writes, and what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Loading } from './loading.js';
import { SmallMirror } from './small-mirror.js';

const LAIT =
  'https://raw.githubusercontent.com/dfe-analytical-services/local-authority-interactive-tool/main/01_data/02_prod/bds_long.csv';
const DICTIONARY = LAIT.replace('bds_long.csv', 'lait_data_dictionary.csv');
const REGISTERS = ['local-authority-codes', 'lait-dictionary'];
const BEXLEY_2023 = /^SEN_CASES_JAN,[^,]*,2023,Bexley,([^,]*),303\.0,.*$/m;

let mirror: SmallMirror;
let loading: Loading;
let original: string;
let dictionary: string;
beforeAll(async () => {
  mirror = await SmallMirror.make();
  original = await mirror.text(LAIT);
  dictionary = await mirror.text(DICTIONARY);
  loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
  await loading.load([...REGISTERS, 'lait']);
});
afterAll(async () => {
  await loading.close();
  await mirror.remove();
});

const lines = (change: (rows: string[]) => string[]) => {
  const [header, ...rows] = original.trimEnd().split('\n');
  return `${[header, ...change(rows)].join('\n')}\n`;
};
const without = (gone: RegExp) => lines((rows) => rows.filter((row) => !gone.test(row)));
const replaced = (found: RegExp, change: (row: string) => string) =>
  lines((rows) => rows.map((row) => (found.test(row) ? change(row) : row)));
/** The row with another value. */
const valued = (found: RegExp, value: string) =>
  replaced(found, (row) => row.split(',').with(-3, value).join(','));

/** Publishes an edition; by what the run says it wrote. */
/** A message without what is to be done about it. */
const whatHappened = (message: string) => message.replace(/\. To do: .*$/, '');

async function publish(text: string, expected = 'LOADED') {
  await mirror.write(LAIT, text);
  const { outcome, message } = await loading.loadOne('lait');
  expect({ outcome, message }).toMatchObject({ outcome: expected });
  const { release_id, rows_added, rows_ended, warnings: all, issues } = await loading.lastRun('lait');
  // The rows of year "0" are left out every time.
  const warnings = all.filter((warning: string) => !/^\d+ rows left out, /.test(warning));
  return {
    message: whatHappened(message),
    release: release_id as number,
    rows_added,
    rows_ended,
    warnings,
    issues,
  };
}

/** An edition that must not replace what stands: the sentence in which it is refused. */
async function refused(text: string): Promise<string> {
  const before = await loading.standing();
  const { message } = await publish(text, 'REFUSED');
  expect(await loading.standing()).toEqual(before);
  return message;
}

const figures = (measure: string, place: string) =>
  loading.rows(
    'SELECT period, value, raw, release_id FROM tidy.lait WHERE measure = $1 AND place_code = $2 ORDER BY period',
    [measure, place],
  );

describe('a new edition of LAIT', () => {
  it('with one changed value writes one row, and the old one stays under its release', async () => {
    const old = Number(BEXLEY_2023.exec(original)![1]);
    const changed = await publish(valued(BEXLEY_2023, String(old + 7)));
    expect(changed).toMatchObject({ rows_added: 1, rows_ended: 1, warnings: [] });
    const versions = await loading.rows(
      `SELECT s.values[4] AS value, s.from_release = $1 AS new, s.to_release FROM series s
       JOIN series_measure m ON m.number = s.measure AND m.code = 'SEN_CASES_JAN'
       JOIN place p ON p.id = s.place_id AND p.code = '303' ORDER BY s.from_release`,
      [changed.release],
    );
    expect(versions).toEqual([
      { value: old, new: false, to_release: changed.release },
      { value: old + 7, new: true, to_release: null },
    ]);
    expect(await publish(original)).toMatchObject({ rows_added: 1, rows_ended: 1 });
  });

  it('that says the same in another order writes nothing but the release', async () => {
    const turned = await publish(lines((rows) => rows.toReversed()));
    expect(turned).toMatchObject({ rows_added: 0, rows_ended: 0 });
    await publish(original);
  });

  it('that is the same is not even read', async () => {
    expect((await publish(original, 'UNCHANGED')).message).toMatch(/^unchanged since "/);
  });

  it('in which a provisional year has become final changes its spelling and no figure', async () => {
    const final = await publish(original.replaceAll('2025 (prov)', '2025 (Final)'));
    expect(final).toMatchObject({ rows_added: 0, rows_ended: 0 });
    const spelled = await loading.rows(
      `SELECT p.code, p.label, p.to_release FROM series_period p JOIN series_measure m ON m.number = p.measure
       WHERE m.code = 'KS1P_all' AND p.position = 6 ORDER BY p.from_release`,
    );
    expect(spelled).toEqual([
      { code: '2025 (prov)', label: '2024/25 (provisional)', to_release: final.release },
      { code: '2025 (Final)', label: '2024/25 (final)', to_release: null },
    ]);
    await publish(original);
  });

  it('that begins a year later keeps the year before, cited to the release that had it', async () => {
    // On a database of its own: what has stood once stays.
    const shared = loading;
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    try {
      await loading.load([...REGISTERS, 'lait']);
      const before = await figures('LAC', '303');
      const rolled = await publish(
        lines((rows) => rows.map((row) => row.replace(/^(LAC,.*),2020,/, '$1,2026,'))),
      );
      expect(rolled.warnings.join()).toContain('periods no longer in the file, whose figures stay: LAC 2020');
      const after = await figures('LAC', '303');
      expect(after.map(({ period }) => period)).toEqual([
        '2020',
        '2021',
        '2022',
        '2023',
        '2024',
        '2025',
        '2026',
      ]);
      expect(after[0]).toEqual(before[0]);
      expect(after[0].release_id).not.toBe(rolled.release);
      for (const { release_id } of after.slice(1)) expect(release_id).toBe(rolled.release);
      expect(after[6]).toMatchObject({ value: before[0].value, raw: before[0].raw });
      // The same edition once more, with one figure of another measure changed: what was kept is still there.
      const again = await publish(
        (await mirror.text(LAIT)).replace(BEXLEY_2023, (row) => row.split(',').with(-3, '1').join(',')),
      );
      expect(again.rows_added).toBe(1);
      expect((await figures('LAC', '303'))[0]).toEqual(before[0]);
    } finally {
      await loading.close();
      loading = shared;
      await mirror.write(LAIT, original);
    }
  });

  it('without a whole measure is loaded with a warning, and its figures stay', async () => {
    const { warnings, rows_ended } = await publish(without(/^RTA,/));
    expect(warnings).toEqual([
      '1 measure in the dictionary and not in the file (RTA)',
      '1 measure no longer in the file: the figures of the release before stay (RTA)',
    ]);
    expect(rows_ended).toBe(0);
    expect(await figures('RTA', '303')).toHaveLength(6);
    expect(await publish(original)).toMatchObject({ rows_added: 0, warnings: [] });
  });

  it('without a local authority that was abolished is loaded', async () => {
    // 928 Northamptonshire, divided in 2021.
    const { rows_ended } = await publish(without(/,928\.0,/));
    expect(rows_ended).toBe(14);
    expect(await figures('LAC', '928')).toEqual([]);
    await publish(original);
  });

  it('with a measure that the dictionary does not have leaves it out, and says so', async () => {
    const { warnings, issues } = await publish(`${original}NewMeasure,,2025,Bexley,12,303.0,Outer London\n`);
    expect(warnings).toEqual(['1 measure in the file and not in the dictionary: left out (NewMeasure)']);
    expect(issues.at(-1)).toMatchObject({
      column_name: 'Short Desc',
      value: 'NewMeasure',
      kind: 'LEFT_OUT',
      reason: 'is not in the dictionary, which says what its years mean',
    });
    await publish(original);
  });
});

describe('in an edition of LAIT', () => {
  it('a year "0" is left out with its reason', async () => {
    const { issues, message } = await publish(valued(BEXLEY_2023, '2'));
    await publish(original);
    expect(message).toMatch(/, 17\d left out$/);
    const years = issues.filter(({ value }: { value: string }) => value === '0');
    expect(years.length, 'examples').toBe(20);
    for (const { kind, reason } of years) {
      expect({ kind, reason }).toEqual({
        kind: 'LEFT_OUT',
        reason: 'a year "0": a row of the tool’s workbook without a year',
      });
    }
  });

  it.each([
    [
      'unknown symbol',
      (row: string) => row.split(',').with(-3, '~').join(','),
      'Values',
      '~',
      /neither a number nor one of the symbols - c/,
    ],
    [
      'unknown number of a local authority',
      (row: string) => row.replace(',303.0,', ',999.0,'),
      'LA Number',
      '999.0',
      /neither the code of a local authority nor one of 970, 980/,
    ],
    [
      'year of another kind',
      (row: string) => row.replace(',2023,', ',2023/24,'),
      'Years',
      '2023/24',
      /is not a year of a measure of kind "Annual - January"/,
    ],
    [
      'year with an unknown word',
      (row: string) => row.replace(',2023,', ',2023 (draft),'),
      'Years',
      '2023 (draft)',
      /is not a year/,
    ],
  ])('a row with an %s cannot be used, and is missed where it stood', async (_fault, change, column, value, reason) => {
    // On a database of its own nothing stood: the row is an issue, and the rest is loaded.
    const first = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    try {
      await mirror.write(LAIT, replaced(BEXLEY_2023, change));
      await first.load([...REGISTERS, 'lait']);
      const run = await first.lastRun('lait');
      expect(run).toMatchObject({ outcome: 'LOADED', rows_rejected: 1 });
      const [issue] = run.issues.filter(({ kind }: { kind: string }) => kind === 'REJECTED');
      expect(issue).toMatchObject({ column_name: column, value });
      expect(issue.reason).toMatch(reason);
      expect(
        await first.value(
          `SELECT count(*)::int FROM tidy.lait WHERE measure = 'SEN_CASES_JAN' AND place_code = '303'`,
        ),
      ).toBe(5);
    } finally {
      await first.close();
    }
    expect(await refused(replaced(BEXLEY_2023, change))).toBe(
      '1 figure that stood before is missing or cannot be used: SEN_CASES_JAN of LOCAL_AUTHORITY 303 for 2023',
    );
  });

  it.each([
    ['England', '970'],
    ['London', '986'],
  ])('an unknown symbol in a row of %s refuses it', async (_name, number) => {
    const row = new RegExp(`^LAC,.*,2024,.*,${number}\\.0,`);
    expect(await refused(valued(row, 'n/a'))).toMatch(
      /^line \d+, a row of (NATIONAL|REGIONAL) E\d{8}: Values "n\/a" is neither a number/,
    );
  });

  it('a place that vanishes from a measure refuses it', async () => {
    expect(await refused(without(/^LAC,.*,303\.0,/))).toMatch(
      /^6 figures that stood before are missing or cannot be used: LAC of LOCAL_AUTHORITY 303 for 2020, /,
    );
  });

  it('a row that comes twice refuses it, naming both lines', async () => {
    const row = BEXLEY_2023.exec(original)![0];
    const line = original.split('\n').indexOf(row) + 1;
    expect(await refused(`${original}${row}\n`)).toBe(
      `duplicate key: line ${original.trimEnd().split('\n').length + 1} repeats line ${line} (SEN_CASES_JAN, LOCAL_AUTHORITY 303, 2023)`,
    );
  });

  it('one period spelled in two ways refuses it', async () => {
    const both = `${original}KS1P_all,,2025 (Final),Bexley,80,303.0,Outer London\n`;
    expect(await refused(both)).toMatch(
      /KS1P_all spells one period in two ways, "2025 \(prov\)" and "2025 \(Final\)": which figure stands cannot be known$/,
    );
  });

  it('a third fewer numbers of a measure refuse it', async () => {
    const fewer = lines((rows) =>
      rows.map((row, at) =>
        /^LAC,.*,[2-8]\d\d\.0,/.test(row) && at % 2 === 0 ? row.split(',').with(-3, '-').join(',') : row,
      ),
    );
    expect(await refused(fewer)).toMatch(/^only \d+ rows with a number of LAC where \d+ stood before/);
  });

  it('a third fewer numbers in all refuse it', async () => {
    expect(await refused(without(/^[A-L]/))).toMatch(/^only \d+ rows with a number where \d+ stood before/);
  });

  it('a missing column refuses it', async () => {
    expect(await refused(original.replace('LA Number', 'LA code'))).toMatch(/^missing column LA Number/);
  });
});

describe('the dictionary of LAIT', () => {
  async function publishDictionary(text: string, expected = 'LOADED'): Promise<string> {
    await mirror.write(DICTIONARY, text);
    const { outcome, message } = await loading.loadOne('lait-dictionary');
    expect({ outcome, message }).toMatchObject({ outcome: expected });
    return whatHappened(message);
  }
  const indicator = async (id: string) =>
    (await loading.rows('SELECT * FROM indicator WHERE id = $1', [id]))[0];

  it('makes an indicator of each measure, once though it stands under two topics', async () => {
    const ids = await loading.rows('SELECT id FROM indicator WHERE position IS NULL ORDER BY id');
    expect(ids).toHaveLength(14);
    expect(await indicator('lait-cinpermexclusion')).toMatchObject({
      // The entry that was updated last comes first.
      topics: ['Children in Need', 'All Pupil Absence & Exclusions'],
      name: 'Children in need with at least one permanent exclusion (%)',
      unit: 'PERCENT',
      unit_label: '% CIN',
      decimals: 2,
      polarity: 'LOW',
      timing: 'Academic Year',
      has_quartile_bands: true,
      last_update_on: new Date(2025, 10, 1),
      description:
        'SYNTHETIC: every figure of this sample is made up.\n\nIn the tool: Children in need with at least one permanent exclusion (%).',
    });
    expect(await indicator('lait-c-and-ypexpenditure')).toMatchObject({ unit: 'POUNDS', polarity: 'NONE' });
    expect(await indicator('lait-hosp-adm-alc-under-18yrs')).toMatchObject({ unit: 'PER_100_000' });
    expect(await indicator('lait-totpermex')).toMatchObject({ has_quartile_bands: false });
    expect(await indicator('lait-rta')).toMatchObject({
      next_update_on: null,
      next_update_note: 'Discontinued',
    });
    // Where it does not say how many decimals, as many as the newest figures have.
    expect(await indicator('lait-a3a')).toMatchObject({ decimals: 1 });
    expect(await indicator('lait-sen-cases-jan')).toMatchObject({ decimals: 0 });
  });

  it('that changes a definition changes the indicator, and no figure', async () => {
    const before = await loading.value('SELECT count(*) FROM series');
    await publishDictionary(dictionary.replaceAll('Phonics decoding (%)', 'Phonics at six (%)'));
    expect(await indicator('lait-ks1p-all')).toMatchObject({ name: 'Phonics at six (%)' });
    expect(await loading.value('SELECT count(*) FROM series')).toBe(before);
    await publishDictionary(dictionary);
    expect(await indicator('lait-ks1p-all')).toMatchObject({ name: 'Phonics decoding (%)' });
  });

  it('that says of a measure that its years are others makes its figures those of other periods', async () => {
    const turned = dictionary.replace('"Annual (end of Sept)"', '"Calendar Year"');
    const labels = async () =>
      (
        await loading.rows(
          `SELECT period_label FROM tidy.lait WHERE measure = 'Work_Force_Vac_Rate' AND place_code = '303' ORDER BY period`,
        )
      ).map(({ period_label }) => period_label);
    expect((await labels())[0]).toBe('year to September 2020');
    await publishDictionary(turned);
    expect(await labels()).toEqual(['2020', '2021', '2022', '2023', '2024', '2025']);
    await publishDictionary(dictionary);
    expect((await labels())[0]).toBe('year to September 2020');
  });

  it('that no longer has a measure with figures keeps its indicator, and the next load says so', async () => {
    await publishDictionary(
      dictionary.replace(/^"\d+","Health and Wellbeing","Children killed[\s\S]*?\n(?="\d+",)/m, ''),
    );
    expect(await indicator('lait-rta')).toMatchObject({ unit: 'PER_100_000' });
    const { warnings } = await publish(valued(BEXLEY_2023, '3'));
    expect(warnings).toEqual([
      '1 measure in the file and no longer in the dictionary: what it last said is kept (RTA)',
    ]);
    await publishDictionary(dictionary);
    await publish(original);
  });

  it('in which two measures would be one indicator is refused', async () => {
    const row = /^"\d+",[^\n]*"LAC",/m.exec(dictionary)![0];
    const end = dictionary.indexOf('\n"', dictionary.indexOf(row));
    const whole = dictionary.slice(dictionary.indexOf(row), end);
    const message = await publishDictionary(
      `${dictionary}${whole.replace('"LAC"', '"L-A-C"').replace('"LAC"', '"lac"')}\n${whole.replace('"LAC"', '"lac"')}\n`,
      'REFUSED',
    );
    expect(message).toMatch(/would both be the indicator lait-lac$/);
    expect(await indicator('lait-lac')).toBeDefined();
    await mirror.write(DICTIONARY, dictionary);
  });

  it('must be there before the figures: without it nobody knows what their years mean', async () => {
    const first = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    try {
      expect(await first.loadOne('lait')).toMatchObject({
        outcome: 'REFUSED',
        message: expect.stringMatching(/^nothing says yet .*: load lait-dictionary first, then this again/),
      });
      expect((await first.load([...REGISTERS, 'lait'])).map(({ outcome }) => outcome)).toEqual([
        'LOADED',
        'LOADED',
        'LOADED',
      ]);
    } finally {
      await first.close();
    }
  });
});
