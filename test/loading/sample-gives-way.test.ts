/** The synthetic sample is loaded as cleanly as real data, and gives way to them entirely. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DATA_SETS, dataSetById } from '../../jobs/catalogue.js';
import { firstOutcome } from '../data-sets.js';
import { MirrorServer } from '../mirror-server.js';
import { Loading } from './loading.js';
import { GROUPS, SmallMirror } from './small-mirror.js';

describe('the synthetic sample', () => {
  let mirror: SmallMirror;
  let server: MirrorServer;
  let loading: Loading;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    server = await MirrorServer.start(mirror.folder);
    loading = await Loading.open('sample', { SOURCE_MIRROR: server.address });
  });
  afterAll(async () => {
    await loading.close();
    await server.close();
    await mirror.remove();
  });

  it('is loaded with no rejected row, no dropped field and no odd rate', async () => {
    const runs = await loading.rows(
      `SELECT d.id, r.outcome, r.rows_rejected, r.warnings FROM run r JOIN data_set d ON d.number = r.data_set_number ORDER BY d.id`,
    );
    expect(runs).toHaveLength(DATA_SETS.length);
    for (const { id, outcome, rows_rejected, warnings } of runs) {
      expect({ id, outcome, rows_rejected }).toEqual({
        id,
        outcome: firstOutcome(dataSetById(id)!),
        rows_rejected: 0,
      });
      expect(warnings.filter((warning: string) => warning.includes('rate'))).toEqual([]);
    }
    expect(await loading.rows(`SELECT * FROM issue WHERE kind <> 'LEFT_OUT'`)).toEqual([]);
    expect(await loading.value('SELECT bool_and(synthetic) FROM release')).toBe(true);
    expect(await loading.value('SELECT synthetic FROM data_version')).toBe(true);
  });

  it('stays as it is when the first real file is refused', async () => {
    const before = await loading.standing();
    server.replace(GROUPS, { body: '"Group UID","Group Name"\r\n"1","A group"\r\n' });
    expect((await loading.loadOne('gias-groups')).outcome).toBe('REFUSED');
    expect(await loading.standing()).toEqual(before);
    server.restore();
  });

  it('is gone to the last row once one real data set is loaded', async () => {
    expect(await loading.loadOne('gias-groups')).toMatchObject({ outcome: 'LOADED' });
    expect(await loading.value('SELECT synthetic FROM data_version')).toBe(false);
    expect(await loading.rows('SELECT DISTINCT synthetic FROM release')).toEqual([{ synthetic: false }]);
    expect(await loading.value('SELECT count(*) FROM establishment_group')).toBe(
      (await mirror.text(GROUPS)).trimEnd().split('\r\n').length - 1,
    );
    for (const table of [
      'school',
      'group_membership',
      'establishment_link',
      'local_authority_code',
      'region_local_authority',
      'statistical_neighbour',
      'boundary_area',
      'drawn_local_authority',
      'geographic_neighbour',
      'school_lineage',
      'local_authority',
      'observation',
      'place',
      'period',
      'data_set_period',
      'school_place',
      'school_match',
      'school_in_parts',
      'school_observation',
      'school_kind',
    ]) {
      expect(await loading.value(`SELECT count(*) FROM ${table}`), table).toBe(0);
    }
    expect(await loading.rows('SELECT code FROM breakdown')).toEqual([{ code: 'total' }]);
    expect(await loading.rows('SELECT code FROM region ORDER BY code')).toEqual([
      { code: 'E13000001' },
      { code: 'E13000002' },
    ]);
  });

  it('is refused beside real data, and nothing is written', async () => {
    const before = await loading.standing();
    await expect(loading.loads().sample()).rejects.toMatchObject({
      code: 'BAD_COMMAND',
      message: expect.stringContaining('The database holds real data'),
    });
    expect(await loading.standing()).toEqual(before);
  });

  it('leaves every other data set due, and they are loaded at the next start', async () => {
    const results = await loading.loads().due();
    expect(results.map(({ dataSet, outcome }) => [dataSet.id, outcome])).toEqual(
      DATA_SETS.filter(({ id }) => id !== 'gias-groups').map((dataSet) => [
        dataSet.id,
        firstOutcome(dataSet),
      ]),
    );
    expect(await loading.rows('SELECT DISTINCT synthetic FROM release')).toEqual([{ synthetic: false }]);
    expect(await loading.loads().due()).toEqual([]);
  });
});
