/** School places of a local authority: shares as the scorecards print them, capacity and roll as the sum of its schools. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasRealFiles, loadedDatabase } from '../database.js';
import { type RunningGraph, startGraph } from '../graph.js';
import { openTables, type Tables } from './tables.js';

const SHARES = {
  unfilledShare: 'quan_p_up',
  spareShare: 'quan_p_su',
  forecastAccuracyOneYear: 'for_1_p',
  forecastAccuracyThreeYears: 'for_3_p',
  firstPreferences: 'pref_p_1_cy',
  topThreePreferences: 'pref_p_t3_cy',
};
const SUMS = { capacity: 'places', roll: 'pupils', unfilled: 'unfilled' };
const PLACES = `schoolPlaces { year note byPhase { phase schools ${[
  ...Object.keys(SHARES),
  ...Object.keys(SUMS),
]
  .map((name) => `${name} { value status isDerived period { startsOn } }`)
  .join(' ')} } }`;

describe.each(
  hasRealFiles() ? (['sample', 'real'] as const) : (['sample'] as const),
)('on the %s data', (which) => {
  let graph: RunningGraph;
  let tables: Tables;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of the data is the query's
  let authorities: any[];
  beforeAll(async () => {
    graph = await startGraph(loadedDatabase(which));
    tables = await openTables(loadedDatabase(which));
    const { data, errors } = await graph.ask(`{ localAuthorities(first: 100) { nodes { code ${PLACES} } } }`);
    expect(errors).toBeUndefined();
    authorities = data.localAuthorities.nodes;
  });
  afterAll(async () => {
    await tables.close();
    await graph.close();
  });

  it('has the scorecards’ own shares of the newest year, primary and secondary apart', async () => {
    const [{ label }] = await tables.rows(
      `SELECT dp.label FROM data_set d JOIN data_set_period dp ON dp.data_set_number = d.number JOIN period y ON y.id = dp.period_id
       WHERE d.id = 'school-places-scorecards' ORDER BY y.starts_on DESC LIMIT 1`,
    );
    let compared = 0;
    for (const [name, primary] of Object.entries(SHARES)) {
      for (const [at, phase] of ['PRIMARY', 'SECONDARY'].entries()) {
        const measure = at === 0 ? primary : primary.replace(/_p(?=_|$)/, '_s');
        const rows = await tables.rows(
          `SELECT p.code, o.values[array_position(d.measures, $1)]::float8 AS value FROM data_set d
           JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL JOIN place p ON p.id = o.place_id
           JOIN data_set_period dp ON dp.data_set_number = d.number AND dp.period_id = o.period_id AND dp.label = $2
           WHERE d.id = 'school-places-scorecards' AND p.level = 'LOCAL_AUTHORITY'`,
          [measure, label],
        );
        const values = new Map(rows.map(({ code, value }) => [code, value]));
        expect(values.size).toBeGreaterThan(100);
        for (const { code, schoolPlaces } of authorities) {
          expect(schoolPlaces.year).toBe(label);
          expect(schoolPlaces.byPhase[at].phase).toBe(phase);
          const figure = schoolPlaces.byPhase[at][name];
          expect(figure?.value ?? null, `${code} ${name} ${phase}`).toBe(values.get(code) ?? null);
          compared += figure?.value === null || figure === null ? 0 : 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(500);
  });

  it('adds up the places and pupils of its schools, school by school, or says that no file has them', async () => {
    const rows = await tables.rows(
      `SELECT s.la_code, b.code AS phase, count(DISTINCT s.urn)::int AS schools, ${Object.values(SUMS)
        .map((measure) => `sum(o.values[array_position(d.measures, '${measure}')])::float8 AS ${measure}`)
        .join(', ')}
       FROM data_set d JOIN observation o ON o.data_set_number = d.number AND o.to_release IS NULL
       JOIN breakdown b ON b.id = o.breakdown_id JOIN place p ON p.id = o.place_id AND p.level = 'SCHOOL'
       JOIN school s ON s.urn::text = p.code AND s.to_release IS NULL
       JOIN period y ON y.id = o.period_id
       WHERE d.id = 'school-capacity' AND y.starts_on = $1 GROUP BY 1, 2`,
      [authorities[0].schoolPlaces.byPhase[0].unfilledShare.period.startsOn],
    );
    if (which === 'real') expect(rows).toEqual([]);
    else expect(rows.length).toBeGreaterThan(100);
    for (const { code, schoolPlaces } of authorities) {
      for (const place of schoolPlaces.byPhase) {
        const made = rows.find(
          ({ la_code, phase }) => la_code === code && phase === place.phase.toLowerCase(),
        );
        for (const [name, measure] of Object.entries(SUMS)) {
          expect(place[name]?.value ?? null, `${code} ${name}`).toBe(made?.[measure] ?? null);
          if (place[name]?.value) expect(place[name].isDerived).toBe(true);
        }
        expect(place.schools).toBe(made?.schools ?? null);
      }
      if (which === 'real') expect(schoolPlaces.note).toContain('school-capacity has none yet');
      else if (schoolPlaces.byPhase[0].unfilledShare) expect(schoolPlaces.note, code).toBeNull();
      else expect(schoolPlaces.note, code).toContain('no row for it');
    }
  });

  it('says so of a local authority that the scorecards do not have', async () => {
    const { data, errors } = await graph.ask(
      '{ gone: localAuthority(code: "820") { schoolPlaces { note byPhase { unfilledShare { value } } } } there: localAuthority(code: "301") { schoolPlaces { note } } }',
    );
    expect(errors).toBeUndefined();
    expect(data.gone.schoolPlaces.byPhase).toEqual([{ unfilledShare: null }, { unfilledShare: null }]);
    expect(data.gone.schoolPlaces.note).toMatch(/no row for it in 20\d\d\/\d\d: it did not exist/);
    expect(data.there.schoolPlaces.note ?? '').not.toContain('no row');
  });

  it('names the years that there are, for one that there is not', async () => {
    const { errors } = await graph.ask(
      '{ localAuthority(code: "301") { schoolPlaces(period: "190102") { year } } }',
    );
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain('202425');
  });
});
