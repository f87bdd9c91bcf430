/** The figures that must be seen, from the published files, through the API. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from './database.js';
import { type RunningGraph, startGraph } from './graph.js';

describe.skipIf(!hasRealFiles())('the published files, asked through the API', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  it('gives England as printed for 2016/17', async () => {
    const { data, errors } =
      await graph.ask(`{ england { indicators(ids: ["headcount", "permanent-exclusions", "suspensions", "suspension-rate"], periods: ["201617"]) {
      indicator { id } series { value status } } } }`);
    expect(errors).toBeUndefined();
    expect(
      data.england.indicators.map(({ series }: { series: { value: number }[] }) => series[0]!.value),
    ).toEqual([8025075, 7720, 381865, 4.76]);
  });
});
