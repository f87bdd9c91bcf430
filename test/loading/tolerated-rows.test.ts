/** Rows that a file is known to have and nobody can use: left out or rejected, counted, shown, and no more than declared. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasRealFiles } from '../database.js';
import { Loading } from './loading.js';
import { EXCLUSIONS, SmallMirror } from './small-mirror.js';

const ID = 'suspensions-and-permanent-exclusions-by-characteristic';
const REASON = 'the row is about a local authority and the file does not say which';

describe('a file by characteristic', () => {
  let mirror: SmallMirror;
  let loading: Loading;
  let url: string;
  let good: string[];
  beforeAll(async () => {
    mirror = await SmallMirror.make({ schools: 400, trusts: 20 });
    loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    url = (await mirror.release(EXCLUSIONS)).fileUrl(/by characteristic/);
    good = (await mirror.text(url)).trimEnd().split('\r\n');
  });
  afterAll(async () => {
    await loading.close();
    await mirror.remove();
  });
  const load = async (lines: string[]) => {
    const { contentUrl } = await mirror.release(EXCLUSIONS);
    await mirror.edit(contentUrl, (text) =>
      text.replaceAll(/"numDataFileRows": \d+/g, '"numDataFileRows": 1 '),
    );
    await mirror.write(url, `${lines.join('\r\n')}\r\n`);
    return loading.loadOne(ID);
  };
  beforeEach(async () => {
    const { contentUrl } = await mirror.release(EXCLUSIONS);
    await mirror.edit(contentUrl, (text) =>
      text.replaceAll(/"numDataFileRows": \d+ ?/g, '"numDataFileRows": 2'),
    );
  });

  /** A row of a local authority whose codes and name are NA. */
  const nameless = (line: string) =>
    line
      .split(',')
      .with(2, 'local authority')
      .map((cell, at) => (at > 4 && at < 10 ? 'NA' : cell))
      .join(',');
  const long = (line: string) => `${line},1,2,3`;
  const england = () => good.filter((line) => /,National,/.test(line));

  it('leaves nameless local authorities out: twenty examples, one warning with the number, none in the table', async () => {
    const { outcome, message } = await load([...good, ...Array(50).fill(nameless(good[1]!))]);
    expect({ outcome, message }).toEqual({
      outcome: 'LOADED',
      message: expect.stringContaining(', 50 left out'),
    });
    const { issues, warnings, rows_left_out, rows_rejected } = await loading.lastRun(ID);
    expect({ rows_left_out, rows_rejected }).toEqual({ rows_left_out: 50, rows_rejected: 0 });
    expect(issues).toHaveLength(20);
    expect(issues[0]).toEqual({
      file: 1,
      line: good.length + 1,
      column_name: 'old_la_code',
      value: 'NA',
      reason: REASON,
      kind: 'LEFT_OUT',
    });
    expect(warnings).toContain(`50 rows left out, of which 20 are kept as examples: ${REASON}`);
    expect(
      await loading.value(
        `SELECT count(*)::int FROM tidy.${ID.replaceAll('-', '_')} WHERE level = 'LOCAL_AUTHORITY'`,
      ),
    ).toBe(0);
  });

  it('reads a local authority that is named', async () => {
    const named = good[1]!.split(',').with(2, 'Local authority').with(7, '201').join(',');
    expect((await load([...good, named])).outcome).toBe('LOADED');
    expect(
      await loading.rows(
        `SELECT place_code FROM tidy.${ID.replaceAll('-', '_')} WHERE level = 'LOCAL_AUTHORITY'`,
      ),
    ).toEqual([{ place_code: '201' }]);
  });

  it('rejects ten ragged rows of England one by one, with their text, and warns', async () => {
    // Enough rows that ten are within the share that may be unusable.
    const many = Array.from({ length: 10_000 }, () => nameless(good[1]!));
    const ragged = england()
      .slice(-10)
      .map((line) =>
        long(line.replace('Free school meals', 'Another group').replace(/FSM - [\w ]+/, 'Another')),
      );
    const { outcome, message } = await load([...good, ...ragged, ...many]);
    expect({ outcome, message }).toMatchObject({
      outcome: 'LOADED',
      message: expect.stringContaining('10 could not be used'),
    });
    const { issues, warnings, rows_rejected } = await loading.lastRun(ID);
    expect(rows_rejected).toBe(10);
    const rejected = issues.filter(({ kind }: { kind: string }) => kind === 'REJECTED');
    expect(rejected.map(({ line }: { line: number }) => line)).toEqual(
      ragged.map((_, at) => good.length + 1 + at),
    );
    expect(rejected[0]).toMatchObject({
      column_name: 'row',
      value: ragged[0]!.slice(0, 200),
      reason: `has ${good[0]!.split(',').length + 3} fields where ${good[0]!.split(',').length} are due`,
    });
    expect(warnings).toContain(
      '10 rows of another length than the header could not be used; up to 10 are known of this file',
    );
  });

  it('refuses an eleventh, naming its line', async () => {
    const before = await loading.standing();
    const ragged = Array(11).fill(long(good[1]!));
    expect(await load([...good, ...ragged, good[1]!])).toMatchObject({
      outcome: 'REFUSED',
      message: expect.stringContaining(
        `line ${good.length + 11} has ${good[0]!.split(',').length + 3} fields where ${good[0]!.split(',').length} are due (ragged row)`,
      ),
    });
    expect(await loading.standing()).toEqual(before);
  });

  it('refuses a file that ends in a short row as truncated, whatever is tolerated', async () => {
    const before = await loading.standing();
    expect(await load([...good, good[1]!.split(',').slice(0, 8).join(',')])).toMatchObject({
      outcome: 'REFUSED',
      message: expect.stringMatching(/^the file is truncated: it ends in the middle of a row/),
    });
    expect(await loading.standing()).toEqual(before);
  });
});

describe.skipIf(!hasRealFiles())('the published file by characteristic', () => {
  it('has ten rejected rows, 194,378 left out, and the rest of England in the table', async () => {
    const loading = await Loading.open('real', {});
    try {
      const run = await loading.lastRun(ID);
      expect(run).toMatchObject({
        outcome: 'LOADED',
        rows_read: 198_964,
        rows_rejected: 10,
        rows_left_out: 194_378,
        rows_added: 4576,
      });
      expect(run.issues).toHaveLength(30);
      expect(
        run.issues
          .filter(({ kind }: { kind: string }) => kind === 'REJECTED')
          .map(({ line }: { line: number }) => line),
      ).toEqual([1770, 1771, 1772, 1773, 1774, 1775, 1776, 1777, 1778, 1779]);
      expect(run.warnings).toContain(`194,378 rows left out, of which 20 are kept as examples: ${REASON}`);
    } finally {
      await loading.close();
    }
  });
});
