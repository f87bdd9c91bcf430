/** London, where a file publishes only its halves: made of its local authorities, or nothing, never of some of them. */
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { publishedRows } from '../ees-release.js';
import { type RunningGraph, startGraph } from '../graph.js';

describe.skipIf(!hasRealFiles())('on the published files', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  it('has an absence rate by phase, though the file has no total over phases', async () => {
    const { data } = await graph.ask(`{ region(code: "E12000007") {
      indicator(id: "absence-rate", breakdown: "state-funded-primary") {
        observation(period: "201617") { value isDerived numerator denominator } } } }`);
    const rows = await publishedRows(
      inject('mirror')!,
      'pupil-absence-in-schools-in-england',
      '2016-17',
      'Absence by term',
    );
    const london = rows.filter(
      (row) =>
        row['time_period'] === '201617' &&
        row['term'] === 'Total' &&
        row['school_type'] === 'State-funded primary' &&
        row['geographic_level'] === 'Local authority' &&
        row['region_code']!.startsWith('E13'),
    );
    expect(london).toHaveLength(33);
    const sum = (column: string) => london.reduce((total, row) => total + Number(row[column]), 0);
    const { value, isDerived, numerator, denominator } = data.region.indicator.observation;
    expect({ isDerived, numerator, denominator }).toEqual({
      isDerived: true,
      numerator: sum('sess_overall'),
      denominator: sum('sess_possible'),
    });
    expect(value).toBeCloseTo((sum('sess_overall') / sum('sess_possible')) * 100, 10);
  });
});
