/**
 * What a load costs, counted and not timed: the statements that it sends do not grow with its file, it passes over the rows
 * that stand a few times, and it writes those that changed.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunResult } from '../../jobs/run.js';
import { openWriterPool } from '../../src/database/database.js';
import { until } from './load-process.js';
import { Loading } from './loading.js';
import { EXCLUSIONS, SmallMirror } from './small-mirror.js';

const FIGURES = 'suspensions-and-permanent-exclusions';
const CASELOAD = 'ehc-plans-caseload';
const ONE_IN = 50;
const REGISTERS = ['local-authority-codes', 'gias-establishments', 'gias-establishment-links'];
const FEW_STATEMENTS = 70;
/** What stands, rows before, what vanished, the findings, what ends, and the joins to schools: each looks at rows once. */
const FEW_PASSES = 9;

interface Traffic {
  read: number;
  inserted: number;
  updated: number;
  deleted: number;
}

/**
 * Loads through connections of its own, and returns once they are gone: a connection adds what it did to Postgres's
 * statistics when it likes, and as it ends. https://www.postgresql.org/docs/current/monitoring-stats.html
 * `statements`: those that it sent, and nobody else in this process.
 */
async function loadAndLeave(
  loading: Loading,
  ids: string[],
): Promise<{ results: RunResult[]; statements: number }> {
  const pool = openWriterPool(loading.database.url);
  const processes: number[] = [];
  pool.on('connect', (client) => processes.push((client as pg.PoolClient & { processID: number }).processID));
  const sent = vi.spyOn(pg.Client.prototype, 'query');
  const results = await loading.loads({}, pool).load(ids.map(loading.dataSet));
  const statements = sent.mock.calls.length;
  sent.mockRestore();
  await pool.end();
  await until(() =>
    loading.value('SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = ANY($1)', [processes]),
  );
  return { results, statements };
}

describe('a load', () => {
  const mirrors: SmallMirror[] = [];
  const loadings: Loading[] = [];
  const open = async (schools: number) => {
    const mirror = await SmallMirror.make({ schools, trusts: 8 });
    const loading = await Loading.open('empty', { SOURCE_MIRROR: mirror.folder });
    mirrors.push(mirror);
    loadings.push(loading);
    await loadAndLeave(loading, REGISTERS);
    return { mirror, loading };
  };
  let few: Awaited<ReturnType<typeof open>>;
  let many: Awaited<ReturnType<typeof open>>;
  beforeAll(async () => {
    few = await open(60);
    many = await open(180);
  });
  afterAll(async () => {
    for (const loading of loadings) await loading.close();
    for (const mirror of mirrors) await mirror.remove();
  });

  /** What Postgres counted for a table up to now, by those who have left. */
  const traffic = async (loading: Loading, table: string): Promise<Traffic> =>
    (
      await loading.rows(
        `SELECT (seq_tup_read + coalesce(idx_tup_fetch, 0))::int AS read, n_tup_ins::int AS inserted,
           n_tup_upd::int AS updated, n_tup_del::int AS deleted
         FROM pg_stat_user_tables WHERE relname = $1 AND schemaname = 'schoolgraph'`,
        [table],
      )
    )[0];

  it.each([FIGURES, CASELOAD])('sends as many statements for many rows of %s as for few', async (id) => {
    const ofFew = await loadAndLeave(few.loading, [id]);
    const ofMany = await loadAndLeave(many.loading, [id]);
    for (const { results } of [ofFew, ofMany]) expect(results).toMatchObject([{ outcome: 'LOADED' }]);
    expect(ofMany.statements).toBe(ofFew.statements);
    expect(ofFew.statements).toBeLessThan(FEW_STATEMENTS);
  });

  it('of a release with a few changed rows writes those, and passes over the others a few times', async () => {
    const { mirror, loading } = many;
    await loadAndLeave(loading, [FIGURES]);
    const { fileUrl } = await mirror.release(EXCLUSIONS);
    const change = async (name: RegExp) => {
      let changed = 0;
      await mirror.editLines(fileUrl(name), ([header, ...lines]) => {
        const column = header!.split(',').indexOf('headcount');
        return [
          header!,
          ...lines.map((line, at) => {
            const fields = line.split(',');
            if (at % ONE_IN !== 0 || !/^\d+$/.test(fields[column]!)) return line;
            changed += 1;
            fields[column] = String(Number(fields[column]) + 1);
            return fields.join(',');
          }),
        ];
      });
      return changed;
    };
    const changedSchools = await change(/by school/);
    const changed = changedSchools + (await change(/by geography/));
    const tables = ['observation', 'school_observation', 'school_place', 'place'];
    const before = await Promise.all(tables.map((table) => traffic(loading, table)));
    const { results } = await loadAndLeave(loading, [FIGURES]);
    expect(results).toMatchObject([{ outcome: 'LOADED' }]);
    expect(changed).toBeGreaterThan(10);
    const after = await Promise.all(tables.map((table) => traffic(loading, table)));
    const [observation, ofSchools, ...others] = after.map((now, at) => ({
      read: now.read - before[at]!.read,
      inserted: now.inserted - before[at]!.inserted,
      updated: now.updated - before[at]!.updated,
      deleted: now.deleted - before[at]!.deleted,
    }));
    const rows = await loading.value('SELECT count(*)::int FROM observation');
    expect(observation).toMatchObject({ inserted: changed, updated: changed, deleted: 0 });
    expect(ofSchools).toMatchObject({ inserted: ofSchools!.deleted, updated: 0 });
    expect(ofSchools!.inserted).toBeLessThanOrEqual(changedSchools);
    expect(ofSchools!.inserted).toBeGreaterThan(0);
    expect(observation!.read).toBeLessThan(FEW_PASSES * rows);
    for (const other of others) expect(other).toMatchObject({ inserted: 0, updated: 0, deleted: 0 });
  });
});
