/** Similar schools and outlier pairs are what arithmetic by hand makes of the census as the file has it, school by school. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

/** Types of establishment of the register that are state-funded: mainstream, and special. */
const MAINSTREAM = ['01', '02', '03', '05', '15', '28', '34', '45', '46', '35', '39', '40', '41'];
const SPECIAL = ['07', '12', '33', '44', '36'];

const OPEN = `SELECT urn, phase, type_code, la_code FROM school WHERE to_release IS NULL AND status IN ('OPEN', 'PROPOSED_TO_CLOSE')`;

/** The cells of the newest period of a data set, by the URN that the file has. */
const CELLS = `
  SELECT p.code AS urn, o.values, d.measures FROM data_set d
  JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.code = (SELECT max(code) FROM data_set_period WHERE data_set_number = d.number)
  JOIN observation o ON o.data_set_number = d.number AND o.period_id = dp.period_id AND o.to_release IS NULL
  JOIN place p ON p.id = o.place_id AND p.level = 'SCHOOL' WHERE d.id = $1`;

type Name = 'SIZE' | 'FSM' | 'EAL' | 'SEN_SUPPORT' | 'ABSENCE';
type Values = Record<Name, number | null>;
interface School extends Values {
  urn: number;
  phase: string | null;
  type_code: string | null;
  la_code: string | null;
  plans: number | null;
}

const isKnown = (value: number | null): value is number => value !== null;
const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: number[]) => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let schools: School[];
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    const tables: Tables = await openTables(loadedDatabase(which));
    const cellsOf = async (dataSet: string) =>
      new Map(
        (await tables.rows(CELLS, [dataSet])).map(({ urn, values, measures }) => [
          Number(urn),
          (measure: string): number | null => values[measures.indexOf(measure)] ?? null,
        ]),
      );
    const census = await cellsOf('school-census');
    const absence = await cellsOf('school-absence');
    schools = (await tables.rows(OPEN)).map((school) => {
      const cell = census.get(school.urn);
      return {
        ...school,
        SIZE: cell?.('roll') ?? null,
        FSM: cell?.('fsm_ever_rate') ?? null,
        EAL: cell?.('eal_rate') ?? null,
        SEN_SUPPORT: cell?.('sen_support_rate') ?? null,
        ABSENCE: absence.get(school.urn)?.('absence_rate') ?? null,
        plans: cell?.('ehc_plan') ?? null,
      };
    });
    await tables.close();
  });
  afterAll(() => graph.close());

  const ask = async (query: string) => {
    const { data, errors } = await graph.ask(query);
    expect(errors).toBeUndefined();
    return data;
  };
  const mainstream = (phase: string) =>
    schools.filter((school) => school.phase === phase && MAINSTREAM.includes(school.type_code!));
  const special = () => schools.filter(({ type_code }) => SPECIAL.includes(type_code!));
  const knownOf = (peers: School[], name: Name) => peers.map((peer) => peer[name]).filter(isKnown);

  /** Differences in standard deviations, and their root mean square. */
  function compare(one: School, other: School, on: Name[], deviations: Map<Name, number>) {
    const differences = on.map((name) =>
      isKnown(one[name]) && isKnown(other[name]) ? (other[name] - one[name]) / deviations.get(name)! : null,
    );
    const known = differences.filter(isKnown);
    return { differences, shared: known.length, distance: Math.sqrt(mean(known.map((each) => each ** 2))) };
  }
  function nearest(subject: School, peers: School[], on: Name[]) {
    const deviations = new Map(on.map((name) => [name, deviation(knownOf(peers, name))]));
    return peers
      .filter(({ urn }) => urn !== subject.urn)
      .map((peer) => ({ peer, ...compare(subject, peer, on, deviations) }))
      .filter(({ shared }) => shared * 2 >= on.length)
      .sort((one, other) => one.distance - other.distance || one.peer.urn - other.peer.urn);
  }

  it.each([
    ['a primary school', 'PRIMARY', () => mainstream('PRIMARY')],
    ['a secondary school', 'SECONDARY', () => mainstream('SECONDARY')],
    ['a special school', 'special', special],
  ] as const)('finds the nearest of %s among its like, and explains the distance', async (_what, _phase, like) => {
    const peers = like();
    const on = ['SIZE', 'FSM', 'EAL', 'SEN_SUPPORT'] as const satisfies Name[];
    const subject = peers.find((school) => on.every((name) => isKnown(school[name])))!;
    const { similarSchools: told } = await ask(`{ similarSchools(school: ${subject.urn}, first: 10) {
      school { urn } others compared note
      characteristics { characteristic value mean standardDeviation schools period { code } }
      schools { school { urn } distance characteristicsCompared characteristics { characteristic value otherValue difference } } } }`);
    const expected = nearest(subject, peers, [...on]);
    expect(told.school.urn).toBe(subject.urn);
    expect(told.note).toBeNull();
    expect([told.others, told.compared]).toEqual([peers.length - 1, expected.length]);
    for (const [at, name] of on.entries()) {
      const values = knownOf(peers, name);
      const said = told.characteristics[at];
      expect([said.characteristic, said.value, said.schools]).toEqual([name, subject[name], values.length]);
      expect(said.mean).toBeCloseTo(mean(values), 8);
      expect(said.standardDeviation).toBeCloseTo(deviation(values), 8);
    }
    expect(told.schools.map(({ school }: { school: { urn: number } }) => school.urn)).toEqual(
      expected.slice(0, 10).map(({ peer }) => peer.urn),
    );
    for (const [at, near] of told.schools.entries()) {
      const { peer, distance, differences, shared } = expected[at]!;
      expect(near.distance).toBeCloseTo(distance, 8);
      expect(near.characteristicsCompared).toBe(shared);
      for (const [place, name] of on.entries()) {
        const said = near.characteristics[place];
        expect([said.characteristic, said.value, said.otherValue]).toEqual([name, subject[name], peer[name]]);
        if (differences[place] === null) expect(said.difference).toBeNull();
        else expect(said.difference).toBeCloseTo(differences[place]!, 8);
      }
    }
  });

  it('compares a school without figures with none, and says what it lacks', async () => {
    const subject = mainstream('PRIMARY').find(({ SIZE, ABSENCE }) => SIZE === null && ABSENCE === null)!;
    const { similarSchools: told } = await ask(
      `{ similarSchools(school: ${subject.urn}, on: [SIZE, ABSENCE]) { others compared note characteristics { value } schools { distance } } }`,
    );
    expect(told).toMatchObject({ others: mainstream('PRIMARY').length - 1, compared: 0, schools: [] });
    expect(told.note).toContain('no figure for SIZE, ABSENCE');
    expect(told.characteristics).toEqual([{ value: null }, { value: null }]);
  });

  // The sample has no school with a part of its figures.
  it.runIf(which === 'real')(
    'leaves what a school has no figure for out of the distance, and says so',
    async () => {
      const on = ['SIZE', 'FSM', 'ABSENCE'] as const satisfies Name[];
      const peers = mainstream('PRIMARY');
      const subject = peers.find(
        (school) => isKnown(school.SIZE) && isKnown(school.FSM) && !isKnown(school.ABSENCE),
      )!;
      const { similarSchools: told } =
        await ask(`{ similarSchools(school: ${subject.urn}, on: [PHASE, SIZE, FSM, ABSENCE], first: 5) {
      note characteristics { characteristic value } schools { school { urn } distance characteristicsCompared characteristics { characteristic difference } } } }`);
      expect(told.note).toContain('no figure for ABSENCE');
      expect(
        told.characteristics.map(({ characteristic }: { characteristic: string }) => characteristic),
      ).toEqual(on);
      expect(told.characteristics[2].value).toBeNull();
      const expected = nearest(subject, peers, [...on]);
      for (const [at, near] of told.schools.entries()) {
        expect(near.school.urn).toBe(expected[at]!.peer.urn);
        expect(near.distance).toBeCloseTo(expected[at]!.distance, 8);
        expect(near.characteristicsCompared).toBe(2);
        expect(near.characteristics[2]).toEqual({ characteristic: 'ABSENCE', difference: null });
      }
    },
  );

  it('compares a school that is not state-funded with none, and says why', async () => {
    const independent = schools.find(({ type_code }) => type_code === '11')!;
    const { similarSchools: told } = await ask(
      `{ similarSchools(school: ${independent.urn}) { others compared note schools { distance } } }`,
    );
    expect(told).toMatchObject({ others: 0, compared: 0, schools: [] });
    expect(told.note).toContain('state-funded');
  });

  it('pairs the schools of a local authority whose intake is alike and whose shares of EHC plans differ beyond chance', async () => {
    const on = ['SIZE', 'FSM', 'EAL'] as const satisfies Name[];
    const [limit, points] = which === 'real' ? [0.25, 2] : [1.5, 0.5];
    const sizes = new Map<string, number>();
    for (const { la_code } of schools) if (la_code) sizes.set(la_code, (sizes.get(la_code) ?? 0) + 1);
    const [[code]] = [...sizes].sort(([, one], [, other]) => other - one) as [[string, number]];

    const phases = [...new Set(schools.map(({ phase }) => phase))].filter((phase) => phase !== null);
    const ours = phases.flatMap((phase) => {
      const peers = mainstream(phase);
      const deviations = new Map(on.map((name) => [name, deviation(knownOf(peers, name))]));
      return peers.filter(({ la_code }) => la_code === code).map((school) => ({ ...school, deviations }));
    });
    const judged = ours.filter(
      (school) => on.every((name) => isKnown(school[name])) && isKnown(school.plans) && school.SIZE! > 0,
    );
    const share = ({ plans, SIZE }: School) => plans! / SIZE!;
    let alike = 0;
    let small = 0;
    let beyond = 0;
    const pairs: { higher: number; lower: number; difference: number; z: number; distance: number }[] = [];
    for (const [at, one] of judged.entries()) {
      for (const other of judged.slice(at + 1)) {
        if (one.phase !== other.phase) continue;
        const { distance } = compare(one, other, [...on], one.deviations);
        if (distance > limit) continue;
        alike += 1;
        const [higher, lower] = share(one) > share(other) ? [one, other] : [other, one];
        const pooled = (one.plans! + other.plans!) / (one.SIZE! + other.SIZE!);
        const expected = Math.min(pooled, 1 - pooled) * Math.min(one.SIZE!, other.SIZE!);
        if (expected < 5) {
          small += 1;
          continue;
        }
        const z =
          (share(higher) - share(lower)) /
          Math.sqrt(pooled * (1 - pooled) * (1 / one.SIZE! + 1 / other.SIZE!));
        if (z <= 1.959963984540054) continue;
        beyond += 1;
        const difference = 100 * (share(higher) - share(lower));
        if (difference >= points)
          pairs.push({ higher: higher.urn, lower: lower.urn, difference, z, distance });
      }
    }
    pairs.sort((one, other) => other.difference - one.difference || one.distance - other.distance);

    const { outlierPairs: told } =
      await ask(`{ outlierPairs(localAuthority: "${code}", maximumDistance: ${limit}, minimumDifference: ${points}, first: 25) {
      localAuthority { code } schools schoolsCompared pairsAlike pairsTooSmall pairsBeyondChance
      pairs { higher { urn localAuthority { code } } lower { urn } higherShare lowerShare higherPlans lowerPlans difference ratio ratioLower ratioUpper z isBeyond998 distance
        characteristics { characteristic value otherValue difference } } } }`);
    expect(told.localAuthority.code).toBe(code);
    expect([told.schools, told.schoolsCompared]).toEqual([ours.length, judged.length]);
    expect([told.pairsAlike, told.pairsTooSmall, told.pairsBeyondChance]).toEqual([alike, small, beyond]);
    expect(told.pairs).toHaveLength(Math.min(pairs.length, 25));
    if (which === 'real') expect(pairs.length).toBeGreaterThan(25);
    const byUrn = new Map(ours.map((school) => [school.urn, school]));
    for (const [at, pair] of told.pairs.entries()) {
      const expected = pairs[at]!;
      expect([pair.higher.urn, pair.lower.urn]).toEqual([expected.higher, expected.lower]);
      expect(pair.higher.localAuthority.code).toBe(code);
      expect(pair.difference).toBeCloseTo(expected.difference, 8);
      expect(pair.higherShare - pair.lowerShare).toBeCloseTo(expected.difference, 8);
      expect(pair.z).toBeCloseTo(expected.z, 8);
      expect(pair.isBeyond998).toBe(expected.z > 3.090232306167813);
      expect(pair.distance).toBeCloseTo(expected.distance, 8);
      const [higher, lower] = [byUrn.get(expected.higher)!, byUrn.get(expected.lower)!];
      expect([pair.higherPlans, pair.lowerPlans]).toEqual([higher.plans, lower.plans]);
      if (lower.plans! > 0) {
        expect(pair.ratio).toBeCloseTo(share(higher) / share(lower), 8);
        expect(pair.ratioLower).toBeLessThan(pair.ratio);
        expect(pair.ratioUpper).toBeGreaterThan(pair.ratio);
      } else expect(pair.ratio).toBeNull();
      expect(pair.characteristics.map(({ value }: { value: number }) => value)).toEqual(
        on.map((name) => higher[name]),
      );
      expect(pair.characteristics.map(({ otherValue }: { otherValue: number }) => otherValue)).toEqual(
        on.map((name) => lower[name]),
      );
    }
  });

  it('says what is wrong with a question, and answers nothing for what there is not', async () => {
    const refusal = async (question: string) => (await graph.ask(`{ ${question} }`)).errors?.[0]?.message;
    expect(await refusal('similarSchools(school: 136205, on: [PHASE]) { others }')).toContain('SIZE, FSM');
    expect(await refusal('similarSchools(school: 12) { others }')).toContain('six digits');
    expect(await refusal('similarSchools(school: 136205, first: 101) { others }')).toContain('100');
    expect(await refusal('outlierPairs(localAuthority: "891", on: [EHC_PLANS]) { schools }')).not.toContain(
      'EHC_PLANS',
    );
    expect(await refusal('outlierPairs(localAuthority: "x") { schools }')).toContain('3-digit');
    expect(await refusal('outlierPairs(localAuthority: "891", maximumDistance: -1) { schools }')).toContain(
      '0 or more',
    );
    const none = await ask(
      '{ similarSchools(school: 999999) { others } outlierPairs(localAuthority: "000") { schools } }',
    );
    expect(none).toEqual({ similarSchools: null, outlierPairs: null });
  });
});
