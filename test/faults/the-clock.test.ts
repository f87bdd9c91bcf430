/** Faults of time: replicas that wake at once, and ticks at which nobody was awake. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimTick } from '../../jobs/claim.js';
import { openWriterPool } from '../../src/database/database.js';
import { Rehearsal } from './rehearsal.js';

let rehearsal: Rehearsal;
let id: string;
beforeAll(async () => {
  rehearsal = await Rehearsal.open(['list', 'statistics']);
  id = rehearsal.idOf('list');
});
afterAll(() => rehearsal.close());
beforeEach(() => {
  rehearsal.loading.said.length = 0;
});

const dueAt = (when: string) =>
  rehearsal.loading.rows(`UPDATE data_set SET next_due_at = ${when} WHERE id = $1`, [id]);
const dueInFuture = () =>
  rehearsal.loading.value('SELECT next_due_at > now() FROM data_set WHERE id = $1', [id]);
const runs = () => rehearsal.loading.value('SELECT count(*) FROM run');
/** Lets that many replicas act at once, each with connections of its own. */
async function replicas<T>(
  many: number,
  act: (loads: ReturnType<Rehearsal['loading']['loads']>) => Promise<T>,
): Promise<T[]> {
  const pools = Array.from({ length: many }, () => openWriterPool(rehearsal.loading.database.url));
  try {
    return await Promise.all(pools.map((pool) => act(rehearsal.loading.loads({}, pool))));
  } finally {
    await Promise.all(pools.map((pool) => pool.end()));
  }
}

describe('two replicas firing the same tick', () => {
  it('one loads, the other does nothing and says nothing, and the graph has the new edition', async () => {
    const edition = await rehearsal.publish('list');
    const before = await runs();
    await dueAt("now() - interval '1 second'");
    const results = await replicas(2, (loads) => loads.tick(rehearsal.loading.dataSet(id)));
    expect(results.map((result) => result.map(({ outcome }) => outcome)).toSorted()).toEqual([
      [],
      ['LOADED'],
    ]);
    expect(rehearsal.loading.said).toHaveLength(1);
    expect(await runs()).toBe(before + 1);
    expect(await rehearsal.standing('list')).toBe(edition);
  });

  it('of twelve one wins the tick, also when it is the first of all', async () => {
    for (const when of ["now() - interval '1 second'", 'NULL']) {
      await dueAt(when);
      const claims = await Promise.all(
        Array.from({ length: 12 }, () => claimTick(rehearsal.loading.pool, rehearsal.loading.dataSet(id))),
      );
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await dueInFuture()).toBe(true);
    }
  });

  it('a replica whose clock is fast finds a tick that is not due, and does nothing', async () => {
    await dueAt("now() + interval '1 hour'");
    await rehearsal.publish('list');
    const before = await rehearsal.answer('list');
    expect(await replicas(1, (loads) => loads.tick(rehearsal.loading.dataSet(id)))).toEqual([[]]);
    expect(await rehearsal.answer('list')).toEqual(before);
    await dueAt('now()');
    await replicas(1, (loads) => loads.tick(rehearsal.loading.dataSet(id)));
    expect(await rehearsal.answer('list')).not.toEqual(before);
  });
});

describe('a tick missed while down', () => {
  /** What a data set of each outcome needs to be left alone at start: everything was looked at, and nothing is due. */
  beforeEach(async () => {
    await rehearsal.loading.load();
    await rehearsal.loading.rows("UPDATE data_set SET next_due_at = now() + interval '1 hour'");
    rehearsal.loading.said.length = 0;
  });

  it('is made up for at the next start, and nothing else is looked at', async () => {
    const edition = await rehearsal.publish('list');
    await dueAt("now() - interval '3 days'");
    const results = await rehearsal.loading.loads().due();
    expect(results.map(({ dataSet, outcome }) => [dataSet.id, outcome])).toEqual([[id, 'LOADED']]);
    expect(rehearsal.loading.said).toEqual([expect.stringMatching(/^ {2}local-authority-codes: loaded \(/)]);
    expect(await rehearsal.standing('list')).toBe(edition);
    expect(await dueInFuture()).toBe(true);
    expect(await rehearsal.loading.loads().due()).toEqual([]);
  });

  it('is made up for once, when two replicas start at once', async () => {
    const edition = await rehearsal.publish('list');
    await dueAt("now() - interval '3 days'");
    const results = await replicas(2, (loads) => loads.due());
    const outcomes = results.flat().map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'LOADED')).toHaveLength(1);
    expect(outcomes.filter((outcome) => !['LOADED', 'UNCHANGED', 'BUSY'].includes(outcome))).toEqual([]);
    expect(await rehearsal.standing('list')).toBe(edition);
  });

  it('that found a faulty file is tried again at the next start, and heals', async () => {
    rehearsal.server.replace(rehearsal.urlOf('list'), { body: '<html>Sorry</html>' });
    await dueAt("now() - interval '1 second'");
    await rehearsal.changesNothing(
      'list',
      { outcome: 'REFUSED', says: /an HTML page/, toDo: /tell the publisher/ },
      () => rehearsal.loading.loads().tick(rehearsal.loading.dataSet(id)),
    );
    rehearsal.server.restore();
    const edition = await rehearsal.publish('list');
    const results = await rehearsal.loading.loads().due();
    expect(results.map(({ dataSet, outcome }) => [dataSet.id, outcome])).toEqual([[id, 'LOADED']]);
    expect(await rehearsal.standing('list')).toBe(edition);
  });
});
