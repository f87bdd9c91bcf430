/** Figures that exist only for parts, or only for all: each is answered as published, and no total is made up. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';

describe.skipIf(!hasRealFiles())('breakdowns of the published files', () => {
  let graph: RunningGraph;
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase('real'));
  });
  afterAll(() => graph.close());

  const ask = async (query: string) => {
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    return data;
  };
  const latest = '{ latest { value raw status lower upper period { label } breakdown { code label } } }';

  it('by characteristic: boys in England, and the group that a characteristic belongs to', async () => {
    const { england, indicator } = await ask(`{
      england { boys: indicator(id: "suspensions-by-characteristic", breakdown: "gender-male") ${latest}
        primary: indicator(id: "suspension-rate-by-characteristic", breakdown: "state-funded-primary/gender-male") ${latest} }
      indicator(id: "suspensions-by-characteristic") { breakdowns { code label } } }`);
    expect(england.boys.latest).toMatchObject({
      value: 282_485,
      period: { label: '2016/17' },
      breakdown: { code: 'gender-male', label: 'Gender male' },
    });
    expect(england.primary.latest.value).toBeGreaterThan(0);
    expect(indicator.breakdowns).toContainEqual({
      code: 'special/gender-male',
      label: 'Special, Gender male',
    });
  });

  it('by phase: absence has a figure for each, and none for all', async () => {
    const { england, localAuthority } = await ask(`{
      england { all: indicator(id: "absence-rate") ${latest}
        primary: indicator(id: "absence-rate", breakdown: "state-funded-primary") ${latest}
        autumn: indicator(id: "absence-rate", breakdown: "special/autumn-term") { series { value status period { label } } } }
      localAuthority(code: "891") { sessions: indicator(id: "absence-sessions-possible", breakdown: "special") ${latest} } }`);
    expect(england.all.latest).toBeNull();
    expect(england.primary.latest).toMatchObject({ value: 4, period: { label: '2016/17' } });
    expect(england.autumn.series.map(({ status }: { status: string }) => status)).toEqual([
      'NOT_APPLICABLE',
      'NOT_APPLICABLE',
      'NOT_APPLICABLE',
      'NOT_APPLICABLE',
      'ACTUAL',
    ]);
    expect(localAuthority.sessions.latest.value).toBeGreaterThan(0);
  });

  it('by reason: a withheld number has its bounds, wider in the years of estimates', async () => {
    const { localAuthority } = await ask(`{ localAuthority(code: "938") {
      bullying: indicator(id: "permanent-exclusions-bullying") { series { value status lower upper period { label } } } } }`);
    const of = (label: string) =>
      localAuthority.bullying.series.find(
        ({ period }: { period: { label: string } }) => period.label === label,
      );
    expect(of('2006/07')).toMatchObject({ value: null, status: 'SUPPRESSED', lower: 0, upper: 3 });
    const later = localAuthority.bullying.series.filter(
      ({ status, period }: { status: string; period: { label: string } }) =>
        status === 'SUPPRESSED' && period.label >= '2010/11',
    );
    for (const one of later) expect(one).toMatchObject({ lower: 1, upper: 2 });
  });

  it('of a school: the census row, the share without a base in 2019, and what is withheld', async () => {
    const { school, hidden, england } = await ask(`{
      school(urn: 100000) { roll: indicator(id: "roll") { series { value period { label } } }
        fsm: indicator(id: "pupils-with-fsm-ever-rate") { series { value raw numerator denominator } } }
      hidden: school(urn: 100027) { persistent: indicator(id: "school-persistent-absence-rate") ${latest}
        absence: indicator(id: "school-absence-rate") ${latest} }
      england { roll: indicator(id: "roll") ${latest}
        special: indicator(id: "pupils-with-ehc-plan", breakdown: "special-school") ${latest} } }`);
    expect(school.roll.series).toEqual([
      { value: 285, period: { label: 'January 2019' } },
      { value: 271, period: { label: 'January 2023' } },
    ]);
    // A count over an unknown base is no rate's numerator.
    expect(school.fsm.series).toEqual([
      { value: 16.2, raw: '16.2', numerator: null, denominator: null },
      { value: 21.9, raw: '21.90%', numerator: 50, denominator: 228 },
    ]);
    expect(hidden.persistent.latest).toMatchObject({ value: null, status: 'SUPPRESSED', raw: 'SUPP' });
    expect(hidden.absence.latest).toMatchObject({ value: 2.2, status: 'ACTUAL' });
    expect(england.roll.latest).toBeNull();
    expect(england.special.latest.value).toBe(151_325);
  });

  it('of scorecards: too small to judge is unreliable, not nothing', async () => {
    const { localAuthority, england } = await ask(`{
      localAuthority(code: "201") { one: indicator(id: "primary-forecast-accuracy-one-year") ${latest}
        three: indicator(id: "secondary-forecast-accuracy-three-years") ${latest} }
      england { unfilled: indicator(id: "primary-unfilled-places-rate") ${latest} } }`);
    expect(localAuthority.one.latest).toMatchObject({ value: null, status: 'UNRELIABLE', raw: 'Low' });
    expect(localAuthority.three.latest).toMatchObject({ value: null, status: 'NOT_APPLICABLE', raw: 'z' });
    expect(england.unfilled.latest).toMatchObject({ value: 13.83478111, period: { label: '2024/25' } });
  });
});
