/**
 * A file that is not what it should be is refused: one line says what is wrong, nothing of it is published, the
 * release before stays readable to the last row, and the next good file is loaded as if nothing had been.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { MirrorServer } from '../mirror-server.js';
import { Loading } from './loading.js';
import { ESTABLISHMENTS, EXCLUSIONS, GROUPS, PLANS, REFERENCE, SmallMirror } from './small-mirror.js';

let mirror: SmallMirror;
let server: MirrorServer;
let loading: Loading;
let timeliness: string;
let schools: string;

beforeAll(async () => {
  mirror = await SmallMirror.make();
  timeliness = (await mirror.release(PLANS)).fileUrl(/20 weeks/);
  schools = (await mirror.release(EXCLUSIONS)).fileUrl(/by school/);
  server = await MirrorServer.start(mirror.folder);
  loading = await Loading.open('empty', { SOURCE_MIRROR: server.address });
  await loading.load([
    'local-authority-codes',
    'gias-establishments',
    'gias-groups',
    'suspensions-and-permanent-exclusions',
    'ehc-plans-timeliness',
  ]);
});
afterAll(async () => {
  await loading.close();
  await server.close();
  await mirror.remove();
});
afterEach(() => server.restore());

const HTML =
  '<!DOCTYPE html>\n<html><head><title>Sorry</title></head><body>Try, again, later</body></html>\n';
const JSON_ERROR = '{"code":"error.IOerror.download.extract","message":"a, b"}\n';

/** Each is tried on a statistics file and on a register, unless it is a fault of only one of them. */
interface Fault {
  fault: string;
  body: (lines: string[]) => string | Buffer;
  says: RegExp;
  only?: 'statistics' | 'register';
}

const whole = (lines: string[]) => `${lines.join('\r\n')}\r\n`;
const withLine = (lines: string[], at: number, line: string) => whole(lines.with(at, line));
const renamed = (lines: string[], name: RegExp, to: string) =>
  withLine(lines, 0, lines[0]!.replace(name, to));
const COLUMN = /"?(plans_issued_den|EstablishmentName)"?(?=,)/;
const half = (lines: string[]) => lines.slice(0, Math.ceil(lines.length / 2));

const FAULTS: Fault[] = [
  { fault: 'an HTML page', body: () => HTML, says: /an HTML page instead of a CSV file/ },
  { fault: 'a JSON error', body: () => JSON_ERROR, says: /a JSON document instead of a CSV file/ },
  { fault: 'an empty file', body: () => '', says: /nothing instead of a CSV file|is empty/ },
  { fault: 'a header without rows', body: ([header]) => `${header}\r\n`, says: /a header and no rows/ },
  {
    fault: 'a file cut off in the middle of a row',
    body: (lines) => {
      const kept = half(lines);
      return whole(kept).slice(0, -kept.at(-1)!.length / 2);
    },
    says: /truncated: it ends in the middle of a row \(line \d+|the file ends inside a quoted field: it is truncated/,
  },
  {
    fault: 'a file cut off inside the last field of a row',
    body: (lines) => whole(half(lines)).slice(0, -3),
    says: /truncated|less than|fewer|is neither a number nor/,
  },
  {
    fault: 'a file cut off between two rows',
    body: (lines) => whole(half(lines)),
    says: /truncated|less than|fewer/,
  },
  {
    fault: 'a missing column',
    body: (lines) => {
      const at = lines[0]!.split(',').findIndex((name) => COLUMN.test(`${name},`));
      return whole(lines.map((line) => line.split(',').toSpliced(at, 1).join(',')));
    },
    says: /missing column (plans_issued_den|EstablishmentName)\b/,
  },
  {
    fault: 'a renamed column',
    body: (lines) => renamed(lines, COLUMN, '"something_else"'),
    says: /missing column (plans_issued_den|EstablishmentName)\b/,
  },
  {
    fault: 'a column that stands twice',
    body: ([header, ...rows]) =>
      whole([`${header},${COLUMN.exec(header!)![1]}`, ...rows.map((row) => `${row},1`)]),
    says: /duplicate column (plans_issued_den|EstablishmentName)/,
  },
  {
    fault: 'a key that comes twice',
    body: (lines) => whole([...lines, lines[4]!]),
    says: /duplicate key: line (975|\d{3}) repeats line 5 /,
  },
  {
    fault: 'a row with a field too few',
    body: (lines) => withLine(lines, 6, lines[6]!.slice(0, lines[6]!.lastIndexOf(','))),
    says: /^line 7 has \d+ fields where \d+ are due \(ragged row\)$/,
  },
  {
    fault: 'a row with a field too many',
    body: (lines) => withLine(lines, 6, `${lines[6]},1`),
    says: /^line 7 has \d+ fields where \d+ are due \(ragged row\)$/,
  },
  {
    fault: 'a quote that is not closed',
    body: (lines) => withLine(lines, 6, `"${lines[6]!.replace(/^"/, '').replace('"', '')}`),
    says: /quote|\(ragged row\)/,
  },
  {
    fault: 'UTF-16 in place of the declared encoding',
    body: (lines) => Buffer.from(`\ufeff${whole(lines)}`, 'utf16le'),
    says: /not utf-8 text|not windows-1252 text|missing column|quote/,
  },
  {
    fault: 'bytes that the declared encoding does not have',
    body: (lines) => Buffer.from(withLine(lines, 6, lines[6]!.replace(/[a-z]{3}/, '\x81\x8d\x8f')), 'latin1'),
    says: /^the file is not (utf-8|windows-1252) text: undecodable bytes after line \d+$/,
  },
  {
    fault: 'a register saved as UTF-8, which windows-1252 would read as other letters',
    only: 'register',
    body: (lines) => Buffer.from(withLine(lines, 6, lines[6]!.replace('Sample', 'Sample Château d’Œuvre'))),
    says: /UTF-8|utf-8|windows-1252/,
  },
  {
    fault: 'a register with 40 % fewer rows',
    only: 'register',
    body: (lines) => whole(lines.slice(0, Math.ceil(lines.length * 0.6))),
    says: /^only \d+ rows (where the release before has \d+|where \d+ stood before): less than 70 %$/,
  },
  {
    fault: 'symbols that nobody declared, in more rows of local authorities than allowed',
    only: 'statistics',
    body: (lines) =>
      whole(lines.map((line) => (/,(891|202),/.test(line) ? line.replace(/,\d+,(\d+),/, ',?,$1,') : line))),
    says: /rows cannot be used, more than the 0\.1 % allowed; the first is line \d+, plans_issued_den "\?" is neither a number nor one of the symbols/,
  },
  {
    fault: 'a symbol that nobody declared in a single row of a region',
    only: 'statistics',
    body: (lines) => withLine(lines, 3, lines[3]!.replace(/,\d+,(\d+),/, ',?,$1,')),
    says: /^line 4, a row of level REGIONAL: plans_issued_den "\?" is neither a number nor one of the symbols/,
  },
  {
    fault: 'unusable rows in a register, more than allowed',
    only: 'register',
    body: (lines) => withLine(lines, 3, lines[3]!.replace(/^\d{6}/, '1E5')),
    says: /^1 of \d+ rows cannot be used, more than the 0\.1 % allowed; the first is line 4, URN "1E5" is not a whole number$/,
  },
];

/** A number of the text that is changed to prove that the next good file is loaded. */
let edition = 100;

for (const kind of ['statistics', 'register'] as const) {
  describe(`served in place of a ${kind} file`, () => {
    const id = kind === 'statistics' ? 'ehc-plans-timeliness' : 'gias-establishments';
    const address = () => (kind === 'statistics' ? timeliness : ESTABLISHMENTS);
    const newest = () =>
      kind === 'statistics'
        ? loading.value(
            `SELECT issued FROM tidy.ehc_plans_timeliness WHERE level = 'NATIONAL' AND period = '2020' AND breakdown = 'total'`,
          )
        : loading.value(`SELECT capacity FROM school WHERE urn = 900001 AND to_release IS NULL`);
    const publish = (value: number) =>
      mirror.editLines(address(), (lines) => {
        const names = lines[0]!.replaceAll('"', '').split(',');
        const at = names.indexOf(kind === 'statistics' ? 'plans_issued_den' : 'SchoolCapacity');
        return lines.with(1, lines[1]!.split(',').with(at, String(value)).join(','));
      });

    for (const { fault, body, says, only } of FAULTS) {
      if (only && only !== kind) continue;
      it(`${fault} is refused, the release before stays, and the next good one is loaded`, async () => {
        const before = await loading.standing();
        const faulty = body((await mirror.text(address())).trimEnd().split('\r\n'));
        server.replace(address(), {
          body: typeof faulty === 'string' && kind === 'register' ? Buffer.from(faulty, 'latin1') : faulty,
        });
        const { outcome, message } = await loading.loadOne(id);
        expect({ outcome, message }).toEqual({ outcome: 'REFUSED', message: expect.stringMatching(says) });
        expect(message).not.toContain('\n');
        expect(await loading.lastRun(id)).toMatchObject({ outcome: 'REFUSED', message, release_id: null });
        expect(await loading.standing()).toEqual(before);

        server.restore();
        edition += 1;
        await publish(edition);
        expect((await loading.loadOne(id)).outcome).toBe('LOADED');
        expect(await newest()).toBe(edition);
      });
    }
  });
}

describe('rows that cannot be used, fewer than the declared share', () => {
  it('are left out and kept as issues with line, column, value and reason; the rest is loaded', async () => {
    const before = await loading.value('SELECT count(*) FROM tidy.suspensions_and_permanent_exclusions');
    await mirror.editLines(schools, (lines) => {
      const names = lines[0]!.split(',');
      const fields = lines[9]!.split(',');
      return lines.with(9, fields.with(names.indexOf('headcount'), '1 234').join(','));
    });
    const { outcome, message } = await loading.loadOne('suspensions-and-permanent-exclusions');
    expect({ outcome, message }).toMatchObject({
      outcome: 'LOADED',
      message: expect.stringContaining('1 could not be used'),
    });
    const run = await loading.lastRun('suspensions-and-permanent-exclusions');
    expect(run.rows_rejected).toBe(1);
    expect(run.issues).toEqual([
      {
        file: 2,
        line: 10,
        column_name: 'headcount',
        value: '1 234',
        reason: expect.stringMatching(/^is neither a number nor one of the symbols /),
        kind: 'REJECTED',
      },
    ]);
    expect(await loading.value('SELECT count(*) FROM tidy.suspensions_and_permanent_exclusions')).toBe(
      before - 1,
    );
  });

  it('of a register field that is not required cost the field, not the school', async () => {
    await mirror.editLines(ESTABLISHMENTS, (lines) => {
      const names = lines[0]!.replaceAll('"', '').split(',');
      return lines.with(2, lines[2]!.split(',').with(names.indexOf('SchoolCapacity'), 'about 200').join(','));
    });
    expect((await loading.loadOne('gias-establishments')).outcome).toBe('LOADED');
    const { issues, rows_rejected } = await loading.lastRun('gias-establishments');
    expect(rows_rejected).toBe(0);
    expect(issues).toEqual([
      {
        file: 1,
        line: 3,
        column_name: 'SchoolCapacity',
        value: 'about 200',
        reason: 'is not a whole number',
        kind: 'FIELD',
      },
    ]);
    expect(
      await loading.value('SELECT capacity FROM school WHERE urn = 900002 AND to_release IS NULL'),
    ).toBeNull();
  });

  it('that are not what the table is for are left out with the reason, and not counted as faults', async () => {
    const { issues, rows_rejected } = await loading.lastRun('local-authority-codes');
    const file = (await mirror.text(`${REFERENCE}/las.csv`)).split(/\r?\n/);
    expect(rows_rejected).toBe(0);
    expect(issues.length).toBeGreaterThan(0);
    for (const { line, kind, reason } of issues) {
      expect(kind).toBe('LEFT_OUT');
      expect(reason).not.toBe('');
      expect(file[line - 1]).toMatch(/,(x|\d{3} \/ \d{3})$/);
    }
  });
});

it('a date that Postgres does not have costs a field, not the load', async () => {
  await mirror.edit(GROUPS, (text) => text.replace(/"\d\d\/\d\d\/\d{4}"/, '"01/01/0000"'));
  expect((await loading.loadOne('gias-groups')).outcome).toBe('LOADED');
});
