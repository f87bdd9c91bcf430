/** Whatever ranks, averages or judges places tells which it leaves out, and why: as many as those places themselves say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

interface Reason {
  status: string | null;
  places: number;
}
interface Known {
  value: number | null;
  observation: { status: string } | null;
}

/** By status, how many of the figures have no value; null for no row. */
function counted(figures: Known[]): Map<string | null, number> {
  const reasons = new Map<string | null, number>();
  for (const { value, observation } of figures) {
    if (value !== null) continue;
    const status = observation?.status ?? null;
    reasons.set(status, (reasons.get(status) ?? 0) + 1);
  }
  return reasons;
}
const told = (leftOut: Reason[]) => new Map(leftOut.map(({ status, places }) => [status, places]));
const sum = (leftOut: Reason[]) => leftOut.reduce((total, { places }) => total + places, 0);

const REASONS = 'leftOut { status places }';

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
  });
  afterAll(() => graph.close());
  const ask = async (query: string) => {
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    return data;
  };
  const ofAll = async (indicator: string) =>
    counted(
      (
        await ask(
          `{ ranking(indicator: "${indicator}", level: LOCAL_AUTHORITY) { value observation { status } } }`,
        )
      ).ranking,
    );

  it.each([
    'permanent-exclusion-rate',
    'permanent-exclusions',
    'ehc-plans-within-20-weeks-rate',
  ])('%s: a ranking, a distribution and a comparison leave out the same local authorities for the same reasons', async (indicator) => {
    const expected = await ofAll(indicator);
    const question = `indicator: "${indicator}", level: LOCAL_AUTHORITY`;
    const { ranking, distribution } = await ask(
      `{ ranking(${question}, first: 3) { of ${REASONS} } distribution(${question}) { places withValue withheld withoutValue withoutRow period { code } ${REASONS} } }`,
    );
    for (const { of, leftOut } of ranking) {
      expect(told(leftOut)).toEqual(expected);
      expect(of + sum(leftOut)).toBe(distribution.places);
    }
    expect(told(distribution.leftOut)).toEqual(expected);
    expect(sum(distribution.leftOut)).toBe(
      distribution.withheld + distribution.withoutValue + distribution.withoutRow,
    );
    expect(expected.get(null) ?? 0).toBe(distribution.withoutRow);
    const { localAuthorities } = await ask(
      `{ localAuthorities(first: 40) { nodes { comparison(indicator: "${indicator}", period: "${distribution.period.code}") {
          nationalOf nationalLeftOut { status places } neighboursLeftOut ${REASONS} neighbours { localAuthority { name } value observation { status } } notes } } } }`,
    );
    let unknown = 0;
    for (const { comparison } of localAuthorities.nodes) {
      // Neighbours that were abolished are compared all the same.
      expect(sum(comparison.nationalLeftOut)).toBeGreaterThanOrEqual(sum(distribution.leftOut));
      expect(told(comparison.leftOut)).toEqual(counted(comparison.neighbours));
      expect(sum(comparison.leftOut)).toBe(comparison.neighboursLeftOut);
      const notes = comparison.notes.join(' ');
      for (const { localAuthority, value, observation } of comparison.neighbours) {
        if (value !== null) continue;
        unknown += 1;
        const why = observation ? observation.status.toLowerCase().replaceAll('_', ' ') : 'no row';
        expect(notes).toContain(`${localAuthority.name} (${why})`);
      }
    }
    // The sample has a figure of every local authority.
    if (which === 'real' && indicator === 'permanent-exclusion-rate') expect(unknown).toBeGreaterThan(0);
  });

  it.each([
    'LOCAL_AUTHORITY',
    'SCHOOL',
    'TRUST',
  ])('funnels of the level %s account for every place that they do not judge', async (level) => {
    const { outliers } = await ask(
      `{ outliers(indicator: "permanent-exclusion-rate", level: ${level}) { places judged belowMinimum withheld withoutFigure ${REASONS} } }`,
    );
    const { leftOut, places, judged, belowMinimum, withheld, withoutFigure } = outliers;
    expect(judged + belowMinimum + sum(leftOut)).toBe(places);
    const isWithheld = ({ status }: Reason) => ['SUPPRESSED', 'LOW', 'UNRELIABLE'].includes(status ?? '');
    expect(sum(leftOut.filter(isWithheld))).toBe(withheld);
    expect(sum(leftOut.filter((one: Reason) => !isWithheld(one)))).toBe(withoutFigure);
    expect(leftOut.length).toBeGreaterThan(0);
  });

  it('of schools a distribution counts each reason', async () => {
    const { distribution } = await ask(
      `{ distribution(indicator: "suspension-rate", level: SCHOOL) { withheld withoutValue withoutRow ${REASONS} } }`,
    );
    const by = told(distribution.leftOut);
    expect(by.get('SUPPRESSED')).toBe(distribution.withheld);
    expect(by.get(null)).toBe(distribution.withoutRow);
    if (which === 'real') {
      expect(distribution.leftOut).toEqual([
        { status: 'SUPPRESSED', places: 2_812 },
        { status: 'NOT_APPLICABLE', places: 99 },
        { status: null, places: 7_628 },
      ]);
    }
  });
});
