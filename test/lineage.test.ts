/** The register's links become a lineage: each pair once, in one direction, without cycles, dated, and named. */
import { describe, expect, it } from 'vitest';
import { type EstablishmentLink, type LinkedSchool, lineageOf } from '../jobs/lineage.js';

const school = (
  openedOn: string | null,
  closedOn: string | null = null,
  isAcademy = false,
): LinkedSchool => ({
  openedOn,
  closedOn,
  isAcademy,
});

/** A link as a row of the file: the second is what the type says to the first. */
const link = (urn: number, type: string, linkUrn: number, on: string | null = null): EstablishmentLink => ({
  urn,
  linkUrn,
  type,
  on,
});

/** Both rows of a pair, as the register should have them. */
const both = (
  predecessor: number,
  successor: number,
  on: string | null,
  wording = '',
): EstablishmentLink[] => [
  link(predecessor, `Successor${wording}`, successor, on),
  link(successor, `Predecessor${wording}`, predecessor, on),
];

const lineage = (links: EstablishmentLink[], schools: Record<number, LinkedSchool>) =>
  lineageOf(links, new Map(Object.entries(schools).map(([urn, of]) => [Number(urn), of])));

const pairs = ({ edges }: ReturnType<typeof lineageOf>) =>
  edges.map(({ predecessor, successor }) => `${predecessor} → ${successor}`).sort();

const OLD = school(null, '2012-08-31');
const ACADEMY = school('2012-09-01', null, true);

describe('a conversion', () => {
  it('is one edge, though both schools state it, on the day that they give', () => {
    const found = lineage(both(1, 2, '2012-09-01'), { 1: OLD, 2: ACADEMY });
    expect(found.edges).toEqual([
      {
        predecessor: 1,
        successor: 2,
        event: 'CONVERSION',
        eventIsInferred: true,
        on: '2012-09-01',
        onIsInferred: false,
      },
    ]);
    expect(Object.values(found.findings).every((count) => count === 0)).toBe(true);
  });

  it('of which the two schools name the last day and the first is on the first', () => {
    const rows = [link(1, 'Successor', 2, '2012-08-31'), link(2, 'Predecessor', 1, '2012-09-01')];
    expect(lineage(rows, { 1: OLD, 2: ACADEMY }).edges).toMatchObject([{ on: '2012-09-01' }]);
  });

  it('to something else than an academy is a replacement', () => {
    const found = lineage(both(1, 2, '2012-09-01'), { 1: OLD, 2: school('2012-09-01') });
    expect(found.edges).toMatchObject([{ event: 'REPLACEMENT', eventIsInferred: true }]);
  });
});

describe('a missing mirror row', () => {
  it.each([
    ['the predecessor', link(1, 'Successor', 2, '2012-09-01')],
    ['the successor', link(2, 'Predecessor', 1, '2012-09-01')],
  ])('is made good from what %s states, and counted', (_who, row) => {
    const found = lineage([row], { 1: OLD, 2: ACADEMY });
    expect(pairs(found)).toEqual(['1 → 2']);
    expect(found.findings.oneSided).toBe(1);
  });
});

describe('a missing date', () => {
  it('is inferred from the successor’s opening, and marked', () => {
    const found = lineage(both(1, 2, null), { 1: OLD, 2: ACADEMY });
    expect(found.edges).toMatchObject([{ on: '2012-09-01', onIsInferred: true }]);
    expect(found.findings).toMatchObject({ datesInferred: 1, undated: 0 });
  });

  it('is inferred from the predecessor’s closing where no opening is known', () => {
    const found = lineage(both(1, 2, null), { 1: OLD, 2: school(null) });
    expect(found.edges).toMatchObject([{ on: '2012-08-31', onIsInferred: true }]);
  });

  it('of a merger is the closing: the school that went on had opened long before', () => {
    const found = lineage(both(1, 2, null, ' - merged'), { 1: OLD, 2: school('1994-01-01') });
    expect(found.edges).toMatchObject([{ event: 'MERGER', on: '2012-08-31', onIsInferred: true }]);
  });

  it('stays missing where nothing tells it, and is not called inferred', () => {
    const found = lineage(both(1, 2, null), { 1: school(null), 2: school(null) });
    expect(found.edges).toMatchObject([{ on: null, onIsInferred: false }]);
    expect(found.findings).toMatchObject({ datesInferred: 0, undated: 1 });
  });

  it('on one side only is taken from the other', () => {
    const rows = [link(1, 'Successor', 2), link(2, 'Predecessor', 1, '2012-09-03')];
    expect(lineage(rows, { 1: OLD, 2: ACADEMY }).edges).toMatchObject([
      { on: '2012-09-03', onIsInferred: false },
    ]);
  });
});

describe('mergers, amalgamations and splits', () => {
  it('are as the register names them, with several predecessors of one', () => {
    const rows = [
      ...both(1, 9, '2012-09-01', ' - amalgamated'),
      ...both(2, 9, '2012-09-01', ' - amalgamated'),
      ...both(3, 8, '2012-09-01', ' - merged'),
      ...both(4, 6, '2012-09-01', ' - Split School'),
      ...both(4, 7, '2012-09-01', ' - Split School'),
    ];
    const opened = school('2012-09-01');
    const found = lineage(rows, {
      1: OLD,
      2: OLD,
      3: OLD,
      4: OLD,
      6: opened,
      7: opened,
      8: school(null),
      9: opened,
    });
    expect(found.edges.map(({ event, eventIsInferred }) => [event, eventIsInferred])).toEqual([
      ['AMALGAMATION', false],
      ['AMALGAMATION', false],
      ['MERGER', false],
      ['SPLIT', false],
      ['SPLIT', false],
    ]);
  });

  it('are named by one side where the other states only the order', () => {
    const rows = [link(1, 'Successor', 2, '2012-09-01'), link(2, 'Predecessor - merged', 1, '2012-09-01')];
    expect(lineage(rows, { 1: OLD, 2: school(null) }).edges).toMatchObject([
      { event: 'MERGER', eventIsInferred: false },
    ]);
  });

  it('are told from dates and numbers where the register names none, and marked', () => {
    const rows = [
      ...both(1, 9, '2012-09-01'),
      ...both(2, 9, '2012-09-01'),
      ...both(3, 8, '2012-09-01'),
      ...both(4, 6, '2012-09-01'),
      ...both(4, 7, '2012-09-01'),
    ];
    const schools = {
      1: OLD,
      2: OLD,
      3: OLD,
      4: OLD,
      6: ACADEMY,
      7: ACADEMY,
      8: school('1994-01-01'),
      9: ACADEMY,
    };
    expect(lineage(rows, schools).edges.map(({ event }) => event)).toEqual([
      'AMALGAMATION',
      'AMALGAMATION',
      'MERGER',
      'SPLIT',
      'SPLIT',
    ]);
  });

  it('of one school at different times are told apart by the time', () => {
    // A conversion in 2012, and a school taken in six years later.
    const rows = [...both(1, 2, '2012-09-01'), ...both(3, 2, '2018-09-01')];
    const found = lineage(rows, { 1: OLD, 2: ACADEMY, 3: school(null, '2018-08-31') });
    expect(found.edges.map(({ predecessor, event }) => [predecessor, event])).toEqual([
      [1, 'CONVERSION'],
      [3, 'MERGER'],
    ]);
  });
});

describe('links without a direction', () => {
  it('of both sides ("Result of Amalgamation") lead from the school that closed', () => {
    const rows = [
      link(1, 'Result of Amalgamation', 2, '2014-09-01'),
      link(2, 'Result of Amalgamation', 1, '2014-08-31'),
    ];
    const found = lineage(rows, { 1: school(null), 2: school(null, '2014-08-31') });
    expect(pairs(found)).toEqual(['2 → 1']);
    expect(found.edges).toMatchObject([{ event: 'AMALGAMATION', on: '2014-09-01' }]);
    expect(found.findings.directedByDates).toBe(1);
  });

  it('"Closure" and "Merged - …" are two sides of a merger', () => {
    const rows = [
      link(1, 'Closure', 2, '2021-08-04'),
      link(2, 'Merged - expansion of school capacity', 1, '2021-08-04'),
    ];
    const found = lineage(rows, { 1: school(null, '2021-08-04'), 2: school(null) });
    expect(found.edges).toMatchObject([{ predecessor: 1, successor: 2, event: 'MERGER' }]);
  });

  it('take it from the side that states one', () => {
    const rows = [link(1, 'Result of Amalgamation', 2), link(2, 'Predecessor', 1)];
    expect(pairs(lineage(rows, { 1: school(null), 2: school(null) }))).toEqual(['1 → 2']);
  });

  it('and without dates that tell are left out, and counted', () => {
    const found = lineage([link(1, 'Result of Amalgamation', 2)], { 1: school(null), 2: school(null) });
    expect(found.edges).toEqual([]);
    expect(found.findings.undecided).toBe(1);
  });
});

describe('cycles', () => {
  it('of two, each the successor of the other, are broken by which closed', () => {
    const rows = [link(1, 'Successor', 2, '2011-08-31'), link(2, 'Successor', 1, '2011-09-01')];
    const found = lineage(rows, { 1: school(null, '2011-08-31'), 2: school(null, '2012-11-30') });
    expect(pairs(found)).toEqual(['1 → 2']);
    expect(found.findings.directedByDates).toBe(1);
  });

  it('of three lose the edge that leads back in time, and no other', () => {
    const rows = [...both(1, 2, null), ...both(2, 3, null), ...both(3, 1, null), ...both(3, 4, null)];
    const found = lineage(rows, {
      1: school('1990-09-01'),
      2: school('2000-09-01'),
      3: school('2010-09-01'),
      4: school('2005-09-01'),
    });
    // 3 → 4 leads back too, but is in no cycle.
    expect(pairs(found)).toEqual(['1 → 2', '2 → 3', '3 → 4']);
    expect(found.findings.cycleEdges).toBe(1);
  });

  it('without dates are broken by the order of the URNs', () => {
    const found = lineage([...both(1, 2, null), ...both(2, 3, null), ...both(3, 1, null)], {});
    expect(pairs(found)).toEqual(['1 → 2', '2 → 3']);
  });

  it('that share a school, and long chains, leave no way back to where one was', () => {
    const rows = [
      ...both(1, 2, null),
      ...both(2, 1000, null),
      ...both(1000, 1, null),
      ...both(2, 3, null),
      ...both(3, 2, null),
      ...Array.from({ length: 20_000 }, (_, at) => link(1000 + at, 'Successor', 1001 + at)),
    ];
    const { edges } = lineage(rows, {});
    for (const { predecessor, successor } of edges) expect(predecessor).toBeLessThan(successor);
    expect(edges).toHaveLength(20_000 + 2);
  });
});

describe('links that lead nowhere', () => {
  it('from a school to itself are left out, and counted', () => {
    const found = lineage([link(1, 'Successor', 1)], { 1: OLD });
    expect(found).toMatchObject({ edges: [], findings: { selfLinks: 1 } });
  });

  it('to a URN that is not in the register are kept, and counted', () => {
    const found = lineage(both(1, 777, '2012-09-01'), { 1: OLD });
    expect(pairs(found)).toEqual(['1 → 777']);
    expect(found.findings.notInRegister).toBe(1);
  });

  it.each([
    'Sixth Form Centre Link',
    'Sixth Form Centre School',
    'Other',
    'Expansion',
  ])('"%s" is not about lineage', (type) => {
    expect(
      lineage([link(1, type, 2, '2012-09-01'), link(2, type, 1, '2012-09-01')], { 1: OLD, 2: ACADEMY }).edges,
    ).toEqual([]);
  });
});
