/** Faults of a file that came whole: it is not what it should be, or not what its declaration says. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dataSetById } from '../../jobs/catalogue.js';
import type { StatisticsDataSet } from '../../jobs/declaration.js';
import { GROUP_LINKS, PLANS } from '../loading/small-mirror.js';
import { type Kind, type Refused, Rehearsal } from './rehearsal.js';

/** Each is tried on a statistics file and on a register, unless it is a fault of only one of them. */
interface Fault extends Omit<Refused, 'outcome'> {
  fault: string;
  body: (lines: string[]) => string | Buffer;
  only?: 'statistics' | 'register';
}

const TELL = /^nothing now, the next look asks again; if it stays so, tell the publisher/;
const DECLARE = /^if the publisher means it, change the declaration in jobs\/datasets; if not, wait/;
const COVER = /declare newCoverage with sha256 [0-9a-f]{64} in the declaration of [a-z-]+; if not, wait/;

const whole = (lines: string[]) => `${lines.join('\r\n')}\r\n`;
const withLine = (lines: string[], at: number, line: string) => whole(lines.with(at, line));
const renamed = (lines: string[], name: RegExp, to: string) =>
  withLine(lines, 0, lines[0]!.replace(name, to));
const COLUMN = /"?(plans_issued_den|EstablishmentName)"?(?=,)/;
const half = (lines: string[]) => lines.slice(0, Math.ceil(lines.length / 2));
/** A column of a statistics row without quotes. */
const cell = (lines: string[], column: string, line: string) =>
  line.split(',')[lines[0]!.split(',').indexOf(column)];
const ofAuthority = (lines: string[], code: string) => (line: string) =>
  cell(lines, 'old_la_code', line) === code;

const FAULTS: Fault[] = [
  {
    fault: 'an HTML page in place of a CSV file',
    body: () =>
      '<!DOCTYPE html>\n<html><head><title>Sorry</title></head><body>Try, again, later</body></html>\n',
    says: /an HTML page instead of a CSV file$/,
    toDo: TELL,
  },
  {
    fault: 'a JSON error in place of a CSV file',
    body: () => '{"code":"error.IOerror.download.extract","message":"a, b"}\n',
    says: /a JSON document instead of a CSV file$/,
    toDo: TELL,
  },
  {
    fault: 'an empty file',
    body: () => '',
    says: /answered with nothing instead of a CSV file$/,
    toDo: TELL,
  },
  {
    fault: 'a header without rows',
    body: ([header]) => `${header}\r\n`,
    says: /^the file has a header and no rows$/,
    toDo: TELL,
  },
  {
    fault: 'a file cut off in the middle of a row',
    body: (lines) => {
      const kept = half(lines);
      return whole(kept).slice(0, -kept.at(-1)!.length / 2);
    },
    says: /truncated: it ends in the middle of a row \(line \d+|^the file ends inside a quoted field: it is truncated/,
    toDo: TELL,
  },
  {
    fault: 'a file cut off inside the last field of a row',
    body: (lines) => whole(half(lines)).slice(0, -3),
    says: /truncated|fewer or more$|goes backwards|is neither a number nor one of the symbols/,
    toDo: /tell the publisher|newCoverage|change the declaration/,
  },
  {
    fault: 'a file cut off between two rows',
    body: (lines) => whole(half(lines)),
    says: /fewer or more$|goes backwards/,
    toDo: COVER,
  },
  {
    fault: 'a missing column',
    body: (lines) => {
      const at = lines[0]!.split(',').findIndex((name) => COLUMN.test(`${name},`));
      return whole(lines.map((line) => line.split(',').toSpliced(at, 1).join(',')));
    },
    says: /^missing column (plans_issued_den|EstablishmentName)( or \w+)?; the header has \d+ columns: /,
    toDo: DECLARE,
  },
  {
    fault: 'a renamed column',
    body: (lines) => renamed(lines, COLUMN, '"something_else"'),
    says: /^missing column (plans_issued_den|EstablishmentName)( or \w+)?; the header has \d+ columns: /,
    toDo: DECLARE,
  },
  {
    fault: 'a duplicate column',
    body: ([header, ...rows]) =>
      whole([`${header},${COLUMN.exec(header!)![1]}`, ...rows.map((row) => `${row},1`)]),
    says: /^duplicate column (plans_issued_den|EstablishmentName): which one is meant cannot be known$/,
    toDo: TELL,
  },
  {
    fault: 'a duplicate key',
    body: (lines) => whole([...lines, lines[4]!]),
    says: /^duplicate key: line \d{3} repeats line 5 \(.+\)$/,
    toDo: TELL,
  },
  {
    fault: 'a ragged row, with a field too few',
    body: (lines) => withLine(lines, 6, lines[6]!.slice(0, lines[6]!.lastIndexOf(','))),
    says: /^line 7 has \d+ fields where \d+ are due \(ragged row\)$/,
    toDo: TELL,
  },
  {
    fault: 'a ragged row, with a field too many',
    body: (lines) => withLine(lines, 6, `${lines[6]},1`),
    says: /^line 7 has \d+ fields where \d+ are due \(ragged row\)$/,
    toDo: TELL,
  },
  {
    fault: 'a quote that is not closed',
    body: (lines) => withLine(lines, 6, `"${lines[6]!.replace(/^"/, '').replace('"', '')}`),
    says: /quote|\(ragged row\)/,
    toDo: TELL,
  },
  {
    fault: 'wrong encoding: UTF-16',
    body: (lines) => Buffer.from(`\ufeff${whole(lines)}`, 'utf16le'),
    says: /^the file is not (utf-8|windows-1252) text|^missing columns/,
    toDo: DECLARE,
  },
  {
    fault: 'wrong encoding: bytes that the declared one does not have',
    body: (lines) => Buffer.from(withLine(lines, 6, lines[6]!.replace(/[a-z]{3}/, '\x81\x8d\x8f')), 'latin1'),
    says: /^the file is not (utf-8|windows-1252) text: undecodable bytes after line \d+$/,
    toDo: DECLARE,
  },
  {
    fault: 'wrong encoding: UTF-8 that windows-1252 would read as other letters',
    only: 'register',
    body: (lines) => Buffer.from(withLine(lines, 6, lines[6]!.replace('Sample', 'Sample Château d’Œuvre'))),
    says: /^the file is not windows-1252 text: it is UTF-8$/,
    toDo: DECLARE,
  },
  {
    fault: '30 % fewer rows in a register',
    only: 'register',
    body: (lines) => whole(lines.slice(0, 1 + Math.floor((lines.length - 1) * 0.7))),
    says: /^only \d+ rows where \d+ stood before: 30 % fewer or more$/,
    toDo: COVER,
  },
  {
    fault: '30 % fewer rows of a level and period',
    only: 'statistics',
    body: (lines) => {
      const authorities = [...new Set(lines.slice(1).map((line) => cell(lines, 'old_la_code', line)))]
        .filter((code) => /^\d{3}$/.test(code!))
        .toSorted();
      const gone = authorities.slice(0, Math.ceil(authorities.length * 0.31));
      return whole(lines.filter((line) => !gone.includes(cell(lines, 'old_la_code', line))));
    },
    says: /^only \d+ rows of level LOCAL_AUTHORITY for 20\d\d where \d+ stood before: 30 % fewer or more$/,
    toDo: COVER,
  },
  {
    fault: 'a vanished local authority that no reorganisation explains',
    only: 'statistics',
    body: (lines) => whole(lines.filter((line) => !ofAuthority(lines, '891')(line))),
    says: /^6 totals that stood before are missing or cannot be used: LOCAL_AUTHORITY 891 for 2020, /,
    toDo: /^if a local authority was reorganised, add it to jobs\/local-authority-changes\.ts; if the publisher means it, declare newCoverage/,
  },
  {
    fault: 'the total of a region that is gone for one year',
    only: 'statistics',
    body: (lines) => {
      const at = lines.findIndex((line) => cell(lines, 'geographic_level', line) === 'Regional');
      return whole(lines.toSpliced(at, 1));
    },
    says: /^1 total that stood before is missing or cannot be used: REGIONAL E\d{8} for 20\d\d$/,
    toDo: COVER,
  },
  {
    fault: 'a newest period that goes backwards',
    only: 'statistics',
    body: (lines) => whole(lines.filter((line) => !line.startsWith('2025,'))),
    says: /^the newest period goes backwards: LOCAL_AUTHORITY ends with 2024 where the release before has 2025, NATIONAL ends with 2024 /,
    toDo: COVER,
  },
  {
    fault: 'an unknown symbol, in more rows of local authorities than allowed',
    only: 'statistics',
    body: (lines) =>
      whole(lines.map((line) => (/,(891|202),/.test(line) ? line.replace(/,\d+,(\d+),/, ',?,$1,') : line))),
    says: /rows cannot be used, more than the 0\.1 % allowed; the first is line \d+, plans_issued_den "\?" is neither a number nor one of the symbols/,
    toDo: DECLARE,
  },
  {
    fault: 'an unknown symbol, in a single row of a region',
    only: 'statistics',
    body: (lines) => withLine(lines, 3, lines[3]!.replace(/,\d+,(\d+),/, ',?,$1,')),
    says: /^line 4, a row of level REGIONAL: plans_issued_den "\?" is neither a number nor one of the symbols/,
    toDo: DECLARE,
  },
  {
    fault: 'a cell of many lines where a number is due, told in one line',
    only: 'statistics',
    body: (lines) => withLine(lines, 3, lines[3]!.replace(/,\d+,(\d+),/, `,"${'12\r\n'.repeat(900)}",$1,`)),
    says: /^line 4, a row of level REGIONAL: plans_issued_den "12 12 12 .*…$/,
    toDo: DECLARE,
  },
  {
    fault: 'a period that is none',
    only: 'statistics',
    body: (lines) => withLine(lines, 1, lines[1]!.replace(/^2020,/, '2020/21,')),
    says: /^line 2, a row of level NATIONAL: time_period "2020\/21 Calendar year" is not a period of kind CALENDAR_YEAR$/,
    toDo: DECLARE,
  },
  {
    fault: 'unusable rows in a register, more than allowed',
    only: 'register',
    body: (lines) => withLine(lines, 3, lines[3]!.replace(/^\d{6}/, '1E5')),
    says: /^1 of \d+ rows cannot be used, more than the 0\.1 % allowed; the first is line 4, URN "1E5" is not a whole number$/,
    toDo: DECLARE,
  },
];

describe.each(['statistics', 'register'] as const)('in a %s file', (kind) => {
  let rehearsal: Rehearsal;
  beforeAll(async () => {
    rehearsal = await Rehearsal.open([kind]);
  });
  afterAll(() => rehearsal.close());

  const faults = FAULTS.filter(({ only }) => !only || only === kind);
  it.each(
    faults.map((fault) => [fault.fault, fault] as const),
  )('%s is refused, what stood stays, the operator reads what to do, and the next good file is loaded', async (_fault, fault) => {
    const body = fault.body(await rehearsal.linesOf(kind));
    await rehearsal.refuses(
      kind,
      { ...fault, outcome: 'REFUSED' },
      { answers: [{ body: typeof body === 'string' ? rehearsal.bytesOf(kind, body) : body }] },
    );
  });
});

describe('what is declared is no fault:', () => {
  let rehearsal: Rehearsal;
  // Of its own for each: what they load covers less, and the next would be compared with it.
  beforeEach(async () => {
    rehearsal = await Rehearsal.open(['statistics', 'register']);
    return () => rehearsal.close();
  });

  /** Serves an edition and loads it under a declaration. */
  async function load(kind: Kind, body: string | Buffer, declared: object = {}) {
    rehearsal.server.replace(rehearsal.urlOf(kind), { body: rehearsal.bytesOf(kind, String(body)) });
    const dataSet = { ...dataSetById(rehearsal.idOf(kind))!, ...declared } as StatisticsDataSet;
    const [result] = await rehearsal.loading.loads().load([dataSet]);
    return { ...result!, warnings: (await rehearsal.loading.lastRun(dataSet.id)).warnings as string[] };
  }
  const declared = (kind: Kind, text: string) => ({
    newCoverage: [
      {
        sha256: createHash('sha256').update(rehearsal.bytesOf(kind, text)).digest('hex'),
        why: 'the publisher said so on the page',
      },
    ],
  });

  it('an added column is not read, and a warning names it', async () => {
    const lines = await rehearsal.linesOf('statistics');
    const body = whole(lines.map((line, at) => `${line},${at === 0 ? 'surprise' : '1'}`));
    expect(await load('statistics', body)).toMatchObject({
      outcome: 'LOADED',
      warnings: expect.arrayContaining([expect.stringMatching(/^columns not read: .*surprise$/)]),
    });
    await rehearsal.heals('statistics');
  });

  it('a duplicate column that is not read, where the file is declared to have it', async () => {
    const [header, ...rows] = await rehearsal.linesOf('register');
    const body = whole([`${header},"Ofsted","Ofsted"`, ...rows.map((row) => `${row},"",""`)]);
    expect(await load('register', body)).toMatchObject({
      outcome: 'REFUSED',
      message: expect.stringContaining('duplicate column Ofsted'),
    });
    const tolerates = { tolerates: { duplicateColumns: ['Ofsted'] } };
    expect(await load('register', body, tolerates)).toMatchObject({ outcome: 'LOADED' });
    await rehearsal.heals('register');
  });

  it('rows that are a field short, where the file is declared to have them so', async () => {
    const [header, first] = (await rehearsal.mirror.text(GROUP_LINKS)).split('\r\n');
    const fields = (line: string) => line.split(',').length;
    expect(fields(header!)).toBeGreaterThan(fields(first!.replace(/"[^"]*"/g, '')));
    expect(await rehearsal.loading.loadOne('gias-group-links')).toMatchObject({ outcome: 'LOADED' });
  });

  it('a symbol that the file declares has its meaning, and is never a number', async () => {
    const lines = await rehearsal.linesOf('statistics');
    const at = lines[0]!.split(',').indexOf('pc_plans_issued_within_20_weeks');
    expect(
      await load('statistics', withLine(lines, 1, lines[1]!.split(',').with(at, 'z').join(','))),
    ).toMatchObject({
      outcome: 'LOADED',
    });
    const { data } = await rehearsal.graph.ask(
      '{ england { indicator(id: "ehc-plans-within-20-weeks-rate") { series { value status raw } } } }',
    );
    expect(data.england.indicator.series[0]).toEqual({ value: null, status: 'NOT_APPLICABLE', raw: 'z' });
    await rehearsal.heals('statistics');
  });

  it('29 % fewer rows', async () => {
    const lines = await rehearsal.linesOf('register');
    const kept = lines.slice(0, 1 + Math.ceil((lines.length - 1) * 0.705));
    expect(await load('register', whole(kept))).toMatchObject({ outcome: 'LOADED' });
    expect(await rehearsal.answer('register')).toMatchObject({ schools: { totalCount: expect.any(Number) } });
  });

  it('fewer rows that are declared as new coverage are loaded, with a warning', async () => {
    const body = whole(half(await rehearsal.linesOf('register')));
    expect(await load('register', body, declared('register', body))).toMatchObject({
      outcome: 'LOADED',
      warnings: expect.arrayContaining([
        expect.stringMatching(
          /^new coverage, as declared \(the publisher said so on the page\): only \d+ rows where \d+ stood before/,
        ),
      ]),
    });
  });

  it('a newest period that is older, declared as new coverage, is loaded; what it does not cover stays', async () => {
    const before = await rehearsal.answer('statistics');
    const lines = await rehearsal.linesOf('statistics');
    const until2024 = lines.filter((line) => !line.startsWith('2025,'));
    const body = whole(until2024);
    // The publisher's own document says how many rows the file has, and is read again with a new declaration.
    await rehearsal.mirror.edit((await rehearsal.mirror.release(PLANS)).contentUrl, (text) =>
      text.replaceAll(/"numDataFileRows": \d+/g, `"numDataFileRows": ${until2024.length - 1}`),
    );
    expect(await load('statistics', body)).toMatchObject({ outcome: 'REFUSED' });
    expect(await load('statistics', body, declared('statistics', body))).toMatchObject({
      outcome: 'LOADED',
      warnings: expect.arrayContaining([
        expect.stringMatching(/^new coverage, as declared .* goes backwards/),
      ]),
    });
    expect(await rehearsal.answer('statistics')).toEqual(before);
    // The next is held against the one before it, and not against all that ever was.
    const corrected = withLine(until2024, 1, until2024[1]!.replace(/,\d+,/, ',4321,'));
    expect(await load('statistics', corrected)).toMatchObject({ outcome: 'LOADED' });
  });

  it('a local authority that was reorganised may go', async () => {
    const lines = await rehearsal.linesOf('statistics');
    const cumbria = ofAuthority(lines, '909');
    expect(lines.filter(cumbria).length).toBeGreaterThan(0);
    const body = whole(lines.filter((line) => !cumbria(line)));
    const { outcome, warnings } = await load('statistics', body);
    expect(outcome).toBe('LOADED');
    expect(warnings.filter((warning) => /no row for|stood before/.test(warning))).toEqual([]);
  });

  it('a local authority without a row in a new year is a warning: publishers do that', async () => {
    const lines = await rehearsal.linesOf('statistics');
    const next = lines
      .filter((line) => line.startsWith('2025,'))
      .map((line) => line.replace('2025,', '2026,'));
    const nottinghamshire = ofAuthority(lines, '891');
    const body = whole([...lines, ...next.filter((line) => !nottinghamshire(line))]);
    expect(await load('statistics', body)).toMatchObject({
      outcome: 'LOADED',
      warnings: expect.arrayContaining([
        'no row for 2026, though there is one for 2025 and no reorganisation explains it: local authority 891',
      ]),
    });
  });
});
