/** Rows and values that cannot be used cost themselves and not the release, and are kept with line, column, value and reason. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Loading } from './loading.js';
import { ESTABLISHMENTS, EXCLUSIONS, GROUPS, REFERENCE, SmallMirror } from './small-mirror.js';

let mirror: SmallMirror;
let loading: Loading;
let schools: string;

beforeAll(async () => {
  mirror = await SmallMirror.make();
  schools = (await mirror.release(EXCLUSIONS)).fileUrl(/by school/);
  loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
  await loading.load([
    'local-authority-codes',
    'gias-establishments',
    'gias-groups',
    'suspensions-and-permanent-exclusions',
  ]);
});
afterAll(async () => {
  await loading.close();
  await mirror.remove();
});

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
