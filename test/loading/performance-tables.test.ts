/**
 * The performance tables over real HTTP: one file for each school year, told apart by their query strings; years that
 * are not there or answer with a page; a new year; and schools that the register does not know.
 */
import { rename } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startGraph } from '../graph.js';
import { MirrorServer } from '../mirror-server.js';
import { Loading } from './loading.js';
import { PERFORMANCE_TABLE, SmallMirror } from './small-mirror.js';

const CENSUS = 'school-census';
const censusOf = (year: string) => PERFORMANCE_TABLE('CENSUS', year);

describe('the files of the performance tables', () => {
  let mirror: SmallMirror;
  let server: MirrorServer;
  let loading: Loading;
  beforeAll(async () => {
    mirror = await SmallMirror.make();
    server = await MirrorServer.start(mirror.folder);
    loading = await Loading.open('empty', { SOURCE_MIRROR: server.address });
    await loading.load(['gias-establishments']);
  });
  afterAll(async () => {
    await loading.close();
    await server.close();
    await mirror.remove();
  });
  afterEach(() => server.restore());

  const periods = () =>
    loading.rows(`SELECT period, count(*)::int AS rows FROM tidy.school_census GROUP BY 1 ORDER BY 1`);

  it('of a single year are loaded, where the other years answer 404', async () => {
    await rename(mirror.path(censusOf('2023-2024')), mirror.path(censusOf('1923-1924')));
    const thisYear = () => new Date().getUTCFullYear();
    const year = thisYear();
    expect(await loading.loadOne(CENSUS)).toMatchObject({
      outcome: 'LOADED',
      message: expect.stringMatching(/^Performance tables, 2024\/25: /),
    });
    expect((await periods()).map(({ period }) => period)).toEqual(['202425']);
    const asked = server.requests.map(({ url }) => /year=(\d{4})/.exec(url)?.[1]).filter(Boolean);
    expect(Math.min(...asked.map(Number))).toBe(2018);
    // Also where a year begins meanwhile.
    expect([year, thisYear()]).toContain(Math.max(...asked.map(Number)));
  });

  it('of another year that appears are loaded beside it, and nothing that stands is written again', async () => {
    const before = await periods();
    await rename(mirror.path(censusOf('1923-1924')), mirror.path(censusOf('2023-2024')));
    const { outcome, message } = await loading.loadOne(CENSUS);
    expect({ outcome, message }).toMatchObject({
      outcome: 'LOADED',
      message: expect.stringMatching(/^Performance tables, 2023\/24, 2024\/25: /),
    });
    const after = await periods();
    expect(after.map(({ period }) => period)).toEqual(['202324', '202425']);
    const { rows_added, rows_ended } = await loading.lastRun(CENSUS);
    expect({ rows_added, rows_ended }).toEqual({ rows_added: after[0].rows, rows_ended: 0 });
    expect(after[1]).toEqual(before[0]);
  });

  it('of a year that answers with a page are left out with a warning, and it is looked for again', async () => {
    server.replace(censusOf('2022-2023'), { body: '<!DOCTYPE html><html><body>Not yet</body></html>' });
    expect(await loading.loadOne(CENSUS)).toMatchObject({ outcome: 'UNCHANGED' });
    const { warnings } = await loading.lastRun(CENSUS);
    expect(warnings).toEqual([
      expect.stringMatching(/year=2022-2023.* answered with an HTML page .*left out/),
    ]);
    server.restore();
    await loading.loadOne(CENSUS);
    expect(server.requests.some(({ url }) => url.includes('year=2022-2023'))).toBe(true);
  });

  it('of a year that was loaded and now answers with a page refuse the release; what stood stays', async () => {
    const before = await loading.standing();
    server.replace(censusOf('2024-2025'), { body: '<html><body>Sorry</body></html>' });
    expect(await loading.loadOne(CENSUS)).toMatchObject({
      outcome: 'REFUSED',
      message: expect.stringMatching(/year=2024-2025.* answered with an HTML page/),
    });
    expect(await loading.standing()).toEqual(before);
  });

  it('of no year at all are unavailable', async () => {
    const other = await Loading.open('empty', { SOURCE_MIRROR: `${server.address}/nowhere` });
    expect(await other.loadOne(CENSUS)).toMatchObject({
      outcome: 'UNAVAILABLE',
      message: expect.stringMatching(/^CENSUS of the performance tables, of any year since 2018/),
    });
    await other.close();
  });

  it('keep a school that the register does not know, unjoined and counted', async () => {
    const routes = () =>
      loading.rows(`SELECT dp.code, m.route, m.places FROM school_match m JOIN data_set_period dp
        USING (data_set_number, period_id) JOIN data_set d ON d.number = m.data_set_number
        WHERE d.id = 'school-census' AND dp.code = '202425' ORDER BY 2`);
    const [before] = await routes();
    expect(before).toMatchObject({ route: 'PUBLISHED_URN' });
    const line = (await mirror.text(censusOf('2024-2025'))).split('\r\n')[1]!;
    await mirror.editLines(censusOf('2024-2025'), (lines) => [
      ...lines.slice(0, 2),
      line.replace(/^\d{6}/, '199999'),
      ...lines.slice(2),
    ]);
    expect((await loading.loadOne(CENSUS)).outcome).toBe('LOADED');
    expect(await routes()).toEqual([before, { code: '202425', route: 'UNJOINED', places: 1 }]);
    expect(
      await loading.value(`SELECT count(*)::int FROM tidy.school_census WHERE place_code = '199999'`),
    ).toBe(1);
  });

  it('give a school the row that it has, and England no total, but one for each kind', async () => {
    const [header, first] = (await mirror.text(censusOf('2024-2025')))
      .replace(/^\ufeff/, '')
      .split('\r\n')
      .map((line) => line.split(','));
    const cell = (name: string) => first![header!.indexOf(name)]!;
    const graph = await startGraph(loading.database.url);
    try {
      const { data, errors } = await graph.ask(`{
        school(urn: ${cell('URN')}) { roll: indicator(id: "roll") { latest { value period { label } } }
          plans: indicator(id: "pupils-with-ehc-plan-rate") { latest { value raw numerator denominator } } }
        england { all: indicator(id: "roll") { latest { value } }
          primary: indicator(id: "roll", breakdown: "state-funded-primary") { series { value } } } }`);
      expect(errors).toBeUndefined();
      expect(data.school).toEqual({
        roll: { latest: { value: Number(cell('NOR')), period: { label: 'January 2025' } } },
        plans: {
          latest: {
            value: Number(cell('PSENELSE').replace('%', '')),
            raw: cell('PSENELSE'),
            numerator: Number(cell('TSENELSE')),
            denominator: Number(cell('NOR')),
          },
        },
      });
      expect(data.england.all).toEqual({ latest: null });
      expect(data.england.primary.series).toHaveLength(2);
    } finally {
      await graph.close();
    }
  });
});
